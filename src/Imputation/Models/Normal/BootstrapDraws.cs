using Imputation.Models.Gaussian;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Models.Normal;

/// <summary>Parameters estimated by EM from resamples of the rows with replacement (Honaker and King 2010, §4; Efron 1994):
/// approximately draws from their posterior distribution.</summary>
/// <remarks>A resample is a count for each row; the refit shares the memory of the full fit's data
/// (<see cref="GaussianData.Weighted"/>), starts at its estimate and continues until it is within a hundredth of a standard error,
/// <c>0.01 / √n</c> standard deviations, of its maximum: the remaining distance reduces the between-imputation standard deviation by
/// less than a hundredth. It is estimated from the full fit's rate of convergence.</remarks>
internal sealed class BootstrapDraws : IParameterDraws
{
    /// <summary>Resamples that are thrown away before a ridge prior makes do with the next.</summary>
    private const int MostRedraws = 20;

    private const int MostIterations = 1000;

    private const double MostRate = 0.999;

    /// <summary>Degrees of freedom of the weakest ridge that a resample is estimated under.</summary>
    private const double LeastRidge = 0.1;

    private readonly GaussianData _data;
    private readonly NormalFit _fit;
    private readonly ulong _seed;
    private readonly ScaledPrior _prior;
    private readonly GaussianParameters? _start;
    private readonly int[] _rows; // with something observed
    private readonly int _pairsTogether;

