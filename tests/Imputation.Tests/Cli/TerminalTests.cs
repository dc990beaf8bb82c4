using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Cli;

/// <summary>Nothing in a table, a file name or an option can drive the terminal.</summary>
public sealed class TerminalTests : IDisposable
{
    /// <summary>An escape sequence, a bell, the one-byte form of its beginning, DEL, a change of direction, no width, a line's
    /// end.</summary>
    private const string Hostile = "\u001b]0;owned\u0007\u009b31m\u007f\u202egnp\u200b\u2028x";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Hostile names of columns and cells, in CSV; the header has a line feed in a name too.</summary>
    private string Table(string name = "in.csv", string cell = "1.5")
    {
        var text = new StringBuilder($"{Hostile},\"two\nlines\r\u001b[2J\",v,t{Hostile}\n");
        for (int i = 0; i < 40; i++)
        {
            string[] numbers = [.. new[] { 1 + i % 7, 2 + i * i % 5, i % 3 - i % 11 }.Select((x, j) => (i + j) % 9 == 0 ? "NA"
                : (x + 0.25 * (i % 4)).ToString(CultureInfo.InvariantCulture))];
            text.Append(string.Join(',', numbers)).Append(i % 2 == 0 ? $",l{Hostile}\n" : ",NA\n");
        }
        text.Append($"{cell},2,3,z\n");
        return _scratch.Write(name, text.ToString());
    }

    private static ImputeResult Tame(ImputeResult result, bool textOnly = true)
    {
        foreach (string text in textOnly ? (string[])[result.Text, result.Error] : [result.Error])
        {
            foreach (Rune rune in text.EnumerateRunes())
            {
                Assert.False(rune.Value is not '\n' and not '\t' && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
                    or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
                    $"U+{rune.Value:X4} reached the terminal:\n{text}");
            }
        }
        return result;
    }

    [Fact]
    public void EveryCommand_ShowsHostileNamesByTheirNumbers()
    {
        string input = Table("i\u001b[31m\u202en.csv");
        string at(string name) => _scratch.Path(name);
        (int Code, string[] Args)[] commands =
        [
            (0, ["fill", input, "--out", at($"o{Hostile}.csv"), "--ledger", at("l.csv"), "--json", at("j.json"), "--report", at("r.html")]),
            (0, ["fit", input, "--out", at("m.json")]), (0, ["apply", at("m.json"), input, "--out", at("a.csv")]),
            (0, ["describe", input]), (0, ["describe", input, "--full"]),
            (0, ["multiple", input, "-m", "3", "--out", at($"d{Hostile}")]), (0, ["multiple", input, "-m", "3", "--long", at("l.csv")]),
            (0, ["multiple", input, "-m", "2", "--method", "da", "--out", at("e")]), (0, ["analyze", input, "v ~ ."]),
            (0, ["analyze", "--long", at("l.csv"), "v ~ ."]),
            // What goes wrong is told in names, too.
            (2, ["fill", input, "--out", at("x.csv"), "--columns", $"none{Hostile}"]),
            (2, ["fill", input, "--out", at("x.csv"), "--bounds", $"{Hostile}=2..1"]),
            (2, ["fill", input, "--out", at("x.csv"), "--integer", $"t{Hostile}"]),
            (2, ["fill", at($"none{Hostile}.csv"), "--out", at("x.csv")]), (2, ["fill", input, "--out", at($"none{Hostile}/x.csv")]),
            (2, ["fill", input, "--out", at($"x{Hostile}.pdf")]), (2, [$"fil{Hostile}"]), (2, ["fill", input, $"--ou{Hostile}", "x"]),
            (2, ["fill", input, "--out", "x", $"extra{Hostile}"]), (2, ["fill", input, "--out", at("x.csv"), "--seed", Hostile]),
            (2, ["fill", input, "--out", at("x.csv"), "--method", Hostile]), (2, ["analyze", input, $"v ~ none{Hostile}"]),
            (2, ["analyze", input, $"v {Hostile}"]), (2, ["analyze", input, $"v ~ t{Hostile}"]),
            (3, ["fill", Table("bad.csv", $"1{Hostile}"), "--out", at("x.csv")]), (3, ["pool", input]),
            (3, ["fit", _scratch.Write("twice.csv", $"a{Hostile},a{Hostile}\n1,2\n"), "--out", at("m.json")]),
            (3, ["describe", _scratch.Write("short.csv", $"a{Hostile},b\n1\n")]), (3, ["apply", input, input, "--out", at("x.csv")]),
            (3, ["apply", _scratch.Write("hm.json", JsonSerializer.Serialize(new { format = Hostile })), input,
                "--out", at("x.csv")]),
            (5, ["fill", _scratch.Write("doubt.csv", DoubtfulTable()), "--out", at("x.csv"), "--strict"]),
        ];
        foreach ((int code, string[] args) in commands)
        {
            ImputeResult result = Tame(Impute.Run(args));
            Assert.True(result.Code == code, $"{string.Join(' ', args)}: exit code {result.Code}\n{result.Error}\n{result.Text}");
            if (code != 5 && result.Code != 0) Assert.Single(result.Error.TrimEnd().Split('\n'));
        }
        Assert.Contains(@"\u001b]0;owned\u0007\u009b31m\u007f\u202egnp\u200b\u2028x", Tame(Impute.Run("describe", input)).Text);
    }

    /// <summary>A relation that --strict refuses, with hostile names in the finding.</summary>
    private static string DoubtfulTable() => $"a{Hostile},b{Hostile},c\n" + string.Concat(Enumerable.Range(0, 30).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{i % 7},{2 * (i % 7)},{(i % 5 == 0 ? "NA" : (i * i % 11).ToString())}\n")));

    [SharedFact("cases/attack")]
    public void TheAttackFile_IsTame()
    {
        string input = Path.Combine(SharedFolder.Find("cases/attack")!, "terminal-escape.csv");
        Tame(Impute.Run("fill", input, "--out", _scratch.Path("x.csv")).Expect(3)).Says(@"\u001b]0;owned\u0007");
    }

    [Fact]
    public void AStackTraceThatWasAskedFor_IsTameToo() => Tame(Impute.Run(["fill", _scratch.Path($"none{Hostile}.csv"), "--out", "x.csv"],
        null, null, new Dictionary<string, string> { ["IMPUTE_DEBUG"] = "1" }));

    [Fact]
    public void ATableOnStandardOutput_HasItsBytes()
    {
        string input = Table();
        Impute.Run("fill", input, "--out", _scratch.Path("o.csv")).Expect(0);
        ImputeResult result = Tame(Impute.Run("fill", input, "--out", "-"), textOnly: false);
        Assert.Equal(File.ReadAllBytes(_scratch.Path("o.csv")), result.Output);
        Assert.Contains(Hostile, result.Text);
    }

    /// <summary>One place through which all text passes.</summary>
    [Fact]
    public void NothingButTheTerminal_UsesTheConsole()
    {
        string[] users = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .Where(file => File.ReadLines(file).Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                && Regex.IsMatch(line, @"\bConsole\.(Out|Error|Write)")))
            .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["Progress.cs", "Terminal.cs"], users); // a progress line is numbers, and moves the cursor by intention
    }
}
