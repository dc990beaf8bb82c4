using Imputation.Numerics.Threading;

namespace Imputation.Em;

/// <summary>Many starts in two stages: short runs from all of them, and the best ones taken to their ends.</summary>
/// <remarks>The ends of a mixture's runs differ by much more than what a run still gains after some iterations, and most starts lead to
/// poor ends (Biernacki, Celeux and Govaert 2003). Runs towards improper ends climb highest, so they come last, and do not count.</remarks>
internal static class EmStages
{
    /// <summary>A short run's end is a little different from another's where both lead to the same point.</summary>
    private const double Same = 1e-3;

    /// <summary>Runs from one start with their saddles; see <see cref="EmDriver"/>.</summary>
    public delegate IReadOnlyList<EmLoop<T>> Runner<T>(int start, T? from, double cost, int iterations) where T : class;

    /// <summary>Short runs, then long ones until enough have come to a proper end.</summary>
    /// <param name="many">The model.</param>
    /// <param name="options">How EM iterates.</param>
    /// <param name="run">Seed and threads.</param>
    /// <param name="toEnd">Takes a start to its end.</param>
    /// <param name="cancellation">Cancels.</param>
    public static List<EmLoop<T>> Run<T>(IEmManyMaxima<T> many, EmOptions options, RunOptions run, Runner<T> toEnd,
        CancellationToken cancellation) where T : class
    {
        EmOptions few = options with { MaxIterations = Math.Min(options.MaxIterations, many.ShortIterations) };
        var ends = new EmPath<T>?[options.Restarts];
        ParallelOptions parallel = ParallelWork.Options(run.Threads);
        ParallelWork.For(ends.Length, parallel, k => ends[k] = ShortRun(many.ShortRuns, few, new EmStart(k, run.Seed), cancellation));

        EmPath<T>[] best = [.. ends.OfType<EmPath<T>>().OrderBy(e => e.Step.Degenerate || many.WhyImproper(e.Current) is not null)
            .ThenByDescending(e => e.Objective).ThenBy(e => e.Start)];
        var runs = new List<EmLoop<T>>();
        int wanted = many.LongRuns(ends.Length), proper = 0;
        for (int next = 0; next < best.Length && proper < wanted && !cancellation.IsCancellationRequested;)
        {
            // As many as are still wanted, at least one for every thread that there may be; which these are does not depend on the threads.
            var batch = new List<EmPath<T>>();
            for (; next < best.Length && batch.Count < Math.Max(wanted - proper, 4); next++)
                if (!batch.Exists(other => IsSame(many, other, best[next]))) batch.Add(best[next]);
            var done = new IReadOnlyList<EmLoop<T>>[batch.Count];
            ParallelWork.For(done.Length, parallel, i => done[i] = toEnd(batch[i].Start, batch[i].Current, batch[i].Cost,
                batch[i].IterationCount - 1)); // the long run begins with the last iteration of the short one
            foreach (EmLoop<T> end in done.SelectMany(d => d))
            {
                runs.Add(end);
                if (end.Outcome != EmOutcome.Unbounded && many.WhyImproper(end.Path.Current) is null) proper++;
            }
        }
        return runs;
    }

    private static bool IsSame<T>(IEmManyMaxima<T> many, EmPath<T> a, EmPath<T> b) where T : class =>
        Math.Abs(a.Objective - b.Objective) < Same && many.EndDistance(a.Current, b.Current) < Same;

    /// <summary>The path of a short run; null where it was cancelled.</summary>
    private static EmPath<T>? ShortRun<T>(IEmModel<T> model, EmOptions few, EmStart start, CancellationToken cancellation) where T : class
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var path = new EmPath<T>(model, few, null, start.Index, 0, cancellation);
            path.Begin(model.Initialize(start));
            new EmLoop<T>(path).Iterate();
            return path;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
