namespace Imputation.Em;

/// <summary>Runs the loop to its end, or to both ends where it meets a saddle point on the way.</summary>
/// <remarks>Exact symmetry can lead EM to a point that is a maximum along its path but not across it. The run leaves such a point in
/// both directions in which the objective curves upward, and each is a run of its own.</remarks>
internal static class SaddleEscape
{
    /// <summary>Runs until every branch has ended. Saddle points that were left are added to <paramref name="saddles"/>.</summary>
    public static IReadOnlyList<EmLoop<T>> RunToEnds<T>(EmLoop<T> run, List<EmSaddle<T>> saddles) where T : class
    {
        EmPath<T> path = run.Path;
        try
        {
            EmOutcome? outcome;
            while ((outcome = run.Iterate()) is null)
            {
                // It is a saddle point if the objective rises on one side of it. If not, the curvature was rounding, and the run continues.
                double[] direction = run.Certificate.Curvature!.Direction;
                EmLoop<T>[] branches = [.. new[] { 1, -1 }.Select(sign => Branch(path, direction, sign)).OfType<EmLoop<T>>()];
                if (branches.Length > 0)
                {
                    saddles.Add(new EmSaddle<T>(
                        path.Start, path.Current, path.Objective, path.Step.LogLikelihood, run.Certificate.Curvature.Rate, direction));
                    return [.. branches.SelectMany(branch => RunToEnds(branch, saddles))];
                }
                run.Certificate.DismissSaddle();
            }
            run.Outcome = outcome.Value;
        }
        catch (OperationCanceledException) when (path.Cancellation.IsCancellationRequested)
        {
            run.Outcome = EmOutcome.Cancelled;
        }
        return [run];
    }

    /// <summary>The end of a run from the point beside an end, where the model names one and that run climbs higher; else the
    /// end.</summary>
    public static EmLoop<T> FromBeside<T>(IEmManyMaxima<T> model, EmLoop<T> end, IProgress<EmIteration>? progress,
        List<EmSaddle<T>> saddles) where T : class
    {
        for (int left = 0; left < 3 && end.Outcome == EmOutcome.Converged && model.Beside(end.Path.Current) is { } beside; left++)
        {
            EmPath<T> path = end.Path, further = new(path.Model, path.Options, progress, path.Start, path.Cost, path.Cancellation);
            var run = new EmLoop<T>(further);
            try
            {
                further.Begin(beside);
                run.Outcome = run.Iterate() ?? EmOutcome.Stalled;
            }
            catch (OperationCanceledException) when (path.Cancellation.IsCancellationRequested)
            {
                return end;
            }
            if (!(further.Objective > path.Objective + Math.Max(path.Slack, path.Step.Rounding))) return end;
            saddles.Add(new EmSaddle<T>(path.Start, path.Current, path.Objective, path.Step.LogLikelihood, 1, []));
            end = run;
        }
        return end;
    }

    /// <summary>A run that continues from a point beside a saddle point, or null where the objective does not rise on that side.</summary>
    private static EmLoop<T>? Branch<T>(EmPath<T> path, double[] direction, int sign) where T : class
    {
        foreach (double length in (ReadOnlySpan<double>)[0.3, 0.1, 0.03, 0.01, 0.003, 0.001])
        {
            if (path.Coordinates!.Read(path.Current, [.. direction.Select(x => sign * length * x)]) is not { } point) continue;
            EmStep<T> step = path.Evaluate(point);
            if (!step.Degenerate && step.Objective > path.Highest + Math.Max(path.Slack, step.Rounding))
                return new EmLoop<T>(path.Branch(point, step));
        }
        return null;
    }
}
