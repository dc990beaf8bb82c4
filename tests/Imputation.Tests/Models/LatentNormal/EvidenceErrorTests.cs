using Imputation.Models.LatentNormal;
using Imputation.Numerics.Distributions;

namespace Imputation.Tests.Models.LatentNormal;

/// <summary>The log-likelihood of expectation propagation is compared with integration, and the difference is said.</summary>
public class EvidenceErrorTests
{
    /// <summary>Orthants under equal correlations of ½ have probability 1/(k + 1), those of two variables ¼ + asin(ρ)/2π.</summary>
    [Theory]
    [InlineData(2, 1e-4)]
    [InlineData(5, 3e-4)]
    [InlineData(12, 3e-3)]
    public void BoxProbabilities_AreThoseOfOrthants(int k, double tolerance)
    {
        double[] covariance = new double[k * k], lower = new double[k], upper = [.. Enumerable.Repeat(double.PositiveInfinity, k)];
        for (int i = 0; i < k; i++)
            for (int j = 0; j < k; j++) covariance[i * k + j] = i == j ? 1 : 0.5;
        (double log, double error) = BoxProbability.Log(new double[k], covariance, lower, upper, 8192, 3);
        Assert.InRange(Math.Abs(log + Math.Log(k + 1)), 0, 5 * error); // the stated error is true,
        Assert.InRange(error, 0, tolerance);                           // and small
        if (k > 2) return;
        foreach (double rho in new[] { -0.9, 0.3, 0.99 })
        {
            (log, error) = BoxProbability.Log([0, 0], [1, rho, rho, 1], [0, 0], upper, 8192, 3);
            Assert.Equal(Math.Log(0.25 + Math.Asin(rho) / (2 * Math.PI)), log, 1e-4);
        }
    }

    /// <summary>Two yes/no questions, strongly related: the log-likelihood less the stated error is that of the four probabilities, by
    /// Simpson's rule.</summary>
    [Fact]
    public void TheStatedError_IsThatOfTheLogLikelihood()
    {
        var random = new Random(11);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        int n = 400;
        double[] x = [.. Enumerable.Range(0, n).Select(_ => Normal())], y = [.. x.Select(v => 0.8 * v + 0.6 * Normal())];
        var table = new Table([TextColumn.Create("a", [.. x.Select(v => v > 0.3 ? "yes" : "no")]),
            TextColumn.Create("b", [.. y.Select(v => v > -0.2 ? "yes" : "no")])]);
        LatentNormalFit fit = LatentNormalModel.Fit(table);
        double[,] probability = Probabilities(fit);
        double exact = Enumerable.Range(0, n).Sum(i => Math.Log(probability[Level("a", i), Level("b", i)]));
        (double error, double standardError) = fit.LogLikelihoodError;
        Assert.InRange(error - (fit.Report.LogLikelihood - exact), -3 * standardError - 1e-3, 3 * standardError + 1e-3);
        Assert.InRange(Math.Abs(error), 1e-4, 0.05 * n); // there is one
        Finding said = Assert.Single(fit.Report.Findings, f => f.Code == "approximate-likelihood");
        Assert.Contains("against integration", said.Sentence, StringComparison.Ordinal);

        int Level(string name, int row) => Equals(table[name].Value(row), "yes") ? 1 : 0;
    }

    /// <summary>One category a row: nothing is approximate.</summary>
    [Fact]
    public void WhereTheEvidenceIsExact_NoErrorIsStated()
    {
        var random = new Random(2);
        var table = new Table([TextColumn.Create("a", [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "yes" : "no")]),
            NumericColumn.Number("x", [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble() + random.NextDouble())])]);
        LatentNormalFit fit = LatentNormalModel.Fit(table);
        Assert.Equal((0, 0), fit.LogLikelihoodError);
        Assert.DoesNotContain(fit.Report.Findings, f => f.Code == "approximate-likelihood");
    }

    /// <summary>The probabilities of the four cells: ∫ φ(u) Φ((b − ρu)/√(1 − ρ²)) du, thresholds being those of the margins.</summary>
    private static double[,] Probabilities(LatentNormalFit fit)
    {
        double[] threshold = new double[2];
        for (int j = 0; j < 2; j++)
        {
            Span<LatentCell> cell = new LatentCell[1];
            fit.Layout.Margins[j].Read(fit.Layout.Margins[j].LevelValue(0), cell);
            threshold[j] = cell[0].Upper - fit.LatentMean[j];
        }
        double rho = fit.LatentCovariance[0, 1], root = Math.Sqrt(1 - rho * rho);
        double Below(double from, double to)
        {
            const int Steps = 4000;
            double h = (to - from) / Steps, sum = 0;
            for (int i = 0; i <= Steps; i++)
            {
                double u = from + i * h, weight = i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2;
                sum += weight * Math.Exp(-u * u / 2) * TruncatedNormal.Cumulative((threshold[1] - rho * u) / root);
            }
            return sum * h / 3 / Math.Sqrt(2 * Math.PI);
        }
        double no = TruncatedNormal.Cumulative(threshold[0]), nono = Below(-9, threshold[0]), yesno = Below(threshold[0], 9);
        return new[,] { { nono, no - nono }, { yesno, 1 - no - yesno } };
    }
}
