using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Tests.Patterns;

/// <summary>Which cells are hidden to see how well they are predicted.</summary>
public class HoldoutCellsTests
{
    /// <summary>Column 0 is never missing, so neither way hides it; 1 to 39 are missing in four of five rows. A row that is hit by a whole
    /// pattern keeps a fifth of what it had, one of which cells are scattered nearly all of it.</summary>
    [Fact]
    public void ScatteredCells_FollowTheTablesPatterns_AndLeaveRowsMostOfTheirCells()
    {
        const int n = 500, p = 40;
        var cells = new double[n, p];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < p; j++)
                cells[i, j] = j > 0 && CounterRandom.Uniform(3, i, j, 1) < 0.8 ? double.NaN : CounterRandom.Uniform(3, i, j, 2);
        var matrix = IncompleteMatrix.FromArray(cells);
        MissingPatterns patterns = MissingPatterns.Of(matrix);
        int observed = matrix.Columns.Sum(c => c.Count - c.MissingCount);

        double Kept(bool[][] hidden)
        {
            Assert.DoesNotContain(true, hidden[0]);
            Assert.Equal(0.1, hidden.Sum(column => column.Count(h => h)) / (double)observed, 0.005); // the last row's cells
            double kept = 0, rows = 0;
            for (int i = 0; i < n; i++)
            {
                int[] seen = [.. Enumerable.Range(0, p).Where(j => !double.IsNaN(cells[i, j]))];
                int gone = seen.Count(j => hidden[j][i]);
                Assert.True(gone < seen.Length);
                for (int j = 0; j < p; j++) Assert.False(hidden[j][i] && double.IsNaN(cells[i, j]));
                if (gone == 0) continue;
                kept += 1 - gone / (double)seen.Length;
                rows++;
            }
            return kept / rows;
        }
        Assert.InRange(Kept(HoldoutCells.Choose(matrix, patterns, 0.1, 9)), 0.2, 0.4);
        bool[][] scattered = HoldoutCells.Scatter(matrix, patterns, 0.1, 9);
        Assert.InRange(Kept(scattered), 0.8, 1);
        Assert.Equal(scattered, HoldoutCells.Scatter(matrix, patterns, 0.1, 9));
        Assert.NotEqual(scattered, HoldoutCells.Scatter(matrix, patterns, 0.1, 10));
    }

    [Fact]
    public void ScatteredCells_OfACompleteTable_AreATenth_OneARow()
    {
        var cells = new double[100, 5];
        for (int i = 0; i < 100; i++)
            for (int j = 0; j < 5; j++) cells[i, j] = CounterRandom.Uniform(4, i, j, 0);
        var matrix = IncompleteMatrix.FromArray(cells);
        bool[][] hidden = HoldoutCells.Scatter(matrix, MissingPatterns.Of(matrix), 0.1, 2);
        Assert.Equal(50, hidden.Sum(column => column.Count(h => h)));
        for (int i = 0; i < 100; i++) Assert.InRange(hidden.Count(column => column[i]), 0, 1);
    }
}
