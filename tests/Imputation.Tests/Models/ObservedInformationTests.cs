using System.Globalization;
using Imputation.Patterns;
using Imputation.Tests.Shared;
using Xunit.Abstractions;

namespace Imputation.Tests.Models;

/// <summary>Standard errors from the observed-data information: against references computed by others, a naive second difference, and
/// theory.</summary>
public class ObservedInformationTests(ITestOutputHelper output)
{
    private static readonly NormalOptions s_tight = new() { Tolerance = 1e-9 };

    /// <summary>The issue asks for 1e-4 relative; a fit at default tolerance is 1e-6 standard deviations away from the reference's maximum.
    /// Of missvals, with a condition of 6e4, the
    /// reference's own standard errors are off by 2e-5: x5 is complete, so that its variance has σ²√(2/13) = 81.93922, and the reference
    /// has 81.93760.</summary>
    [Theory]
    [MemberData(nameof(NormalReferenceTests.All), MemberType = typeof(NormalReferenceTests))]
    public void StandardErrors_MatchTheReference(string id)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        double[] means = ReferenceCase.Doubles(reference.Json.GetProperty("se_mu_observed_information"));
        double[,] covariances = ReferenceCase.Square(reference.Json.GetProperty("se_sigma_observed_information"));
        foreach ((NormalOptions options, double tolerance) in new[] { (NormalOptions.Default, 1e-5), (s_tight, 1e-8) })
        {
            NormalFit fit = NormalModel.Fit(reference.Matrix, options);
            ObservedInformation information = fit.Information();
            double worst = 0;
            for (int j = 0; j < means.Length; j++)
            {
                worst = Math.Max(worst, Math.Abs(information.MeanStandardErrors[j] / means[j] - 1));
                for (int k = 0; k < means.Length; k++)
                    worst = Math.Max(worst, Math.Abs(information.CovarianceStandardErrors[j, k] / covariances[j, k] - 1));
            }
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                $"{id}: largest relative difference {worst:G3}; largest fraction {information.Worst.Fraction:F6}, exact rate "
                + $"{reference.Rate:F6}; {information.Worst.Description}; {string.Join(' ', information.Findings)}"));
            Assert.True(worst < (id == "missvals" ? 3e-5 : tolerance), $"{id}: {worst}");
            Assert.Equal(reference.Rate, information.Worst.Fraction, 10 * tolerance);
            Assert.DoesNotContain(information.Findings, f => f.Code is "not-determined" or "not-at-maximum" or "other-data");
        }
    }

    /// <summary>The definition: minus the matrix of second differences of the naive objective, inverted by Gauss and Jordan. Central
    /// differences at three steps, extrapolated.</summary>
    [Theory]
    [InlineData("nhanes", null)]
    [InlineData("pattern1", null)]
    [InlineData("cholesterol", "jeffreys")]
    [InlineData("nhanes", "ridge:2")]
    [InlineData("missvals", "ridge:0.5")]
    public void Covariance_IsTheInverseOfMinusTheSecondDifferences(string id, string? prior)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        NormalFit fit = NormalModel.Fit(reference.Matrix, s_tight with
        {
            Prior = prior is null ? CovariancePrior.None
            : CovariancePrior.Parse(prior)
        });
        ObservedInformation information = fit.Information();
        int p = fit.Columns.Count, q = information.ParameterNames.Count;
        Assert.Equal(p * (p + 3) / 2, q);

        (double[] mean, double[,] sigma) = (fit.Mean.ToArray(), fit.Covariance.ToArray());
        double[,] lambda = new double[p, p];
        double df = prior is null ? -(p + 1) : fit.Report.Prior.DegreesOfFreedom;
        if (prior is not null && df > 0)
        {
            for (int j = 0; j < p; j++)
            {
                double[] x = [.. Enumerable.Range(0, fit.Report.RowCount).Select(i => reference.Values[i, j]).Where(v => !double.IsNaN(v))];
                lambda[j, j] = df * x.Sum(v => (v - x.Average()) * (v - x.Average())) / (x.Length - 1);
            }
        }
        double Objective(double[] theta)
        {
            double[] m = theta[..p];
            var s = new double[p, p];
            for (int i = 0, at = p; i < p; i++)
                for (int j = 0; j <= i; j++, at++) s[i, j] = s[j, i] = theta[at];
            double[,] inverse = Inverse(s), l = NaiveMatrix.Cholesky(s);
            double log = 0, trace = 0;
            for (int i = 0; i < p; i++)
            {
                log += 2 * Math.Log(l[i, i]);
                for (int j = 0; j < p; j++) trace += inverse[i, j] * lambda[i, j];
            }
            return NaiveNormal.LogLikelihood(reference.Values, new NaiveParameters(m, s)) - 0.5 * (df + p + 1) * log - 0.5 * trace;
        }

        double[] at = [.. mean, .. Enumerable.Range(0, p).SelectMany(i => Enumerable.Range(0, i + 1).Select(j => sigma[i, j]))];
        double[] scale = [.. Enumerable.Range(0, p).Select(j => Math.Sqrt(sigma[j, j])),
            .. Enumerable.Range(0, p).SelectMany(i => Enumerable.Range(0, i + 1).Select(j => Math.Sqrt(sigma[i, i] * sigma[j, j])))];
        // so much of a variance is not explained by the others
        double smallest = Enumerable.Range(0, p).Min(j => 1 / (Inverse(sigma)[j, j] * sigma[j, j]));
        var hessian = new double[q, q];
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double Second(double h)
                {
                    double Moved(double a, double b)
                    {
                        double[] theta = (double[])at.Clone();
                        theta[i] += a * h * scale[i];
                        theta[j] += b * h * scale[j];
                        return Objective(theta);
                    }
                    return (Moved(1, 1) - Moved(1, -1) - Moved(-1, 1) + Moved(-1, -1)) / (4 * h * h);
                }
                double step = 0.02 * smallest;
                double far = Second(step), middle = Second(step / 2), near = Second(step / 4);
                hessian[i, j] = hessian[j, i] = -(16 * (4 * near - middle) / 3 - (4 * middle - far) / 3) / 15;
            }
        }
        double[,] naive = Inverse(hessian), covariance = information.Covariance.ToArray();
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j < q; j++)
            {
                double expected = naive[i, j] * scale[i] * scale[j], unit = Math.Sqrt(naive[i, i] * naive[j, j]) * scale[i] * scale[j];
                Assert.True(Math.Abs(covariance[i, j] - expected) < 2e-4 * unit,
                    $"{information.ParameterNames[i]}, {information.ParameterNames[j]}: {covariance[i, j]} rather than {expected}");
            }
        }
        Assert.Equal(fit.Report.ConvergenceRate, information.Worst.Fraction, 0.02); // found from a few differences of the map
        Assert.Equal(prior is not null, information.Findings.Any(f => f.Code == "prior-included"));
    }

    [Fact]
    public void OfCompleteData_TheyAreTheTextbooks()
    {
        double[,] data = Draws(60, 3, seed: 5, share: 0);
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(data));
        ObservedInformation information = fit.Information();
        double[,] s = fit.Covariance.ToArray();
        for (int j = 0; j < 3; j++)
        {
            AssertClose(Math.Sqrt(s[j, j] / 60), information.MeanStandardErrors[j]);
            AssertClose(Math.Sqrt(s[j, j] / 120), information.DeviationStandardErrors[j]);
            for (int k = 0; k < 3; k++)
            {
                AssertClose(Math.Sqrt((s[j, j] * s[k, k] + s[j, k] * s[j, k]) / 60), information.CovarianceStandardErrors[j, k]);
                double r = s[j, k] / Math.Sqrt(s[j, j] * s[k, k]);
                if (j != k) AssertClose((1 - r * r) / Math.Sqrt(60), information.CorrelationStandardErrors[j, k]);
                Assert.Equal(0, information.CovarianceMissingInformation[j, k], 1e-9);
                Assert.Equal(0, information.CorrelationMissingInformation[j, k], 1e-9);
            }
        }
        Assert.Equal(0, information.Worst.Fraction, 1e-9);
        Assert.Empty(information.Findings);
        double[,] covariance = information.Covariance.ToArray();
        Assert.Equal(0, covariance[0, 3], 1e-12); // means and covariances are independent
        AssertClose(s[0, 1] / 60, covariance[0, 1]);
        AssertClose(2 * s[0, 1] * s[0, 1] / 60, covariance[3, 5]); // of two variances
    }

    private static void AssertClose(double expected, double actual) => Assert.Equal(1, actual / expected, 1e-10);

    /// <summary>One column with holes: of the mean exactly the missing share is missing.</summary>
    [Fact]
    public void OfOneColumn_TheMissingShareIsMissing()
    {
        var data = new double[10, 2];
        for (int i = 0; i < 10; i++) (data[i, 0], data[i, 1]) = (i is 3 or 7 or 8 ? double.NaN : i * i, i % 2);
        ObservedInformation information = NormalModel.Fit(Table.FromArray(["x", "y"], data),
            new NormalOptions { Columns = new ColumnSelection { Include = ["x"] } }).Information();
        Assert.Equal(7, information.RowCount); // the other rows have nothing observed
        Assert.Equal(0, information.MeanMissingInformation[0], 1e-9);
        Assert.Equal(["mean of 'x'", "variance of 'x'"], information.ParameterNames);
    }

    [Theory]
    [InlineData(1e-8, 1e12)]
    [InlineData(1e12, -3e12)]
    public void UnitsAndOrder_ChangeNothingElse(double factor, double shift)
    {
        double[,] data = Draws(80, 4, seed: 11, share: 0.25);
        int[] order = [2, 0, 3, 1];
        var other = new double[80, 4];
        for (int i = 0; i < 80; i++)
            for (int j = 0; j < 4; j++) other[79 - i, j] = order[j] == 0 ? data[i, 0] * factor + (factor < 1 ? 0 : shift)
                : data[i, order[j]];
        ObservedInformation a = NormalModel.Fit(IncompleteMatrix.FromArray(data), s_tight).Information(),
            b = NormalModel.Fit(IncompleteMatrix.FromArray(other), s_tight).Information();
        for (int j = 0; j < 4; j++)
        {
            double Unit(int k) => order[k] == 0 ? factor : 1;
            Assert.Equal(1, b.MeanStandardErrors[j] / Unit(j) / a.MeanStandardErrors[order[j]], 1e-6);
            Assert.Equal(a.MeanMissingInformation[order[j]], b.MeanMissingInformation[j], 1e-6);
            for (int k = 0; k < 4; k++)
            {
                Assert.Equal(1, b.CovarianceStandardErrors[j, k] / (Unit(j) * Unit(k)) / a.CovarianceStandardErrors[order[j], order[k]],
                    1e-6);
                Assert.Equal(a.CorrelationStandardErrors[order[j], order[k]], b.CorrelationStandardErrors[j, k], 1e-6);
                Assert.Equal(a.CorrelationMissingInformation[order[j], order[k]], b.CorrelationMissingInformation[j, k], 1e-6);
            }
        }
        Assert.Equal(a.Worst.Fraction, b.Worst.Fraction, 1e-7);
    }

    /// <summary>The eigenproblem by its definition: the function's variance is 1 with complete data and 1/(1 − fraction) with these, and it
    /// moves along the direction.</summary>
    [Fact]
    public void WorstLinearFunction_HasTheVarianceItClaims_AndNoParameterIsWorse()
    {
        ReferenceCase reference = ReferenceCase.Mvn("nhanes")!;
        NormalFit fit = NormalModel.Fit(reference.Matrix, s_tight);
        ObservedInformation information = fit.Information();
        WorstLinearFunction worst = information.Worst;
        double[,] covariance = information.Covariance.ToArray();
        int q = worst.Coefficients.Count;
        double observed = 0;
        for (int i = 0; i < q; i++)
            for (int j = 0; j < q; j++) observed += worst.Coefficients[i] * covariance[i, j] * worst.Coefficients[j];
        Assert.Equal(1 / (1 - worst.Fraction), observed, 1e-6);
        Assert.Equal(1, worst.Coefficients.Zip(worst.Direction, (c, d) => c * d).Sum(), 1e-8); // the function moves by its standard error
        Assert.True(information.MeanMissingInformation.Max() <= worst.Fraction);
        Assert.True(information.CovarianceMissingInformation.ToArray().Cast<double>().Max() <= worst.Fraction);
        Assert.Contains("variance of 'chl'", worst.Description);
        output.WriteLine(worst.Description);

        // norm2 2.0.4, emNorm(nhanes): worst.frac, and worst.linear.coef, here in our order of columns and elements (it comes from
        // differences of EM steps: two digits).
        Assert.Equal(0.6237365, worst.Fraction, 1e-3);
        double[] norm2 = [0, 3.371035e-04, -5.509888e-06, -8.653139e-03, 0, 1.024767e-03, -1.094586e-02, -7.198483e-06, 2.339739e-04,
            -3.490092e-06, -1.405388e-02, 2.297014e-03, -1.387655e-03, -9.997997e-01];
        Assert.Equal(["age", "bmi", "hyp", "chl"], fit.Columns);
        double length = Math.Sqrt(worst.Direction.Sum(d => d * d));
        for (int i = 0; i < q; i++) Assert.Equal(norm2[i], -worst.Direction[i] / length, 0.05 * Math.Abs(norm2[i]) + 1e-9);
    }

    [Fact]
    public void APairNeverObservedTogether_HasNoStandardError_AndTheOthersHaveTheirs()
    {
        ReferenceCase reference = ReferenceCase.Mvn("pattern3")!;
        NormalFit fit = NormalModel.Fit(reference.Matrix, s_tight);
        ObservedInformation information = fit.Information();
        int b = fit.Columns.ToList().IndexOf("B"), c = fit.Columns.ToList().IndexOf("C"), a = fit.Columns.ToList().IndexOf("A");

        Assert.True(double.IsPositiveInfinity(information.CovarianceStandardErrors[b, c]));
        Assert.True(double.IsPositiveInfinity(information.CorrelationStandardErrors[b, c]));
        Assert.Equal(1, information.CovarianceMissingInformation[b, c]);
        Assert.Equal(1, information.Worst.Fraction);
        Finding finding = Assert.Single(information.Findings, f => f.Code == "not-determined");
        Assert.Contains("covariance of 'C' and 'B'", finding.Sentence);
        Assert.Equal(["B", "C"], finding.Columns.Order());

        // Monotone parts of the likelihood: A and B alone have the same information about theirs, without C.
        foreach (string other in (string[])["B", "C"])
        {
            int o = fit.Columns.ToList().IndexOf(other);
            NormalFit pair = NormalModel.Fit(reference.Table, s_tight with { Columns = new ColumnSelection { Include = ["A", other] } });
            ObservedInformation expected = pair.Information();
            Assert.Equal(expected.MeanStandardErrors[0], information.MeanStandardErrors[a], 1e-6);
            Assert.Equal(1, information.MeanStandardErrors[o] / expected.MeanStandardErrors[1], 1e-5);
            Assert.Equal(1, information.CovarianceStandardErrors[o, a] / expected.CovarianceStandardErrors[1, 0], 1e-5);
            Assert.Equal(1, information.CorrelationStandardErrors[o, a] / expected.CorrelationStandardErrors[1, 0], 1e-5);
            Assert.Equal(1, information.DeviationStandardErrors[o] / expected.DeviationStandardErrors[1], 1e-5);
        }
        double[,] covariance = information.Covariance.ToArray();
        int at = information.ParameterNames.ToList().IndexOf("covariance of 'C' and 'B'");
        Assert.True(double.IsPositiveInfinity(covariance[at, at]));
        Assert.True(double.IsNaN(covariance[at, 0]));
        Assert.True(double.IsFinite(covariance[0, 0]));
    }

    [Theory]
    [InlineData("pattern2")]
    [InlineData("marijuana")]
    public void WithoutAMaximum_ThereAreNone_AndItIsSaid(string id)
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn(id)!.Matrix, new NormalOptions { MaxIterations = 2000 });
        ObservedInformation information = fit.Information();
        output.WriteLine($"{fit.Report.Outcome}: {string.Join(' ', information.Findings)}");
        Assert.All(information.Findings, f => Assert.NotEmpty(f.Sentence));
        Assert.Contains(information.Findings, f => f.Severity >= FindingSeverity.Warning);
        if (fit.Report.Outcome == EmOutcome.Unbounded)
        {
            Assert.All(information.MeanStandardErrors, e => Assert.True(double.IsNaN(e)));
            Assert.Contains(information.Findings, f => f.Code == "no-standard-errors");
        }

        // A ridge gives them.
        ObservedInformation ridge = NormalModel.Fit(ReferenceCase.Mvn(id)!.Matrix, new NormalOptions { Prior = CovariancePrior.Ridge(3) })
            .Information();
        Assert.All(ridge.MeanStandardErrors, e => Assert.True(e > 0 && double.IsFinite(e)));
    }

    [Fact]
    public void AFitThatWasStoppedEarly_IsSaidToBe()
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("nhanes")!.Matrix, new NormalOptions { MaxIterations = 2, Accelerate = false });
        Assert.Contains(fit.Information().Findings, f => f.Code == "not-at-maximum");
    }

    [Fact]
    public void AFitFromElsewhere_NeedsItsData()
    {
        ReferenceCase reference = ReferenceCase.Mvn("nhanes")!;
        NormalFit fit = NormalModel.Fit(reference.Matrix);
        NormalFit bare = Fitted.Model([.. fit.Columns], fit.Mean.ToArray(), fit.Covariance.ToArray());
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => bare.Information());
        Assert.Contains("fit.Information(table)", error.Message);
        Assert.Contains("100 rows", Assert.Throws<ArgumentException>(() => bare.Information(reference.Table)).Message);

        // Columns are found by name, whatever their order.
        string[] order = ["chl", "age", "bmi", "hyp"];
        var shuffled = new Table(order.Select(name => reference.Table[name]));
        Assert.Equal(fit.Information().MeanStandardErrors, fit.Information(shuffled).MeanStandardErrors);
        Assert.Contains("'hyp'", Assert.Throws<ArgumentException>(() => fit.Information(new Table(shuffled.Columns.Take(3))))
            .Message);

        // The same number of cells, but other values.
        double[,] other = (double[,])reference.Values.Clone();
        for (int i = 0; i < other.GetLength(0); i++) other[i, 0] += i % 2;
        Assert.Contains(fit.Information(Table.FromArray(reference.Columns, other)).Findings, f => f.Code == "other-data");
    }

    /// <summary>Two files with three columns in common: 4 × 5 covariances that no row tells about, and nothing else is lost.</summary>
    [Fact]
    public void OfTwoFilesLaidTogether_JustThePairsApartAreUndetermined()
    {
        double[,] data = Draws(400, 12, seed: 21, share: 0);
        for (int i = 0; i < 400; i++)
            for (int j = 3; j < 12; j++) if (i % 2 == (j < 7 ? 0 : 1)) data[i, j] = double.NaN;
        ObservedInformation information = NormalModel.Fit(IncompleteMatrix.FromArray(data)).Information();
        double[,] errors = information.CovarianceStandardErrors.ToArray();
        for (int j = 0; j < 12; j++)
            for (int k = 0; k < 12; k++) Assert.Equal((j is >= 3 and < 7 && k >= 7) || (k is >= 3 and < 7 && j >= 7),
                double.IsPositiveInfinity(errors[j, k]));
        Assert.All(information.MeanStandardErrors, e => Assert.True(double.IsFinite(e)));
        Assert.All(information.DeviationStandardErrors, e => Assert.True(double.IsFinite(e)));
        Assert.Contains("and 14 more", Assert.Single(information.Findings, f => f.Code == "not-determined").Sentence);
    }

    [Fact]
    public void TooManyColumns_AreRefused_WithTheLimit()
    {
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(Draws(200, ObservedInformation.MostColumns + 1, seed: 3, share: 0)));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => fit.Information());
        Assert.Contains("65 columns", error.Message);
        Assert.Contains("at most 64", error.Message);
    }

    [Fact]
    public void Cancellation_EndsIt()
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("bfi")!.Matrix);
        Assert.ThrowsAny<OperationCanceledException>(() => fit.Information(new CancellationToken(canceled: true)));
        Assert.True(fit.Information().RowCount > 0);
        Assert.Same(fit.Information(), fit.Information());
    }

    /// <summary>Over data sets with a quarter of the cells missing at random, standard errors are what estimates vary by: 200 give that to
    /// 5 %.</summary>
    [Fact]
    public void StandardErrors_AreWhatEstimatesVaryBy()
    {
        int sets = Environment.GetEnvironmentVariable("IMPUTATION_LONG") == "1" ? 4000 : 300;
        var means = new List<double>();
        var correlations = new List<double>();
        double meanErrors = 0, correlationErrors = 0;
        for (int k = 0; k < sets; k++)
        {
            NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(Draws(120, 3, seed: 1000 + k, share: 0.25)),
                run: new RunOptions { Threads = 1 });
            ObservedInformation information = fit.Information();
            double[,] s = fit.Covariance.ToArray();
            means.Add(fit.Mean[2]);
            correlations.Add(s[2, 0] / Math.Sqrt(s[0, 0] * s[2, 2]));
            meanErrors += information.MeanStandardErrors[2] / sets;
            correlationErrors += information.CorrelationStandardErrors[2, 0] / sets;
        }
        static double Deviation(List<double> x) => Math.Sqrt(x.Sum(v => (v - x.Average()) * (v - x.Average())) / (x.Count - 1));
        double tolerance = 4 / Math.Sqrt(2.0 * sets);
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
            $"means vary by {Deviation(means):F4}, standard error {meanErrors:F4}; correlations by {Deviation(correlations):F4}, "
            + $"{correlationErrors:F4}"));
        Assert.Equal(1, meanErrors / Deviation(means), tolerance);
        Assert.Equal(1, correlationErrors / Deviation(correlations), tolerance);
    }

    /// <summary>Correlated normal columns, a share of whose cells but for the first column's is missing completely at random.</summary>
    private static double[,] Draws(int n, int p, int seed, double share)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var data = new double[n, p];
        for (int i = 0; i < n; i++)
        {
            double common = Normal();
            for (int j = 0; j < p; j++) data[i, j] = 10 * j + (1 + j) * (0.7 * common + Normal());
            for (int j = 1; j < p; j++) if (random.NextDouble() < share) data[i, j] = double.NaN;
        }
        return data;
    }

    /// <summary>Gauss and Jordan with pivoting.</summary>
    private static double[,] Inverse(double[,] a)
    {
        int n = a.GetLength(0);
        var work = new double[n, 2 * n];
        for (int i = 0; i < n; i++)
        {
            work[i, n + i] = 1;
            for (int j = 0; j < n; j++) work[i, j] = a[i, j];
        }
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(work[i, k]));
            for (int c = 0; c < 2 * n; c++) (work[k, c], work[pivot, c]) = (work[pivot, c], work[k, c]);
            for (int i = 0; i < n; i++)
            {
                double factor = (work[i, k] - (i == k ? 1 : 0)) / work[k, k];
                if (factor == 0) continue;
                double[] row = [.. Enumerable.Range(0, 2 * n).Select(c => work[k, c])];
                for (int c = 0; c < 2 * n; c++) work[i, c] -= factor * row[c];
            }
        }
        var inverse = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) inverse[i, j] = work[i, n + j];
        return inverse;
    }
}
