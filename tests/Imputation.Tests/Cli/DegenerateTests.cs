using System.Globalization;

namespace Imputation.Tests.Cli;

/// <summary>The awkward files of tests/References/degenerate, each ending as expected.json beside them says.</summary>
public sealed class DegenerateTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Out => _scratch.Path("out.csv");

    [Theory]
    [InlineData("header_only", "no rows")]
    [InlineData("inf_values", "'b', row 5")]
    [InlineData("one_text_cell", "'b', row 7")]
    [InlineData("single_row_missing", "")]
    public void Unusable_IsRefusedByName(string id, string message)
    {
        Impute.Run("fill", Repository.Degenerate(id + ".csv"), "--out", Out).Expect(3).Says(message);
        Assert.Empty(_scratch.Names);
    }

    [Theory]
    [InlineData("complete_data", "sample moments")]
    [InlineData("constant_column", "c: constant")]
    [InlineData("all_missing_rows", "no observed value")]
    [InlineData("missing_tokens", "converged")]
    [InlineData("scale_1e-8_to_1e12", "converged")]
    [InlineData("n_less_than_p", "ridge")]
    [InlineData("collinear_sum", "x1")]
    [InlineData("never_jointly_observed", "'b' and 'c'")]
    public void Usable_IsCompleted(string id, string message)
    {
        string input = Repository.Degenerate(id + ".csv");
        ImputeResult result = Impute.Run("fill", input, "--out", Out).Expect(0);
        Assert.Contains(message, string.Join(' ', result.Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        if (id != "missing_tokens") CsvCells.AssertCompletes(input, Out); // whose marks are of all kinds
        else Assert.All(File.ReadAllLines(Out).Skip(1).SelectMany(line => line.Split(',')),
            cell => Assert.True(double.TryParse(cell, out double value) && double.IsFinite(value), cell));
    }

    [Fact]
    public void ConstantColumn_IsFilledWithItsConstant()
    {
        string input = Repository.Degenerate("constant_column_with_missing.csv");
        ImputeResult result = Impute.Run("fill", input, "--out", Out).Expect(0);
        Assert.Contains("c: constant", result.Text);
        Assert.All(CsvCells.Read(Out).Skip(1), row => Assert.Equal(5.0, double.Parse(row[2], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void ColumnWithNothingObserved_StaysMissingAndIsNamed()
    {
        ImputeResult result = Impute.Run("fill", Repository.Degenerate("all_missing_column.csv"), "--out", Out).Expect(0);
        Assert.Contains("b: not modelled (no observed value; its cells stay missing)",
            string.Join(' ', result.Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        string[][] cells = CsvCells.Read(Out);
        Assert.All(cells.Skip(1), row => Assert.Equal("NA", row[1]));
        Assert.DoesNotContain("NA", cells.SelectMany(row => (string[])[row[0], row[2], row[3]]));
    }

    /// <summary>x3 = x1 + x2 exactly: the missing cells are what the relation says.</summary>
    [Fact]
    public void ExactSum_DeterminesTheMissingCells()
    {
        string input = Repository.Degenerate("collinear_sum.csv");
        Impute.Run("fill", input, "--out", Out).Expect(0);
        string[][] before = CsvCells.Read(input), after = CsvCells.Read(Out);
        for (int row = 1; row < before.Length; row++)
        {
            if (before[row].Count(cell => cell == "NA") != 1) continue;
            double[] x = [.. after[row].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.Equal(x[2], x[0] + x[1], 1e-6); // as expected.json asks
        }
    }
}
