using Imputation.Patterns;

namespace Imputation.Tests.Models;

/// <summary>One test for each fault that was found and mended, named for what a user would have seen.</summary>
public class RegressionTests
{
    /// <summary>Rounding of the log-likelihood grows with the condition of Σ, and was taken for an EM step that lowers it.</summary>
    [Theory]
    [InlineData(0.06), InlineData(0.02), InlineData(0.006), InlineData(0.002)]
    public void NearlyEqualColumns_AreNotReportedAsADefectOfTheModel(double noise)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            double[,] values = Normals(120, 3, seed);
            var random = new Random(seed);
            for (int row = 0; row < 120; row++)
            {
                values[row, 1] = values[row, 0] + noise * values[row, 1];
                if (random.NextDouble() < 0.3) values[row, random.Next(3)] = double.NaN;
            }
            NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values));
            Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
        }
    }

    /// <summary>Differences too short for the smallest direction of Σ showed rates above 1, and the run stopped as at a saddle.</summary>
    [Fact]
    public void NearlyEqualColumnsRarelySeenTogether_HaveARateBelowOne_AndNoSaddle()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            double[,] values = Normals(100, 2, seed);
            for (int row = 0; row < 100; row++)
            {
                values[row, 1] = values[row, 0] + 1e-3 * values[row, 1];
                if (row % 5 != 0) values[row, row % 2] = double.NaN;
            }
            NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values));
            Assert.DoesNotContain(fit.Report.Findings, f => f.Code == "saddle");
            Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
            Assert.InRange(fit.Report.ConvergenceRate, 0, 1 - 1e-6);
        }
    }

    /// <summary>Only the first rows of a file were looked at, in which dummies sorted by group are constant.</summary>
    [Fact]
    public void DummiesOfASortedFile_AreARelation()
    {
        double[,] values = Normals(300, 4, 1);
        for (int row = 0; row < 300; row++)
        {
            for (int k = 0; k < 3; k++) values[row, k] = row / 100 == k ? 1 : 0;
            if (row % 4 == 0) values[row, row / 4 % 4] = double.NaN;
        }
        ImputationResult done = Table.FromArray(["d1", "d2", "d3", "y"], values).Impute(new NormalOptions { Prior = CovariancePrior.Auto });
        LinearRelation relation = Assert.Single(done.Fit.Report.Relations);
        Assert.Equal("d3 = - d1 - d2 + 1", relation.ToString().Replace("= -d1", "= - d1"));
        for (int row = 0; row < 300; row++)
            Assert.Equal(1, Enumerable.Range(0, 3).Sum(k => ((NumericColumn)done.Table.Columns[k]).Values[row]), 1e-12);
    }

    /// <summary>A relation that no common pattern shows came to light in the unbounded fit and was then forgotten.</summary>
    [Fact]
    public void RelationsOfWideDataWithoutCompleteRows_AreFoundAndKept()
    {
        double[,] values = Normals(400, 30, 2);
        var random = new Random(2);
        for (int row = 0; row < 400; row++)
        {
            values[row, 10] = values[row, 1] + values[row, 2];
            values[row, 20] = values[row, 3] - 2 * values[row, 4];
            for (int j = 0; j < 30; j++)
                if (random.NextDouble() < 0.2) values[row, j] = double.NaN;
        }
        ImputationResult done = Table.FromArray([.. Enumerable.Range(0, 30).Select(j => $"x{j}")], values)
            .Impute(new NormalOptions { Prior = CovariancePrior.Auto });
        Assert.Contains(done.Fit.Report.Relations, r => r.ToString() == "x10 = x1 + x2");
        Assert.Contains(done.Fit.Report.Relations, r => r.ToString() == "x20 = x3 - 2*x4");
        double Cell(int row, int j) => ((NumericColumn)done.Table.Columns[j]).Values[row];
        for (int row = 0; row < 400; row++)
        {
            Assert.Equal(Cell(row, 1) + Cell(row, 2), Cell(row, 10), 1e-9);
            Assert.Equal(Cell(row, 3) - 2 * Cell(row, 4), Cell(row, 20), 1e-9);
        }
    }

    /// <summary>A plane through as many coin flips as it has coefficients was called an exact relation, and cells were filled with
    /// certainty.</summary>
    [Fact]
    public void CoinFlips_AreNotARelation()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var values = new double[20, 6];
            for (int row = 0; row < 20; row++)
                for (int j = 0; j < 6; j++) values[row, j] = random.NextDouble() < 0.2 ? double.NaN : random.Next(2);
            NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), new NormalOptions
            {
                Prior = CovariancePrior.Auto,
                MaxIterations = 1000
            });
            Assert.Empty(fit.Report.Relations);
        }
    }

    /// <summary>With fewer rows than columns the weakest ridge took 10,000 iterations not to converge, and was accepted.</summary>
    [Fact]
    public void FewerRowsThanColumns_SettleUnderTheRidgeThatAutoChooses()
    {
        double[,] values = Normals(20, 30, 3);
        var random = new Random(3);
        for (int row = 0; row < 20; row++)
            for (int j = 0; j < 30; j++)
                if (random.NextDouble() < 0.1) values[row, j] = double.NaN;
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), new NormalOptions { Prior = CovariancePrior.Auto });
        Assert.Equal((EmOutcome.Converged, CovariancePriorKind.Ridge), (fit.Report.Outcome, fit.Report.Prior.Kind));
        Assert.InRange(fit.Report.IterationCount, 1, 500);
    }

    /// <summary>Where relations share columns, setting the last cell of one broke another.</summary>
    [Theory]
    [InlineData(FillMethod.Mean), InlineData(FillMethod.Draw)]
    public void OverlappingRelations_AllHoldInTheCompletedTable(FillMethod method)
    {
        // c = a + b and b = d + e, columns in an order in which neither is last
        double[,] values = Normals(200, 5, 4);
        var random = new Random(4);
        for (int row = 0; row < 200; row++)
        {
            values[row, 2] = values[row, 3] + values[row, 4]; // b
            values[row, 0] = values[row, 1] + values[row, 2]; // c
            if (row >= 60)
            {
                for (int j = 0; j < 5; j++)
                    if (random.NextDouble() < 0.5) values[row, j] = double.NaN;
            }
        }
        ImputationResult done = Table.FromArray(["c", "a", "b", "d", "e"], values)
            .Impute(new NormalOptions { Prior = CovariancePrior.Auto }, new FillOptions { Method = method });
        Assert.Equal(2, done.Fit.Report.Relations.Count);
        double Cell(int row, string name) => ((NumericColumn)done.Table[name]).Values[row];
        for (int row = 0; row < 200; row++)
        {
            Assert.Equal(Cell(row, "a") + Cell(row, "b"), Cell(row, "c"), 1e-9);
            Assert.Equal(Cell(row, "d") + Cell(row, "e"), Cell(row, "b"), 1e-9);
        }
    }

    /// <summary>Gibbs sweeps over a bounded column and a free one all but equal to it hardly moved: draws too close to the bound, and too
    /// alike.</summary>
    [Fact]
    public void DrawsOfABoundedColumnAndItsTwin_HaveTheMomentsOfTheTruncatedDistribution()
    {
        // x0 and x1 standard normal with correlation 0.999, x0 above 2.5. By arithmetic: E[x0] = φ(2.5)/(1 − Φ(2.5)) = 2.8227, and
        // Var[x0] = 1 + 2.5 E − E² = 0.0891; E[x1] = 0.999 E[x0], Var[x1] = 0.999² Var[x0] + 1 − 0.999² = 0.0909.
        const int rows = 4000;
        NormalFit fit = Fitted.Model(["x0", "x1"], [0, 0], new double[,] { { 1, 0.999 }, { 0.999, 1 } });
        var empty = new double[rows, 2];
        for (int row = 0; row < rows; row++) empty[row, 0] = empty[row, 1] = double.NaN;
        ImputationResult done = fit.Impute(Table.FromArray(["x0", "x1"], empty), new FillOptions
        {
            Method = FillMethod.Draw,
            Bounds = new Dictionary<string, Bounds> { ["x0"] = new(2.5, double.PositiveInfinity) },
        });
        double[] x1 = ((NumericColumn)done.Table["x1"]).Values.ToArray();
        double mean = x1.Average(), variance = x1.Average(x => (x - mean) * (x - mean));
        Assert.Equal(0.999 * 2.8227, mean, 5 * Math.Sqrt(0.0909 / rows)); // five standard errors
        Assert.Equal(0.0909, variance, 0.012);                            // five of a skewed distribution's, about
    }

    private static double[,] Normals(int rows, int columns, int seed)
    {
        var random = new Random(1000 + seed);
        var values = new double[rows, columns];
        for (int row = 0; row < rows; row++)
            for (int j = 0; j < columns; j++)
                values[row, j] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return values;
    }
}
