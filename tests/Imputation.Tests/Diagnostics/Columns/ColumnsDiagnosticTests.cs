using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Columns;

namespace Imputation.Tests.Diagnostics;

public class ColumnsDiagnosticTests
{
    private static DiagnosticResult Run(Table table, DiagnosticOptions? options = null) => Diagnosed.Run(new ColumnsDiagnostic(), table,
        options);

    private static string[] Codes(DiagnosticResult result) => [.. result.Findings.Select(f => f.Code)];

    [Theory]
    [MemberData(nameof(Diagnosed.DataSets), MemberType = typeof(Diagnosed))]
    public void Statistics_MatchTheReference(string id)
    {
        if (Diagnosed.Data(id) is not { } table) return;
        DiagnosticResult result = Run(table);
        foreach (JsonProperty column in Diagnosed.Reference("columns").GetProperty(id).EnumerateObject())
        {
            Assert.Equal(column.Value.Number("observed"), result.Tables[0].Cell(column.Name, "Observed"));
            Assert.Equal(column.Value.Number("missing"), result.Tables[0].Cell(column.Name, "Missing"));
            Assert.Equal(column.Value.Number("distinct"), result.Tables[0].Cell(column.Name, "Distinct"));
            foreach ((string theirs, string ours) in new[] { ("min", "Minimum"), ("q05", "5 %"), ("q25", "25 %"), ("median", "Median"),
                ("q75", "75 %"), ("q95", "95 %"), ("max", "Maximum"), ("mean", "Mean"), ("sd", "Sd"), ("skewness", "Skewness") })
                Diagnosed.Near(column.Value.Number(theirs), result.Tables[1].Cell(column.Name, ours), 1e-11); // sums in another order
        }
    }

    [Fact]
    public void MissingCells_AreCountedByMark()
    {
        var codes = new byte[] { 0, 1, 1, 2, 3 };
        var marks = new MissingMask(codes, [MissingOrigin.Empty, new MissingOrigin(MissingKind.Marker, "NA"),
            new MissingOrigin(MissingKind.Code, "-99")]);
        DiagnosticResult result =
            Run(new Table([NumericColumn.Create("x", ColumnKind.Number, [1, double.NaN, double.NaN, double.NaN, double.NaN], marks)]));
        Assert.Equal("empty 2, NA 1, -99 1", result.Tables[0].Rows[0][Diagnosed.IndexOf(result.Tables[0], "Marked as")]);
        Assert.Equal(0.8, result.Value("missingShare"));
    }

