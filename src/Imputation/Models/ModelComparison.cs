using System.Globalization;

namespace Imputation;

/// <summary>Models that were compared on a table, and the best of them. Immutable.</summary>
public sealed class ModelComparison
{
    internal ModelComparison(ChoiceCriterion criterion, IReadOnlyList<ModelCandidate> candidates, int hiddenCellCount,
        ModelCandidate? combination = null)
    {
        Combination = combination;
        (Criterion, Candidates, HiddenCellCount) = (criterion, candidates, hiddenCellCount);
        // A distribution may fit better and its means be further off: cells are filled with means.
        ModelCandidate best = candidates.Where(c => c.IsSound && !(c.NumberError > candidates[0].NumberError)).MinBy(c => c.Score)
            ?? candidates.Where(c => c.IsSound).MinBy(c => c.Score) ?? candidates[0];
        // A small advantage on few cells is chance.
        Best = candidates[0].IsSound && candidates[0].Score - best.Score <= best.LossError ? candidates[0] : best;
    }

    /// <summary>What they were compared by.</summary>
    public ChoiceCriterion Criterion { get; }

    /// <summary>All candidates, in the order in which they were given; those that could not be fitted say why.</summary>
    public IReadOnlyList<ModelCandidate> Candidates { get; }

    /// <summary>The sound candidate with the smallest score, of those that predict hidden numbers no worse than the first does. By hidden
    /// cells it is the first itself where its score is within a standard error of the smallest.</summary>
    public ModelCandidate Best { get; }

    /// <summary>The candidates combined column by column, with weights from the hidden cells; its errors are those of cells that the
    /// weights were not fitted to, and it has no score. Null where there are not two sound candidates, or no cells were hidden.</summary>
    public ModelCandidate? Combination { get; }

    /// <summary>The candidates and, where there is one, their combination.</summary>
    internal IEnumerable<ModelCandidate> All => Combination is null ? Candidates : [.. Candidates, Combination];

    /// <summary>What a fit that was chosen so is: the combination or the best candidate.</summary>
    internal ModelCandidate TakenBy(FittedModel fit) => fit.HasLikelihood || Combination is null ? Best : Combination;

    /// <summary>Number of cells that were hidden; 0 where the criterion hides none.</summary>
    public int HiddenCellCount { get; }

    /// <summary>The comparison in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Best.Name} of {Candidates.Count} models, by {Criterion}");
}
