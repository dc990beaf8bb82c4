using Imputation.Numerics;

namespace Imputation.Pooling;

/// <summary>Rubin's rules for vectors, their inputs checked.</summary>
internal static class VectorPooling
{
    /// <summary>Largest difference between the two triangles of a covariance, in standard deviations, that counts as rounding.</summary>
    private const double Asymmetry = 1e-6;

    public static PooledVector Of(IReadOnlyList<double[]> estimates, IReadOnlyList<double[,]> covariances, double complete,
        double confidence, IReadOnlyList<string>? names)
    {
        ArgumentNullException.ThrowIfNull(estimates[0], nameof(estimates));
        int m = estimates.Count, k = estimates[0].Length;
        string[] labels = Labels(names, k);
        for (int i = 0; i < m; i++)
        {
            CheckEstimates(estimates[i], i, labels);
            CheckCovariance(covariances[i], i, labels);
        }

        var means = new double[k];
        var coefficients = new PooledEstimate[k];
        for (int j = 0; j < k; j++)
        {
            SampleMoments between = SampleMoments.Of([.. estimates.Select(q => q[j])]);
            Guard.UnlessInRange(between.Variance, nameof(estimates));
            means[j] = between.Mean;
            coefficients[j] = new PooledEstimate(between.Mean, SampleMoments.Of([.. covariances.Select(u => u[j, j])]).Mean,
                between.Variance, m,
                complete, confidence);
        }
        var within = new double[k, k];
        var across = new double[k, k];
        for (int j = 0; j < k; j++)
        {
            (within[j, j], across[j, j]) = (coefficients[j].Within, coefficients[j].Between);
            for (int l = 0; l < j; l++)
            {
                within[j, l] = within[l, j] = SampleMoments.Of([.. covariances.Select(u => 0.5 * (u[j, l] + u[l, j]))]).Mean;
                double sum = 0;
                foreach (double[] q in estimates) sum += (q[j] - means[j]) * (q[l] - means[l]);
                across[j, l] = across[l, j] = sum / (m - 1);
            }
        }
        return new PooledVector(labels, coefficients, within, across);
    }

    private static string[] Labels(IReadOnlyList<string>? names, int k)
    {
        if (k == 0) throw new ArgumentException("The vectors of estimates are empty; expected at least one estimate.", "estimates");
        if (names is null) return [.. Enumerable.Range(1, k).Select(j => j.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        if (names.Count != k) throw new ArgumentException($"There are {names.Count} names for {k} estimates.", nameof(names));
        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null) throw new ArgumentException($"Two estimates are named '{twice}'.", nameof(names));
        return [.. names];
    }

    private static void CheckEstimates(double[] estimates, int index, string[] names)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        if (estimates.Length != names.Length)
            throw new ArgumentException($"Imputation {index + 1} has {estimates.Length} estimates, imputation 1 has {names.Length}.",
                nameof(estimates));
        for (int j = 0; j < names.Length; j++) Guard.UnlessFinite(estimates[j], index, $"the estimate of '{names[j]}'", nameof(estimates));
    }

    private static void CheckCovariance(double[,] covariance, int index, string[] names)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        int k = names.Length;
        if (covariance.GetLength(0) != k || covariance.GetLength(1) != k)
            throw new ArgumentException(
                $"Imputation {index + 1}: the covariance matrix is {covariance.GetLength(0)} by {covariance.GetLength(1)}; expected {k} "
                    + $"by {k}, as there are {k} estimates.", nameof(covariance));
        for (int j = 0; j < k; j++) Guard.UnlessVariance(covariance[j, j], index, $"the variance of '{names[j]}'", nameof(covariance));
        for (int j = 0; j < k; j++)
        {
            for (int l = 0; l < j; l++)
            {
                double one = covariance[j, l], other = covariance[l, j], limit = Math.Sqrt(covariance[j, j]) * Math.Sqrt(covariance[l, l]);
                string what = $"the covariance of '{names[j]}' and '{names[l]}'";
                Guard.UnlessFinite(one, index, what, nameof(covariance));
                Guard.UnlessFinite(other, index, what, nameof(covariance));
                if (Math.Abs(one - other) > Asymmetry * limit)
                    throw new ArgumentException($"Imputation {index + 1}: {what} is {Guard.Text(one)} on one side of the matrix and "
                        + $"{Guard.Text(other)} on the other; expected a symmetric matrix.", nameof(covariance));
                if (Math.Abs(one) > (1 + Asymmetry) * limit)
                    throw new ArgumentException(
                        $"Imputation {index + 1}: {what} is {Guard.Text(one)}, inconsistent with the variances "
                            + $"{Guard.Text(covariance[j, j])} and {Guard.Text(covariance[l, l])} (correlation beyond ±1); expected "
                            + $"a covariance matrix.", nameof(covariance));
            }
        }
    }
}
