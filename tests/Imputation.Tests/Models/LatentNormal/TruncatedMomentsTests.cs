using Imputation.Numerics.Distributions;

namespace Imputation.Tests.Models.LatentNormal;

/// <summary>Moments of the truncated normal distribution against values computed with 30 digits.</summary>
public class TruncatedMomentsTests
{
    private const double Infinity = double.PositiveInfinity;

    [Theory]
    [InlineData(0, Infinity, 0.7978845608028654, 0.3633802276324187, -0.6931471805599453)]
    [InlineData(1.5, 2, 1.714290812286375, 0.01990425979806567, -3.122269455465259)]
    [InlineData(8, 8.001, 8.0004993332924, 8.333306385625736e-8, -39.83069131185498)]
    [InlineData(10, Infinity, 10.09809323396251, 0.009445377825656261, -53.23128515051247)]
    [InlineData(-Infinity, -37, -37.02698768612699, 0.0007272780988775133, -689.0305855768906)]
    public void Moments_MatchReference(double alpha, double beta, double mean, double variance, double logMass)
    {
        (double mass, double first, double second) = TruncatedMoments.Of(alpha, beta);
        Assert.Equal(mean, first, 1e-13 * Math.Abs(mean));
        // 8.001 − 8 has a rounding error of 1e-12 of itself
        Assert.Equal(variance, second, (beta - alpha < 0.01 ? 1e-11 : 1e-12) * variance);
        Assert.Equal(logMass, mass, 1e-13 * Math.Abs(logMass));
        Assert.Equal(mass, TruncatedMoments.LogMass(alpha, beta), 1e-13 * Math.Abs(logMass));
        (double mirrored, double minus, double same) = TruncatedMoments.Of(-beta, -alpha);
        Assert.Equal((mass, -first, second), (mirrored, minus, same));
    }

    [Fact]
    public void Moments_OfTwoHalves_MakeTheWhole()
    {
        // Where one formula takes over from another, the moments of [a, b] are still those of [a, c] and [c, b] together.
        for (double a = -9; a < 9; a += 0.37)
        {
            foreach (double width in (double[])[1e-6, 0.01, 0.4, 1.4, 1.6, 3, 7, 20])
            {
                double b = a + width, c = a + 0.3 * width;
                (double whole, double mean, double variance) = TruncatedMoments.Of(a, b);
                (double left, double leftMean, double leftVariance) = TruncatedMoments.Of(a, c);
                (double right, double rightMean, double rightVariance) = TruncatedMoments.Of(c, b);
                double w = Math.Exp(left - whole), v = Math.Exp(right - whole);
                Assert.Equal(1, w + v, 1e-11);
                Assert.Equal(mean, w * leftMean + v * rightMean, 1e-11 * Math.Max(1, Math.Abs(a)));
                double between = w * Math.Pow(leftMean - mean, 2) + v * Math.Pow(rightMean - mean, 2);
                Assert.Equal(variance, w * leftVariance + v * rightVariance + between, (1e-9 + 1e-14 * Math.Abs(a) / width) * variance);
            }
        }
    }

    [Fact]
    public void Moments_AreFiniteAndInside_AtAwfulIntervals()
    {
        foreach (double a in (double[])[-1e8, -300, -38, -8, -1, 0, 1e-9, 5, 38, 1e5])
        {
            foreach (double width in (double[])[1e-9, 1e-3, 1, 50, 1e9, Infinity])
            {
                if (a + width == a) continue;
                (double mass, double mean, double variance) = TruncatedMoments.Of(a, a + width);
                Assert.True(double.IsFinite(mass) && mean >= a && mean <= a + width && variance is >= 0 and <= 1,
                    $"[{a}, {a} + {width}]: log mass {mass}, mean {mean}, variance {variance}");
            }
        }
    }

    /// <summary>Mills' ratio with 30 digits, on both sides of the places where polynomials meet, and of where they end.</summary>
    [Theory]
    [InlineData(0, 1.2533141373155003)]
    [InlineData(0.125, 1.1374909212036045)]
    [InlineData(1, 0.65567954241879847)]
    [InlineData(3.999, 0.23670578492956483)]
    [InlineData(7.9999999, 0.12313196475236171)]
    [InlineData(8, 0.1231319632579323)]
    [InlineData(20, 0.049875925981836784)]
    public void MillsRatio_MatchesReference(double x, double ratio) => Assert.Equal(ratio, MillsRatio.Of(x), 4e-16 * Math.Max(1, ratio));

    /// <summary>The mass as a product is that of the logarithm.</summary>
    [Fact]
    public void Parts_GiveTheLogarithmOfTheMass()
    {
        for (double a = -12; a < 12; a += 0.61)
        {
            foreach (double width in (double[])[1e-6, 0.1, 0.3, 2, 9, Infinity])
            {
                TruncatedMoments.Part(a, a + width, out double mass, out double scale, out _, out _);
                Assert.InRange(mass, 1e-10, 3);
                Assert.Equal(TruncatedMoments.LogMass(a, a + width), Math.Log(mass) + scale, 1e-12);
            }
        }
    }

    [Fact]
    public void GaussHermite_IntegratesPolynomialsOfDegree29()
    {
        double moment = 1; // E Z^(2k) = 1 · 3 · 5 · … · (2k − 1)
        for (int k = 1; k <= 14; k++)
        {
            moment *= 2 * k - 1;
            double sum = 0;
            for (int i = 0; i < GaussHermite.Nodes.Length; i++) sum += GaussHermite.Weights[i] * Math.Pow(GaussHermite.Nodes[i], 2 * k);
            Assert.Equal(moment, sum, 1e-12 * moment);
        }
    }
}
