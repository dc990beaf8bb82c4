namespace Imputation.Diagnostics;

/// <summary>The part of the context that a diagnostic requires.</summary>
public enum DiagnosticNeeds
{
    /// <summary>The table and its patterns.</summary>
    Table,

    /// <summary>Columns that can be modelled: <see cref="DiagnosticContext.Matrix"/>.</summary>
    Matrix,

    /// <summary>The fitted model: <see cref="DiagnosticContext.Fit"/>.</summary>
    Fit,

    /// <summary>The completed table: <see cref="DiagnosticContext.ImputationResult"/>.</summary>
    ImputationResult,
}
