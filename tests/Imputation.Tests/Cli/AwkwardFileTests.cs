using System.Text;

namespace Imputation.Tests.Cli;

/// <summary>What a new user might try. Every one ends in a right answer or a clear message, and the right exit code.</summary>
public sealed class AwkwardFileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,b\n", "no rows")]
    [InlineData("a,a\n1,2\n", "'a'")]
    [InlineData("a,b\n1,2\n3\n", "row 2")]
    [InlineData("a,b\n1,2\n1,2,3\n", "row 2")]
    [InlineData("a,b\n1,2\n2,x\n4,5\n5,NA\n", "Column 'b', row 2")]
    [InlineData("a,b\n1,2\n2,1e400\n4,5\n5,NA\n", "Column 'b', row 2")]
    [InlineData("a,b\n1,2\n2,Inf\n4,5\n5,NA\n", "Column 'b', row 2")]
    [InlineData("a,b\nNA,NA\nNA,NA\n", "")]
    [InlineData("a\nNA\nNA\nNA\n", "")]
    [InlineData("a,b\nx,y\nz,\n", "")]
    public void DataThatCannotBeUsed_ExitWith3AndLeaveNothing(string text, string message)
    {
        string input = _scratch.Write("in.csv", text);
        ImputeResult result = Impute.Run("fill", input, "--out", _scratch.Path("out.csv"), "--model-out", _scratch.Path("m.json"),
            "--ledger", _scratch.Path("l.csv")).Expect(3).Says("impute: ", message);
        Assert.Empty(result.Output);
        Assert.Equal(["in.csv"], _scratch.Names);
    }

    [Fact]
    public void OneColumn_IsFilledWithItsMean()
    {
        Impute.Run("fill", Repository.Degenerate("single_column.csv"), "--out", _scratch.Path("out.csv")).Expect(0);
        string[] before = File.ReadAllLines(Repository.Degenerate("single_column.csv")),
            after = File.ReadAllLines(_scratch.Path("out.csv"));
        for (int line = 0; line < before.Length; line++)
        {
            if (before[line] == "NA") Assert.Equal(9.52935294117647, double.Parse(after[line]), 1e-12); // mu in expected.json
            else Assert.Equal(before[line], after[line]);
        }
    }

    /// <summary>To declare it a mark for missing would lose the amount.</summary>
    [Fact]
    public void AnAmountInBrackets_IsNoMarkForMissing()
    {
        ImputeResult result = Impute.Run("fill", _scratch.Write("in.csv", "a,b\n1,200\n2,(192)\n3,150\n4,\n5,170\n"), "--out",
            _scratch.Path("out.csv")).Expect(3).Says("If brackets mean an amount below 0, write '(192)' as -192");
        Assert.DoesNotContain("--missing", result.Error);
    }

    /// <summary>Programs that end every row in a delimiter, but not the names: no cell is lost, and the bytes stay.</summary>
    [Fact]
    public void DelimitersBehindTheLastField_ArePassedOver_AndKept()
    {
        string input = _scratch.Write("in.csv", "a,b\n1.5,2.5,\n3.5,, \n5.5,6.25,,\n7.5,9.5\n2.5,3.5,\n");
        ImputeResult result = Impute.Run("fill", input, "--out", _scratch.Path("out.csv")).Expect(0);
        Assert.Contains("4 rows end in more delimiters than the header has columns", result.Text);
        string[] lines = File.ReadAllLines(_scratch.Path("out.csv"));
        Assert.Matches(@"^3\.5,\d+(\.\d+)?, $", lines[2]);
        Assert.Equal(["a,b", "1.5,2.5,", "5.5,6.25,,", "7.5,9.5", "2.5,3.5,"], [.. lines[..2], .. lines[3..]]);
        Impute.Run("describe", input).Expect(0);
        // A value there is no column for is refused.
        Impute.Run("fill", _scratch.Write("x.csv", "a,b\n1,2,\n3,,x\n"), "--out", _scratch.Path("x.out.csv")).Expect(3)
            .Says("row 2 (line 3): 3 fields, expected 2");
    }

    [Fact]
    public void SemicolonsAndDecimalCommas_ComeBackAsTheyWere()
    {
        string input = _scratch.Write("in.csv", "\uFEFFname;a;b\r\nx;1,50;2\r\ny;;3\r\nz;2,5;\r\nw;3,25;2,75\r\nv;1;4\r\n");
        Impute.Run("fill", input, "--out", _scratch.Path("out.csv"), "--decimal-comma").Expect(0);
        byte[] bytes = File.ReadAllBytes(_scratch.Path("out.csv"));
        string[] lines = Encoding.UTF8.GetString(bytes).Split("\r\n");
        Assert.Equal("\uFEFFname;a;b", lines[0]);
        Assert.Equal("x;1,50;2", lines[1]);
        Assert.Equal("w;3,25;2,75", lines[4]);
        Assert.Matches(@"^y;-?\d+,\d+;3$", lines[2]);
        Assert.Matches(@"^z;2,5;-?\d+(,\d+)?$", lines[3]);
    }

    [Fact]
    public void DecimalCommasUnannounced_AreExplained()
    {
        string input = _scratch.Write("in.csv", "a;b\n1,5;2\n;3\n2,5;\n3,25;2\n");
        Impute.Run("fill", input, "--out", _scratch.Path("out.csv")).Expect(3).Says("--decimal-comma");
    }

    [Fact]
    public void TwoHundredColumns_AreFilled()
    {
        var random = new Random(5);
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, 200).Select(j => $"v{j}"))).Append('\n');
        for (int row = 0; row < 600; row++)
        {
            double common = random.NextDouble();
            text.AppendJoin(',', Enumerable.Range(0, 200).Select(_ => random.Next(50) == 0 ? "NA" : (common + random.NextDouble())
                .ToString("F4"))).Append('\n');
        }
        string input = _scratch.Write("wide.csv", text.ToString());
        Impute.Run("fill", input, "--out", _scratch.Path("out.csv")).Expect(0);
        CsvCells.AssertCompletes(input, _scratch.Path("out.csv"));
    }

    [Fact]
    public void MissingInput_IsNamed() => Impute.Run("fill", _scratch.Path("nothing.csv"), "--out", _scratch.Path("out.csv")).Expect(2)
        .Says("nothing.csv");

    [Fact]
    public void FolderAsInput_IsNamed() => Impute.Run("fill", _scratch.Folder, "--out", _scratch.Path("out.csv")).Expect(2)
        .Says("is a folder");

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"imputation/model\",\"version\":1")]
    [InlineData("a,b\n1,2\n")]
    [InlineData("{\"format\":\"imputation/model\",\"version\":99}")]
    public void BrokenModel_ExitsWith3(string text)
    {
        string model = _scratch.Write("m.json", text);
        Impute.Run("apply", model, Repository.Example("nhanes.csv"), "--out", _scratch.Path("out.csv")).Expect(3).Says("m.json");
        Assert.Equal(["m.json"], _scratch.Names);
    }
}