    /// <param name="data">The data of the full fit.</param>
    /// <param name="fit">The full fit.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ImputationDataException">The fit's covariance is singular.</exception>
    public BootstrapDraws(GaussianData data, NormalFit fit, ulong seed)
    {
        _data = data;
        _fit = fit;
        _seed = seed;
        _prior = ScaledPrior.From(fit.Report.Prior, data);
        _start = data.Standardised(fit.Moments.Mean, fit.Moments.Covariance); // null next to singularity: refits then start from the data
        _rows = [.. Enumerable.Range(0, data.Matrix.RowCount)
            .Where(row => data.Patterns.MissingCountOf(data.Patterns.PatternOf(row)) < data.ColumnCount)];
        _pairsTogether = PairsTogether(data, int.MaxValue, out _);
    }

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation) { } // each resample is by itself

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        ulong seed = Resampling.Seed(_seed, index);
        string? first = null;
        GaussianData? resample = null;
        for (int redraws = 0; redraws <= MostRedraws; redraws++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] weights = Resample(seed, redraws);
            resample = _data.Weighted(weights, threads);
            string? lack = Lack(resample, weights);
            if (lack is null)
            {
                EmFit<GaussianParameters> refit = Refit(resample, _prior, threads, cancellation);
                if (refit.Outcome != EmOutcome.Unbounded)
                {
                    if (WhyUnusable(refit, threads) is not { } why) return Drawn(refit) with { Redraws = redraws, Lack = first ?? "" };
                    return Ridged(resample, threads, cancellation) with { Redraws = redraws, Lack = why };
                }
                lack = "the covariance became singular";
            }
            first ??= lack;
        }
        return Ridged(resample!, threads, cancellation) with { Redraws = MostRedraws, Lack = first! };
    }

    /// <summary>The weakest ridge, from the prior of the full fit on, under which an estimate from a resample can be used.</summary>
    private ParameterDraw Ridged(GaussianData resample, int threads, CancellationToken cancellation)
    {
        EmFit<GaussianParameters>? refit = null;
        double ridge = 0;
        if (IsProper)
        {
            refit = Refit(resample, _prior, threads, cancellation);
            if (WhyUnusable(refit, threads) is null) return Drawn(refit);
        }
        foreach (double df in RidgeLadder.Above(_fit.Report.Prior, LeastRidge))
        {
            ridge = df;
            refit = Refit(resample, ScaledPrior.From(CovariancePrior.Ridge(df), _data), threads, cancellation);
            if (WhyUnusable(refit, threads) is null) break;
        }
        return Drawn(refit!) with { Ridge = ridge };
    }

    /// <summary>Why imputations from an estimate would be doubtful, as the end of a sentence; null where nothing speaks against it.
    /// </summary>
    private string? WhyUnusable(EmFit<GaussianParameters> refit, int threads) =>
        refit.Outcome == EmOutcome.Converged ? PredictiveReach.WhyImplausible(_data, refit.Next, ParallelWork.Options(threads))
            : "EM did not converge";

    /// <summary>Count of each row in the first resample of an imputation.</summary>
    internal double[] Weights(int index) => Resample(Resampling.Seed(_seed, index), 0);

    /// <summary>Whether the prior keeps the covariance from becoming singular by itself.</summary>
    private bool IsProper => _fit.Report.Prior.Kind is CovariancePriorKind.Ridge or CovariancePriorKind.InverseWishart;

    /// <summary>How often each row is drawn, in as many draws as there are rows with something observed.</summary>
    private double[] Resample(ulong seed, int redraw) =>
        Resampling.Weights(seed, _data.Matrix.RowCount, _rows, _data.RowWeights, redraw);

    /// <summary>Reason why a resample cannot be fitted although the data can, as the end of a sentence; null where there is none.</summary>
    private string? Lack(GaussianData resample, double[] weights)
    {
        IncompleteMatrix matrix = _data.Matrix;
        for (int j = 0; j < matrix.ColumnCount; j++)
        {
            if (resample.ObservedWeights[j] == 0) return $"no row had '{matrix.ColumnNames[j]}'";
            if (!IsProper && IsConstant(matrix.Column(j), weights)) return $"'{matrix.ColumnNames[j]}' was constant";
        }
        if (IsProper) return null;
        int distinct = _rows.Count(row => weights[row] > 0);
        if (distinct <= matrix.ColumnCount) return $"it had {distinct} different rows for {matrix.ColumnCount} columns";
        if (PairsTogether(resample, _pairsTogether, out bool[] together) == _pairsTogether) return null;
        PairsTogether(_data, int.MaxValue, out bool[] before);
        int p = matrix.ColumnCount, lost = Enumerable.Range(0, p * p).First(i => before[i] && !together[i]);
        return $"no row had both '{matrix.ColumnNames[lost % p]}' and '{matrix.ColumnNames[lost / p]}'";
    }

    private static bool IsConstant(ReadOnlySpan<double> column, double[] weights)
    {
        double value = double.NaN;
        for (int row = 0; row < column.Length; row++)
        {
            if (weights[row] == 0 || double.IsNaN(column[row])) continue;
            if (double.IsNaN(value)) value = column[row];
            else if (column[row] != value) return false;
        }
        return true;
    }

    /// <summary>Number of pairs of columns that some row has both of, counted up to as many as there are; and which, in the lower
    /// triangle.</summary>
    private static int PairsTogether(GaussianData data, int most, out bool[] together)
    {
        int p = data.ColumnCount, count = 0;
        most = Math.Min(most, p * (p - 1) / 2);
        together = new bool[p * p];
        var observed = new int[p];
        foreach (PatternBlock block in data.Blocks)
        {
            for (int k = 0; k < block.Count && count < most; k++)
            {
                if (block.WeightOf(k) == 0) continue;
                block.Observed(k, observed);
                for (int a = 0; a < block.ObservedCount; a++)
                {
                    for (int b = 0; b < a; b++)
                    {
                        ref bool pair = ref together[observed[a] * p + observed[b]];
                        if (!pair) count++;
                        pair = true;
                    }
                }
            }
        }
        return count;
    }

    private EmFit<GaussianParameters> Refit(GaussianData resample, ScaledPrior prior, int threads, CancellationToken cancellation)
    {
        double reached = _fit.Report.EstimatedDistance;
        EmOptions options = Resampling.Options(_fit.Report, _rows.Length, reached is > 0 and < 1e-3 ? reached : 0, MostIterations,
            MostRate);
        EmFit<GaussianParameters> refit = EmDriver.Fit(new NormalEm(resample, prior, threads, _start), options,
            new RunOptions { Threads = threads }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return refit;
    }

    private ParameterDraw Drawn(EmFit<GaussianParameters> refit)
    {
        GaussianParameters parameters = refit.Outcome == EmOutcome.Converged ? refit.Next : refit.Parameters;
        return new ParameterDraw(_fit.With(_data.MeanOf(parameters),
            _data.CovarianceOf(parameters)))
        { Converged = refit.Outcome == EmOutcome.Converged };
    }
}
