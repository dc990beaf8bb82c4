namespace Imputation.Models;

/// <summary>Where the parameters of imputations come from: a bootstrap, or a Markov chain.</summary>
internal interface IParameterDraws
{
    /// <summary>The chains that draws come from, once they have run; null of a bootstrap.</summary>
    DataAugmentationResult? Chains { get; }

    /// <summary>Does what all draws have in common, unless it is done: on all threads, which a draw among others would have to wait
    /// for.</summary>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    void Prepare(CancellationToken cancellation);

    /// <summary>The parameters of one imputation. A function of the index alone; may be called on several threads at once.</summary>
    /// <param name="index">Which (from 0).</param>
    /// <param name="threads">Most threads; 0 for one per processor. The draw does not depend on it.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    ParameterDraw Draw(int index, int threads, CancellationToken cancellation);
}
