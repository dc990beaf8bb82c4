using System.Text.Json;

namespace Imputation.Tests.Cli;

public sealed class DescribeTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Numbers of the patterns from tests/References/mvn/ID.json.</summary>
    [Theory]
    [InlineData("airquality")]
    [InlineData("bfi")]
    [InlineData("boys_num")]
    [InlineData("missvals")]
    [InlineData("pattern3")]
    public void Patterns_MatchTheReferences(string id)
    {
        string references = Path.Combine(Repository.Root, "tests", "References");
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(references, "mvn", id + ".json"))).RootElement;
        string json = Impute.Run("describe", Path.Combine(references, "data", id + ".csv"), "--json", "-").Expect(0).Text;
        JsonElement actual = JsonDocument.Parse(json).RootElement;

        Assert.Equal(expected.GetProperty("n_rows").GetInt32(), actual.GetProperty("rows").GetInt32());
        Assert.Equal(expected.GetProperty("n_patterns").GetInt32(), actual.GetProperty("patterns").GetArrayLength());
        Assert.Equal(expected.GetProperty("monotone_after_reordering_columns").GetBoolean(), actual.GetProperty("monotone").GetBoolean());
        Assert.Equal(expected.GetProperty("n_rows").GetInt32(), actual.GetProperty("patterns").EnumerateArray()
            .Sum(p => p.GetProperty("rows").GetInt32()));
        Assert.Equal(expected.GetProperty("n_missing_cells").GetInt32(), actual.GetProperty("columns").EnumerateArray()
            .Sum(c => c.GetProperty("missing").GetInt32()));
        Assert.Equal(expected.GetProperty("pairs_never_observed_together").GetArrayLength(), actual.GetProperty("neverObservedTogether")
            .GetArrayLength());
    }

    [Fact]
    public void Columns_AreCountedByHowTheirMissingCellsWereMarked()
    {
        string input = _scratch.Write("in.csv", "name;age;[x]\nAda;36;1,5\nBob;-99;NA\n;40;\nCid;-99;2,5\n");
        string json = Impute.Run("describe", input, "--decimal-comma", "--missing-in", "age=-99,-98", "--json", "-", "--quiet").Expect(0)
            .Text;
        JsonElement[] columns = [.. JsonDocument.Parse(json).RootElement.GetProperty("columns").EnumerateArray()];

        Assert.Equal("text", columns[0].GetProperty("kind").GetString());
        Assert.Equal(1, columns[0].GetProperty("missing").GetInt32());
        Assert.Equal("code", columns[1].GetProperty("missingBy")[0].GetProperty("kind").GetString());
        Assert.Equal(2, columns[1].GetProperty("missingBy")[0].GetProperty("cells").GetInt32());
        Assert.Equal(38, columns[1].GetProperty("mean").GetDouble());
        Assert.Equal(2, columns[2].GetProperty("missingBy").GetArrayLength());
        Assert.Equal(2.0, columns[2].GetProperty("mean").GetDouble());
        Assert.Equal(Math.Sqrt(0.5), columns[2].GetProperty("standardDeviation").GetDouble(), 1e-15); // of 1.5 and 2.5, divisor n - 1
    }

    [Fact]
    public void Patterns_OfManyColumns_AreAllInTheJson()
    {
        // 200 columns and 300 rows, each row without one column: 200 patterns, and no complete row.
        IEnumerable<string> rows = Enumerable.Range(0, 300).Select(row => string.Join(',',
            Enumerable.Range(0, 200).Select(j => j == row % 200 ? "" : $"{(row * 7 + j * j) % 101}")));
        string input = _scratch.Write("wide.csv", string.Join(',', Enumerable.Range(0, 200).Select(j => $"v{j}")) + "\n" + string.Join('\n',
            rows) + "\n");
        ImputeResult result = Impute.Run("describe", input, "--json", _scratch.Path("wide.json")).Expect(0);
        JsonElement patterns = JsonDocument.Parse(File.ReadAllText(_scratch.Path("wide.json"))).RootElement.GetProperty("patterns");
        Assert.Equal(200, patterns.GetArrayLength());
        Assert.All(patterns.EnumerateArray(), p => Assert.Equal(199, p.GetProperty("observed").GetString()!.Count(c => c == '1')));
        Assert.Contains("194 more patterns", result.Text);
    }

    [Fact]
    public void Summary_GoesToStandardError_WhereTheJsonGoesToStandardOutput()
    {
        ImputeResult result = Impute.Run("describe", Repository.Example("nhanes.csv"), "--json", "-").Expect(0).Says("25 rows, 4 columns");
        Assert.StartsWith("{", result.Text);
        Assert.EndsWith("}\n", result.Text);
    }

    [Fact]
    public void Summary_OfABroadTable_IsShort()
    {
        string text = Impute.Run("describe", Path.Combine(Repository.Root, "tests", "References", "data", "bfi.csv")).Expect(0).Text;
        string[] lines = text.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 40, 90);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.InRange(lines.Count(line => line.StartsWith("Warning ", StringComparison.Ordinal)), 1, 5);
    }

    [Fact]
    public void Full_HasNoRawNames_AndNoEndlessLines()
    {
        string[] lines = Impute.Run("describe", Path.Combine(Repository.Root, "tests", "References", "data", "bfi.csv"), "--full").Expect(0)
            .Text.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 125));
        Assert.DoesNotContain(lines, line => line.Contains("columnsWithMissing", StringComparison.OrdinalIgnoreCase)
            || line.Contains("listwiseRows", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatWasNotRun_IsTold_WithItsReason()
    {
        string input = _scratch.Write("empty.csv", "a,b\nNA,NA\nNA,NA\n");
        ImputeResult result = Impute.Run("describe", input).Expect(0);
        Assert.Contains("Not run         Little, Predictors, Comparison", result.Text);
        Assert.DoesNotContain("every pair is observed", result.Text);
        string page = _scratch.Path("empty.html");
        Impute.Run("describe", input, "--report", page, "--quiet").Expect(0);
        string html = File.ReadAllText(page);
        Assert.True(html.Split("Not run</span>").Length > 5, "too few diagnostics are called not run");
    }

    [Theory]
    [InlineData("no diagnostic is left", "--only", "little", "--without", "little")]
    [InlineData("expected names of diagnostics", "--only", "")]
    public void ASuiteOfNothing_IsAUsageError(string said, params string[] options)
    {
        Impute.Run(["describe", Repository.Example("nhanes.csv"), .. options]).Expect(2).Says(said);
    }
}
