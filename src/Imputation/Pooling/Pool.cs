using Imputation.Numerics;
using Imputation.Pooling;

namespace Imputation;

/// <summary>Rubin's rules: one answer from the answers that m completed tables gave to the same question.</summary>
/// <remarks>Analyse each completed table by itself and pool the estimates. Do not average or stack the tables: that hides the
/// uncertainty due to missing cells.</remarks>
public static class Pool
{
    /// <summary>Pools one quantity (Rubin 1987, §3.3; Barnard and Rubin 1999).</summary>
    /// <param name="estimates">The estimate from each of m ≥ 2 completed tables.</param>
    /// <param name="variances">Its variance, the square of its standard error, from each.</param>
    /// <param name="completeDegreesOfFreedom">Degrees of freedom that the estimate would have if nothing were missing, such as rows
    /// less coefficients of a regression; greater than 0. The default, infinity, is for large samples.</param>
    /// <param name="confidence">Coverage of the interval, strictly between 0 and 1. Default 0.95.</param>
    /// <exception cref="ArgumentException">Fewer than two imputations, lists of different lengths, or a number that is no estimate or no
    /// variance; the message says which and why.</exception>
    public static PooledEstimate Scalars(
        IReadOnlyList<double> estimates, IReadOnlyList<double> variances, double completeDegreesOfFreedom = double.PositiveInfinity,
            double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentNullException.ThrowIfNull(variances);
        Guard.UnlessSeveral(estimates.Count, nameof(estimates));
        Guard.UnlessAsMany(variances.Count, estimates.Count, "variances", "estimates", nameof(variances));
        Guard.UnlessDegreesOfFreedom(completeDegreesOfFreedom, nameof(completeDegreesOfFreedom));
        Guard.UnlessConfidence(confidence, nameof(confidence));
        for (int i = 0; i < estimates.Count; i++)
        {
            Guard.UnlessFinite(estimates[i], i, "the estimate", nameof(estimates));
            Guard.UnlessVariance(variances[i], i, "the variance", nameof(variances));
        }
        SampleMoments between = SampleMoments.Of([.. estimates]);
        Guard.UnlessInRange(between.Variance, nameof(estimates));
        return new PooledEstimate(between.Mean, SampleMoments.Of([.. variances]).Mean, between.Variance, estimates.Count,
            completeDegreesOfFreedom, confidence);
    }

    /// <summary>Pools several quantities together, such as the coefficients of a regression, for tests of more than one of them.</summary>
    /// <param name="estimates">From each of m ≥ 2 completed tables k ≥ 1 estimates.</param>
    /// <param name="covariances">From each their covariance matrix, k × k.</param>
    /// <param name="completeDegreesOfFreedom">Degrees of freedom that the estimates would have if nothing were missing; greater than 0.
    /// Default infinity.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="names">k names, all different; by default 1 to k.</param>
    /// <exception cref="ArgumentException">Fewer than two imputations, sizes that do not agree, a covariance matrix that is not
    /// symmetric, or a number that is no estimate or no variance; the message says which and why.</exception>
    public static PooledVector Vectors(
        IReadOnlyList<double[]> estimates, IReadOnlyList<double[,]> covariances, double completeDegreesOfFreedom = double.PositiveInfinity,
            double confidence = 0.95,
        IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentNullException.ThrowIfNull(covariances);
        Guard.UnlessSeveral(estimates.Count, nameof(estimates));
        Guard.UnlessAsMany(covariances.Count, estimates.Count, "covariance matrices", "vectors of estimates", nameof(covariances));
        Guard.UnlessDegreesOfFreedom(completeDegreesOfFreedom, nameof(completeDegreesOfFreedom));
        Guard.UnlessConfidence(confidence, nameof(confidence));
        return VectorPooling.Of(estimates, covariances, completeDegreesOfFreedom, confidence, names);
    }

