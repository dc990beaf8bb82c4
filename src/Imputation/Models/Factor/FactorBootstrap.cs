namespace Imputation.Models.Factor;

/// <summary>Parameters estimated by EM from resamples of the rows with replacement (Honaker and King 2010, §4): approximately draws from
/// their posterior distribution.</summary>
/// <remarks>A resample is a count for each row. The refit starts at the estimate and continues to a hundredth of a standard
/// error.</remarks>
internal sealed class FactorBootstrap(FactorData data, FactorFit fit, ulong seed) : IParameterDraws
{
    private readonly int[] _rows = [.. data.Patterns.SelectMany(k => k.Rows).Order()]; // with something observed
    private readonly FactorParameters _estimate = FactorFitting.Standardised(fit.Factors, data);

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation) { } // each resample is by itself

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        double[] weights = Resampling.Weights(Resampling.Seed(seed, index), data.Matrix.RowCount, _rows, data.RowWeights);
        EmOptions options = Resampling.Options(fit.Report, _rows.Length, EmOptions.DefaultTolerance);
        var model = new FactorEm(data.Weighted(weights), fit.FactorCount, fit.Noise, fit.Report.Prior.DegreesOfFreedom, threads, _estimate);
        EmFit<FactorParameters> refit = EmDriver.Fit(model, options, new RunOptions { Threads = threads }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        bool converged = refit.Outcome == EmOutcome.Converged;
        FactorParameters drawn = FactorFitting.InUnits(converged ? refit.Next : refit.Parameters, data);
        return new ParameterDraw(fit.With(drawn)) { Converged = converged };
    }
}
