using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>Parameters drawn from their posterior distribution, for one imputation.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record DataAugmentationDraw
{
    internal DataAugmentationDraw(int index, int chain, int iteration, IReadOnlyList<double> mean, SymmetricMatrix covariance)
    {
        Index = index;
        Chain = chain;
        Iteration = iteration;
        Mean = mean;
        Covariance = covariance;
    }

    /// <summary>k, from 0.</summary>
    public int Index { get; internal init; }

    /// <summary>The chain it belongs to, from 0: k modulo the number of chains.</summary>
    public int Chain { get; internal init; }

    /// <summary>The iteration of that chain, from 1: burn-in + ⌊k / chains⌋ · thinning.</summary>
    public int Iteration { get; internal init; }

    /// <summary>p means, in the units of the data.</summary>
    public IReadOnlyList<double> Mean { get; internal init; }

    /// <summary>p × p, symmetric, in the units of the data.</summary>
    public SymmetricMatrix Covariance { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"draw {Index}: chain {Chain}, iteration {Iteration}, {Mean.Count} columns");
}
