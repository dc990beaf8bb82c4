using Imputation.Models;
using Imputation.Models.Choosing;
using Imputation.Text;

namespace Imputation;

/// <summary>Takes the model that predicts hidden cells best, among those that suit the table: see <see cref="ModelChoice"/>.</summary>
public sealed record BestModelOptions : ModelOptions
{
    /// <summary>The prior <see cref="CovariancePrior.Auto"/>.</summary>
    public BestModelOptions() => Prior = CovariancePrior.Auto;

    /// <summary>The models that are compared, the simplest first; null, the default, for <see cref="ModelChoice.CandidatesFor"/>.</summary>
    public IReadOnlyList<ModelOptions>? Candidates { get; init; }

    internal override bool TakesCategories => true;

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        Validate();
        IReadOnlyList<ModelOptions> candidates = Candidates is null ? ModelCandidates.Of(table, this)
            : [.. Candidates.Select(c => c.For(this))];
        ModelComparison choice = ModelChoice.Among(table, candidates, ChoiceCriterion.HiddenCells, run, cancellation);
        PreparedFit fit = choice.Best.Options.Prepare(table, run, cancellation);
        fit.Model.Keep(choice, Finding(choice));
        return fit;
    }

    internal override ModelOptions Settled(FittedModel fit) => fit.Report.Comparison is { } choice
        ? choice.Best.Options.Settled(fit) : this;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Prior.Kind != CovariancePriorKind.Auto)
            throw new ArgumentException($"The prior of each model is chosen with it; expected {CovariancePrior.Auto}, not {Prior}.",
                nameof(Prior));
    }

    private static Finding Finding(ModelComparison choice)
    {
        ModelCandidate first = choice.Candidates[0], best = choice.Best;
        string compared = $"{TextFormat.Count(choice.Candidates.Count, "model was", "models were")} compared on "
            + $"{TextFormat.Count(choice.HiddenCellCount, "hidden cell")}: ";
        return new Finding(FindingSeverity.Note, "model-chosen", compared + (ReferenceEquals(first, best)
            ? $"none predicts them clearly better than the simplest, {first.Name}."
            : FormattableString.Invariant($"{best.Name} predicts them best (loss {best.Loss:F3}; {first.Name} {first.Loss:F3}).")), []);
    }
}
