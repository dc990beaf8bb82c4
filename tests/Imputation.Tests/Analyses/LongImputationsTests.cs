using Imputation.Files;

namespace Imputation.Tests.Analyses;

public class LongImputationsTests
{
    [Fact]
    public void Imputations_AreTakenApart_WhateverTheOrderOfRows()
    {
        LongImputations table = Of(".imp,.id,x,s\n2,a,5,p\n0,a,NA,p\n1,a,3,p\n1,b,4,\n0,b,4,\n2,b,4,\n");
        Assert.Equal(2, table.Count);
        Assert.Equal([3, 4], ((NumericColumn)table[0]["x"]).Values.ToArray());
        Assert.Equal([5, 4], ((NumericColumn)table[1]["x"]).Values.ToArray());
        Assert.Equal("p", ((TextColumn)table[1]["s"])[0]);
        Assert.True(table.Incomplete!["x"].IsMissing(0));
        Assert.False(table[0].TryGetColumn(".id", out _));
    }

    [Fact]
    public void ImputationZero_MayBeLeftOut_AndNumbersMayHaveGaps()
    {
        LongImputations table = Of(".id,x,.imp\n1,5,7\n1,3,2\n");
        Assert.Equal((2, 3.0, 5.0), (table.Count, ((NumericColumn)table[0]["x"])[0], ((NumericColumn)table[1]["x"])[0]));
        Assert.Null(table.Incomplete);
    }

    [Theory]
    [InlineData("There is no column '.imp'", "imp,.id,x\n1,1,1\n")]
    [InlineData("There is no column '.id'", ".imp,x\n1,1\n")]
    [InlineData("Column '.imp', row 2: the cell is missing", ".imp,.id,x\n1,1,1\nNA,1,1\n")]
    [InlineData("Column '.imp', row 2: 1.5", ".imp,.id,x\n1,1,1\n1.5,1,1\n")]
    [InlineData("Column '.imp', row 2: -1", ".imp,.id,x\n1,1,1\n-1,1,1\n")]
    [InlineData("Column '.imp' is text", ".imp,.id,x\nfirst,1,1\nsecond,1,1\n")]
    [InlineData("Column '.id', row 2: the cell is missing", ".imp,.id,x\n1,1,1\n1,,1\n")]
    [InlineData("Column '.id', row 2: 1 stands twice in imputation 1", ".imp,.id,x\n1,1,1\n1,1,1\n")]
    [InlineData("Column '.id', row 2: 2 is a row of imputation 2, but not of the first", ".imp,.id,x\n1,1,1\n2,2,1\n")]
    [InlineData("Imputation 2 has no row with '.id' 2", ".imp,.id,x\n1,1,1\n1,2,1\n2,1,1\n")]
    public void WrongTables_AreRefused_WithThePlace(string message, string text) =>
        Assert.Contains(message, Assert.Throws<ImputationDataException>(() => Of(text)).Message);

    private static LongImputations Of(string text)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return LongImputations.Of(CsvTable.Read(stream, "long.csv"));
    }
}
