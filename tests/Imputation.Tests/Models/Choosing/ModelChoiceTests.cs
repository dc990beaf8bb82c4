using Imputation.Numerics.Random;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models.Choosing;

/// <summary>Models compared on a table: the scores are what textbook formulas give, and the model that made the data is found.</summary>
public class ModelChoiceTests
{
    private static readonly NormalOptions s_normal = new();

    /// <summary>The hidden cells one by one: conditional means and variances, the CRPS as an integral, the log density as the difference of
    /// two log-likelihoods.</summary>
    [Fact]
    public void ScoresOfTheNormalModel_AreThoseOfTheTextbook()
    {
        Table table = Generated(60, 3, 0.15, (random, row) => [.. Correlated(random)]);
        var run = new RunOptions { Seed = 5 };
        ModelCandidate candidate = Assert.Single(ModelChoice.Run(table, [s_normal], run: run).Candidates);

        double[,] all = ArrayTable.ToArray(table);
        var matrix = IncompleteMatrix.FromColumns([.. table.Columns.Cast<NumericColumn>()]);
        double[] crps = new double[3], own = new double[3], squares = new double[3];
        var counts = new int[3];
        double density = 0;
        int cells = 0, splits = 0;
        for (; splits < 5; splits++)
        {
            bool[][] hidden = HoldoutCells.Choose(matrix, MissingPatterns.Of(matrix), 0.1, CounterRandom.Derive(5, splits, 78));
            var seen = (double[,])all.Clone();
            for (int j = 0; j < 3; j++)
                for (int i = 0; i < 60; i++)
                    if (hidden[j][i]) seen[i, j] = double.NaN;
            NormalFit fit = NormalModel.Fit(Table.FromArray(["a", "b", "c"], seen), s_normal);
            var at = new NaiveParameters([.. fit.Mean], fit.Covariance.Values);
            density += NaiveNormal.LogLikelihood(all, at) - NaiveNormal.LogLikelihood(seen, at);
            for (int j = 0; j < 3; j++)
            {
                double[] left = [.. Enumerable.Range(0, 60).Select(i => seen[i, j]).Where(x => !double.IsNaN(x))];
                double mean = left.Average(), variance = left.Average(x => (x - mean) * (x - mean));
                for (int i = 0; i < 60; i++)
                {
                    if (!hidden[j][i]) continue;
                    int a = Enumerable.Range(0, j).Count(b => double.IsNaN(seen[i, b]));
                    (double[] means, double[,] covariance) = NaiveNormal.Conditional(seen, i, at);
                    double y = all[i, j];
                    crps[j] += NaiveCrps(means[a], Math.Sqrt(covariance[a, a]), y);
                    own[j] += left.Average(x => Math.Abs(x - y)) - 0.5 * left.Average(x => left.Average(z => Math.Abs(x - z)));
                    squares[j] += (means[a] - y) * (means[a] - y) / variance;
                    counts[j]++;
                    cells++;
                }
            }
        }
        Assert.Equal(crps.Zip(own, (c, o) => c / o).Average(), candidate.Loss, 1e-6); // the integral is a sum of strips
        Assert.Equal(Math.Sqrt(squares.Zip(counts, (s, n) => s / n).Average()), candidate.NumberError, 1e-9);
        Assert.Equal(density / cells, candidate.LogScore, 1e-9);
    }

    /// <summary>Brier scores of a table of categories alone: those of the shares of the levels, where nothing depends on
    /// anything.</summary>
    [Fact]
    public void ScoresOfOneClass_AreThoseOfTheShares()
    {
        var random = new Random(3);
        Table table = new([.. new[] { "a", "b" }.Select(name => TextColumn.Create(name, [.. Enumerable.Range(0, 200)
            .Select(_ => random.Next(10) == 0 ? null : random.Next(3) == 0 ? "no" : "yes")]).AsCategorical())]);
        ModelCandidate candidate = ModelChoice.Run(table, [new LatentClassOptions { Classes = 1 }]).Best;
        Assert.Equal(1, candidate.Loss, 1e-6); // EM has shares to its tolerance
        Assert.InRange(candidate.BrierScore, 0.3, 0.6);
    }

    [Theory]
    [InlineData("normal", "normal")]
    [InlineData("mixture", "mixture:2")]
    [InlineData("heavy", "t")]
    [InlineData("skewed", "latent, normal scores")]
    public void TheModelThatMadeTheData_IsFound(string kind, string expected)
    {
        Table table = Generated(600, 4, 0.1, (random, row) =>
        {
            double[] z = [.. Correlated(random), Normal(random)];
            z[3] = 0.6 * z[0] + 0.8 * z[3];
            double scale = Math.Sqrt(3 / (Enumerable.Range(0, 3).Sum(_ => Math.Pow(Normal(random), 2))));
            bool second = row % 2 == 0;
            return kind switch
            {
                "mixture" => [.. z.Select((x, j) => second ? (j % 2 == 0 ? 4 : -1) + 0.3 * x : j == 1 ? -x : x)],
                "heavy" => [.. z.Select(x => x * scale)],
                "skewed" => [.. z.Select(x => Math.Exp(1.2 * x))],
                _ => z,
            };
        });
        ModelComparison choice = ModelChoice.Run(table);
        Assert.Equal(expected, choice.Best.Name);
        Assert.Equal("normal", choice.Candidates[0].Name);
        Assert.True(choice.HiddenCellCount > 900);
    }

