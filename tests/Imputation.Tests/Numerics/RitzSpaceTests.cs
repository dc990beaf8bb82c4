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

    /// <summary>Vectors that are worked on in pieces, the last one short: as a diagonal matrix turns them.</summary>
    [Fact]
    public void Solve_TurnsLongVectors()
    {
        const int length = 2500, count = 5;
        var random = new Random(3);
        double[] Image(double[] v) => [.. v.Select((x, i) => x * (i % 7 - 3) / 4)];
        var space = new RitzSpace();
        while (space.Count < count)
        {
            double[] unit = space.Outside(Vector(random, length))!.Value.Unit, before = [.. unit];
            space.Add(unit, Image(unit));
            space.Solve();
            Assert.Equal(before, unit); // what was given stays as it is
        }
        for (int k = 0; k < count; k++)
        {
            double[] image = Image([.. space.Directions[k]]);
            for (int i = 0; i < length; i++) Assert.Equal(image[i], space.Images[k][i], 1e-13);
            for (int l = 0; l < count; l++)
            {
                Assert.Equal(k == l ? 1 : 0, Dot.Product(space.Directions[k], space.Directions[l]), 1e-12);
                Assert.Equal(k == l ? space.Values[k] : 0, Dot.Product(space.Directions[l], image), 1e-12);
            }
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
