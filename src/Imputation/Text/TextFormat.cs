using System.Globalization;
using Imputation.Numerics.Distributions;

namespace Imputation.Text;

/// <summary>Numbers and lists in the sentences of diagnostics, the same in every country.</summary>
internal static partial class TextFormat
{
    /// <summary>12,345.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of bytes: 300 MB, 1.5 GB; units are powers of 1024.</summary>
    public static string Bytes(long count) => count < 1L << 30
        ? $"{Math.Ceiling(count / 1048576.0).ToString("N0", CultureInfo.InvariantCulture)} MB"
        : $"{Math.Round(count / 1073741824.0, 1).ToString("#,0.#", CultureInfo.InvariantCulture)} GB";

    /// <summary>1 row, 12,345 rows.</summary>
    public static string Count(long count, string noun, string? plural = null) =>
        $"{Count(count)} {(count == 1 ? noun : plural ?? noun + "s")}";

    /// <summary>A number to some significant digits, its integer part always in full: 0.3333, 12346, 1.2e-7.</summary>
    public static string Number(double value, int digits = 4) =>
        double.IsNaN(value) ? "unknown" : double.IsInfinity(value) ? "infinite" : value == 0 ? "0"
        : Math.Abs(value) < 1e15 && Math.Abs(value) >= Math.Pow(10, digits) - 0.5 ? value.ToString("F0", CultureInfo.InvariantCulture)
        : value.ToString("G" + digits, CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E+", "e").Replace('E', 'e');

    /// <summary>A number with a given number of decimals.</summary>
    public static string Fixed(double value, int decimals = 2) =>
        double.IsNaN(value) ? "unknown" : WithoutMinusZero(value.ToString("F" + decimals, CultureInfo.InvariantCulture));

    /// <summary>A number to its last digit, as it would be typed.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage, 4.8 %; a share above 0 is never shown as 0 %, nor one below 1 as 100 %.</summary>
    public static string Percent(double share) => double.IsNaN(share) ? "unknown" : (share == 1 ? "100" : PercentNumber(share)) + " %";

    /// <summary>A part of a whole; 0 % of nothing.</summary>
    public static string Percent(long part, long whole) => Percent(Share(part, whole));

    /// <summary>4.8, of a share: a percentage without its sign, for a column whose heading has it and whose decimals line up.</summary>
    public static string PercentNumber(double share) =>
        double.IsNaN(share) ? "unknown" : share is > 0 and < 0.0005 ? "<0.1" : share is >= 0.9995 and < 1 ? ">99.9"
        : (100 * share).ToString(share == 0 ? "0" : "0.0", CultureInfo.InvariantCulture);

    /// <summary>The same of a part of a whole; 0 of nothing.</summary>
    public static string PercentNumber(long part, long whole) => PercentNumber(Share(part, whole));

    /// <summary>0.012, 0.0014, 2.2e-16 or 10^-345, to follow "p = ".</summary>
    /// <param name="log">Natural logarithm of the probability.</param>
    public static string PValue(double log)
    {
        double p = Math.Exp(log), log10 = TailProbability.Log10(log);
        return double.IsNaN(log) ? "unknown" : double.IsNegativeInfinity(log) ? "0" : p >= 0.9995 ? "1"
            : log10 < -300 ? "10^" + log10.ToString("F0", CultureInfo.InvariantCulture)
            : p.ToString(p < 1e-4 ? "0.0e-0" : p < 0.01 ? "0.0000" : "0.000", CultureInfo.InvariantCulture);
    }

    /// <summary>p = 0.012, p = 2.2e-16, p &lt; 1e-300.</summary>
    /// <param name="log">Natural logarithm of the probability.</param>
    public static string P(double log) => TailProbability.Log10(log) < -300 ? "p < 1e-300" : $"p = {PValue(log)}";

    /// <summary>Parts of a sentence joined, as many as are worth reading: a; b and 3 more.</summary>
    public static string List<T>(IReadOnlyCollection<T> parts, int most, Func<T, string> text, string separator = "; ") =>
        string.Join(separator, parts.Take(most).Select(text)) + (parts.Count > most ? $" and {Count(parts.Count - most)} more" : "");

    /// <summary>A sentence that says of how many rows something is, with a space before it; nothing where it is of all.</summary>
    public static string Sample(int taken, int all, ulong seed, string what = "Computed") =>
        taken == all ? "" : $" {what} on a sample of {Count(taken)} of {Count(all, "row")}, drawn with seed "
            + $"{seed.ToString(CultureInfo.InvariantCulture)}.";

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static string WithoutMinusZero(string number) => number.AsSpan().IndexOfAnyExcept("-0.") < 0 ? number.TrimStart('-') : number;
}
