using Imputation.Files;
using Imputation.Text;

namespace Imputation.Tests.Files;

/// <summary>Unknown marks for missing, all in one message; usual marks that are values.</summary>
public class CsvMarksTests
{
    private const string Text =
        "age,income,q,region\n34,100,1,NA\nrefused,200,2,EU\n40,dk,3,NA\n41,300,\"x, y\",AS\n,310,4,EU\n50,$x,5,EU\n44,350,2,EU\n";

    [Fact]
    public void AllUnknownMarks_OfAllColumns_AreNamedAtOnce_WithOptionsThatCanBePasted()
    {
        string message = Csv.Refused(Text).Message;
        Assert.Contains("3 columns have cells that are not numbers", message);
        Assert.Contains("--missing 'refused,dk,$x,\"x, y\"'", message);
        Assert.Contains("--missing-in \"age=refused\"", message);
        Assert.Contains("--missing-in 'income=dk,$x'", message);
        Assert.Contains("--missing-in 'q=\"x, y\"'", message);

        Table table = Csv.Read(Text, new TableReadOptions { MissingMarkers = TextFormat.OptionItems("refused,dk,$x,\"x, y\"") });
        Assert.Equal([2, 2, 1, 2], table.Columns.Select(c => c.MissingCount));
    }

    /// <summary>A mark that is an ordinary value of another column is declared by column only.</summary>
    [Fact]
    public void AMarkThatIsAValueElsewhere_IsNotDeclaredForAllColumns()
    {
        string message = Csv.Refused("a,b,c\n1,1,none\n2,none,some\nnone,2,none\n3,3,some\n4,4,some\n").Message;
        Assert.DoesNotContain("--missing \"", message);
        Assert.Contains("--missing-in \"a=none\" --missing-in \"b=none\"", message);
    }

    [Fact]
    public void ManyDifferentTexts_AreNotTakenForMarks()
    {
        string text = "a,b\n" + string.Concat(Enumerable.Range(0, 60)
            .Select(i => i % 2 == 0 ? $"{i},1\n" : i < 50 ? $"text {i},2\n" : $"{i},3\n"));
        string message = Csv.Refused(text).Message;
        Assert.DoesNotContain("--missing", message);
        Assert.Contains("--exclude \"a\"", message);
    }

    [Fact]
    public void ALenientReader_ReportsThem_AndTakesTheColumnsAsText()
    {
        Table table = Csv.Read(Text, new TableReadOptions { Lenient = true });
        Finding finding = table.Findings[0];
        Assert.Equal((FindingSeverity.Problem, "mixed-columns"), (finding.Severity, finding.Code));
        Assert.Equal(["age", "income", "q"], finding.Columns);
        Assert.IsType<TextColumn>(table["age"]);
        Assert.Equal(Text, Csv.Text(table));
    }

    [Fact]
    public void AUsualMark_CanBeAValue_InAllColumnsOrInOne()
    {
        const string text = "region,n\nNA,1\nEU,NA\nn/a,3\n";
        var inOne = new TableReadOptions { NotMissingByColumn = new Dictionary<string, IReadOnlyList<string>> { ["reg*"] = ["na"] } };
        Table table = Csv.Read(text, inOne);
        Assert.Equal(["NA", "EU", null], Enumerable.Range(0, 3).Select(table["region"].Value));
        Assert.Equal(1, table["n"].MissingCount);
        Assert.Equal("NA", Csv.Read("region,n\nNA,1\nEU,2\n", new TableReadOptions { NotMissing = ["NA"] })["region"].Value(0));
        Assert.Throws<ArgumentException>(() => Csv.Read("a\n1\n", inOne));
    }

    [Fact]
    public void Marks_CanBeDeclaredForSeveralColumns()
    {
        Table table = Csv.Read("q1,q2,x\n9,1,9\n1,9,2\n", new TableReadOptions
        {
            MissingByColumn = new Dictionary<string, IReadOnlyList<string>> { ["q1-q2"] = ["9"] },
        });
        Assert.Equal([1, 1, 0], table.Columns.Select(c => c.MissingCount));
    }

    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData(" a , , b ", "a|b")]
    [InlineData("\"x, y\",b", "x, y|b")]
    [InlineData("\"say \"\"no\"\"\"", "say \"no\"")]
    [InlineData("5\" pipe,x", "5\" pipe|x")]
    [InlineData("\"open,x", "\"open|x")]
    public void OptionLists_AreSplitAtCommas_OutsideQuotes(string list, string items)
    {
        Assert.Equal(items.Split('|'), TextFormat.OptionItems(list));
        Assert.Equal(items.Split('|'), TextFormat.OptionItems(TextFormat.OptionList(items.Split('|'))));
    }

    [Theory]
    [InlineData("refused", "\"refused\"")]
    [InlineData("don't know", "\"don't know\"")]
    [InlineData("$x", "'$x'")]
    [InlineData("don't `know`", "'don'\\''t `know`'")]
    public void AValue_IsQuotedForTheShell(string value, string quoted) => Assert.Equal(quoted, TextFormat.Shell(value));
}
