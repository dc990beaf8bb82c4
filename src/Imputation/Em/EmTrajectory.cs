namespace Imputation.Em;

/// <summary>One run of EM: from a start, step by step, to an outcome.</summary>
internal sealed class EmTrajectory<T> where T : class
{
    /// <summary>Saddles left in one run before it gives up.</summary>
    private const int MostSaddles = 3;

    /// <summary>Iterations without progress in step length or objective after which a run has stalled.</summary>
    private const int StallWindow = 100;

    private readonly IEmModel<T> _model;
    private readonly IEmCoordinates<T>? _coordinates;
    private readonly EmOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly List<EmIteration> _trace = [];
    private EmStep<T> _step;
    private double _distance;
    private EmCurvature? _curvature;
    private double _highest = double.NegativeInfinity;
    private int _saddlesLeft;

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

    public double Objective => _step.Objective;

    public double LogLikelihood => _step.LogLikelihood;

    public EmOutcome Outcome { get; private set; }

    public IReadOnlyList<EmIteration> Trace => _trace;

    public int Evaluations { get; private set; }

    public double Rate { get; private set; } = double.NaN;

    public double Remaining { get; private set; } = double.PositiveInfinity;

    public IReadOnlyList<IReadOnlyList<double>> FlatDirections => _curvature is { IsFlat: true, Direction: { } direction } ? [direction] : [];

    /// <summary>What rounding can do to an objective of this size.</summary>
    public static double Rounding(double objective) => 1e-12 * (1 + Math.Abs(objective));

