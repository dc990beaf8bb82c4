using Imputation.Numerics.Threading;

namespace Imputation.Em;

/// <summary>Runs EM from one or several starts and says what came of it. The one loop for every model.</summary>
public static class EmDriver
{
    /// <summary>Two ends this close are one point.</summary>
    private const double SamePoint = 1e-4;

    /// <summary>Fits a model: the deterministic start and <see cref="EmOptions.Restarts"/> − 1 random ones, in parallel; the best end is returned.</summary>
    /// <remarks>Not converging is an outcome, not an exception; cancellation too, once the first start has been evaluated.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before there was anything to return.</exception>
    public static EmFit<T> Fit<T>(IEmModel<T> model, EmOptions options, CancellationToken cancellation = default) where T : class
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        var runs = new IReadOnlyList<EmTrajectory<T>>[options.Restarts];
        var saddles = new List<EmSaddle<T>>[options.Restarts];
        void Start(int k)
        {
            saddles[k] = [];
            runs[k] = EmTrajectory<T>.FromStart(model, options, new EmStart(k, options.Seed), saddles[k], cancellation);
        }
        if (options.Restarts == 1) Start(0);
        else ParallelWork.For(options.Restarts, ParallelWork.Options(options.Threads), Start);

        EmTrajectory<T>[] all = [.. runs.SelectMany(r => r)];
        if (all.Length == 0) throw new OperationCanceledException(cancellation);
        EmTrajectory<T> best = all.Aggregate((a, b) => IsBetter(b, a) ? b : a);
        (List<EmEndPoint<T>> ends, int?[] endOf) = Distinct(model, all, options.Tolerance);
        return new EmFit<T>
        {
            Parameters = best.Current,
            Next = best.Next,
            Objective = best.Objective,
            LogLikelihood = best.LogLikelihood,
            Outcome = best.Outcome,
            Trace = best.Trace,
            EStepCount = all.Sum(r => r.EStepCount),
            ConvergenceRate = best.ConvergenceRate,
            EstimatedDistance = best.EstimatedDistance,
            FlatDirections = best.FlatDirections,
            Runs = [.. all.Select((r, i) => new EmRun(r.Start, r.Objective, r.LogLikelihood, r.Outcome, r.Trace.Count, r.EStepCount, endOf[i]))],
            Traces = [.. all.Select(r => r.Trace)],
            EndPoints = ends,
            Saddles = [.. saddles.SelectMany(s => s)],
        };
    }

    /// <summary>A converged run before any other; then the higher objective, a difference within rounding not counting; then the earlier start.</summary>
    private static bool IsBetter<T>(EmTrajectory<T> run, EmTrajectory<T> than) where T : class
    {
        bool converged = run.Outcome == EmOutcome.Converged, thanConverged = than.Outcome == EmOutcome.Converged;
        return converged != thanConverged ? converged : run.Objective > than.Objective + EmTrajectory<T>.Rounding(than.Objective) * 100;
    }

    private static (List<EmEndPoint<T>> Ends, int?[] EndOf) Distinct<T>(IEmModel<T> model, EmTrajectory<T>[] runs, double tolerance) where T : class
    {
        var endOf = new int?[runs.Length];
        var ends = new List<EmEndPoint<T>>();
        var converged = new List<int>();
        for (int i = 0; i < runs.Length; i++)
            if (runs[i].Outcome == EmOutcome.Converged) converged.Add(i);
        converged.Sort((a, b) => runs[a].Objective != runs[b].Objective ? runs[b].Objective.CompareTo(runs[a].Objective) : a - b);
        foreach (int i in converged)
        {
            int at = ends.FindIndex(e => model.Distance(e.Parameters, runs[i].Current) < Math.Max(SamePoint, 100 * tolerance));
            if (at < 0)
            {
                at = ends.Count;
                ends.Add(new EmEndPoint<T>(runs[i].Current, runs[i].Objective, runs[i].LogLikelihood, 0));
            }
            ends[at] = ends[at] with { StartCount = ends[at].StartCount + 1 };
            endOf[i] = at;
        }
        return (ends, endOf);
    }
}
