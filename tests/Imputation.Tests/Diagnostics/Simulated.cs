using Imputation.Data;

namespace Imputation.Tests.Diagnostics;

/// <summary>Correlated columns with cells missing completely at random; the same for the same seed.</summary>
internal static class Simulated
{
    public static double[,] Values(int rows, int columns, int seed, double missing = 0, double offset = 0, bool skewed = false, double correlation = 0.5)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            double common = Normal();
            for (int j = 0; j < columns; j++)
            {
                double x = Math.Sqrt(correlation) * common + Math.Sqrt(1 - correlation) * Normal();
                if (skewed) x = Math.Exp(x);
                values[i, j] = random.NextDouble() < missing ? double.NaN : x + offset;
            }
        }
        return values;
    }

    public static Table Table(int rows, int columns, int seed, double missing = 0, double offset = 0, bool skewed = false) =>
        Imputation.Data.Table.FromArray([.. Enumerable.Range(1, columns).Select(j => $"x{j}")], Values(rows, columns, seed, missing, offset, skewed));
}
