using Imputation.Numerics.Random;

namespace Imputation.Tests.Models.Factor;

/// <summary>Generated tables that a few factors lie behind.</summary>
internal static class FactorSamples
{
    /// <summary>Rows of p columns in units of their own, with missing cells; NaN where missing.</summary>
    public static double[,] Cells(int rows, int p, int q, ulong seed, double missing)
    {
        var cells = new double[rows, p];
        var shape = new RandomStream(seed, -1, 0, 0);
        var loadings = new double[p, q];
        double[] scale = new double[p], noise = new double[p];
        for (int j = 0; j < p; j++)
        {
            for (int a = 0; a < q; a++) loadings[j, a] = shape.Normal() / Math.Sqrt(q);
            (scale[j], noise[j]) = (Math.Exp(2 * shape.Normal()), 0.3 + shape.Uniform());
        }
        for (int i = 0; i < rows; i++)
        {
            var random = new RandomStream(seed, i, 0, 0);
            double[] z = [.. Enumerable.Range(0, q).Select(_ => random.Normal())];
            for (int j = 0; j < p; j++)
            {
                double x = noise[j] * random.Normal();
                for (int a = 0; a < q; a++) x += loadings[j, a] * z[a];
                // two rows stay complete, so that no column is empty or constant
                cells[i, j] = i > 1 && random.Uniform() < missing ? double.NaN : scale[j] * (3 + x);
            }
        }
        return cells;
    }

    /// <summary>The same as a table.</summary>
    public static Table Table(double[,] cells) => new([.. Enumerable.Range(0, cells.GetLength(1)).Select(j => NumericColumn.Create($"c{j}",
        ColumnKind.Number, [.. Enumerable.Range(0, cells.GetLength(0)).Select(i => cells[i, j])]))]);

    /// <summary>The model's mean and covariance.</summary>
    public static Shared.NaiveParameters Normal(FactorFit fit)
    {
        int p = fit.Columns.Count;
        var covariance = new double[p, p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) covariance[i, j] = fit.Covariance[i, j];
        return new Shared.NaiveParameters([.. fit.Mean], covariance);
    }
}
