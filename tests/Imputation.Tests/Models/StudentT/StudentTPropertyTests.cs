using Imputation.Files;
using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.StudentT;
using Imputation.Numerics.Random;
using Imputation.Patterns;
using Imputation.Tests.Models.Factor;
using Imputation.Tests.Shared;
using static Imputation.Tests.Shared.NaiveMatrix;

namespace Imputation.Tests.Models.StudentT;

/// <summary>What must hold of any fit of the t model.</summary>
public class StudentTPropertyTests
{
    /// <summary>Rows with heavy tails: a generated row times the root of a weight that is sometimes small.</summary>
    private static double[,] Heavy(int rows, int p, ulong seed, double missing)
    {
        double[,] cells = FactorSamples.Cells(rows, p, 1, seed, missing);
        for (int i = 0; i < rows; i++)
        {
            double far = CounterRandom.Uniform(seed, i, 0, 9) < 0.1 ? 6 : 1;
            for (int j = 0; j < p; j++) cells[i, j] *= far;
        }
        return cells;
    }

    [Fact]
    public void Objective_NeverDecreases_InGeneratedTables()
    {
        for (ulong seed = 0; seed < 320; seed++)
        {
            int p = 1 + (int)(seed % 6), rows = 4 * p + 6 + (int)(seed % 60);
            double[,] cells = seed % 2 == 0 ? Heavy(rows, p, seed, 0.01 * (seed % 40)) : FactorSamples.Cells(rows, p, 1, seed, 0.3);
            FitReport report = StudentTModel.Fit(FactorSamples.Table(cells), new StudentTOptions
            {
                Accelerate = seed % 4 < 2,
                MaxIterations = 200,
                DegreesOfFreedom = seed % 5 == 0 ? 4 : null,
            }).Report;
            Assert.NotEqual(EmOutcome.ObjectiveDecreased, report.Outcome);
            Assert.True(Monotonicity.FirstDecrease([.. report.Trace.Select(t => t.Objective)]) is null, $"seed {seed}");
        }
    }

