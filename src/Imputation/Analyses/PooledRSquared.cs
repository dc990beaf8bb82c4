using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>A pooled R².</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record PooledRSquared
{
    internal PooledRSquared(PooledCorrelation root)
    {
        Root = root;
    }

    /// <summary>Its root, the multiple correlation, pooled through Fisher's z.</summary>
    public PooledCorrelation Root { get; internal init; }

    /// <summary>R²; 0 to 1.</summary>
    public double Value => Root.Correlation * Root.Correlation;

    /// <summary>Lower confidence limit; NaN where <see cref="Root"/> has none.</summary>
    public double Lower => Math.Max(0, Root.Lower) * Math.Max(0, Root.Lower);

    /// <summary>Upper confidence limit; NaN where <see cref="Root"/> has none.</summary>
    public double Upper => Root.Upper * Root.Upper;

    /// <inheritdoc/>
    public override string ToString() => double.IsNaN(Upper) ? string.Create(CultureInfo.InvariantCulture, $"{Value:F4} (no interval)")
        : string.Create(CultureInfo.InvariantCulture,
            $"{Value:F4} ({100 * Root.Fisher.Confidence:G4} % {Lower:F4} to {Upper:F4})");
}
