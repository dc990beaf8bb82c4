using Imputation.Numerics.Random;

namespace Imputation.Tests.Models.MarkovChains;

/// <summary>Normal data with a common factor.</summary>
internal static class Simulated
{
    /// <summary>n × p numbers in different units, NaN where missing, each cell for itself.</summary>
    public static double[,] Values(int n, int p, ulong seed, double missing = 0)
    {
        var values = new double[n, p];
        for (int i = 0; i < n; i++)
        {
            double factor = CounterRandom.Normal(seed, i, 1000, 0);
            for (int j = 0; j < p; j++)
            {
                double z = 0.7 * factor + 0.7 * CounterRandom.Normal(seed, i, j, 0);
                values[i, j] = CounterRandom.Uniform(seed, i, j, 1) < missing ? double.NaN : 10 * j + Math.Pow(3, j % 4) * z;
            }
        }
        return values;
    }

    /// <summary>One more row, all cells the same.</summary>
    public static double[,] With(double[,] values, double more)
    {
        int n = values.GetLength(0), p = values.GetLength(1);
        var longer = new double[n + 1, p];
        for (int i = 0; i <= n; i++)
            for (int j = 0; j < p; j++) longer[i, j] = i < n ? values[i, j] : more;
        return longer;
    }

    /// <summary>Columns x1 to xp.</summary>
    public static Table Table(double[,] values) =>
        Imputation.Table.FromArray([.. Enumerable.Range(1, values.GetLength(1)).Select(j => $"x{j}")], values);
}
