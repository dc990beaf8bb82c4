using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Files;

/// <summary>Numbers with thousands separators, percent and currency signs; lists of answers.</summary>
public class CsvStyleTests
{
    [Theory]
    [InlineData("\"1,000\"", 1000, "\"7,654,321\"")]
    [InlineData("\"1,234,567.5\"", 1234567.5, "\"7,654,321\"")]
    [InlineData("1 234", 1234, "7 654 321")]
    [InlineData("1\u00A0234", 1234, "7\u00A0654\u00A0321")]
    [InlineData("1'234", 1234, "7'654'321")]
    [InlineData("-1 234", -1234, "7 654 321")]
    [InlineData("16%", 16, "7654321%")]
    [InlineData("16.5 %", 16.5, "7654321 %")]
    [InlineData("$12", 12, "$7654321")]
    [InlineData("-$12.50", -12.5, "$7654321")]
    [InlineData("$-12.50", -12.5, "$7654321")]
    [InlineData("\"$1,200\"", 1200, "\"$7,654,321\"")]
    [InlineData("\"$ 1,200.75\"", 1200.75, "\"$ 7,654,321\"")]
    [InlineData("12 €", 12, "7654321 €")]
    [InlineData("€12", 12, "€7654321")]
    [InlineData("£5", 5, "£7654321")]
    [InlineData("¥500", 500, "¥7654321")]
    [InlineData("US$5", 5, "US$7654321")]
    [InlineData("EUR 5", 5, "EUR 7654321")]
    [InlineData("1 234 kr", 1234, "7 654 321 kr")]
    public void ANumber_IsRead_AndAFilledOneIsWrittenInItsStyle(string cell, double value, string filled)
    {
        string text = $"a,b\n{cell},1\n,2\n{cell},3\n";
        Table table = Csv.Read(text);
        var column = Assert.IsType<NumericColumn>(table["a"]);
        Assert.Equal([value, double.NaN, value], column.Values.ToArray());
        Assert.Equal(FindingSeverity.Note, Assert.Single(table.Findings).Severity);
        Assert.Equal(text, Csv.Text(table));
        Assert.Equal($"a,b\n{cell},1\n{filled},2\n{cell},3\n", Csv.Text(Csv.Fill(table, 7654321)));
        double[] back = [.. ((NumericColumn)Csv.Read(Csv.Bytes(Csv.Fill(table, 7654321.25)))["a"]).Values];
        Assert.Equal([value, 7654321.25, value], back);
    }

    [Fact]
    public void FilledNumbers_AreGrouped_WhateverTheirSize()
    {
        foreach ((double value, string written) in new[] { (5.0, "5"), (999.0, "999"),
            (-1000.0, "-1,000"), (123456.5, "123,456.5"), (1e22, "1E+22") })
            Assert.Contains(written, Csv.Text(Csv.Fill(Csv.Read("a,b\n\"1,000\",1\n,2\n"), value)), StringComparison.Ordinal);
    }

