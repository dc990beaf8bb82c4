using System.Text.RegularExpressions;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Readme;

/// <summary>The README's C# is that of <see cref="ReadmeSnippets"/>, which is compiled and run.</summary>
public class ReadmeTests
{
    private static string Source => File.ReadAllText(Path.Combine(Repository.Root, "tests", "Imputation.Tests", "Readme",
        "ReadmeSnippets.cs"));

    [Fact]
    public void EverySnippet_IsCompiledAndRun_LineForLine()
    {
        string[] snippets = Snippets(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))), regions = Regions(Source);
        Assert.NotEmpty(snippets);
        Assert.Equal(snippets.Select(Statements), regions.Select(Statements));
        foreach (string name in snippets.SelectMany(Usings))
            Assert.True(Usings(Source).Contains(name) || name == "Imputation", $"ReadmeSnippets.cs does not use {name}.");
        Assert.Equal(["Imputation", "Imputation.Files"], Usings(snippets[0])); // a first program needs no more
    }

    [Fact]
    public void ADifferenceInALine_IsSeen()
    {
        string readme = "a\n```csharp\nusing X.Y;\n\nint a = 1;\nif (a > 0)\n    a++;\n```\nb\n```\nnot C#\n```\n";
        string source = "class C\n{\n        // README\n        int a = 1;\n        if (a > 0)\n            a++;\n        // end\n}\n";
        Assert.Equal(Snippets(readme).Select(Statements), Regions(source).Select(Statements));
        Assert.Equal(["X.Y"], Usings(Snippets(readme)[0]));
        Assert.NotEqual(Snippets(readme).Select(Statements), Regions(source.Replace("a++", "a--")).Select(Statements));
        Assert.NotEqual(Snippets(readme).Select(Statements), Regions(source.Replace("        if (a > 0)\n", "")).Select(Statements));
    }

    private static string[] Snippets(string markdown) =>
        [.. Regex.Matches(markdown, "^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value)];

    private static string[] Regions(string source) =>
        [.. Regex.Matches(source, "^ *// README\n(.*?)^ *// end\n", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value)];

    /// <summary>The lines but for using directives, blank ones around them, and the indentation that all of them have.</summary>
    private static string Statements(string code)
    {
        string[] lines = [.. code.Split('\n').Where(line => !line.StartsWith("using ", StringComparison.Ordinal))
            .Select(line => line.TrimEnd())];
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[indent..])).Trim('\n');
    }

    private static string[] Usings(string code) =>
        [.. Regex.Matches(code, @"^using ([\w.]+);", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
}
