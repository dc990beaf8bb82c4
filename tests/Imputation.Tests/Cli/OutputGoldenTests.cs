using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Imputation.Tests.Cli;

/// <summary>All outputs of the runs in tests/References/outputs/runs.txt equal those kept beside it: words exactly, numbers to a tolerance.
/// Where an output is meant to change, run.sh makes the goldens anew. hashes.sh compares two commands byte by byte on one
/// machine.</summary>
public sealed partial class OutputGoldenTests(OutputGoldenTests.Outputs outputs) : IClassFixture<OutputGoldenTests.Outputs>
{
    /// <summary>For numbers printed in full. Instruction sets add in different orders, and a fit ends where its distance to the maximum
    /// is below 1e-6 standard deviations. A number printed with fewer digits may differ by one in the last of them.</summary>
    private const double RelativeTolerance = 1e-6;

    /// <summary>What is zero but for rounding.</summary>
    private const double Zero = 1e-12;

    /// <summary>Members of JSON outputs that depend on the instruction set: size and hash of files with filled numbers, and
    /// distances from the maximum, which are differences near rounding.</summary>
    private static readonly string[] s_dependOnTheProcessor = ["bytes", "sha256", "remaining", "distance"];

    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "References", "outputs");

    private static readonly string s_goldens = Path.Combine(s_folder, "golden");

    private static readonly string[] s_leftOutNames =
        [.. File.ReadLines(Path.Combine(s_folder, "left-out.txt")).Where(line => !line.StartsWith('#')), .. s_dependOnTheProcessor];

    private static readonly Regex s_leftOut = new($$"""
        "({{string.Join('|', s_leftOutNames)}})": *("[^"]*"|[^,}\]]+)
        """);

    public static TheoryData<string> Names => [.. FilesIn(s_goldens)];

    [Theory, MemberData(nameof(Names))]
    public void Output_IsTheGolden(string name)
    {
        string expected = File.ReadAllText(Path.Combine(s_goldens, name));
        string? difference = Difference(expected, File.ReadAllText(Path.Combine(outputs.Folder, name)));
        Assert.True(difference is null, $"{name}, {difference}");
    }

    [Fact]
    public void NoOutput_IsMissingOrNew() => Assert.Equal(FilesIn(s_goldens), FilesIn(outputs.Folder));

    [Fact]
    public void Goldens_StaySmall() =>
        Assert.InRange(FilesIn(s_goldens).Sum(name => new FileInfo(Path.Combine(s_goldens, name)).Length), 100_000, 1_000_000);

    [Theory]
    [InlineData("mean 1.2345678901234", "mean 1.2345678901235", true)]
    [InlineData("mean 1.2345678901234", "mean 1.2345778901234", false)]
    [InlineData("mean 1.23", "mean 1.24", true)]
    [InlineData("mean 1.23", "mean 1.25", false)]
    [InlineData("mean  9.99", "mean 10.00", true)]
    [InlineData("27 rows", "28 rows", false)]
    [InlineData("age = 3", "age = 3 years", false)]
    [InlineData("p = 1.2e-5", "p = 1.3e-5", true)]
    [InlineData("p = 1.2e-5", "p = 1.2e-4", false)]
    [InlineData("x = -1.5", "x = 1.5", false)]
    [InlineData("1e-17,NaN", "-3e-17,NaN", true)]
    [InlineData("\"peakBytes\": 5,\nb", "\"peakBytes\": 7,\nb", true)]
    [InlineData("{\"imputation\":1,\"bytes\":743,\"sha256\":\"e0\"}", "{\"imputation\":1,\"bytes\":742,\"sha256\":\"f1\"}", true)]
    [InlineData("{\"imputation\":1,\"bytes\":743}", "{\"imputation\":2,\"bytes\":743}", false)]
    public void Difference_IsSeen(string expected, string actual, bool same) => Assert.Equal(same, Difference(expected, actual) is null);

    /// <summary>The first line that differs, as it should be and as it is; null where none does.</summary>
    private static string? Difference(string expected, string actual)
    {
        string[] left = expected.Split('\n'), right = actual.Split('\n');
        for (int i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            string should = i < left.Length ? left[i] : "(end)", @is = i < right.Length ? right[i] : "(end)";
            if (!IsSame(should, @is)) return $"line {i + 1}\nexpected {should}\nactual   {@is}";
        }
        return null;
    }

    private static bool IsSame(string expected, string actual)
    {
        if (expected == actual) return true;
        (expected, actual) = (s_leftOut.Replace(expected, "$1"), s_leftOut.Replace(actual, "$1"));
        MatchCollection left = Number().Matches(expected), right = Number().Matches(actual);
        return Words(expected) == Words(actual) && left.Count == right.Count
            && left.Zip(right).All(pair => IsNear(pair.First.Value, pair.Second.Value));
    }

    /// <summary>The line with its numbers taken out, and blanks that align them.</summary>
    private static string Words(string line) => Blanks().Replace(Number().Replace(line, "#"), " ");

    private static bool IsNear(string expected, string actual)
    {
        if (expected == actual) return true;
        if (!Fraction().IsMatch(expected) && !Fraction().IsMatch(actual)) return false; // counts are exact
        double e = double.Parse(expected, CultureInfo.InvariantCulture), a = double.Parse(actual, CultureInfo.InvariantCulture);
        double lastDigit = Math.Max(LastDigit(expected), LastDigit(actual));
        return Math.Abs(e - a) <= Math.Max(Math.Max(1.01 * lastDigit, RelativeTolerance * Math.Abs(e)), Zero);
    }

    /// <summary>What one more in the last digit is worth: 0.01 for 1.23, 1e-6 for 1.2e-5.</summary>
    private static double LastDigit(string number)
    {
        string[] parts = number.Split('e', 'E');
        int decimals = parts[0].Contains('.') ? parts[0].Length - parts[0].IndexOf('.') - 1 : 0;
        return Math.Pow(10, (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - decimals);
    }

    private static string[] FilesIn(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    // A letter or digit before it makes it part of a name (A1, 1e-7 is taken whole); a minus belongs to it.
    [GeneratedRegex(@"(?<![A-Za-z_0-9.])-?\d+(\.\d+)?([eE][-+]?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"[.eE]")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    /// <summary>Every run that has no star, made once for all tests.</summary>
    public sealed partial class Outputs : IDisposable
    {
        private static readonly string[] s_inputs = ["data", "degenerate"];

        private readonly Scratch _scratch = new();

        public Outputs()
        {
            foreach (string input in s_inputs)
            {
                Directory.CreateDirectory(_scratch.Path(input));
                foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "References", input)))
                    File.Copy(file, Path.Combine(_scratch.Path(input), Path.GetFileName(file)));
            }
            foreach (string line in File.ReadLines(Path.Combine(s_folder, "runs.txt")))
            {
                Match run = Run().Match(line);
                if (!run.Success) continue; // a comment, or a run with a star
                string name = run.Groups[1].Value;
                string[] arguments = [.. Argument().Matches(run.Groups[2].Value).Select(argument => argument.Value.Trim('"'))];
                ImputeResult result = Impute.Run(arguments, input: null, Folder);
                File.WriteAllBytes(_scratch.Path(name + ".out"), result.Output);
                File.WriteAllText(_scratch.Path(name + ".err"), result.Error, new UTF8Encoding(false));
                File.WriteAllText(_scratch.Path(name + ".code"), result.Code.ToString(CultureInfo.InvariantCulture) + "\n");
            }
            foreach (string input in s_inputs) Directory.Delete(_scratch.Path(input), recursive: true);
        }

        public string Folder => _scratch.Folder;

        public void Dispose() => _scratch.Dispose();

        [GeneratedRegex(@"^([a-z-]+): +(.*)$")]
        private static partial Regex Run();

        [GeneratedRegex(@"""[^""]*""|\S+")]
        private static partial Regex Argument();
    }
}
