namespace Imputation.Tests.Filling;

/// <summary>Only some columns are filled; all are used.</summary>
public class FillTargetsTests
{
    private static readonly Table s_table = Table.FromArray(["a", "b", "c"], new[,]
    {
        { 1, 2.5, 3 }, { double.NaN, 3, 4.5 }, { 3, double.NaN, 2 }, { 4, 1, double.NaN },
            { 2.5, 4, 1 }, { 5, 2, double.NaN }, { 1, double.NaN, 7 },
    });

    [Theory]
    [InlineData(FillMethod.Mean)]
    [InlineData(FillMethod.Draw)]
    public void TheColumnsNamed_GetTheValuesTheyWouldGetAnyway_AndTheOthersStay(FillMethod method)
    {
        ImputationResult all = s_table.Impute(fill: new FillOptions { Method = method }),
            some = s_table.Impute(fill: new FillOptions { Method = method, Fill = ["b"] });
        Assert.Equal(((NumericColumn)all.Table["b"]).Values.ToArray(), ((NumericColumn)some.Table["b"]).Values.ToArray());
        Assert.Same(s_table["a"], some.Table["a"]);
        Assert.Equal(2, some.FilledCount);
        Assert.Equal(["b", "b"], some.Cells.Select(c => c.Column));
        Finding finding = Assert.Single(some.Findings, f => f.Code == "not-asked-to-fill");
        Assert.Equal((FindingSeverity.Note, "'a' and 'c' keep their missing cells: not among the columns to fill."),
            (finding.Severity, finding.Sentence));
    }

    [Fact]
    public void AColumnThatThereIsNot_IsRefused() =>
        Assert.Contains("'d'", Assert.Throws<ArgumentException>(() => s_table.Impute(fill: new FillOptions { Fill = ["d"] })).Message);

    [Fact]
    public void Imputations_FillTheSameColumns()
    {
        ImputationSet set = s_table.ImputeMultiple(new MultipleOptions { Count = 2, Fill = new FillOptions { Fill = ["b"] } });
        foreach (ImputationResult result in set.InOrder(default))
            Assert.Equal([1, 0, 2], result.Table.Columns.Select(c => c.MissingCount));
    }

    [Fact]
    public void DatesWithHoles_AreSaidNotToBeFilled()
    {
        var table = new Table([.. s_table.Columns, TextColumn.Create("day", ["2024-01-01", null, "2024-01-03", "2024-01-04", "2024-01-05",
            "2024-01-06", "2024-01-07"])]);
        ImputationResult result = table.Impute();
        Assert.Contains("dates are not modelled or filled", result.ColumnUses[3].Note);
        Finding finding = Assert.Single(result.Findings, f => f.Code == "cells-still-missing");
        Assert.Contains("Dates are not filled.", finding.Sentence);
        Assert.Contains("days since", finding.Advice);
    }
}
