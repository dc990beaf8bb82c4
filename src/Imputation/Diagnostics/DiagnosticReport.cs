using System.Diagnostics;
using System.Globalization;

namespace Imputation.Diagnostics;

/// <summary>What became of one diagnostic.</summary>
/// <param name="Name">The diagnostic's name.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Result">What it saw; where it could not be run or failed, only the finding that says so.</param>
/// <param name="WasRun">Whether it was run to its end.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record DiagnosticEntry(string Name, string Title, DiagnosticResult Result, bool WasRun = true)
{
    /// <summary>The title and the verdict.</summary>
    public override string ToString() => $"{Title}: {(WasRun ? Result.Verdict : "not run")}";
}

/// <summary>What a suite of diagnostics saw in a table.</summary>
/// <param name="Context">What they looked at.</param>
/// <param name="Entries">One for each diagnostic, in the suite's order.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record DiagnosticReport(DiagnosticContext Context, IReadOnlyList<DiagnosticEntry> Entries)
{
    /// <summary>All findings, the gravest first, otherwise in the order of the entries.</summary>
    public IReadOnlyList<Finding> Findings { get; } = [.. Entries.SelectMany(e => e.Result.Findings).OrderByDescending(f => f.Severity)];

    /// <summary>The entry of a diagnostic, or null where the suite has none of that name.</summary>
    public DiagnosticEntry? this[string name] => Entries.FirstOrDefault(e => e.Name == name);

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Entries.Count} diagnostics, {Findings.Count(f => f.Severity == FindingSeverity.Problem)} problems, "
        + $"{Findings.Count(f => f.Severity == FindingSeverity.Warning)} warnings, "
        + $"{Findings.Count(f => f.Severity == FindingSeverity.Note)} notes");
}
