using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Models.LatentNormal;

/// <summary>The probability that a normal vector lies in a box, by integration.</summary>
/// <remarks>Genz (1992): the variables are taken one by one, each given those before it, narrow intervals first, which turns the box into a
/// unit cube; integrated there over a lattice (Kronecker's, of square roots of primes, folded) with random shifts. The spread over the
/// shifts is the error.</remarks>
internal static class BoxProbability
{
    private const int Shifts = 8;

    /// <summary>The logarithm of the probability and its standard error; NaN where the covariance cannot be factored.</summary>
    /// <param name="mean">k means.</param>
    /// <param name="covariance">k × k, both triangles.</param>
    /// <param name="lower">Lower ends.</param>
    /// <param name="upper">Upper ends.</param>
    /// <param name="points">Number of points, a multiple of 8.</param>
    /// <param name="seed">Seed of the shifts.</param>
    public static (double Log, double Error) Log(ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance, ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper, int points, ulong seed)
    {
        int k = mean.Length;
        (double Mass, int Index)[] order = new (double, int)[k];
        for (int j = 0; j < k; j++)
        {
            double sd = Math.Sqrt(covariance[j * k + j]);
            order[j] = (TruncatedMoments.LogMass((lower[j] - mean[j]) / sd, (upper[j] - mean[j]) / sd), j);
        }
        Array.Sort(order);
        double[] factor = new double[k * k], from = new double[k], to = new double[k];
        for (int a = 0; a < k; a++)
        {
            int i = order[a].Index;
            (from[a], to[a]) = (lower[i] - mean[i], upper[i] - mean[i]);
            for (int b = 0; b <= a; b++) factor[a * k + b] = covariance[i * k + order[b].Index];
        }
        if (!Cholesky.Factor(factor, k, k)) return (double.NaN, double.NaN);

        double[] step = Steps(k - 1), e = new double[k], means = new double[Shifts];
        int each = Math.Max(1, points / Shifts);
        for (int shift = 0; shift < Shifts; shift++)
        {
            double sum = 0;
            for (int n = 0; n < each; n++)
            {
                double log = 0;
                for (int a = 0; a < k; a++)
                {
                    double at = Dot.Product(factor.AsSpan(a * k, a), e.AsSpan(0, a)), sd = factor[a * k + a];
                    double low = (from[a] - at) / sd, high = (to[a] - at) / sd;
                    log += TruncatedMoments.LogMass(low, high);
                    if (a == k - 1) break;
                    double u = CounterRandom.Uniform(seed, shift, a, 0) + (n + 1) * step[a];
                    u = Math.Abs(2 * (u - Math.Floor(u)) - 1); // the baker's fold
                    e[a] = TruncatedNormal.Quantile(Math.Clamp(u, 1e-15, 1 - 1e-15), low, high);
                }
                sum += Math.Exp(log);
            }
            means[shift] = sum / each;
        }
        double all = means.Average(), squares = means.Sum(m => (m - all) * (m - all));
        return (Math.Log(all), Math.Sqrt(squares / (Shifts * (Shifts - 1))) / all);
    }

    /// <summary>The fractional parts of the square roots of the first primes.</summary>
    private static double[] Steps(int count)
    {
        var steps = new List<double>(count);
        for (int n = 2; steps.Count < count; n++)
        {
            bool prime = true;
            for (int d = 2; d * d <= n && prime; d++) prime = n % d != 0;
            if (prime) steps.Add(Math.Sqrt(n) % 1);
        }
        return [.. steps];
    }
}
