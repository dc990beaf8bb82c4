using Imputation.Numerics.Random;

namespace Imputation.Models.Factor;

/// <summary>Where EM begins: at the principal components of the standard scores with 0 for missing cells, or at random loadings.</summary>
internal static class FactorStart
{
    private const int Iterations = 12;

    /// <summary>Key of the first, arbitrary directions; they hardly matter after the iterations.</summary>
    private const ulong Arbitrary = 0x5F4C;

    /// <summary>A start.</summary>
    /// <param name="data">The data.</param>
    /// <param name="q">Number of factors.</param>
    /// <param name="shape">Ratios of equal uniquenesses; null where each column has its own.</param>
    /// <param name="start">Which.</param>
    public static FactorParameters Make(FactorData data, int q, double[]? shape, EmStart start)
    {
        int p = data.ColumnCount;
        bool random = start.Index > 0;
        ulong seed = random ? CounterRandom.Derive(start.Seed, start.Index, 0) : Arbitrary;
        var axes = new double[p * q];
        for (int j = 0; j < p; j++)
            for (int a = 0; a < q; a++) axes[j * q + a] = CounterRandom.Normal(seed, j, a, 0);
        double[] lengths = new double[q], loadings = axes;
        for (int i = 0; i < Iterations && !random; i++)
        {
            Orthonormalise(axes, q);
            axes = Multiplied(data, axes, q);
        }
        if (!random) lengths = Orthonormalise(axes, q);

        // An eigenvalue less what the noise adds to it, the mean of those left out.
        double left = Math.Max(0, data.ObservedCellWeight / data.Weight - lengths.Sum() / data.Weight) / Math.Max(1, p - q);
        for (int a = 0; a < q; a++)
        {
            double size = random ? 0.5 / Math.Sqrt(q) : Math.Sqrt(Math.Max(0.01 * p, lengths[a] / data.Weight - left));
            for (int j = 0; j < p; j++) loadings[j * q + a] = size * (random ? loadings[j * q + a] : axes[j * q + a]);
        }
        var uniquenesses = new double[p];
        double variance = 0;
        for (int j = 0; j < p; j++)
        {
            double communality = 0;
            for (int a = 0; a < q; a++) communality += loadings[j * q + a] * loadings[j * q + a];
            if (communality > 0.8)
                for (int a = 0; a < q; a++) loadings[j * q + a] *= Math.Sqrt(0.8 / communality);
            uniquenesses[j] = 1 - Math.Min(communality, 0.8);
            if (shape is not null) variance += uniquenesses[j] / shape[j] / p;
        }
        for (int j = 0; j < p && shape is not null; j++) uniquenesses[j] = variance * shape[j];
        return new FactorParameters(new double[p], loadings, uniquenesses);
    }

    /// <summary>XᵀX times a p × q matrix, X with 0 where missing.</summary>
    private static double[] Multiplied(FactorData data, double[] axes, int q)
    {
        var product = new double[axes.Length];
        var score = new double[q];
        foreach (FactorPattern pattern in data.Patterns)
        {
            int o = pattern.Observed.Length;
            for (int i = 0; i < pattern.Rows.Length; i++)
            {
                ReadOnlySpan<double> cells = data.Cells.AsSpan(pattern.FirstCell + i * o, o);
                Array.Clear(score);
                for (int b = 0; b < o; b++)
                    for (int a = 0, at = pattern.Observed[b] * q; a < q; a++, at++) score[a] += cells[b] * axes[at];
                double weight = pattern.Weights?[i] ?? 1;
                for (int b = 0; b < o; b++)
                    for (int a = 0, at = pattern.Observed[b] * q; a < q; a++, at++) product[at] += weight * cells[b] * score[a];
            }
        }
        return product;
    }

    /// <summary>Gram and Schmidt, twice; the lengths that the columns had.</summary>
    private static double[] Orthonormalise(double[] axes, int q)
    {
        var lengths = new double[q];
        for (int a = 0; a < q; a++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int b = 0; b < a; b++)
                {
                    double share = 0;
                    for (int at = 0; at < axes.Length; at += q) share += axes[at + a] * axes[at + b];
                    for (int at = 0; at < axes.Length; at += q) axes[at + a] -= share * axes[at + b];
                }
                double square = 0;
                for (int at = 0; at < axes.Length; at += q) square += axes[at + a] * axes[at + a];
                double length = Math.Sqrt(square);
                if (pass == 0) lengths[a] = length;
                for (int at = 0; at < axes.Length && length > 0; at += q) axes[at + a] /= length;
            }
        }
        return lengths;
    }
}
