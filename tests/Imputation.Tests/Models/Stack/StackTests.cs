using System.Globalization;
using Imputation.Files;
using Imputation.Models.Choosing;
using Imputation.Models.Stack;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Models.Stack;

/// <summary>Models combined column by column: weights are where a textbook search finds them, predictions are the weighted ones of the
/// models, and a combination can be kept, drawn from and applied like any model.</summary>
public sealed class StackTests : IDisposable
{
    private static readonly BestModelOptions s_combined = new();

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Against all weights on a grid: a column's are drawn towards those of all columns, and these towards the first model, which
    /// has one half and its part of the other.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Weights_AreWhereTheLeastSquaresAre(int levels)
    {
        var random = new Random(4);
        double[] errors = [1, 0.8, 1.3];
        CellLosses[] models = [.. errors.Select(_ => new CellLosses())];
        int width = Math.Max(1, levels);
        for (int row = 0; row < 200; row++)
        {
            double common = random.NextDouble() - 0.5;
            for (int m = 0; m < models.Length; m++)
                models[m].Of("x", levels).Add(0, row, 1, 1,
                    [.. Enumerable.Range(0, width).Select(_ => common + errors[m] * (random.NextDouble() - 0.5))]);
        }
        double[] weights = StackWeights.Of(models)!.Fit(out int[] worth).Of("x");
        Assert.Equal([0, 1, 2], worth);

        double Squares(double[] w) => Enumerable.Range(0, 200 * width)
            .Sum(i => Math.Pow(w.Select((x, m) => x * models[m].Columns["x"].Residuals[i]).Sum(), 2));
        double best = Enumerable.Range(0, 3).Min(m => Squares([m == 0 ? 1 : 0, m == 1 ? 1 : 0, m == 2 ? 1 : 0]));
        double[] Search(double[] center, double prior)
        {
            double ridge = prior * best / 200 * 9;
            double Objective(double[] w) => Squares(w) + ridge * w.Zip(center, (x, c) => (x - c) * (x - c)).Sum();
            return Enumerable.Range(0, 101).SelectMany(i => Enumerable.Range(0, 101 - i)
                .Select(j => new[] { i / 100.0, j / 100.0, (100 - i - j) / 100.0 })).MinBy(Objective)!;
        }
        double[] expected = Search(Search([2 / 3.0, 1 / 6.0, 1 / 6.0], 1), 4);
        for (int m = 0; m < 3; m++) Assert.Equal(expected[m], weights[m], 0.021); // two searches on a grid of 1/100
        Assert.Equal(1, weights.Sum(), 1e-12);
        Assert.True(weights[1] > weights[0] && weights[0] > weights[2]);
    }

    /// <summary>In one column all models but one are far off, in the other that one is.</summary>
    [Fact]
    public void EachColumn_HasItsOwnWeights()
    {
        var random = new Random(7);
        CellLosses[] models = [new(), new()];
        for (int row = 0; row < 300; row++)
            for (int m = 0; m < 2; m++)
                foreach (string column in new[] { "a", "b" })
                    models[m].Of(column, 0).Add(0, row, 1, 1, [((column == "a") == (m == 0) ? 0.2 : 2) * (random.NextDouble() - 0.5)]);
        StackWeights stack = StackWeights.Of(models)!;
        ColumnWeights weights = stack.Fit(out int[] worth);
        Assert.Equal([0, 1], worth);
        Assert.True(weights.Of("a")[0] > 0.95 && weights.Of("b")[1] > 0.95, string.Join(" ", weights.Of("a").Concat(weights.Of("b"))));
        Assert.Equal(0.5, weights.Overall[0], 0.05);
        Assert.Equal(weights.Overall, weights.Of("not hidden"));
        // Cells are predicted by weights from others.
        ModelCandidate described = stack.Describe(new ModelCandidate("stack", s_combined));
        Assert.InRange(described.NumberError, 0.05, 0.08); // 0.2 / √12 = 0.058 of the better model
    }

