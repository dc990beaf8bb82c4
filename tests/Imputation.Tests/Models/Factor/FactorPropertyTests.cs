using Imputation.Files;
using Imputation.Models;
using Imputation.Models.Factor;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Random;
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

    /// <summary>Without factors every column is a normal distribution, shrunk towards variance 1 by the ridge; the ridges are tried from
    /// 30 on until one is worse.</summary>
    [Fact]
    public void Candidates_AreScoredByHiddenCells_OfTheTablesPatterns()
    {
        double[,] cells = FactorSamples.Cells(30, 5, 2, 11, 0.4);
        Table table = FactorSamples.Table(cells);
        var matrix = IncompleteMatrix.FromArray(cells);
        bool[][] hidden = HoldoutCells.Scatter(matrix, MissingPatterns.Of(matrix), 0.1, CounterRandom.Derive(6, -1, 0));
        double Score(double ridge)
        {
            double sum = 0, count = 0;
            for (int j = 0; j < 5; j++)
            {
                double[] x = matrix.Column(j).ToArray(), observed = [.. x.Where(v => !double.IsNaN(v))];
                double center = observed.Average(), scale = Math.Sqrt(observed.Average(v => (v - center) * (v - center)));
                x = [.. x.Select(v => (v - center) / scale)];
                double[] left = [.. x.Where((v, i) => !double.IsNaN(v) && !hidden[j][i])];
                double mean = left.Average(), psi = (left.Sum(v => (v - mean) * (v - mean)) + ridge) / (left.Length + ridge);
                foreach (double v in x.Where((_, i) => hidden[j][i]))
                {
                    sum -= 0.5 * (Math.Log(2 * Math.PI * psi) + (v - mean) * (v - mean) / psi);
                    count++;
                }
            }
            return sum / count;
        }
        double best = double.NegativeInfinity;
        foreach (double ridge in (double[])[30, 10, 3, 1, 0])
        {
            if (!(Score(ridge) > best)) break;
            best = Score(ridge);
        }
        FactorFit fit = FactorModel.Fit(table, new FactorOptions { Factors = 0, Prior = CovariancePrior.Auto },
            new RunOptions { Seed = 6 });
        Assert.Equal(best, Assert.Single(fit.Candidates).Score, 1e-9);
    }

    /// <summary>The ridge's rows leave the whole variance of a column to its uniqueness. The limits are those of the residuals of the rows,
    /// computed here by the textbook.</summary>
    [Theory]
    [InlineData(0, FactorNoise.PerColumn)]
    [InlineData(10, FactorNoise.PerColumn)]
    [InlineData(40, FactorNoise.PerColumn)]
    [InlineData(40, FactorNoise.Equal)]
    public void Limits_AreThoseOfTheResiduals_WithoutTheRidge(double ridge, FactorNoise noise)
    {
        const int n = 80, p = 8, q = 2;
        double[,] cells = FactorSamples.Cells(n, p, q, 12, 0);
        if (noise == FactorNoise.Equal) // of columns in the same units
        {
            for (int j = 0; j < p; j++)
            {
                double[] x = [.. Enumerable.Range(0, n).Select(i => cells[i, j])];
                double mean = x.Average(), deviation = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)));
                for (int i = 0; i < n; i++) cells[i, j] = (cells[i, j] - mean) / deviation;
            }
        }
        FactorFit fit = FactorModel.Fit(FactorSamples.Table(cells), new FactorOptions
        {
            Factors = q,
            Noise = noise,
            Prior = ridge > 0 ? CovariancePrior.Ridge(ridge) : CovariancePrior.None,
        });
        NaiveParameters normal = FactorSamples.Normal(fit);

        // R_j = Σ E[(x_j − μ_j − λ_jᵀz)² | x] = ψ_j² Σ (Σ⁻¹d)_j² + n ψ_j (1 − ψ_j (Σ⁻¹)_jj), as e = ΨΣ⁻¹d and Var(e | x) = Ψ − ΨΣ⁻¹Ψ
        double[,] inverse = NaiveMatrix.Solve(normal.Covariance, NaiveMatrix.Identity(p));
        var residuals = new double[p];
        for (int j = 0; j < p; j++)
        {
            double psi = fit.Uniquenesses[j];
            residuals[j] = n * psi * (1 - psi * inverse[j, j]);
            for (int i = 0; i < n; i++)
                residuals[j] += Math.Pow(psi * Enumerable.Range(0, p).Sum(k => inverse[j, k] * (cells[i, k] - fit.Mean[k])), 2);
        }
        double coefficients = 1 + q * n / (n + ridge), rows = noise == FactorNoise.Equal ? n * p : n;
        double degrees = noise == FactorNoise.Equal ? p * (n - coefficients) : n - coefficients;

        double[,] row = new double[1, p];
        for (int j = 0; j < p; j++) row[0, j] = j < 2 ? double.NaN : cells[0, j];
        ImputedCell[] filled = [.. fit.Impute(FactorSamples.Table(row), new FillOptions { Method = FillMethod.Mean }).Cells];
        (_, double[,] conditional) = NaiveNormal.Conditional(row, 0, normal);
        for (int j = 0; j < 2; j++)
        {
            double squares = noise == FactorNoise.Equal ? residuals.Sum() : residuals[j];
            double variance = (conditional[j, j] - fit.Uniquenesses[j] + squares / rows) * rows / degrees * (1 + coefficients / n);
            double expected = Math.Sqrt(variance) * StudentQuantile.TwoSided(0.95, degrees);
            // Where S_j is not quite n I, what the ridge adds is not quite 2 r λᵀλ / n; without the mend a ridge of 40 is 8 % off or more.
            Assert.Equal(1, (filled[j].Upper - filled[j].Lower) / 2 / expected, ridge == 0 ? 1e-4 : 0.02);
        }
    }

    /// <summary>Tables of few rows under a strong ridge: 95 % limits held 97.9 % of the missing cells when the ridge's part of the
    /// uniqueness widened them; what is left over is its part of the factors' spread.</summary>
    [Fact]
    public void Limits_UnderAStrongRidge_HoldLittleMoreThanTheySay()
    {
        double inside = 0, count = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            double[,] complete = FactorSamples.Cells(60, 20, 3, 100 + seed, 0), cells = (double[,])complete.Clone();
            for (int i = 2; i < 60; i++)
                for (int j = 0; j < 20; j++)
                    if (CounterRandom.Uniform(seed, i, j, 7) < 0.2) cells[i, j] = double.NaN;
            Table table = FactorSamples.Table(cells);
            FactorFit fit = FactorModel.Fit(table, new FactorOptions { Factors = 3, Prior = CovariancePrior.Ridge(10) });
            foreach (ImputedCell cell in fit.Impute(table, new FillOptions { Method = FillMethod.Mean }).Cells)
            {
                double truth = complete[cell.Row - 1, int.Parse(cell.Column[1..], System.Globalization.CultureInfo.InvariantCulture)];
                inside += truth >= cell.Lower && truth <= cell.Upper ? 1 : 0;
                count++;
            }
        }
        Assert.InRange(inside / count, 0.94, 0.972); // some 4600 cells: a standard error of 0.003
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
