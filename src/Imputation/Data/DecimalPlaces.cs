namespace Imputation.Data;

/// <summary>Decimals of numbers.</summary>
internal static class DecimalPlaces
{
    /// <summary>The most decimals that a value is written with, at most 15; the last digit of a sum of decimal fractions does not
    /// count.</summary>
    public static int Of(ReadOnlySpan<double> values)
    {
        int most = 0;
        foreach (double value in values)
        {
            if (double.IsNaN(value)) continue;
            while (most < 15 && Math.Abs(value) < 1e15 && Math.Abs(Math.Round(value, most) - value) > 1e-15 * Math.Abs(value)) most++;
        }
        return most;
    }

    /// <summary>A number rounded to so many decimals; one that has no digits left there stays as it is.</summary>
    /// <param name="value">The number.</param>
    /// <param name="decimals">The decimals.</param>
    /// <param name="round">To a whole number: to the nearest by default, or up, or down.</param>
    public static double Rounded(double value, int decimals, Func<double, double>? round = null)
    {
        round ??= Math.Round;
        if (decimals == 0) return round(value);
        double scale = Math.Pow(10, decimals), scaled = value * scale;
        return Math.Abs(scaled) < 1e15 ? round(scaled) / scale : value;
    }
}
