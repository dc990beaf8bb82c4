namespace Imputation.Models;

/// <summary>Source of the parameters of imputations: a bootstrap, or a Markov chain.</summary>
internal interface IParameterDraws
{
    /// <summary>The chains that draws come from, once they have run; null of a bootstrap.</summary>
    DataAugmentationResult? Chains { get; }

    /// <summary>Does the work common to all draws, unless it is done, on all threads; a draw running beside others would have to wait
    /// for them.</summary>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    void Prepare(CancellationToken cancellation);

    /// <summary>The parameters of one imputation. A function of the index alone; may be called on several threads at once.</summary>
    /// <param name="index">Index of the draw (from 0).</param>
    /// <param name="threads">Most threads; 0 for one per processor. The draw does not depend on it.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    ParameterDraw Draw(int index, int threads, CancellationToken cancellation);
}
