using Imputation.Diagnostics;

namespace Imputation.Tests.Diagnostics;

// This assembly serves the tests of the command as a plugin: three diagnostics, of which one works.

/// <summary>Counts rows.</summary>
public sealed class RowCountDiagnostic : IMissingnessDiagnostic
{
    public string Name => "row-count";

    public string Title => "Rows";

    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    public DiagnosticResult Run(DiagnosticContext context) => new()
    {
        Verdict = $"there are {context.Table.RowCount} rows",
        Values = [new("rows", context.Table.RowCount)],
        Findings = [new Finding(FindingSeverity.Note, "rows", "Rows were counted.", [])],
    };
}

/// <summary>Fails when it is run.</summary>
public sealed class FailingDiagnostic : IMissingnessDiagnostic
{
    public string Name => "failing";

    public string Title => "Failing";

    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    public DiagnosticResult Run(DiagnosticContext context) => throw new InvalidOperationException("it fails, always");
}

/// <summary>Cannot be made.</summary>
public sealed class UnmakeableDiagnostic : IMissingnessDiagnostic
{
    public UnmakeableDiagnostic() => throw new NotSupportedException("it cannot be made");

    public string Name => "unmakeable";

    public string Title => "Unmakeable";

    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    public DiagnosticResult Run(DiagnosticContext context) => new();
}
