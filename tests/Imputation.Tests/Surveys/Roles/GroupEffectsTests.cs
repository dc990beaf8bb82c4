using Imputation.Data;
using Imputation.Files;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Imputation.Tests.Surveys.Roles;

/// <summary>Effects of groups in models: rows of a household say something of each other.</summary>
public class GroupEffectsTests
{
    private const double Between = 1.5, Within = 1, CorrelationBetween = 0.3, CorrelationWithin = 0.4;

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Two measurements of people in households, some cells missing completely at random.</summary>
    private sealed record Households(int[] Of, double[,] Full, double[,] Observed, Table Table)
    {
        public static Households Make(int seed, int groups, Func<Random, int> size, double missing, double between = Between)
        {
            var random = new Random(seed);
            var of = new List<int>();
            for (int g = 0; g < groups; g++) of.AddRange(Enumerable.Repeat(g, size(random)));
            int n = of.Count;
            double[,] full = new double[n, 2], observed = new double[n, 2];
            (double, double) Pair(double variance, double correlation)
            {
                double x = Normal(random), y = correlation * x + Math.Sqrt(1 - correlation * correlation) * Normal(random);
                return (Math.Sqrt(variance) * x, Math.Sqrt(variance) * y);
            }
            (double X, double Y)[] effects = [.. Enumerable.Range(0, groups).Select(_ => Pair(between, CorrelationBetween))];
            for (int i = 0; i < n; i++)
            {
                (double x, double y) = Pair(Within, CorrelationWithin);
                (full[i, 0], full[i, 1]) = (10 + effects[of[i]].X + x, 20 + effects[of[i]].Y + y);
                for (int j = 0; j < 2; j++) observed[i, j] = random.NextDouble() < missing ? double.NaN : full[i, j];
            }
            double[] Column(int j) => [.. Enumerable.Range(0, n).Select(i => observed[i, j])];
            var table = new Table([NumericColumn.Number("household", [.. of.Select(g => 1000.0 + g * 37 % 9973)]),
                NumericColumn.Number("x", Column(0)), NumericColumn.Number("y", Column(1))]);
            return new Households([.. of], full, observed, table);
        }

        /// <summary>The best predictions that there are: the conditional means under the parameters that made the data, by the covariance
        /// of all cells of a household.</summary>
        public double[,] Best()
        {
            var best = (double[,])Observed.Clone();
            foreach (IGrouping<int, int> rows in Enumerable.Range(0, Of.Length).GroupBy(i => Of[i]))
            {
                (int Row, int Column)[] cells = [.. rows.SelectMany(i => new[] { (i, 0), (i, 1) })],
                    known = [.. cells.Where(c => !double.IsNaN(Observed[c.Row, c.Column]))],
                    open = [.. cells.Where(c => double.IsNaN(Observed[c.Row, c.Column]))];
                static double Mean((int Row, int Column) c) => 10 * (1 + c.Column);
                static double Covariance((int Row, int Column) a, (int Row, int Column) b) =>
                    Between * (a.Column == b.Column ? 1 : CorrelationBetween)
                    + (a.Row == b.Row ? Within * (a.Column == b.Column ? 1 : CorrelationWithin) : 0);
                if (known.Length == 0 || open.Length == 0)
                {
                    foreach ((int Row, int Column) c in open) best[c.Row, c.Column] = Mean(c);
                    continue;
                }
                Matrix<double> of = DenseMatrix.Create(known.Length, known.Length, (i, j) => Covariance(known[i], known[j])),
                    with = DenseMatrix.Create(open.Length, known.Length, (i, j) => Covariance(open[i], known[j]));
                Vector<double> deviations = DenseVector.Create(known.Length,
                    i => Observed[known[i].Row, known[i].Column] - Mean(known[i])), mean = with * of.Solve(deviations);
                for (int i = 0; i < open.Length; i++) best[open[i].Row, open[i].Column] = Mean(open[i]) + mean[i];
            }
            return best;
        }

        public double Error(Func<int, int, double> predicted) => Math.Sqrt(Enumerable.Range(0, Of.Length)
            .SelectMany(i => Enumerable.Range(0, 2).Select(j => (i, j))).Where(c => double.IsNaN(Observed[c.i, c.j]))
            .Average(c => Math.Pow(predicted(c.i, c.j) - Full[c.i, c.j], 2)));

