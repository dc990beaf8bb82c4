using Imputation.Numerics.Random;

namespace Imputation.Models.Factor;

/// <summary>Parameters estimated by EM from resamples of the rows with replacement (Honaker and King 2010, §4): approximately draws from
/// their posterior distribution.</summary>
/// <remarks>A resample is a count for each row. The refit starts at the estimate and continues to a hundredth of a standard
/// error.</remarks>
internal sealed class FactorBootstrap(FactorData data, FactorFit fit, ulong seed) : IParameterDraws
{
    private const int MostIterations = 500;

    private const double LeastRate = 0.3, MostRate = 0.99;

    private readonly FactorParameters _estimate = FactorFitting.Standardised(fit.Factors, data);

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation) { } // each resample is by itself

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        ulong own = CounterRandom.Derive(seed, index, 0);
        int n = data.RowCount;
        int[] rows = [.. data.Patterns.SelectMany(k => k.Rows).Order()];
        var weights = new double[data.Matrix.RowCount];
        for (int i = 0; i < n; i++) weights[rows[(int)(CounterRandom.Uniform(own, i, 0, 0) * n)]]++;
        for (int i = 0; i < weights.Length && data.RowWeights is not null; i++) weights[i] *= data.RowWeights[i];
        double rate = fit.Report.ConvergenceRate;
        var options = new EmOptions
        {
            Tolerance = Math.Max(EmOptions.DefaultTolerance, 0.01 / Math.Sqrt(n)),
            MaxIterations = MostIterations,
            KnownRate = double.IsNaN(rate) ? MostRate : Math.Clamp(rate, LeastRate, MostRate),
        };
        var model = new FactorEm(data.Weighted(weights), fit.FactorCount, fit.Noise, fit.Report.Prior.DegreesOfFreedom, threads, _estimate);
        EmFit<FactorParameters> refit = EmDriver.Fit(model, options, new RunOptions { Threads = threads }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        bool converged = refit.Outcome == EmOutcome.Converged;
        FactorParameters drawn = FactorFitting.InUnits(converged ? refit.Next : refit.Parameters, data);
        return new ParameterDraw(fit.With(drawn)) { Converged = converged };
    }
}
