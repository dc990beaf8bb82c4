using Imputation.Files;
using Imputation.Models;
using Imputation.Models.Factor;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models.Factor;

/// <summary>What must hold of any fit of the factor model.</summary>
public class FactorPropertyTests
{
    [Fact]
    public void Objective_NeverDecreases_InGeneratedTables()
    {
        for (ulong seed = 0; seed < 320; seed++)
        {
            int p = 2 + (int)(seed % 9), q = (int)(seed % 4), rows = 5 + (int)(seed % 50);
            Table table = FactorSamples.Table(FactorSamples.Cells(rows, p, 2, seed, 0.05 + 0.015 * (seed % 40)));
            FitReport report = FactorModel.Fit(table, new FactorOptions
            {
                Factors = Math.Min(q, p - 1),
                Noise = seed % 3 == 0 ? FactorNoise.Equal : FactorNoise.PerColumn,
                Prior = seed % 5 == 0 ? CovariancePrior.Ridge(2) : CovariancePrior.None,
                Accelerate = seed % 2 == 0,
                MaxIterations = 200,
            }).Report;
            Assert.NotEqual(EmOutcome.ObjectiveDecreased, report.Outcome);
            Assert.True(Monotonicity.FirstDecrease([.. report.Trace.Select(t => t.Objective)]) is null, $"seed {seed}");
        }
    }

