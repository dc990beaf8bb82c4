using Imputation.Numerics.Kernels;

namespace Imputation.Models.Normal;

/// <summary>The observed information of a fit and its inverse, in coordinates, for functions of the parameters.</summary>
/// <param name="Coordinates">The coordinates.</param>
/// <param name="Inverse">The inverse.</param>
/// <param name="Scale">Fitted standard deviations.</param>
internal sealed record InformationSpace(InformationCoordinates Coordinates, InformationInverse Inverse, double[] Scale)
{
    /// <summary>Variance of a function with this gradient, and the fraction of information missing about it.</summary>
    public (double Variance, double Missing) Variance(ReadOnlySpan<double> gradient)
    {
        double complete = Dot.Product(gradient, gradient);
        if (complete == 0) return (0, 0);
        double[] copy = gradient.ToArray();
        double determined = Inverse.Determined(k => Dot.Product(Inverse.Undetermined[k].Vector, copy), complete);
        return Measured(Inverse.Variance(gradient), complete, determined);
    }

    /// <summary>The result for a function: its variance, or why there is none.</summary>
    public static (double Variance, double Missing) Measured(double variance, double complete, double determined)
    {
        if (determined != 1) return (determined, double.IsNaN(determined) ? double.NaN : 1);
        return (Math.Max(0, variance), variance > complete ? 1 - complete / variance : 0);
    }
}
