using Imputation.Numerics.Distributions;
using Imputation.Statistics;

namespace Imputation.Tests.Numerics;

public class DensityAndScoreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(57)]
    public void EmpiricalCrps_IsItsDefinition(int n)
    {
        var random = new Random(n);
        double[] values = [.. Enumerable.Range(0, n).Select(_ => Math.Round(1e6 + 3 * random.NextDouble(), 1))]; // ties, and far from 0
        Func<double, double> crps = Crps.Empirical(values);
        foreach (double y in new[] { values[0], 1e6 - 1, 1e6 + 1.23, 1e6 + 9 })
        {
            double naive = values.Average(x => Math.Abs(x - y)) - 0.5 * values.Average(x => values.Average(other => Math.Abs(x - other)));
            Assert.Equal(naive, crps(y), 1e-9);
        }
    }

    [Fact]
    public void NormalCrps_IsItsIntegral()
    {
        foreach ((double mean, double deviation, double y) in new[] { (0.0, 1.0, 0.3), (2.0, 0.5, -1.0), (-3.0, 2.0, 4.0) })
        {
            double sum = 0;
            const int steps = 400_000;
            for (int i = 0; i < steps; i++)
            {
                double x = -30 + 60 * (i + 0.5) / steps, f = TruncatedNormal.Cumulative((x - mean) / deviation) - (x >= y ? 1 : 0);
                sum += f * f * 60 / steps;
            }
            Assert.Equal(sum, Crps.Normal(mean, deviation, y), 1e-4);
        }
        Assert.Equal(2.5, Crps.Normal(1, 0, 3.5));
    }

    [Fact]
    public void Density_IntegratesToOne_AndBinnedIsAsExact()
    {
        var random = new Random(3);
        double[] many = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDouble() + random.NextDouble() + random.NextDouble())];
        double[] points = [.. Enumerable.Range(0, 128).Select(i => -0.5 + 4.0 * i / 127)];
        Array.Sort(many);
        double h = KernelDensity.Bandwidth(many);
        double[] binned = KernelDensity.At(many, h, points);
        for (int i = 0; i < points.Length; i++)
            Assert.Equal(many.Average(x => Math.Exp(-0.5 * Math.Pow((points[i] - x) / h, 2))) / (h * Math.Sqrt(2 * Math.PI)), binned[i],
                1e-3 * binned.Max());
        Assert.Equal(1, binned.Sum() * 4 / 127, 2e-3);
    }

    [Fact]
    public void Bandwidth_IsSilvermans_AndEquivariant()
    {
        double[] x = [.. Enumerable.Range(0, 101).Select(i => (double)i)]; // s = 29.3, quartiles 25 and 75
        Assert.Equal(0.9 * Math.Sqrt(101 * 102 / 12.0) * Math.Pow(101, -0.2), KernelDensity.Bandwidth(x), 1e-10);
        double[] moved = [.. x.Select(v => 1e12 + 1000 * v)];
        Assert.Equal(1000 * KernelDensity.Bandwidth(x), KernelDensity.Bandwidth(moved), 1e-4);
        Assert.Equal(0, KernelDensity.Bandwidth([5, 5, 5]));
        Assert.True(KernelDensity.Bandwidth([0, 5, 5, 5, 5, 9]) > 0); // quartiles coincide
        Assert.Equal(0, KernelDensity.Bandwidth([1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(200)]
    public void ChiSquaredQuantile_InvertsTheTail(double degreesOfFreedom)
    {
        foreach (double x in new[] { 0.01, 1, degreesOfFreedom, 3 * degreesOfFreedom + 20, 1e4 })
        {
            double log = TailProbability.LogChiSquared(x, degreesOfFreedom);
            if (log > -1e-12) continue; // the tail is 1 to a double
            Assert.Equal(1, ChiSquaredQuantile.Upper(log, degreesOfFreedom) / x, log > -1e-3 ? 1e-3 : 1e-8);
        }
        Assert.Equal(0, ChiSquaredQuantile.Upper(0, degreesOfFreedom));
    }
}
