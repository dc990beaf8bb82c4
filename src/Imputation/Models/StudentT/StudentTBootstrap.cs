using Imputation.Models.Gaussian;

namespace Imputation.Models.StudentT;

/// <summary>Parameters estimated by EM from resamples of the rows with replacement (Honaker and King 2010, §4): approximately draws from
/// their posterior distribution. The degrees of freedom are those of the fit.</summary>
internal sealed class StudentTBootstrap(GaussianData data, StudentTFit fit, ulong seed) : IParameterDraws
{
    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation) { } // each resample is by itself

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        int n = data.Matrix.RowCount;
        double[] weights = Resampling.Weights(Resampling.Seed(seed, index), n, own: data.RowWeights);
        EmOptions options = Resampling.Options(fit.Report, n, EmOptions.DefaultTolerance);
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
