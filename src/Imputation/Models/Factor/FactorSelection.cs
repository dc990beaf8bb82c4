using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Models.Factor;

/// <summary>Tries numbers of factors.</summary>
internal static class FactorSelection
{
    /// <summary>Share of the observed cells that are hidden.</summary>
    private const double HiddenShare = 0.1;

    /// <summary>Numbers of factors in a row that may be worse than the best one before the search ends.</summary>
    private const int MostWorse = 2;

    /// <summary>A candidate is fitted roughly: far enough to compare it.</summary>
    private const double Tolerance = 1e-3, Rate = 0.9;

    private const int MostIterations = 200;

    /// <summary>Degrees of freedom of the ridges that are tried, and none last, up to the first that is worse than the one before: EM is
    /// fast under a strong ridge, and each fit starts where the one before ended.</summary>
    private static readonly double[] s_ridges = [30, 10, 3, 1];

    /// <summary>The score of 1, 2, ... factors, up to where more have been worse twice, or of the number that was given.</summary>
    public static IReadOnlyList<FactorCandidate> Try(FactorData data, FactorOptions options, RunOptions run, CancellationToken cancellation)
    {
        int p = data.ColumnCount;
        // Scattered: with whole patterns hidden in a few rows, ratings of which 85 % are missing leave a person 1 or 2 of 9 to be predicted
        // from. 2 to 9 factors were chosen then instead of 3 or 4, and ratings kept back were off by 0.739 instead of 0.729 (twelve tenths
        // of them kept back in turn; 0.730 where cells are hidden without regard to patterns).
        bool[][] hidden = options.Criterion == FactorCriterion.Bic ? []
            : HoldoutCells.Scatter(data.Matrix, data.AllPatterns, HiddenShare, CounterRandom.Derive(run.Seed, -1, 0));
        FactorData fitted = options.Criterion == FactorCriterion.Bic ? data : Without(data, hidden);
        EmOptions rough = new()
        {
            Tolerance = Math.Max(options.Tolerance, Tolerance),
            KnownRate = Rate,
            Accelerate = options.Accelerate,
            MaxIterations = Math.Min(options.MaxIterations, MostIterations),
        };
        var quiet = new RunOptions { Seed = run.Seed, Threads = run.Threads };
        CovariancePrior[] priors = options.Prior.Kind != CovariancePriorKind.Auto ? [options.Prior]
            : options.Criterion == FactorCriterion.Bic ? [CovariancePrior.None]
            : [.. s_ridges.Select(CovariancePrior.Ridge), CovariancePrior.None];

        FactorCandidate Best(int q)
        {
            var best = new FactorCandidate(q, CovariancePrior.None, double.NegativeInfinity);
            FactorParameters? start = null;
            foreach (CovariancePrior prior in priors)
            {
                var model = new FactorEm(fitted, q, options.Noise, prior.DegreesOfFreedom, run.Threads, start);
                EmFit<FactorParameters> fit = EmDriver.Fit(model, rough, quiet, cancellation);
                cancellation.ThrowIfCancellationRequested();
                start = fit.Parameters;
                double score = options.Criterion == FactorCriterion.Bic
                    ? fit.LogLikelihood - 0.5 * FactorFitting.ParameterCount(p, q, options.Noise) * Math.Log(data.Matrix.RowCount)
                    : Score(fit.Parameters, data, fitted, hidden);
                if (score > best.Score) best = new FactorCandidate(q, prior, score);
                else if (double.IsFinite(best.Score)) break;
            }
            return best;
        }

        var tried = new List<FactorCandidate>();
        double highest = double.NegativeInfinity;
        int first = options.Factors ?? Math.Min(1, p - 1);
        int last = options.Factors ?? Math.Min(options.MostFactors, Most(p, options.Noise));
        for (int q = first, worse = 0; q <= last && worse < MostWorse; q++)
        {
            FactorCandidate candidate = Best(q);
            if (!double.IsFinite(candidate.Score)) break;
            tried.Add(candidate);
            worse = candidate.Score > highest ? 0 : worse + 1;
            highest = Math.Max(highest, candidate.Score);
        }
        return tried;
    }

    /// <summary>Most factors that a covariance of p columns determines, at least 1 of two or more columns.</summary>
    private static int Most(int p, FactorNoise noise)
    {
        int q = Math.Min(1, p - 1);
        while (q + 1 < p && FactorFitting.ParameterCount(p, q + 1, noise) - p <= p * (p + 1) / 2) q++;
        return q;
    }

    /// <summary>The data without the hidden cells, on the same scale.</summary>
    private static FactorData Without(FactorData data, bool[][] hidden) => FactorData.From(
        IncompleteMatrix.FromColumns([.. data.Matrix.Columns.Select((c, j) => c.Hiding(hidden[j]))]), data.RowWeights, data.Center,
        data.Scale);

    /// <summary>Mean log density of the hidden cells given the others of their rows.</summary>
    private static double Score(FactorParameters parameters, FactorData data, FactorData fitted, bool[][] hidden)
    {
        var posterior = new FactorPosterior(parameters);
        double sum = 0, weights = 0;
        int q = parameters.FactorCount;
        foreach (MissingPattern pattern in fitted.AllPatterns)
        {
            int[] observed = [.. pattern.Observed];
            if (!posterior.Begin(observed)) return double.NaN;
            var deviations = new double[observed.Length];
            foreach (int row in pattern.Rows)
            {
                for (int b = 0; b < observed.Length; b++) deviations[b] = Deviation(row, observed[b]);
                posterior.Given(deviations);
                foreach (int j in pattern.Missing)
                {
                    if (!hidden[j][row]) continue;
                    double rest = Deviation(row, j), variance = parameters.Uniquenesses[j];
                    for (int a = 0; a < q; a++)
                    {
                        rest -= parameters.Loading(j)[a] * posterior.Mean[a];
                        for (int b = 0; b < q; b++)
                            variance += parameters.Loading(j)[a] * posterior.Covariance[a * q + b] * parameters.Loading(j)[b];
                    }
                    double weight = data.RowWeights?[row] ?? 1;
                    sum -= weight * 0.5 * (Math.Log(2 * Math.PI * variance) + rest * rest / variance);
                    weights += weight;
                }
            }
        }
        return weights > 0 ? sum / weights : double.NaN;

        double Deviation(int row, int j) => (data.Matrix[row, j] - data.Center[j]) / data.Scale[j] - parameters.Mean[j];
    }
}