        public double Error(ImputationResult done) => Error((i, j) => ((NumericColumn)done.Table[j == 0 ? "x" : "y"])[i]);
    }

    private static readonly FillOptions s_means = new() { Method = FillMethod.Mean };

    /// <summary>Against the best prediction under the true parameters, which nobody has: households of one to seven people.</summary>
    [Fact]
    public void Filling_IsNearlyTheBestThereIs()
    {
        double best = 0, with = 0, without = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            var made = Households.Make(seed, 200, r => 1 + r.Next(7), 0.25);
            double[,] known = made.Best();
            best += made.Error((i, j) => known[i, j]);
            with += made.Error(made.Table.Impute(fill: s_means));
            without += made.Error(made.Table.Impute(new NormalOptions { GroupEffects = false }, s_means));
        }
        Assert.True(with < 1.04 * best, $"{with} against {best}");
        Assert.True(without > 1.15 * best, $"{without} against {best}");
    }

    /// <summary>The formula is the conditional mean under one variance between and one within groups, from the covariance of all
    /// rows.</summary>
    [Fact]
    public void TheEffect_IsTheConditionalMeanGivenTheOtherRows()
    {
        var random = new Random(5);
        foreach (int others in new[] { 0, 1, 2, 5, 40 })
        {
            double between = 0.1 + random.NextDouble(), within = 0.1 + random.NextDouble();
            double[] y = [.. Enumerable.Range(0, others).Select(_ => 7 + 2 * Normal(random))];
            double expected = 7;
            if (others > 0)
            {
                Matrix<double> of = DenseMatrix.Create(others, others, (i, j) => between + (i == j ? within : 0));
                expected += (DenseVector.Create(others, between) * of.Inverse()).DotProduct(DenseVector.Create(others, i => y[i] - 7));
            }
            var effect = new GroupMean("household", "x", null, 7, within / between);
            Assert.Equal(expected, effect.Given(others, y.Sum(v => v - 7)), 1e-12);
        }
    }

    /// <summary>Draws keep the share of variance between groups; without effects of groups it is much too small.</summary>
    [Fact]
    public void Draws_KeepTheVarianceBetweenGroups()
    {
        double full = 0, with = 0, without = 0;
        const int Runs = 30;
        for (int seed = 0; seed < Runs; seed++)
        {
            var made = Households.Make(300 + seed, 100, _ => 5, 0.3);
            double Share(Func<int, double> x)
            {
                double[] means = [.. Enumerable.Range(0, 100).Select(g => Enumerable.Range(5 * g, 5).Average(x))];
                double mean = means.Average(), between = 5 * means.Sum(m => (m - mean) * (m - mean)) / 99,
                    within = Enumerable.Range(0, 500).Sum(i => Math.Pow(x(i) - means[i / 5], 2)) / 400;
                return (between - within) / (between + 4 * within);
            }
            double Drawn(bool effects)
            {
                var done = (NumericColumn)made.Table.Impute(new NormalOptions { GroupEffects = effects },
                    new FillOptions { Method = FillMethod.Draw }, new RunOptions { Seed = (ulong)seed }).Table["x"];
                return Share(i => done[i]);
            }
            full += Share(i => made.Full[i, 0]) / Runs;
            with += Drawn(true) / Runs;
            without += Drawn(false) / Runs;
        }
        Assert.InRange(with, full - 0.03, full + 0.03);
        Assert.True(without < full - 0.12, $"{without} against {full}");
    }

    /// <summary>What is a group without effects stays what it was.</summary>
    [Fact]
    public void WhereGroupsDoNotDiffer_NothingChanges()
    {
        int effects = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            var made = Households.Make(seed, 60, r => 1 + r.Next(5), 0.2, between: 0);
            var codebook = new Codebook([new CodebookField("household") { Measure = Measure.Group }]);
            effects += SurveyReading.Of(made.Table, codebook).Table.Beside.Count;
        }
        Assert.InRange(effects, 0, 1); // of 100 tests at a thousandth
    }

    [Fact]
    public void ModelFiles_KeepTheEffects_ForOtherRowsToo()
    {
        var made = Households.Make(4, 150, r => 1 + r.Next(6), 0.25);
        ImputationResult done = made.Table.Impute(fill: s_means);
        Assert.Contains(done.Fit.Report.Findings, f => f.Code == "group-effects" && f.Columns.Contains("x"));
        Assert.Equal(3, done.Table.Columns.Count);
        using var file = new MemoryStream();
        ModelFile.Write(file, done.Fit);
        file.Position = 0;
        FittedModel read = ModelFile.Read(file);
        Assert.Equal(done.Fit.Columns, read.Columns);
        ImputationResult again = read.Impute(made.Table, s_means);
        foreach (string name in new[] { "x", "y" })
            for (int i = 0; i < made.Of.Length; i++)
                Assert.Equal(((NumericColumn)done.Table[name])[i], ((NumericColumn)again.Table[name])[i]);

        // New rows: a household far above the others, one person of which is unknown; by the fitted variances, not those of three rows.
        var rows = new Table([NumericColumn.Number("household", [1, 1, 1, 2]), NumericColumn.Number("x", [14, 14, double.NaN, double.NaN]),
            NumericColumn.Number("y", [double.NaN, double.NaN, double.NaN, double.NaN])]);
        var x = (NumericColumn)read.Impute(rows, s_means).Table["x"];
        Assert.InRange(x[2], 12.5, 13.5); // 10 + 4 · 2 / (2 + 1 / 1.5) = 13
        Assert.InRange(x[3], 9.7, 10.3);
        ImputationResult keyless = read.Impute(new Table([rows["x"], rows["y"]]), s_means);
        Assert.Contains(keyless.Findings, f => f.Code == "columns-absent" && f.Columns.SequenceEqual(["household"]));
    }

    [Fact]
    public void SwitchedOff_TheModelHasTheColumnsOfTheTableOnly()
    {
        var made = Households.Make(4, 100, r => 1 + r.Next(6), 0.2);
        FittedModel fit = new NormalOptions { GroupEffects = false }.Fit(made.Table),
            plain = NormalModel.Fit(new Table(made.Table.Columns.Skip(1)));
        Assert.Equal(["x", "y"], fit.Columns);
        Assert.Equal(plain.Report.LogLikelihood, fit.Report.LogLikelihood);
        Assert.DoesNotContain(fit.Report.Findings, f => f.Code == "group-effects");
    }

    /// <summary>Categories: who lives with smokers is filled as one more often.</summary>
    [Fact]
    public void SharesOfLevels_PredictToo()
    {
        double right = 0, without = 0, count = 0;
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            int[] of = [.. Enumerable.Range(0, 600).Select(i => i / 4)];
            double[] home = [.. Enumerable.Range(0, 150).Select(_ => 2 * Normal(random))];
            string[] full = [.. of.Select(g => home[g] + Normal(random) > 0 ? "yes" : "no")];
            bool[] lost = [.. of.Select(_ => random.NextDouble() < 0.25)];
            var table = new Table([NumericColumn.Number("household", [.. of.Select(g => 1000.0 + 37 * g % 9973)]),
                TextColumn.Create("smokes", [.. full.Select((v, i) => lost[i] ? null : v)]),
                NumericColumn.Number("income", [.. of.Select(g => 50 + 9 * home[g] + Normal(random))])]);
            var codebook = new Codebook([new CodebookField("household") { Measure = Measure.Group }]);
            // Income tells much of the household already: it is left out.
            var model = new LatentNormalOptions { Codebook = codebook, Columns = new() { Exclude = ["income"] } };
            ImputationResult with = table.Impute(model), plain = table.Impute(model with { GroupEffects = false });
            for (int i = 0; i < full.Length; i++)
            {
                if (!lost[i]) continue;
                count++;
                right += Equals(with.Table["smokes"].Value(i), full[i]) ? 1 : 0;
                without += Equals(plain.Table["smokes"].Value(i), full[i]) ? 1 : 0;
            }
        }
        Assert.True(right / count > 0.78 && without / count < 0.6, $"{right / count} against {without / count}");
    }
}
