using Imputation.Cli.Output;

namespace Imputation.Cli.Commands;

/// <summary>How a run that came to its end is to be taken.</summary>
internal static class ExitStatus
{
    public static void ThrowIfCancelled(FittedModel fit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (fit.Report.Outcome == EmOutcome.Cancelled) throw new OperationCanceledException();
    }

    /// <param name="fit">The fit; null where none was needed.</param>
    /// <param name="findings">What there is to say.</param>
    /// <exception cref="RefusedException">A warning, a problem, or a fit that did not converge.</exception>
    public static void RefuseWhereDoubtful(FittedModel? fit, IEnumerable<Finding> findings)
    {
        List<string> doubts = [.. findings.Where(f => f.Severity >= FindingSeverity.Warning).OrderByDescending(f => f.Severity)
            .Select(f => $"{f.Severity}: {f}")];
        if (fit is not null && fit.Report.Outcome != EmOutcome.Converged) doubts.Insert(0, FitSummary.Outcome(fit).Replace("\n", "; "));
        if (doubts.Count > 0)
            throw new RefusedException($"refused under --strict; nothing was "
                + $"written.\n{string.Join("\n", doubts.Select(doubt => $"  {Words.Printable(doubt)}"))}");
    }

    /// <summary>The exit code; what did not converge is said on standard error too, where a script's log keeps it.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="writes">Whether the command always writes a file; otherwise it gives an answer.</param>
    public static int Code(FittedModel fit, bool writes = true)
    {
        if (fit.Report.Outcome == EmOutcome.Converged) return ExitCode.Done;
        string use = fit.Report.Outcome == EmOutcome.Unbounded ? "The model is written, but 'impute apply' will refuse it" : writes
            ? "The files are written; use them with care" : "The answer is given; use it with care";
        Terminal.Say($"impute: {FitSummary.Outcome(fit).Replace("\n", "; ")}. {use}.");
        return ExitCode.NotConverged;
    }
}