    /// <summary>The log-likelihood as the product of the densities of each row's observed cells, and the textbook step for mean and
    /// scatter.</summary>
    [Fact]
    public void Step_IsTheTextbookStep()
    {
        double[,] cells = Heavy(40, 4, 3, 0.3);
        var data = GaussianData.From(IncompleteMatrix.FromArray(cells));
        var em = new StudentTEm(data, null, threads: 1);
        StudentTParameters at = em.Step(em.Initialize(EmStart.Deterministic), default).Next;
        EmStep<StudentTParameters> step = em.Step(at, default);
        double[] mean = data.MeanOf(at.Normal), first = new double[4];
        double[,] scatter = data.CovarianceOf(at.Normal), second = new double[4, 4];
        double nu = at.DegreesOfFreedom, logLikelihood = 0, weights = 0;
        for (int row = 0; row < 40; row++)
        {
            int[] o = [.. Enumerable.Range(0, 4).Where(j => !double.IsNaN(cells[row, j]))];
            if (o.Length == 0) continue;
            (double[] conditional, double[,] covariance) = NaiveNormal.Conditional(cells, row, new NaiveParameters(mean, scatter));
            double[,] block = Part(scatter, o, o), d = Column([.. o.Select(j => cells[row, j] - mean[j])]);
            double delta = Multiply(Transpose(d), Solve(block, d))[0, 0], weight = (nu + o.Length) / (nu + delta);
            logLikelihood += MathNet.Numerics.SpecialFunctions.GammaLn((nu + o.Length) / 2)
                - MathNet.Numerics.SpecialFunctions.GammaLn(nu / 2) - 0.5 * o.Length * Math.Log(nu * Math.PI)
                - 0.5 * LogDeterminant(block) - 0.5 * (nu + o.Length) * Math.Log(1 + delta / nu);
            int[] m = [.. Enumerable.Range(0, 4).Except(o)];
            double[] full = [.. Enumerable.Range(0, 4).Select(j => (Array.IndexOf(m, j) is >= 0 and var a ? conditional[a] : cells[row, j])
                - mean[j])];
            weights += weight;
            for (int i = 0; i < 4; i++)
            {
                first[i] += weight * full[i];
                for (int j = 0; j < 4; j++)
                    second[i, j] += weight * full[i] * full[j]
                        + (Array.IndexOf(m, i) is >= 0 and var a && Array.IndexOf(m, j) is >= 0 and var b ? covariance[a, b] : 0);
            }
        }
        Assert.Equal(logLikelihood, step.LogLikelihood, 1e-10 * Math.Abs(logLikelihood));
        double[,] next = data.CovarianceOf(step.Next.Normal);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(mean[i] + first[i] / weights, data.MeanOf(step.Next.Normal)[i], 1e-10 * data.Scale[i]);
            for (int j = 0; j < 4; j++)
                Assert.Equal((second[i, j] - first[i] * first[j] / weights) / data.Weight, next[i, j],
                    1e-10 * data.Scale[i] * data.Scale[j]);
        }
    }

    [Fact]
    public void NormalData_AreReportedAsNormal()
    {
        StudentTFit fit = StudentTModel.Fit(Uniform(100));
        Assert.Equal(double.PositiveInfinity, fit.DegreesOfFreedom);
        Assert.Contains(fit.Report.Findings, f => f.Code == "normal-tails");
        Assert.Equal(NormalModel.Fit(Uniform(100)).Report.LogLikelihood, fit.Report.LogLikelihood, 1e-8);
        Assert.Equal(0, fit.Impute(Uniform(100)).StillMissingCount);
    }

    [Fact]
    public void Spikes_AreNamed()
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => i < 50 ? 1.0 : i * i)];
        StudentTFit fit = StudentTModel.Fit(new Table([NumericColumn.Create("spike", ColumnKind.Number, values)]));
        Assert.Contains(fit.Report.Findings, f => f is { Code: "unbounded" } && f.Columns.Contains("spike"));
        Assert.Equal(EmOutcome.Unbounded, fit.Report.Outcome);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RareAnswersAmongNumbers_AreNamed(int seed)
    {
        // 1 of 20 rows answers yes: every other column is as it should be, and the scatter of the answers sinks to nothing.
        double[,] cells = Heavy(400, 3, 3, 0.1);
        double[] rare = [.. Enumerable.Range(0, 400).Select(i => CounterRandom.Uniform((ulong)seed, i, 1, 7) < 0.05 ? 1.0 : 0.0)];
        var table = new Table([.. FactorSamples.Table(cells).Columns, NumericColumn.Create("rare", ColumnKind.Number, rare)]);
        StudentTFit fit = StudentTModel.Fit(table);
        Assert.Equal(EmOutcome.Unbounded, fit.Report.Outcome);
        Assert.Equal(["rare"], fit.Report.Findings.Single(f => f.Code == "unbounded").Columns);
        // What it would have predicted: covariances of the column that are noise, over a variance of nothing.
        Assert.Throws<ImputationDataException>(() => table.Impute(StudentTOptions.Default));
    }

    [Fact]
    public void SuspiciousRows_AreNamed()
    {
        double[,] cells = FactorSamples.Cells(80, 3, 1, 4, 0.1);
        for (int j = 0; j < 3; j++) cells[40, j] *= 30;
        StudentTFit fit = StudentTModel.Fit(FactorSamples.Table(cells));
        Assert.Equal(40, fit.Weights.Index().MinBy(w => w.Item).Index);
        Assert.Contains("41 (", Assert.Single(fit.Report.Findings, f => f.Code == "suspicious-rows").Evidence);
    }

    [Fact]
    public void RescalingAndPermuting_ChangesNothingElse()
    {
        double[,] cells = Heavy(90, 3, 5, 0.25), changed = new double[90, 3];
        for (int i = 0; i < 90; i++)
            for (int j = 0; j < 3; j++) changed[89 - i, 2 - j] = cells[i, j] * (j + 2) - 7 * j;
        var options = new StudentTOptions { Tolerance = 1e-9 };
        StudentTFit a = StudentTModel.Fit(FactorSamples.Table(cells), options);
        StudentTFit b = StudentTModel.Fit(FactorSamples.Table(changed), options);
        Assert.Equal(a.DegreesOfFreedom, b.DegreesOfFreedom, 1e-6 * a.DegreesOfFreedom);
        for (int j = 0; j < 3; j++)
            Assert.Equal(a.Mean[j] * (j + 2) - 7 * j, b.Mean[2 - j], 1e-6 * (j + 2) * Math.Sqrt(a.Scatter[j, j]));
    }

    [Fact]
    public void SameBits_OnAnyThreads_AndThroughAFile()
    {
        Table table = FactorSamples.Table(Heavy(4000, 6, 6, 0.3));
        StudentTFit At(int threads) => StudentTModel.Fit(table, null, new RunOptions { Threads = threads });
        StudentTFit one = At(1), eight = At(8);
        Assert.Equal(one.Mean, eight.Mean);
        Assert.Equal(one.DegreesOfFreedom, eight.DegreesOfFreedom);
        Assert.Equal(one.Weights, eight.Weights);

        var file = new MemoryStream();
        ModelFile.Write(file, one);
        file.Position = 0;
        FittedModel read = ModelFile.Read(file);
        var fill = new FillOptions { Method = FillMethod.Draw };
        Assert.Equal(one.Impute(table, fill).Cells.Select(c => c.Value), read.Impute(table, fill).Cells.Select(c => c.Value));
    }

    /// <summary>Quantiles, scores and draws are those of one distribution.</summary>
    [Fact]
    public void ConditionalDistribution_AgreesWithItself()
    {
        Table table = FactorSamples.Table(Heavy(200, 4, 7, 0.2));
        StudentTFit fit = StudentTModel.Fit(table);
        IRowConditional row = fit.Over(ModelFrame.Of(fit, table)).Workspace();
        row.Begin([0, 1], [2, 3], draws: true);
        row.Given([.. fit.Mean.Select((m, j) => m + Math.Sqrt(fit.Scatter[j, j]))]);
        const int count = 40_000;
        var values = new double[2];
        var drawn = new double[2][] { new double[count], new double[count] };
        for (int i = 0; i < count; i++)
        {
            row.Draw(i, 1, [Bounds.None, Bounds.None], values);
            for (int a = 0; a < 2; a++) drawn[a][i] = values[a];
        }
        for (int a = 0; a < 2; a++)
        {
            foreach (double probability in (double[])[0.05, 0.3, 0.5, 0.9])
                Assert.Equal(probability, drawn[a].Count(x => x <= row.Quantile(a, probability)) / (double)count, 0.011);
            double y = row.Mean(a) + 1.3 * row.Deviation(a);
            double score = Statistics.Crps.Empirical(drawn[a])(y);
            Assert.Equal(score, row.Crps(a, y), 0.02 * row.Deviation(a));
        }
        Bounds above = new(row.Quantile(0, 0.9999), double.PositiveInfinity);
        Assert.True(row.Draw(0, 1, [above, Bounds.None], values));
        Assert.True(values[0] >= above.Lower);

        IRowConditional observed = fit.Over(ModelFrame.Of(fit, table)).Workspace();
        double[] given = [.. fit.Mean.Select((m, j) => m + 0.2 * Math.Sqrt(fit.Scatter[j, j]))];
        row.Given(given);
        row.Next(0);
        row.Fix(0, given[2]);
        observed.Begin([0, 1, 2], [3], draws: false);
        observed.Given(given);
        Assert.Equal(observed.Mean(0), row.Next(1), 1e-9 * Math.Abs(given[3]));
    }

    [Fact]
    public void MultipleImputations_DifferAsTheEstimatesDo()
    {
        Table table = FactorSamples.Table(Heavy(100, 3, 8, 0.3));
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 3, Model = new StudentTOptions() });
        Assert.Equal(3, set.Select(t => ((NumericColumn)t.Table["c0"]).Values.ToArray().Sum()).Distinct().Count());
    }

    /// <summary>Two columns whose tails are lighter than normal, with holes.</summary>
    private static Table Uniform(int rows) => new([.. Enumerable.Range(0, 2).Select(j => NumericColumn.Create($"u{j}", ColumnKind.Number,
        [.. Enumerable.Range(0, rows).Select(i => i % 7 == j + 2 ? double.NaN : CounterRandom.Uniform(1, i, j, 0)
            + (j == 1 ? CounterRandom.Uniform(1, i, 0, 0) : 0))]))]);
}
