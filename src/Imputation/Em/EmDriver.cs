using Imputation.Em;
using Imputation.Numerics.Threading;

namespace Imputation;

/// <summary>Fits any model by EM: runs the loop from one or several starts and chooses the best end.</summary>
/// <remarks>The loop itself, with its checks, is EmLoop.cs, one screen. The EM step of the normal model, written as in the textbooks, is
/// tests/Shared/NaiveNormal.cs: the tests run this driver on it as well, and hold the fast step against it.</remarks>
public static class EmDriver
{
    /// <summary>Two ends this close are one point.</summary>
    private const double SamePoint = 1e-4;

    /// <summary>Where the objective is flat, two ends whose objectives differ by no more are one ridge of maxima.</summary>
    private const double SameHeight = 1e-6;

    /// <summary>Fits a model: the deterministic start and <see cref="EmOptions.Restarts"/> − 1 random ones, in parallel; the best end is
    /// returned.</summary>
    /// <remarks>Not converging is an outcome, not an exception; cancellation too, once the first start has been evaluated.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before there was anything to return.</exception>
    public static EmFit<T> Fit<T>(IEmModel<T> model, EmOptions options, RunOptions? run = null, CancellationToken cancellation = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        run ??= RunOptions.Default;
        run.Validate();

        var many = model as IEmManyMaxima<T>;
        var runs = new IReadOnlyList<EmLoop<T>>[options.Restarts];
        var saddles = new List<EmSaddle<T>>[options.Restarts];
        IReadOnlyList<EmLoop<T>> Start(int k, T? from, double cost, int iterations)
        {
            saddles[k] = [];
            return runs[k] = RunFrom(model, options, run, k, from, cost, iterations, saddles[k], cancellation);
        }
        EmLoop<T>[] all;
        if (many is not null && options.Restarts > 1) all = [.. EmStages.Run(many, options, run, Start, cancellation)];
        else
        {
            if (options.Restarts == 1) Start(0, null, 0, 0);
            else ParallelWork.For(options.Restarts, ParallelWork.Options(run.Threads), k => Start(k, null, 0, 0));
            all = [.. runs.SelectMany(r => r)];
        }
        if (all.Length == 0) throw new OperationCanceledException(cancellation);
        string?[] improper = Array.ConvertAll(all, r => many is null ? null : WhyImproper(many, r));
        EmLoop<T> best = all.Zip(improper).Aggregate((a, b) => IsBetter(b, a) ? b : a).First;
        if (many is not null && best.Outcome == EmOutcome.Converged) best.Certificate.Sharpen();
        (List<EmEndPoint<T>> ends, int?[] endOf) = Distinct(many is null ? model.Distance : many.EndDistance, all, improper,
            options.Tolerance);
        return new EmFit<T>
        {
            Parameters = best.Path.Current,
            Next = best.Path.Step.Next,
            Objective = best.Path.Objective,
            LogLikelihood = best.Path.Step.LogLikelihood,
            Outcome = best.Outcome,
            Trace = best.Path.Trace,
            IterationCount = best.Path.IterationCount,
            EStepCount = all.Sum(r => r.Path.EStepCount),
            ConvergenceRate = best.Certificate.Rate,
            EstimatedDistance = best.Certificate.EstimatedDistance,
            FlatDirections = best.Certificate.FlatDirections,
            Runs = [.. all.Select((r, i) => Summary(r, endOf[i]))],
            Traces = [.. all.Select(r => r.Path.Trace)],
            EndPoints = ends,
            Saddles = [.. saddles.SelectMany(s => s ?? [])],
            Improper = [.. all.Zip(improper).Where(r => r.Second is not null).Select(r => new EmImproperEnd<T>(
                r.First.Path.Start, r.First.Path.Current, r.First.Path.Objective, r.Second!))],
        };
    }

    private static string? WhyImproper<T>(IEmManyMaxima<T> many, EmLoop<T> run) where T : class =>
        many.WhyImproper(run.Path.Current) ?? (run.Outcome == EmOutcome.Unbounded ? "a covariance became singular" : null);

