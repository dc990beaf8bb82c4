using Imputation.Models.Gaussian;
using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Models.Normal;

/// <summary>A ridge that was tried.</summary>
/// <param name="DegreesOfFreedom">Its degrees of freedom.</param>
/// <param name="Score">Mean log density of a hidden cell given the others of its row, in standard deviations of the columns.</param>
internal readonly record struct RidgeCandidate(double DegreesOfFreedom, double Score);

/// <summary>Chooses the ridge of a table with few rows for its columns: the one under which hidden cells are predicted best.</summary>
/// <remarks>The likelihood of such a table often has no maximum, and where it has one it predicts worse than the column means do; the
/// weakest ridge that has a maximum is hardly better. Under ridges without end predictions are the column means, so the best of a ladder
/// that reaches far is never worse than these.</remarks>
internal static class RidgeSelection
{
    /// <summary>Observed cells below which too few can be hidden to choose by, below which they are hidden more often, and from which on
    /// one choice of them is enough.</summary>
    private const int FewestCells = 30, FewCells = 200, ManyCells = 5_000;

    /// <summary>Share of the observed cells that are hidden at a time, and how often; of few cells a tenth is two or three.</summary>
    private const double HiddenShare = 0.1;

    private const int Splits = 3, SplitsOfFew = 10;

    /// <summary>A candidate is fitted roughly, from where the stronger one before it ended: far enough to compare.</summary>
    private const double Tolerance = 1e-2, Rate = 0.9;

    private const int MostIterations = 100;

    /// <summary>Ridges in a row that may be worse than the best one before the search ends.</summary>
    private const int MostWorse = 2;

    /// <summary>From the column means on: EM is fast under a strong ridge.</summary>
    private static readonly double[] s_ladder = [10_000, 3000, 1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1];

    /// <summary>The weakest ridge that is tried; where it is the best one, the likelihood itself may do.</summary>
    public static double Weakest => s_ladder[^1];

    /// <summary>Whether rows are so few for the columns, and cells enough, that the ridge is to be chosen.</summary>
    public static bool IsNeeded(GaussianData data) => data.HasRows && data.MissingCellWeight > 0
        && data.RowCount < CovariancePrior.EnoughRows * data.ColumnCount && CellCount(data) >= FewestCells;

    /// <summary>The ridges that were tried, strongest first.</summary>
    public static IReadOnlyList<RidgeCandidate> Try(GaussianData data, RunOptions run, CancellationToken cancellation)
    {
        Split[] splits = [.. Enumerable.Range(0, SplitCount(CellCount(data)))
            .Select(i => new Split(data, CounterRandom.Derive(run.Seed, i, 0), run))];
        var tried = new List<RidgeCandidate>();
        double highest = double.NegativeInfinity;
        int worse = 0;
        foreach (double df in s_ladder)
        {
            double score = splits.Average(split => split.Score(df, cancellation));
            cancellation.ThrowIfCancellationRequested();
            if (!double.IsFinite(score)) break;
            tried.Add(new RidgeCandidate(df, score));
            worse = score > highest ? 0 : worse + 1;
            highest = Math.Max(highest, score);
            if (worse == MostWorse) break;
        }
        return tried;
    }

    private static int SplitCount(long cells) => cells < FewCells ? SplitsOfFew : cells < ManyCells ? Splits : 1;

    private static long CellCount(GaussianData data) => CellCounts.Of(data.Matrix.Columns).Observed;

    /// <summary>The data without some of their cells.</summary>
    private sealed class Split
    {
        private readonly GaussianData _all;
        private readonly GaussianData _seen;
        private readonly RunOptions _quiet;
        private readonly double _count;
        private GaussianParameters? _last;

        public Split(GaussianData data, ulong seed, RunOptions run)
        {
            _quiet = new RunOptions { Seed = run.Seed, Threads = run.Threads };
            bool[][] hidden = HoldoutCells.Choose(data.Matrix, data.Patterns, HiddenShare, seed);
            _seen = GaussianData.From(IncompleteMatrix.FromColumns([.. data.Matrix.Columns.Select((c, j) => c.Hiding(hidden[j]))]),
                run.Threads);
            if (data.RowWeights is { } weights) _seen = _seen.Weighted(weights, run.Threads);
            _all = data;
            _count = data.ObservedCellWeight - _seen.ObservedCellWeight;
        }

        /// <summary>Mean log density of the hidden cells under a ridge.</summary>
        public double Score(double df, CancellationToken cancellation)
        {
            var rough = new EmOptions { Tolerance = Tolerance, KnownRate = Rate, MaxIterations = MostIterations };
            var prior = ScaledPrior.From(CovariancePrior.Ridge(df), _seen);
            EmFit<GaussianParameters> fit = EmDriver.Fit(new NormalEm(_seen, prior, _quiet.Threads, _last), rough, _quiet, cancellation);
            if (fit.Outcome is EmOutcome.Unbounded or EmOutcome.Cancelled) return double.NaN;
            _last = fit.Parameters;
            // The mode of the prior is smaller than its guess, by a factor that says nothing of correlations.
            double factor = (_seen.Weight + prior.Weight) / (_seen.Weight + df);
            double[,] covariance = _seen.CovarianceOf(_last);
            for (int i = 0; i < _last.Count; i++)
                for (int j = 0; j < _last.Count; j++) covariance[i, j] *= factor;
            double[] mean = _seen.MeanOf(_last);
            if (_all.Standardised(mean, covariance) is not { } all || _seen.Standardised(mean, covariance) is not { } seen)
                return double.NaN;
            return (LogLikelihood(_all, all, cancellation) - LogLikelihood(_seen, seen, cancellation)) / _count
                + _all.Scale.Average(Math.Log);
        }

        private double LogLikelihood(GaussianData data, GaussianParameters parameters, CancellationToken cancellation) =>
            new NormalEm(data, ScaledPrior.From(CovariancePrior.None, data), _quiet.Threads).Step(parameters, cancellation).LogLikelihood;
    }
}
