namespace Imputation.Tests.Diagnostics;

/// <summary>Data sets of known distribution for diagnostics; the same for the same seed.</summary>
internal static class Simulated
{
    /// <summary>Normal numbers with the same correlation between any two columns; exponentiated where skewed, and divided by √(χ²/df) of
    /// their row where degrees of freedom are given,
    /// which makes them t. Cells are missing completely at random; where asked for, none of the first column.</summary>
    public static double[,] Values(int rows, int columns, int seed, double missing = 0, double offset = 0, bool skewed = false,
        double correlation = 0.5, double? degreesOfFreedom = null, bool firstComplete = false)
    {
        var random = new Random(seed);
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            double common = Normal(random), scale = 1;
            if (degreesOfFreedom is { } df)
            {
                double squares = 0;
                for (int k = 0; k < (int)df; k++) squares += Math.Pow(Normal(random), 2);
                scale = Math.Sqrt(df / squares);
            }
            for (int j = 0; j < columns; j++)
            {
                double x = scale * (Math.Sqrt(correlation) * common + Math.Sqrt(1 - correlation) * Normal(random));
                if (skewed) x = Math.Exp(x);
                values[i, j] = !(firstComplete && j == 0) && random.NextDouble() < missing ? double.NaN : x + offset;
            }
        }
        return values;
    }

    /// <summary>The same with a complete first column.</summary>
    public static double[,] Rows(int seed, int rows, int columns, double correlation, double missing, double? degreesOfFreedom = null) =>
        Values(rows, columns, seed, missing, correlation: correlation, degreesOfFreedom: degreesOfFreedom, firstComplete: true);

    public static Table Table(int rows, int columns, int seed, double missing = 0, double offset = 0, bool skewed = false) =>
        Table(Values(rows, columns, seed, missing, offset, skewed));

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
        * Math.Cos(2 * Math.PI * random.NextDouble());

    public static Table Table(double[,] values) => Imputation.Table.FromArray([.. Enumerable.Range(1, values.GetLength(1))
        .Select(j => $"x{j}")], values);
}