    /// <summary>Two pairs of columns, each with a relation of its own: one factor cannot follow both, and is off by many times what the
    /// normal model is.</summary>
    [Fact]
    public void AModelThatIsFarOff_TakesNoPart()
    {
        var random = new Random(3);
        double[,] cells = new double[200, 4];
        for (int i = 0; i < 200; i++)
        {
            double a = random.NextDouble(), b = random.NextDouble();
            for (int j = 0; j < 4; j++)
                cells[i, j] = random.NextDouble() < 0.02 ? double.NaN : (j < 2 ? a : b) + 0.01 * random.NextDouble();
        }
        var table = new Table([.. Enumerable.Range(0, 4).Select(j => NumericColumn.Number($"x{j}",
            Enumerable.Range(0, 200).Select(i => cells[i, j]).ToArray()))]);
        ModelComparison comparison = ModelChoice.Run(table,
            [new NormalOptions(), new FactorOptions { Factors = 1 }, StudentTOptions.Default]);
        ModelCandidate normal = comparison.Candidates[0], factor = comparison.Candidates[1];
        Assert.True(factor.IsSound && factor.NumberError > 2 * normal.NumberError, $"{factor.NumberError} {normal.NumberError}");
        Assert.Equal(["normal, prior none", "t"], ((StackOptions)comparison.Combination!.Options).Names);
    }

    /// <summary>Two clusters, of which a normal distribution knows nothing.</summary>
    [Fact]
    public void TheBetterModel_HasMostOfTheWeight_AndCellsAreTheWeightedPredictions()
    {
        Table table = Clusters(400);
        var fit = (StackFit)s_combined.Fit(table);
        double mixtures = fit.Names.Where(n => n.StartsWith("mixture", StringComparison.Ordinal)).Sum(n => fit.WeightOf(n)!.Value);
        Assert.True(mixtures > 0.6, $"{mixtures}");
        Assert.All(fit.Columns, c => Assert.Equal(1, fit.WeightsOf(c).Sum(), 1e-9));
        Assert.Equal(1, fit.Names.Sum(n => fit.WeightOf(n)!.Value), 1e-9);

        var mean = new FillOptions { Method = FillMethod.Mean };
        ImputationResult all = fit.Impute(table, mean);
        ImputationResult[] parts = [.. fit.Parts.Select(p => p.Impute(table, mean))];
        ImputedCell[] cells = [.. all.Cells];
        Assert.NotEmpty(cells);
        ImputedCell[][] own = [.. parts.Select(p => p.Cells.ToArray())];
        for (int i = 0; i < cells.Length; i++)
        {
            IReadOnlyList<double> w = fit.WeightsOf(cells[i].Column);
            double value = own.Select((p, m) => w[m] * p[i].Value).Sum();
            Assert.Equal(value, cells[i].Value, 1e-9);
            double variance = own.Select((p, m) => w[m] * (Math.Pow(p[i].StandardDeviation, 2) + Math.Pow(p[i].Value - value, 2))).Sum();
            Assert.Equal(Math.Sqrt(variance), cells[i].StandardDeviation, 1e-9);
            Assert.Equal(own.Select((p, m) => w[m] * p[i].Lower).Sum(), cells[i].Lower, 1e-7);
        }
    }

    [Fact]
    public void Probabilities_AreTheWeightedOnes_AndTheLevelIsTheMostProbable()
    {
        Table table = Mixed(300);
        var fit = (StackFit)s_combined.Fit(table);
        CellProbability[] all = [.. fit.Impute(table).Probabilities];
        CellProbability[][] parts = [.. fit.Parts.Select(p => p.Impute(table).Probabilities.ToArray())];
        Assert.NotEmpty(all);
        Dictionary<(int, string, string), double>[] own = [.. parts.Select(p => p.ToDictionary(c => (c.Row, c.Column, c.Level),
            c => c.Probability))];
        foreach (CellProbability cell in all)
        {
            IReadOnlyList<double> w = fit.WeightsOf(cell.Column);
            double expected = own.Select((p, m) => w[m] * p.GetValueOrDefault((cell.Row, cell.Column, cell.Level))).Sum();
            Assert.Equal(expected, cell.Probability, 1e-9);
        }
        foreach (var cell in all.GroupBy(c => (c.Row, c.Column)))
        {
            Assert.Equal(1, cell.Sum(c => c.Probability), 1e-9);
            Assert.Equal(cell.MaxBy(c => c.Probability)!.Level, fit.Impute(table).Table[cell.Key.Column].Value(cell.Key.Row - 1));
        }
    }

