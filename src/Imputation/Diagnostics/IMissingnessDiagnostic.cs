namespace Imputation.Diagnostics;

/// <summary>A check of what is missing in a table, of the model fitted to it, or of what was filled in.</summary>
/// <remarks>The built-in ones use this interface and nothing else. A diagnostic does not change its context; the same context gives
/// bit-identical results. An exception is reported as a finding and does not affect the other diagnostics.</remarks>
public interface IMissingnessDiagnostic
{
    /// <summary>A stable name for programs and options, unique in its suite: lower case with hyphens, such as <c>little</c>.</summary>
    string Name { get; }

    /// <summary>A heading for people, such as <c>Little's test of missing completely at random</c>.</summary>
    string Title { get; }

    /// <summary>The part of the context that the diagnostic requires; if it is not available, the diagnostic is not run and the report
    /// gives the reason.</summary>
    DiagnosticNeeds Needs { get; }

    /// <summary>Runs the diagnostic.</summary>
    /// <exception cref="OperationCanceledException"><see cref="DiagnosticContext.Cancellation"/> asked for it.</exception>
    DiagnosticResult Run(DiagnosticContext context);
}