    /// <summary>Runs from a start. A saddle on the way is left in both directions, each of which is a run of its own.
    /// Empty where cancelled before the start was evaluated.</summary>
    public static IReadOnlyList<EmTrajectory<T>> FromStart(IEmModel<T> model, EmOptions options, EmStart start, List<EmSaddle<T>> saddles, CancellationToken cancellation)
    {
        EmTrajectory<T> run;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            run = new EmTrajectory<T>(model, options, start.Index, model.Initialize(start), cancellation);
            run.MoveTo(run.Current, run.Evaluate(run.Current), EmStepKind.Start);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [];
        }
        return run.ToEnds(saddles);
    }

    private List<EmTrajectory<T>> ToEnds(List<EmSaddle<T>> saddles)
    {
        try
        {
            if (Iterate() is not { } curvature) return [this];

            saddles.Add(new EmSaddle<T>(Start, Current, Objective, LogLikelihood, curvature.Rate, curvature.Direction!));
            Outcome = EmOutcome.Stalled;
            if (++_saddlesLeft > MostSaddles) return [this];
            EmTrajectory<T>[] branches = [.. new[] { 1, -1 }.Select(sign => Escaped(curvature.Direction!, sign)).OfType<EmTrajectory<T>>()];
            return branches.Length == 0 ? [this] : [.. branches.SelectMany(branch => branch.ToEnds(saddles))];
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            Outcome = EmOutcome.Cancelled;
            return [this];
        }
    }

    /// <summary>Iterates until there is an outcome; where the run came to rest on a saddle, returns the curvature there instead.</summary>
    private EmCurvature? Iterate()
    {
        AndersonAcceleration? acceleration = _options.Accelerate && _coordinates is not null ? new(_coordinates.CoordinateCount) : null;
        double shortest = double.PositiveInfinity, mark = double.NegativeInfinity;
        int sinceProgress = 0;
        while (true)
        {
            if (_step.Degenerate) return End(EmOutcome.Unbounded);

            UpdateRemaining();
            if (_curvature is { IsSaddle: true }) return _curvature;

            // An extrapolated point is confirmed by a plain step from it before it counts.
            if (Remaining <= _options.Tolerance && _trace[^1].Kind != EmStepKind.Accelerated) return End(EmOutcome.Converged);
            if (_trace.Count >= _options.MaxIterations) return End(EmOutcome.MaxIterations);

            if (_distance < 0.99 * shortest || Objective > mark + Rounding(mark))
            {
                sinceProgress = 0;
                shortest = Math.Min(shortest, _distance);
                mark = Math.Max(mark, Objective);
            }
            else if (++sinceProgress >= StallWindow) return End(EmOutcome.Stalled);

            _cancellation.ThrowIfCancellationRequested();
            if (acceleration is not null && Remaining > _options.Tolerance && TryAccelerated(acceleration)) continue;

            T next = _step.Next;
            EmStep<T> step = Evaluate(next);
            if (double.IsNaN(step.Objective)) return End(EmOutcome.Unbounded);
            if (step.Objective < _highest - Rounding(_highest)) return End(EmOutcome.ObjectiveDecreased);
            MoveTo(next, step, EmStepKind.Em);
        }
    }

    /// <summary>Moves to the extrapolated point, unless there is none, it has no image, or the objective is lower there.</summary>
    private bool TryAccelerated(AndersonAcceleration acceleration)
    {
        double[] point = Coordinates(Current), image = Coordinates(_step.Next);
        if (acceleration.Next(point, image) is not { } extrapolated) return false;
        if (_coordinates!.Read(extrapolated) is { } candidate)
        {
            EmStep<T> step = Evaluate(candidate);
            if (!step.Degenerate && step.Objective >= _highest - Rounding(_highest))
            {
                MoveTo(candidate, step, EmStepKind.Accelerated);
                return true;
            }
        }
        acceleration.Restart();
        return false;
    }

    /// <summary>Estimates the distance still to go: with steps shrinking by the rate λ, d + dλ + dλ² + ... = d / (1 − λ), where d is the
    /// step that is next (the step before it being d / λ, this is step · λ / (1 − λ)). The rate is found once steps are short.</summary>
    private void UpdateRemaining()
    {
        if (_distance == 0 && _coordinates is null)
        {
            (Rate, Remaining) = (0, 0);
            return;
        }
        if (_coordinates is null)
        {
            // Without coordinates the rate is the observed one, the larger of the last two ratios of successive plain steps.
            if (_trace.Count < 4) return;
            double[] d = [.. _trace.TakeLast(3).Select(t => t.Distance)];
            Rate = Math.Max(d[1] / d[0], d[2] / d[1]);
            Remaining = Rate < 1 ? _distance / (1 - Rate) : double.PositiveInfinity;
            return;
        }
        if (_distance > _options.Tolerance && _curvature is null)
        {
            // Too early for a certificate; what the steps look like so far. It exceeds the tolerance, as the step does.
            double ratio = _trace.Count > 1 ? _distance / _trace[^2].Distance : double.NaN;
            (Rate, Remaining) = ratio < 1 ? (ratio, _distance / (1 - ratio)) : (double.NaN, double.PositiveInfinity);
            return;
        }
        if (_curvature is null)
        {
            _curvature = EmCurvature.Analyse(Map, Coordinates(Current), Coordinates(_step.Next));
            Evaluations += _curvature.Evaluations;
            Rate = _curvature.Rate;
        }
        Remaining = _distance / (1 - _curvature.DeterminedRate);
    }

    private double[]? Map(double[] coordinates)
    {
        if (_coordinates!.Read(coordinates) is not { } point) return null;
        EmStep<T> step = _model.Step(point, _cancellation);
        return step.Degenerate ? null : Coordinates(step.Next);
    }

    /// <summary>A run that goes on from a little way along a direction of upward curvature, or null where the objective does not rise there.</summary>
    private EmTrajectory<T>? Escaped(double[] direction, int sign)
    {
        double[] from = Coordinates(Current);
        foreach (double length in (ReadOnlySpan<double>)[0.3, 0.1, 0.03, 0.01, 0.003, 0.001])
        {
            double[] to = [.. from.Select((x, i) => x + sign * length * direction[i])];
            if (_coordinates!.Read(to) is not { } point) continue;
            EmStep<T> step = Evaluate(point);
            if (step.Degenerate || !(step.Objective > _highest + Rounding(_highest))) continue;
            var branch = new EmTrajectory<T>(_model, _options, Start, point, _cancellation) { _highest = _highest, _saddlesLeft = _saddlesLeft };
            branch._trace.AddRange(_trace);
            branch.Evaluations = Evaluations;
            branch.MoveTo(point, step, EmStepKind.Escape);
            Evaluations = 0; // counted in the first branch
            return branch;
        }
        return null;
    }

    private EmStep<T> Evaluate(T point)
    {
        Evaluations++;
        return _model.Step(point, _cancellation);
    }

    private void MoveTo(T point, EmStep<T> step, EmStepKind kind)
    {
        Current = point;
        _step = step;
        _distance = step.Degenerate ? double.PositiveInfinity : _model.Distance(point, step.Next);
        _highest = Math.Max(_highest, step.Objective);
        var iteration = new EmIteration(Start, _trace.Count + 1, step.Objective, step.LogLikelihood, _distance, kind);
        _trace.Add(iteration);
        _options.Progress?.Report(iteration);
    }

    private EmCurvature? End(EmOutcome outcome)
    {
        Outcome = outcome;
        return null;
    }

    private double[] Coordinates(T point)
    {
        var coordinates = new double[_coordinates!.CoordinateCount];
        _coordinates.Write(point, coordinates);
        return coordinates;
    }
}
