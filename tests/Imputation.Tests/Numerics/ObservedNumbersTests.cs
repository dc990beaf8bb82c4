using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Patterns;

namespace Imputation.Tests.Numerics;

/// <summary>Sums over the numbers among NaNs, against loops that ask of each.</summary>
public class ObservedNumbersTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 68)];

    /// <summary>The terms are the same; added in another order, 67 of them below 2 differ by less than 1e-13.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Moments_AreThoseOfALoop(int length)
    {
        foreach (double missing in (double[])[0, 0.3, 1])
        {
            foreach (double offset in (double[])[0, 1e9])
            {
                double[] values = Values(length, missing, offset, seed: length);
                double further = 0.25;
                (int count, double sum, double squares, double rest) = (0, 0, 0, 0);
                foreach (double x in values)
                {
                    if (double.IsNaN(x)) continue;
                    count++;
                    sum += x - offset;
                    rest += x - offset - further;
                    squares += (x - offset - further) * (x - offset - further);
                }
                (int Count, double Sum) first = ObservedMoments.Sum(values, offset);
                (double Squares, double Sum) second = ObservedMoments.Squares(values, offset, further);
                Assert.Equal(count, first.Count);
                Assert.Equal(sum, first.Sum, 1e-13);
                Assert.Equal(squares, second.Squares, 1e-13);
                Assert.Equal(rest, second.Sum, 1e-13);
            }
        }
    }

    /// <summary>The values are multiples of 2⁻²⁰, so that 1e9 added to them is exact: the deviation is to lose nothing, the mean only what
    /// it has no room for.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void CenterAndScale_AreThoseOfTwoPasses_UnderAnOffsetOf1e9(int length)
    {
        foreach (double missing in (double[])[0, 0.3])
        {
            double[] near = Values(length, missing, 0, seed: length), numbers = [.. near.Where(x => !double.IsNaN(x))];
            if (numbers.Distinct().Count() < 2) continue;
            double mean = numbers.Average(), deviation = Math.Sqrt(numbers.Average(x => (x - mean) * (x - mean)));
            GaussianData data = GaussianData.From(IncompleteMatrix.FromColumns([NumericColumn.Number("a", near),
                NumericColumn.Number("b", [.. near.Select(x => 1e9 + x)])]));

            Assert.Equal([(double)numbers.Length, numbers.Length], data.ObservedWeights);
            Assert.Equal(mean, data.Center[0], 1e-14);
            Assert.Equal(1e9 + mean, data.Center[1], 1.2e-7); // one place of a double at 1e9
            Assert.All(data.Scale, scale => Assert.InRange(scale / deviation, 1 - 1e-13, 1 + 1e-13));
        }
    }

    private static double[] Values(int length, double missing, double offset, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() < missing ? double.NaN : offset + random.Next(-1 << 20,
            1 << 20) / (double)(1 << 20))];
    }
}
