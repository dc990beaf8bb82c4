namespace Imputation.Models.Stack;

/// <summary>Several models whose predictions are combined column by column, by weights that are known.</summary>
/// <param name="Parts">The models, the simplest first.</param>
/// <param name="Names">Their names.</param>
/// <param name="Weights">Their weights.</param>
internal sealed record StackOptions(IReadOnlyList<ModelOptions> Parts, IReadOnlyList<string> Names, ColumnWeights Weights) : ModelOptions
{
    internal override bool TakesCategories => Parts.Any(p => p.TakesCategories);

    /// <remarks>A part that cannot be fitted is left out, and the others take its weight.</remarks>
    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        Validate();
        var fits = new List<(int Part, PreparedFit Fit)>();
        string failures = "";
        for (int m = 0; m < Parts.Count; m++)
        {
            try
            {
                PreparedFit fit = Parts[m].For(this).Prepare(table, run, cancellation);
                if (fit.Model.Report.Outcome is EmOutcome.Cancelled) return fit;
                if (fit.Model.Report.Outcome is EmOutcome.Converged or EmOutcome.MaxIterations or EmOutcome.Stalled) fits.Add((m, fit));
                else failures += $" {Names[m]}: the fit ended as {fit.Model.Report.Outcome}.";
            }
            catch (Exception none) when (none is ImputationDataException)
            {
                failures += $" {Names[m]}: {none.Message}";
            }
        }
        if (fits.Count == 0) throw new ImputationDataException("None of the models that were to be combined could be fitted." + failures);
        int[] parts = [.. fits.Select(f => f.Part)];
        var stack = StackFit.Of([.. fits.Select(f => f.Fit.Model)], [.. parts.Select(m => Names[m])], Weights.Only(parts));
        return new PreparedFit(stack, ModelFrame.Of(stack, table).Patterns, fits.TrueForAll(f => f.Fit.Draws is not null)
            ? draws => draws.Method == MultipleMethod.BootstrapEm
                ? new StackDraws(stack, [.. fits.Select(f => f.Fit.Draws!(draws))])
                : throw new ImputationDataException("A combination of models has no data augmentation: use bootstrap EM (--method emb).")
            : null);
    }

    internal override ModelOptions Settled(FittedModel fit)
    {
        var stack = (StackFit)fit;
        int[] parts = [.. stack.Names.Select(name => Names.ToList().IndexOf(name))];
        return this with
        {
            Parts = [.. parts.Select((m, i) => Parts[m].Settled(stack.Parts[i]))],
            Names = stack.Names,
            Weights = stack.Weights,
        };
    }
}
