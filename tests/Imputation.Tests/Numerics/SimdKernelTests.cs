using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Imputation.Numerics.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Imputation.Tests.Numerics;

/// <summary>Every kernel that is written for several widths of register, at each of them, against loops that anyone can read. The widths
/// that the
/// processor lacks run too, by way of narrower ones, apart from two instructions that have no such way: those of Spread.</summary>
public class SimdKernelTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 68)];

    public static TheoryData<int> Orders => [.. Enumerable.Range(0, BatchedSweep.MostOrder + 1)];

    [Theory, MemberData(nameof(Lengths))]
    public void CrossProduct_IsThatOfALoop_InTheLowerTriangle(int columns)
    {
        int stride = (columns + 7) / 8 * 8;
        foreach (int rows in new[] { 0, 1, 2, 63, 64, 65 })
        {
            double[] batch = Padded(rows, columns, stride, seed: rows + 5), before = Numbers(stride * stride, 6);
            double Expected(int i, int j) => before[i * stride + j] + Enumerable.Range(0, rows)
                .Sum(r => batch[r * stride + i] * batch[r * stride + j]);
            ForEachWidth(before, target => CrossProduct.Add(batch, rows, stride, target), skip: CrossProduct.Stride(columns) != stride,
                target => CrossProduct.Add<Simd512, Vector512<double>>(batch, rows, stride, target),
                target => CrossProduct.Add<Simd256, Vector256<double>>(batch, rows, stride, target),
                target => CrossProduct.Add<Simd128, Vector128<double>>(batch, rows, stride, target),
                target => CrossProduct.Add<SimdScalar, double>(batch, rows, stride, target),
                target =>
                {
                    for (int i = 0; i < columns; i++)
                        // 65 products of numbers below 2 in another order
                        for (int j = 0; j <= i; j++) Assert.Equal(Expected(i, j), target[i * stride + j], 1e-13);
                });
        }
    }

    [Theory]
    [InlineData(0, 3, 5), InlineData(1, 1, 1), InlineData(3, 2, 7), InlineData(4, 1, 8), InlineData(5, 33, 15), InlineData(8, 127, 16),
        InlineData(9, 128, 17), InlineData(7, 129, 31), InlineData(6, 300, 40)]
    public void BlockProduct_IsThatOfALoop_AsItStandsAndTransposed(int rows, int inner, int columns)
    {
        const int gap = 3;
        int bApart = columns + gap, cApart = columns + 2 * gap;
        double[] b = Numbers(inner * bApart, 2), before = Numbers(rows * cApart, 3);
        foreach ((int rowApart, int columnApart) in new[] { (inner + gap, 1), (1, rows + gap) })
        {
            double[] a = Numbers(Math.Max(rows * rowApart, inner * columnApart) + 1, 1);
            ForEachWidth(before, c => BlockProduct.Add(-1.5, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner, columns),
                skip: false,
                c => BlockProduct.Add<Simd512, Vector512<double>>(-1.5, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner,
                    columns),
                c => BlockProduct.Add<Simd256, Vector256<double>>(-1.5, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner,
                    columns),
                c => BlockProduct.Add<Simd128, Vector128<double>>(-1.5, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner,
                    columns),
                c => BlockProduct.Add<SimdScalar, double>(-1.5, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner, columns),
                c =>
                {
                    for (int i = 0; i < rows; i++)
                        for (int j = 0; j < cApart; j++)
                        {
                            double product = j < columns ? Enumerable.Range(0, inner)
                                .Sum(k => a[i * rowApart + k * columnApart] * b[k * bApart + j]) : 0;
                            // 300 products of numbers below 1 in another order
                            Assert.Equal(before[i * cApart + j] - 1.5 * product, c[i * cApart + j], j < columns ? 1e-12 : 0);
                        }
                });
        }
    }

    /// <summary>The gate switches instruction sets off and names the registers that are left in IMPUTATION_WIDEST_REGISTER: a runtime that
    /// does not
    /// know the switch would test the same path again and say nothing.</summary>
    [Fact]
    public void Registers_AreNoWiderThanTheGateLeaves()
    {
        int left = int.TryParse(Environment.GetEnvironmentVariable("IMPUTATION_WIDEST_REGISTER"), out int bits) ? bits : 512;
        Assert.InRange(Simd.Is512 ? 512 : Simd.Is256 ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64, 64, left);
    }

    [Fact]
    public void Kernels_RefuseAStrideThatRegistersDoNotDivide()
    {
        // What they would read and write beyond it belongs to somebody else.
        Assert.Throws<ArgumentException>(() => CrossProduct.Add<Simd512, Vector512<double>>(new double[20], 1, 20, new double[400]));
        Assert.Throws<ArgumentException>(() => GatheredProduct.Multiply<Simd512, Vector512<double>>(new double[400], 20, [1],
            new double[20], 1, new double[1]));
        Assert.Throws<ArgumentException>(() => ThinProduct.Multiply<Simd512, Vector512<double>>(new double[20], 1, new double[400], 20, 20,
            new double[20]));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void GatheredProduct_AreThoseOfALoop(int columns)
    {
        int stride = (columns + 7) / 8 * 8;
        double[] matrix = Padded(columns, columns, stride, seed: 1);
        foreach (int picked in new[] { 0, 1, 2, 3, columns }.Where(m => m <= columns))
        {
            int[] rows = [.. Enumerable.Range(0, columns).OrderBy(i => (i * 7919) % 101).Take(picked).Order()];
            foreach (int count in new[] { 0, 1, 2, 5 })
            {
                double[] vectors = Padded(count, columns, stride, seed: count);
                ForEachWidth(new double[count * picked], y => GatheredProduct.Multiply(matrix, stride, rows, vectors, count, y),
                    skip: CrossProduct.Stride(columns) != stride,
                    y => GatheredProduct.Multiply<Simd512, Vector512<double>>(matrix, stride, rows, vectors, count, y),
                    y => GatheredProduct.Multiply<Simd256, Vector256<double>>(matrix, stride, rows, vectors, count, y),
                    y => GatheredProduct.Multiply<Simd128, Vector128<double>>(matrix, stride, rows, vectors, count, y),
                    y => GatheredProduct.Multiply<SimdScalar, double>(matrix, stride, rows, vectors, count, y),
                    y =>
                    {
                        for (int r = 0; r < count; r++)
                            for (int a = 0; a < picked; a++)
                                Assert.Equal(Enumerable.Range(0, columns).Sum(j => matrix[rows[a] * stride + j] * vectors[r * stride + j]),
                                    y[r * picked + a], 1e-13);
                    });
            }
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void ThinProduct_IsThatOfALoop(int order)
    {
        int stride = (order + 7) / 8 * 8;
        double[] right = Numbers(order * order + MaskedRows.Margin, 3);
        foreach (int rows in new[] { 0, 1, 3, 4, 5, 9 })
        {
            double[] left = Padded(rows, order, stride, seed: rows);
            ForEachWidth(new double[rows * stride], p => ThinProduct.Multiply(left, rows, right, order, stride, p),
                skip: CrossProduct.Stride(order) != stride,
                p => ThinProduct.Multiply<Simd512, Vector512<double>>(left, rows, right, order, stride, p),
                p => ThinProduct.Multiply<Simd256, Vector256<double>>(left, rows, right, order, stride, p),
                p => ThinProduct.Multiply<Simd128, Vector128<double>>(left, rows, right, order, stride, p),
                p => ThinProduct.Multiply<SimdScalar, double>(left, rows, right, order, stride, p),
                p =>
                {
                    for (int a = 0; a < rows; a++)
                        for (int b = 0; b < order; b++)
                            Assert.Equal(Enumerable.Range(0, order).Sum(j => left[a * stride + j] * right[j * order + b]),
                                p[a * stride + b], 1e-13);
                });
        }
    }

    [Theory, MemberData(nameof(Orders))]
    public void BatchedSweep_InvertsEveryLane_AsMathNetDoes(int order)
    {
        Matrix<double>[] lanes = [.. Enumerable.Range(0, BatchedSweep.Lanes).Select(lane => Definite(order + 3, lane))];
        int[] indices = [.. Enumerable.Range(0, order).Select(i => i < 2 ? i : i + 3)]; // not all of them, not the first ones
        var side = new double[BatchedSweep.Length(order)];
        for (int lane = 0; lane < BatchedSweep.Lanes; lane++)
            BatchedSweep.Gather(lanes[lane].ToRowMajorArray(), order + 3, indices, lane, side);
        var logs = new double[BatchedSweep.Lanes];
        ForEachWidth(side, a => BatchedSweep.Invert(a, order, logs), skip: false,
            a => BatchedSweep.Invert<Simd512, Vector512<double>>(a, order, logs),
            a => BatchedSweep.Invert<Simd256, Vector256<double>>(a, order, logs),
            a => BatchedSweep.Invert<Simd128, Vector128<double>>(a, order, logs),
            a => BatchedSweep.Invert<SimdScalar, double>(a, order, logs),
            a =>
            {
                for (int lane = 0; lane < BatchedSweep.Lanes && order > 0; lane++)
                {
                    Matrix<double> part = Matrix<double>.Build.Dense(order, order, (i, j) => lanes[lane][indices[i], indices[j]]),
                        inverse = part.Inverse();
                    Assert.Equal(Math.Log(part.Determinant()), logs[lane], 1e-11);
                    var dense = new double[order * order];
                    var target = new double[(order + 3) * (order + 3)];
                    BatchedSweep.ExtractNegative(a, order, lane, dense);
                    MaskedRows.AddSquare(dense, indices, -2, target, order + 3);
                    for (int i = 0; i < order; i++)
                    {
                        for (int j = 0; j < order; j++)
                        {
                            Assert.Equal(inverse[i, j], dense[i * order + j], 1e-11);
                            Assert.Equal(j <= i ? -2 * dense[i * order + j] : 0, target[indices[i] * (order + 3) + indices[j]]);
                        }
                    }
                }
            });
    }

    [Fact]
    public void BatchedSweep_SaysNaN_OfALaneThatIsNotPositiveDefinite_AndIsRightInTheOthers()
    {
        var side = new double[BatchedSweep.Length(2)];
        for (int lane = 0; lane < BatchedSweep.Lanes; lane++)
            BatchedSweep.Gather(lane == 3 ? [1, 2, 2, 1] : [2, 1, 1, 2], 2, [0, 1], lane, side);
        var logs = new double[BatchedSweep.Lanes];
        BatchedSweep.Invert(side, 2, logs);
        for (int lane = 0; lane < BatchedSweep.Lanes; lane++)
        {
            if (lane == 3) Assert.True(double.IsNaN(logs[lane]));
            else Assert.Equal(Math.Log(3), logs[lane], 1e-15);
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Spread_PutsCellsInTheirColumns_AndTakesThemOut(int columns)
    {
        int stride = (columns + 7) / 8 * 8, count = 3;
        foreach (int seed in new[] { 1, 2, 3, 4 })
        {
            var random = new Random(seed);
            int[] missing = [.. Enumerable.Range(0, columns).Where(_ => random.NextDouble() < 0.4)],
                observed = [.. Enumerable.Range(0, columns).Except(missing)];
            double[] mask = new double[stride], mean = new double[stride], cells = Numbers(count * observed.Length + MaskedRows.Margin,
                seed);
            foreach (int j in observed) (mask[j], mean[j]) = (BitConverter.UInt64BitsToDouble(ulong.MaxValue), j / 10.0);
            void Check(double[] rows)
            {
                for (int r = 0; r < count; r++)
                    for (int j = 0; j < stride; j++)
                        Assert.Equal(Array.IndexOf(observed, j) is var b and >= 0 ? cells[r * observed.Length + b] - mean[j] : 0,
                            rows[r * stride + j]);
            }
            double[] Made(Action<double[]> make)
            {
                double[] rows = Numbers(count * stride, 9); // overwritten, whatever stood there
                make(rows);
                return rows;
            }
            Check(Made(rows => MaskedRows.Deviations(cells, count, missing, mask, mean, columns, stride, rows)));
            Check(Made(rows => MaskedRows.Scalar(cells, count, missing, mean, columns, stride, rows)));
            if (Avx512F.IsSupported) Check(Made(rows => MaskedRows.Deviations512(cells, count, observed.Length, mask, mean, stride, rows)));
            if (Avx2.IsSupported) Check(Made(rows => MaskedRows.Deviations256(cells, count, observed.Length, mask, mean, stride, rows)));

            double[] row = Numbers(stride, 5), collected = new double[stride], added = [.. row];
            MaskedRows.Collect(row, mask, collected);
            Assert.Equal([.. observed.Select(j => row[j])], collected[..observed.Length]);
            MaskedRows.AddTo(cells, mask, added);
            for (int j = 0; j < columns; j++) Assert.Equal(row[j] + (Array.IndexOf(observed, j) is var b and >= 0 ? cells[b] : 0),
                added[j]);

            double[] weights = Numbers(missing.Length * missing.Length, 6), vectors = Numbers(count * missing.Length, 7),
                filled = Numbers(count * stride, 8), untouched = [.. filled];
            MaskedRows.FillNegative(weights, vectors, missing, count, stride, filled);
            for (int r = 0; r < count; r++)
            {
                for (int a = 0; a < missing.Length; a++)
                    Assert.Equal(-Enumerable.Range(0, missing.Length).Sum(b => weights[a * missing.Length + b] * vectors[r * missing.Length
                        + b]), filled[r * stride + missing[a]], 1e-13);
                Assert.All(observed, j => Assert.Equal(untouched[r * stride + j], filled[r * stride + j]));
            }
        }
    }

    /// <summary>Runs a kernel as it chooses for itself, unless told to skip that, and at each width, each time from the same
    /// start.</summary>
    private static void ForEachWidth(double[] start, Action<double[]> own, bool skip,
        Action<double[]> eight, Action<double[]> four, Action<double[]> two, Action<double[]> one, Action<double[]> check)
    {
        foreach (Action<double[]> run in skip ? [eight, four, two, one] : (Action<double[]>[])[own, eight, four, two, one])
        {
            double[] target = [.. start];
            run(target);
            check(target);
        }
    }

    private static double[] Padded(int rows, int columns, int stride, int seed)
    {
        var padded = new double[rows * stride];
        double[] numbers = Numbers(rows * columns, seed);
        for (int r = 0; r < rows; r++) numbers.AsSpan(r * columns, columns).CopyTo(padded.AsSpan(r * stride));
        return padded;
    }

    private static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
    }

    /// <summary>A positive-definite matrix with a condition number of a few tens.</summary>
    private static Matrix<double> Definite(int n, int seed)
    {
        Matrix<double> x = Matrix<double>.Build.Dense(n, n + 2, Numbers(n * (n + 2), seed));
        return x * x.Transpose() / n + 0.3 * Matrix<double>.Build.DenseIdentity(n);
    }
}