    /// <summary>The share of draws of a level is its probability, and draws of numbers have the ledger's mean and deviation.</summary>
    [Fact]
    public void Draws_HaveTheDistributionOfTheLedger()
    {
        Table table = Mixed(60);
        var fit = (StackFit)s_combined.Fit(table);
        const int count = 2000;
        ImputedCell number = fit.Impute(table, new FillOptions { Method = FillMethod.Mean }).Cells.First(c => c.Column == "x");
        CellProbability level = fit.Impute(table).Probabilities.First(c => c.Probability is > 0.2 and < 0.8);
        double sum = 0, squares = 0, hits = 0;
        for (ulong seed = 0; seed < count; seed++)
        {
            Table drawn = fit.Impute(table, new FillOptions { Method = FillMethod.Draw }, new RunOptions { Seed = seed }).Table;
            double x = ((NumericColumn)drawn["x"])[number.Row - 1];
            (sum, squares) = (sum + x, squares + x * x);
            if (Equals(drawn[level.Column].Value(level.Row - 1), level.Level)) hits++;
        }
        double mean = sum / count, deviation = Math.Sqrt(squares / count - mean * mean);
        double error = number.StandardDeviation / Math.Sqrt(count);
        Assert.InRange(mean, number.Value - 4 * error, number.Value + 4 * error);
        Assert.InRange(deviation / number.StandardDeviation, 0.9, 1.1);
        Assert.InRange(hits / count, level.Probability - 4 * 0.5 / Math.Sqrt(count), level.Probability + 4 * 0.5 / Math.Sqrt(count));
    }

    [Fact]
    public void Bits_AreTheSame_OnAnyNumberOfThreads_AndFromAModelFile()
    {
        Table table = Mixed(120);
        RunOptions one = new() { Threads = 1 }, many = new() { Threads = 8 };
        FittedModel first = s_combined.Fit(table, one), second = s_combined.Fit(table, many);
        Write(first);
        var again = Assert.IsType<StackFit>(ModelFile.Read(_scratch.Path("m.json")));
        Assert.Equal(((StackFit)first).Names, again.Names);
        foreach (FillMethod method in new[] { FillMethod.Auto, FillMethod.Draw, FillMethod.PredictiveMeanMatching })
        {
            (double, string?)[] Cells(FittedModel fit, RunOptions run) =>
                [.. fit.Impute(table, new FillOptions { Method = method }, run).Cells.Select(c => (c.Value, c.Level))];
            Assert.NotEmpty(Cells(first, one));
            Assert.Equal(Cells(first, one), Cells(second, many));
            Assert.Equal(Cells(first, one), Cells(again, many));
        }
    }

