using System.Text;
using Imputation.Models.LatentNormal;
using Imputation.Numerics.Distributions;

namespace Imputation.Tests.Models.LatentNormal;

/// <summary>The latent normal model against answers computed by other means, to many digits.</summary>
public class LatentReferenceTests
{
    private static LatentNormalOptions MaximumLikelihood => new()
    {
        Prior = CovariancePrior.None,
        Numbers = NumberScale.Identity,
        Tolerance = 1e-9,
    };

    /// <summary>One interval in a row: expectation propagation is exact, and the answer the maximum-likelihood one (30-digit
    /// optimisation).</summary>
    [Fact]
    public void OneContinuousAndOneBinary_IsExact()
    {
        Table table = Mixed.Read(Mixed.Nhanes);
        LatentNormalFit fit = LatentNormalModel.Fit(table, MaximumLikelihood);
        Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
        Assert.Equal(-85.68203847744806, fit.Report.LogLikelihood, 1e-8);
        var chl = (IdentityMargin)fit.Layout.Margins[fit.IndexOf("chl")];
        int c = fit.IndexOf("chl"), h = fit.IndexOf("hyp");
        double threshold = ((OrderedMargin)fit.Layout.Margins[h]).Thresholds[0];
        double sd = Math.Sqrt(fit.LatentCovariance[c, c]), mean = fit.LatentMean[h] - threshold;
        Assert.Equal(192.38698628451, chl.Value(fit.LatentMean[c]), 1e-6);
        Assert.Equal(43.928024659155, chl.Scale * sd, 1e-6);
        Assert.Equal(-0.73130615435304, mean, 1e-7);
        Assert.Equal(0.64940519026415, fit.LatentCovariance[c, h] / sd, 1e-7);
        Assert.Equal(0.23229608609734, TruncatedNormal.Cumulative(mean), 1e-8);

        ImputationResult done = fit.Impute(table, new FillOptions { Method = FillMethod.Mean });
        CellProbability hyp = Assert.Single(done.Probabilities, p => p is { Row: 6, Column: "hyp", Level: "yes" });
        Assert.Equal(0.13035126217, hyp.Probability, 1e-8);
        Assert.Equal(181.0410194656, done.Cells.Single(x => x is { Row: 15, Column: "chl" }).Value, 1e-6);
        Assert.Equal(229.88371418991, done.Cells.Single(x => x is { Row: 20, Column: "chl" }).Value, 1e-6);
    }

    /// <summary>The tetrachoric correlation of 40 10 / 20 30, complete and with holes: exact maximum likelihood is 0.60707 and 0.59204, and
    /// expectation propagation is known to come near to it from below.</summary>
    [Theory]
    [InlineData(0, 0, 0, 0, 0.607072812945735, -127.9854225833667)]
    [InlineData(15, 25, 30, 10, 0.592044388127062, -179.5822990969019)]
    public void Tetrachoric_IsWithinTheApproximation(int onlyA0, int onlyA1, int onlyB0, int onlyB1, double rho, double logLikelihood)
    {
        var csv = new StringBuilder("a,b\n");
        void Add(int count, string row)
        {
            for (int i = 0; i < count; i++) csv.Append(row).Append('\n');
        }
        Add(40, "no,no");
        Add(10, "no,yes");
        Add(20, "yes,no");
        Add(30, "yes,yes");
        Add(onlyA0, "no,NA");
        Add(onlyA1, "yes,NA");
        Add(onlyB0, "NA,no");
        Add(onlyB1, "NA,yes");
        LatentNormalFit fit = LatentNormalModel.Fit(Mixed.Read(csv.ToString()), MaximumLikelihood);
        Assert.InRange(fit.LatentCovariance[0, 1], rho - 0.025, rho);
        Assert.InRange(fit.Report.LogLikelihood, logLikelihood - 0.5, logLikelihood + 0.5);
    }

    /// <summary>The positive orthant with ρ = 0.6, whose moments are known in closed form, bounds the error of expectation
    /// propagation.</summary>
    [Fact]
    public void Orthant_IsWithinTheApproximation()
    {
        var ep = new ExpectationPropagation(2);
        double infinite = double.PositiveInfinity;
        double mass = ep.Run([0, 0], [1, 0.6, 0.6, 1], [0, 0], [infinite, infinite], [], 1e-12);
        Assert.Equal(0.3524163823495667, Math.Exp(mass), 0.003);
        Assert.Equal(0.9056157440620142, ep.Mean[0], 0.01);
        Assert.Equal(ep.Mean[0], ep.Mean[1], 1e-9);
        Assert.Equal(1.216773046062124, ep.Covariance[0] + ep.Mean[0] * ep.Mean[0], 0.03);
        Assert.Equal(0.9612884101035401, ep.Covariance[1] + ep.Mean[0] * ep.Mean[1], 0.03);
    }

    /// <summary>Where the sites begin does not matter to where they end.</summary>
    [Fact]
    public void Sites_EndAtTheSamePlace_FromAnyStart()
    {
        double[] mean = [0.3, -0.5, 1], covariance = [1, 0.5, 0.2, 0.5, 2, -0.3, 0.2, -0.3, 0.7];
        double[] lower = [0, double.NegativeInfinity, -1], upper = [0.5, 0.2, 0.1], sites = new double[6];
        double cold = new ExpectationPropagation(3).Run(mean, covariance, lower, upper, [], 1e-12);
        new ExpectationPropagation(3).Run([1, 1, 1], covariance, lower, upper, sites, 1e-12);
        double warm = new ExpectationPropagation(3).Run(mean, covariance, lower, upper, sites, 1e-12);
        Assert.Equal(cold, warm, 1e-10);
    }

