using Imputation.Models.Gaussian;
using Imputation.Numerics.Random;

namespace Imputation.Models.StudentT;

/// <summary>Parameters estimated by EM from resamples of the rows with replacement (Honaker and King 2010, §4): approximately draws from
/// their posterior distribution. The degrees of freedom are those of the fit.</summary>
internal sealed class StudentTBootstrap(GaussianData data, StudentTFit fit, ulong seed) : IParameterDraws
{
    private const int MostIterations = 500;

    private const double LeastRate = 0.3, MostRate = 0.99;

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation) { } // each resample is by itself

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        ulong own = CounterRandom.Derive(seed, index, 0);
        int n = data.Matrix.RowCount;
        var weights = new double[n];
        for (int i = 0; i < n; i++) weights[(int)(CounterRandom.Uniform(own, i, 0, 0) * n)]++;
        for (int i = 0; i < n && data.RowWeights is not null; i++) weights[i] *= data.RowWeights[i];
        double rate = fit.Report.ConvergenceRate;
        var options = new EmOptions
        {
            Tolerance = Math.Max(EmOptions.DefaultTolerance, 0.01 / Math.Sqrt(n)),
            MaxIterations = MostIterations,
            KnownRate = double.IsNaN(rate) ? MostRate : Math.Clamp(rate, LeastRate, MostRate),
        };
        StudentTParameters? start = data.Standardised(fit.MeanValues, fit.ScatterValues) is { } normal
            ? new StudentTParameters(normal, fit.DegreesOfFreedom) : null;
        var model = new StudentTEm(data.Weighted(weights, threads), fit.DegreesOfFreedom, threads, start);
        EmFit<StudentTParameters> refit = EmDriver.Fit(model, options, new RunOptions { Threads = threads }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        GaussianParameters drawn = refit.Parameters.Normal;
        return new ParameterDraw(new StudentTFit(data.MeanOf(drawn), data.CovarianceOf(drawn), fit.DegreesOfFreedom)
        {
            Columns = fit.Columns,
            Report = fit.Report.OfDraw(),
        })
        { Converged = refit.Outcome == EmOutcome.Converged };
    }
}
