using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Patterns;

namespace Imputation.Tests.Diagnostics;

public class PairsDiagnosticTests
{
    private static DiagnosticResult Run(Table table) => Diagnosed.Run(new PairsDiagnostic(), table);

    private static Table Holed(int n, int p, Func<int, double> share, int seed)
    {
        var random = new Random(seed);
        return Diagnosed.Table([.. Enumerable.Range(0, p).Select(j => ($"x{j}",
            Enumerable.Range(0, n).Select(_ => random.NextDouble() < share(j) ? double.NaN : random.NextDouble()).ToArray()))]);
    }

    [Theory]
    [MemberData(nameof(Diagnosed.DataSets), MemberType = typeof(Diagnosed))]
    public void Counts_MatchTheReference(string id)
    {
        if (Diagnosed.Data(id) is not { } table) return;
        JsonElement reference = Diagnosed.Reference("pairs").GetProperty(id);
        string[] names = [.. reference.GetProperty("columns").EnumerateArray().Select(e => e.GetString()!)];
        DiagnosticResult result = Run(table);
        DiagnosticTable pairs = result.Tables[0], both = result.Tables[1], usable = result.Tables[2];
        double At(string matrix, int j, int k) => reference.GetProperty(matrix)[j][k].Number();
        for (int j = 0; j < names.Length; j++)
        {
            for (int k = 0; k < names.Length; k++)
            {
                Assert.Equal(At("rr", j, k), both.Cell(names[j], names[k]));
                if (j != k) Diagnosed.Near(At("usable", j, k), usable.Cell(names[j], names[k]));
            }
        }
        foreach (IReadOnlyList<object?> row in pairs.Rows)
        {
            (int j, int k) = (Array.IndexOf(names, (string)row[0]!), Array.IndexOf(names, (string)row[1]!));
            Assert.Equal([At("rr", j, k), At("mr", j, k), At("rm", j, k), At("mm", j, k)],
                new[] { 2, 4, 5, 6 }.Select(c => Diagnosed.Number(row[c])));
            Diagnosed.Near(At("phi", j, k), Diagnosed.Number(row[7]));
        }
        foreach (HeatMap map in result.Charts.OfType<HeatMap>())
            for (int a = 0; a < map.Rows.Count; a++)
                for (int b = 0; b < map.Rows.Count; b++)
                    Diagnosed.Near(At("phi", Array.IndexOf(names, map.Rows[a]), Array.IndexOf(names, map.Rows[b])), map.Values[a, b]);
    }

    [Fact]
    public void NeverTogether_IsAWarning_WithTheNames()
    {
        double[] a = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? i * i % 7 : double.NaN)],
            b = [.. Enumerable.Range(0, 40).Select(i => i >= 20 ? i * i % 11 : double.NaN)],
            c = [.. Enumerable.Range(0, 40).Select(i => i * 3.0 % 5)];
        DiagnosticResult result = Run(Diagnosed.Table(("<script>", a), ("arm b", b), ("c", c)));
        Finding finding = Assert.Single(result.Findings, f => f.Code == "never-observed-together");
        Assert.Equal((FindingSeverity.Warning, 1.0), (finding.Severity, result.Value("neverTogether")));
        Assert.Equal(["<script>", "arm b"], finding.Columns);
        Assert.Equal(-1, result.Charts.OfType<HeatMap>().Single().Values[0, 1], 12);
        Assert.Equal(2, result.Charts.OfType<Dendrogram>().Single().Merges[0].Height, 12);
    }

    [Fact]
    public void ColumnsMissingInTheSameRows_AreNamed_AndJoinAtZero()
    {
        Table table = Holed(100, 4, _ => 0.2, seed: 1);
        double[] twin = [.. ((NumericColumn)table["x1"]).Values.ToArray().Select(v => Math.Sin(9 * v))];
        DiagnosticResult result = Run(new Table([.. table.Columns, NumericColumn.Number("twin", twin)]));
        Assert.Equal(["x1", "twin"], Assert.Single(result.Findings, f => f.Code == "missing-together").Columns);
        Dendrogram tree = result.Charts.OfType<Dendrogram>().Single();
        Assert.Equal(["x1", "twin"], new[] { tree.Leaves[tree.Merges[0].Left], tree.Leaves[tree.Merges[0].Right] });
        Assert.Equal(0, tree.Merges[0].Height, 12);
    }

    /// <summary>Average linkage by its definition: the mean of all distances between members.</summary>
    [Fact]
    public void Tree_IsThatOfANaiveAverageLinkage()
    {
        Dendrogram tree = Run(Holed(60, 12, j => 0.1 + 0.05 * j, seed: 3)).Charts.OfType<Dendrogram>().Single();
        HeatMap map = Run(Holed(60, 12, j => 0.1 + 0.05 * j, seed: 3)).Charts.OfType<HeatMap>().Single();
        Assert.Equal(map.Rows, tree.Leaves);
        var groups = Enumerable.Range(0, 12).ToDictionary(i => i, i => new List<int> { i });
        for (int step = 0; step < tree.Merges.Count; step++)
        {
            double Between(int a, int b) => groups[a].SelectMany(i => groups[b].Select(j => 1 - map.Values[i, j])).Average();
            (int Left, int Right) nearest = groups.Keys.SelectMany(a => groups.Keys.Where(b => b > a).Select(b => (a, b)))
                .MinBy(pair => Between(pair.a, pair.b));
            Assert.Equal([nearest.Left, nearest.Right], new[] { tree.Merges[step].Left, tree.Merges[step].Right }.Order());
            Assert.Equal(Between(nearest.Left, nearest.Right), tree.Merges[step].Height, 12);
            List<int> joined = [.. groups[tree.Merges[step].Left], .. groups[tree.Merges[step].Right]];
            groups[12 + step] = joined;
            Assert.Equal(joined.Count - 1, joined.Max() - joined.Min()); // side by side: no branches cross
            groups.Remove(nearest.Left);
            groups.Remove(nearest.Right);
        }
    }

    [Fact]
    public void ManyColumns_AreCapped_AndSaidSo()
    {
        DiagnosticResult result = Run(Holed(130, 230, j => 0.02 + 0.001 * j, seed: 2));
        Assert.Equal(230 * 229 / 2, result.Value("pairs"));
        DiagnosticTable table = Assert.Single(result.Tables);
        Assert.Equal(50, table.Rows.Count);
        Assert.Contains("26,335", table.Note, StringComparison.Ordinal);
        Assert.Equal(result.Value("lowestCoverage"), Diagnosed.Number(table.Rows[0][3]));
        double[] counts = [.. table.Rows.Select(r => Diagnosed.Number(r[2]))];
        Assert.Equal(counts.Order(), counts);
        Assert.Equal(40, result.Charts.OfType<HeatMap>().Single().Rows.Count);
        Assert.Contains("189 more", result.Charts.OfType<Dendrogram>().Single().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_OfTablesWithoutPairs_IsTrue()
    {
        const double NA = double.NaN;
        Assert.Equal("No column has values, so there is no pair to look at.", Run(AwkwardTables.Get("nothing observed")).Verdict);
        Assert.Equal("Only one column has values, so there is no pair to look at.", Run(AwkwardTables.Get("one row")).Verdict);
        Assert.Equal("Every pair of the 2 columns that have values is observed in every row; 1 column has none.",
            Run(Diagnosed.Table(("x", [1, 2]), ("y", [3, 5]), ("z", [NA, NA]))).Verdict);
        Assert.Equal("No column has missing cells: every pair is observed in every row.", Run(Diagnosed.Table(("x", [1, 2]), ("y", [3, 5])))
            .Verdict);
    }
}
