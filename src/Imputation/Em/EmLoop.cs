namespace Imputation.Em;

/// <summary>The EM loop: from a starting point, step by step, to an outcome.</summary>
/// <remarks>EM (Dempster, Laird and Rubin 1977) repeats one step, <see cref="IEmModel{T}.Step"/>, and no step lowers the objective.
/// All else here decides when to stop. Three things have files of their own: <see cref="EmCertificate{T}"/> estimates the distance to
/// the maximum, <see cref="EmAcceleration{T}"/> proposes longer steps, and <see cref="SaddleEscape"/> continues where the loop has
/// converged to a saddle point.</remarks>
internal sealed class EmLoop<T>(EmPath<T> path, EmAcceleration<T>? acceleration = null) where T : class
{
    /// <summary>Iterations without a shorter step or a higher objective after which a run has stalled.</summary>
    private const int StallWindow = 100;

    private readonly EmOptions _options = path.Options;

    /// <summary>The current point of the run and its path.</summary>
    public EmPath<T> Path => path;

    /// <summary>Estimated distance of the run from the maximum.</summary>
    public EmCertificate<T> Certificate { get; } = new(path);

    /// <summary>The approximation of the EM map for extrapolation; null before the first extrapolation, and for plain EM.</summary>
    public EmAcceleration<T>? Acceleration { get; private set; } = acceleration;

    /// <summary>How the run ended.</summary>
    public EmOutcome Outcome { get; set; }

    /// <summary>Iterates to an outcome.</summary>
    /// <returns>How the run ended; null where it has converged to a saddle point from which it can continue.</returns>
    public EmOutcome? Iterate()
    {
        double shortestStep = double.PositiveInfinity, highestMark = double.NegativeInfinity;
        int sinceProgress = 0;
        while (true)
        {
            // Degenerate step: the objective has no maximum here, it rises towards a singular distribution. The step must not be taken.
            if (path.Step.Degenerate) return EmOutcome.Unbounded;

            // Saddle point: the steps shrink to nothing there as well, so a short distance is no proof of a maximum.
            Certificate.Update(Acceleration);
            if (Certificate.IsSaddle) return path.MayLeaveSaddle ? null : EmOutcome.Stalled;

            // Tolerance: on the estimated distance to the maximum, not on the last step. Slow EM makes short steps far from the maximum.
            if (Certificate.EstimatedDistance <= _options.Tolerance) return EmOutcome.Converged;
            if (path.Trace.Count >= _options.MaxIterations) return EmOutcome.MaxIterations;

            // Stall: rounding can keep the steps from shrinking to the tolerance. Slow convergence is not a stall: it still makes progress.
            if (path.Distance < 0.99 * shortestStep || path.Objective > highestMark + path.Slack)
            {
                sinceProgress = 0;
                shortestStep = Math.Min(shortestStep, path.Distance);
                highestMark = Math.Max(highestMark, path.Objective);
            }
            else if (++sinceProgress >= StallWindow) return EmOutcome.Stalled;

            // Acceleration cannot harm: the run goes to the proposed point only if the objective is no lower there. If not, EM steps.
            path.Cancellation.ThrowIfCancellationRequested();
            if (TryAccelerated()) continue;

            // The EM step. The objective at the new point comes from the E-step there, which is also the E-step of the next iteration.
            T next = path.Step.Next;
            EmStep<T> step = path.Evaluate(next);
            if (double.IsNaN(step.Objective)) return EmOutcome.Unbounded;

            // Monotonicity: an exact EM step never lowers the objective, so a fall means that the model's E-step or M-step is wrong. Only
            // where rounding explains the fall, the run is as far as floating point goes. An approximate step is shortened.
            if (step.Objective < path.Highest - path.Slack)
            {
                bool approximate = path.Coordinates is { IsApproximate: true };
                if (approximate) (next, step) = Shortened(next, step);
                if (step.Objective < path.Highest - path.Slack)
                    return approximate || path.Highest - step.Objective <= 10 * Math.Max(path.Step.Rounding, step.Rounding)
                        ? EmOutcome.Stalled : EmOutcome.ObjectiveDecreased;
            }
            path.MoveTo(next, step, EmStepKind.Em);
        }
    }

    /// <summary>A shorter step in the same direction that does not lower the objective: half of it, a quarter, and so on. The whole step
    /// where there is none, or where it is so short that only the approximation's error shows.</summary>
    private (T Next, EmStep<T> Step) Shortened(T next, EmStep<T> step)
    {
        double[] way = path.CoordinatesOf(path.Current, next);
        for (double length = 0.5; length > 1e-3; length *= 0.5)
        {
            if (path.Coordinates!.Read(path.Current, [.. way.Select(x => length * x)]) is not { } nearer) continue;
            EmStep<T> there = path.Evaluate(nearer);
            if (!there.Degenerate && there.Objective >= path.Highest - path.Slack) return (nearer, there);
        }
        return (next, step);
    }

    /// <summary>Moves to an extrapolated point, unless there is none or the objective is lower there.</summary>
    private bool TryAccelerated()
    {
        if (!_options.Accelerate || path.Coordinates is null || double.IsNaN(Certificate.EstimatedDistance)) return false;
        Acceleration ??= new EmAcceleration<T>(path.Model, path.Coordinates);
        if (Acceleration.Next(path.Current, path.Step.Next, path.Recent) is not { } candidate) return false;
        EmStep<T> step = path.Evaluate(candidate);
        if (step.Degenerate) Acceleration.Rejected();
        else if (!IsNoWorse(candidate, step)) Acceleration.Rejected(candidate, step.Next);
        else
        {
            path.MoveTo(candidate, step, EmStepKind.Accelerated);
            Acceleration.Accepted();
            return true;
        }
        return false;
    }

    /// <summary>Whether the objective is no lower at a candidate or, where rounding hides that, the EM step from it is shorter.</summary>
    private bool IsNoWorse(T candidate, EmStep<T> step) =>
        step.Objective >= path.Highest - EmPath<T>.Rounding(path.Highest)
        || (step.Objective >= path.Highest - path.Slack && path.Model.Distance(candidate, step.Next) < path.Distance);
}
