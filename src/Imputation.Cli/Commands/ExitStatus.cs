using Imputation.Cli.Exits;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>The exit status of a completed run.</summary>
internal static class ExitStatus
{
    public static void ThrowIfCancelled(FittedModel fit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (fit.Report.Outcome == EmOutcome.Cancelled) throw new OperationCanceledException();
    }

    /// <param name="fit">The fit; null where none was needed.</param>
    /// <param name="findings">The findings.</param>
    /// <exception cref="RefusedException">A warning, a problem, or a fit that did not converge.</exception>
    public static void RefuseWhereDoubtful(FittedModel? fit, IEnumerable<Finding> findings)
    {
        List<string> doubts = [.. findings.Where(f => f.Severity >= FindingSeverity.Warning).OrderByDescending(f => f.Severity)
            .Select(f => $"{f.Severity}: {f}")];
        if (fit is not null && fit.Report.Outcome != EmOutcome.Converged) doubts.Insert(0, FitSummary.Outcome(fit).Replace("\n", "; "));
        if (doubts.Count > 0)
            throw new RefusedException($"refused under --strict; nothing was "
                + $"written.\n{string.Join("\n", doubts.Select(doubt => $"  {TextFormat.Printable(doubt)}"))}");
    }

    /// <summary>The exit code; a failure to come to an end, or to a proper one, is also written to standard error, so that a script's log
    /// has it.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="writes">Whether the command always writes a file; otherwise it gives an answer.</param>
    public static int Code(FittedModel fit, bool writes = true)
    {
        Finding? improper = fit.Report.ImproperEnd;
        if (fit.Report.Outcome == EmOutcome.Converged && improper is null) return ExitCode.Done;
        string use = fit.Report.Outcome == EmOutcome.Unbounded ? "The model is written, but 'impute apply' will refuse it" : writes
            ? "The files are written; use them with care" : "The results are printed; use them with care";
        string how = fit.Report.Outcome == EmOutcome.Converged ? improper!.Sentence.TrimEnd('.')
            : FitSummary.Outcome(fit).Replace("\n", "; ");
        Terminal.Say($"impute: {how}. {use}.");
        return ExitCode.NotConverged;
    }

    /// <summary>Writes imputations; on interruption or failure, the error message names the files that stay, and says how to
    /// resume.</summary>
    /// <param name="store">Store for finished imputations; null for none.</param>
    /// <param name="count">Number of imputations.</param>
    /// <param name="cancellation">Interrupts the run.</param>
    /// <param name="write">Writes them.</param>
    /// <exception cref="UnfinishedException">It was interrupted.</exception>
    /// <exception cref="LeftBehindException">It failed, and files stay.</exception>
    public static void TellOfFinished(IImputationStore? store, int count, CancellationToken cancellation, Action write)
    {
        try
        {
            write();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new UnfinishedException(store is { FilesLeft.Count: > 0 } ? $"impute: interrupted; {Left(store, count)}"
                : Interruption.Message);
        }
        catch (Exception exception) when (store is { FilesLeft.Count: > 0 })
        {
            throw new LeftBehindException(exception, Left(store, count));
        }
    }

    private static string Left(IImputationStore store, int count) => store is StackedImputations { FilesLeft: [var path] }
        ? $"The {TextFormat.Count(count, "imputation")} are written: {path}."
        : $"{store.FinishedCount} of {TextFormat.Count(count, "imputation")} are finished, and these files stay: "
            + $"{TextFormat.List(store.FilesLeft, 12)}. The same command with --resume continues from there.";
}
