using Imputation.Numerics.Kernels;

namespace Imputation.Models.Mixture;

/// <summary>Sums of an E-step over some rows, for each component.</summary>
/// <param name="k">Number of components.</param>
/// <param name="p">Number of numeric columns.</param>
/// <param name="slots">Number of levels.</param>
internal sealed class MixtureSums(int k, int p, int slots)
{
    /// <summary>Σ r, the expected rows of each component.</summary>
    public double[] Weights { get; } = new double[k];

    /// <summary>Σ r E[x − μ], p numbers for each.</summary>
    public double[] First { get; } = new double[k * p];

    /// <summary>Σ r E[(x − μ)(x − μ)ᵀ], p × p for each, lower triangle.</summary>
    public double[] Second { get; } = new double[k * p * p];

    /// <summary>Σ r for each level.</summary>
    public double[] Levels { get; } = new double[k * slots];

    /// <summary>Log-likelihood of the standardised rows.</summary>
    public double LogLikelihood { get; set; }

    /// <summary>Sum of the absolute values that it is the sum of.</summary>
    public double Size { get; set; }

    public void Clear()
    {
        foreach (double[] sum in (double[][])[Weights, First, Second, Levels]) Array.Clear(sum);
        LogLikelihood = Size = 0;
    }

    public void Add(MixtureSums other)
    {
        AddScaled.To(Weights, 1, other.Weights);
        AddScaled.To(First, 1, other.First);
        AddScaled.To(Second, 1, other.Second);
        AddScaled.To(Levels, 1, other.Levels);
        LogLikelihood += other.LogLikelihood;
        Size += other.Size;
    }
}
