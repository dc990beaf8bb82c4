using Imputation.Data;

namespace Imputation.Tests.Data;

public class ColumnPatternTests
{
    private static readonly string[] s_names = ["id", "A1", "x", "A2", "A3", "A10", "A1-A3", "q_1", "q_2", "Q9", "a*"];

    [Theory]
    [InlineData("A1", "A1")]
    [InlineData(" A1 ", "A1")]
    [InlineData("A1-A3", "A1-A3")]              // an exact name wins
    [InlineData("a*", "a*")]
    [InlineData("A1-A10", "A1,x,A2,A3,A10")]    // the order of the file
    [InlineData("A10-A1", "A1,x,A2,A3,A10")]
    [InlineData("A2-A4", "A2,A3")]              // numbers, where an end is no column
    [InlineData("A0-A2", "A1,A2")]
    [InlineData("q_1-2", "q_1,q_2")]
    [InlineData("q*", "q_1,q_2")]
    [InlineData("q_?", "q_1,q_2")]
    [InlineData("*_*", "q_1,q_2")]
    [InlineData("A?", "A1,A2,A3")]
    [InlineData("A*0", "A10")]
    [InlineData("z*", "")]
    [InlineData("B1-B5", "")]
    [InlineData("id-z", "")]
    [InlineData("A1-B2", "")]
    [InlineData("-", "")]
    public void ATextNames_TheseColumns(string text, string columns) =>
        Assert.Equal(columns.Length == 0 ? [] : columns.Split(','), ColumnPattern.Match(text, s_names));

    [Theory]
    [InlineData("2024-01-05", true)]
    [InlineData("2024-01-05 14:00:00", true)]
    [InlineData("2024-01-05T14:00:00Z", true)]
    [InlineData("1/8/2024", true)]
    [InlineData("31.12.1999", true)]
    [InlineData("5-Jan-2024", true)]
    [InlineData("20-39", false)]
    [InlineData("red", false)]
    [InlineData("1.5", false)]
    public void Dates_AreRecognised(string cell, bool date)
    {
        Assert.Equal(date, DateText.Is(cell));
        Assert.Equal(date, DateText.AreDates(TextColumn.Create("d", [cell, null, cell])));
    }
}