    /// <summary>Asks every imputation in turn the same questions and pools the answers by name (Rubin 1987, §3.3).</summary>
    /// <param name="count">Number of imputations, m ≥ 2.</param>
    /// <param name="analysis">The analysis of the k-th imputation, k from 0: named estimates with their variances, the same names
    /// from each, in any order.</param>
    /// <param name="completeDegreesOfFreedom">Degrees of freedom that the estimates would have if nothing were missing; greater than 0.
    /// Default infinity.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1. Default 0.95.</param>
    /// <returns>The pooled quantities by name, in the order in which the first imputation gave them.</returns>
    /// <exception cref="ArgumentException">Fewer than two imputations, a name that is missing or repeated in one imputation, or a
    /// number that is no estimate or no variance; the message says which and why.</exception>
    public static IReadOnlyDictionary<string, PooledEstimate> Over(
        int count, Func<int, IEnumerable<Estimate>> analysis, double completeDegreesOfFreedom = double.PositiveInfinity,
            double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        Guard.UnlessSeveral(count, nameof(count));
        var gathered = new OrderedDictionary<string, List<Estimate>>(StringComparer.Ordinal);
        for (int k = 0; k < count; k++)
        {
            foreach (Estimate estimate in analysis(k) ?? throw new ArgumentException($"Imputation {k + 1}: the analysis gave null; "
                + "expected estimates.", nameof(analysis)))
            {
                if (estimate.Name is null)
                    throw new ArgumentException($"Imputation {k + 1} gives an estimate without a name; expected one, the same from all.",
                        nameof(analysis));
                if (!gathered.TryGetValue(estimate.Name, out List<Estimate>? found)) gathered.Add(estimate.Name, found = []);
                if (found.Count > k) throw new ArgumentException($"Imputation {k + 1} gives '{estimate.Name}' twice; expected it once.",
                    nameof(analysis));
                if (found.Count < k)
                    throw new ArgumentException($"Imputation {found.Count + 1} gives no estimate of '{estimate.Name}', but imputation "
                        + $"{k + 1} does; expected the same names from all.", nameof(analysis));
                found.Add(estimate);
            }
            if (gathered.FirstOrDefault(g => g.Value.Count <= k) is { Key: { } lacking })
                throw new ArgumentException($"Imputation {k + 1} gives no estimate of '{lacking}', but imputation 1 does; expected the "
                    + "same names from all.", nameof(analysis));
        }
        var pooled = new OrderedDictionary<string, PooledEstimate>(StringComparer.Ordinal);
        foreach ((string name, List<Estimate> estimates) in gathered)
        {
            try
            {
                pooled.Add(name, Scalars([.. estimates.Select(e => e.Value)], [.. estimates.Select(e => e.Variance)],
                    completeDegreesOfFreedom, confidence));
            }
            catch (ArgumentException exception) when (exception is not ArgumentOutOfRangeException)
            {
                throw new ArgumentException($"'{name}': {exception.Message}", exception);
            }
        }
        return pooled;
    }

    /// <summary>Pools a correlation through Fisher's z = artanh r, whose variance is 1 / (n − 3).</summary>
    /// <param name="correlations">The correlation from each of m ≥ 2 completed tables, strictly between −1 and 1.</param>
    /// <param name="rowCount">Rows of a completed table, n ≥ 4.</param>
    /// <param name="confidence">Coverage of the interval, strictly between 0 and 1. Default 0.95.</param>
    /// <remarks>Fisher (1921); van Buuren (2018, §5.2). The variance of z is known rather than estimated, so the complete-data degrees of
    /// freedom are infinite.</remarks>
    /// <exception cref="ArgumentException">Fewer than two imputations, fewer than four rows, or a number that is no correlation; the
    /// message says which and why.</exception>
    public static PooledCorrelation Correlations(IReadOnlyList<double> correlations, int rowCount, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(correlations);
        Guard.UnlessSeveral(correlations.Count, nameof(correlations));
        Guard.UnlessConfidence(confidence, nameof(confidence));
        if (rowCount < 4)
            throw new ArgumentOutOfRangeException(nameof(rowCount),
                $"The number of rows is {rowCount}; expected at least 4: the variance of Fisher's z is 1 / (rows - 3).");
        var z = new double[correlations.Count];
        for (int i = 0; i < z.Length; i++)
        {
            double r = correlations[i];
            if (!(Math.Abs(r) < 1))
                throw new ArgumentException(
                    $"Imputation {i + 1}: the correlation is {Guard.Text(r)}; expected a number strictly between -1 and "
                        + $"1{(Math.Abs(r) == 1 ? ", because Fisher's z is infinite at ±1" : "")}.",
                    nameof(correlations));
            z[i] = Math.Atanh(r);
        }
        double[] variances = new double[z.Length];
        Array.Fill(variances, 1.0 / (rowCount - 3));
        return new PooledCorrelation(Scalars(z, variances, confidence: confidence));
    }

