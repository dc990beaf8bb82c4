namespace Imputation.Em;

/// <summary>Finds a better starting point by some cheap iterations over a sample of the rows.</summary>
internal static class SubsampleStart
{
    /// <summary>Iterations over the sample. More would not help: the sample's maximum is not that of all data.</summary>
    private const int Iterations = 7;

    /// <summary>Runs EM over a sample.</summary>
    /// <returns>The point reached; the approximation of the EM map, which is close to that of all data; the cost in E-steps over all
    /// data.</returns>
    public static (T Point, EmAcceleration<T>? Learnt, double Cost) Run<T>(
        EmSubsample<T> sample, EmOptions options, EmStart start, CancellationToken cancellation) where T : class
    {
        EmOptions few = options with { MaxIterations = Iterations, Tolerance = double.Epsilon };
        var path = new EmPath<T>(sample.Model, few, null, start.Index, 0, cancellation);
        path.Begin(sample.Model.Initialize(start));
        var run = new EmLoop<T>(path);
        EmOutcome? outcome = run.Iterate();
        run.Acceleration?.ChangeMap();
        // After the last iteration one more step is known, and free. After any other end it must not be taken: it may be degenerate.
        return (outcome == EmOutcome.MaxIterations ? path.Step.Next : path.Current, run.Acceleration, path.Cost * sample.Share);
    }
}
