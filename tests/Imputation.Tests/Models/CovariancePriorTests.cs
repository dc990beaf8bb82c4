using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>Posterior modes, against naive EM with the M-step of Schafer (1997) §5.2.4 run until nothing moves.</summary>
public class CovariancePriorTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string id in (string[])["airquality", "nhanes", "sas_fitness1", "missvals", "cholesterol", "pattern3"])
                foreach (string prior in (string[])["ridge:3", "ridge:0.25", "jeffreys", "inverse-wishart"])
                    if (!(id == "pattern3" && prior == "jeffreys")) cases.Add(id, prior); // Jeffreys leaves cov(B, C) undetermined
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mode_IsWhereNaiveEmEnds(string id, string prior)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        (CovariancePrior ours, NaivePrior naive) = Priors(reference, prior);
        NormalFit fit = NormalModel.Fit(reference.Matrix, new NormalOptions { Prior = ours, Tolerance = 1e-10 });

        Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
        Assert.Equal(ours.Kind, fit.Report.Prior.Kind);
        Assert.InRange(NaiveNormal.Distance(new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray()),
            NaiveNormal.Fit(reference.Values, naive)), 0,
            1e-8);
    }

    /// <summary>The objective is known up to a constant, so differences along the way are compared.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Objective_IsLogLikelihoodPlusLogPrior(string id, string prior)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        (CovariancePrior ours, NaivePrior naive) = Priors(reference, prior);
        double[] constants = [.. new[] { 1, 2, 5, 10_000 }.Select(iterations =>
        {
            NormalFit fit = NormalModel.Fit(reference.Matrix, new NormalOptions { Prior = ours, MaxIterations = iterations });
            var at = new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray());
            double logLikelihood = NaiveNormal.LogLikelihood(reference.Values, at);
            Assert.InRange(fit.Report.LogLikelihood / logLikelihood, 1 - 1e-10, 1 + 1e-10);
            return fit.Report.Objective - logLikelihood - NaiveNormal.LogPrior(at, naive);
        })];
        Assert.All(constants, c => Assert.Equal(constants[0], c, 1e-8));
    }

    [Fact]
    public void Prior_TakesItsNumbersInTheUnitsOfTheData()
    {
        // Λ in other units with the data in other units: the same answer in other units.
        ReferenceCase nhanes = ReferenceCase.Mvn("nhanes")!;
        double[] scale = [1, 1e-6, 1e4, 100];
        var values = (double[,])nhanes.Values.Clone();
        for (int row = 0; row < values.GetLength(0); row++)
            for (int j = 0; j < 4; j++) values[row, j] *= scale[j];
        (CovariancePrior plain, NaivePrior naive) = Priors(nhanes, "inverse-wishart");
        var lambda = (double[,])naive.CrossProducts.Clone();
        for (int j = 0; j < 4; j++)
            for (int k = 0; k < 4; k++) lambda[j, k] *= scale[j] * scale[k];

        NormalFit a = NormalModel.Fit(nhanes.Matrix, new NormalOptions { Prior = plain });
        NormalFit b = NormalModel.Fit(IncompleteMatrix.FromArray(values),
            new NormalOptions { Prior = CovariancePrior.InverseWishart(naive.DegreesOfFreedom, lambda) });
        for (int j = 0; j < 4; j++)
            for (int k = 0; k < 4; k++)
                Assert.Equal(a.Covariance[j, k], b.Covariance[j, k] / (scale[j] * scale[k]),
                    1e-6 * Math.Sqrt(a.Covariance[j, j] * a.Covariance[k, k]));
    }

    [Fact]
    public void InverseWishart_OfAnotherSize_IsRefused_WithBothSizes()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() =>
            NormalModel.Fit(ReferenceCase.Mvn("nhanes")!.Matrix,
                new NormalOptions { Prior = CovariancePrior.InverseWishart(3, NaiveMatrix.Identity(3)) }));
        Assert.Contains("3", error.Message);
        Assert.Contains("4", error.Message);
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData(" AUTO ", "auto")]
    [InlineData("jeffreys", "jeffreys")]
    [InlineData("ridge:0.5", "ridge:0.5")]
    public void Parse_ReadsWhatToStringWrites(string text, string expected) =>
        Assert.Equal(expected, CovariancePrior.Parse(text).ToString());

    [Theory]
    [InlineData("ridge")]
    [InlineData("ridge:0")]
    [InlineData("ridge:-1")]
    [InlineData("ridge:1e999")]
    [InlineData("ridge:NaN")]
    [InlineData("lasso")]
    public void Parse_RefusesAnythingElse_AndSaysWhatItExpects(string text)
    {
        var error = Assert.Throws<FormatException>(() => CovariancePrior.Parse(text));
        Assert.Contains($"'{text}'", error.Message);
        Assert.Contains("ridge:DF", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Ridge_NeedsPositiveDegreesOfFreedom(double degreesOfFreedom) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CovariancePrior.Ridge(degreesOfFreedom));

    [Fact]
    public void InverseWishart_NeedsASymmetricFiniteMatrix()
    {
        Assert.Throws<ArgumentException>(() => CovariancePrior.InverseWishart(1, new double[2, 3]));
        Assert.Throws<ArgumentException>(() => CovariancePrior.InverseWishart(1, new[,] { { 1, 0.5 }, { 0.4, 1 } }));
        Assert.Throws<ArgumentException>(() => CovariancePrior.InverseWishart(1, new[,] { { double.NaN } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => CovariancePrior.InverseWishart(double.NaN, new double[1, 1]));
    }

    private static (CovariancePrior, NaivePrior) Priors(ReferenceCase reference, string prior)
    {
        int p = reference.Columns.Length;
        if (prior == "jeffreys") return (CovariancePrior.Jeffreys, NaiveNormal.Jeffreys(reference.Values));
        if (prior.StartsWith("ridge:", StringComparison.Ordinal))
            return (CovariancePrior.Parse(prior), NaiveNormal.Ridge(reference.Values, CovariancePrior.Parse(prior).DegreesOfFreedom));
        // Half the available-case variances, correlated 0.3, worth 4 rows.
        double[,] variance = NaiveNormal.Start(reference.Values).Covariance;
        var lambda = new double[p, p];
        for (int j = 0; j < p; j++)
            for (int k = 0; k <= j; k++) lambda[j, k] = lambda[k, j] =
                4 * 0.5 * (j == k ? 1 : 0.3) * Math.Sqrt(variance[j, j] * variance[k, k]);
        return (CovariancePrior.InverseWishart(4, lambda), new NaivePrior(4, lambda));
    }
}