    /// <summary>A level that few of very many rows have is an interval in which the latent variable is all but known. The others are then
    /// cut normal distributions given that value, and the mass is density times width. Its site is so precise that taking it out of the
    /// posterior cancelled all digits: the sites never agreed, and the log-likelihood of 100,000 rows was off by thousands.</summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-5)]
    [InlineData(1e-6)]
    public void VeryNarrowIntervals_AreValues(double width)
    {
        double[] mean = [0.3, -0.2], covariance = [1, 0.6, 0.6, 2];
        double infinite = double.PositiveInfinity, at = 0.8, given = mean[1] + 0.6 * (at - mean[0]), variance = 2 - 0.36;
        double[] lower = [at - width / 2, 0], upper = [at + width / 2, infinite], sites = new double[4];
        double density = -0.5 * (at - mean[0]) * (at - mean[0]) - 0.5 * Math.Log(2 * Math.PI);
        (double mass, double cut, double cutVariance) = TruncatedMoments.Of(-given / Math.Sqrt(variance), infinite);
        // The ends of the interval are rounded, and within it the density is not quite straight.
        double tolerance = 1e-9 + 1e-16 / width + width * width;
        for (int start = 0; start < 3; start++)
        {
            var ep = new ExpectationPropagation(2);
            double log = ep.Run(mean, covariance, lower, upper, sites, 1e-8);
            Assert.Equal(density + Math.Log(width) + mass, log, tolerance);
            Assert.Equal(at, ep.Mean[0], tolerance);
            Assert.Equal(given + Math.Sqrt(variance) * cut, ep.Mean[1], tolerance);
            Assert.Equal(variance * cutVariance, ep.Covariance[ep.Stride + 1], tolerance);
            // Next time from elsewhere.
            (sites[2], sites[3]) = (0.5 * start, -1);
        }
    }

    /// <summary>Numbers on their own scale and no category: the normal model.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void IdentityMargins_AreTheNormalModel(double ridge)
    {
        Table table = Mixed.Simulated(150, 4, categories: false);
        CovariancePrior prior = ridge == 0 ? CovariancePrior.None : CovariancePrior.Ridge(ridge);
        NormalFit normal = NormalModel.Fit(table, new NormalOptions { Prior = prior, Tolerance = 1e-10 });
        LatentNormalFit latent = LatentNormalModel.Fit(table, MaximumLikelihood with { Prior = prior, Tolerance = 1e-10 });
        Assert.Equal(normal.Report.LogLikelihood, latent.Report.LogLikelihood, 1e-8);
        for (int j = 0; j < normal.Columns.Count; j++)
        {
            var margin = (IdentityMargin)latent.Layout.Margins[j];
            Assert.Equal(normal.Mean[j], margin.Value(latent.LatentMean[j]), 1e-8);
            for (int k = 0; k <= j; k++)
                Assert.Equal(normal.Covariance[j, k], margin.Scale * ((IdentityMargin)latent.Layout.Margins[k]).Scale
                    * latent.LatentCovariance[j, k], 1e-8 * Math.Sqrt(normal.Covariance[j, j] * normal.Covariance[k, k]) + 1e-8);
        }
        ImputedCell[] a = [.. normal.Impute(table).Cells], b = [.. latent.Impute(table).Cells];
        Assert.Equal(a.Length, b.Length);
        for (int i = 0; i < a.Length; i++) Assert.Equal(a[i].Value, b[i].Value, 1e-6);
    }

    /// <summary>Fitted by direct search over a likelihood that is integrated on a grid: two ordered categories.</summary>
    [Fact]
    public void TwoOrdinals_AgreeWithQuadrature()
    {
        int[,] counts = { { 20, 9, 2 }, { 8, 15, 9 }, { 3, 8, 17 } };
        var csv = new StringBuilder("a,b\n");
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < counts[i, j]; k++) csv.Append("abc"[i]).Append(',').Append("abc"[j]).Append('\n');
        Table table = Mixed.Read(csv.ToString());
        var ordered = new Categories([new Category("a"), new Category("b"), new Category("c")], isOrdered: true);
        table = table.With(table.Columns.ToDictionary(c => c.Name, c => c.AsCategorical(ordered)));
        LatentNormalFit fit = LatentNormalModel.Fit(table, MaximumLikelihood);

        double[] mean = [.. fit.LatentMean];
        double exact = 0, s = Math.Sqrt(fit.LatentCovariance[0, 0]), r = fit.LatentCovariance[0, 1] / fit.LatentCovariance[0, 0];
        double rest = Math.Sqrt(fit.LatentCovariance[1, 1] - r * fit.LatentCovariance[0, 1]);
        double[] first = Ends(fit, 0), second = Ends(fit, 1);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double sum = 0, step = 0.001;
                for (double u = -8 + step / 2; u < 8; u += step)
                {
                    double z = mean[0] + s * u;
                    if (z <= first[i] || z > first[i + 1]) continue;
                    double at = mean[1] + r * (z - mean[0]);
                    sum += step * Math.Exp(-0.5 * u * u) / Math.Sqrt(2 * Math.PI) * (TruncatedNormal.Cumulative((second[j + 1] - at) / rest)
                        - TruncatedNormal.Cumulative((second[j] - at) / rest));
                }
                exact += counts[i, j] * Math.Log(sum);
            }
        }
        Assert.Equal(exact, fit.Report.LogLikelihood, 0.5);

        static double[] Ends(LatentNormalFit fit, int j) =>
            [double.NegativeInfinity, .. ((OrderedMargin)fit.Layout.Margins[j]).Thresholds, double.PositiveInfinity];
    }
}
