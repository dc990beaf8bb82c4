using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Diagnostics;
using Imputation.Text;

namespace Imputation.Cli.Options;

/// <summary>Which diagnostics are run, and the page they fill: the same for <c>describe</c> and <c>fill</c>.</summary>
internal sealed class DiagnosingOptions
{
    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write a report as one HTML file with charts, to open in a "
        + "browser (no network needed).",
        HelpName = "F.html"
    };

    private readonly Option<string[]> _plugin = new("--plugin")
    {
        Description = "Also run the diagnostics of an assembly: its public classes that implement IMissingnessDiagnostic. May repeat.",
        HelpName = "my.dll",
    };

    private readonly Option<string[]> _only = new("--only")
    {
        Description = "Run only these diagnostics. May repeat.",
        HelpName = "little,patterns"
    };

    private readonly Option<string[]> _without = new("--without")
    {
        Description = "Do not run these diagnostics. May repeat.",
        HelpName = "overimputation"
    };

    public void AddTo(Command command)
    {
        string names = string.Join(", ", DiagnosticSuite.Default.Diagnostics.Select(d => d.Name));
        _only.Description = $"Run only these diagnostics. May repeat. Available: {names}.";
        foreach (Option option in (Option[])[_report, _plugin, _only, _without]) command.Options.Add(option);
    }

    /// <summary>The page alone, for a command whose first purpose is another.</summary>
    public void AddReportTo(Command command) => command.Options.Add(_report);

    public string? Report(ParseResult parsed) => parsed.GetValue(_report);

    /// <summary>The plugins, loaded, and the suite with them.</summary>
    /// <exception cref="UsageException">A plugin's file that there is not, or a diagnostic that there is not.</exception>
    public (DiagnosticSuite Suite, IReadOnlyList<Plugin> Plugins) Read(ParseResult parsed)
    {
        Plugin[] plugins = [.. (parsed.GetValue(_plugin) ?? []).Select(Plugin.Load)];
        DiagnosticSuite suite = DiagnosticSuite.Default;
        foreach (Plugin plugin in plugins) suite = suite.With([.. plugin.Diagnostics]);
        string[] only = Names(_only, suite, parsed), without = Names(_without, suite, parsed);
        if (only.Length > 0) suite = suite.Only(only);
        suite = suite.Without([.. without.Where(name => suite.Diagnostics.Any(d => d.Name == name))]);
        if (suite.Diagnostics.Count == 0)
            throw new UsageException($"{_without.Name}: no diagnostic is left to "
                + $"run{(only.Length > 0 ? $" of those in {_only.Name}" : "")}.");
        return (suite, plugins);
    }

    private static string[] Names(Option<string[]> option, DiagnosticSuite suite, ParseResult parsed)
    {
        string[] known = [.. suite.Diagnostics.Select(d => d.Name)];
        string[] names = [.. (parsed.GetValue(option) ?? []).SelectMany(value => value.Split(',')).Select(name => name.Trim())
            .Where(name => name.Length > 0)];
        if (names.Length == 0 && parsed.GetResult(option) is { Implicit: false })
            throw new UsageException($"{option.Name}: expected names of diagnostics. Available: {string.Join(", ", known)}.");
        foreach (string name in names)
            if (!known.Contains(name))
                throw new UsageException($"{option.Name}: unknown diagnostic '{name}'.{TextFormat.Hint(name, known)} Available: "
                    + $"{string.Join(", ", known)}.");
        return names;
    }
}
