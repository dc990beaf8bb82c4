using Imputation.Em.Acceleration;
using Imputation.Em.Certificate;
using Imputation.Numerics.Kernels;

namespace Imputation.Em;

/// <summary>One run of EM: from a start, step by step, to an outcome.</summary>
internal sealed class EmTrajectory<T> where T : class
{
    /// <summary>Saddles left in one run before it gives up.</summary>
    private const int MostSaddles = 3;

    /// <summary>Iterations without progress in step length or objective after which a run has stalled.</summary>
    private const int StallWindow = 100;

    /// <summary>Iterations over a sample before those over all data; they need not come nearer than the sample's maximum is to that of all data.</summary>
    private const int SampleIterations = 7;

    /// <summary>Rate up to which a sample may tell it. Nearer to 1 the question is whether it is 1, and that is for all data to answer.</summary>
    private const double HighestSampleRate = 0.9;

    /// <summary>Points kept, with where a step leads from them: the differences of the last ones tell the curvature at the end.</summary>
    private const int MostRecent = 24, FewestRecent = 4;

    /// <summary>Coordinates of all of them together, beyond which fewer are kept: points of many columns are large.</summary>
    private const int MostRecentCoordinates = 1_000_000;

    private readonly IEmModel<T> _model;
    private readonly IEmCoordinates<T>? _coordinates;
    private readonly EmOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly List<EmIteration> _trace = [];
    private readonly List<(T Point, T Next)> _recent = [];
    private EmStep<T> _step;
    private double _distance;
    private EmAcceleration<T>? _acceleration;
    private EmCurvature? _curvature; // for the certificate, about _curvatureAt
    private T? _curvatureAt;
    private bool _noSaddle;
    private double _highest = double.NegativeInfinity;
    private int _saddlesLeft;
    private double _evaluations;

    private EmTrajectory(IEmModel<T> model, EmOptions options, int start, T current, CancellationToken cancellation)
    {
        _model = model;
        _coordinates = model as IEmCoordinates<T>;
        _options = options;
        _cancellation = cancellation;
        Start = start;
        Current = current;
    }

    public int Start { get; }

    public T Current { get; private set; }

    public T Next => _step.Next;

    public double Objective => _step.Objective;

    public double LogLikelihood => _step.LogLikelihood;

    public EmOutcome Outcome { get; private set; }

    public IReadOnlyList<EmIteration> Trace => _trace;

    public int EStepCount => (int)Math.Ceiling(_evaluations);

    public double ConvergenceRate { get; private set; } = double.NaN;

    public double EstimatedDistance { get; private set; } = double.PositiveInfinity;

    public IReadOnlyList<IReadOnlyList<double>> FlatDirections => _curvature is { IsFlat: true } curvature ? [curvature.Direction] : [];