    [Fact]
    public void ByBic_TheScoresAreThoseOfTheFits()
    {
        Table table = Generated(120, 3, 0.1, (random, _) => [.. Correlated(random)]);
        ModelOptions[] candidates = [s_normal, new NormalMixtureOptions { Components = 2, Restarts = 20 }, StudentTOptions.Default];
        ModelComparison choice = ModelChoice.Run(table, candidates, ChoiceCriterion.Bic);
        Assert.Equal(candidates.Select(c => c.Fit(table).Report.Bic), choice.Candidates.Select(c => c.Score));
        Assert.Same(choice.Candidates.MinBy(c => c.Score), choice.Best);
        Assert.Equal(0, choice.HiddenCellCount);
        var mixture = (NormalMixtureFit)candidates[1].Fit(table);
        Assert.Equal(mixture.Icl, ModelChoice.Run(table, candidates, ChoiceCriterion.Icl).Candidates[1].Score);
    }

    [Fact]
    public void AModelThatCannotBeFitted_SaysWhy_AndTheOthersAreCompared()
    {
        // Most cells of each column are the same value: the t distribution collapses on it.
        Table table = Generated(150, 3, 0.1, (random, _) => [.. Correlated(random).Select(x => x < 1.2 ? 0 : x)]);
        ModelComparison choice = ModelChoice.Run(table, [s_normal, StudentTOptions.Default]);
        Assert.Equal("the likelihood has no maximum", choice.Candidates[1].Failure);
        Assert.Equal("normal, prior none", choice.Best.Name);
        var none = Assert.Throws<ImputationDataException>(() => ModelChoice.Run(table, [StudentTOptions.Default]));
        Assert.Contains("None of 1 models could be fitted", none.Message);
    }

    [Fact]
    public void TheBestModel_FillsTheTable_TheSameOnAnyThreads_AndSeveralTimes()
    {
        Table table = Generated(200, 3, 0.15, (random, row) => [.. Correlated(random).Select(x => row % 2 == 0 ? 6 + x : -x)]);
        var single = new BestModelOptions { Combine = false };
        ImputationResult On(int threads) => table.Impute(single, run: new RunOptions { Threads = threads });
        ImputationResult one = On(1), four = On(4);
        Assert.Equal(one.Cells.Select(c => c.Value), four.Cells.Select(c => c.Value));
        Assert.Equal(one.Fit.Report.Comparison!.Candidates.Select(c => c.Loss), four.Fit.Report.Comparison!.Candidates.Select(c => c.Loss));
        Assert.IsType<NormalMixtureFit>(one.Fit);
        Finding said = Assert.Single(one.Fit.Report.Findings, f => f.Code == "model-chosen");
        Assert.Contains(one.Fit.Report.Comparison.Best.Name + " predicts them best", said.Sentence);
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 2, Model = single });
        Assert.All(set.Select(i => i.Fit), fit => Assert.IsType<NormalMixtureFit>(fit));
        Assert.Throws<ArgumentException>(() => table.Impute(new BestModelOptions { Prior = CovariancePrior.Ridge(1) }));
    }

    [Fact]
    public void WhereNothingCanBeHidden_TheSimplestModelIsTaken_AndSaysSo()
    {
        Table table = Generated(30, 1, 0.2, (random, _) => [Normal(random)]);
        FittedModel fit = new BestModelOptions().Fit(table);
        Assert.IsType<NormalFit>(fit);
        Assert.Equal(0, fit.Report.Comparison!.HiddenCellCount);
        Finding said = Assert.Single(fit.Report.Findings, f => f.Code == "model-chosen");
        Assert.Equal((FindingSeverity.Warning, "No cell could be hidden to compare models by: normal is taken, the simplest."),
            (said.Severity, said.Sentence));
    }

    private static double[] Correlated(Random random)
    {
        double a = Normal(random), b = 0.7 * a + 0.714 * Normal(random);
        return [a, b, 0.5 * a - 0.4 * b + 0.8 * Normal(random)];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static Table Generated(int rows, int columns, double missing, Func<Random, int, double[]> make)
    {
        var random = new Random(rows + columns);
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            double[] row = make(random, i);
            for (int j = 0; j < columns; j++) values[i, j] = random.NextDouble() < missing ? double.NaN : row[j];
        }
        return Table.FromArray([.. "abcdefgh".Take(columns).Select(c => c.ToString())], values);
    }

    /// <summary>∫ (F(x) − 1{x ≥ y})² dx, in strips below y and above it.</summary>
    private static double NaiveCrps(double mean, double deviation, double y)
    {
        const int Strips = 20_000;
        double Integral(double from, double to, double less)
        {
            double step = (to - from) / Strips;
            return step * Enumerable.Range(0, Strips).Sum(i => Math.Pow(
                MathNet.Numerics.Distributions.Normal.CDF(mean, deviation, from + (i + 0.5) * step) - less, 2));
        }
        return Integral(Math.Min(y, mean) - 9 * deviation, y, 0) + Integral(y, Math.Max(y, mean) + 9 * deviation, 1);
    }
}