    /// <summary>D₂: a test of several parameters at once from the Wald (or likelihood-ratio) statistics of the completed tables
    /// alone.</summary>
    /// <param name="statistics">From each of m ≥ 2 completed tables the statistic, chi-squared with <paramref name="parameterCount"/>
    /// degrees of freedom if the hypothesis is true; 0 or more.</param>
    /// <param name="parameterCount">Number of tested parameters, k ≥ 1.</param>
    /// <remarks>Li, Meng, Raghunathan and Rubin (1991): r₂ = (1 + 1/m) times the variance of √d, D₂ = (d̄/k − (m + 1)/(m − 1) r₂) /
    /// (1 + r₂), on k and k^(−3/m) (m − 1)(1 + 1/r₂)² degrees of freedom. Cruder than D₁ and D₃: take it where only the statistics
    /// are known. It may fall below 0; p is then 1.</remarks>
    /// <exception cref="ArgumentException">Fewer than two imputations, or a statistic that is negative or not a number; the message says
    /// which and why.</exception>
    public static PooledTest D2(IReadOnlyList<double> statistics, int parameterCount)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        Guard.UnlessSeveral(statistics.Count, nameof(statistics));
        Guard.UnlessParameters(parameterCount, nameof(parameterCount));
        for (int i = 0; i < statistics.Count; i++)
        {
            Guard.UnlessFinite(statistics[i], i, "the statistic", nameof(statistics));
            if (statistics[i] < 0)
                throw new ArgumentException($"Imputation {i + 1}: the statistic is {Guard.Text(statistics[i])}; expected 0 or more, as of "
                    + "a chi-squared statistic.", nameof(statistics));
        }
        double m = statistics.Count, k = parameterCount;
        double r = (1 + 1 / m) * SampleMoments.Of([.. statistics.Select(Math.Sqrt)]).Variance;
        double statistic = (SampleMoments.Of([.. statistics]).Mean / k - (m + 1) / (m - 1) * r) / (1 + r), relative = 1 + 1 / r;
        return new PooledTest(statistic, parameterCount, Math.Pow(k, -3 / m) * (m - 1) * relative * relative, r);
    }

    /// <summary>D₃: a test of several parameters at once from likelihood ratios.</summary>
    /// <param name="atOwnEstimates">From each of m ≥ 2 completed tables twice the difference of the log-likelihoods of the larger and
    /// the smaller model, each at its own maximum for that table.</param>
    /// <param name="atAveragedEstimates">The same difference for the same table, both models now at their parameters averaged over
    /// the imputations, variances and other nuisance parameters included.</param>
    /// <param name="parameterCount">Parameters that the larger model has more, k ≥ 1.</param>
    /// <remarks>Meng and Rubin (1992): r₃ = (m + 1) / (k(m − 1)) · (d̄ − d̃), D₃ = d̃ / (k(1 + r₃)), on k and the degrees of freedom
    /// of D₁ in large samples. It depends on the scale on which a variance is averaged, little in large samples. r₃ is an increase of
    /// variance and taken as 0 where the difference is negative, which happens by chance.</remarks>
    /// <exception cref="ArgumentException">Fewer than two imputations, lists of different lengths, or a statistic that is not a number; the
    /// message says which and why.</exception>
    public static PooledTest D3(IReadOnlyList<double> atOwnEstimates, IReadOnlyList<double> atAveragedEstimates, int parameterCount)
    {
        ArgumentNullException.ThrowIfNull(atOwnEstimates);
        ArgumentNullException.ThrowIfNull(atAveragedEstimates);
        Guard.UnlessSeveral(atOwnEstimates.Count, nameof(atOwnEstimates));
        Guard.UnlessAsMany(atAveragedEstimates.Count, atOwnEstimates.Count, "likelihood ratios at averaged estimates", "at own estimates",
            nameof(atAveragedEstimates));
        Guard.UnlessParameters(parameterCount, nameof(parameterCount));
        for (int i = 0; i < atOwnEstimates.Count; i++)
        {
            Guard.UnlessFinite(atOwnEstimates[i], i, "the likelihood ratio at the imputation's own estimates", nameof(atOwnEstimates));
            Guard.UnlessFinite(atAveragedEstimates[i], i, "the likelihood ratio at the averaged estimates", nameof(atAveragedEstimates));
        }
        int m = atOwnEstimates.Count;
        double own = SampleMoments.Of([.. atOwnEstimates]).Mean, averaged = SampleMoments.Of([.. atAveragedEstimates]).Mean;
        double r = Math.Max(0, (m + 1) / ((double)parameterCount * (m - 1)) * (own - averaged));
        return new PooledTest(averaged / (parameterCount * (1 + r)), parameterCount, DegreesOfFreedom.LargeSample(m, parameterCount, r), r);
    }
}
