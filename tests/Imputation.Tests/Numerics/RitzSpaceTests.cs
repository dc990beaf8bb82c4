using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Tests.Numerics;

public class RitzSpaceTests
{
    /// <summary>Directions that span the whole space: their Ritz vectors are the eigenvectors. Elements are of order 1, with errors of some
    /// 1e-15 each.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(30)]
    public void Solve_TurnsDirectionsIntoEigenvectors_LargestFirst(int order)
    {
        var random = new Random(order);
        double[][] matrix = Symmetric(random, order);
        var space = new RitzSpace();
        while (space.Count < order)
        {
            if (space.Outside(Vector(random, order)) is not var (unit, _)) continue;
            space.Add(unit, Times(matrix, unit));
        }
        space.Solve();

        Assert.Equal(space.Values.OrderDescending(), space.Values);
        Assert.Equal(Enumerable.Range(0, order).Sum(i => matrix[i][i]), space.Values.Sum(), 1e-12);
        for (int k = 0; k < order; k++)
        {
            double[] image = Times(matrix, space.Directions[k]);
            for (int i = 0; i < order; i++)
            {
                Assert.Equal(space.Values[k] * space.Directions[k][i], image[i], 1e-12);
                Assert.Equal(image[i], space.Images[k][i], 1e-12);
            }
            for (int l = 0; l < order; l++) Assert.Equal(k == l ? 1 : 0, Dot.Product(space.Directions[k], space.Directions[l]), 1e-12);
            Assert.Equal(1, space.Measured(k), 1e-12);
        }
    }

    private static double[][] Symmetric(Random random, int order)
    {
        var matrix = new double[order][];
        for (int i = 0; i < order; i++) matrix[i] = new double[order];
        for (int i = 0; i < order; i++)
            for (int j = 0; j <= i; j++) matrix[i][j] = matrix[j][i] = (2 * random.NextDouble() - 1) / order;
        return matrix;
    }

    private static double[] Vector(Random random, int order) => [.. Enumerable.Range(0, order).Select(_ => 2 * random.NextDouble() - 1)];

    private static double[] Times(double[][] matrix, double[] vector) => [.. matrix.Select(row => Dot.Product(row, vector))];
}
