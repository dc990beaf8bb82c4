namespace Imputation.Files;

/// <summary>Files that keep the imputations of a run as they are finished, so that a run that was interrupted can be resumed.</summary>
/// <remarks>Imputation k depends on the settings and k alone, so a resumed run writes the same bytes as one that was not
/// interrupted.</remarks>
public interface IImputationStore
{
    /// <summary>Number of imputations in the files, kept ones included.</summary>
    int FinishedCount { get; }

    /// <summary>Number of imputations that an earlier run had finished and <see cref="Write"/> kept.</summary>
    int KeptCount { get; }

    /// <summary>Paths of the files that the last <see cref="Write"/> has left, whether it succeeded or not: finished imputations, and
    /// those that a resumed run needs.</summary>
    IReadOnlyList<string> FilesLeft { get; }

    /// <summary>Finds the imputations that an earlier run has finished; <see cref="Write"/> then keeps them. Writes nothing, and does
    /// nothing where there was no earlier run. Without this call, <see cref="Write"/> starts from the beginning.</summary>
    /// <exception cref="OtherRunException">The earlier run had other settings.</exception>
    /// <exception cref="ImputationDataException">The earlier run's manifest is damaged.</exception>
    void Resume();

    /// <summary>Makes and writes the imputations that are not there yet.</summary>
    /// <param name="set">The imputations.</param>
    /// <param name="made">Called with the index (from 0) and the result of each imputation that is made, before it is written; possibly on
    /// several threads at once.</param>
    /// <param name="cancellation">Cancels the writing; finished imputations stay, and can be resumed from.</param>
    /// <exception cref="OutputException">A file cannot be written; finished imputations stay.</exception>
    void Write(ImputationSet set, Action<int, ImputationResult>? made = null, CancellationToken cancellation = default);
}
