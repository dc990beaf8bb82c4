using Imputation.Diagnostics;

namespace Imputation.Tests.Diagnostics;

/// <summary>What must hold of every built-in diagnostic.</summary>
public class DefaultSuiteTests
{
    /// <summary>Those that may have no verdict, and then say so in a finding.</summary>
    private static readonly string[] s_tests = ["little", "t-tests", "predictors"];

    [Theory]
    [MemberData(nameof(AwkwardTables.Names), MemberType = typeof(AwkwardTables))]
    public void AwkwardTables_AreSurvived_AndTheSameTwice(string name)
    {
        Table table = AwkwardTables.Get(name);
        DiagnosticReport report = DiagnosticSuite.Default.Run(new DiagnosticContext(table));
        Assert.Empty(report.Findings.Where(f => f.Code == "diagnostic-failed").Select(f => f.Sentence));
        if (table.Columns.Count < 100) // the test of threads runs a wide table twice
        {
            DiagnosticReport again = DiagnosticSuite.Default.Run(new DiagnosticContext(table));
            Assert.Equal(report.Findings.Select(f => f.Sentence), again.Findings.Select(f => f.Sentence));
            Assert.Equal(report.Entries.SelectMany(e => e.Result.Values), again.Entries.SelectMany(e => e.Result.Values));
        }
        foreach (DiagnosticEntry entry in report.Entries)
        {
            if (s_tests.Contains(entry.Name) || !entry.WasRun) Assert.NotEmpty(entry.Result.Findings);
            else Assert.NotEmpty(entry.Result.Verdict);
            IsWellFormed(entry.Result);
        }
    }

    private static void IsWellFormed(DiagnosticResult result)
    {
        Assert.All(result.Findings, f => Assert.NotEmpty(f.Sentence));
        Assert.All(result.Charts, c => Assert.NotEmpty(c.Description));
        string said = string.Join(" ", [result.Verdict, result.Method, .. result.Findings.Select(f => f + f.Advice + f.Evidence),
            .. result.Charts.Select(c => c.Description), .. result.Tables.Select(t => t.Note)]);
        Assert.DoesNotContain("NaN", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", said, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", said, StringComparison.Ordinal);
        Assert.Equal(result.Values.Count, result.Values.Select(v => v.Key).Distinct().Count());
        foreach (DiagnosticTable table in result.Tables)
        {
            Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count));
            Assert.All(table.Rows, row => Assert.All(row, cell => Assert.True(cell is null or string or bool or int or long or double,
                $"{cell?.GetType()}")));
        }
        foreach (ChartSeries series in result.Charts.OfType<XyChart>().SelectMany(c => c.Series))
        {
            Assert.Equal(series.X.Count, series.Y.Count);
            Assert.InRange(series.X.Count, 1, 600);
            Assert.All(series.X.Concat(series.Y).Concat(series.Lower).Concat(series.Upper),
                x => Assert.True(double.IsFinite(x), $"{series.Name}: {x}"));
            foreach (int count in new[] { series.Lower.Count, series.Upper.Count, series.Labels.Count })
                Assert.Contains(count, new[] { 0, series.X.Count });
        }
        foreach (BarChart bars in result.Charts.OfType<BarChart>()) Assert.Equal(bars.Categories.Count, bars.Values.Count);
        foreach (HeatMap map in result.Charts.OfType<HeatMap>())
            Assert.Equal((map.Rows.Count, map.Columns.Count), (map.Values.GetLength(0), map.Values.GetLength(1)));
        foreach (Dendrogram tree in result.Charts.OfType<Dendrogram>()) Assert.Equal(tree.Leaves.Count - 1, tree.Merges.Count);
    }

    [Fact]
    public void Results_AreTheSame_OnAnyNumberOfThreads()
    {
        Table table = Simulated.Table(400, 210, seed: 1, missing: 0.02);
        DiagnosticReport Report(int threads) =>
            DiagnosticSuite.Default.Run(new DiagnosticContext(table,
                new DiagnosticOptions
                {
                    Model = new NormalOptions
                    {
                        Prior = CovariancePrior.Ridge(5),
                        MaxIterations = 3
                    }
                }, new RunOptions { Threads = threads }));
        foreach ((DiagnosticEntry one, DiagnosticEntry many) in Report(1).Entries.Zip(Report(8).Entries))
        {
            Assert.True(one.WasRun);
            Assert.Equal(one.Result.Values, many.Result.Values);
            Assert.Equal(one.Result.Tables.SelectMany(t => t.Rows.SelectMany(r => r)),
                many.Result.Tables.SelectMany(t => t.Rows.SelectMany(r => r)));
        }
    }

    [Fact]
    public void Cancellation_IsHeard()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        foreach (IMissingnessDiagnostic diagnostic in DiagnosticSuite.Default.Diagnostics)
            Assert.ThrowsAny<OperationCanceledException>(() => diagnostic.Run(new DiagnosticContext(AwkwardTables.Get("twins"), null, null,
                source.Token)));
    }
}
