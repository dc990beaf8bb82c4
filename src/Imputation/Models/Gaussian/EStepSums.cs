namespace Imputation.Models.Gaussian;

/// <summary>The sums of an E-step over some of the patterns.</summary>
internal sealed class EStepSums(int p)
{
    /// <summary>Σ E[x − μ | x_O].</summary>
    public double[] Sum { get; } = new double[p];

    /// <summary>Σ E[(x − μ)(x − μ)ᵀ | x_O], the lower triangle by rows.</summary>
    public double[] Products { get; } = new double[p * (p + 1) / 2];

    /// <summary>Σ log|Σ_OO|.</summary>
    public double LogDeterminants { get; set; }

    /// <summary>As <see cref="GaussianEStep.Quadratics"/>.</summary>
    public double Quadratics { get; set; }
}
