using Imputation.Numerics.Distributions;

namespace Imputation.Tests.Numerics;

/// <summary>Quantiles of t and tails of F against values computed with mpmath 1.3.0 at 60 digits.</summary>
public class QuantileTests
{
    public static TheoryData<double, double, double> TwoSidedT => new()
    {
        { 0.95, 0.01, 6.3641819284000114604e+128 },
        { 0.5, 0.01, 6.3641819284006072182e+28 },
        { 0.99, 0.01, 5.0204543170288207605e+198 },
        { 1e-06, 0.01, 0.000010069144434669738902 },
        { 0.95, 0.1, 1682362288745.0105415 },
        { 0.5, 0.1, 168.23607319770711358 },
        { 0.99, 0.1, 16429319226025478891.0 },
        { 0.999999, 0.1, 1.6429319221301180895e+59 },
        { 1e-06, 0.1, 3.3762767896525107581e-6 },
        { 0.9999999999, 0.1, 1.6429305632351962677e+99 },
        { 0.95, 0.5, 164.5576734804882408 },
        { 0.5, 0.5, 1.5537739740300373073 },
        { 0.99, 0.5, 4113.9645888041738438 },
        { 0.999999, 0.5, 411396462502.87604742 },
        { 1e-06, 0.5, 1.8540746773045586115e-6 },
        { 0.9999999999, 0.5, 41139639444835257964.0 },
        { 0.95, 0.9, 16.580058171327139128 },
        { 0.5, 0.9, 1.0475960006128460413 },
        { 0.99, 0.9, 99.236516821931705036 },
        { 0.999999, 0.9, 2761397.6958436097005 },
        { 1e-06, 0.9, 1.6042491290974313444e-6 },
        { 0.9999999999, 0.9, 76837524156.523798811 },
        { 0.95, 1, 12.706204736174693314 },
        { 0.5, 1, 1.0 },
        { 0.99, 1, 63.656741162871524447 },
        { 0.999999, 1, 636619.7723487513197 },
        { 1e-06, 1, 1.5707963267961884763e-6 },
        { 0.9999999999, 1, 6366197196.934295503 },
        { 0.95, 1.29185935537532, 7.580856378432246784 },
        { 0.5, 1.29185935537532, 0.91131028380303406585 },
        { 0.99, 1.29185935537532, 26.537720576675111414 },
        { 0.999999, 1.29185935537532, 33147.670079948787529 },
        { 1e-06, 1.29185935537532, 1.5012053194399049443e-6 },
        { 0.9999999999, 1.29185935537532, 41377597.508561289659 },
        { 0.95, 2, 4.3026527297494617894 },
        { 0.5, 2, 0.81649658092772603273 },
        { 0.99, 2, 9.9248432009182886403 },
        { 0.999999, 2, 999.9992499854659069 },
        { 1e-06, 2, 1.4142135623738020916e-6 },
        { 0.9999999999, 2, 99999.995855481706459 },
        { 0.95, 2.5, 3.5746548420036817607 },
        { 0.5, 2.5, 0.78501368299230110491 },
        { 0.99, 2.5, 7.1637281389487828791 },
        { 0.999999, 2.5, 290.52306159567324248 },
        { 1e-06, 2.5, 1.3819456712695670667e-6 },
        { 0.9999999999, 2.5, 11566.064160206513123 },
        { 0.95, 4.47169395697188, 2.6646701690416079751 },
        { 0.5, 4.47169395697188, 0.73326040155652912782 },
        { 0.99, 4.47169395697188, 4.2887616869843297929 },
        { 0.999999, 4.47169395697188, 36.843212488567632676 },
        { 1e-06, 4.47169395697188, 1.3247942569785218164e-6 },
        { 0.9999999999, 4.47169395697188, 289.37907599829482829 },
        { 0.95, 10, 2.2281388519862742245 },
        { 0.5, 10, 0.69981206131243162734 },
        { 0.99, 10, 3.1692726726169507118 },
        { 0.999999, 10, 10.516489956882173294 },
        { 1e-06, 10, 1.2849890174656351377e-6 },
        { 0.9999999999, 10, 27.318724645452744501 },
        { 0.95, 26.5, 2.0536434968563356715 },
        { 0.5, 26.5, 0.68386055864262607379 },
        { 0.99, 26.5, 2.7746177433186181677 },
        { 0.999999, 26.5, 6.3179616831700186448 },
        { 1e-06, 26.5, 1.2651909757206577935e-6 },
        { 0.9999999999, 26.5, 10.261947682707726844 },
        { 0.95, 39.9, 2.0212331897075186977 },
        { 0.5, 39.9, 0.68068833769981715545 },
        { 0.99, 39.9, 2.7047965130571091132 },
        { 0.999999, 39.9, 5.7709772243586679532 },
        { 1e-06, 39.9, 1.2611908092417020607e-6 },
        { 0.9999999999, 39.9, 8.6769193997437840959 },
        { 0.95, 40.1, 2.0209184014716017624 },
        { 0.5, 40.1, 0.68065717515305989247 },
        { 0.99, 40.1, 2.7041237801431648518 },
        { 0.999999, 40.1, 5.7659590077869440342 },
        { 1e-06, 40.1, 1.2611514096992358151e-6 },
        { 0.9999999999, 40.1, 8.6631136535937499529 },
        { 0.95, 200, 1.9718962236339089963 },
        { 0.5, 200, 0.67571841140422020499 },
        { 0.99, 200, 2.6006344361915576429 },
        { 0.999999, 200, 5.0482856598461127532 },
        { 1e-06, 200, 1.2548817530116063116e-6 },
        { 0.9999999999, 200, 6.8295129455710700337 },
        { 0.95, 1553.1740896989, 1.9614925250632624314 },
        { 0.5, 1553.1740896989, 0.67464774027891459798 },
        { 0.99, 1553.1740896989, 2.5789984530131550588 },
        { 0.999999, 1553.1740896989, 4.9113347224690406483 },
        { 1e-06, 1553.1740896989, 1.2535158878683909426e-6 },
        { 0.9999999999, 1553.1740896989, 6.5117891177200488024 },
        { 0.95, 1e5, 1.9599877075346092587 },
        { 0.5, 1e5, 0.67449220355329220583 },
        { 0.99, 1e5, 2.5758784699083749963 },
        { 0.999999, 1e5, 4.8919433407094515525 },
        { 1e-06, 1e5, 1.2533172706050881636e-6 },
        { 0.9999999999, 1e5, 6.4676434488310853167 },
        { 0.95, 1e8, 1.9599640082627664408 },
        { 0.5, 1e8, 0.6744897526494310126 },
        { 0.99, 1e8, 2.5758293527143773235 },
        { 0.999999, 1e8, 4.8916387805414109427 },
        { 1e-06, 1e8, 1.2533141404491136586e-6 },
        { 0.9999999999, 1e8, 6.466951767043137957 },
        { 0.95, double.PositiveInfinity, 1.9599639845400538556 },
        { 0.5, double.PositiveInfinity, 0.6744897501960817432 },
        { 0.99, double.PositiveInfinity, 2.5758293035489004539 },
        { 0.999999, double.PositiveInfinity, 4.8916384756929317718 },
        { 1e-06, double.PositiveInfinity, 1.2533141373158283114e-6 },
        { 0.9999999999, double.PositiveInfinity, 6.4669510747324189844 },
    };

