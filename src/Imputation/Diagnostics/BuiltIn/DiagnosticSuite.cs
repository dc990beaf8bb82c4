using Imputation.Diagnostics.BuiltIn.Codes;
using Imputation.Diagnostics.BuiltIn.Columns;
using Imputation.Diagnostics.BuiltIn.Filling;
using Imputation.Diagnostics.BuiltIn.Missingness;
using Imputation.Diagnostics.BuiltIn.Model;
using Imputation.Diagnostics.BuiltIn.Patterns;
using Imputation.Text;

namespace Imputation.Diagnostics;

/// <summary>Diagnostics that are run together. Immutable.</summary>
public sealed class DiagnosticSuite
{
    /// <summary>A suite of these, in their order.</summary>
    /// <exception cref="ArgumentException">Two have the same name, or one has none.</exception>
    public DiagnosticSuite(IEnumerable<IMissingnessDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        Diagnostics = [.. diagnostics];
        if (Diagnostics.FirstOrDefault(d => string.IsNullOrWhiteSpace(d.Name)) is { } nameless)
            throw new ArgumentException($"The diagnostic {nameless.GetType().Name} has no name.", nameof(diagnostics));
        if (Diagnostics.GroupBy(d => d.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two diagnostics are named '{twice.Key}': "
                + $"{string.Join(", ", twice.Select(d => d.GetType().Name))}.", nameof(diagnostics));
    }

    /// <summary>The built-in diagnostics: the data first, then their missingness, the model, and what it fills in.</summary>
    public static DiagnosticSuite Default { get; } = new(
    [
        new ColumnsDiagnostic(),
        new SuspiciousCodesDiagnostic(),
        new PatternsDiagnostic(),
        new PairsDiagnostic(),
        new FluxDiagnostic(),
        new LittleDiagnostic(),
        new MeanDifferencesDiagnostic(),
        new MissingnessPredictorsDiagnostic(),
        new ComparisonDiagnostic(),
        new ModelAdequacyDiagnostic(),
        new ConvergenceDiagnostic(),
        new FilledValuesDiagnostic(),
        new OverimputationDiagnostic(),
    ]);

    /// <summary>The diagnostics, in the order they are reported.</summary>
    public IReadOnlyList<IMissingnessDiagnostic> Diagnostics { get; }

    /// <summary>This suite followed by more diagnostics; one with the name of an existing diagnostic replaces it.</summary>
    public DiagnosticSuite With(params IMissingnessDiagnostic[] diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var replaced = Diagnostics.Select(d => diagnostics.FirstOrDefault(other => other.Name == d.Name) ?? d).ToList();
        return new DiagnosticSuite([.. replaced, .. diagnostics.Where(d => !replaced.Contains(d))]);
    }

    /// <summary>This suite without some.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    public DiagnosticSuite Without(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names)
            if (!Diagnostics.Any(d => d.Name == name))
                throw new ArgumentException($"No diagnostic '{name}'; the suite has "
                    + $"{TextFormat.Names(Diagnostics.Select(d => d.Name), 40)}.", nameof(names));
        return new DiagnosticSuite(Diagnostics.Where(d => !names.Contains(d.Name)));
    }

    /// <summary>Only these of the suite, in its order.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    public DiagnosticSuite Only(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Without(names);
        return new DiagnosticSuite(Diagnostics.Where(d => names.Contains(d.Name)));
    }

    /// <summary>Runs all of them.</summary>
    /// <remarks>A diagnostic that fails or lacks its input is reported as such and does not affect the others.</remarks>
    /// <exception cref="OperationCanceledException">The context's cancellation asked for it.</exception>
    public DiagnosticReport Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new DiagnosticReport(context, [.. Diagnostics.Select(d => Run(d, context))]);
    }

    private static DiagnosticEntry Run(IMissingnessDiagnostic diagnostic, DiagnosticContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        DiagnosticEntry NotRun(FindingSeverity severity, string code, string sentence, string advice = "") =>
            new(diagnostic.Name, diagnostic.Title, new DiagnosticResult { Findings = [new Finding(severity, code, sentence, [], advice)] },
                WasRun: false);
        try
        {
            // Touched here, so that what cannot be had is not taken for a failure of the diagnostic.
            if (diagnostic.Needs == DiagnosticNeeds.Matrix && context.Matrix is null && context.Contrasts.Count == 0)
                return NotRun(FindingSeverity.Note, "diagnostic-not-run",
                    $"{diagnostic.Title}: not run, because no column can be modelled.");
            if (diagnostic.Needs >= DiagnosticNeeds.Fit) _ = context.Fit;
            if (diagnostic.Needs >= DiagnosticNeeds.ImputationResult) _ = context.ImputationResult;
        }
        catch (ImputationDataException reason)
        {
            return NotRun(FindingSeverity.Note, "diagnostic-not-run", $"{diagnostic.Title}: not run. {reason.Message}");
        }
        try
        {
            return new DiagnosticEntry(diagnostic.Name, diagnostic.Title, diagnostic.Run(context)
                ?? throw new InvalidOperationException("It returned nothing."));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !context.Cancellation.IsCancellationRequested)
        {
            return NotRun(FindingSeverity.Warning, "diagnostic-failed",
                $"The diagnostic '{diagnostic.Name}' failed: {failure.Message.ReplaceLineEndings(" ")}",
                    "The other diagnostics are not affected. Report this to the author of the diagnostic.");
        }
    }
}
