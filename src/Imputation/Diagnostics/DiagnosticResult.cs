using System.Diagnostics;
using System.Globalization;

namespace Imputation.Diagnostics;

/// <summary>The result of a diagnostic as data: text, numbers, tables and charts, never markup.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record DiagnosticResult
{
    /// <summary>The verdict in one sentence, for a summary that is read first; empty where there is none to give.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>Findings for the user, each with its evidence and advice.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Named numbers for programs, such as <c>statistic</c>, in the order they are to be written; NaN where there is
    /// none.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values { get; init; } = [];

    /// <summary>Tables, the most important first.</summary>
    public IReadOnlyList<DiagnosticTable> Tables { get; init; } = [];

    /// <summary>Charts, the most important first.</summary>
    public IReadOnlyList<Chart> Charts { get; init; } = [];

    /// <summary>How the numbers were computed, for a note under them: the sample that was taken with its seed and size, the variant, the
    /// source.</summary>
    public string Method { get; init; } = "";

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Verdict} ({Findings.Count} findings, {Tables.Count} tables, {Charts.Count} charts)");
}
