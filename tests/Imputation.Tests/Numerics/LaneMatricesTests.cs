using System.Runtime.Intrinsics;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Tests.Numerics;

/// <summary>Eight matrices at once, with registers of every width that there is, against the formulas for each of them alone.</summary>
public class LaneMatricesTests
{
    private const int Lanes = LaneMatrices.Lanes;

    /// <summary>Sums of a few dozen products, and of their quotients.</summary>
    private const double Rounding = 1e-11;

    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (int known in new[] { 0, 1, 4 })
                foreach (int measured in new[] { 0, 1, 2, 5, 19 })
                    foreach (int others in new[] { 0, 1, 3, 8 })
                        if (known + measured + others > 0) shapes.Add(known, measured, others);
            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Kernels_AreThoseOfSingleMatrices_AtEveryWidth(int known, int measured, int others)
    {
        Check<SimdScalar, double>(known, measured, others);
        if (Simd.Is128) Check<Simd128, Vector128<double>>(known, measured, others);
        if (Simd.Is256) Check<Simd256, Vector256<double>>(known, measured, others);
        if (Simd.Is512) Check<Simd512, Vector512<double>>(known, measured, others);
    }

    [Fact]
    public void Scatter_AddsALane_WhereItsVariablesAre()
    {
        int[] places = [.. Enumerable.Range(0, 3 * Lanes).Select(at => (3 * (at / Lanes) + at % Lanes) % 9)];
        double[] a = Random(LaneMatrices.Length(3), 7), target = new double[81];
        LaneMatrices.Scatter(a, 3, 5, places, -2, target, 9);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                int at = places[i * Lanes + 5] * 9 + places[j * Lanes + 5];
                Assert.Equal(-2 * a[(i * (i + 1) / 2 + j) * Lanes + 5], target[at]);
                target[at] = 0;
            }
        }
        Assert.All(target, x => Assert.Equal(0, x));
    }

    private static void Check<S, V>(int known, int measured, int others) where S : struct, ISimd<V> where V : struct
    {
        int n = known + measured + others, rest = measured + others;
        double[][] matrices = [.. Enumerable.Range(0, Lanes).Select(lane => Positive(n, lane))];
        double[] a = Interleaved(matrices, n), d = Random(known * Lanes, 1), g = new double[n * Lanes], quadratics = new double[Lanes];
        LaneMatrices.Condition<S, V>(a, n, known);
        LaneMatrices.Regress<S, V>(a, n, known, g, d, quadratics);

        double[] precision = [.. Random(measured * Lanes, 2).Select(x => Math.Abs(x))], posterior = new double[LaneMatrices.Length(rest)];
        int length = LaneMatrices.Length(measured);
        for (int i = 0, to = 0; i < measured; to += ++i * Lanes)
            a.AsSpan(((known + i) * (known + i + 1) / 2 + known) * Lanes, (i + 1) * Lanes).CopyTo(posterior.AsSpan(to));
        double[] mean = Random(measured * Lanes, 3), before = [.. mean], alpha = new double[Lanes], beta = Random(Lanes, 4);
        double[] work = new double[n * Lanes], shifted = [.. mean], variance = new double[Lanes];
        LaneMoves moves = new(n), atOnce = new(n);
        double[] other = [.. posterior], otherMean = [.. mean];
        for (int j = 0; j < measured; j++)
        {
            moves.Diagonal<S, V>(posterior, measured, j, variance);
            for (int lane = 0; lane < Lanes; lane++)
            {
                // A measurement of j alone; a lane with nothing to do stays as it is.
                double v = Element(other, j, j, lane);
                Assert.Equal(v, variance[lane]);
                if (lane == 2) precision[j * Lanes + lane] = 0;
                alpha[lane] = -precision[j * Lanes + lane] / (1 + precision[j * Lanes + lane] * v);
                if (lane == 2) beta[lane] = 0;
                for (int i = 0; i < measured; i++)
                    shifted[i * Lanes + lane] += beta[lane] * Element(other, i, j, lane);
            }
            moves.Add<S, V>(posterior.AsSpan(0, length), measured, j, alpha, beta, mean);
            atOnce.Add<S, V>(other.AsSpan(0, length), measured, j, alpha, beta, otherMean);
            atOnce.Make<S, V>(other, measured);
        }
        moves.Make<S, V>(posterior, measured);
        Assert.Equal(other, posterior); // whenever they are made, to the bit
        Assert.Equal(otherMean, mean);
        LaneMatrices.Extend<S, V>(a, known, measured, others, precision, posterior, work);

        for (int at = 0; at < mean.Length; at++) Assert.Equal(shifted[at], mean[at], Rounding * (1 + Math.Abs(shifted[at])));
        for (int i = 0; i < measured; i++) Assert.Equal(before[i * Lanes + 2], mean[i * Lanes + 2]);
        for (int lane = 0; lane < Lanes; lane++)
        {
            (double[] regression, double[] conditional) = Conditional(matrices[lane], n, known);
            double quadratic = 0;
            double[] whitened = [.. Enumerable.Range(0, known).Select(p => d[p * Lanes + lane])];
            double[] factor = [.. matrices[lane]];
            Assert.True(Cholesky.Factor(factor, n, n));
            Cholesky.SolveLower(factor, known, n, whitened, 1, 1);
            quadratic = whitened.Sum(w => w * w);
            Assert.Equal(quadratic, quadratics[lane], Rounding * (1 + quadratic));

            // The posterior covariance by the inverse of the sum of precisions.
            double[] inverse = Inverse(conditional, rest);
            for (int j = 0; j < measured; j++) inverse[j * rest + j] += precision[j * Lanes + lane];
            double[] expected = Inverse(inverse, rest);
            for (int i = 0; i < rest; i++)
            {
                double predicted = Enumerable.Range(0, known).Sum(p => regression[i * known + p] * d[p * Lanes + lane]);
                Assert.Equal(predicted, g[(known + i) * Lanes + lane], Rounding * (1 + Math.Abs(predicted)));
                for (int j = 0; j <= i; j++) Assert.Equal(expected[i * rest + j], Element(posterior, i, j, lane), Rounding * 10);
            }
        }
    }

    /// <summary>A_RC A_CC⁻¹ and A_RR − A_RC A_CC⁻¹ A_CR.</summary>
    private static (double[] Regression, double[] Conditional) Conditional(double[] a, int n, int known)
    {
        int rest = n - known;
        double[] first = new double[known * known], regression = new double[rest * known], conditional = new double[rest * rest];
        for (int i = 0; i < known; i++)
            for (int j = 0; j < known; j++) first[i * known + j] = a[i * n + j];
        double[] inverse = Inverse(first, known);
        for (int i = 0; i < rest; i++)
            for (int j = 0; j < known; j++)
                for (int k = 0; k < known; k++) regression[i * known + j] += a[(known + i) * n + k] * inverse[k * known + j];
        for (int i = 0; i < rest; i++)
        {
            for (int j = 0; j < rest; j++)
            {
                conditional[i * rest + j] = a[(known + i) * n + known + j];
                for (int k = 0; k < known; k++) conditional[i * rest + j] -= regression[i * known + k] * a[k * n + known + j];
            }
        }
        return (regression, conditional);
    }

    private static double[] Inverse(double[] a, int n)
    {
        double[] factor = [.. a], inverse = new double[n * n];
        if (n == 0) return inverse;
        Assert.True(Cholesky.Factor(factor, n, n));
        Cholesky.Invert(factor, n, n, inverse);
        return inverse;
    }

    private static double Element(double[] a, int i, int j, int lane) =>
        a[(Math.Max(i, j) * (Math.Max(i, j) + 1) / 2 + Math.Min(i, j)) * Lanes + lane];

    private static double[] Positive(int n, int lane)
    {
        double[] b = Random(n * n, 10 + lane), a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                for (int k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k] / n;
            a[i * n + i] += 1;
        }
        return a;
    }

    private static double[] Interleaved(double[][] matrices, int n)
    {
        var a = new double[LaneMatrices.Length(n)];
        for (int lane = 0; lane < Lanes; lane++)
            for (int i = 0, at = lane; i < n; i++)
                for (int j = 0; j <= i; j++, at += Lanes) a[at] = matrices[lane][i * n + j];
        return a;
    }

    private static double[] Random(int count, int key) => [.. Enumerable.Range(0, count).Select(i => CounterRandom.Normal(6, i, key, 0))];
}
