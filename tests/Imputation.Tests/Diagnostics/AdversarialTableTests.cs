using Imputation.Data;
using Imputation.Diagnostics;
using Imputation.Models.Normal;

namespace Imputation.Tests.Diagnostics;

/// <summary>Tables on which a diagnostic must neither fail nor say what is not so.</summary>
public class AdversarialTableTests
{
    private static double[] Draw(int n, int seed, double missing = 0.2) => [.. Enumerable.Range(0, n).Select(i => new Random(seed * 100_003 + i).NextDouble() is var u && u < missing ? double.NaN : u)];

    public static TheoryData<string> Cases() => new(s_cases.Keys);

    private static readonly Dictionary<string, Func<Table>> s_cases = new()
    {
        ["no rows"] = () => new Table([NumericColumn.Number("x", []), TextColumn.Create("t", [])]),
        ["one row"] = () => Diagnosed.Table(("x", [1]), ("y", [double.NaN])),
        ["no numbers"] = () => new Table([TextColumn.Create("t", ["a", null, "b"]), ObjectColumn.Create("d", typeof(DateTime), [null, new DateTime(2000, 1, 1), null])]),
        ["nothing observed"] = () => Diagnosed.Table(("x", [double.NaN, double.NaN]), ("y", [double.NaN, double.NaN])),
        ["empty column"] = () => Diagnosed.Table(("x", Draw(50, 1)), ("nothing", [.. Enumerable.Repeat(double.NaN, 50)]), ("y", Draw(50, 2))),
        ["constant column"] = () => Diagnosed.Table(("x", Draw(50, 1)), ("c", [.. Enumerable.Repeat(7.0, 50)]), ("y", Draw(50, 2))),
        ["duplicates"] = () => Diagnosed.Table(("x", Draw(50, 1)), ("x again", Draw(50, 1)), ("y", Draw(50, 2))),
        ["nothing missing"] = () => Diagnosed.Table(("x", Draw(50, 1, 0)), ("y", Draw(50, 2, 0))),
        ["fewer rows than columns"] = () => Diagnosed.Table([.. Enumerable.Range(0, 12).Select(j => ($"x{j}", Draw(6, j)))]),
        ["two hundred and ten columns"] = () => Diagnosed.Table([.. Enumerable.Range(0, 210).Select(j => ($"x{j}", Draw(400, j, 0.02)))]),
        ["one column"] = () => Diagnosed.Table(("x", Draw(50, 1))),
        ["scales"] = () => Diagnosed.Table(("small", [.. Draw(60, 1).Select(v => v * 1e-8)]), ("large", [.. Draw(60, 2).Select(v => v * 1e12)]), ("far", [.. Draw(60, 3).Select(v => 1e12 + v)])),
        ["names"] = () => Diagnosed.Table(("<script>alert('x')</script>", Draw(60, 1)), (" ", Draw(60, 2)), ("a=b,c", Draw(60, 3)), ("99", Draw(60, 4))),
        ["wide spread"] = () => Diagnosed.Table(("x", [1e100, -1e100, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9]), ("y", Draw(12, 5))),
        ["two rows"] = () => Diagnosed.Table(("x", [1, 2]), ("y", [double.NaN, 3])),
        ["every row another pattern"] = () => Diagnosed.Table([.. Enumerable.Range(0, 8).Select(j => ($"x{j}", Enumerable.Range(0, 256).Select(i => (i >> j & 1) == 1 ? double.NaN : Math.Sin(i * (j + 1.0))).ToArray()))]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Diagnostics_Survive_AndShowWhatCanBeShown(string name)
    {
        var context = new DiagnosticContext(s_cases[name](), new DiagnosticOptions { Model = new NormalOptions { Prior = name.StartsWith("two hundred", StringComparison.Ordinal) ? NormalPrior.Ridge(5) : NormalPrior.Auto, MaxIterations = 20 } }); // where EM is by then does not matter here
        DiagnosticReport report = new DiagnosticSuite(Diagnosed.All).Run(context);
        Assert.Empty(report.Findings.Where(f => f.Code == "diagnostic-failed").Select(f => f.Sentence));
        foreach (DiagnosticResult result in report.Entries.Where(e => e.WasRun).Select(e => e.Result))
        {
            Assert.NotEmpty(result.Verdict);
            string said = string.Join(" ", result.Findings.Select(f => f.ToString() + f.Evidence).Append(result.Verdict).Concat(result.Charts.Select(c => c.Description)));
            Assert.DoesNotContain("NaN", said, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", said, StringComparison.Ordinal);
            Assert.All(result.Tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count)));
            Assert.All(result.Tables, table => Assert.All(table.Rows, row => Assert.All(row, cell => Assert.True(cell is null or string or bool or int or long or double, $"{cell?.GetType()}"))));
            foreach (ChartSeries series in result.Charts.OfType<XyChart>().SelectMany(c => c.Series))
                Assert.True(series.X.Count == series.Y.Count && series.X.Concat(series.Y).All(double.IsFinite) && (series.Labels.Count == 0 || series.Labels.Count == series.X.Count));
            foreach (HeatMap map in result.Charts.OfType<HeatMap>()) Assert.Equal((map.Rows.Count, map.Columns.Count), (map.Values.GetLength(0), map.Values.GetLength(1)));
            foreach (Dendrogram tree in result.Charts.OfType<Dendrogram>()) Assert.Equal(tree.Leaves.Count - 1, tree.Merges.Count);
        }
    }

    [Fact]
    public void Results_AreTheSame_OnAnyNumberOfThreads()
    {
        Table table = s_cases["two hundred and ten columns"]();
        DiagnosticResult[] Results(int threads) => [.. Diagnosed.All.SkipLast(1).Append(new ComparisonDiagnostic()).Select(d => Diagnosed.Run(d, table, new DiagnosticOptions { Model = new NormalOptions { Prior = NormalPrior.Ridge(5), Threads = threads, MaxIterations = 3 } }))];
        foreach ((DiagnosticResult one, DiagnosticResult many) in Results(1).Zip(Results(8)))
        {
            Assert.Equal(one.Values, many.Values);
            Assert.Equal(one.Tables.SelectMany(t => t.Rows.SelectMany(r => r)), many.Tables.SelectMany(t => t.Rows.SelectMany(r => r)));
        }
    }

    [Fact]
    public void Cancellation_IsHeard()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Table table = s_cases["duplicates"]();
        foreach (IMissingnessDiagnostic diagnostic in new IMissingnessDiagnostic[] { new ColumnsDiagnostic(), new PairsDiagnostic(), new FluxDiagnostic(), new SuspiciousCodesDiagnostic() })
            Assert.ThrowsAny<OperationCanceledException>(() => diagnostic.Run(new DiagnosticContext(table, null, source.Token)));
    }
}
