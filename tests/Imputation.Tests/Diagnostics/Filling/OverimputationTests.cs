using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Filling;
using Imputation.Files;
using Imputation.Models.Gaussian;
using Imputation.Patterns;
using Imputation.Statistics;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Diagnostics;

public class OverimputationTests
{
    private static DiagnosticResult Run(double[,] values, DiagnosticOptions? options = null, RunOptions? run = null) =>
        new OverimputationDiagnostic().Run(new DiagnosticContext(Simulated.Table(values), options, run));

    [Fact]
    public void HiddenCells_AreObserved_FollowARowsPattern_AndLeaveSomething()
    {
        double[,] values = Simulated.Rows(1, 300, 6, 0.3, 0.3);
        IncompleteMatrix matrix = IncompleteMatrix.FromArray(values);
        MissingPatterns patterns = MissingPatterns.Of(matrix);
        int[][] hidden = HoldoutCells.Choose(matrix, patterns, 1);
        Assert.Contains(hidden, h => h.Length > 1);
        for (int row = 0; row < 300; row++)
        {
            int[] open = [.. Enumerable.Range(0, 6).Where(j => double.IsNaN(values[row, j]))];
            Assert.All(hidden[row], j => Assert.DoesNotContain(j, open));
            Assert.True(open.Length + hidden[row].Length < 6);
            Assert.True(hidden[row].Length == 0 || patterns.Any(p => p.MissingIndices.Intersect(Enumerable.Range(0, 6).Except(open)).Order()
                .SequenceEqual(hidden[row].Order())));
        }
        Assert.All(hidden, h => Assert.DoesNotContain(0, h)); // x1 is never missing
    }

    [Fact]
    public void WithNothingMissing_OneCellOfEachRowIsHidden()
    {
        IncompleteMatrix matrix = IncompleteMatrix.FromArray(Simulated.Rows(1, 200, 4, 0.3, 0));
        int[][] hidden = HoldoutCells.Choose(matrix, MissingPatterns.Of(matrix), 1);
        Assert.All(hidden, h => Assert.Single(h));
        Assert.Equal([0, 1, 2, 3], hidden.Select(h => h[0]).Distinct().Order());
    }

    /// <summary>From a model that was given, each prediction is the textbook's conditional mean and deviation given what was not
    /// hidden.</summary>
    [Fact]
    public void Predictions_AreTheConditionalDistribution()
    {
        double[,] all = Simulated.Rows(8, 500, 4, 0.6, 0.2);
        NormalFit fit = NormalModel.Fit(Simulated.Table(all));
        double[,] some = NaiveMatrix.Part(all, [.. Enumerable.Range(0, 120)], [0, 1, 2, 3]);
        Table table = Simulated.Table(some);
        var context = new DiagnosticContext(table, fit.Impute(table));
        GaussianRows fitted = GaussianRows.Of(fit, table, [.. Enumerable.Range(0, 120)])!;
        int[][] hidden = HoldoutCells.Choose(fitted.Matrix, fitted.Patterns, context.RunOptions.Seed);
        var predicted = new PredictedCells(context, fitted);
        Assert.Equal(0, predicted.Turns);
        Assert.Equal(hidden.Sum(h => h.Length), predicted.Cells.Count);
        foreach (PredictedCell cell in predicted.Cells)
        {
            var row = (double[,])some.Clone();
            foreach (int j in hidden[cell.Row]) row[cell.Row, j] = double.NaN;
            int[] missing = [.. Enumerable.Range(0, 4).Where(j => double.IsNaN(row[cell.Row, j]))];
            (double[] mean, double[,] covariance) = NaiveNormal.Conditional(row, cell.Row, new NaiveParameters(fit.Mean.ToArray(),
                fit.Covariance.ToArray()));
            int a = Array.IndexOf(missing, cell.Column);
            Assert.Equal(mean[a], cell.Mean, 1e-10);
            Assert.Equal(Math.Sqrt(covariance[a, a]), cell.Deviation, 1e-10);
            Assert.Equal(some[cell.Row, cell.Column], cell.Truth);
        }
        Assert.Contains("the given model", new OverimputationDiagnostic().Run(context).Method, StringComparison.Ordinal);
    }