    [Theory]
    [InlineData("\"weights\": [", "\"weights\": [9, ", "weights")]
    [InlineData("\"columnWeights\": [", "\"columnWeights\": [9, ", "columnWeights")]
    [InlineData("\"model\": \"latent\"", "\"model\": \"rubbish\"", "rubbish")]
    public void DamagedModelFiles_AreRefused(string from, string to, string expected)
    {
        Write(s_combined.Fit(Mixed(100)));
        string text = File.ReadAllText(_scratch.Path("m.json"));
        int at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, text);
        File.WriteAllText(_scratch.Path("bad.json"), text[..at] + to + text[(at + from.Length)..]);
        Assert.Contains(expected, Assert.Throws<ImputationDataException>(() => ModelFile.Read(_scratch.Path("bad.json"))).Message);
    }

    [Fact]
    public void Weights_ThatDoNotAddUpToOne_AreRefused()
    {
        Write(s_combined.Fit(Mixed(100)));
        string text = File.ReadAllText(_scratch.Path("m.json"));
        int at = text.IndexOf("\"columnWeights\": [", StringComparison.Ordinal) + 18, end = text.IndexOf(']', at);
        string twice = string.Join(",", text[at..end].Split(',').Select(w => string.Create(CultureInfo.InvariantCulture,
            $"{2 * double.Parse(w, CultureInfo.InvariantCulture) + 0.1:R}")));
        File.WriteAllText(_scratch.Path("bad.json"), text[..at] + twice + text[end..]);
        string said = Assert.Throws<ImputationDataException>(() => ModelFile.Read(_scratch.Path("bad.json"))).Message;
        Assert.Contains("add up to 1", said);
    }

    /// <summary>A normal sample of many rows: nothing is better than the normal model, and nothing worse by much.</summary>
    [Fact]
    public void OneModel_IsTaken_WhereThatIsAsked_AndTheComparisonSaysBoth()
    {
        Table table = Clusters(200);
        FittedModel one = new BestModelOptions { Combine = false }.Fit(table), both = s_combined.Fit(table);
        Assert.IsNotType<StackFit>(one);
        Assert.IsType<StackFit>(both);
        Assert.NotNull(one.Report.Comparison!.Combination);
        Assert.Contains("combined by weights", Assert.Single(both.Report.Findings, f => f.Code == "model-chosen").Sentence);
        Assert.True(double.IsNaN(both.Report.LogLikelihood));
        Assert.Null(new BestModelOptions { Candidates = [new NormalOptions()] }.Fit(table).Report.Comparison!.Combination);
    }

    [Fact]
    public void SeveralImputations_AreDrawnFromResamples_AndDataAugmentationIsRefused()
    {
        Table table = Mixed(120);
        var options = new MultipleOptions { Count = 3, Model = s_combined };
        Table[] drawn = [.. table.ImputeMultiple(options).Select(i => i.Table)];
        Assert.All(drawn, d => Assert.All(d.Columns, c => Assert.Equal(0, c.MissingCount)));
        Assert.NotEqual(((NumericColumn)drawn[0]["x"]).Values.ToArray(), ((NumericColumn)drawn[1]["x"]).Values.ToArray());
        string said = Assert.Throws<ImputationDataException>(
            () => table.ImputeMultiple(options with { Method = MultipleMethod.DataAugmentation }).First()).Message;
        Assert.Contains("use bootstrap EM (--method emb)", said);
    }

    private void Write(FittedModel fit)
    {
        using FileStream file = File.Create(_scratch.Path("m.json"));
        ModelFile.Write(file, fit);
    }

    /// <summary>In one half b goes up with a, in the other down.</summary>
    private static Table Clusters(int rows)
    {
        var random = new Random(11);
        double[][] x = [.. Enumerable.Range(0, 3).Select(_ => new double[rows])];
        for (int i = 0; i < rows; i++)
        {
            double a = 2 * random.NextDouble() - 1, side = i % 2 == 0 ? 1 : -1;
            (x[0][i], x[1][i], x[2][i]) = (4 * side + a, side * a + 0.2 * (random.NextDouble() - 0.5), a + 0.3 * random.NextDouble());
            int hole = random.Next(6);
            if (hole < 3) x[hole][i] = double.NaN;
        }
        return new Table([.. x.Select((c, j) => NumericColumn.Number(((char)('a' + j)).ToString(), c))]);
    }

    /// <summary>Two numbers, an ordered and an unordered category.</summary>
    private static Table Mixed(int rows)
    {
        var random = new Random(5);
        double[] x = new double[rows], y = new double[rows];
        string?[] g = new string?[rows], h = new string?[rows];
        for (int i = 0; i < rows; i++)
        {
            double z = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
            (x[i], y[i]) = (10 + 3 * z + random.NextDouble(), z + random.NextDouble());
            g[i] = z + random.NextDouble() > 0.5 ? "yes" : "no";
            h[i] = (z + 0.8 * random.NextDouble()) switch { < 0 => "red", < 0.6 => "green", _ => "blue" };
            switch (random.Next(8))
            {
                case 0: x[i] = double.NaN; break;
                case 1: y[i] = double.NaN; break;
                case 2: g[i] = null; break;
                case 3: h[i] = null; break;
            }
        }
        return new Table([NumericColumn.Number("x", x), NumericColumn.Number("y", y), TextColumn.Create("g", g).AsCategorical(),
            TextColumn.Create("h", h).AsCategorical()]);
    }
}
