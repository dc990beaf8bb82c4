using System.Globalization;

namespace Imputation.Diagnostics;

/// <summary>Numbers in sentences.</summary>
internal static class Phrases
{
    /// <summary>A number to three or so significant digits.</summary>
    public static string Number(double value) =>
        value == 0 ? "0" : Math.Abs(value) is >= 1000 and < 1e7 ? value.ToString("F0", CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);

    /// <summary>A share in per cent.</summary>
    public static string Percent(double share) =>
        share is > 0 and < 0.001 ? "less than 0.1 %" : (100 * share).ToString(share < 0.0995 ? "0.#" : "F0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A probability from its natural logarithm: p = 0.012, or p = 1e-300.</summary>
    public static string PValue(double logP)
    {
        double log10 = logP / Math.Log(10);
        if (double.IsNaN(log10)) return "p unknown";
        return log10 > -4 ? "p = " + Math.Exp(logP).ToString("G2", CultureInfo.InvariantCulture)
            : log10 < -1e6 ? "p < 1e-1000000" : "p = 1e" + Math.Round(log10).ToString("F0", CultureInfo.InvariantCulture);
    }

    /// <summary>1 row, 2 rows.</summary>
    public static string Count(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? one : many)}");

    /// <summary>What a sample was, where one was taken.</summary>
    public static string Sample(int taken, int all, ulong seed) =>
        taken == all ? "" : $" Computed on {Count(taken, "row", "rows")} of {Count(all, "row", "rows")}, taken at random with seed {seed}.";
}