    [Fact]
    public void EqualColumns_AreFound_WhereverBothAreObserved()
    {
        var random = new Random(1);
        double[] a = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())], b = [.. a], c = [.. a];
        for (int i = 0; i < 60; i++) (a[i], b[i + 60], c[i + 120]) = (double.NaN, double.NaN, double.NaN); // no row is complete
        (c[7], c[65]) = (c[7] + 1e-12, c[65] + 1e-12); // differs from b, and from a
        DiagnosticResult result = Run(Diagnosed.Table(("a", a), ("b", b), ("c", c)));
        Finding finding = Assert.Single(result.Findings, f => f.Code == "duplicate-columns");
        Assert.Equal(["a", "b"], finding.Columns);
        Assert.Contains("80 rows", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void EqualText_AndEqualDates_AreFound()
    {
        string?[] words = [.. Enumerable.Range(0, 60).Select(i => i % 7 == 0 ? null : "abc"[(i * i) % 3].ToString())];
        object?[] days = [.. Enumerable.Range(0, 60).Select(i => (object)new DateTime(2000, 1, 1).AddDays(i % 11))];
        DiagnosticResult result = Run(new Table([TextColumn.Create("t", words), ObjectColumn.Create("d", typeof(DateTime), days),
            TextColumn.Create("u", [.. words.Select(w => w is null ? "b" : w)]), ObjectColumn.Create("e", typeof(DateTime), days)]));
        Assert.Equal([("u", "t"), ("e", "d")], result.Tables.Single(t => t.Title == "Duplicate columns")
            .Rows.Select(r => ((string)r[0]!, (string)r[1]!)));
    }

    [Fact]
    public void LookAlikes_AreNotCalledEqual()
    {
        double[] rare = [.. Enumerable.Range(0, 1000).Select(i => i == 500 ? 1.0 : 0)], other = [.. rare];
        for (int i = 0; i < 1000; i++) if (i % 2 == 1) other[i] = double.NaN;   // one 1 in common: what two rare events by chance share
        double[] first = [.. Enumerable.Range(0, 100).Select(i => i < 50 ? i : double.NaN)],
            second = [.. Enumerable.Range(0, 100).Select(i => i >= 48 ? i : double.NaN)];
        double[] same = [.. Enumerable.Repeat(3.0, 100)];
        Assert.DoesNotContain("duplicate-columns", Codes(Run(Diagnosed.Table(("first", first), ("second", second)))));   // 2 rows
        // constant, which is said
        Assert.DoesNotContain("duplicate-columns", Codes(Run(Diagnosed.Table(("same", same), ("same too", same)))));
        Assert.DoesNotContain("duplicate-columns", Codes(Run(Diagnosed.Table(("rare", rare[..40]), ("other", other[..40])))));
    }

    [Fact]
    public void EqualColumns_AreThoseOfANaiveSearch_AmongManyColumns()
    {
        var random = new Random(5);
        const int N = 300, P = 250;
        double[][] columns = [.. Enumerable.Range(0, P).Select(j => j % 10 == 9 ? null! : Enumerable.Range(0, N)
            .Select(_ => (double)random.Next(j % 3 == 0 ? 2 : 50)).ToArray())];
        for (int j = 9; j < P; j += 10) columns[j] = [.. columns[j - 1 - random.Next(3)]];
        foreach (double[] column in columns)
            for (int i = 0; i < N; i++) if (random.NextDouble() < 0.1) column[i] = double.NaN;
        DiagnosticResult result = Run(Diagnosed.Table([.. columns.Select((c, j) => ($"x{j}", c))]));

        bool Equal(int j, int k) => Enumerable.Range(0, N).All(i => double.IsNaN(columns[j][i]) || double.IsNaN(columns[k][i])
            || columns[j][i] == columns[k][i]);
        var naive = Enumerable.Range(0, P).SelectMany(k => Enumerable.Range(0, k).Where(j => Equal(j, k)).Take(1)
            .Select(j => ($"x{k}", $"x{j}"))).ToArray();
        Assert.Equal(25, naive.Length);
        Assert.Equal(naive, result.Tables.Single(t => t.Title == "Duplicate columns").Rows.Select(r => ((string)r[0]!, (string)r[1]!)));
    }

    [Fact]
    public void EmptyConstantAndIdentifyingColumns_AreNamed()
    {
        double[] rows = [.. Enumerable.Range(0, 30).Select(i => (double)i)];
        var table = new Table(
        [
            NumericColumn.Create("person_id", ColumnKind.Integer, [.. rows.Select(r => 7 * r)]),
                NumericColumn.Create("order", ColumnKind.Integer, [.. rows.Select(r => 100 - r)]),
            NumericColumn.Number("nothing", [.. rows.Select(_ => double.NaN)]),
                NumericColumn.Number("site", [.. rows.Select(r => r % 3 == 0 ? double.NaN : 4)]),
            NumericColumn.Number("x", [.. rows.Select(r => r * r % 7)]), TextColumn.Create("name", [.. rows.Select(r => $"n{r}")]),
                TextColumn.Create("group", [.. rows.Select(r => r % 2 == 0 ? null : r % 3 == 0 ? "a" : "b")]),
        ]);
        // The normal model takes no categories; where the columns choose the model, a category is modelled and filled.
        Assert.Equal(["nothing-observed", "constant-column", "identifier", "row-number"], Codes(Run(table)));
        DiagnosticResult result = Run(table, new DiagnosticOptions { Model = new NormalOptions() });
        Assert.Equal(["nothing-observed", "constant-column", "identifier", "row-number", "text-not-filled"], Codes(result));
        Assert.Equal(["nothing"], result.Findings[0].Columns);
        Assert.Equal(["site"], result.Findings[1].Columns);
        Assert.Contains("(4)", result.Findings[1].Sentence, StringComparison.Ordinal);
        Assert.Equal(["person_id", "name"], result.Findings[2].Columns);
        Assert.Equal(["order"], result.Findings[3].Columns);
        Assert.Equal(["group"], result.Findings[4].Columns);
    }

    [Fact]
    public void ScaleAndShift_ScaleTheStatistics()
    {
        var random = new Random(2);
        double[] x = [.. Enumerable.Range(0, 101).Select(_ => random.NextDouble() * random.NextDouble())];
        DiagnosticTable table = Run(Diagnosed.Table(("x", x), ("small", [.. x.Select(v => v * 1e-8)]),
            ("far", [.. x.Select(v => 1e12 + v * 1e6)]))).Tables[1];
        Diagnosed.Near(table.Cell("x", "Sd") * 1e-8 * 1e8, table.Cell("small", "Sd") * 1e8);
        Diagnosed.Near(table.Cell("x", "Skewness"), table.Cell("small", "Skewness"));
        Diagnosed.Near(table.Cell("x", "Skewness"), table.Cell("far", "Skewness"), 1e-8); // 1e12 + 1e6 x has 10 digits of x left
        Diagnosed.Near(1e12 + 1e6 * table.Cell("x", "Median"), table.Cell("far", "Median"));
    }

    [Fact]
    public void Bars_AreOfAllColumns_TheMostMissingFirst()
    {
        var bars = Assert.IsType<BarChart>(Assert.Single(Run(Diagnosed.Table(("a", [1, 2, 4]), ("b", [1, double.NaN, 3]),
            ("c", [double.NaN, double.NaN, 5]), ("d", [double.NaN, 2, 7]))).Charts));
        Assert.Equal(["c", "b", "d", "a"], bars.Categories);
        Assert.Equal([2 / 3.0, 1 / 3.0, 1 / 3.0, 0], bars.Values);
    }

    [Fact]
    public void Bars_AreOfTheWorstColumns_WhereThereAreMany()
    {
        Table table = Diagnosed.Table([.. Enumerable.Range(0, 200)
            .Select(j => ($"x{j}", Enumerable.Range(0, 300).Select(i => i < j ? double.NaN : i * (j + 1.0)).ToArray()))]);
        var bars = Assert.IsType<BarChart>(Assert.Single(Run(table).Charts));
        Assert.Equal((40, "x199", 199 / 300.0, CellFormat.Share), (bars.Categories.Count, bars.Categories[0], bars.Values[0], bars.Format));
        Assert.Empty(Run(Diagnosed.Table(("x", [1, 2, 3]))).Charts);
    }

    [Fact]
    public void ExcludedColumns_AreNotWarnedOfAsDuplicates()
    {
        Table table = AwkwardTables.Get("twins");
        string[] again = [.. table.Columns.Select(c => c.Name).Where(name => name.EndsWith(" again", StringComparison.Ordinal))];
        var options = new DiagnosticOptions
        {
            Model = new NormalOptions
            {
                Prior = CovariancePrior.Auto,
                Columns = new ColumnSelection { Exclude = again }
            }
        };
        Assert.Contains(Run(table).Findings, f => f.Code == "duplicate-columns");
        Assert.DoesNotContain(new ColumnsDiagnostic().Run(new DiagnosticContext(table, options)).Findings,
            f => f.Code == "duplicate-columns");
    }
}
