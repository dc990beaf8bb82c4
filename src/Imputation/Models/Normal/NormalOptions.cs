using Imputation.Em;

namespace Imputation;

/// <summary>How the multivariate normal model is fitted.</summary>
public sealed record NormalOptions : EmOptions
{
    /// <summary>Maximum likelihood, one start, accelerated.</summary>
    public static NormalOptions Default { get; } = new();

    /// <summary>Prior of the covariance; default <see cref="CovariancePrior.None"/>, maximum likelihood.</summary>
    public CovariancePrior Prior { get; init; } = CovariancePrior.None;

    /// <summary>Which columns of a table are modelled; by default every numeric one that is not an identifier.</summary>
    public ColumnSelection Columns { get; init; } = ColumnSelection.Default;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Prior);
        ArgumentNullException.ThrowIfNull(Columns);
    }
}
