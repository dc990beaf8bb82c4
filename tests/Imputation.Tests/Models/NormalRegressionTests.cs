using System.Text.Json;
using Imputation.Numerics.Distributions;
using Imputation.Patterns;
using Imputation.Tests.Shared;
using Xunit.Abstractions;

namespace Imputation.Tests.Models;

/// <summary>Regressions straight from a fit: against lavaan, least squares, and what must hold.</summary>
public class NormalRegressionTests(ITestOutputHelper output)
{
    /// <summary>tests/References/fiml/regressions.R: full-information maximum likelihood, observed information. The issue asks for 1e-4
    /// relative; lavaan's optimizer
    /// ends some 1e-6 from the maximum.</summary>
    [Fact]
    public void CoefficientsAndStandardErrors_AreThoseOfLavaan()
    {
        JsonElement cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "fiml", "regressions.json")))
            .RootElement.GetProperty("regressions");
        foreach (JsonElement expected in cases.EnumerateArray())
        {
            NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn(expected.GetProperty("id").GetString()!)!.Matrix);
            NormalRegression regression = fit.Regress(expected.GetProperty("formula").GetString()!);
            double[] estimates = ReferenceCase.Doubles(expected.GetProperty("estimate"));
            double[,] covariance = ReferenceCase.Square(expected.GetProperty("covariance"));
            double worst = 0;
            for (int a = 0; a < estimates.Length; a++)
            {
                RegressionCoefficient coefficient = regression.Coefficients[a];
                double error = Math.Sqrt(covariance[a, a]);
                worst = Math.Max(worst, Math.Abs(coefficient.StandardError / error - 1));
                Assert.True(Math.Abs(coefficient.Estimate - estimates[a]) < 1e-4 * error);
                Assert.Equal(1, coefficient.StandardError / error, 1e-4);
                Assert.Equal(estimates[a] / error, coefficient.Z, 2e-4 * (1 + Math.Abs(coefficient.Z)));
                Assert.Equal(coefficient.DegreesOfFreedom < 1 ? double.NaN : coefficient.Estimate + StudentQuantile.TwoSided(0.95,
                    coefficient.DegreesOfFreedom) * coefficient.SmallSampleStandardError, coefficient.Upper, 1e-9 * error);
                Assert.InRange(coefficient.MissingInformation, 0, 1);
                for (int b = 0; b < estimates.Length; b++)
                    Assert.True(Math.Abs(regression.Covariance[a, b] - covariance[a, b]) < 1e-4 * Math.Sqrt(covariance[a,
                        a] * covariance[b, b]));
            }
            Assert.Equal(1, regression.ResidualDeviation / expected.GetProperty("residual_sd").GetDouble(), 1e-5);
            Assert.Equal(1, regression.ResidualDeviationStandardError / expected.GetProperty("residual_sd_se").GetDouble(), 1e-4);
            Assert.Equal(expected.GetProperty("r_squared").GetDouble(), regression.RSquared, 1e-5);
            output.WriteLine($"{regression.Formula}: standard errors within {worst:G2}; {string.Join("; ", regression.Coefficients)}");
        }
    }

    /// <summary>With complete data: least squares, large-sample standard errors times √((n − k)/n), limits and p-values the same.</summary>
    [Fact]
    public void OfCompleteData_ItIsLeastSquares()
    {
        const int n = 50;
        var random = new Random(7);
        var data = new double[n, 3];
        for (int i = 0; i < n; i++)
        {
            (data[i, 1], data[i, 2]) = (random.NextDouble() * 10 + 1e4, random.NextDouble());
            data[i, 0] = 3 + 0.5 * data[i, 1] - 2 * data[i, 2] + random.NextDouble();
        }
        NormalRegression regression = NormalModel.Fit(IncompleteMatrix.FromArray(data, ["y", "a", "b"])).Regress("y ~ b + a",
            confidence: 0.9);

        var x = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(n, 3, (i, j) => j == 0 ? 1 : j == 1 ? data[i, 2] : data[i, 1]
            - 1e4);
        var y = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(n, i => data[i, 0]);
        var beta = x.QR().Solve(y);
        double rss = (y - x * beta).PointwisePower(2).Sum();
        var errors = (x.TransposeThisAndMultiply(x).Inverse() * (rss / n)).Diagonal().PointwiseSqrt();
        Assert.Equal(["(Intercept)", "b", "a"], regression.Coefficients.Select(c => c.Name));
        for (int j = 1; j < 3; j++)
        {
            Assert.Equal(1, regression.Coefficients[j].Estimate / beta[j], 1e-9);
            Assert.Equal(1, regression.Coefficients[j].StandardError / errors[j], 1e-8);
            Assert.Equal(0, regression.Coefficients[j].MissingInformation, 1e-6);
            double small = errors[j] * Math.Sqrt(50.0 / 47), t = regression.Coefficients[j].Estimate / small;
            Assert.Equal(47, regression.Coefficients[j].DegreesOfFreedom, 1e-4);
            Assert.Equal(1, regression.Coefficients[j].SmallSampleStandardError / small, 1e-7);
            // 1.67792672... = the 95 % quantile of t with 47 degrees of freedom
            Assert.Equal(2 * 1.677926721640641 * small, regression.Coefficients[j].Upper - regression.Coefficients[j].Lower, 1e-6);
            Assert.Equal(TailProbability.TwoSidedT(t, 47), regression.Coefficients[j].PValue, 1e-9);
        }
        Assert.Equal(Math.Sqrt(rss / n), regression.ResidualDeviation, 1e-9);
        Assert.Equal(1 - rss / y.Subtract(y.Average()).PointwisePower(2).Sum(), regression.RSquared, 1e-9);
        Assert.Empty(regression.Findings);
    }

    [Fact]
    public void AnInterceptAlone_IsTheMean()
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("nhanes")!.Matrix);
        NormalRegression regression = fit.Regress("chl ~ 1");
        int chl = fit.Columns.ToList().IndexOf("chl");
        Assert.Equal(fit.Mean[chl], Assert.Single(regression.Coefficients).Estimate);
        Assert.Equal(1, fit.Information().MeanStandardErrors[chl] / regression["(Intercept)"].StandardError, 1e-10);
        Assert.Equal(fit.Information().MeanMissingInformation[chl], regression["(Intercept)"].MissingInformation, 1e-10);
        Assert.Equal(1, fit.Information().DeviationStandardErrors[chl] / regression.ResidualDeviationStandardError, 1e-10);
        Assert.Equal(0, regression.RSquared);
    }

    /// <summary>n(1 − γ) complete rows' worth of information, less the coefficients, and γ for each of the model's other columns.</summary>
    [Fact]
    public void DegreesOfFreedom_CountWhatIsLeft()
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("nhanes")!.Matrix);
        foreach (string formula in (string[])["chl ~ age", "chl ~ age + bmi", "chl ~ ."])
        {
            NormalRegression regression = fit.Regress(formula);
            int k = regression.Coefficients.Count;
            foreach (RegressionCoefficient c in regression.Coefficients)
            {
                double effective = regression.RowCount * (1 - c.MissingInformation);
                Assert.Equal(effective - k - c.MissingInformation * (fit.Columns.Count - k), c.DegreesOfFreedom, 1e-9);
                Assert.Equal(c.StandardError * Math.Sqrt(effective / c.DegreesOfFreedom), c.SmallSampleStandardError, 1e-9);
            }
        }
    }

    /// <summary>Eight rows, next to nothing about the slope: no limits and no p-value, and a finding with the number.</summary>
    [Fact]
    public void BelowOneDegreeOfFreedom_ThereAreNoLimits()
    {
        var random = new Random(5);
        var data = new double[8, 4];
        for (int i = 0; i < 8; i++)
        {
            for (int j = 0; j < 4; j++) data[i, j] = random.NextDouble();
            if (i is 2 or 3) data[i, 0] = double.NaN;
            if (i >= 5) data[i, 1] = double.NaN;
        }
        NormalRegression regression = NormalModel.Fit(IncompleteMatrix.FromArray(data, ["y", "a", "b", "c"]),
            new NormalOptions { Prior = CovariancePrior.Ridge(1) }).Regress("y ~ a + b + c");
        RegressionCoefficient slope = regression["a"];
        Assert.True(slope.DegreesOfFreedom < 1, $"{slope}");
        Assert.True(double.IsNaN(slope.Lower) && double.IsNaN(slope.Upper) && double.IsNaN(slope.PValue));
        Finding finding = Assert.Single(regression.Findings, f => f.Code == "too-few-degrees-of-freedom");
        Assert.Contains("'a'", finding.Sentence);
    }

    [Fact]
    public void UnitsAndOrder_ChangeNothingElse()
    {
        ReferenceCase reference = ReferenceCase.Mvn("nhanes")!;
        double[,] other = (double[,])reference.Values.Clone();
        for (int i = 0; i < other.GetLength(0); i++) (other[i, 0], other[i, 3]) = (other[i, 0] * 1e-8, other[i, 3] * 1e12);
        var options = new NormalOptions { Tolerance = 1e-9 };
        NormalRegression a = NormalModel.Fit(reference.Matrix, options).Regress("chl ~ age + bmi");
        NormalRegression b = NormalModel.Fit(IncompleteMatrix.FromArray(other, reference.Columns), options).Regress("chl ~ bmi + age");
        foreach ((string name, double unit) in new[] { ("(Intercept)", 1e12), ("age", 1e20), ("bmi", 1e12) })
        {
            Assert.Equal(1, b[name].Estimate / unit / a[name].Estimate, 1e-7);
            Assert.Equal(1, b[name].StandardError / unit / a[name].StandardError, 1e-7);
            Assert.Equal(a[name].PValue, b[name].PValue, 1e-7);
            Assert.Equal(a[name].MissingInformation, b[name].MissingInformation, 1e-7);
        }
    }

    /// <summary>C and B of pattern3 are never observed together: the one on the other is not determined, and on A they are.</summary>
    [Fact]
    public void WhatTheDataDoNotDetermine_IsSaid()
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("pattern3")!.Matrix);
        NormalRegression open = fit.Regress("C ~ B");
        Assert.True(double.IsPositiveInfinity(open["B"].StandardError));
        Assert.Equal(1, open["B"].MissingInformation);
        Assert.True(double.IsNaN(open["B"].PValue));
        Assert.Contains("'B'", Assert.Single(open.Findings, f => f.Code == "not-determined").Sentence);

        NormalRegression known = fit.Regress("C ~ A");
        Assert.True(double.IsFinite(known["A"].StandardError));
        Assert.DoesNotContain(known.Findings, f => f.Code == "not-determined");
    }

    [Fact]
    public void WrongFormulas_AreRefused()
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("nhanes")!.Matrix);
        Assert.Contains("Did you mean age?", Assert.Throws<ArgumentException>(() => fit.Regress("chl ~ Age")).Message);
        Assert.Throws<FormatException>(() => fit.Regress("chl ~ age * bmi"));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Regress("chl ~ age", confidence: 95));
        Assert.Equal(["(Intercept)", "age", "bmi", "hyp"], fit.Regress("chl ~ .").Coefficients.Select(c => c.Name));
    }

    [Theory]
    [InlineData("y ~ same", "'same' is constant")]
    [InlineData("y ~ none + x", "'none' is empty")]
    [InlineData("kind ~ x", "'kind' is not numeric")]
    public void AColumnThatIsNotModelled_IsRefused_WithTheReason(string formula, string reason)
    {
        double[] values = [.. Enumerable.Range(0, 30).Select(i => i % 7 == 3 ? double.NaN : Math.Sin(i))];
        var table = new Table([
            NumericColumn.Number("x", [.. Enumerable.Range(0, 30).Select(i => Math.Cos(2 * i))]), NumericColumn.Number("y", values),
            NumericColumn.Number("same", [.. Enumerable.Repeat(4.0, 30)]),
                NumericColumn.Number("none", [.. Enumerable.Repeat(double.NaN, 30)]),
            TextColumn.Create("kind", [.. Enumerable.Range(0, 30).Select(i => i % 2 == 0 ? "a" : "b")])]);
        Assert.Contains($"{reason} and so not in the model, which has 'x' and 'y'",
            Assert.Throws<ArgumentException>(() => NormalModel.Fit(table).Regress(formula)).Message);
    }

    [Fact]
    public void PredictorsThatDetermineEachOther_AreNamed()
    {
        var data = new double[30, 3];
        for (int i = 0; i < 30; i++) (data[i, 0], data[i, 1], data[i, 2]) = (i * i % 7, i * 3 % 11, 2 * (i * 3 % 11) + 1);
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(data, ["y", "a", "b"]), new NormalOptions { MaxIterations = 50 });
        Assert.NotEmpty(fit.Report.Relations);
        Exception? error = Record.Exception(() => fit.Regress("y ~ a + b"));
        if (error is ImputationDataException refused) Assert.Contains("'a' and 'b'", refused.Message);
        // the climb was given up just before they did
        else Assert.Contains(fit.Regress("y ~ a + b").Findings, f => f.Code == "no-standard-errors");
        NormalRegression one = fit.Regress("y ~ a");
        Assert.True(double.IsNaN(one["a"].StandardError));
        Assert.Contains(one.Findings, f => f.Code == "no-standard-errors");
    }

    [Fact]
    public void AModelFromAFile_RegressesWithItsData()
    {
        ReferenceCase reference = ReferenceCase.Mvn("nhanes")!;
        NormalFit fit = NormalModel.Fit(reference.Matrix);
        NormalRegression again = fit.Information(reference.Table).Regress("chl ~ age");
        Assert.Equal(fit.Regress("chl ~ age")["age"], again["age"]);
    }

    /// <summary>200 data sets, 30 % of x missing at random given y: slopes vary as their standard errors say, and 95 % limits hold the
    /// truth in about 95 %.</summary>
    [Fact]
    public void StandardErrorsAndLimits_AreWhatTheyClaim()
    {
        int sets = Environment.GetEnvironmentVariable("IMPUTATION_LONG") == "1" ? 4000 : 200, covered = 0;
        double sum = 0, squares = 0, errors = 0;
        for (int k = 0; k < sets; k++)
        {
            var random = new Random(500 + k);
            double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var data = new double[200, 3];
            for (int i = 0; i < 200; i++)
            {
                double x = Normal(), y = 1 + 0.5 * x + Normal();
                data[i, 0] = random.NextDouble() < (y > 1 ? 0.5 : 0.1) ? double.NaN : x;
                (data[i, 1], data[i, 2]) = (y, x + Normal());
            }
            RegressionCoefficient slope = NormalModel.Fit(IncompleteMatrix.FromArray(data, ["x", "y", "z"]),
                run: new RunOptions { Threads = 1 }).Regress("y ~ x")["x"];
            (sum, squares, errors) = (sum + slope.Estimate, squares + slope.Estimate * slope.Estimate, errors + slope.StandardError);
            if (slope.Lower < 0.5 && slope.Upper > 0.5) covered++;
        }
        double deviation = Math.Sqrt((squares - sum * sum / sets) / (sets - 1));
        output.WriteLine(
            FormattableString.Invariant(
            $"slopes {sum / sets:F4} vary by {deviation:F4}, standard error {errors / sets:F4}; {100.0 * covered / sets:F1} % covered"));
        Assert.Equal(0.5, sum / sets, 4 * deviation / Math.Sqrt(sets));
        Assert.Equal(1, errors / sets / deviation, 4 / Math.Sqrt(2.0 * sets));
        Assert.Equal(0.95, (double)covered / sets, 4 * Math.Sqrt(0.95 * 0.05 / sets));
    }
}
