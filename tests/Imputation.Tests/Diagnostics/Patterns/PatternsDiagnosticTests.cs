using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Patterns;

namespace Imputation.Tests.Diagnostics;

public class PatternsDiagnosticTests
{
    private static DiagnosticResult Run(Table table) => Diagnosed.Run(new PatternsDiagnostic(), table);

    [Theory]
    [InlineData("airquality")]
    [InlineData("nhanes")]
    [InlineData("boys_num")]
    [InlineData("missvals")]
    [InlineData("sas_fitness1")]
    public void Patterns_MatchTheReference(string id)
    {
        if (Diagnosed.Data(id) is not { } table) return;
        DiagnosticResult result = Run(table);
        JsonElement reference = Diagnosed.Reference("patterns").GetProperty(id);
        Assert.Equal(reference.Number("complete_rows"), result.Value("completeRows"));
        Assert.Equal(reference.GetProperty("monotone").GetBoolean(), result.Value("monotone") == 1);
        Assert.Equal(reference.GetProperty("ascending").Number("observed_after_missing"), result.Value("cellsToDiscard"));
        Assert.Equal(reference.GetProperty("ascending").Number("missing_before_observed"), result.Value("cellsToFill"));
        Assert.Equal(reference.GetProperty("ascending").GetProperty("order").EnumerateArray().Select(e => e.GetString()),
            result.Tables[2].Rows.Select(r => (string?)r[0]));

        var patterns = reference.GetProperty("patterns").EnumerateArray().ToDictionary(e => e.GetProperty("observed").GetString()!);
        Assert.Equal(patterns.Count, result.Value("patterns"));
        var map = Assert.IsType<PatternMap>(Assert.Single(result.Charts));
        Assert.Equal((patterns.Count, table.RowCount), (map.Patterns.Count + map.LeftOutPatterns, map.Patterns.Sum(p => p.RowCount)
            + map.LeftOutRows));
        Assert.Equal(Math.Min(50, patterns.Count), map.Patterns.Count);
        for (int k = 0; k < map.Patterns.Count; k++)
        {
            JsonElement expected = patterns[map.Patterns[k].Observed];
            Assert.Equal(expected.Number("n"), map.Patterns[k].RowCount);
            Assert.Equal(expected.Number("n"), Diagnosed.Number(result.Tables[0].Rows[k][1]));
            Assert.True(k == 0 || map.Patterns[k].RowCount <= map.Patterns[k - 1].RowCount);
            double[] means = [.. expected.GetProperty("means").EnumerateArray().Select(e => e.Number())];
            for (int j = 0; j < Math.Min(20, means.Length); j++)
                Diagnosed.Near(means[j], Diagnosed.Number(result.Tables[1].Rows[k][j + 2]));
        }
    }

    /// <summary>Counted cell by cell.</summary>
    [Fact]
    public void DistanceFromMonotone_IsThatOfANaiveCount()
    {
        var random = new Random(4);
        for (int trial = 0; trial < 30; trial++)
        {
            int p = 1 + trial % 9 + (trial == 29 ? 70 : 0);
            double[][] columns = [.. Enumerable.Range(0, p).Select(_ => Enumerable.Range(0, 40).Select(_ => random.NextDouble() < 0.3
                ? double.NaN : random.NextDouble()).ToArray())];
            int[] order = [.. Enumerable.Range(0, p).OrderBy(j => columns[j].Count(double.IsNaN))];
            long discard = 0, fill = 0;
            for (int row = 0; row < 40; row++)
            {
                bool[] missing = [.. order.Select(j => double.IsNaN(columns[j][row]))];
                for (int k = 0; k < p; k++)
                {
                    if (!missing[k] && missing[..k].Contains(true)) discard++;
                    if (missing[k] && missing[k..].Contains(false)) fill++;
                }
            }
            DiagnosticResult result = Run(Diagnosed.Table([.. columns.Select((c, j) => ($"x{j}", c))]));
            Assert.Equal((discard, fill), ((long)result.Value("cellsToDiscard"), (long)result.Value("cellsToFill")));
            Assert.Equal(fill == 0, result.Value("monotone") == 1);
            Assert.Equal(discard == 0, fill == 0);
        }
    }

    [Fact]
    public void DropOut_IsMonotone_WhateverTheOrderOfTheColumns()
    {
        double[] Column(int last) => [.. Enumerable.Range(0, 60).Select(i => i % 10 < last ? i * 1.5 + last : double.NaN)];
        DiagnosticResult result = Run(Diagnosed.Table(("week 8", Column(4)), ("base", Column(10)), ("week 4", Column(7))));
        Assert.Equal((1, 0, 0), (result.Value("monotone"), result.Value("cellsToFill"), result.Value("cellsToDiscard")));
        Finding finding = Assert.Single(result.Findings, f => f.Code == "monotone");
        Assert.Contains("then 'week 4', 'week 8'", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void TextColumns_HavePatternsButNoMeans()
    {
        var table = new Table([TextColumn.Create("word", ["a", null, "b", null]),
            NumericColumn.Number("x", [1, 2, double.NaN, double.NaN])]);
        DiagnosticResult result = Run(table);
        Assert.Equal(4, result.Value("patterns"));
        Assert.Equal(["Pattern", "Rows", "x"], result.Tables[1].Columns.Select(c => c.Name));
        Assert.Equal(["few-complete-rows", "empty-rows"], result.Findings.Select(f => f.Code));
    }
}