    /// <summary>What was hidden has no part in the fit that predicts it: another value in the cell, the same prediction.</summary>
    [Fact]
    public void HiddenCells_DoNotReachTheirPrediction()
    {
        double[,] values = Simulated.Rows(3, 60, 3, 0.7, 0.2);
        var context = new DiagnosticContext(Simulated.Table(values),
            new DiagnosticOptions { Model = new NormalOptions { Tolerance = 1e-10 } });
        int[] rows = [.. Enumerable.Range(0, 60)];
        PredictedCell before = new PredictedCells(context, GaussianRows.Of(context.Fit, context.Table, rows)!).Cells[0];
        values[before.Row, before.Column] += 5;
        var changed = new DiagnosticContext(Simulated.Table(values), context.Options);
        PredictedCell after = new PredictedCells(changed, GaussianRows.Of(changed.Fit, changed.Table, rows)!)
            .Cells.Single(c => c.Row == before.Row && c.Column == before.Column);
        Assert.Equal(before.Truth + 5, after.Truth, 1e-12);
        Assert.Equal(before.Mean, after.Mean, 1e-7);
        Assert.Equal(before.Deviation, after.Deviation, 1e-7);
    }

    [Fact]
    public void OnNormalData_IntervalsCover_AndNothingIsFound()
    {
        DiagnosticResult result = Run(Simulated.Rows(21, 1500, 4, 0.6, 0.25));
        Assert.Equal(5, result.Value("refits"));
        Assert.InRange(result.Value("coverage50"), 0.46, 0.54);
        Assert.InRange(result.Value("coverage80"), 0.77, 0.83);
        Assert.InRange(result.Value("coverage95"), 0.935, 0.965);
        Assert.InRange(result.Value("rmseRatio"), 0.6, 0.8); // √(1 − R²), R² from 0.36 to 0.64 by what is seen
        Assert.InRange(result.Value("crpsSkill"), 0.2, 0.4);
        Assert.DoesNotContain(result.Findings, f => f.Code.StartsWith("intervals-", StringComparison.Ordinal));
        Assert.Equal(3, result.Charts.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void OnHeavyTails_TheyDoNot_AndThatIsSaid(int degreesOfFreedom)
    {
        DiagnosticResult result = Run(Simulated.Rows(22, 1500, 4, 0.6, 0.25, degreesOfFreedom));
        Assert.True(result.Value("coverage50") > 0.57, $"{result.Value("coverage50")}");
        Assert.Contains(result.Findings, f => f.Code is "intervals-heavy-tails" or "intervals-too-wide" && f.Columns.Contains("x2"));
        Assert.Matches("^The model's intervals have the wrong coverage for .*'x2'", result.Verdict);
    }

    [Fact]
    public void OnUnrelatedColumns_TheModelKnowsNothing()
    {
        DiagnosticResult result = Run(Simulated.Rows(5, 800, 3, 0, 0.3));
        Assert.Equal(["x2", "x3"], result.Findings.Single(f => f.Code == "no-skill").Columns.Order());
        Assert.InRange(result.Value("rmseRatio"), 0.98, 1.02);
        Assert.InRange(result.Value("crpsSkill"), -0.02, 0.02);
    }

    [Fact]
    public void WhereNoColumnHasCellsEnough_AllAreJudgedTogether()
    {
        DiagnosticResult result = Run(Simulated.Rows(6, 150, 60, 0.3, 0.03),
            new DiagnosticOptions { Model = new NormalOptions { Prior = CovariancePrior.Ridge(0.01) } });
        Finding finding = Assert.Single(result.Findings, f => f.Code == "intervals-too-narrow");
        Assert.Empty(finding.Columns);
        Assert.StartsWith("The model's intervals are too narrow overall", result.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Units_DoNotMatter_NorThreads()
    {
        double[,] values = Simulated.Rows(7, 300, 4, 0.5, 0.2), other = (double[,])values.Clone();
        double[] scale = [1e-8, 1e12, -3, 1];
        for (int row = 0; row < 300; row++)
            for (int j = 0; j < 4; j++) other[row, j] = scale[j] * (values[row, j] + 10);
        var options = new DiagnosticOptions { Model = new NormalOptions { Tolerance = 1e-10 } };
        DiagnosticResult a = Run(values, options), b = Run(other, options),
            one = Run(values, options, new RunOptions { Threads = 1 });
        foreach ((string name, double value) in a.Values) Assert.Equal(value, b.Value(name), 1e-6);
        Assert.Equal(a.Values, one.Values);
    }

    [Fact]
    public void DeterminedCells_AreLeftOut()
    {
        double[,] values = Simulated.Rows(9, 200, 3, 0.5, 0.2), related = new double[200, 4];
        for (int row = 0; row < 200; row++)
        {
            for (int j = 0; j < 3; j++) related[row, j] = values[row, j];
            related[row, 3] = row % 5 == 0 ? double.NaN : values[row, 0] + values[row, 1];
        }
        DiagnosticResult result = Run(related);
        Assert.True(result.Value("hiddenCells") > 0);
        Assert.True(result.Value("rmseRatio") > 0.3);
    }

    /// <summary>Six rows of ten columns under a ridge: the uncertainty of the estimates makes the intervals wide enough that what they miss
    /// is no gross error any more; before they held fewer than half of the cells.</summary>
    [Fact]
    public void FewerRowsThanColumns_HaveWideIntervals()
    {
        Table table = CsvTable.Read(Path.Combine(ReferenceCase.Root, "degenerate", "n_less_than_p.csv"));
        DiagnosticResult result = new OverimputationDiagnostic().Run(new DiagnosticContext(table));
        Assert.InRange(result.Value("hiddenCells"), 10, 29);
        Assert.True(result.Value("coverage95") > 0.6);
    }

    /// <summary>Row of the reference: every cell of nhanes hidden by itself. The closed form and the empirical one are compared with
    /// theirs.</summary>
    [Fact]
    public void Crps_MatchesTheReference()
    {
        JsonElement grid = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "diagnostics", "overimputation.json")))
            .RootElement.GetProperty("crps_normal");
        foreach (JsonElement point in grid.EnumerateArray())
        {
            double mu = point.GetProperty("mu").GetDouble(), sigma = point.GetProperty("sigma").GetDouble(),
                y = point.GetProperty("y").GetDouble(), expected = point.GetProperty("crps").GetDouble();
            Assert.Equal(1, Crps.Normal(mu, sigma, y) / expected, 1e-13);
        }
    }

    [Fact]
    public void FarTooFewHits_AreWarnedOf_InFewRowsToo()
    {
        // Rows that are spread eight times as widely as those that the model was fitted to.
        NormalFit fit = NormalModel.Fit(Simulated.Table(Simulated.Rows(8, 500, 4, 0.6, 0.2)));
        double[,] values = Simulated.Rows(5, 15, 4, 0, 0.2);
        for (int row = 0; row < 15; row++)
            for (int j = 0; j < 4; j++) values[row, j] *= 8;
        Table table = Simulated.Table(values);
        DiagnosticResult result = new OverimputationDiagnostic().Run(new DiagnosticContext(table, fit.Impute(table)));
        Assert.InRange(result.Value("hiddenCells"), 10, 29);
        Assert.True(result.Value("coverage95") < 0.5);
        Assert.Contains(result.Findings, f => f is { Code: "intervals-too-narrow", Severity: FindingSeverity.Warning });
        Assert.StartsWith("The model's intervals are too narrow overall", result.Verdict);
    }

    [Fact]
    public void AHandfulOfCells_IsNotJudged()
    {
        DiagnosticResult result = Run(Simulated.Rows(3, 8, 2, 0.5, 0.2));
        Assert.InRange(result.Value("hiddenCells"), 1, 9);
        Assert.StartsWith("Too few cells could be hidden to assess", result.Verdict);
        Assert.DoesNotContain(result.Findings, f => f.Code.StartsWith("intervals-", StringComparison.Ordinal));
    }

    [Fact]
    public void Grades_AreNotTakenForHeavyTails()
    {
        // Most rows at 3, some at the ends: too many hits near, too few far out.
        double[,] values = Simulated.Rows(4, 1500, 3, 0.6, 0.2);
        for (int row = 0; row < 1500; row++)
            if (!double.IsNaN(values[row, 1])) values[row, 1] = Math.Abs(values[row, 1]) < 1.3 ? 3 : values[row, 1] > 0 ? 6 : 0;
        DiagnosticResult result = Run(values);
        Assert.DoesNotContain(result.Findings, f => f.Code == "intervals-heavy-tails" && f.Columns.Contains("x2"));
        Assert.Contains(result.Findings, f => f is { Code: "intervals-discrete", Severity: FindingSeverity.Note }
            && f.Columns.Contains("x2"));
    }
}
