using Imputation.Models.Gaussian;
using Imputation.Models.MarkovChains;
using Imputation.Numerics.Threading;

namespace Imputation.Models.Normal;

/// <summary>Parameters drawn from their posterior distribution by data augmentation (Schafer 1997, §5.4).</summary>
/// <remarks>The chains run once, when the first draw is requested, and all m draws are kept. The position of draw k in the chains
/// does not depend on m (<see cref="DataAugmentationDraw"/>), so that it is the same for every m.</remarks>
internal sealed class DataAugmentationDraws : IParameterDraws
{
    /// <summary>Degrees of freedom of the weakest ridge that is tried in place of the prior of the fit.</summary>
    private const double LeastRidge = 0.3;

    private readonly NormalFit _fit;
    private readonly DataAugmentationOptions _options;
    private readonly RunOptions _run;
    private readonly ChainsOnce _chains;
    private GaussianData? _data;                        // released once the chains have run
    private double _ridge;
    private string _why = "";

    /// <param name="data">The data of the fit.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="options">How many draws, from what chains.</param>
    /// <param name="run">Seed and threads.</param>
    /// <param name="mayStrengthenPrior">Whether a ridge prior is used if the prior of the fit allows no draws or gives implausible
    /// ones. False if the caller chose the prior.</param>
    /// <exception cref="ImputationDataException">Cells are missing, and the posterior distribution is not proper.</exception>
    public DataAugmentationDraws(GaussianData data, NormalFit fit, DataAugmentationOptions options, RunOptions run,
        bool mayStrengthenPrior)
    {
        // reported now, not with the first imputation
        if (fit.Report.MissingCellCount > 0 && !mayStrengthenPrior) _ = DataAugmentation.Start(fit, data);
        _data = data;
        _fit = fit;
        _options = options;
        _run = run;
        _chains = new ChainsOnce(cancellation =>
        {
            DataAugmentationResult result = mayStrengthenPrior ? RunPlausibly(_data!, cancellation)
                : DataAugmentation.Run(_fit, _data!, _options, _run, cancellation);
            _data = null;
            return result;
        });
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
        return new ParameterDraw(_fit.With([.. draw.Mean], draw.Covariance.Values)) { Ridge = _ridge, Lack = _why };
    }

    /// <summary>Runs the chains under the prior of the fit. If it allows no draws, or gives an implausible one, runs them under the weakest
    /// ridge prior that does not.</summary>
    private DataAugmentationResult RunPlausibly(GaussianData data, CancellationToken cancellation)
    {
        double[] ridges = RidgeLadder.Above(_fit.Report.Prior, LeastRidge);
        NormalFit fit = _fit;
        for (int k = 0; ; k++)
        {
            try
            {
                DataAugmentationResult result = DataAugmentation.Run(fit, data, _options, _run, cancellation);
                if (k == ridges.Length || result.Draws.All(draw => IsPlausible(data, draw))) return result;
                _why = "a model was drawn that would fill cells with implausible values";
            }
            catch (ImputationDataException) when (k < ridges.Length)
            {
                _why = "a drawn covariance was singular, or the posterior distribution was not proper";
            }
            _ridge = ridges[k];
            fit = NormalModel.Refit(_fit, data, CovariancePrior.Ridge(_ridge), _run, cancellation);
        }
    }

    private bool IsPlausible(GaussianData data, DataAugmentationDraw draw) =>
        data.MissingCellWeight == 0
        || (data.Standardised([.. draw.Mean], draw.Covariance.Values) is { } parameters
            && PredictiveReach.WhyImplausible(data, parameters, ParallelWork.Options(_run.Threads)) is null);
}