    public static TheoryData<double, double, double, double> F => new()
    {
        { 3.3610885046324701, 2.0, 5.96662132169548, -2.2510235226642362719 },
        { 2.6128843926633798, 2.0, 15.1723185862263, -2.2452643251982365146 },
        { 0.29999999999999999, 3.0, 7.5, -0.19277556617243813402 },
        { 0.999, 4.0, 4.0, -0.69239708682560256405 },
        { 1.0009999999999999, 4.0, 4.0, -0.69389708679435242471 },
        { 1.0, 5.0, 1000.0, -0.87589565164034342401 },
        { 2.0124879257289798, 3.0, 166.39545711224801, -2.1701890154093136662 },
        { 50.0, 1.0, 3.2999999999999998, -5.4680206909192434643 },
        { 10000.0, 6.0, 12.0, -47.772497335690508981 },
        { 1000000.0, 2.0, 400.0, -1703.4786342837807387 },
        { 1.0000000000000001e-9, 3.0, 0.40000000000000002, -9.6706224768172410296e-14 },
        { 5.0, 200.0, 60.0, -24.235668646612175697 },
        { 1.1000000000000001, 1000.0, 100000.0, -4.1962087131440284347 },
        { 0.90000000000000002, 1000.0, 100000.0, -0.011079487810572415401 },
        { 3.0, 7.0, 1000000000.0, -5.5806404109975963602 },
        { 8.0, 1.0, 0.69999999999999996, -1.2217767000919987972 },
        { 30.0, 12.0, 10000000.0, -158.79163505840064756 },
    };

