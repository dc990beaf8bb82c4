using Imputation.Models.Gaussian;

namespace Imputation.Models.LatentNormal;

/// <summary>Parameters estimated by EM from resamples of the rows with replacement (Honaker and King 2010, §4): approximately draws from
/// their posterior distribution.</summary>
/// <remarks>A resample is a count for each row. The refit starts at the estimate and continues to a hundredth of a standard error. Margins
/// are those of all rows: the means of latent variables move with the resample, and take the shares of levels with them.</remarks>
internal sealed class LatentBootstrap(LatentData data, int rowCount, LatentNormalFit fit, ulong seed) : IParameterDraws
{
    private readonly int[] _rows = [.. Enumerable.Range(0, rowCount).Where(row => data.UnitOf(row) >= 0)];

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation) { } // each resample is by itself

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        EmOptions options = Resampling.Options(fit.Report, _rows.Length, LatentNormalOptions.LatentTolerance);
        LatentData resample = data.Weighted(Resampling.Weights(Resampling.Seed(seed, index), rowCount, _rows));
        EmFit<LatentParameters> refit = Refit(fit.Prior!);
        if (refit.Outcome == EmOutcome.Unbounded)
        {
            // Only without a ridge: some columns determine others in this resample.
            var ridge = CovariancePrior.Ridge(LatentNormalOptions.DefaultRidge);
            refit = Refit(new LatentPrior(ridge, fit.Layout, [.. Enumerable.Repeat((double)_rows.Length, fit.Layout.Count)]));
            return Drawn(refit) with { Ridge = ridge.DegreesOfFreedom };
        }
        return Drawn(refit);

        EmFit<LatentParameters> Refit(LatentPrior prior)
        {
            EmFit<LatentParameters> result = EmDriver.Fit(new LatentEm(resample, prior, options.Tolerance, threads, fit.Latent), options,
                new RunOptions { Threads = threads }, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return result;
        }
    }

    private ParameterDraw Drawn(EmFit<LatentParameters> refit)
    {
        bool converged = refit.Outcome == EmOutcome.Converged;
        GaussianParameters parameters = (converged ? refit.Next : refit.Parameters).Gaussian;
        return new ParameterDraw(fit.With(parameters)) { Converged = converged };
    }
}
