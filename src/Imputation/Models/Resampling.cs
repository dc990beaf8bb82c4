using Imputation.Numerics.Random;

namespace Imputation.Models;

/// <summary>Resamples of the rows with replacement, and how far a model is fitted to one.</summary>
/// <remarks>Honaker and King (2010), §4: estimates from resamples are approximately draws from the posterior distribution. A refit starts
/// at the estimate from all rows, and ends a hundredth of a standard error from its maximum, which the rate of the fit to all rows
/// tells.</remarks>
internal static class Resampling
{
    /// <summary>Rates are taken to be no lower: a fit that took one step says little of a resample.</summary>
    private const double LeastRate = 0.3;

    /// <summary>The seed of an imputation's resamples.</summary>
    public static ulong Seed(ulong seed, int index) => CounterRandom.Derive(seed, index, 0);

    /// <summary>What each row counts in a resample: how often it is drawn, times its own weight.</summary>
    /// <param name="seed">Seed of the imputation.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="rows">The rows that are drawn from; null for all.</param>
    /// <param name="own">The rows' weights; null where each counts 1.</param>
    /// <param name="redraw">How many resamples were thrown away before.</param>
    public static double[] Weights(ulong seed, int rowCount, int[]? rows = null, double[]? own = null, int redraw = 0)
    {
        var weights = new double[rowCount];
        int n = rows?.Length ?? rowCount;
        for (int i = 0; i < n; i++)
        {
            int drawn = (int)(CounterRandom.Uniform(seed, i, 0, redraw) * n);
            weights[rows is null ? drawn : rows[drawn]]++;
        }
        for (int row = 0; row < rowCount && own is not null; row++) weights[row] *= own[row];
        return weights;
    }

    /// <summary>How EM iterates over a resample.</summary>
    /// <param name="fit">The fit to all rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="least">Smallest tolerance.</param>
    /// <param name="mostIterations">Most iterations.</param>
    /// <param name="mostRate">Rates are taken to be no higher: near 1 the distance to go would be exaggerated beyond use.</param>
    public static EmOptions Options(FitReport fit, int rows, double least, int mostIterations = 500, double mostRate = 0.99) => new()
    {
        Tolerance = Math.Max(least, 0.01 / Math.Sqrt(rows)),
        MaxIterations = mostIterations,
        KnownRate = double.IsNaN(fit.ConvergenceRate) ? mostRate : Math.Clamp(fit.ConvergenceRate, LeastRate, mostRate),
    };
}
