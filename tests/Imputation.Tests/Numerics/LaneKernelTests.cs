using System.Runtime.Intrinsics;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;

namespace Imputation.Tests.Numerics;

/// <summary>Kernels with rows side by side, with registers of every width that there is, against loops over single numbers.</summary>
public class LaneKernelTests
{
    private const int Rows = 2 * LaneDistances.Rows, Stride = Rows + 8;

    private static double[] Random(int count, int key) => [.. Enumerable.Range(0, count).Select(i => CounterRandom.Normal(4, i, key, 0))];

    [Fact]
    public void DistancesAndMoments_AreThoseOfSingleRows_AtEveryWidth()
    {
        for (int n = 1; n <= 9; n++)
        {
            double[] factor = Random(n * n, 0), mean = Random(n, 1), cells = Random(n * Stride, 2),
                weights = [.. Random(Rows, 3).Select(Math.Abs)];
            for (int i = 0; i < n; i++) factor[i * n + i] = 1 + Math.Abs(factor[i * n + i]);
            double[] distances = new double[Rows], sums = new double[n], products = new double[n * n];
            for (int r = 0; r < Rows; r++)
            {
                var z = new double[n];
                for (int i = 0; i < n; i++)
                {
                    z[i] = cells[i * Stride + r] - mean[i];
                    sums[i] += weights[r] * z[i];
                    for (int j = 0; j <= i; j++) products[i * n + j] += weights[r] * z[i] * (cells[j * Stride + r] - mean[j]);
                    for (int j = 0; j < i; j++) z[i] -= factor[i * n + j] * z[j];
                    z[i] /= factor[i * n + i];
                    distances[r] += z[i] * z[i];
                }
            }
            Check<SimdScalar, double>();
            if (Simd.Is128) Check<Simd128, Vector128<double>>();
            if (Simd.Is256) Check<Simd256, Vector256<double>>();
            if (Simd.Is512) Check<Simd512, Vector512<double>>();

            void Check<S, V>() where S : struct, ISimd<V> where V : struct
            {
                double[] found = new double[Rows], work = new double[(n + 1) * Stride + n];
                double[] first = new double[n], second = new double[n * n];
                LaneDistances.Add<S, V>(factor, mean, cells, Stride, Rows, work, found);
                LaneMoments.Add<S, V>(weights, mean, cells, Stride, Rows, work, first, second);
                for (int r = 0; r < Rows; r++) Assert.Equal(distances[r], found[r], 1e-11 * (1 + distances[r]));
                for (int i = 0; i < n; i++)
                {
                    Assert.Equal(sums[i], first[i], 1e-11 * Rows);
                    for (int j = 0; j <= i; j++) Assert.Equal(products[i * n + j], second[i * n + j], 1e-11 * Rows);
                }
            }
        }
    }

    [Fact]
    public void Shares_AddUpToOne_AlsoWhereDensitiesAreTiny()
    {
        const int k = 3;
        double[] logs = [.. Random(k * Stride, 5).Select(x => 300 * x - 5000)], shares = (double[])logs.Clone(), sums = new double[Rows];
        LaneSoftmax.Replace(shares, k, Stride, Rows, sums);
        for (int r = 0; r < Rows; r++)
        {
            double most = Enumerable.Range(0, k).Max(c => logs[c * Stride + r]);
            double sum = Enumerable.Range(0, k).Sum(c => Math.Exp(logs[c * Stride + r] - most));
            Assert.Equal(most + Math.Log(sum), sums[r], 1e-10 * Math.Abs(most));
            for (int c = 0; c < k; c++) Assert.Equal(Math.Exp(logs[c * Stride + r] - most) / sum, shares[c * Stride + r], 1e-14);
        }
    }
}
