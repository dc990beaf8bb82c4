using System.Diagnostics;
using System.Globalization;
using Imputation.Pooling;

namespace Imputation;

/// <summary>A correlation pooled through Fisher's z. Immutable; made by <see cref="Pool.Correlations"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PooledCorrelation
{
    internal PooledCorrelation(PooledEstimate fisher)
    {
        Fisher = fisher;
        Correlation = Math.Tanh(fisher.Estimate);
        Lower = Math.Tanh(fisher.Lower);
        Upper = Math.Tanh(fisher.Upper);
    }

    /// <summary>The pooled correlation, tanh z̄.</summary>
    public double Correlation { get; }

    /// <summary>Lower confidence limit, on the scale of correlations; not symmetric about <see cref="Correlation"/>. NaN where
    /// <see cref="Fisher"/> has no interval.</summary>
    public double Lower { get; }

    /// <summary>Upper confidence limit, on the scale of correlations.</summary>
    public double Upper { get; }

    /// <summary>All of it on the scale of z: variances, degrees of freedom, fraction of missing information, and the test against z =
    /// 0.</summary>
    public PooledEstimate Fisher { get; }

    /// <summary>Two-sided p for a correlation of <paramref name="nullValue"/>.</summary>
    /// <param name="nullValue">The correlation to test against, strictly between −1 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A correlation out of its range.</exception>
    public double PValue(double nullValue = 0) => Math.Abs(nullValue) < 1
        ? Fisher.PValue(Math.Atanh(nullValue))
        : throw new ArgumentOutOfRangeException(nameof(nullValue),
            $"The correlation to test against is {Guard.Text(nullValue)}; expected a number strictly between -1 and 1.");

    /// <summary>The result in one line.</summary>
    public override string ToString() => Fisher.HasInterval
        ? string.Create(CultureInfo.InvariantCulture, $"{Correlation:F4} ({100 * Fisher.Confidence:G4} % {Lower:F4} to {Upper:F4})")
        : string.Create(CultureInfo.InvariantCulture,
            $"{Correlation:F4} (no interval with {Fisher.DegreesOfFreedom:G3} degrees of freedom)");
}
