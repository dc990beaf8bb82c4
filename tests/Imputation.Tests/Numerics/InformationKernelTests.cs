using Imputation.Numerics.Linear;
using MathNet.Numerics.LinearAlgebra;

namespace Imputation.Tests.Numerics;

/// <summary>Kernels of the observed information against MathNet and their definitions.</summary>
public class InformationKernelTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(5, 5)]
    [InlineData(17, 40)]
    public void RowReduction_GivesOrthonormalRows_AndTheFactor(int rows, int columns)
    {
        var random = new Random(rows + columns);
        // rows nearly parallel
        var a = Matrix<double>.Build.Dense(rows, columns, (i, j) => random.NextDouble() - 0.5 + (i > 0 && j == 0 ? 1e7 : 0));
        double[] q = a.ToRowMajorArray(), r = new double[rows * rows];
        RowReduction.Reduce(q, rows, columns, r);
        Matrix<double> reduced = Matrix<double>.Build.DenseOfRowMajor(rows, columns, q), factor = Matrix<double>.Build.DenseOfRowMajor(rows,
            rows, r);
        Assert.True((reduced * reduced.Transpose() - Matrix<double>.Build.DenseIdentity(rows)).L2Norm() < 1e-13);
        Assert.True((factor * reduced - a).L2Norm() < 1e-14 * a.L2Norm());
        for (int i = 0; i < rows; i++)
            for (int j = i; j < rows; j++) Assert.True(j == i ? factor[i, j] > 0 : factor[i, j] == 0);
    }

    /// <summary>Three equal eigenvalues of 0, one close to the limit, and clusters.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(60)]
    [InlineData(300)]
    public void SmallEigenvalues_AreAllFound(int n)
    {
        var random = new Random(n);
        double[] values = [.. Enumerable.Range(0, n).Select(i => n >= 6 && i < 3 ? 0 : i == 3 ? 5e-6 : i % 2 == 0 ? 1
            : 0.9 + 0.001 * random.NextDouble())];
        Matrix<double> turn = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextDouble() - 0.5).QR().Q;
        Matrix<double> a = turn * Matrix<double>.Build.DenseOfDiagonalArray(values) * turn.Transpose();
        double shift = n >= 6 ? 1e-9 : 0;
        double[] factor = (a + shift * Matrix<double>.Build.DenseIdentity(n)).ToRowMajorArray();
        Assert.True(Cholesky.Factor(factor, n, n));
        var found = SmallEigenvalues.Below(factor, n, shift, 1e-5, default);
        double[] expected = [.. values.Order().Where((v, k) => k == 0 || v < 1e-5)];
        Assert.Equal(expected.Length, found.Count);
        Assert.All(found.Select(pair => pair.Value).Order().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        foreach ((double value, double[] vector) in found)
        {
            Vector<double> v = Vector<double>.Build.Dense(vector);
            Assert.Equal(1, v.L2Norm(), 1e-12);
            Assert.True((a * v - value * v).L2Norm() < 1e-7);
        }
    }
}