    /// <summary>The advice that did harm: obeyed, it made 1.822 of 1,822.</summary>
    [Fact]
    public void ThousandsSeparators_AreNotTakenForDecimalCommas()
    {
        Table table = Csv.Read("a,b\n\"1,822\",1\n\"12,500\",2\n999,3\n");
        Assert.Equal([1822, 12500, 999], ((NumericColumn)table["a"]).Values.ToArray());
        Assert.Equal(ColumnKind.Integer, table["a"].Kind);
        Assert.DoesNotContain("decimal", Assert.Single(table.Findings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhereTheCommaMayBeDecimal_BothReadingsAreNamed()
    {
        Finding finding = Assert.Single(Csv.Read("a;b\n1,822;1\n2,500;2\n").Findings);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains("'1,822' is read as 1822", finding.Sentence);
        Assert.Contains("--thousands \",\"", finding.Advice);
        Assert.Contains("--decimal-comma", finding.Advice);
        Assert.Empty(Csv.Read("a;b\n1,822;1\n2,500;2\n", new TableReadOptions { Thousands = ',' }).Findings);
        Assert.Empty(Csv.Read("a;b\n1.822;1\n2,500;2\n", new TableReadOptions { Thousands = '.', DecimalComma = true }).Findings);
    }

    [Theory]
    [InlineData("a,b\n\"1,822\",1\n1500,2\n\"2,000\",3\n")]            // not all from 1000 on have it
    [InlineData("a;b\n1,822;1\n1500;2\n2,000;3\n")]
    public void InconsistentSeparators_AreRefused_UnlessTheyAreDeclared(string text)
    {
        string message = Csv.Refused(text).Message;
        Assert.Contains("--thousands \",\"", message);
        Assert.Equal(text[1] == ';', message.Contains("--decimal-comma", StringComparison.Ordinal));
        Assert.Equal(1500, ((NumericColumn)Csv.Read(text, new TableReadOptions { Thousands = ',' })["a"]).Values[1]);
    }

    [Theory]
    [InlineData("a;b\n1,5;1\n2,25;2\n12,1;3\n")]
    [InlineData("a,b\n\"0,5\",1\n\"2,25\",2\n\"12,1\",3\n")]
    [InlineData("a;b\n0,123;1\n0,456;2\n1,822;3\n")]                     // no thousands begin with a 0
    [InlineData("a;b\n1.234,50 €;1\n12,00 €;2\n99,95 €;3\n")]
    [InlineData("a;b\n1.234,50;1\n12,00;2\n99,95;3\n")]
    public void DecimalCommas_AreAdvised_WhereTheAdviceIsRight(string text)
    {
        Assert.Contains("--decimal-comma", Csv.Refused(text).Message);
        Table table = Csv.Read(text, new TableReadOptions { DecimalComma = true });
        Assert.True(((NumericColumn)table["a"]).Values[1] is 2.25 or 0.456 or 12, "the advice leads to the right number");
    }

    [Theory]
    [InlineData("\"1,4\"", "2", "\"1,2,3\"")]
    [InlineData("\"1,4\"", "2", "\"2,3\"")]
    [InlineData("1;4", "2", "3;5;7")]
    [InlineData("1|4", "2", "3|5")]
    [InlineData("1 4", "2", "3 5 12")]
    public void ListsOfAnswers_AreText_NotNumbersAndNotErrors(string first, string second, string third)
    {
        Table table = Csv.Read($"q,b\n{first},1\n{second},2\n{second},3\n{third},4\n{second},5\n{second},6\n",
            new TableReadOptions { Delimiter = ',' });
        Assert.Equal(first.Trim('"'), table["q"].Value(0));
        Finding finding = Assert.Single(table.Findings);
        Assert.Equal("lists-of-answers", finding.Code);
        if (third.Contains("1,2,3", StringComparison.Ordinal))
            Assert.DoesNotContain("decimal", finding.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("16%", "0.12")]
    [InlineData("$5", "7")]
    [InlineData("$5", "€7")]
    public void NumbersWithDifferentSigns_AreText_AndThisIsSaid(string first, string second)
    {
        Table table = Csv.Read($"a,b\n{first},1\n{second},2\n{first},3\n");
        Assert.IsType<TextColumn>(table["a"]);
        Assert.Equal("mixed-signs", Assert.Single(table.Findings, f => f.Severity == FindingSeverity.Warning).Code);
    }

    [Fact]
    public void MarksAndCodes_CountAmongStyledNumbers()
    {
        Table table = Csv.Read("a,b\n\"$1,200\",1\nNA,2\n$-99,3\n$500,4\n", new TableReadOptions { MissingMarkers = ["-99"] });
        Assert.Equal([1200, double.NaN, double.NaN, 500], ((NumericColumn)table["a"]).Values.ToArray());
        Assert.Contains("--missing-in \"a=refused\"", Csv.Refused("a,b\n\"$1,200\",1\nrefused,2\n$300,3\n$500,4\n").Message);
    }

    [Fact]
    public void EuroSigns_InWindows1252_ComeBackAsTheyWere()
    {
        byte[] Bytes(string cell) => [.. Encoding.Latin1.GetBytes("größe,b\n5 "), 0x80, .. Encoding.Latin1.GetBytes($",1\n{cell}"),
            .. cell.Length > 0 ? (byte[])[0x80] : [], .. Encoding.Latin1.GetBytes(",2\n")];
        Assert.Equal(Bytes("7.5 "), Csv.Bytes(Csv.Fill(Csv.Read(Bytes("")), 7.5)));
    }

    [Fact]
    public void ASeparatorThatIsTheDecimalMark_IsRefused() =>
        Assert.Contains("decimal mark",
            Assert.Throws<ArgumentException>(() => Csv.Read("a\n1\n", new TableReadOptions { Thousands = '.' })).Message);
}
