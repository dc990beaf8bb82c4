using Imputation.Files;

namespace Imputation.Tests.Surveys;

/// <summary>Weights of rows: estimates are those of a table in which each row stands as often as it weighs.</summary>
public class WeightsTests
{
    private const double None = double.NaN;

    /// <summary>Incomplete rows with whole weights, and the same rows repeated.</summary>
    private static (Table Weighted, Table Repeated) Pair(int seed, int n = 60, bool text = false, double missing = 0.2)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++)
        {
            double z = Normal();
            rows[i] = [1 + random.Next(4), z + Normal(), 2 * z + Normal(), 10 + z + Normal(), z + Normal() > 0 ? 1 : 0];
            for (int j = 1; j < 5; j++)
                if (random.NextDouble() < missing) rows[i][j] = None;
        }
        double[][] repeated = [.. rows.SelectMany(row => Enumerable.Repeat(row, (int)row[0]))];
        return (Make(rows), Make(repeated));

        Table Make(double[][] cells)
        {
            double[] Cells(int j) => [.. cells.Select(row => row[j])];
            return new Table([NumericColumn.Number("w", Cells(0)), NumericColumn.Number("a", Cells(1)), NumericColumn.Number("b", Cells(2)),
                NumericColumn.Number("c", Cells(3)), .. text ? [TextColumn.Create("d", [.. cells.Select(row =>
                    double.IsNaN(row[4]) ? null : row[4] == 1 ? "yes" : "no")])] : Array.Empty<Column>()]);
        }
    }

    [Fact]
    public void EstimatesAndFilledCells_AreThoseOfRepeatedRows()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            (Table weighted, Table repeated) = Pair(seed, missing: seed % 5 == 4 ? 0 : 0.2);
            var tight = new NormalOptions { Tolerance = 1e-10, Weight = "w" };
            ImputationResult done = weighted.Impute(tight, new FillOptions { Method = FillMethod.Mean });
            NormalFit fit = done.Fit.AsNormal(),
                same = NormalModel.Fit(repeated, tight with { Weight = null, Columns = new() { Exclude = ["w"] } });
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(same.Mean[j], fit.Mean[j], 1e-7);
                for (int k = 0; k < 3; k++) Assert.Equal(same.Covariance[j, k], fit.Covariance[j, k], 1e-7);
            }
            // Weights are scaled to the number of rows.
            double share = weighted.RowCount / (double)repeated.RowCount;
            Assert.Equal(same.Report.LogLikelihood * share, fit.Report.LogLikelihood, 1e-6);
            Assert.Equal(ColumnRole.Weight, done.ColumnUses[0].Role);
            Assert.Equal(weighted.Columns.Skip(1).Sum(c => c.Count - c.MissingCount), fit.Report.ObservedCellCount);
        }
    }

    [Fact]
    public void TheLatentModel_CountsByWeights_Too()
    {
        (Table weighted, Table repeated) = Pair(3, 150, text: true);
        var options = new LatentNormalOptions { Tolerance = 1e-8, Numbers = NumberScale.Identity };
        LatentNormalFit fit = LatentNormalModel.Fit(weighted, options), other;
        var declared = (LatentNormalFit)weighted.Impute(options with { Weight = "w" }).Fit;
        other = LatentNormalModel.Fit(repeated, options with { Columns = new() { Exclude = ["w"] } });
        // The margins' scale and thresholds are those of the rows without weights: compare what does not depend on them.
        double Correlation(LatentNormalFit f, int j, int k) =>
            f.LatentCovariance[j, k] / Math.Sqrt(f.LatentCovariance[j, j] * f.LatentCovariance[k, k]);
        int a = declared.IndexOf("a"), d = declared.IndexOf("d"), b = declared.IndexOf("b");
        Assert.InRange(Math.Abs(Correlation(declared, a, b) - Correlation(other, other.IndexOf("a"), other.IndexOf("b"))), 0, 0.01);
        Assert.InRange(Math.Abs(Correlation(declared, a, d) - Correlation(other, other.IndexOf("a"), other.IndexOf("d"))), 0, 0.01);
        Assert.Equal(5, fit.Columns.Count);
        Assert.Equal(4, declared.Columns.Count);
    }

    [Fact]
    public void ACodebookDeclaresTheWeight_AndTheFindingStatesTheLimits()
    {
        (Table weighted, _) = Pair(1);
        var codebook = new Codebook([new CodebookField("w") { Measure = Measure.Weight }]);
        ImputationResult declared = weighted.Impute(new NormalOptions { Codebook = codebook }),
            named = weighted.Impute(new NormalOptions { Weight = "w" });
        Assert.Equal(named.Fit.Report.LogLikelihood, declared.Fit.Report.LogLikelihood);
        Finding finding = Assert.Single(declared.Fit.Report.Findings, f => f.Code == "weighted");
        Assert.Contains("Strata and clusters are not taken into account", finding.Advice, StringComparison.Ordinal);
        Assert.Contains("no standard errors", Assert.Throws<InvalidOperationException>(() => declared.Fit.AsNormal().Information()).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => weighted.Impute(new NormalOptions { Weight = "ww" }));
        Assert.Throws<ImputationDataException>(() => weighted.ImputeMultiple(new MultipleOptions
        {
            Model = new NormalOptions { Weight = "w" },
            Method = MultipleMethod.DataAugmentation,
        }));
    }

    [Fact]
    public void ARowWithoutAWeight_DoesNotCount_AndIsFilled()
    {
        (Table table, _) = Pair(6);
        double[] w = ((NumericColumn)table["w"]).Values.ToArray(), a = ((NumericColumn)table["a"]).Values.ToArray();
        (w[3], w[8], a[3], a[8]) = (None, -1, 1e6, None);
        Table odd = new([NumericColumn.Number("w", w), NumericColumn.Number("a", a), .. table.Columns.Skip(2)]);
        ImputationResult done = odd.Impute(new NormalOptions { Weight = "w" });
        Finding finding = Assert.Single(done.Fit.Report.Findings, f => f.Code == "weights-missing");
        Assert.Contains("2 rows have no weight", finding.Sentence, StringComparison.Ordinal);
        Assert.Contains("row 4", finding.Sentence, StringComparison.Ordinal);
        Assert.InRange(done.Fit.AsNormal().Mean[0], -2, 2);
        Assert.Equal(0, done.Table["a"].MissingCount);
        Assert.Throws<ImputationDataException>(() => new Table([NumericColumn.Number("w", new double[60]), .. table.Columns.Skip(1)])
            .Impute(new NormalOptions { Weight = "w" }));
    }

    /// <summary>Against the textbook: b = (XᵀWX)⁻¹XᵀWy, variance n/(n − 1) (XᵀWX)⁻¹ Σ wᵢ²eᵢ²xᵢxᵢᵀ (XᵀWX)⁻¹.</summary>
    [Fact]
    public void Regressions_AreWeighted_WithLinearisedStandardErrors()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            (Table table, _) = Pair(seed, missing: 0);
            Table read = table.Impute(new NormalOptions { Weight = "w" }).Table;
            LinearRegression fit = LinearRegression.Fit(read, RegressionFormula.Parse("c ~ a + b"));
            int n = table.RowCount;
            double[] Values(string name) => ((NumericColumn)table[name]).Values.ToArray();
            double[] w = Values("w"), y = Values("c");
            double[][] x = [[.. Enumerable.Repeat(1.0, n)], Values("a"), Values("b")];
            double[,] bread = new double[3, 3], meat = new double[3, 3];
            double[] right = new double[3];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < 3; j++)
                {
                    right[j] += w[i] * x[j][i] * y[i];
                    for (int k = 0; k < 3; k++) bread[j, k] += w[i] * x[j][i] * x[k][i];
                }
            double[,] inverse = Inverse(bread);
            double[] b = [.. Enumerable.Range(0, 3).Select(j => Enumerable.Range(0, 3).Sum(k => inverse[j, k] * right[k]))];
            for (int i = 0; i < n; i++)
            {
                double score = w[i] * (y[i] - b[0] - b[1] * x[1][i] - b[2] * x[2][i]);
                for (int j = 0; j < 3; j++)
                    for (int k = 0; k < 3; k++) meat[j, k] += score * score * x[j][i] * x[k][i];
            }
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(b[j], fit.Coefficients[j], 1e-10);
                for (int k = 0; k < 3; k++)
                {
                    double variance = 0;
                    for (int l = 0; l < 3; l++)
                        for (int m = 0; m < 3; m++) variance += inverse[j, l] * meat[l, m] * inverse[m, k];
                    Assert.Equal(variance * n / (n - 1), fit.Covariance[j, k], 1e-12);
                }
            }
            double sum = w.Sum(), mean = w.Zip(y).Sum(p => p.First * p.Second) / sum;
            (double ours, double error) = Moments.Of(read, ["c"])["c"];
            Assert.Equal(mean, ours, 1e-12);
            Assert.Equal(Math.Sqrt(n / (n - 1.0) * w.Zip(y).Sum(p => Math.Pow(p.First * (p.Second - mean), 2))) / sum, error, 1e-12);
        }
    }

    /// <summary>People drawn with unequal probabilities that depend on the response: weighted means are true, unweighted ones are
    /// not; and pooled intervals cover.</summary>
    [Fact]
    public void WeightedMultipleImputation_IsUnbiased_WhereTheUnweightedIsNot()
    {
        int covered = 0, plain = 0, runs = 60;
        for (int seed = 0; seed < runs; seed++)
        {
            var random = new Random(seed);
            double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var w = new List<double>();
            var x = new List<double>();
            var y = new List<double>();
            while (y.Count < 200)
            {
                double u = Normal(), v = 0.7 * u + 0.7 * Normal(), p = 1 / (1 + Math.Exp(-v));
                if (random.NextDouble() > p) continue;
                w.Add(1 / p);
                x.Add(u);
                y.Add(random.NextDouble() < 0.3 ? None : v);
            }
            var table = new Table([NumericColumn.Number("w", [.. w]), NumericColumn.Number("x", [.. x]),
                NumericColumn.Number("y", [.. y])]);
            PooledEstimate Mean(string? weight) => table.ImputeMultiple(new MultipleOptions
            {
                Count = 10,
                Model = new NormalOptions { Weight = weight, Columns = new() { Include = ["x", "y"] } },
            }, new RunOptions { Seed = (ulong)seed }).Analyze("y ~ x").Means[0];
            PooledEstimate weighted = Mean("w"), un = Mean(null);
            if (weighted.Lower < 0 && weighted.Upper > 0) covered++;
            if (un.Lower < 0 && un.Upper > 0) plain++;
        }
        Assert.InRange(covered, runs * 0.85, runs);
        Assert.True(plain < runs * 0.2, $"{plain} of {runs} intervals without weights hold the mean.");
    }

    /// <summary>The fit of a weighted table keeps its weight in the model file, and other rows need none.</summary>
    [Fact]
    public void AModelFile_KeepsTheWeight_AndNewRowsNeedNone()
    {
        (Table table, _) = Pair(2);
        FittedModel fit = new NormalOptions { Weight = "w" }.Fit(table);
        using var file = new MemoryStream();
        ModelFile.Write(file, fit);
        file.Position = 0;
        FittedModel read = ModelFile.Read(file);
        Assert.Equal(Measure.Weight, read.Codebook!["w"]!.Measure);
        Table rows = new([.. table.Columns.Skip(1)]);
        Assert.Equal(0, read.Impute(rows).Table["a"].MissingCount);
    }

    /// <summary>Gauss and Jordan.</summary>
    private static double[,] Inverse(double[,] a)
    {
        int p = a.GetLength(0);
        double[,] left = (double[,])a.Clone(), inverse = new double[p, p];
        for (int i = 0; i < p; i++) inverse[i, i] = 1;
        for (int i = 0; i < p; i++)
        {
            double pivot = left[i, i];
            for (int k = 0; k < p; k++) (left[i, k], inverse[i, k]) = (left[i, k] / pivot, inverse[i, k] / pivot);
            for (int j = 0; j < p; j++)
            {
                if (j == i) continue;
                double factor = left[j, i];
                for (int k = 0; k < p; k++)
                    (left[j, k], inverse[j, k]) = (left[j, k] - factor * left[i, k], inverse[j, k] - factor * inverse[i, k]);
            }
        }
        return inverse;
    }
}
