using Imputation.Numerics.Random;

namespace Imputation.Tests.Shared.Coverage;

/// <summary>Samples of a known multivariate normal population in which 30 % of the cells are missing at random, and not completely
/// so.</summary>
/// <remarks>c is never missing. y, a and b are each missing with probability 0.65 in rows whose c is above its mean and 0.15 in the others,
/// each for itself: 40 % of
/// their cells, 30 % of all. So the rows that are complete are mostly those of low c, and what is correlated with c is too low in
/// them.</remarks>
internal static class MarSample
{
    /// <summary>Probability that a cell of y, a or b is missing where c is above its mean, and where it is below.</summary>
    public const double MissingAbove = 0.65, MissingBelow = 0.15;

    /// <summary>Names of the columns.</summary>
    public static readonly string[] Columns = ["y", "a", "b", "c"];

    /// <summary>Means of the population; all variances are 1.</summary>
    public static readonly double[] Mean = [5, 2, -1, 0];

    /// <summary>Correlations of the population.</summary>
    public static readonly double[,] Correlation =
    {
        { 1, 0.5, 0.4, 0.6 },
        { 0.5, 1, 0.3, 0.5 },
        { 0.4, 0.3, 1, 0.4 },
        { 0.6, 0.5, 0.4, 1 },
    };

    private static readonly double[,] s_root = NaiveMatrix.Cholesky(Correlation);

    /// <summary>Slopes of the regression of y on a and b in the population.</summary>
    public static (double A, double B) Slopes
    {
        get
        {
            double ya = Correlation[0, 1], yb = Correlation[0, 2], ab = Correlation[1, 2];
            return ((ya - ab * yb) / (1 - ab * ab), (yb - ab * ya) / (1 - ab * ab));
        }
    }

    /// <summary>A sample: a function of seed and number.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="number">Which of the samples (from 0).</param>
    /// <param name="rows">Its rows.</param>
    public static Table Draw(ulong seed, int number, int rows = 200)
    {
        ulong key = CounterRandom.Derive(seed, number, 0);
        var values = new double[rows, Columns.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int j = 0; j < Columns.Length; j++)
            {
                values[row, j] = Mean[j];
                for (int k = 0; k <= j; k++) values[row, j] += s_root[j, k] * CounterRandom.Normal(key, row, k, 0);
            }
            double missing = values[row, 3] > Mean[3] ? MissingAbove : MissingBelow;
            for (int j = 0; j < 3; j++)
                if (CounterRandom.Uniform(key, row, j, 1) < missing) values[row, j] = double.NaN;
        }
        return Table.FromArray(Columns, values);
    }
}
