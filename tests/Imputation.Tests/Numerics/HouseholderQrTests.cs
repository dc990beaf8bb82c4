using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using MathNet.Numerics.LinearAlgebra;

namespace Imputation.Tests.Numerics;

public class HouseholderQrTests
{
    /// <summary>R to MathNet's, up to the signs of its rows; Qᵀ keeps lengths. At every length the vector kernels treat
    /// differently.</summary>
    [Theory]
    [InlineData(1, 1), InlineData(3, 2), InlineData(8, 8), InlineData(9, 4), InlineData(67, 13), InlineData(300, 40)]
    public void Triangle_MatchesMathNet(int n, int k)
    {
        var random = new Random(n);
        double[][] columns = [.. Enumerable.Range(0, k).Select(_ => Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)
            .ToArray())];
        double[] y = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
        Matrix<double> expected = Matrix<double>.Build.DenseOfColumnArrays(columns).QR().R;
        var qr = new HouseholderQr([.. columns.Select(c => (double[])c.Clone())], Enumerable.Repeat(1e-12, k).ToArray());

        Assert.Equal(Enumerable.Range(0, k), qr.Kept);
        double[,] r = qr.Triangle();
        for (int i = 0; i < k; i++)
            for (int j = 0; j < k; j++) Assert.Equal(j < i ? 0 : expected[i, j] * Math.Sign(expected[i, i]), r[i, j] * Math.Sign(r[i, i]),
                1e-13 * n);
        double length = Dot.Product(y, y);
        qr.Project(y);
        Assert.Equal(length, Dot.Product(y, y), 1e-13 * n);
    }

    [Fact]
    public void ColumnsThatAreCombinations_AreSetAside_WithTheirCoefficients()
    {
        double[] a = [1, 0, 2, -1, 3], b = [0, 1, 1, 1, -2], c = [5, -1, 2, 0, 1], zero = new double[5];
        double[] sum = [.. a.Zip(b, (x, y) => 2 * x - 3 * y)];
        var qr = new HouseholderQr([zero, .. (double[][])[[.. a], [.. a], [.. b], [.. sum], [.. c]]], [1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9]);
        Assert.Equal([1, 3, 5], qr.Kept);
        Assert.Empty(qr.Combination(0));
        Assert.Equal(1, Assert.Single(qr.Combination(2)), 1e-14);
        Assert.Equal([2, -3], qr.Combination(4).Select(x => Math.Round(x, 12)));
    }

    /// <summary>What is left of a column counts where rounding of the numbers, as large as the coefficients make it, cannot explain
    /// it.</summary>
    [Theory]
    [InlineData(1e-6, 1e-16, true), InlineData(1e-12, 1e-16, true), InlineData(1e-15, 1e-16, false), InlineData(1e-6, 1e-9, true)]
    [InlineData(1e-6, 1e-6, false)]
    public void AResidual_CountsAboveTheRoundingErrors(double residual, double error, bool kept)
    {
        double[] a = [1, 1, 0], b = [1, -1, 0];
        var qr = new HouseholderQr([a, b, [0.5, 0, residual]], [error, error, error]);
        Assert.Equal(kept ? [0, 1, 2] : [0, 1], qr.Kept);
    }

    [Fact]
    public void NoMoreColumnsThanRows_AreKept()
    {
        var qr = new HouseholderQr([[1, 2], [2, 1], [1, 1], [3, 1]], [0, 0, 0, 0]);
        Assert.Equal([0, 1], qr.Kept);
        Assert.Empty(new HouseholderQr([[], []], [0, 0]).Kept);
    }
}
