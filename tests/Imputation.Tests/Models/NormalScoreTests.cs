using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>The score's norm comes from the last EM step; here it is held against central differences of a naive objective where no maximum
/// is.</summary>
public class NormalScoreTests
{
    /// <summary>Central differences with steps of 1e-5 standard deviations leave about 1e-6 relative.</summary>
    private const double Differences = 1e-4;

    [Theory]
    [InlineData("airquality", 3)]
    [InlineData("nhanes", 3)]
    public void ScoreNorm_IsThatOfANaiveScore_WhereAccelerationStopped(string id, int iterations)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        NormalFit fit = NormalModel.Fit(reference.Matrix, new NormalOptions { MaxIterations = iterations, Tolerance = 1e-12 });
        Assert.Equal(EmOutcome.MaxIterations, fit.Report.Outcome);
        Assert.Equal(EmStepKind.Accelerated, fit.Report.Trace[^1].Kind);
        AssertIsScoreNorm(fit, NaiveNormal.ScoreNorm(reference.Values, new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray())));
    }

    /// <summary>The step divides by n + ξ + p + 1, and the norm must too.</summary>
    [Theory]
    [InlineData("airquality", "ridge:50")]
    [InlineData("nhanes", "ridge:5")]
    [InlineData("nhanes", "jeffreys")]
    public void ScoreNorm_UnderAPrior_IsThatOfANaivePosterior(string id, string prior)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        var chosen = CovariancePrior.Parse(prior);
        NaivePrior naive = chosen.Kind == CovariancePriorKind.Jeffreys ? NaiveNormal.Jeffreys(reference.Values)
            : NaiveNormal.Ridge(reference.Values, chosen.DegreesOfFreedom);
        NormalFit fit = NormalModel.Fit(reference.Matrix, new NormalOptions
        {
            Prior = chosen,
            MaxIterations = 2,
            Accelerate = false,
            Tolerance = 1e-12
        });
        Assert.Equal(EmOutcome.MaxIterations, fit.Report.Outcome);
        AssertIsScoreNorm(fit, NaiveNormal.ScoreNorm(reference.Values, new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray()),
            naive));
    }

    private static void AssertIsScoreNorm(NormalFit fit, double naive)
    {
        Assert.True(naive > 0.01); // not where it has all but vanished
        Assert.InRange(fit.Report.ScoreNorm / naive, 1 - Differences, 1 + Differences);
    }

    /// <summary>An unbounded climb ends at a step without an image: the score there is not 0, as it would be at a maximum.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ScoreNorm_OfAnUnboundedFit_IsNotThatOfAMaximum(bool accelerate)
    {
        var random = new Random(1);
        var values = new double[6, 8];
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 8; j++) values[i, j] = random.NextDouble() < 0.2 ? double.NaN : random.NextDouble();
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), new NormalOptions { Accelerate = accelerate });
        Assert.Equal(EmOutcome.Unbounded, fit.Report.Outcome);
        Assert.NotEqual(0, fit.Report.ScoreNorm); // naive differences say 4.08 accelerated, 2.57 plain; NaN would be honest too
    }
}
