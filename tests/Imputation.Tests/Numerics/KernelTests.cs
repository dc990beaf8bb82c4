using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;
using MathNet.Numerics.LinearAlgebra;

namespace Imputation.Tests.Numerics;

/// <summary>Every kernel against its scalar twin or against MathNet, at lengths that exercise each of its loops.</summary>
public class KernelTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 68)];

    [Theory, MemberData(nameof(Lengths))]
    public void DotProduct_MatchesItsScalarTwin(int length)
    {
        double[] a = Numbers(length, 1), b = Numbers(length + 3, 2);
        double size = a.Zip(b, (x, y) => Math.Abs(x * y)).Sum();
        Assert.Equal(Dot.Scalar(a, b), Dot.Product(a, b), 1e-15 * (1 + size)); // sums in another order: rounding only
    }

    [Theory, MemberData(nameof(Lengths))]
    public void AddScaled_MatchesItsScalarTwin(int length)
    {
        double[] x = Numbers(length + 2, 3), fast = Numbers(length, 4), slow = [.. fast];
        AddScaled.To(fast, -1.7, x);
        AddScaled.Scalar(slow, -1.7, x);
        for (int i = 0; i < length; i++) Assert.Equal(slow[i], fast[i], 4e-16 * (1 + Math.Abs(x[i]) * 2)); // fused multiply-add rounds once
    }

    [Theory, MemberData(nameof(Lengths))]
    public void RankOne_MatchesItsScalarTwin_AndLeavesThePaddingAtZero(int n)
    {
        int stride = RankOne.Stride(n);
        double[] c = [.. Numbers(n, 3), .. new double[stride - n]], fast = new double[n * stride];
        for (int i = 0; i < n; i++) Numbers(n, 4 + i).CopyTo(fast, i * stride);
        double[] slow = [.. fast];
        RankOne.To(fast, n, -1.7, c);
        RankOne.Scalar(slow, n, -1.7, c);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < stride; j++)
                Assert.Equal(slow[i * stride + j], fast[i * stride + j], j < n ? 8e-16 * (1 + Math.Abs(c[i] * c[j])) : 0);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void AddProduct_MatchesItsScalarTwin(int length)
    {
        double[] a = Numbers(length + 2, 5), b = Numbers(length + 1, 6), fast = Numbers(length, 7), slow = [.. fast];
        AddProduct.To(fast, a, b, -1.7);
        AddProduct.Scalar(slow, a, b, -1.7);
        Assert.Equal(slow, fast);
    }

    [Theory]
    [InlineData(1), InlineData(5), InlineData(63), InlineData(64), InlineData(65), InlineData(130), InlineData(200)]
    public void LowerTriangle_MultipliesDividesAndSquares_AsMathNetDoes(int n)
    {
        // What is above the diagonals is not read.
        double[] left = Numbers(n * n, 11), right = Numbers(n * n, 12);
        for (int i = 0; i < n; i++) left[i * n + i] = n + i;
        Matrix<double> a = Matrix<double>.Build.Dense(n, n, (i, j) => j <= i ? left[i * n + j] : 0),
            b = Matrix<double>.Build.Dense(n, n, (i, j) => j <= i ? right[i * n + j] : 0);
        var lower = new double[n * n]; // the right factor of a product has zeros there
        for (int i = 0; i < n; i++) right.AsSpan(i * n, i + 1).CopyTo(lower.AsSpan(i * n));
        AssertEqual(a * b, LowerTriangle.Multiply(left, lower, n), 1e-10);
        AssertEqual(a.Solve(b), LowerTriangle.Solve(left, right, n), 1e-12);
        AssertEqual(a * a.Transpose(), LowerTriangle.Square(left, n), 1e-9); // elements of up to 40,000

        void AssertEqual(Matrix<double> expected, double[] found, double tolerance)
        {
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) Assert.Equal(expected[i, j], found[i * n + j], tolerance);
        }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(17), InlineData(33), InlineData(64),
        InlineData(65), InlineData(96), InlineData(97), InlineData(130)]
    public void Cholesky_FactorsSolvesAndInverts_AsMathNetDoes(int n)
    {
        const int gap = 3; // rows further apart than they are long
        int stride = n + gap;
        Matrix<double> a = Definite(n);
        Matrix<double> expected = a.Cholesky().Factor;
        var factor = new double[n * stride];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) factor[i * stride + j] = a[i, j];

        Assert.True(Cholesky.Factor(factor, n, stride));
        for (int i = 0; i < n; i++)
            // above it nothing is written
            for (int j = 0; j < stride; j++) Assert.Equal(j <= i ? expected[i, j] : j < n ? a[i, j] : 0, factor[i * stride + j],
                j <= i ? 1e-12 : 0);
        Assert.Equal(2 * expected.Diagonal().Sum(Math.Log), Cholesky.LogDeterminant(factor, n, stride), 1e-10);

        const int width = 5, rightStride = 7;
        double[] right = Numbers(n * rightStride, 8);
        Matrix<double> b = Matrix<double>.Build.Dense(n, width, (i, j) => right[i * rightStride + j]);
        Cholesky.SolveLower(factor, n, stride, right, width, rightStride);
        Cholesky.SolveUpper(factor, n, stride, right, width, rightStride);
        Matrix<double> x = a.Solve(b);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < width; j++) Assert.Equal(x[i, j], right[i * rightStride + j], 1e-11);
        double[] one = [.. b.Column(2)];
        Cholesky.SolveLower(factor, n, stride, one, 1, 1);
        Cholesky.SolveUpper(factor, n, stride, one, 1, 1);
        for (int i = 0; i < n; i++) Assert.Equal(x[i, 2], one[i], 1e-11);

        var inverse = new double[n * stride];
        Cholesky.Invert(factor, n, stride, inverse);
        Matrix<double> k = a.Inverse();
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) Assert.Equal(k[i, j], inverse[i * stride + j], 1e-11);
    }

    [Fact]
    public void Cholesky_RefusesWhatIsNotPositiveDefinite()
    {
        Assert.False(Cholesky.Factor([1.0, 1, 1, 1], 2, 2)); // rank 1
        Assert.False(Cholesky.Factor([1.0, 2, 2, 1], 2, 2)); // indefinite
        Assert.False(Cholesky.Factor([double.NaN], 1, 1));
        Assert.False(Cholesky.Factor([1.0, 0.9999999, 0.9999999, 1], 2, 2, relativeTolerance: 1e-6)); // 1 − r² = 2e-7
        Assert.True(Cholesky.Factor([1.0, 0.9999999, 0.9999999, 1], 2, 2, relativeTolerance: 1e-8));
    }

    [Theory]
    [InlineData(10), InlineData(63), InlineData(64), InlineData(95), InlineData(99)]
    public void Cholesky_RefusesAColumnThatOthersDetermine_WhereverItStands(int dependent)
    {
        const int n = 100;
        Matrix<double> a = Definite(n);
        double[] square = a.ToRowMajorArray();
        for (int i = 0; i < n; i++)
            if (i != dependent) square[i * n + dependent] = square[dependent * n + i] = a[i, 3]; // the same as column 3
        square[dependent * n + dependent] = a[3, 3];
        Assert.False(Cholesky.Factor(square, n, n, 1e-11));
        square[dependent * n + dependent] *= 1 + 1e-3; // all but the same
        Assert.True(Cholesky.Factor(square, n, n, 1e-11));
    }

    [Fact]
    public void LogDeterminant_NeitherOverflowsNorUnderflows()
    {
        var factor = new double[400 * 400];
        for (int i = 0; i < 400; i++) factor[i * 400 + i] = i % 2 == 0 ? 1e-9 : 1e-7;
        Assert.Equal(-2 * 200 * 16 * Math.Log(10), Cholesky.LogDeterminant(factor, 400, 400), 1e-9);
    }

    [Theory]
    [InlineData(-38.0), InlineData(-10.0), InlineData(-3.0), InlineData(0.0), InlineData(1.5), InlineData(5.0)]
    public void NormalQuantile_InvertsTheDistributionFunction(double x) =>
        Assert.Equal(x, TruncatedNormal.Quantile(TruncatedNormal.Cumulative(x)), 1e-9 * (1 + Math.Abs(x)));

    [Theory]
    [InlineData(-1, 1), InlineData(2, 3), InlineData(-9, -8), InlineData(30, 31), InlineData(50, 51), InlineData(-51, -50),
        InlineData(1, double.PositiveInfinity), InlineData(4, 4)]
    public void TruncatedQuantile_StaysInside_AndRises(double lower, double upper)
    {
        double[] values = [.. Enumerable.Range(1, 99).Select(k => TruncatedNormal.Quantile(k / 100.0, lower, upper))];
        Assert.All(values, x => Assert.InRange(x, lower, upper));
        for (int k = 1; k < values.Length; k++) Assert.True(values[k] >= values[k - 1]);
        if (lower == 1) Assert.Equal(1.409608709, values[49], 1e-8); // Φ⁻¹(Φ(1) + ½(1 − Φ(1)))
    }

    [Fact]
    public void CounterRandom_IsAFunctionOfItsKey_AndUniform()
    {
        Assert.Equal(CounterRandom.Uniform(1, 2, 3, 4), CounterRandom.Uniform(1, 2, 3, 4));
        var seen = new HashSet<double>();
        var bins = new int[10];
        for (int row = 0; row < 200; row++)
            for (int column = 0; column < 10; column++)
                for (int draw = 0; draw < 5; draw++)
                {
                    double u = CounterRandom.Uniform(7, row, column, draw);
                    Assert.InRange(u, double.Epsilon, 1 - 1e-16);
                    Assert.True(seen.Add(u));
                    bins[(int)(10 * u)]++;
                }
        double chiSquare = bins.Sum(b => Math.Pow(b - 1000, 2) / 1000);
        Assert.InRange(chiSquare, 0, 27.9); // χ² with 9 degrees of freedom exceeds this once in a thousand; the draw is fixed by its seed
    }

    private static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
    }

    private static Matrix<double> Definite(int n)
    {
        double[] numbers = Numbers(n * n, n);
        Matrix<double> x = Matrix<double>.Build.Dense(n, n, (i, j) => numbers[i * n + j]);
        return x * x.Transpose() / n + Matrix<double>.Build.DenseIdentity(n);
    }
}