    /// <summary>The step and the log-likelihood as in the textbooks: p × p matrices, row by row.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2.5)]
    public void Step_IsTheTextbookStep(double ridge)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            double[,] cells = FactorSamples.Cells(30, 5, 2, seed, 0.3);
            var data = FactorData.From(IncompleteMatrix.FromArray(cells), null);
            var em = new FactorEm(data, 2, FactorNoise.PerColumn, ridge, threads: 1);
            FactorParameters at = em.Step(em.Initialize(EmStart.Deterministic), default).Next;
            EmStep<FactorParameters> step = em.Step(at, default);
            var naive = NaiveFactor.Step(cells, FactorFitting.InUnits(at, data), [.. data.Scale.Select(s => ridge * s * s)], ridge);
            FactorParameters next = FactorFitting.InUnits(step.Next, data);
            for (int j = 0; j < 5; j++)
            {
                Assert.Equal(naive.Mean[j], next.Mean[j], 1e-9 * data.Scale[j]);
                Assert.Equal(naive.Uniquenesses[j], next.Uniquenesses[j], 1e-9 * data.Scale[j] * data.Scale[j]);
                for (int a = 0; a < 2; a++) Assert.Equal(naive.Loading(j)[a], next.Loading(j)[a], 1e-9 * data.Scale[j]);
            }
            Assert.Equal(naive.LogLikelihood, step.LogLikelihood, 1e-9 * Math.Abs(step.LogLikelihood));
        }
    }

    /// <summary>Filled cells, their deviations and the log density are those of the normal distribution that the model is.</summary>
    [Fact]
    public void Conditionals_AreThoseOfTheNormalDistribution()
    {
        double[,] cells = FactorSamples.Cells(80, 6, 2, 4, 0.3);
        Table table = FactorSamples.Table(cells);
        FactorFit fit = FactorModel.Fit(table, new FactorOptions { Factors = 2 });
        NaiveParameters normal = FactorSamples.Normal(fit);
        Assert.Equal(NaiveNormal.LogLikelihood(cells, normal), fit.Report.LogLikelihood, 1e-8);
        ILookup<int, ImputedCell> filled = fit.Impute(table, new FillOptions { Method = FillMethod.Mean }).Cells.ToLookup(c => c.Row - 1);
        for (int row = 0; row < 80; row++)
        {
            (double[] mean, double[,] covariance) = NaiveNormal.Conditional(cells, row, normal);
            foreach ((ImputedCell cell, int a) in filled[row].OrderBy(c => fit.IndexOf(c.Column)).Select((c, a) => (c, a)))
            {
                double deviation = Math.Sqrt(covariance[a, a]);
                Assert.Equal(mean[a], cell.Value, 1e-9 * deviation);
                Assert.Equal(deviation, cell.StandardDeviation, 1e-9 * deviation);
            }
        }

        // Fixing a cell is the same as observing it.
        IRowConditional begun = fit.Over(ModelFrame.Of(fit, table)).Workspace(), observed = fit.Over(ModelFrame.Of(fit, table)).Workspace();
        double[] given = [.. fit.Mean.Select((m, j) => m + 0.3 * Math.Sqrt(fit.Covariance[j, j]))];
        begun.Begin([1, 3], [0, 2, 4, 5], draws: true);
        begun.Given(given);
        begun.Next(0);
        begun.Fix(0, given[0]);
        observed.Begin([0, 1, 3], [2, 4, 5], draws: false);
        observed.Given(given);
        Assert.Equal(observed.Mean(0), begun.Next(1), 1e-10 * Math.Abs(given[2]));

        // Leaving a cell out is the same as not observing it.
        ICellPredictor predictor = fit.Over(ModelFrame.Of(fit, table)).Predictor()!;
        predictor.Begin([0, 1, 3], [2, 4, 5]);
        predictor.Given(given);
        Assert.Equal(begun.Mean(0), predictor.LeavingOut(0), 1e-9 * Math.Abs(given[0]));
    }

    [Fact]
    public void Draws_HaveTheConditionalMoments_AndKeepTheirBounds()
    {
        double[,] cells = FactorSamples.Cells(60, 4, 1, 8, 0.2);
        Table table = FactorSamples.Table(cells);
        FactorFit fit = FactorModel.Fit(table, new FactorOptions { Factors = 1 });
        IRowConditional row = fit.Over(ModelFrame.Of(fit, table)).Workspace();
        row.Begin([0, 1], [2, 3], draws: true);
        row.Given([.. fit.Mean]);
        Bounds above = new(row.Mean(0) + 3.5 * row.Deviation(0), double.PositiveInfinity);
        double[] values = new double[2], sum = new double[2], squares = new double[2];
        const int count = 20_000;
        for (int i = 0; i < count; i++)
        {
            row.Draw(i, 1, [Bounds.None, Bounds.None], values);
            for (int a = 0; a < 2; a++)
            {
                double z = (values[a] - row.Mean(a)) / row.Deviation(a);
                (sum[a], squares[a]) = (sum[a] + z, squares[a] + z * z);
            }
            if (i >= 200) continue;
            Assert.True(row.Draw(i, 1, [above, Bounds.None], values));
            Assert.True(values[0] >= above.Lower);
        }
        for (int a = 0; a < 2; a++)
        {
            Assert.Equal(0, sum[a] / count, 0.03); // four standard errors
            Assert.Equal(1, squares[a] / count, 0.04);
        }
    }

    [Fact]
    public void RescalingAndPermuting_ChangesNothingElse()
    {
        double[,] cells = FactorSamples.Cells(90, 5, 1, 5, 0.25), changed = new double[90, 5];
        for (int i = 0; i < 90; i++)
            for (int j = 0; j < 5; j++) changed[89 - i, 4 - j] = cells[i, j] * (j + 2) - 7 * j;
        var options = new FactorOptions { Factors = 1, Tolerance = 1e-9 };
        FactorFit a = FactorModel.Fit(FactorSamples.Table(cells), options), b = FactorModel.Fit(FactorSamples.Table(changed), options);
        for (int j = 0; j < 5; j++)
        {
            double scale = j + 2, deviation = Math.Sqrt(a.Covariance[j, j]);
            Assert.Equal(a.Mean[j] * scale - 7 * j, b.Mean[4 - j], 1e-6 * scale * deviation);
            Assert.Equal(a.Uniquenesses[j] * scale * scale, b.Uniquenesses[4 - j], 1e-6 * scale * scale * deviation * deviation);
        }
    }

    [Fact]
    public void SameBits_OnAnyThreads_AndThroughAFile()
    {
        Table table = FactorSamples.Table(FactorSamples.Cells(3000, 12, 3, 6, 0.3));
        FactorFit At(int threads) => FactorModel.Fit(table, new FactorOptions { MostFactors = 4 }, new RunOptions { Threads = threads });
        FactorFit one = At(1), eight = At(8);
        Assert.Equal(3, one.FactorCount);
        Assert.Equal(one.Loadings.Cast<double>(), eight.Loadings.Cast<double>());
        Assert.Equal(one.Uniquenesses, eight.Uniquenesses);
        Assert.Equal(one.Report.LogLikelihood, eight.Report.LogLikelihood);

        var file = new MemoryStream();
        ModelFile.Write(file, one);
        file.Position = 0;
        var read = (FactorFit)ModelFile.Read(file);
        Assert.Equal(one.Loadings.Cast<double>(), read.Loadings.Cast<double>());
        var fill = new FillOptions { Method = FillMethod.Draw };
        Assert.Equal(one.Impute(table, fill).Cells.Select(c => c.Value), read.Impute(table, fill).Cells.Select(c => c.Value));
    }

    [Fact]
    public void MultipleImputations_DifferAsTheEstimatesDo()
    {
        Table table = FactorSamples.Table(FactorSamples.Cells(120, 5, 1, 7, 0.3));
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 3, Model = new FactorOptions { Factors = 1 } });
        Assert.Equal(3, set.Select(t => ((NumericColumn)t.Table["c0"]).Values.ToArray().Sum()).Distinct().Count());
    }

    [Fact]
    public void TooManyFactors_AreRefusedOrNamed()
    {
        Table table = FactorSamples.Table(FactorSamples.Cells(40, 4, 1, 9, 0.1));
        Assert.Contains("at most 3", Assert.Throws<ImputationDataException>(() => FactorModel.Fit(table, new FactorOptions { Factors = 4 }))
            .Message);
        FactorFit fit = FactorModel.Fit(table, new FactorOptions { Factors = 3, MaxIterations = 50 });
        Assert.Contains(fit.Report.Findings, f => f.Code == "too-many-factors");
    }

    /// <summary>More columns than rows: no covariance could be factored, and factors predict.</summary>
    [Fact]
    public void WideTables_AreFilled()
    {
        Table table = FactorSamples.Table(FactorSamples.Cells(40, 90, 2, 10, 0.2));
        ImputationResult done = table.Impute(new FactorOptions { Prior = CovariancePrior.Auto });
        Assert.Equal(0, done.StillMissingCount);
    }
}
