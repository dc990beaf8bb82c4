using Imputation.Numerics;

namespace Imputation.Tests.Numerics;

public class SampleMomentsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1e9)]
    [InlineData(-3e12)]
    public void MeanAndVariance_KeepTheirDigits_FarFromZero_AndLeaveOutNaN(double offset)
    {
        double[] values = [double.NaN, .. Enumerable.Range(1, 41).Select(i => offset + i), double.NaN];
        SampleMoments moments = SampleMoments.Of(values);
        Assert.Equal(41, moments.Count);
        Assert.Equal(offset + 21, moments.Mean);
        Assert.Equal(41 * 42 / 12.0, moments.Variance, 1e-9); // of 1 to n: n (n + 1) / 12
        Assert.Equal(Math.Sqrt((41 * 41 - 1) / 12.0), moments.PopulationDeviation, 1e-9);
    }

    [Fact]
    public void EqualNumbers_HaveTheirOwnMean_AndNoVariance()
    {
        SampleMoments moments = SampleMoments.Of([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]);
        Assert.Equal((0.1, 0.0), (moments.Mean, moments.Variance));
    }

    [Fact]
    public void FewNumbers_HaveNoVariance()
    {
        Assert.Equal((0, double.NaN, double.NaN),
            (SampleMoments.Of([double.NaN]).Count, SampleMoments.Of([]).Mean, SampleMoments.Of([]).Variance));
        Assert.Equal((5.0, double.NaN), (SampleMoments.Of([5]).Mean, SampleMoments.Of([5]).Variance));
    }

    [Fact]
    public void Merged_AreTheMomentsOfAllNumbers()
    {
        var random = new Random(5);
        double[] all = [.. Enumerable.Range(0, 101).Select(_ => 7 + random.NextDouble())];
        for (int at = 0; at <= all.Length; at++)
        {
            SampleMoments merged = SampleMoments.Of(all.AsSpan(0, at)).Merge(SampleMoments.Of(all.AsSpan(at))),
                whole = SampleMoments.Of(all);
            Assert.Equal(whole.Count, merged.Count);
            Assert.Equal(whole.Mean, merged.Mean, 1e-14);
            Assert.Equal(whole.SumOfSquares, merged.SumOfSquares, 1e-13);
        }
    }
}
