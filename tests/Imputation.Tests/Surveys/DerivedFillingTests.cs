using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Surveys;

/// <summary>Columns that follow from others, after filling: they do so in every row.</summary>
public class DerivedFillingTests
{
    public static TheoryData<int, FillMethod> Fillings()
    {
        var data = new TheoryData<int, FillMethod>();
        for (int kind = 0; kind < Planted.KindCount; kind++)
            foreach (FillMethod method in Enum.GetValues<FillMethod>()) data.Add(kind, method);
        return data;
    }

    [Theory]
    [MemberData(nameof(Fillings))]
    public void TheRelation_HoldsInEveryCompletedRow(int kind, FillMethod method)
    {
        (Table table, Func<Table, int, bool> holds) = Planted.Of(kind, 1);
        ImputationResult done = table.Impute(fill: new FillOptions { Method = method }, run: new RunOptions { Seed = 3 });
        Check(table, done.Table, holds);
        Assert.DoesNotContain(done.Findings, f => f.Code is "derived-not-kept" or "derived-not-computed");

        // Every derived cell is noted, and has no standard deviation of its own.
        ImputedCell[] derived = [.. done.Cells.Where(c => c.Column == "target")];
        Assert.All(derived, c => Assert.True((c.Notes & (CellNotes.Derived | CellNotes.Determined)) != 0, c.ToString()));
        Assert.All(derived, c => Assert.True(double.IsNaN(c.StandardDeviation) && double.IsNaN(c.Lower)));
        Assert.Equal(derived.Length, done.Fills.Single(f => f.Column == "target").DerivedCount);
        using var ledger = new MemoryStream();
        LedgerFile.Write(ledger, done.Cells);
        string[] lines = [.. Encoding.UTF8.GetString(ledger.ToArray()).Split('\n').Where(l => l.Contains(",target,"))];
        Assert.All(lines, line => Assert.Contains(",NA,NA,NA,", line));
        Assert.All(lines, line => Assert.Contains("derived", line));
    }

    [Theory]
    [InlineData(0, MultipleMethod.BootstrapEm)]
    [InlineData(3, MultipleMethod.BootstrapEm)]
    [InlineData(3, MultipleMethod.DataAugmentation)]
    [InlineData(13, MultipleMethod.BootstrapEm)]
    [InlineData(14, MultipleMethod.BootstrapEm)]
    public void TheRelation_HoldsInEveryImputation(int kind, MultipleMethod method)
    {
        (Table table, Func<Table, int, bool> holds) = Planted.Of(kind, 2);
        foreach (ImputationResult one in table.ImputeMultiple(new MultipleOptions { Count = 3, Method = method }))
            Check(table, one.Table, holds);
    }

    /// <summary>A fit keeps what it found, and applies it to new rows; by itself too few to find it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void AModelFile_KeepsWhatWasFound(int kind)
    {
        (Table table, Func<Table, int, bool> holds) = Planted.Of(kind, 1);
        FittedModel fit = table.Impute().Fit;
        using var stream = new MemoryStream();
        ModelFile.Write(stream, fit);
        stream.Position = 0;
        FittedModel read = ModelFile.Read(stream, "model.json");
        Assert.NotEmpty(read.Codebook!["target"]!.DerivedEvidence);

        (Table more, _) = Planted.Of(kind, 3);
        Table few = new(more.Columns.Select(c => Rows(c, 8)));
        Check(few, read.Impute(few, new FillOptions { Method = FillMethod.Draw }).Table, holds);
    }

    /// <summary>The sign of a root is that of the prediction.</summary>
    [Fact]
    public void ARoot_HasTheSignThatIsPredicted()
    {
        double[] x = [.. Enumerable.Range(0, 60).Select(i => 3 * Math.Sin(i))], xx = [.. x.Select(v => v * v)],
            like = [.. x.Select((v, i) => v + 0.1 * Math.Cos(7 * i))], with = [.. x];
        for (int i = 0; i < 60; i += 5) with[i] = double.NaN;
        ImputationResult done = new Table([NumericColumn.Number("x", with), NumericColumn.Number("like", like),
            NumericColumn.Number("xx", xx)]).Impute();
        double[] filled = ((NumericColumn)done.Table["x"]).Values.ToArray();
        for (int i = 5; i < 60; i += 5) Assert.Equal(x[i], filled[i], 9); // row 0: the root of 0
        Assert.All(done.Cells, c => Assert.Equal(CellNotes.Implied, c.Notes & CellNotes.Implied));
    }

    [Fact]
    public void AColumnThatIsNotModelled_IsComputedAllTheSame()
    {
        (Table table, Func<Table, int, bool> holds) = Planted.Of(13, 1);
        ImputationResult done = table.Impute(new NormalOptions());
        Check(table, done.Table, holds);
        Assert.DoesNotContain(done.Findings, f => f.Code == "cells-still-missing");
        Assert.Contains(done.Cells, c => c.Column == "target" && c.Notes == CellNotes.Derived && c.Level is "young" or "middle" or "old");
    }

    /// <summary>A derived cell of a question that was not asked stays empty.</summary>
    [Fact]
    public void NotAsked_StaysEmpty()
    {
        (Table table, _) = Planted.Of(0, 1);
        var book = new Codebook([new CodebookField("target") { Universe = SurveyRule.Parse("helper > 3") }]);
        Table done = table.Impute(new NormalOptions { Codebook = book }).Table;
        double[] helper = ((NumericColumn)table["helper"]).Values.ToArray();
        int empty = 0;
        for (int row = 0; row < table.RowCount; row++)
        {
            Assert.Equal(table["target"].IsMissing(row) && helper[row] <= 3, done["target"].IsMissing(row));
            empty += done["target"].IsMissing(row) ? 1 : 0;
        }
        Assert.True(empty > 5);
    }

    internal static void Check(Table before, Table after, Func<Table, int, bool> holds)
    {
        foreach (Column column in before.Columns)
        {
            Assert.Equal(0, after[column.Name].MissingCount);
            for (int row = 0; row < before.RowCount; row++)
                if (!column.IsMissing(row)) Assert.Equal(column.Value(row), AsRead(column, after[column.Name].Value(row)!));
        }
        for (int row = 0; row < after.RowCount; row++)
            Assert.True(holds(after, row), $"row {row + 1}: {string.Join(", ", after.Columns.Select(c => $"{c.Name} {c.Value(row)}"
                + (before[c.Name].IsMissing(row) ? " (filled)" : "")))}");

        // A column of whole numbers may have become one of numbers.
        static object AsRead(Column column, object value) => column.Kind == ColumnKind.Integer ? (long)Convert.ToDouble(value) : value;
    }

    internal static Column Rows(Column column, int count) => column switch
    {
        NumericColumn numbers => NumericColumn.Create(column.Name, column.Kind, numbers.Values[..count].ToArray()),
        _ => TextColumn.Create(column.Name, [.. Enumerable.Range(0, count).Select(row => (string?)column.Value(row))]),
    };
}
