using Imputation.Files;

namespace Imputation.Cli.Output;

/// <summary>Multiple imputation of a table under way: the model is fitted and the first imputation made.</summary>
/// <param name="Set">The imputations.</param>
/// <param name="First">The first of them.</param>
internal sealed record MultipleRun(ImputationSet Set, ImputationResult First)
{
    /// <summary>Advice on the number of imputations, from the imputations written.</summary>
    public InformationTally Information { get; } = new(Set);

    /// <summary>All findings so far; later imputations may add some.</summary>
    public IReadOnlyList<Finding> Findings => [.. Set.Fit.Report.Findings, .. First.Findings, .. Set.Findings];

    /// <summary>Fits the model and makes the first imputation, with which chains are run.</summary>
    /// <param name="table">The table.</param>
    /// <param name="options">How to impute.</param>
    /// <param name="run">Seed, threads and progress.</param>
    /// <param name="makeAll">Whether all imputations are made once before any is written, since any may have findings.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static MultipleRun Start(Table table, MultipleOptions options, RunOptions run, bool makeAll, CancellationToken cancellation)
    {
        ImputationSet set = table.ImputeMultiple(options, run, cancellation);
        ImputationResult first = set.Make(0, cancellation);
        if (makeAll) set.ForEach([.. Enumerable.Range(1, set.Count - 1)], (_, _) => { }, cancellation);
        return new MultipleRun(set, first);
    }

    /// <summary>Writes the imputations that are not there yet; returns their total number.</summary>
    public int WriteTo(IImputationStore store, CancellationToken cancellation)
    {
        store.Write(Set, Information.Add, cancellation);
        return store.FinishedCount;
    }
}
