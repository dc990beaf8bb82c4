using System.Diagnostics;
using System.Globalization;

namespace Imputation.Diagnostics;

/// <summary>Outcome of one diagnostic.</summary>
/// <param name="Name">The diagnostic's name.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Result">Its result; if it could not run or failed, only the finding that reports this.</param>
/// <param name="WasRun">Whether it ran to completion.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record DiagnosticEntry(string Name, string Title, DiagnosticResult Result, bool WasRun = true)
{
    /// <summary>The title and the verdict.</summary>
    public override string ToString() => $"{Title}: {(WasRun ? Result.Verdict : "not run")}";
}

/// <summary>Results of a suite of diagnostics for a table.</summary>
/// <param name="Context">Their input.</param>
/// <param name="Entries">One for each diagnostic, in the suite's order.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record DiagnosticReport(DiagnosticContext Context, IReadOnlyList<DiagnosticEntry> Entries)
{
    /// <summary>All findings by decreasing severity, otherwise in the order of the entries.</summary>
    public IReadOnlyList<Finding> Findings { get; } = [.. Entries.SelectMany(e => e.Result.Findings).OrderByDescending(f => f.Severity)];

    /// <summary>The entry of a diagnostic, or null where the suite has none of that name.</summary>
    public DiagnosticEntry? this[string name] => Entries.FirstOrDefault(e => e.Name == name);

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Entries.Count} diagnostics, {Findings.Count(f => f.Severity == FindingSeverity.Problem)} problems, "
        + $"{Findings.Count(f => f.Severity == FindingSeverity.Warning)} warnings, "
        + $"{Findings.Count(f => f.Severity == FindingSeverity.Note)} notes");
}
