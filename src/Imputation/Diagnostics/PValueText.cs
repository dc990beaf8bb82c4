using System.Globalization;
using Imputation.Numerics;

namespace Imputation.Diagnostics;

/// <summary>Probabilities and numbers in sentences.</summary>
internal static class PValueText
{
    /// <summary>0.0014, 2.2e-16 or 10^-345, after an equals sign.</summary>
    /// <param name="log">Natural logarithm of the probability.</param>
    public static string Of(double log)
    {
        double p = Math.Exp(log), log10 = TailProbability.Log10(log);
        return double.IsNaN(log) ? "unknown"
            : log10 < -300 ? string.Create(CultureInfo.InvariantCulture, $"10^{log10:F0}")
            : p < 1e-4 ? p.ToString("0.0e-0", CultureInfo.InvariantCulture)
            : p.ToString(p < 0.01 ? "0.0000" : "0.000", CultureInfo.InvariantCulture);
    }

    /// <summary>A number to four significant digits.</summary>
    public static string Number(double value) =>
        Math.Abs(value) is >= 1e4 and < 1e15 ? value.ToString("F0", CultureInfo.InvariantCulture) : value.ToString("G4", CultureInfo.InvariantCulture);
}
