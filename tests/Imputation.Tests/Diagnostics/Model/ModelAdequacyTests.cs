using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Model;
using Imputation.Models.Gaussian;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Diagnostics;

public class ModelAdequacyTests
{
    private static readonly JsonElement s_reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "diagnostics",
        "adequacy.json"))).RootElement;

    private static DiagnosticResult Run(Table table, DiagnosticOptions? options = null, RunOptions? run = null) =>
        new ModelAdequacyDiagnostic().Run(new DiagnosticContext(table, options, run));

    private static DiagnosticOptions Exactly => new() { Model = new NormalOptions { Tolerance = 1e-10 } };

    /// <summary>The estimates are within 1e-9 standard deviations; distances and what is made of them within 1e-7 of their size.</summary>
    [Theory]
    [InlineData("airquality")]
    [InlineData("nhanes")]
    [InlineData("bfi25")]
    [InlineData("chile_num")]
    [InlineData("boys_num")]
    [InlineData("sas_fitness1")]
    public void DistancesAndKurtosis_MatchTheReference(string id)
    {
        JsonElement expected = s_reference.GetProperty("distances").GetProperty(id), kurtosis = expected.GetProperty("kurtosis");
        DiagnosticResult result = Run(ReferenceCase.Mvn(id)!.Table, Exactly);
        Assert.Equal(expected.GetProperty("rows_used").GetInt32(), result.Value("rows"));
        Assert.Equal(1, expected.GetProperty("sum_d2_squared").GetDouble() / kurtosis.GetProperty("expected_sum")
            .GetDouble() / result.Value("kurtosisRatio"), 1e-7);
        Assert.Equal(kurtosis.GetProperty("z").GetDouble(), result.Value("kurtosisZ"), 1e-5);
        Assert.Equal(kurtosis.GetProperty("z_asymptotic").GetDouble(), result.Value("kurtosisZAsymptotic"), 1e-5);
        IReadOnlyList<IReadOnlyList<object?>> rows = result.Tables.Single(t => t.Title.StartsWith("Outlying rows",
            StringComparison.Ordinal)).Rows;
        foreach ((JsonElement top, IReadOnlyList<object?> row) in expected.GetProperty("top").EnumerateArray().Zip(rows))
        {
            Assert.Equal(top.GetProperty("row").GetInt32(), row[0]);
            Assert.Equal(1, (double)row[1]! / top.GetProperty("d2").GetDouble(), 1e-6);
            Assert.Equal(top.GetProperty("p_i").GetInt32(), row[2]);
            Assert.Equal(1, (double)row[3]! / top.GetProperty("p").GetDouble(), 1e-5);
        }
    }

    /// <summary>Of complete rows the measures for incomplete ones are Mardia's.</summary>
    [Theory]
    [InlineData("airquality")]
    [InlineData("sas_fitness1")]
    public void OfCompleteRows_SkewnessAndKurtosis_AreMardias(string id)
    {
        JsonElement expected = s_reference.GetProperty("mardia_complete_rows").GetProperty(id);
        ReferenceCase data = ReferenceCase.Mvn(id)!;
        int[] complete = [.. Enumerable.Range(0, data.Values.GetLength(0)).Where(i => Enumerable.Range(0, data.Columns.Length)
            .All(j => !double.IsNaN(data.Values[i, j])))];
        DiagnosticResult result = Run(Table.FromArray(data.Columns,
            NaiveMatrix.Part(data.Values, complete, [.. Enumerable.Range(0, data.Columns.Length)])), Exactly);
        JsonElement skewness = expected.GetProperty("skewness_small_sample");
        Assert.Equal(1, result.Value("skewness") / expected.GetProperty("b1p").GetDouble(), 1e-9);
        Assert.Equal(1, result.Value("skewnessStatistic") / skewness.GetProperty("statistic").GetDouble(), 1e-9);
        Assert.Equal(skewness.GetProperty("df").GetDouble(), result.Value("skewnessDegreesOfFreedom"), 1e-9);
        Assert.Equal(1, result.Value("skewnessPValue") / skewness.GetProperty("p").GetDouble(), 1e-6);
        Assert.Equal(expected.GetProperty("kurtosis").GetProperty("z").GetDouble(), result.Value("kurtosisZAsymptotic"), 1e-8);
        Assert.Equal(result.Value("kurtosisZ"), result.Value("kurtosisZAsymptotic"), 1e-8);
        JsonElement few = expected.GetProperty("kurtosis_small_sample");
        Assert.Equal(few.GetProperty("z").GetDouble(), result.Value("kurtosisZCorrected"), 1e-8);
        Assert.Equal(1, result.Value("kurtosisPValue") / few.GetProperty("p_two_sided").GetDouble(), 1e-7);
    }

    [Fact]
    public void WhitenedRows_HaveTheDistancesOfTheTextbook()
    {
        ReferenceCase data = ReferenceCase.Mvn("airquality")!;
        NormalFit fit = NormalModel.Fit(data.Matrix);
        GaussianRows fitted = GaussianRows.Of(fit, data.Table, [.. Enumerable.Range(0, data.Values.GetLength(0))])!;
        double[] squared = RowDistances.Squared(fitted, 0, CancellationToken.None), d = new double[6], w = new double[6];
        var white = new WhitenedRows(fitted.Parameters);
        foreach (MissingPattern pattern in fitted.Patterns)
        {
            white.Begin([.. pattern.ObservedIndices], [.. pattern.MissingIndices]);
            double[] projection = white.Projection();
            Assert.Equal(pattern.ObservedIndices.Count, Enumerable.Range(0, 6).Sum(i => projection[i * 6 + i]), 1e-12);
            foreach (int row in pattern.Rows)
            {
                int[] observed = [.. pattern.ObservedIndices];
                fitted.Deviations(row, d);
                double[,] deviation = NaiveMatrix.Column([.. observed.Select(j => data.Values[row, j] - fit.Mean[j])]);
                double naive = NaiveMatrix.Multiply(NaiveMatrix.Transpose(deviation),
                    NaiveMatrix.Solve(NaiveMatrix.Part(fit.Covariance.ToArray(), observed, observed), deviation))[0, 0];
                Assert.Equal(naive, white.Row(d, w), 1e-11);
                Assert.Equal(naive, squared[row], 1e-11);
            }
        }
    }

    [Fact]
    public void ShiftScaleAndOrderOfColumns_ChangeNothing()
    {
        double[,] values = Simulated.Rows(7, 120, 4, 0.5, 0.2), other = (double[,])values.Clone();
        double[] scale = [1e-8, 1e12, -3, 1], shift = [5, 7, -2, 100];
        int[] order = [2, 0, 3, 1];
        for (int row = 0; row < 120; row++)
            for (int j = 0; j < 4; j++) other[row, j] = scale[order[j]] * (values[row, order[j]] + shift[order[j]]);
        DiagnosticResult a = Run(Simulated.Table(values), Exactly), b = Run(Simulated.Table(other), Exactly);
        foreach ((string name, double value) in a.Values) Assert.Equal(1, b.Value(name) == value ? 1 : b.Value(name) / value, 1e-5);
    }

    /// <summary>Under normality p is spread evenly; heavy tails and skewness are seen. 200 sets, so that 5 % are 10 ± 6 (two standard
    /// errors).</summary>
    [Fact]
    public void Probabilities_AreNominal_OnIncompleteNormalData_AndSmallOnOther()
    {
        const int sets = 200;
        int kurtosis = 0, skewness = 0;
        for (int seed = 0; seed < sets; seed++)
        {
            DiagnosticResult result = Run(Simulated.Table(Simulated.Rows(seed, 400, 4, 0.4, 0.25)));
            kurtosis += result.Value("kurtosisPValue") < 0.05 ? 1 : 0;
            skewness += result.Value("skewnessPValue") < 0.05 ? 1 : 0;
        }
        Assert.InRange(kurtosis, 3, 20);
        Assert.InRange(skewness, 3, 20);

        DiagnosticResult heavy = Run(Simulated.Table(Simulated.Rows(1, 400, 4, 0.4, 0.25, degreesOfFreedom: 4)));
        Assert.Contains(heavy.Findings, f => f.Code == "heavy-tails");
        Assert.True(heavy.Value("kurtosisPValue") < 1e-6);
        double[,] skewed = Simulated.Rows(1, 400, 4, 0.4, 0.25);
        for (int row = 0; row < 400; row++)
            for (int j = 0; j < 4; j++) skewed[row, j] = Math.Exp(0.5 * skewed[row, j]);
        Assert.Contains(Run(Simulated.Table(skewed)).Findings, f => f.Code == "skewness");
    }

    /// <summary>With rows for a sample the parameters are those of all, and absorb less. 100 sets, so that 5 % are 5 ± 4.4 (two standard
    /// errors).</summary>
    [Fact]
    public void Probabilities_AreNominal_OfASampleOfTheRows_AndOfFewRowsForTheirColumns()
    {
        int sample = 0, few = 0, fewSkewed = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            sample += Run(Simulated.Table(Simulated.Rows(seed, 2000, 4, 0.4, 0.25)), new DiagnosticOptions { SampleRows = 200 },
                new RunOptions { Seed = (ulong)seed }).Value("kurtosisPValue") < 0.05 ? 1 : 0;
            DiagnosticResult narrow = Run(Simulated.Table(Simulated.Rows(seed, 120, 12, 0.4, 0.05)));
            few += narrow.Value("kurtosisPValue") < 0.05 ? 1 : 0;
            fewSkewed += narrow.Value("skewnessPValue") < 0.05 ? 1 : 0;
        }
        Assert.InRange(sample, 0, 14);
        Assert.InRange(few, 0, 14);
        Assert.InRange(fewSkewed, 0, 14);
    }

    [Fact]
    public void APlantedRow_IsNamed_WithItsCell()
    {
        double[,] values = Simulated.Rows(11, 300, 3, 0.8, 0.1);
        (values[41, 0], values[41, 1], values[41, 2]) = (2.5, 2.4, -2.6); // each usual by itself
        DiagnosticResult result = Run(Simulated.Table(values));
        Finding finding = Assert.Single(result.Findings, f => f.Code == "outlying-rows");
        Assert.Contains("row 42", finding.Sentence, StringComparison.Ordinal);
        Assert.Contains("x3 = -2.6", finding.Evidence, StringComparison.Ordinal);
        Assert.Equal(42, result.Tables[1].Rows[0][0]);
    }

    [Fact]
    public void Shapes_AreTold()
    {
        var random = new Random(5);
        double[] Make(Func<double> value) => [.. Enumerable.Range(0, 500).Select(i => i % 10 == 0 ? double.NaN : value())];
        var table = new Table(
        [
            NumericColumn.Number("normal", Make(() => Simulated.Normal(random))),
            NumericColumn.Number("grade", Make(() => random.Next(1, 6))),
            NumericColumn.Number("spend", Make(() => random.NextDouble() < 0.4 ? 0 : 10 + 3 * Simulated.Normal(random))),
            NumericColumn.Number("capped", Make(() => Math.Min(1.2, Simulated.Normal(random)))),
            NumericColumn.Number("income", Make(() => Math.Exp(2 + Simulated.Normal(random)))),
            NumericColumn.Number("heavy", Make(() => Simulated.Normal(random) / Math.Sqrt(0.5 * (Math.Pow(Simulated.Normal(random), 2)
                + Math.Pow(Simulated.Normal(random), 2))))),
        ]);
        DiagnosticResult result = Run(table);
        string[] Columns(string code) => [.. result.Findings.Single(f => f.Code == code).Columns];
        Assert.Equal(["grade"], Columns("discrete-columns"));
        Assert.Equal(["spend"], Columns("two-part-columns"));
        Assert.Equal(["heavy"], Columns("heavy-tailed-columns"));
        Assert.Equal(["income"], Columns("skewed-columns"));
        Assert.Contains("after taking logarithms", result.Findings.Single(f => f.Code == "skewed-columns").Evidence,
            StringComparison.Ordinal);
        Assert.Contains("capped", Columns("bounded-columns"));
        Assert.Contains("income", Columns("bounded-columns"));
        Assert.DoesNotContain("normal", result.Findings.SelectMany(f => f.Columns));
        Assert.Equal("", result.Tables[^1].Rows.Single(r => (string)r[0]! == "normal")[1]);
    }

    [Fact]
    public void OfManyRows_ASampleIsTaken_AndSaidSo()
    {
        Table table = Simulated.Table(Simulated.Rows(3, 1000, 3, 0.5, 0.1));
        DiagnosticResult result = Run(table, new DiagnosticOptions { SampleRows = 200 }, new RunOptions { Seed = 9 });
        Assert.Equal(200, result.Value("rows"));
        Assert.Contains("200 of 1,000 rows, drawn with seed 9", result.Method, StringComparison.Ordinal);
        Assert.Equal(result.Values, Run(table, new DiagnosticOptions
        {
            SampleRows = 200,
            Model = new NormalOptions { Prior = CovariancePrior.Auto }
        }, new RunOptions { Seed = 9, Threads = 1 }).Values);
    }

    [Theory]
    [InlineData(6, 3)]
    [InlineData(12, 14)]
    public void FewRows_AreNotJudged(int rows, int columns)
    {
        DiagnosticResult result = Run(Simulated.Table(rows, columns, seed: 1, missing: 0.1));
        Assert.StartsWith($"Too few rows ({rows}, with {columns} columns)", result.Verdict);
        Assert.DoesNotContain(result.Findings, f => f.Code is "heavy-tails" or "light-tails" or "skewness");
    }

    [Fact]
    public void SymmetricHeavyTails_AreNotCalledSkewed()
    {
        // 200 symmetric columns' worth of t with 3 degrees of freedom: moments call some skewed, quantiles none.
        int byMoments = 0;
        for (int seed = 1; seed <= 50; seed++)
        {
            double[,] values = Simulated.Rows(seed, 500, 1, 0, 0, degreesOfFreedom: 3);
            double[] sorted = [.. Enumerable.Range(0, 500).Select(i => values[i, 0]).Order()];
            ColumnShape shape = ColumnShape.Of(sorted)!;
            if (Math.Abs(shape.Skewness) > 1) byMoments++;
            Assert.False(shape.IsSkewed, $"seed {seed}: skewness {shape.Skewness}, of quantiles {shape.QuantileSkewness}");
        }
        Assert.True(byMoments > 5);
    }
}
