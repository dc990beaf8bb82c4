using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Cli;

/// <summary>Files as other programs write them, by the command; those of shared/cases/field with their right answers.</summary>
public sealed class FieldFileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Out => _scratch.Path("out.csv");

    public void Dispose() => _scratch.Dispose();

    private static string Case(string name) => Path.Combine(SharedFolder.Find("cases/field")!, name + ".csv");

    private string[] Filled(ImputeResult result)
    {
        result.Expect(0);
        return File.ReadAllLines(Out);
    }

    [SharedFact("cases/field")]
    public void ThousandsPercentAndMoney_AreNumbers()
    {
        string income = Filled(Impute.Run("fill", Case("36_thousands"), "--out", Out, "--integer", "income"))[7];
        Assert.Equal("7,\"1,822\",26", income);
        string[] lines = Filled(Impute.Run("fill", Case("44_percent_money"), "--out", Out));
        Assert.Equal(("S3,16%,\"$1,530\"", "S7,24%,\"$1,970\""), (lines[4], lines[8]));
    }

    [SharedFact("cases/field")]
    public void ACommentAndAMissingHeader_AreSaid()
    {
        ImputeResult comment = Impute.Run("fill", Case("62_comment_line"), "--out", Out);
        Assert.Equal("# exported by tool", Filled(comment)[0]);
        Assert.Contains("Line 1 ('# exported by tool')", comment.Text);
        Assert.Contains("5 rows", comment.Text);

        ImputeResult header = Impute.Run("fill", Case("19_no_header"), "--out", Out).Expect(0);
        Assert.Contains("looks like a", header.Text);
        Assert.Contains("--no-header", header.Text);
        Impute.Run("fill", Case("19_no_header"), "--out", Out, "--strict").Expect(5).Says("--no-header");
        Assert.Contains("30 rows", Impute.Run("fill", Case("19_no_header"), "--out", Out, "--no-header", "--strict").Text);
    }

    [SharedFact("cases/field")]
    public void StagesInRomanNumbers_AreFilledByTheMarker()
    {
        Dictionary<string, string> right = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(Case("04_text_levels"), "expect.json")))
            .RootElement.GetProperty("stage").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        string[][] rows = [.. Filled(Impute.Run("fill", Case("04_text_levels"), "--out", Out)).Select(line => line.Split(','))];
        Assert.InRange(rows.Count(row => right.GetValueOrDefault(row[0]) == row[1]), 13, 16);
    }

    /// <summary>Categories are named as numbers are; only a text that is no category is refused, and of a pattern left out.</summary>
    [Fact]
    public void Categories_AreNamedAsColumns()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(i => $"name {i},{(i % 7 == 3 ? "" : i % 2 == 0 ? "f" : "m")},"
            + $"{(i % 9 == 4 ? "" : i % 3)},{(i % 11 == 5 ? "" : i * 31 % 17 + i % 2 * 20)}")];
        string input = _scratch.Write("in.csv", $"who,sex,q1,score\n{string.Join('\n', lines)}\n"), model = _scratch.Path("m.json");
        string[] filled = Filled(Impute.Run("fill", input, "--out", Out, "--columns", "sex,score"));
        Assert.Equal(lines.Where(line => !line.Split(',')[1..].Contains("")), filled[1..].Where((_, i) => !lines[i].Split(',')[1..]
            .Contains("")));
        Assert.DoesNotContain(filled, line => line.Split(',')[1] == "" || line.Split(',')[3] == "");
        Assert.Contains(filled, line => line.Split(',')[2] == "");
        Assert.Equal(filled, Filled(Impute.Run("fill", input, "--out", Out, "--columns", "*", "--exclude", "q1")));

        filled = Filled(Impute.Run("fill", input, "--out", Out, "--fill", "sex"));
        Assert.DoesNotContain(filled, line => line.Split(',')[1] == "");
        Assert.Contains(filled, line => line.Split(',')[3] == "");
        Impute.Run("fit", input, "--out", model, "--columns", "sex,score").Expect(0);
        Assert.DoesNotContain(Filled(Impute.Run("apply", model, input, "--out", Out, "--fill", "sex")), line => line.Split(',')[1] == "");
        Impute.Run("multiple", input, "-m", "2", "--out", _scratch.Path("m"), "--columns", "sex,score").Expect(0);
        string described = Impute.Run("describe", input, "--columns", "sex,score").Expect(0).Text;
        Assert.DoesNotContain("sex: not numeric", described);
        Assert.DoesNotContain("sex: not numeric", Impute.Run("describe", input).Expect(0).Text);

        Impute.Run("fill", input, "--out", Out, "--columns", "who,score").Expect(2).Says("column 'who' is text");
        Impute.Run("fill", input, "--out", Out, "--columns", "sex,score", "--model", "normal").Expect(2).Says("'sex' is text");
        Impute.Run("fill", input, "--out", Out, "--integer", "s*").Expect(0);
    }

    [SharedFact("cases/field")]
    public void BlankRows_StayBlank()
    {
        string[] before = File.ReadAllLines(Case("57_blank_rows"));
        ImputeResult result = Impute.Run("fill", Case("57_blank_rows"), "--out", Out);
        Assert.Equal(before[^2..], Filled(result)[^2..]);
        Assert.Contains("15 rows", result.Text);
        Assert.Contains("2 rows are blank", result.Text);
        Assert.Contains("weight 1", result.Text);

        Impute.Run("fit", Case("52_train"), "--out", _scratch.Path("m.json"), "--quiet").Expect(0);
        ImputeResult applied = Impute.Run("apply", _scratch.Path("m.json"), Case("52_new_other_columns"), "--out", Out);
        Assert.Equal(",,", Filled(applied)[3]);
        Assert.Contains("1 row is blank", applied.Text);
    }

    [SharedFact("cases/field")]
    public void OneTarget_IsFilled_AndTheOtherColumnsAreUsed()
    {
        string[] all = Filled(Impute.Run("fill", Case("03_one_target"), "--out", Out)),
            one = Filled(Impute.Run("fill", Case("03_one_target"), "--out", Out, "--fill", "rev*"));
        Assert.Equal(all.Select(line => line.Split(',')[0]), one.Select(line => line.Split(',')[0]));
        Assert.Equal(3, one.Count(line => line.Split(',')[1].Length == 0));
    }

    [SharedFact("cases/field")]
    public void Estimates_ArePooledByLevel()
    {
        Impute.Run("pool", Case("29_pool_levels"), "--out", Out, "--quiet").Expect(0);
        string[] first = File.ReadAllLines(Out)[1].Split(',');
        Assert.Equal(("B", "(Intercept)"), (first[0], first[1]));
        Assert.Equal(0.20676, double.Parse(first[2], CultureInfo.InvariantCulture), 5);
        Assert.Equal(0.1176977, double.Parse(first[3], CultureInfo.InvariantCulture), 7);
    }

    [SharedFact("cases/field")]
    public void DatesAndNegativeZero_AreAsTheyShouldBe()
    {
        Assert.Contains("Dates are not filled", Impute.Run("fill", Case("10_dates"), "--out", Out).Expect(0).Text.ReplaceLineEndings(" "));
        Assert.Equal("0,0", Filled(Impute.Run("fill", Case("66_negative_zero"), "--out", Out))[1]);
    }

    /// <summary>One bound for several columns; the exact name wins.</summary>
    [Fact]
    public void PatternsAndRanges_NameColumns()
    {
        string input = _scratch.Write("in.csv", "id,A1,A2,A3,note\na,1,2,3,x\nb,2,,4,y\nc,5,3,,x\nd,4,1,2,y\ne,,5,1,x\nf,3,2,2,z\n");
        string text = Impute.Run("fill", input, "--out", Out, "--bounds", "A*=1..5", "--bounds", "A3=2..3",
            "--integer", "A1-A3", "--columns", "A?")
            .Expect(0).Text;
        Assert.Contains("3 modelled: A1, A2, A3", text);
        Assert.DoesNotContain(".", File.ReadAllText(Out));
        Impute.Run("fill", input, "--out", Out, "--columns", "A1-A2", "--exclude", "n*").Expect(0);
        Impute.Run("fill", input, "--out", Out, "--integer", "B*").Expect(2).Says("no column fits 'B*'", "'A1'");
        Impute.Run("fill", input, "--out", Out, "--bounds", "A?=0..", "--bounds", "A*=1..").Expect(2).Says("two bounds for column 'A1'");
    }

    /// <summary>What other commands refuse is the first finding; the line that they advise does what it says.</summary>
    [Fact]
    public void Describe_RefusesNoReadableFile_AndTheAdviceWorks()
    {
        string input = _scratch.Write("in.csv", "age,income,q\n34,100,1\nrefused,200,2\n40,dk,3\n41,300,\"x, $y\"\n,310,4\n50,330,5\n");
        ImputeResult refused = Impute.Run("fill", input, "--out", Out).Expect(3).Says("--missing 'refused,dk,\"x, $y\"'");
        ImputeResult described = Impute.Run("describe", input, "--json", "-", "--quiet").Expect(0);
        Assert.Contains("mixed-columns", described.Text);
        string option = refused.Error[(refused.Error.IndexOf("--missing '", StringComparison.Ordinal) + 11)..];
        Impute.Run("fill", input, "--out", Out, "--missing", option[..option.IndexOf('\'', StringComparison.Ordinal)]).Expect(0);
    }

    [Fact]
    public void NorthAmerica_IsNotMissing_WhereTheUserSaysSo()
    {
        string input = _scratch.Write("in.csv", "region,n,m\nNA,1,2\nEU,NA,3\nAS,3,1\nEU,4,5\n");
        Assert.Contains("Still missing   1 cell", Impute.Run("fill", input, "--out", Out).Expect(0).Text);
        Assert.DoesNotContain("Still missing", Impute.Run("fill", input, "--out", Out, "--no-missing", "region=NA").Expect(0).Text);
        Impute.Run("fill", input, "--out", Out, "--no-missing", "NA").Expect(3).Says("'n'", "--missing-in \"n=NA\"");
    }

    [Fact]
    public void CompressedFiles_AreReadAndWritten()
    {
        string to = _scratch.Path("out.csv.gz");
        Impute.Run("fill", Repository.Example("airquality.csv"), "--out", to).Expect(0);
        Impute.Run("fill", Repository.Example("airquality.csv"), "--out", Out).Expect(0);
        using var unzipped = new StreamReader(new GZipStream(File.OpenRead(to), CompressionMode.Decompress));
        Assert.Equal(File.ReadAllText(Out), unzipped.ReadToEnd());
        Assert.Contains("153 rows", Impute.Run("describe", to).Expect(0).Text);
        Impute.Run("multiple", Repository.Example("airquality.csv"), "-m", "2", "--long", to).Expect(0);
        Assert.Contains("306 rows", Impute.Run("describe", to, "--exclude", ".imp,.id").Expect(0).Text);
    }

    [Fact]
    public void Workbooks_AreNotWritten()
    {
        string input = Repository.Example("airquality.csv");
        Impute.Run("fill", input, "--out", _scratch.Path("out.xlsx")).Expect(2).Says("workbooks are read, not written", ".csv");
        Impute.Run("multiple", input, "--long", _scratch.Path("out.xlsx")).Expect(2).Says("workbooks are read, not written");
        Impute.Run("fill", input, "--out", Out, "--to", "xlsx").Expect(2).Says("--to xlsx");
        Impute.Run("fill", _scratch.Write("in.xlsx", "a,b\n1,2\n"), "--out", Out).Expect(3).Says("not an Excel workbook");
    }
}
