using Imputation.Models;
using Imputation.Models.LatentNormal;
using Imputation.Patterns;

namespace Imputation;

/// <summary>The latent normal model of numbers and categories, and how it is fitted.</summary>
public sealed record LatentNormalOptions : ModelOptions
{
    /// <summary>Degrees of freedom of the ridge that is the default prior: enough for columns that are derived from others.</summary>
    internal const double DefaultRidge = 2;

    /// <summary>The default of the tolerance: a hundredth of a standard error of 10,000 rows. Where it is not changed, fewer rows have one
    /// as large as a hundredth of their standard error.</summary>
    internal const double LatentTolerance = 1e-4;

    /// <summary>A ridge of 2 degrees of freedom, one start, and a tolerance of 1e-4 standard deviations, or of a hundredth of a standard
    /// error where there are fewer than 10,000 rows.</summary>
    public LatentNormalOptions()
    {
        Prior = CovariancePrior.Ridge(DefaultRidge);
        Tolerance = LatentTolerance;
    }

    /// <summary>The defaults.</summary>
    public static LatentNormalOptions Default { get; } = new();

    /// <summary>The scale on which numbers enter the model; default <see cref="NumberScale.Auto"/>.</summary>
    public NumberScale Numbers { get; init; }

    /// <summary>The tolerance for so many rows.</summary>
    internal double ToleranceFor(double rows) => Tolerance == LatentTolerance ? Math.Max(Tolerance, 0.01 / Math.Sqrt(rows)) : Tolerance;

    internal override bool TakesCategories => true;

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        LatentNormalFit fit = LatentFitting.Fit(table, this, run, cancellation, out LatentData data);
        MissingPatterns patterns = ModelFrame.Of(fit, table).Patterns;
        fit = fit.With(patterns);
        return new PreparedFit(fit, patterns, draws => draws.Method switch
        {
            MultipleMethod.BootstrapEm => new LatentBootstrap(data, table.RowCount, fit, run.Seed),
            MultipleMethod.DataAugmentation when data.RowWeights is not null => throw new ImputationDataException(
                "Data augmentation draws from a posterior distribution, which weighted rows do not have: use bootstrap EM (--method emb)."),
            MultipleMethod.DataAugmentation => new LatentDraws(data, table.RowCount, fit, draws.Chains with { DrawCount = draws.Count },
                run),
            _ => throw new ArgumentOutOfRangeException(nameof(draws), draws.Method, "There is no such method."),
        });
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (!Enum.IsDefined(Numbers)) throw new ArgumentOutOfRangeException(nameof(Numbers), Numbers, "There is no such scale.");
        if (Prior.Kind == CovariancePriorKind.InverseWishart)
            throw new ArgumentException("The latent normal model has the priors none, auto, jeffreys and ridge:DF; an inverse-Wishart "
                + "prior is about the units of the data, which its variables do not have.", nameof(Prior));
    }
}