    /// <summary>Relative 1e-12; with few degrees of freedom the quantile is a power 1/ν of the tail, so that a rounding of the tail's
    /// logarithm counts for 1/ν of them.</summary>
    [Theory, MemberData(nameof(TwoSidedT))]
    public void TQuantile_MatchesTheReference(double confidence, double degreesOfFreedom, double expected) =>
        Assert.InRange(Math.Abs(StudentQuantile.TwoSided(confidence, degreesOfFreedom) / expected - 1), 0,
            1e-12 * Math.Max(1, 0.1 / degreesOfFreedom));

    [Theory]
    [InlineData(1e-3), InlineData(0.03), InlineData(0.3), InlineData(0.9), InlineData(1.7), InlineData(7), InlineData(79.9),
        InlineData(80.1), InlineData(3e4), InlineData(1e12), InlineData(1e30)]
    public void TQuantile_InvertsTheTail(double degreesOfFreedom)
    {
        double last = 0;
        foreach (double confidence in (double[])[1e-12, 1e-3, 0.2, 0.5, 0.8, 0.95, 0.999, 1 - 1e-9, 1 - 1e-15])
        {
            double t = StudentQuantile.TwoSided(confidence, degreesOfFreedom);
            Assert.True(t > last || (double.IsPositiveInfinity(t) && degreesOfFreedom < 0.05), $"{confidence}: {t} after {last}");
            if (double.IsInfinity(t)) continue;
            double logTail = TailProbability.LogTwoSidedT(t, degreesOfFreedom), expected = TailProbability.Log1p(-confidence);
            Assert.Equal(1, logTail / expected, 1e-11);
            last = t;
        }
    }

    [Fact]
    public void TQuantile_HasItsLimits()
    {
        Assert.Equal(double.PositiveInfinity, StudentQuantile.TwoSided(0.95, 0));
        Assert.Equal(double.PositiveInfinity, StudentQuantile.TwoSided(0.95, 1e-5)); // 20 to the power of 100,000
        Assert.Equal(double.PositiveInfinity, StudentQuantile.TwoSided(0.95, double.Epsilon));
        Assert.Equal(1.959963984540054, StudentQuantile.TwoSided(0.95, double.PositiveInfinity), 1e-14);
        Assert.Equal(1.959963984540054, StudentQuantile.TwoSided(0.95, 1e300), 1e-12);
        Assert.Equal(double.NaN, StudentQuantile.TwoSided(1, 5));
        Assert.Equal(double.NaN, StudentQuantile.TwoSided(0, 5));
        Assert.Equal(double.NaN, StudentQuantile.TwoSided(0.95, -1));
        Assert.Equal(double.NaN, StudentQuantile.TwoSided(0.95, double.NaN));
    }

    /// <summary>Relative to the logarithm, as the other tails are; many degrees of freedom cost digits of the terms that cancel.</summary>
    [Theory, MemberData(nameof(F))]
    public void FTail_MatchesTheReference(double f, double numerator, double denominator, double expected) =>
        Assert.InRange(Math.Abs(FTail.Log(f, numerator, denominator) - expected), 0, 1e-12 * Math.Max(Math.Abs(expected), numerator > 100
            ? 10 : 1e-3));

    [Theory]
    [InlineData(0.3, 1.3), InlineData(2.0, 10.0), InlineData(60.0, 1e6), InlineData(1.96, 1e7), InlineData(1e-8, 7.0)]
    public void FTail_OnOneDegreeOfFreedom_IsThatOfTSquared(double t, double degreesOfFreedom) =>
        Assert.Equal(1, FTail.Log(t * t, 1, degreesOfFreedom) / TailProbability.LogTwoSidedT(t, degreesOfFreedom), 1e-10);

    [Fact]
    public void FTail_HasItsLimits()
    {
        Assert.Equal(0, FTail.Log(0, 3, 5));
        Assert.Equal(0, FTail.Log(-1, 3, 5));
        Assert.Equal(double.NegativeInfinity, FTail.Log(double.PositiveInfinity, 3, 5));
        Assert.Equal(double.NaN, FTail.Log(double.NaN, 3, 5));
        Assert.Equal(TailProbability.LogChiSquared(6, 3), FTail.Log(2, 3, double.PositiveInfinity));
        Assert.Equal(TailProbability.LogChiSquared(6, 3), FTail.Log(2, 3, 1e15), 1e-11);
        Assert.Equal(0.5, FTail.Probability(1, 4, 4), 1e-14);
        Assert.InRange(FTail.Probability(5, 3, 1e-3), 0.99, 1);
    }
}
