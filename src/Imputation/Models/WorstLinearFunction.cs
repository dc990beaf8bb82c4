using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>The linear function of means and covariances about which the largest fraction of information is missing.</summary>
/// <remarks>With I_com the information of complete data and I_obs that of these, it belongs to the largest eigenvalue of
/// I_com⁻¹(I_com − I_obs): along it EM converges slowest, at just this rate (Dempster, Laird and Rubin 1977, §3), and data
/// augmentation mixes slowest (Schafer 1997, §4.4.3). <c>emNorm</c> of the R package norm2 estimates both by differences
/// (<c>worst.frac</c>; its <c>worst.linear.coef</c> is <see cref="Direction"/> at unit length).</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record WorstLinearFunction
{
    internal WorstLinearFunction(double fraction, IReadOnlyList<double> coefficients, IReadOnlyList<double> direction,
        string description)
    {
        Fraction = fraction;
        Coefficients = coefficients;
        Direction = direction;
        Description = description;
    }

    /// <summary>The largest fraction of missing information; 1 where the data do not determine the function.</summary>
    public double Fraction { get; internal init; }

    /// <summary>q coefficients of the parameters, in their order and in the units of the data; their sign is such that the largest
    /// weight is positive, and their length such that the function would have a standard error of 1 with complete data.</summary>
    public IReadOnlyList<double> Coefficients { get; internal init; }

    /// <summary>q movements of the parameters, in the units of the data, by one complete-data standard error of the function: where the
    /// slowest steps of EM go.</summary>
    public IReadOnlyList<double> Direction { get; internal init; }

    /// <summary>The function in words: the parameters that move with it most.</summary>
    public string Description { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Description}: {100 * Fraction:F1} % missing information");
}
