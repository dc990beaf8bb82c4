using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Missingness;
using Imputation.Numerics;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Statistics;
using Imputation.Tests.Shared;
using Xunit.Abstractions;

namespace Imputation.Tests.Diagnostics;

/// <summary>Logistic regressions of missingness against references (40 digits), and guards.</summary>
public class MissingnessPredictorsDiagnosticTests(ITestOutputHelper output)
{
    private static readonly MissingnessPredictorsDiagnostic s_diagnostic = new();

    private static DiagnosticContext Context(Table table, int sampleRows = 20_000) =>
        new(table, new DiagnosticOptions
        {
            SampleRows = sampleRows,
            Model = new NormalOptions
            {
                Prior = CovariancePrior.Auto,
                Tolerance = 1e-9
            }
        });

    private static DiagnosticResult Run(Table table) => s_diagnostic.Run(Context(table));

    private static double Value(DiagnosticResult result, string name) => result.Values.Single(v => v.Key == name).Value;

    /// <summary>On the reference's own imputations, so that only the regression is compared: 1e-6, half the digits.</summary>
    [Theory, InlineData("airquality"), InlineData("nhanes"), InlineData("bfi25"), InlineData("chile_num"), InlineData("boys_num"),
        InlineData("missvals"), InlineData("sas_fitness1")]
    public void EveryRegression_MatchesTheReference(string id)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "diagnostics", "logistic.json")))
            .RootElement.GetProperty(id);
        int n = reference.Values.GetLength(0), p = reference.Columns.Length;
        var columns = new double[p][];
        for (int j = 0; j < p; j++)
        {
            double[] values = [.. Enumerable.Range(0, n).Select(i => reference.Values[i, j])];
            foreach (ReferenceCell cell in reference.Imputed.Where(c => c.Column == reference.Columns[j]))
                values[cell.Row - 1] = cell.Value;
            SampleMoments moments = SampleMoments.Of(values);
            columns[j] = [.. values.Select(v => (v - moments.Mean) / Math.Sqrt(moments.Variance))];
        }
        foreach (JsonProperty target in expected.EnumerateObject())
        {
            int k = Array.IndexOf(reference.Columns, target.Name);
            bool[] missing = [.. Enumerable.Range(0, n).Select(i => double.IsNaN(reference.Values[i, k]))];
            MissingnessRegression found = MissingnessRegression.Of(columns, (_, _) => false, [.. Enumerable.Range(0, p).Where(j => j != k)],
                missing, p, default);
            Assert.Equal(target.Value.GetProperty("missing").GetInt32(), found.Missing);
            Assert.Equal(target.Value.GetProperty("null_deviance").GetDouble(), found.NullDeviance, 1e-9);
            string separation = target.Value.GetProperty("separation").GetString() ?? "none";
            Assert.Equal(separation, found.Fit!.Separation.ToString().ToLowerInvariant());
            if (separation != "none")
            {
                Assert.Equal(target.Value.GetProperty("deviance_infimum").GetDouble(), found.Fit.Deviance, 1e-6);
                continue;
            }
            Assert.Equal(target.Value.GetProperty("lr").GetDouble(), found.Statistic, 1e-6 * Math.Max(1, found.Statistic));
            Assert.Equal(target.Value.GetProperty("log10_p").GetDouble(), TailProbability.Log10(found.LogP),
                1e-6 * Math.Max(1, found.Statistic));
            double[] coefficients = ReferenceCase.Doubles(target.Value.GetProperty("coefficients")),
                errors = ReferenceCase.Doubles(target.Value.GetProperty("standard_errors"));
            for (int a = 0; a < coefficients.Length; a++)
            {
                Assert.Equal(coefficients[a], found.Fit.Coefficients[a], 1e-6 * Math.Max(1, Math.Abs(coefficients[a])));
                Assert.Equal(errors[a], found.Fit.StandardErrors[a], 1e-6 * Math.Max(1, errors[a]));
            }
        }
    }

    /// <summary>The same by way of the table, for the columns with ten cells of the rarer kind for each predictor; others have fewer
    /// predictors, or none.</summary>
    [Theory, InlineData("chile_num"), InlineData("boys_num")]
    public void Diagnostic_MatchesTheReference(string id)
    {
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "diagnostics", "logistic.json")))
            .RootElement.GetProperty(id);
        DiagnosticResult result = Run(ReferenceCase.Mvn(id)!.Table);
        int compared = 0, tested = 0;
        foreach (IReadOnlyList<object?> row in result.Tables[0].Rows)
        {
            JsonElement target = expected.GetProperty((string)row[0]!);
            int rarer = Math.Min((int)row[2]!, (int)row[3]!), df = target.GetProperty("df").GetInt32();
            Assert.Equal(rarer < 10 ? null : Math.Min(rarer / 10, df), row[5]);
            if (rarer >= 10) tested++;
            if (rarer / 10 < df) continue;
            Assert.Equal(target.GetProperty("lr").GetDouble(), (double)row[4]!, 1e-3 * target.GetProperty("lr").GetDouble());
            compared++;
        }
        Assert.InRange(compared, 1, 5);
        Assert.Equal(tested, Value(result, "columnsTested"));
        Assert.Contains(result.Findings, f => f.Code == "mnar-cannot-be-excluded");
    }

    private static bool IsFlagged(double[,] values) => s_diagnostic.Run(new DiagnosticContext(Simulated.Table(values),
        new DiagnosticOptions { Model = new NormalOptions { Prior = CovariancePrior.Auto, Tolerance = 1e-3 } }))
            .Findings.Any(f => f.Code == "missingness-predicted");

    /// <summary>Cells missing completely at random: no more than one file in twenty may be said not to be. The bound is three standard
    /// errors above it.</summary>
    [Theory, InlineData(200, 20, 40), InlineData(300, 30, 40), InlineData(300, 60, 40)]
    public void FilesMissingCompletelyAtRandom_AreHardlyEverFlagged(int rows, int columns, int files)
    {
        int flagged = Enumerable.Range(0, files).Count(seed => IsFlagged(Simulated.Values(rows, columns, seed: 2000 + seed,
            missing: 0.05)));
        output.WriteLine($"{flagged} of {files} files flagged");
        Assert.InRange(flagged, 0, (int)(files * 0.05 + 3 * Math.Sqrt(files * 0.05 * 0.95)));
    }

    [Fact]
    public void FilesMissingAtRandom_AreFlagged()
    {
        int flagged = Enumerable.Range(0, 20).Count(seed =>
        {
            double[,] values = Simulated.Values(300, 5, seed: 3000 + seed, missing: 0.03);
            var random = new Random(seed);
            for (int i = 0; i < 300; i++)
                if (random.NextDouble() < 1 / (1 + Math.Exp(2 - 1.2 * values[i, 2]))) values[i, 0] = double.NaN;
            return IsFlagged(values);
        });
        Assert.InRange(flagged, 18, 20);
    }

    /// <summary>A skip rule is the strongest evidence there is: it leads, and its border is named.</summary>
    [Fact]
    public void ASkipRule_IsTheVerdict()
    {
        double[,] values = Simulated.Values(3000, 4, seed: 12);
        var random = new Random(3);
        for (int i = 0; i < 3000; i++)
        {
            if (values[i, 2] > 1.5) values[i, 0] = double.NaN;
            if (random.NextDouble() < 1 / (1 + Math.Exp(2 - values[i, 2]))) values[i, 1] = double.NaN;
        }
        DiagnosticResult result = Run(Table.FromArray(["skipped", "other", "score", "d"], values));
        const string rule = "'skipped' is always missing where 'score' is high (from 1.5";
        Assert.Contains(rule, result.Verdict, StringComparison.Ordinal);
        Assert.Contains("and in no other", result.Verdict, StringComparison.Ordinal);
        Assert.Contains(result.Findings, f => f.Code == "missingness-predicted" && f.Sentence.Contains(rule, StringComparison.Ordinal));
        Assert.Contains(result.Findings, f => f.Code == "missingness-separated" && f.Columns.SequenceEqual(["skipped"]));
        Assert.Equal("skipped", result.Tables[0].Rows[0][0]);
    }

    /// <summary>No missing cell in a rare category: with few missing cells that happens by chance.</summary>
    [Fact]
    public void APartialSeparationOfFewCells_IsANote()
    {
        double[] group = [.. Enumerable.Range(0, 200).Select(i => i % 4 == 0 ? 1.0 : 0)],
            y = [.. Enumerable.Range(0, 200).Select(i => i % 4 != 0 && i < 22 ? double.NaN : Math.Sin(i))];
        DiagnosticResult result = Run(new Table([NumericColumn.Number("group", group), NumericColumn.Number("y", y)]));
        Assert.Contains(result.Findings, f => f.Code == "missingness-partly-separated" && f.Severity == FindingSeverity.Note);
        Assert.DoesNotContain(result.Findings, f => f.Code == "missingness-predicted");
    }

    [Fact]
    public void FewerThanTenMissingCells_AreNotTested_AndItIsSaid()
    {
        double[,] values = Simulated.Values(200, 3, seed: 30);
        for (int i = 0; i < 9; i++) values[i, 0] = double.NaN;
        DiagnosticResult result = Run(Simulated.Table(values));
        Assert.Equal("too few cells to test", Assert.Single(result.Tables[0].Rows)[10]);
        Assert.Contains(result.Findings, f => f.Code == "missingness-not-tested" && f.Columns.SequenceEqual(["x1"]));
        Assert.DoesNotContain(result.Findings, f => f.Severity != FindingSeverity.Note);
    }

    [Fact]
    public void MissingnessThatDependsOnAValue_IsPredicted_ByIt()
    {
        double[,] values = Simulated.Values(600, 4, seed: 21);
        var random = new Random(3);
        for (int i = 0; i < 600; i++)
            if (random.NextDouble() < 1 / (1 + Math.Exp(1 - 1.5 * values[i, 2]))) values[i, 0] = double.NaN;
        DiagnosticResult result = Run(Table.FromArray(["<script>", "b b", "c", "d"], values));
        Finding finding = Assert.Single(result.Findings, f => f.Code == "missingness-predicted");
        Assert.Contains("'<script>' is more often missing where 'c' is high", finding.Sentence, StringComparison.Ordinal);
        Assert.Equal("c", result.Tables[0].Rows[0][9]);
        HeatMap chart = Assert.IsType<HeatMap>(Assert.Single(result.Charts));
        Assert.InRange(chart.Values[0, Array.IndexOf([.. chart.Columns], "c")], 1, 2.2);
    }

    [Fact]
    public void TextColumns_ArePredicted_AndSeparationIsReported()
    {
        double[,] values = Simulated.Values(200, 2, seed: 5);
        var text = TextColumn.Create("why", [.. Enumerable.Range(0, 200).Select(i => values[i, 0] > 0.3 ? null : "no")]);
        DiagnosticResult result = Run(new Table([.. Table.FromArray(["x", "y"], values).Columns, text]));
        Assert.Contains(result.Findings, f => f.Code == "missingness-separated" && f.Columns.SequenceEqual(["why"]));
        Assert.Equal("complete separation", result.Tables[0].Rows[0][10]);
        Assert.Empty(result.Charts);
        Assert.All(result.Values, v => Assert.True(double.IsFinite(v.Value)));
    }

    [Fact]
    public void CollinearPredictors_AreLeftOut_AndNamed()
    {
        double[,] values = Simulated.Values(300, 3, seed: 6);
        for (int i = 0; i < 300; i++)
            if (i % 4 == 0) values[i, 0] = double.NaN;
        Table table = Table.FromArray(["a", "b", "c"], values);
        var twin = NumericColumn.Number("twin", [.. ((NumericColumn)table["b"]).Values.ToArray().Select(v => 10 - v)]);
        DiagnosticResult result = Run(new Table([.. table.Columns, twin]));
        Assert.Equal(2, result.Tables[0].Rows[0][5]);
        Assert.Contains("'twin'", result.Tables[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictorsAreRestricted_ToOneForTenMissingCells_AndItIsSaid()
    {
        DiagnosticResult result = Run(Simulated.Table(300, 30, seed: 7, missing: 0.1));
        Assert.Contains("one for every 10 rows of the rarer outcome", result.Method, StringComparison.Ordinal);
        Assert.All(result.Tables[0].Rows, row => Assert.Equal((int)row[2]! / 10, row[5]));
    }

    /// <summary>Columns that are missing together: the one that is filled would give its missingness away by lying on the regression
    /// plane.</summary>
    [Fact]
    public void PredictorsThatAreFilledWhereMostIsMissing_AreLeftOut()
    {
        double[,] values = Simulated.Values(400, 3, seed: 8);
        for (int i = 0; i < 400; i++)
            if (i % 4 != 0) values[i, 0] = values[i, 1] = double.NaN;
        DiagnosticResult result = Run(Table.FromArray(["a", "b", "c"], values));
        Assert.All(result.Tables[0].Rows, row => Assert.Equal(1, row[5]));
        Assert.Contains("for 'a': 'b'", result.Tables[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void SampledRows_AreStated_AndOddTablesSurvive()
    {
        DiagnosticResult result = s_diagnostic.Run(Context(Simulated.Table(500, 3, seed: 9, missing: 0.2), sampleRows: 200));
        Assert.Contains("a sample of 200 of 500 rows, drawn with seed 1.", result.Method, StringComparison.Ordinal);
        Assert.Equal("predictors-none", Assert.Single(Run(Simulated.Table(50, 3, seed: 9)).Findings).Code);
        result = Run(Table.FromArray(["x"], new[,] { { 1 }, { double.NaN }, { 3 } })); // nothing to predict with
        Assert.Equal(0, Value(result, "columnsTested"));
        Assert.Contains(result.Findings, f => f.Code == "mnar-cannot-be-excluded");
    }

    [Fact]
    public void UnitsAndOffsets_ChangeNothing()
    {
        double[,] values = Simulated.Values(300, 3, seed: 10, missing: 0.2), moved = (double[,])values.Clone();
        for (int i = 0; i < 300; i++)
            for (int j = 0; j < 3; j++) moved[i, j] = values[i, j] * (j == 0 ? 1e-8 : 1e12) + (j == 2 ? 1e13 : 0);
        DiagnosticResult before = Run(Table.FromArray(["a", "b", "c"], values)), after = Run(Table.FromArray(["a", "b", "c"], moved));
        foreach (var (one, other) in before.Tables[0].Rows.Zip(after.Tables[0].Rows))
        {
            Assert.Equal(one[0], other[0]);
            Assert.Equal((double)one[4]!, (double)other[4]!, 1e-4);
        }
    }

    /// <summary>Gradient zero and curvature right: a check of the kernel that needs no reference.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(8), InlineData(33)]
    public void LogisticKernel_SolvesTheLikelihoodEquations(int predictors)
    {
        const int n = 1000;
        double[,] values = Simulated.Values(n, predictors, seed: predictors, correlation: 0.3);
        var random = new Random(5);
        int stride = CrossProduct.Stride(predictors + 1);
        var rows = new double[n * stride];
        bool[] outcome = new bool[n];
        for (int i = 0; i < n; i++)
        {
            rows[i * stride] = 1;
            for (int j = 0; j < predictors; j++) rows[i * stride + j + 1] = values[i, j];
            outcome[i] = random.NextDouble() < 1 / (1 + Math.Exp(1 - values[i, 0]));
        }
        LogisticRegression fit = LogisticRegression.Fit(rows, predictors + 1, outcome, default);
        Assert.True(fit.Converged);
        double deviance = 0;
        var score = new double[predictors + 1];
        var information = new double[predictors + 1, predictors + 1];
        for (int i = 0; i < n; i++)
        {
            double[] x = rows[(i * stride)..(i * stride + predictors + 1)];
            double probability = 1 / (1 + Math.Exp(-x.Zip(fit.Coefficients, (a, b) => a * b).Sum()));
            deviance -= 2 * Math.Log(outcome[i] ? probability : 1 - probability);
            for (int a = 0; a <= predictors; a++)
            {
                score[a] += ((outcome[i] ? 1 : 0) - probability) * x[a];
                for (int b = 0; b <= predictors; b++) information[a, b] += probability * (1 - probability) * x[a] * x[b];
            }
        }
        Assert.All(score, s => Assert.Equal(0, s, 1e-8));
        Assert.Equal(deviance, fit.Deviance, 1e-9 * deviance);
        double[,] inverse = NaiveMatrix.Solve(information, NaiveMatrix.Identity(predictors + 1));
        for (int a = 0; a <= predictors; a++) Assert.Equal(Math.Sqrt(inverse[a, a]), fit.StandardErrors[a], 1e-8);
    }
}
