using Imputation.Text;

namespace Imputation.Tests.Text;

/// <summary>Numbers and names in summaries and sentences.</summary>
public class TextFormatTests
{
    [Theory]
    [InlineData(0, "<1e-300")] // beyond what a double holds, and no p value is 0
    [InlineData(4.14e-58, "4.1e-58")]
    [InlineData(0.03412, "0.0341")]
    [InlineData(0.9996, ">0.999")]
    [InlineData(1, "1")]
    public void Probability_IsNeitherZeroNorTooExact(double p, string text) => Assert.Equal(text, TextFormat.Probability(p));

    /// <summary>None and all are exact; what is nearly so does not look like it.</summary>
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0004, "<0.1")]
    [InlineData(0.242, "24.2")]
    [InlineData(0.9996, ">99.9")]
    public void Percent_OfNearlyNoneOrAll_IsNotRounded(double share, string text)
    {
        Assert.Equal(text, TextFormat.PercentNumber(share));
        Assert.Equal(text + " %", TextFormat.Percent(share));
    }

    [Fact]
    public void Percent_OfAll_HasADecimalOnlyInColumns() =>
        Assert.Equal(("100.0", "100 %"), (TextFormat.PercentNumber(12, 12), TextFormat.Percent(12, 12)));

    /// <summary>1.115 is a little less than that in binary; rounding its hundredfold first made 1.12 of it.</summary>
    [Theory]
    [InlineData(1.115, 2, "1.11")]
    [InlineData(-0.0004, 2, "0.00")]
    [InlineData(-0.04, 0, "0")]
    [InlineData(-1.26, 1, "-1.3")]
    [InlineData(double.NaN, 2, "unknown")]
    public void Fixed_RoundsOnce_AndHasNoMinusZero(double value, int decimals, string text) =>
        Assert.Equal(text, TextFormat.Fixed(value, decimals));

    [Theory]
    [InlineData("abcdef", 4, "abc\u2026")]
    [InlineData("ab cdef", 4, "ab\u2026")]
    [InlineData("ab\U0001F600cd", 4, "ab\u2026")] // not through a pair of surrogates
    [InlineData("abcd", 4, "abcd")]
    public void Cut_LeavesWholeCharacters(string text, int length, string cut) => Assert.Equal(cut, TextFormat.Cut(text, length));

    [Fact]
    public void List_NeverSaysAndOneMore()
    {
        Assert.Equal("a, b, c", TextFormat.List(["a", "b", "c"], most: 2));
        Assert.Equal("a, b and 2 more", TextFormat.List(["a", "b", "c", "d"], most: 2));
        Assert.Equal("a, 'b c'", TextFormat.NameList(["a", "b c"]));
    }
}
