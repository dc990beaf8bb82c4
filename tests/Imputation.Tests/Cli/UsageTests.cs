using System.Text;

namespace Imputation.Tests.Cli;

public sealed class UsageTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Version_IsOneLineOnStandardOutput()
    {
        ImputeResult result = Impute.Run("--version").Expect(0);
        Assert.Matches(@"^impute \d+\.\d+\.\d+\S*\n$", result.Text);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("fill", "--help")]
    [InlineData("fit", "--help")]
    [InlineData("apply", "--help")]
    [InlineData("describe", "--help")]
    [InlineData("multiple", "--help")]
    [InlineData("pool", "--help")]
    [InlineData("analyze", "--help")]
    public void Help_HasExamplesAndExitCodes(params string[] args)
    {
        ImputeResult result = Impute.Run(args).Expect(0);
        Assert.Contains("Examples:\n  impute ", result.Text);
        Assert.Contains("  4    done but not converged", result.Text);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("fill")]
    [InlineData("fit")]
    [InlineData("apply")]
    [InlineData("multiple")]
    [InlineData("describe")]
    public void EveryCommand_ReadsWithTheSameOptions(string command)
    {
        string help = Impute.Run(command, "--help").Expect(0).Text;
        foreach (string option in (string[])["--from", "--missing ", "--missing-in", "--delimiter", "--decimal-comma", "--columns",
            "--exclude"])
            Assert.Contains(option, help);
    }

    [Theory]
    [InlineData("expected fill, fit, apply, multiple, describe, codebook, analyze, pool, cluster, accumulate or sql")]
    [InlineData("Did you mean 'describe'?", "descibe", "IN")]
    [InlineData("'--out' is required", "fill", "IN")]
    [InlineData("Did you mean '--columns'?", "fill", "IN", "--out", "OUT", "--colums", "a")]
    [InlineData("It belongs to", "describe", "IN", "--bounds", "a=0..1")]
    [InlineData("--restarts 0", "fill", "IN", "--out", "OUT", "--restarts", "0")]
    [InlineData("--seed -1", "fill", "IN", "--out", "OUT", "--seed", "-1")]
    [InlineData("--threads x", "fill", "IN", "--out", "OUT", "--threads", "x")]
    [InlineData("--tolerance 1e400", "fill", "IN", "--out", "OUT", "--tolerance", "1e400")]
    [InlineData("--max-iterations 1.5", "fill", "IN", "--out", "OUT", "--max-iterations", "1.5")]
    [InlineData("--prior ridge:0", "fill", "IN", "--out", "OUT", "--prior", "ridge:0")]
    [InlineData("--method median", "fill", "IN", "--out", "OUT", "--method", "median")]
    [InlineData("--delimiter ab", "fill", "IN", "--out", "OUT", "--delimiter", "ab")]
    [InlineData("--bounds a=5..1", "fill", "IN", "--out", "OUT", "--bounds", "a=5..1")]
    [InlineData("--bounds a=..", "fill", "IN", "--out", "OUT", "--bounds", "a=..")]
    [InlineData("--bounds a=0..x", "fill", "IN", "--out", "OUT", "--bounds", "a=0..x")]
    [InlineData("two bounds for column 'a'", "fill", "IN", "--out", "OUT", "--bounds", "a=0..1", "--bounds", "a=0..2")]
    [InlineData("--missing-in 99", "fill", "IN", "--out", "OUT", "--missing-in", "99")]
    [InlineData("'zip'", "fill", "IN", "--out", "OUT", "--from", "zip")]
    [InlineData(".xlsx", "fill", "IN", "--out", "out.xlsx")]
    [InlineData("unexpected value 'more'", "fill", "IN", "more", "--out", "OUT")]
    [InlineData("analyze takes IN and FORMULA, but FORMULA is missing. For example: impute analyze", "analyze", "IN")]
    [InlineData("column 'name' is text", "fill", "IN", "--out", "OUT", "--columns", "name")]
    [InlineData("column 'name' is text", "fill", "IN", "--out", "OUT", "--bounds", "name=0..1")]
    [InlineData("column 'name' is text", "fill", "IN", "--out", "OUT", "--round", "name")]
    public void WrongUsage_SaysWhatIsWrongAndExits2(string message, params string[] args)
    {
        string input = _scratch.Write("in.csv", "name,a,b\nx,1,2\ny,NA,3\nz,4,NA\nw,2,2.5\n");
        ImputeResult result = Impute.Run([.. args.Select(a => a == "IN" ? input : a == "OUT" ? _scratch.Path("out.csv") : a)], null,
            _scratch.Folder).Expect(2).Says(message, "--help'");
        Assert.Empty(result.Output);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.Equal(["in.csv"], _scratch.Names);
    }

    [Theory]
    [InlineData("--columns")]
    [InlineData("--exclude")]
    [InlineData("--round")]
    [InlineData("--integer")]
    [InlineData("--bounds")]
    [InlineData("--missing-in")]
    public void UnknownColumn_ListsTheColumnsThereAre(string option)
    {
        string input = _scratch.Write("in.csv", "age,income\n1,2\nNA,3\n4,NA\n2,2.5\n");
        string value = option switch { "--bounds" => "agee=0..1", "--missing-in" => "agee=-9", _ => "agee" };
        Impute.Run("fill", input, "--out", _scratch.Path("out.csv"), option, value).Expect(2).Says("'agee'", "'age', 'income'");
        Assert.Equal(["in.csv"], _scratch.Names);
    }

    [Fact]
    public void ColumnNameWithComma_IsOneColumn()
    {
        string input = _scratch.Write("in.csv", "\"a,b\",c\n1,2\n3,NA\n2,2\n");
        string text = Impute.Run("describe", input, "--columns", "a,b").Expect(0).Text;
        Assert.Contains("c: not among the requested columns", text);
    }

    [Fact]
    public void DigitsAskedForByName_AreNumbers()
    {
        const string text = "zip,n\n01234,1\n98765,2\n00501,4\n";
        Assert.Contains("zip text", Words(Impute.Run(["describe", "-"], Encoding.ASCII.GetBytes(text)).Expect(0).Text));
        Assert.Contains("zip integer", Words(Impute.Run(["describe", "-", "--columns", "zip,n"], Encoding.ASCII.GetBytes(text)).Expect(0)
            .Text));
        Assert.Contains("zip integer", Words(Impute.Run("describe", _scratch.Write("in.csv", text), "--columns", "zip,n").Expect(0).Text));
    }

    private static string Words(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void NamesThatLookLikeMarkup_AreShownAsTheyAre()
    {
        string input = _scratch.Write("in.csv", "[red],[/],[link=x]\n1,2,3\n3,NA,1\n2,2,2\n");
        string text = Impute.Run("describe", input).Expect(0).Text;
        foreach (string name in (string[])["[red]", "[/]", "[link=x]"]) Assert.Contains(name, text);
    }

    [Theory]
    [InlineData("TERM", "xterm-256color")]
    [InlineData("NO_COLOR", "1")]
    [InlineData("FORCE_COLOR", "1")]
    public void NoEscapeSequences_WhereNobodyLooksThroughATerminal(string name, string value)
    {
        var environment = new Dictionary<string, string> { [name] = value };
        Impute.Run(["describe", Repository.Example("bfi.csv")], null, null, environment).Expect(0); // Expect looks for them
        Impute.Run(["--help"], null, null, environment).Expect(0);
    }
}
