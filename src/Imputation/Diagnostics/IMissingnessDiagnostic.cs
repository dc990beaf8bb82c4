namespace Imputation.Diagnostics;

/// <summary>A check of what is missing in a table, of the model fitted to it, or of what was filled in.</summary>
/// <remarks>The built-in ones use this interface and nothing else. A diagnostic reads and does not change; the same context gives the same
/// result,
/// to the last bit. What it throws is reported as a finding of its own and does not sink the others.</remarks>
public interface IMissingnessDiagnostic
{
    /// <summary>A stable name for programs and options, unique in its suite: lower case with hyphens, such as <c>little</c>.</summary>
    string Name { get; }

    /// <summary>A heading for people, such as <c>Little's test of missing completely at random</c>.</summary>
    string Title { get; }

    /// <summary>What the diagnostic asks of its context; it is not run where that cannot be had, and the report says why.</summary>
    DiagnosticNeeds Needs { get; }

    /// <summary>Looks, and says what there is to see.</summary>
    /// <exception cref="OperationCanceledException"><see cref="DiagnosticContext.Cancellation"/> asked for it.</exception>
    DiagnosticResult Run(DiagnosticContext context);
}
