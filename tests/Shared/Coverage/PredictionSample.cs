using Imputation.Numerics.Random;

namespace Imputation.Tests.Shared.Coverage;

/// <summary>A sample of a multivariate normal population with one factor, 30 % of whose cells are then taken out.</summary>
/// <param name="Truth">All cells.</param>
/// <param name="Table">The table without those taken out.</param>
internal sealed record PredictionSample(double[,] Truth, Table Table)
{
    /// <summary>Share of cells taken out.</summary>
    public const double Missing = 0.3;

    /// <summary>Draws a sample: a function of seed and number.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="number">Which of the samples (from 0).</param>
    /// <param name="shape">Rows, columns, and how cells go missing.</param>
    public static PredictionSample Draw(ulong seed, int number, PredictionShape shape)
    {
        ulong key = CounterRandom.Derive(seed, number, 0);
        (int n, int p) = (shape.Rows, shape.Columns);
        double[] loadings = shape.Loadings;
        // At random: the last column is complete, and the others are missing more often where it is above its mean.
        double mean = shape.AtRandom ? Missing * p / (p - 1) : Missing, above = shape.AtRandom ? 1.625 * mean : mean;
        double[,] truth = new double[n, p], values = new double[n, p];
        for (int row = 0; row < n; row++)
        {
            double factor = CounterRandom.Normal(key, row, p, 0);
            for (int j = 0; j < p; j++)
                truth[row, j] = values[row, j] = loadings[j] * factor
                    + Math.Sqrt(1 - loadings[j] * loadings[j]) * CounterRandom.Normal(key, row, j, 0);
            for (int j = 0; j < (shape.AtRandom ? p - 1 : p); j++)
                if (CounterRandom.Uniform(key, row, j, 1) < (truth[row, p - 1] > 0 ? above : 2 * mean - above)) values[row, j] = double.NaN;
        }
        return new PredictionSample(truth, Table.FromArray(shape.Names, values));
    }
}

/// <summary>Shape of the samples of a <see cref="PredictionStudy"/>.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns, three or more.</param>
/// <param name="AtRandom">Whether cells are missing by the value of the last column; else completely at random.</param>
internal sealed record PredictionShape(int Rows, int Columns, bool AtRandom)
{
    /// <summary>The shapes that the README of the benchmarks reports.</summary>
    public static IReadOnlyList<PredictionShape> All { get; } =
    [
        .. from size in (int[][])[[60, 8], [50, 4], [100, 4], [40, 4], [30, 4], [200, 6], [1000, 4]]
           from atRandom in (bool[])[false, true]
           select new PredictionShape(size[0], size[1], atRandom),
    ];

    /// <summary>x0, x1 and so on.</summary>
    public string[] Names => [.. Enumerable.Range(0, Columns).Select(j => $"x{j}")];

    /// <summary>Loadings of the columns on the factor: correlations are their products, from 0.3 to 0.7.</summary>
    public double[] Loadings => [.. Enumerable.Range(0, Columns).Select(j => 0.55 + 0.3 * (j * 3 % Columns) / (Columns - 1))];

    /// <summary>Slopes in the population of the first column on some others.</summary>
    public double[] Slopes(int[] predictors)
    {
        double[] loadings = Loadings;
        var covariance = new double[predictors.Length, predictors.Length];
        for (int a = 0; a < predictors.Length; a++)
            for (int b = 0; b < predictors.Length; b++)
                covariance[a, b] = a == b ? 1 : loadings[predictors[a]] * loadings[predictors[b]];
        double[,] solved = NaiveMatrix.Solve(covariance, NaiveMatrix.Column([.. predictors.Select(j => loadings[0] * loadings[j])]));
        return [.. predictors.Select((_, a) => solved[a, 0])];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Rows} x {Columns}, {(AtRandom ? "at random" : "completely at random")}";
}
