using Imputation.Numerics.Random;

namespace Imputation.Models.Mixture;

/// <summary>Parameters estimated by EM from resamples of the rows with replacement, from the fit on (Honaker and King 2010, §4):
/// approximately draws from their posterior distribution near this end.</summary>
internal sealed class MixtureBootstrap(MixtureData data, MixturePlan plan, CovariancePrior prior, NormalMixtureFit fit,
    MixtureParameters start, ulong seed) : IParameterDraws
{
    private const int MostIterations = 500;

    private const double LeastRate = 0.3, MostRate = 0.99, Ridge = 1;

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation) { } // each resample is by itself

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        ulong own = CounterRandom.Derive(seed, index, 0);
        int n = data.TableRowCount;
        var weights = new double[n];
        for (int i = 0; i < n; i++)
        {
            int row = (int)(CounterRandom.Uniform(own, i, 0, 0) * n);
            weights[row] += data.RowWeights?[row] ?? 1;
        }
        MixtureData resample = data.Weighted(weights);
        var options = new EmOptions
        {
            Tolerance = Math.Max(1e-4, 0.01 / Math.Sqrt(n)),
            MaxIterations = MostIterations,
            KnownRate = double.IsNaN(fit.Report.ConvergenceRate) ? MostRate : Math.Clamp(fit.Report.ConvergenceRate, LeastRate, MostRate),
        };
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
