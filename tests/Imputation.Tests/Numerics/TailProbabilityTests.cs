using Imputation.Numerics.Distributions;

namespace Imputation.Tests.Numerics;

/// <summary>Tails against values computed with mpmath 1.3.0 at 60 digits, far beyond where a double ends.</summary>
public class TailProbabilityTests
{
    public static TheoryData<double, double, double> ChiSquared => new()
    {
        { 0, 3, 0 },
        { 1e-12, 1, -7.9788487911278786724e-7 },
        { 0.1, 1, -0.28524553116967685063 },
        { 3.84, 1, -2.9948622271800272845 },
        { 35.1061749071556, 14, -6.5586779139310235869 },
        { 747.4650378918268, 31, -314.33863956173461329 },
        { 1500, 1, -753.88306710538242928 },
        { 3000, 10, -1473.9225038383355777 },
        { 100000, 50, -49795.109570466637485 },
        { 0.001, 200, 0 },
        { 180, 200, -0.172237756653867709 },
        { 220, 200, -1.8433980649510160817 },
        { 2190.9451679004997, 1950, -9.215917065972216109 },
        { 1e6, 1e6, -0.69352337770643015067 },
        { 1003000, 1e6, -4.0735557782050272193 },
        { 1010000, 1e6, -27.728796160458735457 },
        { 995000, 1e6, -0.00019934772807382824716 },
        { 2e6, 1e6, -153433.8898444158868 },
        { 3.6e6, 3.42e6, -2293.6173209569632369 },
        { 1e10, 3, -4999999988.7128658876 },
        { 50, 0.5, -28.730683537498272339 },
        { 45, 43, -0.94632362009293418004 },
        { 39, 39.9, -0.67210159566162039805 },
    };

    public static TheoryData<double, double, double> T => new()
    {
        { 0, 5, 0 },
        { 1e-8, 7, -7.6998290462890301665e-9 },
        { 0.3, 1.3, -0.21686079973145452829 },
        { 2, 10, -2.6119943706725078931 },
        { -2, 10, -2.6119943706725078931 },
        { 4.398528227512196, 22.164164655737324, -8.4015617457101571087 },
        { 12.7, 1, -2.9952458380960208595 },
        { 1e9, 2.5, -51.444438956360916299 },
        { 60, 1e6, -1801.0863720467831405 },
        { 40, 200, -222.5403841151419607 },
        { 1000, 50, -249.7752172665007481 },
        { 3, 1e9, -5.9145790163271644638 },
        { 45, 999998.5, -1015.5081599115196594 },
        { 1, 20.5, -1.1117921664071790907 },
        { 5, 40, -11.34402138209985188 },
        { 1.96, 1e7, -2.9958159165456846495 },
    };

    /// <summary>Relative to the logarithm or, where that is small, absolute: 1e-12 is a few hundred roundings of terms of the logarithm's
    /// size.</summary>
    [Theory, MemberData(nameof(ChiSquared))]
    public void ChiSquaredTail_MatchesTheReference(double x, double degreesOfFreedom, double expected)
    {
        double log = TailProbability.LogChiSquared(x, degreesOfFreedom);
        Assert.InRange(Math.Abs(log - expected), 0, 1e-12 * Math.Max(Math.Min(1, Math.Abs(expected) + 1e-9),
            Math.Abs(expected)) * (degreesOfFreedom > 1e5 ? 100 : 1));
        if (expected < -750) Assert.Equal(0, TailProbability.ChiSquared(x, degreesOfFreedom));
    }

    [Theory, MemberData(nameof(T))]
    public void TwoSidedTTail_MatchesTheReference(double t, double degreesOfFreedom, double expected) =>
        Assert.InRange(Math.Abs(TailProbability.LogTwoSidedT(t, degreesOfFreedom) - expected), 0,
            2e-12 * Math.Max(1e-6, Math.Abs(expected)));

    [Fact]
    public void Tails_HaveTheirLimits()
    {
        Assert.Equal(double.NegativeInfinity, TailProbability.LogChiSquared(double.PositiveInfinity, 3));
        Assert.Equal(double.NegativeInfinity, TailProbability.LogTwoSidedT(double.NegativeInfinity, 3));
        Assert.Equal(double.NaN, TailProbability.LogChiSquared(double.NaN, 3));
        Assert.Equal(double.NaN, TailProbability.LogTwoSidedT(double.NaN, 3));
        Assert.Equal(0, TailProbability.LogChiSquared(-1, 3));
        Assert.Equal(-300, TailProbability.Log10(-300 * Math.Log(10)), 1e-10);
    }

    /// <summary>Where one formula hands over to the other, the tail neither jumps nor turns.</summary>
    [Theory, InlineData(1.0), InlineData(7.0), InlineData(39.9), InlineData(40.1), InlineData(5000.0)]
    public void Tails_FallSteadily(double degreesOfFreedom)
    {
        double chi = 0, t = 0;
        for (int k = 1; k <= 400; k++)
        {
            double nextChi = TailProbability.LogChiSquared(k * degreesOfFreedom / 100, degreesOfFreedom),
                nextT = TailProbability.LogTwoSidedT(k * 0.02, degreesOfFreedom);
            Assert.True(nextChi <= chi && nextT < t, $"{k}: {chi} to {nextChi}, {t} to {nextT}");
            (chi, t) = (nextChi, nextT);
        }
    }
}
