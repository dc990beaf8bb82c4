namespace Imputation.Em;

/// <summary>The points of one run of EM: the current one, the EM step from it, and the path.</summary>
internal sealed class EmPath<T> where T : class
{
    /// <summary>Number of the last points kept, each with the point that an EM step leads to: their differences show the curvature at the
    /// end.</summary>
    private const int MostRecent = 24, FewestRecent = 4;

    /// <summary>Coordinates of all the points kept, at most: where the coordinates are many, fewer points are kept.</summary>
    private const int MostRecentCoordinates = 1_000_000;

    /// <summary>Saddle points left in one run before it gives up.</summary>
    private const int MostSaddles = 3;

    private readonly List<EmIteration> _trace = [];
    private readonly List<(T Point, T Next)> _recent = [];
    private readonly IProgress<EmIteration>? _progress;
    private readonly int _earlierIterations;
    private double _cost;
    private int _saddlesLeft;

    /// <summary>A path without a point; <see cref="Begin"/> gives it the first one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How EM iterates.</param>
    /// <param name="progress">Receives every iteration; null for none.</param>
    /// <param name="start">Index of the start.</param>
    /// <param name="cost">Cost of finding the first point, in E-steps over all data.</param>
    /// <param name="cancellation">Looked at in each step.</param>
    /// <param name="earlierIterations">Iterations of an earlier, short run before the first point.</param>
    public EmPath(IEmModel<T> model, EmOptions options, IProgress<EmIteration>? progress, int start, double cost,
        CancellationToken cancellation, int earlierIterations = 0)
    {
        _earlierIterations = earlierIterations;
        Model = model;
        Coordinates = model as IEmCoordinates<T>;
        Options = options;
        _progress = progress;
        Start = start;
        Cancellation = cancellation;
        Current = null!;
        _cost = cost;
    }

    public IEmModel<T> Model { get; }

    /// <summary>The model's coordinates; null where it has none, and then there is neither acceleration nor curvature.</summary>
    public IEmCoordinates<T>? Coordinates { get; }

    public EmOptions Options { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>Index of the start.</summary>
    public int Start { get; }

    /// <summary>The point where the run is.</summary>
    public T Current { get; private set; }

    /// <summary>The EM step from <see cref="Current"/>.</summary>
    public EmStep<T> Step { get; private set; }

    /// <summary>Length of that step; infinite where it is degenerate.</summary>
    public double Distance { get; private set; }

    /// <summary>Objective at <see cref="Current"/>.</summary>
    public double Objective => Step.Objective;

    /// <summary>Highest objective so far.</summary>
    public double Highest { get; private set; } = double.NegativeInfinity;

    public IReadOnlyList<EmIteration> Trace => _trace;

    /// <summary>Iterations so far, those of an earlier, short run included.</summary>
    public int IterationCount => _earlierIterations + _trace.Count;

    /// <summary>The last points with the points that an EM step leads to, the current one last. None without coordinates.</summary>
    public IReadOnlyList<(T Point, T Next)> Recent => _recent;

    /// <summary>E-steps spent; steps over a sample count for their share, and the sum is rounded up.</summary>
    public int EStepCount => (int)Math.Ceiling(_cost);

    /// <summary>E-steps spent, before rounding up.</summary>
    public double Cost => _cost;

    /// <summary>Whether the run may leave a saddle point once more.</summary>
    public bool MayLeaveSaddle => _saddlesLeft < MostSaddles;

    /// <summary>Decrease of the objective that does not count as one: the effect of rounding, up to a limit that a reader of the
    /// trace accepts.</summary>
    public double Slack =>
        Math.Clamp(Step.Rounding, Rounding(Highest), Math.Max(Rounding(Highest), 0.9e-10 * Math.Max(1, Math.Abs(Highest))));

    /// <summary>The effect of rounding on an objective of this size, where the model gives none.</summary>
    public static double Rounding(double objective) => 1e-12 * (1 + Math.Abs(objective));

    /// <summary>Starts at a point.</summary>
    public void Begin(T point) => MoveTo(point, Evaluate(point), EmStepKind.Start);

    /// <summary>The EM step from a point: one E-step.</summary>
    public EmStep<T> Evaluate(T point) => Evaluate(Model, point, 1);

    /// <summary>The EM step of a model that is <see cref="Model"/> or a sample of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="point">The point.</param>
    /// <param name="share">Cost of the step, as a share of a step over all data.</param>
    public EmStep<T> Evaluate(IEmModel<T> model, T point, double share)
    {
        _cost += share;
        return model.Step(point, Cancellation);
    }

    /// <summary>Goes to a point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="step">The EM step from it.</param>
    /// <param name="kind">How it was found.</param>
    public void MoveTo(T point, EmStep<T> step, EmStepKind kind)
    {
        Current = point;
        Step = step;
        Distance = step.Degenerate ? double.PositiveInfinity : Model.Distance(point, step.Next);
        Highest = Math.Max(Highest, step.Objective);
        if (Coordinates is not null && !step.Degenerate)
        {
            _recent.Add((point, step.Next));
            int most = Math.Clamp(MostRecentCoordinates / Coordinates.CoordinateCount, FewestRecent, MostRecent);
            if (_recent.Count > most) _recent.RemoveAt(0);
        }
        var iteration = new EmIteration(Start, _trace.Count + 1, step.Objective, step.LogLikelihood, Distance, kind);
        _trace.Add(iteration);
        _progress?.Report(iteration);
    }

    /// <summary>A path that leaves a saddle point, where this one ends, for a point beside it. It has this one's trace and takes over its
    /// cost, so that two branches do not count it twice.</summary>
    public EmPath<T> Branch(T point, EmStep<T> step)
    {
        var branch = new EmPath<T>(Model, Options, _progress, Start, _cost, Cancellation, _earlierIterations)
        {
            Highest = Highest,
            _saddlesLeft = _saddlesLeft + 1
        };
        branch._trace.AddRange(_trace);
        branch.MoveTo(point, step, EmStepKind.Escape);
        _cost = 0;
        return branch;
    }

    /// <summary>Coordinates of a point about an origin. Only for a model that has them.</summary>
    public double[] CoordinatesOf(T origin, T point)
    {
        var coordinates = new double[Coordinates!.CoordinateCount];
        Coordinates.Write(origin, point, coordinates);
        return coordinates;
    }
}
