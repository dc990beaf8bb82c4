namespace Imputation.Models.Mixture;

/// <summary>Parameters estimated by EM from resamples of the rows with replacement, from the fit on (Honaker and King 2010, §4):
/// approximately draws from their posterior distribution near this end.</summary>
internal sealed class MixtureBootstrap(MixtureData data, MixturePlan plan, CovariancePrior prior, NormalMixtureFit fit,
    MixtureParameters start, ulong seed) : IParameterDraws
{
    private const double LeastTolerance = 1e-4, Ridge = 1;

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation) { } // each resample is by itself

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        int n = data.TableRowCount;
        MixtureData resample = data.Weighted(Resampling.Weights(Resampling.Seed(seed, index), n, own: data.RowWeights));
        EmOptions options = Resampling.Options(fit.Report, n, LeastTolerance);
        EmFit<MixtureParameters> refit = Refit(prior.Kind == CovariancePriorKind.Auto ? CovariancePrior.None : prior);
        double ridge = 0;
        // A resample can bring a component down to a few distinct rows.
        if (refit.Outcome == EmOutcome.Unbounded && resample.Layout.NumberCount > 0) refit = Refit(CovariancePrior.Ridge(ridge = Ridge));
        MixtureParameters drawn = refit.Outcome == EmOutcome.Converged ? refit.Next : refit.Parameters;
        return new ParameterDraw(NormalMixtureFit.Of(data.Layout, data, drawn, plan, double.NaN, fit.Report.OfDraw(), fit.Columns))
        { Converged = refit.Outcome == EmOutcome.Converged, Ridge = ridge };

        EmFit<MixtureParameters> Refit(CovariancePrior under)
        {
            var model = new MixtureEm(resample, plan.Components, plan.Shape, under, threads, start);
            EmFit<MixtureParameters> result = EmDriver.Fit(model, options, new RunOptions { Threads = threads }, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return result;
        }
    }
}
