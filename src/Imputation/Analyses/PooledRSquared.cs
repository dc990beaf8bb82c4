using Imputation.Pooling;

namespace Imputation;

/// <summary>A pooled R².</summary>
/// <param name="Root">Its root, the multiple correlation, pooled through Fisher's z.</param>
public sealed record PooledRSquared(PooledCorrelation Root)
{
    /// <summary>R²; 0 to 1.</summary>
    public double Value => Root.Correlation * Root.Correlation;

    /// <summary>Lower confidence limit.</summary>
    public double Lower => Math.Max(0, Root.Lower) * Math.Max(0, Root.Lower);

    /// <summary>Upper confidence limit.</summary>
    public double Upper => Root.Upper * Root.Upper;
}
