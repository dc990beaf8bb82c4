using Imputation.Models;
using Imputation.Models.Choosing;
using Imputation.Text;

namespace Imputation;

/// <summary>Combines the models that suit the table, column by column, by how well they predict hidden cells, or takes the best of them:
/// see <see cref="ModelChoice"/>.</summary>
public sealed record BestModelOptions : ModelOptions
{
    /// <summary>The prior <see cref="CovariancePrior.Auto"/>.</summary>
    public BestModelOptions() => Prior = CovariancePrior.Auto;

    /// <summary>The models that are compared, the simplest first; null, the default, for <see cref="ModelChoice.CandidatesFor"/>.</summary>
    public IReadOnlyList<ModelOptions>? Candidates { get; init; }

    /// <summary>Whether the candidates are combined column by column, by weights from the hidden cells; otherwise the one is taken that
    /// predicts them best. Default true: fewer cells are far off than with any one model.</summary>
    public bool Combine { get; init; } = true;

    internal override bool TakesCategories => true;

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        Validate();
        IReadOnlyList<ModelOptions> candidates = Candidates is null ? ModelCandidates.Of(table, this)
            : [.. Candidates.Select(c => c.For(this))];
        ModelComparison choice = ModelChoice.Among(table, candidates, ChoiceCriterion.HiddenCells, run, cancellation);
        ModelCandidate taken = Combine && choice.Combination is { } all ? all : choice.Best;
        PreparedFit fit = taken.Options.For(this).Prepare(table, run, cancellation);
        fit.Model.Keep(choice, Finding(choice, ReferenceEquals(taken, choice.Combination)));
        return fit;
    }

    internal override ModelOptions Settled(FittedModel fit) => fit.Report.Comparison is { } choice
        ? choice.TakenBy(fit).Options.Settled(fit) : this;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Prior.Kind != CovariancePriorKind.Auto)
            throw new ArgumentException($"The prior of each model is chosen with it; expected {CovariancePrior.Auto}, not {Prior}.",
                nameof(Prior));
    }

    /// <summary>Why one of the candidates is the best.</summary>
    internal static string Why(ModelComparison choice)
    {
        ModelCandidate first = choice.Candidates[0], best = choice.Best;
        string why = ReferenceEquals(first, best) ? $"none predicts them clearly better than the simplest, {first.Name}"
            : FormattableString.Invariant($"{best.Name} predicts them best (loss {best.Loss:F3}; {first.Name} {first.Loss:F3})");
        // One whose distribution is nearer may have been passed over for its means.
        ModelCandidate? nearer = choice.Candidates.Where(c => c.IsSound && c.NumberError > first.NumberError
            && best.Loss - c.Loss > c.LossError).MinBy(c => c.Loss);
        if (nearer is null) return why;
        string passed = FormattableString.Invariant($"{nearer.Name} has a smaller loss ({nearer.Loss:F3}; {best.Name} {best.Loss:F3}), ")
            + FormattableString.Invariant($"but its means are further off ({nearer.NumberError:F3} sd; {first.Name} ")
            + FormattableString.Invariant($"{first.NumberError:F3}), and cells are filled with means");
        return ReferenceEquals(first, best) ? passed : $"{why}; {passed}";
    }

    private static Finding Finding(ModelComparison choice, bool combined)
    {
        ModelCandidate first = choice.Candidates[0], best = choice.Best;
        if (choice.HiddenCellCount == 0)
            return new Finding(FindingSeverity.Warning, "model-chosen", "No cell could be hidden to compare models by: "
                + $"{first.Name} is taken, the simplest.", [], "A comparison needs rows with two observed cells or more.");
        string compared = $"{TextFormat.Count(choice.Candidates.Count, "model was", "models were")} compared on "
            + $"{TextFormat.Count(choice.HiddenCellCount, "hidden cell")}: ";
        if (combined)
        {
            string combination = TextFormat.Fixed(choice.Combination!.SquaredError, 3), alone = TextFormat.Fixed(best.SquaredError, 3);
            return new Finding(FindingSeverity.Note, "model-chosen", compared + "combined by weights in each column they have a squared "
                + $"error of {combination}, on cells that the weights were not fitted to; {best.Name} alone has {alone}, and 1 is that of "
                + "each column's own distribution.", []);
        }
        return new Finding(FindingSeverity.Note, "model-chosen", compared + Why(choice) + ".", []);
    }
}
