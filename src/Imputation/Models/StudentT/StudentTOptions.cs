using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.StudentT;

namespace Imputation;

/// <summary>The multivariate t distribution, and how it is fitted.</summary>
public sealed record StudentTOptions : ModelOptions
{
    /// <summary>A tolerance of 1e-8: degrees of freedom change little on the scale of distances, and would have 7 digits only.</summary>
    public StudentTOptions() => Tolerance = 1e-8;

    /// <summary>The defaults: degrees of freedom are estimated.</summary>
    public static StudentTOptions Default { get; } = new();

    /// <summary>Degrees of freedom where they are given, from 0.05 to 1000; null, the default, to estimate them. 4 is a usual choice for a
    /// robust estimate from few rows.</summary>
    public double? DegreesOfFreedom { get; init; }

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        StudentTFit fit = StudentTFitting.Fit(table, this, run, cancellation, out GaussianData data);
        return new PreparedFit(fit, data.Patterns, draws => draws.Method == MultipleMethod.BootstrapEm
            ? new StudentTBootstrap(data, fit, run.Seed)
            : throw new ImputationDataException("The t model has no data augmentation: use bootstrap EM (--method emb)."));
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (DegreesOfFreedom is { } given && !(given >= StudentTEm.LeastDegrees && given <= StudentTEm.MostDegrees))
            throw new ArgumentOutOfRangeException(nameof(DegreesOfFreedom), given, "Degrees of freedom must be from 0.05 to 1000.");
        if (Prior.Kind is not (CovariancePriorKind.None or CovariancePriorKind.Auto))
            throw new ArgumentException($"The t model has no prior, but the prior is {Prior}.", nameof(Prior));
    }
}
