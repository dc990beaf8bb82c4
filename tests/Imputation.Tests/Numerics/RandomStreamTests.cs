using Imputation.Numerics.Distributions;
using Imputation.Numerics.Random;
using Imputation.Statistics;

namespace Imputation.Tests.Numerics;

/// <summary>Streams of random numbers, and what tells whether chains of them have settled.</summary>
public class RandomStreamTests
{
    private const int Count = 400_000;

    [Fact]
    public void NormalNumbers_AreNormal_TailsIncluded()
    {
        var stream = new RandomStream(1, 2, 3, 4);
        var x = new double[Count];
        stream.Normals(x);
        Assert.InRange(x.Average() * Math.Sqrt(Count), -4, 4);
        Assert.InRange((x.Average(v => v * v) - 1) * Math.Sqrt(Count / 2.0), -4, 4);
        Assert.InRange(x.Average(v => v * v * v) * Math.Sqrt(Count / 15.0), -4, 4);
        Assert.InRange((x.Average(v => v * v * v * v) - 3) * Math.Sqrt(Count / 96.0), -4, 4);
        Array.Sort(x);
        double largest = x.Select((v, i) => Math.Abs(TruncatedNormal.Cumulative(v) - (i + 0.5) / Count)).Max();
        Assert.InRange(largest * Math.Sqrt(Count), 0, 1.95); // Kolmogorov and Smirnov, p = 0.001
        foreach (double far in (double[])[2, 3, 3.6541528853610088, 4])
        {
            double expected = 2 * Count * TruncatedNormal.Cumulative(-far);
            Assert.InRange(x.Count(v => Math.Abs(v) > far), expected - 4.5 * Math.Sqrt(expected), expected + 4.5 * Math.Sqrt(expected));
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(40)]
    public void ChiSquaredNumbers_HaveTheirMoments(double degrees)
    {
        var stream = new RandomStream(5, 0, 0, (long)(10 * degrees));
        double[] x = [.. Enumerable.Range(0, Count).Select(_ => stream.ChiSquared(degrees))];
        Assert.InRange((x.Average() - degrees) / Math.Sqrt(2 * degrees / Count), -4, 4);
        double fourth = 12 * degrees * (degrees + 4); // E (x − ν)⁴
        Assert.InRange((x.Average(v => (v - degrees) * (v - degrees)) - 2 * degrees) / Math.Sqrt((fourth - 4 * degrees * degrees) / Count),
            -4, 4);
        double median = MathNet.Numerics.Distributions.Gamma.InvCDF(degrees / 2, 0.5, 0.5);
        Assert.InRange((x.Count(v => v < median) - Count / 2.0) / Math.Sqrt(Count / 4.0), -4, 4);
    }

    [Fact]
    public void Streams_OfDifferentKeysDiffer_OfTheSameKeyDoNot()
    {
        var seen = new HashSet<ulong>();
        for (int a = 0; a < 10; a++)
            for (int b = 0; b < 10; b++)
                for (int c = -3; c < 10; c++)
                {
                    var stream = new RandomStream(7, a, b, c);
                    Assert.True(seen.Add(stream.Bits()));
                }
        RandomStream one = new(7, 1, 2, 3), other = new(7, 1, 2, 3);
        Assert.Equal(Enumerable.Range(0, 100).Select(_ => one.Normal()), Enumerable.Range(0, 100).Select(_ => other.Normal()));
    }

    [Fact]
    public void EffectiveCount_OfAnAutoregression_IsThatOfTheory()
    {
        // x ← φx + e has n(1 − φ)/(1 + φ) independent draws' worth.
        foreach (double phi in (double[])[0, 0.5, 0.9])
        {
            double[][] chains = [.. Enumerable.Range(0, 4).Select(c => Autoregression(phi, 20_000, c, 0))];
            double expected = 80_000 * (1 - phi) / (1 + phi);
            (double rHat, double count) = ChainDiagnostics.RankNormalised(chains);
            Assert.InRange(count / expected, 0.85, 1.15);
            Assert.InRange(rHat, 0.999, 1.01);
            double[] correlations = ChainDiagnostics.Autocorrelations(chains, 3);
            for (int lag = 0; lag <= 3; lag++) Assert.InRange(correlations[lag] - Math.Pow(phi, lag), -0.03, 0.03);
        }
    }

    [Fact]
    public void RHat_SeesChainsApart_Drifts_AndDifferentSpreads()
    {
        double[][] apart = [Autoregression(0, 500, 1, 0), Autoregression(0, 500, 2, 1)];
        Assert.InRange(ChainDiagnostics.RankNormalised(apart).RHat, 1.1, 2);
        double[] drifting = [.. Autoregression(0, 500, 3, 0).Select((x, t) => x + t / 250.0)];
        Assert.InRange(ChainDiagnostics.RankNormalised([drifting]).RHat, 1.1, 2);
        double[][] spread = [Autoregression(0, 500, 4, 0), [.. Autoregression(0, 500, 5, 0).Select(x => 3 * x)]];
        Assert.InRange(ChainDiagnostics.RankNormalised(spread).RHat, 1.1, 2);
        Assert.True(double.IsNaN(ChainDiagnostics.RankNormalised([new double[100]]).RHat));
        Assert.True(double.IsNaN(ChainDiagnostics.RankNormalised([[1, 2, 3]]).RHat));

        // By hand: chains 1, 2, 3 and 3, 4, 5 have W = 1, B / N = 2.
        Assert.Equal(Math.Sqrt(2.0 / 3 + 2), ChainDiagnostics.RHat([[1, 2, 3], [3, 4, 5]]), 1e-14);
    }

    private static double[] Autoregression(double phi, int n, int key, double mean)
    {
        var stream = new RandomStream(9, key, 0, 0);
        double at = stream.Normal() / Math.Sqrt(1 - phi * phi);
        return [.. Enumerable.Range(0, n).Select(_ => mean + (at = phi * at + stream.Normal()))];
    }
}
