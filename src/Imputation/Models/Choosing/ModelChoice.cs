using Imputation.Models.Choosing;
using Imputation.Models.Stack;

namespace Imputation;

/// <summary>Compares models on a table.</summary>
/// <remarks>Continuous ranked probability scores decide, and not log densities: they are in the units of the column, and defined alike for
/// a density, for counts, and for heaped values, each of which has a probability of its own.</remarks>
/// <example><code>
/// ModelComparison comparison = ModelChoice.Run(table);
/// foreach (ModelCandidate candidate in comparison.Candidates) Console.WriteLine(candidate);
/// ImputationResult done = table.Impute(comparison.Best.Options);
/// </code></example>
public static class ModelChoice
{
    /// <summary>A model whose squared error is more than so many times that of the best takes no part in a combination.</summary>
    private const double FarOff = 4;

    /// <summary>Fits models to a table and compares them.</summary>
    /// <param name="table">The data.</param>
    /// <param name="candidates">The models, the simplest first; by default <see cref="CandidatesFor"/>.</param>
    /// <param name="criterion">What is compared.</param>
    /// <param name="run">Seed of hidden cells and random starts, and threads.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">No candidate can be fitted: the message has the reason of the first.</exception>
    /// <exception cref="ArgumentException">No candidate, an option out of range, or a column name that the table does not have.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ModelComparison Run(Table table, IReadOnlyList<ModelOptions>? candidates = null,
        ChoiceCriterion criterion = ChoiceCriterion.HiddenCells, RunOptions? run = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        candidates ??= CandidatesFor(table);
        if (candidates.Count == 0) throw new ArgumentException("There is no model to compare.", nameof(candidates));
        run ??= RunOptions.Default;
        run.Validate();
        return Among(candidates[0].Read(table).Table, candidates, criterion, run, cancellation);
    }

    /// <summary>The models that are worth a comparison on a table: the normal model, or where there are categories the latent normal one,
    /// then normal scores, a factor model, a t distribution and mixtures, as far as columns and rows allow.</summary>
    /// <param name="table">The data.</param>
    /// <param name="common">Columns, codebook, weights; by default all columns.</param>
    public static IReadOnlyList<ModelOptions> CandidatesFor(Table table, ModelOptions? common = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        common ??= new AutomaticOptions();
        return ModelCandidates.Of(common.Read(table).Table, common);
    }

    /// <summary>The same for a table that has been read.</summary>
    internal static ModelComparison Among(Table table, IReadOnlyList<ModelOptions> candidates, ChoiceCriterion criterion, RunOptions run,
        CancellationToken cancellation)
    {
        if (!Enum.IsDefined(criterion)) throw new ArgumentOutOfRangeException(nameof(criterion), criterion, "There is no such criterion.");
        run = run with { Progress = null, Forecast = null };
        bool hides = criterion == ChoiceCriterion.HiddenCells;
        HiddenCells? hidden = hides ? HiddenCells.Of(table, candidates, run.Seed) : null;
        var compared = new List<ModelCandidate>();
        var lost = new List<(ModelCandidate Candidate, CellLosses Losses)>();
        foreach (ModelOptions options in candidates)
        {
            cancellation.ThrowIfCancellationRequested();
            var candidate = new ModelCandidate(ModelCandidates.NameOf(options), options);
            try
            {
                if (hidden is null) candidate = Fitted(candidate, table, criterion, run, cancellation);
                else if (hidden.LossesOf(options, run, cancellation) is var losses)
                {
                    candidate = losses.Describe(candidate, lost.Count > 0 ? lost[0].Losses : losses);
                    lost.Add((candidate, losses));
                }
            }
            catch (Exception none) when (none is ImputationDataException)
            {
                candidate = candidate with { Failure = none.Message };
            }
            compared.Add(candidate);
        }
        cancellation.ThrowIfCancellationRequested();
        // Where nothing can be hidden, as of one column, nothing is known against the first.
        if (hidden is not { Count: 0 } && compared.All(c => c.Failure.Length > 0))
            throw new ImputationDataException($"None of {compared.Count} models could be fitted. {compared[0].Name}: "
                + compared[0].Failure);
        return new ModelComparison(criterion, compared, hidden?.Count ?? 0, Combined([.. lost.Where(c => c.Candidate.IsSound)]));
    }

    /// <summary>The models combined column by column; null where there are not two that predicted the same cells.</summary>
    private static ModelCandidate? Combined((ModelCandidate Candidate, CellLosses Losses)[] sound)
    {
        double most = FarOff * sound.Select(c => c.Candidate.SquaredError).DefaultIfEmpty(0).Min();
        sound = [.. sound.Where(c => c.Candidate.SquaredError <= most)];
        if (sound.Length < 2 || StackWeights.Of([.. sound.Select(c => c.Losses)]) is not { } stack) return null;
        ColumnWeights weights = stack.Fit(out int[] models);
        return stack.Describe(new ModelCandidate(StackFit.Name, new StackOptions([.. models.Select(m => sound[m].Candidate.Options)],
            [.. models.Select(m => sound[m].Candidate.Name)], weights)));
    }

    private static ModelCandidate Fitted(ModelCandidate candidate, Table table, ChoiceCriterion criterion, RunOptions run,
        CancellationToken cancellation)
    {
        FittedModel fit = candidate.Options.Prepare(table, run, cancellation).Model;
        cancellation.ThrowIfCancellationRequested();
        return candidate with
        {
            Score = criterion == ChoiceCriterion.Icl && fit is NormalMixtureFit mixture ? mixture.Icl : fit.Report.Bic,
            ParameterCount = fit.Report.ParameterCount,
            Failure = ModelCandidates.WhyUnsound(fit.Report) ?? "",
        };
    }
}
