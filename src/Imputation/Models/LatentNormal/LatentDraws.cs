using Imputation.Models.Gaussian;
using Imputation.Models.MarkovChains;
using Imputation.Numerics.Threading;

namespace Imputation.Models.LatentNormal;

/// <summary>Parameters drawn from their posterior distribution by data augmentation (<see cref="LatentChain"/>).</summary>
/// <remarks>The chains run once, when the first draw is requested. The first starts at the estimate, the others about it, about twice as
/// far as the posterior distribution reaches. The margins are those of the fit.</remarks>
internal sealed class LatentDraws : IParameterDraws
{
    private readonly LatentNormalFit _fit;
    private readonly ChainsOnce _chains;

    /// <param name="data">The data of the fit.</param>
    /// <param name="rowCount">Number of rows of the table.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="options">How many draws, from what chains.</param>
    /// <param name="run">Seed and threads.</param>
    public LatentDraws(LatentData data, int rowCount, LatentNormalFit fit, DataAugmentationOptions options, RunOptions run)
    {
        _fit = fit;
        _chains = new ChainsOnce(cancellation => Run(data, rowCount, fit, options, run, cancellation));
    }

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => _chains.Result;

    /// <inheritdoc/>
    /// <exception cref="ImputationDataException">A chain came to a covariance that is singular.</exception>
    public void Prepare(CancellationToken cancellation) => _ = _chains.Run(cancellation);

    /// <inheritdoc/>
    /// <exception cref="ImputationDataException">A chain came to a covariance that is singular.</exception>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        DataAugmentationDraw draw = _chains.Run(cancellation).Draws[index];
        int q = draw.Mean.Count;
        var covariance = new double[q * q];
        for (int i = 0; i < q; i++)
            for (int j = 0; j < q; j++) covariance[i * q + j] = draw.Covariance.Values[i, j];
        return new ParameterDraw(_fit.With(GaussianParameters.Create([.. draw.Mean], covariance) ?? throw Singular()));
    }

    private static DataAugmentationResult Run(LatentData data, int rowCount, LatentNormalFit fit, DataAugmentationOptions options,
        RunOptions run, CancellationToken cancellation)
    {
        int q = fit.Layout.Count;
        double rate = fit.Report.ConvergenceRate;
        var schedule = new DataAugmentationSchedule(options, rate);
        double startRows = schedule.StartRows(data.Weight, q);
        double[] ones = [.. Enumerable.Repeat(1.0, q)];
        var recorder = new DataAugmentationRecorder(fit.LatentNames, new double[q], ones, schedule, null);
        ParallelWork.For(schedule.Chains, ParallelWork.Options(run.Threads), c =>
        {
            var chain = new LatentChain(data, rowCount, fit.Prior!);
            GaussianParameters at = c == 0 ? fit.Latent : chain.Disperse(fit.Latent, startRows, new DrawKey(run.Seed, c, 0)) ?? fit.Latent;
            chain.Begin(at);
            for (int t = 1; t <= schedule.IterationCount; t++)
            {
                cancellation.ThrowIfCancellationRequested();
                at = chain.Step(at, new DrawKey(run.Seed, c, t)) ?? throw Singular();
                recorder.Record(c, t, at);
            }
        });
        return recorder.Result(fit.Report.Prior, fit.Report.Prior.Kind == CovariancePriorKind.None ? CovariancePrior.Jeffreys
            : fit.Report.Prior, rate, run.Threads);
    }

    private static ImputationDataException Singular() => new("A chain of data augmentation came to a latent covariance that is singular: "
        + "some columns all but determine others. Leave out one of these columns, fit with a stronger ridge prior, or take the parameters "
        + "from bootstrap samples (--method emb).");
}