    /// <summary>Runs from a start. A saddle on the way is left in both directions, each of which is a run of its own.
    /// Empty where cancelled before the start was evaluated.</summary>
    public static IReadOnlyList<EmTrajectory<T>> FromStart(IEmModel<T> model, EmOptions options, EmStart start, List<EmSaddle<T>> saddles, CancellationToken cancellation)
    {
        EmTrajectory<T> run;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            run = start.Index == 0 && options.Accelerate && (model as IEmCoordinates<T>)?.Subsample is { } sample
                ? AfterSample(model, sample, options, start, cancellation)
                : new EmTrajectory<T>(model, options, start.Index, model.Initialize(start), cancellation);
            run.MoveTo(run.Current, run.Evaluate(run.Current), EmStepKind.Start);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [];
        }
        return run.ToEnds(saddles);
    }

    /// <summary>A run that begins where some iterations over a sample lead, and knows of its map what they learnt.</summary>
    private static EmTrajectory<T> AfterSample(IEmModel<T> model, EmSubsample<T> sample, EmOptions options, EmStart start, CancellationToken cancellation)
    {
        EmOptions few = options with { MaxIterations = SampleIterations, Tolerance = double.Epsilon, Progress = null };
        var run = new EmTrajectory<T>(sample.Model, few, start.Index, sample.Model.Initialize(start), cancellation);
        run.MoveTo(run.Current, run.Evaluate(run.Current), EmStepKind.Start);
        run.Iterate();
        run._acceleration?.ChangeMap();
        return new EmTrajectory<T>(model, options, start.Index, run.Outcome == EmOutcome.MaxIterations ? run.Next : run.Current, cancellation)
        {
            _acceleration = run._acceleration,
            _evaluations = run._evaluations * sample.Share,
        };
    }

    private List<EmTrajectory<T>> ToEnds(List<EmSaddle<T>> saddles)
    {
        try
        {
            while (Iterate() is { } saddle)
            {
                // A saddle is one if the objective rises on a side of it. If not, the curvature was rounding, and the run goes on.
                EmTrajectory<T>[] branches = [.. new[] { 1, -1 }.Select(sign => Escaped(saddle.Direction, sign)).OfType<EmTrajectory<T>>()];
                if (branches.Length > 0)
                {
                    saddles.Add(new EmSaddle<T>(Start, Current, Objective, LogLikelihood, saddle.Rate, saddle.Direction));
                    return [.. branches.SelectMany(branch => branch.ToEnds(saddles))];
                }
                _noSaddle = true;
            }
            return [this];
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            Outcome = EmOutcome.Cancelled;
            return [this];
        }
    }

    /// <summary>Iterates until there is an outcome; where the run came to rest on what looks like a saddle, returns the curvature there instead.</summary>
    private EmCurvature? Iterate()
    {
        double shortest = double.PositiveInfinity, mark = double.NegativeInfinity;
        int sinceProgress = 0;
        while (true)
        {
            if (_step.Degenerate) return End(EmOutcome.Unbounded);

            UpdateRemaining();
            if (_curvature is { IsSaddle: true } && !_noSaddle) return _saddlesLeft < MostSaddles ? _curvature : End(EmOutcome.Stalled);

            if (EstimatedDistance <= _options.Tolerance) return End(EmOutcome.Converged);
            if (_trace.Count >= _options.MaxIterations) return End(EmOutcome.MaxIterations);

            if (_distance < 0.99 * shortest || Objective > mark + Slack)
            {
                sinceProgress = 0;
                shortest = Math.Min(shortest, _distance);
                mark = Math.Max(mark, Objective);
            }
            else if (++sinceProgress >= StallWindow) return End(EmOutcome.Stalled);

            _cancellation.ThrowIfCancellationRequested();
            if (_options.Accelerate && _coordinates is not null && EstimatedDistance > _options.Tolerance && TryAccelerated()) continue;

            T next = _step.Next;
            EmStep<T> step = Evaluate(next);
            if (double.IsNaN(step.Objective)) return End(EmOutcome.Unbounded);
            if (step.Objective < _highest - Slack)
            {
                // A fall that rounding explains, though too large for a trace: this is as far as floating point goes.
                return End(_highest - step.Objective <= 10 * Math.Max(_step.Rounding, step.Rounding) ? EmOutcome.Stalled : EmOutcome.ObjectiveDecreased);
            }
            MoveTo(next, step, EmStepKind.Em);
        }
    }

    /// <summary>How far the objective may fall and still not count as lower: what rounding does, within a limit that a reader of the trace accepts.</summary>
    private double Slack => Math.Clamp(_step.Rounding, Rounding(_highest), Math.Max(Rounding(_highest), 0.9e-10 * Math.Max(1, Math.Abs(_highest))));

    /// <summary>What rounding does to an objective of this size, where the model does not say.</summary>
    public static double Rounding(double objective) => 1e-12 * (1 + Math.Abs(objective));

    /// <summary>Moves to an extrapolated point, unless there is none or the objective is lower there.</summary>
    private bool TryAccelerated()
    {
        _acceleration ??= new EmAcceleration<T>(_model, _coordinates!);
        if (_acceleration.Next(Current, _step.Next, _recent) is not { } candidate) return false;
        EmStep<T> step = Evaluate(candidate);
        if (step.Degenerate || !IsNoWorse(candidate, step))
        {
            if (step.Degenerate) _acceleration.Rejected();
            else _acceleration.Rejected(candidate, step.Next);
            return false;
        }
        MoveTo(candidate, step, EmStepKind.Accelerated);
        _acceleration.Accepted();
        return true;
    }

    /// <summary>Whether the objective is no lower at a candidate; where rounding hides that, whether the EM step from it is shorter.</summary>
    private bool IsNoWorse(T candidate, EmStep<T> step) =>
        step.Objective >= _highest - Rounding(_highest)
        || (step.Objective >= _highest - Slack && _model.Distance(candidate, step.Next) < _distance);

    /// <summary>Estimates the distance still to go: with steps shrinking by the rate λ, d + dλ + dλ² + ... = d / (1 − λ), where d is the
    /// step that is next (the step before it being d / λ, this is step · λ / (1 − λ)). Direction by direction, once steps are short.</summary>
    private void UpdateRemaining()
    {
        if (_coordinates is null)
        {
            if (_distance == 0) (ConvergenceRate, EstimatedDistance) = (0, 0);
            // Without coordinates the rate is the observed one, the larger of the last two ratios of successive plain steps.
            else if (_trace.Count >= 4)
            {
                double[] d = [.. _trace.TakeLast(3).Select(t => t.Distance)];
                ConvergenceRate = Math.Max(d[1] / d[0], d[2] / d[1]);
                EstimatedDistance = ConvergenceRate < 1 ? _distance / (1 - ConvergenceRate) : double.PositiveInfinity;
            }
            return;
        }
        if (_options.KnownRate is { } known)
        {
            (ConvergenceRate, EstimatedDistance) = (known, _distance / (1 - known));
            return;
        }
        if (_distance > _options.Tolerance)
        {
            // Too early for a certificate; what the steps look like so far. It exceeds the tolerance, as the step does.
            double ratio = _trace.Count > 1 ? _distance / _trace[^2].Distance : double.NaN;
            (ConvergenceRate, EstimatedDistance) = ratio < 1 ? (ratio, _distance / (1 - ratio)) : (double.NaN, double.PositiveInfinity);
            return;
        }
        if (_curvature is null)
        {
            (_curvature, _curvatureAt) = (Curvature(), Current);
            if (_curvature is not null) _acceleration?.Learn(Current, _curvature);
        }
        if (_curvature is null)
        {
            EstimatedDistance = double.PositiveInfinity;
            return;
        }
        ConvergenceRate = _curvature.Rate;
        double[] step = Coordinates(_curvatureAt!, _step.Next), here = Coordinates(_curvatureAt!, Current);
        for (int i = 0; i < step.Length; i++) step[i] -= here[i];
        EstimatedDistance = _curvature.EstimatedDistance(step);
    }

    /// <summary>The curvature here: by way of a sample, if there is one and it leaves no doubt.</summary>
    private EmCurvature? Curvature()
    {
        T at = Current;
        EmCurvature? Analysed(IEmModel<T> model, double share, T? next)
        {
            EmStep<T> Step(T point)
            {
                _evaluations += share;
                return model.Step(point, _cancellation);
            }
            double[]? Map(double[] coordinates)
            {
                if (_coordinates!.Read(at, coordinates) is not { } point) return null;
                EmStep<T> step = Step(point);
                return step.Degenerate ? null : Coordinates(at, step.Next);
            }
            return EmCurvature.Analyse(Map, Coordinates(at, next ?? Step(at).Next), model == _model ? Known() : null, model == _model && _acceleration is not null ? _acceleration.Lengthened : null);
        }
        return _coordinates!.Subsample is { } sample && Analysed(sample.Model, sample.Share, null) is { Rate: < HighestSampleRate } sampled
            ? sampled
            : Analysed(_model, 1, _step.Next);
    }

    /// <summary>The last ways that were gone and those between the points' images, in coordinates about the point here; newest first.</summary>
    private List<(double[] Way, double[] Image, double Distance)> Known()
    {
        var known = new List<(double[] Way, double[] Image, double Distance)>();
        (double[] Point, double[] Image, double Distance)? newer = null;
        for (int r = _recent.Count - 1; r >= 0; r--)
        {
            (T at, T next) = _recent[r];
            double[] point = Coordinates(Current, at), image = Coordinates(Current, next);
            double distance = Math.Sqrt(Dot.Product(point, point));
            if (newer is var (newerPoint, newerImage, _)) known.Add((Difference(newerPoint, point), Difference(newerImage, image), distance));
            newer = (point, image, distance);
        }
        return known;
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = (double[])a.Clone();
        AddScaled.To(difference, -1, b);
        return difference;
    }

    /// <summary>A run that goes on from a little way along a direction of upward curvature, or null where the objective does not rise there.</summary>
    private EmTrajectory<T>? Escaped(double[] direction, int sign)
    {
        foreach (double length in (ReadOnlySpan<double>)[0.3, 0.1, 0.03, 0.01, 0.003, 0.001])
        {
            if (_coordinates!.Read(Current, [.. direction.Select(x => sign * length * x)]) is not { } point) continue;
            EmStep<T> step = Evaluate(point);
            if (step.Degenerate || !(step.Objective > _highest + Math.Max(Slack, step.Rounding))) continue;
            var branch = new EmTrajectory<T>(_model, _options, Start, point, _cancellation) { _highest = _highest, _saddlesLeft = _saddlesLeft + 1 };
            branch._trace.AddRange(_trace);
            branch._evaluations = _evaluations;
            branch.MoveTo(point, step, EmStepKind.Escape);
            _evaluations = 0; // counted in the first branch
            return branch;
        }
        return null;
    }

    private EmStep<T> Evaluate(T point)
    {
        _evaluations++;
        return _model.Step(point, _cancellation);
    }

    private void MoveTo(T point, EmStep<T> step, EmStepKind kind)
    {
        Current = point;
        _step = step;
        _distance = step.Degenerate ? double.PositiveInfinity : _model.Distance(point, step.Next);
        _highest = Math.Max(_highest, step.Objective);
        if (_coordinates is not null && !step.Degenerate)
        {
            _recent.Add((point, step.Next));
            if (_recent.Count > Math.Clamp(MostRecentCoordinates / _coordinates.CoordinateCount, FewestRecent, MostRecent)) _recent.RemoveAt(0);
        }
        var iteration = new EmIteration(Start, _trace.Count + 1, step.Objective, step.LogLikelihood, _distance, kind);
        _trace.Add(iteration);
        _options.Progress?.Report(iteration);
    }

    private EmCurvature? End(EmOutcome outcome)
    {
        Outcome = outcome;
        return null;
    }

    private double[] Coordinates(T origin, T point)
    {
        var coordinates = new double[_coordinates!.CoordinateCount];
        _coordinates.Write(origin, point, coordinates);
        return coordinates;
    }
}