    /// <summary>Runs from one start. More than one run if there was a saddle point on the way; none if cancelled before the start was
    /// evaluated.</summary>
    private static IReadOnlyList<EmLoop<T>> RunFrom<T>(
        IEmModel<T> model, EmOptions options, RunOptions run, int index, T? from, double itsCost, int itsIterations,
        List<EmSaddle<T>> saddles, CancellationToken cancellation) where T : class
    {
        var start = new EmStart(index, run.Seed);
        EmPath<T> path;
        EmAcceleration<T>? learnt;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            // A random start is run as drawn, so that it can end elsewhere than the others.
            bool fromSample = start.Index == 0 && options.Accelerate && from is null;
            (T point, learnt, double cost) = from is not null ? (from, null, itsCost)
                : fromSample && model is IEmCoordinates<T> { Subsample: { } sample }
                    ? SubsampleStart.Run(sample, options, start, cancellation)
                : (model.Initialize(start), null, 0);
            path = new EmPath<T>(model, options, run.Progress, start.Index, cost, cancellation, itsIterations);
            path.Begin(point);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [];
        }
        IReadOnlyList<EmLoop<T>> ends = SaddleEscape.RunToEnds(new EmLoop<T>(path, learnt), saddles);
        return model is not IEmManyMaxima<T> many ? ends
            : [.. ends.Select(end => SaddleEscape.FromBeside(many, end, run.Progress, saddles))];
    }

    private static EmRun Summary<T>(EmLoop<T> run, int? endPoint) where T : class => new(
        run.Path.Start, run.Path.Objective, run.Path.Step.LogLikelihood, run.Outcome, run.Path.IterationCount, run.Path.EStepCount,
        endPoint);

    /// <summary>A proper end before any other, and a converged run before any other; then the higher objective, a difference within
    /// rounding not counting; then the earlier start.</summary>
    private static bool IsBetter<T>((EmLoop<T> Run, string? Improper) one, (EmLoop<T> Run, string? Improper) than) where T : class
    {
        if (one.Improper is null != than.Improper is null) return one.Improper is null;
        bool converged = one.Run.Outcome == EmOutcome.Converged, thanConverged = than.Run.Outcome == EmOutcome.Converged;
        double objective = one.Run.Path.Objective, thanObjective = than.Run.Path.Objective;
        return converged != thanConverged ? converged : objective > thanObjective + EmPath<T>.Rounding(thanObjective) * 100;
    }

    /// <summary>The distinct limits of converged runs that are proper, best first, and for each run the index of its limit.</summary>
    private static (List<EmEndPoint<T>> Ends, int?[] EndOf) Distinct<T>(
        Func<T, T, double> distance, EmLoop<T>[] runs, string?[] improper, double tolerance) where T : class
    {
        var endOf = new int?[runs.Length];
        var ends = new List<EmEndPoint<T>>();
        var flats = new List<bool>(); // whether the objective is flat around each of them
        var converged = new List<int>();
        for (int i = 0; i < runs.Length; i++)
            if (runs[i].Outcome == EmOutcome.Converged && improper[i] is null) converged.Add(i);
        double Objective(int i) => runs[i].Path.Objective;
        converged.Sort((a, b) => Objective(a) != Objective(b) ? Objective(b).CompareTo(Objective(a)) : a - b);
        foreach (int i in converged)
        {
            EmPath<T> path = runs[i].Path;
            bool flat = runs[i].Certificate.FlatDirections.Count > 0;
            int at = ends.FindIndex(e => distance(e.Parameters, path.Current) < Math.Max(SamePoint, 100 * tolerance));
            // The data do not tell points along a flat direction apart: all of them are one maximum.
            if (at < 0 && flat) at = flats.FindLastIndex(isFlat => isFlat) is var k && k >= 0
                && ends[k].Objective - path.Objective <= SameHeight + EmPath<T>.Rounding(path.Objective) ? k : -1;
            if (at < 0)
            {
                at = ends.Count;
                flats.Add(flat);
                ends.Add(new EmEndPoint<T>(path.Current, path.Objective, path.Step.LogLikelihood, 0));
            }
            ends[at] = ends[at] with { StartCount = ends[at].StartCount + 1 };
            endOf[i] = at;
        }
        return (ends, endOf);
    }
}
