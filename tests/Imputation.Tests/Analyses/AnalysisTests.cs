using System.Text.Json;
using Imputation.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Analyses;

/// <summary>Pooled analyses against mice, and what they refuse.</summary>
public class AnalysisTests
{
    private static readonly RegressionFormula s_model = RegressionFormula.Parse("chl ~ age + bmi + hyp");

    /// <summary>From five imputations of nhanes to mice's summary: relative 1e-10, the references having 15 digits.</summary>
    [Fact]
    public void Coefficients_MatchMice()
    {
        JsonElement reference = Read("pool", "multiparameter_D1_D2_D3.json");
        PooledAnalysis analysis = Analysis.Pooled(Imputations(), s_model);
        foreach (JsonElement expected in reference.GetProperty("mice_pool_summary").EnumerateArray())
        {
            PooledEstimate c = analysis.Coefficients[expected.GetProperty("term").GetString()!];
            foreach ((string key, double value) in (ReadOnlySpan<(string, double)>)[
                ("estimate", c.Estimate), ("std.error", c.StandardError), ("df", c.DegreesOfFreedom), ("p.value", c.PValue()),
                    ("2.5 %", c.Lower), ("97.5 %", c.Upper),
                ("fmi", c.FractionOfMissingInformation), ("ubar", c.Within), ("b", c.Between), ("dfcom", c.CompleteDegreesOfFreedom)])
                Assert.Equal(1, value / expected.GetProperty(key).GetDouble(), 1e-10);
        }
        PooledTest partial = analysis.Coefficients.D1(["bmi", "hyp"]);
        Assert.Equal(1, partial.Statistic / reference.GetProperty("mice_D1_dfcom_21").GetProperty("F.value").GetDouble(), 1e-10);
        Assert.Equal(25, analysis.RowCount);
        Assert.Equal(5, analysis.ImputationCount);
        Assert.Null(analysis.CompleteCases);
        Assert.Equal("complete-cases-unknown", Assert.Single(analysis.Findings).Code);
    }

    /// <summary>A category is what columns of 0 and 1 made by hand are.</summary>
    [Fact]
    public void Categories_AreColumnsOf0And1()
    {
        var random = new Random(2);
        Table[] texts = new Table[4], numbers = new Table[4];
        double[] x = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())];
        for (int k = 0; k < 4; k++)
        {
            int[] level = [.. Enumerable.Range(0, 60).Select(i => i < 50 ? i % 3 : random.Next(3))];
            NumericColumn y = NumericColumn.Number("y", [.. level.Select((l, i) => x[i] + l + random.NextDouble())]);
            texts[k] = new Table([y, TextColumn.Create("g", [.. level.Select(l => "abc"[l].ToString())]), NumericColumn.Number("x", x)]);
            numbers[k] = new Table([y, NumericColumn.Number("g=b", [.. level.Select(l => l == 1 ? 1.0 : 0)]),
                NumericColumn.Number("g=c", [.. level.Select(l => l == 2 ? 1.0 : 0)]), NumericColumn.Number("x", x)]);
        }
        PooledAnalysis one = Analysis.Pooled(texts, RegressionFormula.Parse("y ~ g + x"));
        PooledAnalysis other = Analysis.Pooled(numbers, RegressionFormula.Parse("y ~ `g=b` + `g=c` + x"));
        Assert.Equal(other.Coefficients.Names, one.Coefficients.Names);
        Assert.Equal(other.Coefficients.Coefficients.Select(c => (c.Estimate, c.StandardError, c.DegreesOfFreedom)),
            one.Coefficients.Coefficients.Select(c => (c.Estimate, c.StandardError, c.DegreesOfFreedom)));
        Assert.Equal(["y", "g=b", "g=c", "x"], one.Columns);
        Assert.Equal(other.Means.Select(m => m.Estimate), one.Means.Select(m => m.Estimate));
        CategoryPredictor category = Assert.Single(one.Categories);
        Assert.Equal(("g", "a"), (category.Name, category.Reference));
        Assert.Equal(other.Coefficients.D1(["g=b", "g=c"]).Statistic, category.Test!.Statistic);
        Assert.Empty(other.Categories);
        var unknown = new Table([texts[1]["y"], TextColumn.Create("g", [.. Enumerable.Repeat("d", 60)]), texts[1]["x"]]);
        Assert.Contains("'d' in some imputations only", Assert.Throws<ImputationDataException>(() => Analysis.Pooled([texts[0], unknown],
            RegressionFormula.Parse("y ~ g + x"))).Message);
    }

    [Fact]
    public void RSquaredMeansAndCorrelations_MatchMice()
    {
        JsonElement reference = Read("analyses", "analyses.json");
        PooledAnalysis analysis = Analysis.Pooled(5, k => Imputations()[k], s_model);
        Assert.Equal(1, analysis.RSquared!.Value / reference.GetProperty("r_squared").GetProperty("est").GetDouble(), 1e-10);
        Assert.InRange(analysis.RSquared.Lower, 0, analysis.RSquared.Value);
        Assert.InRange(analysis.RSquared.Upper, analysis.RSquared.Value, 1);

        Assert.Equal(["chl", "age", "bmi", "hyp"], analysis.Columns);
        foreach (JsonElement expected in reference.GetProperty("means").EnumerateArray())
        {
            PooledEstimate mean = analysis.Means[analysis.Columns.ToList().IndexOf(expected.GetProperty("column").GetString()!)];
            Assert.Equal(1, mean.Estimate / expected.GetProperty("estimate").GetDouble(), 1e-10);
            Assert.Equal(1, mean.StandardError / expected.GetProperty("std_error").GetDouble(), 1e-10);
            if (mean.Between == 0) continue; // mice floors λ at 1e-4
            Assert.Equal(1, mean.DegreesOfFreedom / expected.GetProperty("df").GetDouble(), 1e-10);
            Assert.Equal(1, mean.FractionOfMissingInformation / expected.GetProperty("fmi").GetDouble(), 1e-10);
        }
        Assert.Equal(6, analysis.Correlations.Count);
        foreach (JsonElement expected in reference.GetProperty("correlations").EnumerateArray())
        {
            string[] pair = [expected.GetProperty("first").GetString()!, expected.GetProperty("second").GetString()!];
            PooledCorrelation pooled = analysis.Correlations.Single(c => pair.Contains(c.First) && pair.Contains(c.Second)).Pooled!;
            Assert.Equal(1, pooled.Correlation / expected.GetProperty("correlation").GetDouble(), 1e-10);
            Assert.Equal(1, pooled.Fisher.StandardError / expected.GetProperty("z_std_error").GetDouble(), 1e-10);
            if (expected.GetProperty("df").ValueKind == JsonValueKind.Number)
                Assert.Equal(1, pooled.Fisher.DegreesOfFreedom / expected.GetProperty("df").GetDouble(), 1e-8);
        }
    }

    /// <summary>The regressions give all that D3 needs: coefficients and maximum-likelihood variances averaged, likelihoods at
    /// both.</summary>
    [Fact]
    public void D3_FromTheRegressions_MatchesMitml()
    {
        LinearRegression[] larger = [.. Imputations().Select(t => LinearRegression.Fit(t, s_model))],
            smaller = [.. Imputations().Select(t => LinearRegression.Fit(t, RegressionFormula.Parse("chl ~ age")))];
        double[] AtAverage(LinearRegression[] fits)
        {
            double[] average = [.. fits[0].Names.Select((_, j) => fits.Average(f => f.Coefficients[j]))];
            double variance = fits.Average(f => f.MaximumLikelihoodVariance);
            return [.. fits.Select(f => f.LogLikelihoodAt(average, variance))];
        }
        JsonElement reference = Read("pool", "multiparameter_D1_D2_D3.json"), expected = reference.GetProperty("D3").GetProperty("test");
        for (int k = 0; k < 5; k++)
        {
            Assert.Equal(1, larger[k].LogLikelihood / reference.GetProperty("loglik1")[k].GetDouble(), 1e-12);
            Assert.Equal(1, smaller[k].LogLikelihood / reference.GetProperty("loglik0")[k].GetDouble(), 1e-12);
        }
        PooledTest test = Pool.D3([.. larger.Zip(smaller, (a, b) => 2 * (a.LogLikelihood - b.LogLikelihood))],
            [.. AtAverage(larger).Zip(AtAverage(smaller), (a, b) => 2 * (a - b))], 2);
        Assert.Equal(1, test.Statistic / expected.GetProperty("F.value").GetDouble(), 1e-9);
        Assert.Equal(1, test.PValue / expected.GetProperty("P(>F)").GetDouble(), 1e-9);
    }

    [Fact]
    public void SlopesTest_IsD1OfAllSlopes()
    {
        PooledAnalysis analysis = Analysis.Pooled(Imputations(), s_model);
        PooledTest expected = analysis.Coefficients.D1(["age", "bmi", "hyp"]);
        Assert.Equal(expected.Statistic, analysis.SlopesTest!.Statistic);
        Assert.Equal(expected.PValue, analysis.SlopesTest.PValue);
        PooledAnalysis mean = Analysis.Pooled(Imputations(), RegressionFormula.Parse("chl ~ 1"));
        Assert.Null(mean.SlopesTest);
        Assert.Null(mean.RSquared);
        Assert.Empty(mean.Correlations);
        Assert.Equal(mean.Means[0].Estimate, mean.Coefficients["(Intercept)"].Estimate, 1e-12);
        Assert.Equal(mean.Means[0].StandardError, mean.Coefficients["(Intercept)"].StandardError, 1e-12);
    }

    /// <summary>What R's lm says of the rows of nhanes that are complete; the same whether the incomplete table is given or remembered by
    /// the columns.</summary>
    [Fact]
    public void CompleteCases_MatchLm()
    {
        JsonElement expected = Read("analyses", "analyses.json").GetProperty("regressions")[2];
        Table table = CsvTable.Read(Path.Combine(ReferenceCase.Root, "data", "nhanes.csv"));
        Table[] draws = [.. Enumerable.Range(0, 3).Select(k => table.Impute(fill: new FillOptions { Method = FillMethod.Draw },
            run: new RunOptions { Seed = (ulong)k }).Table)];
        foreach (PooledAnalysis analysis in (PooledAnalysis[])[Analysis.Pooled(draws, s_model),
            Analysis.Pooled(Imputations(), s_model, incomplete: table)])
        {
            CompleteCases cases = analysis.CompleteCases!;
            Assert.Equal(13, cases.RowCount);
            Assert.Equal(13, analysis.CompleteRowCount);
            Assert.Equal(13, cases.Summary.RowCount);
            Assert.Equal(25, analysis.RowCount);
            foreach (JsonProperty c in expected.GetProperty("coefficients").EnumerateObject())
                Assert.Equal(1, cases.Regression[c.Name].Estimate / c.Value.GetDouble(), 1e-10);
            Assert.Empty(analysis.Findings);
        }
    }

    /// <summary>The set's own answers: the same as of its tables kept and analysed one by one, on any number of threads.</summary>
    [Fact]
    public void ImputationSet_IsPooled()
    {
        Table table = CsvTable.Read(Path.Combine(ReferenceCase.Root, "data", "nhanes.csv"));
        ImputationSet one = table.ImputeMultiple(new MultipleOptions
        {
            Count = 4,
            Model = new NormalOptions { Prior = CovariancePrior.Auto }
        }, new RunOptions { Threads = 1 }), three = table.ImputeMultiple(one.Options, new RunOptions { Threads = 3 });
        PooledAnalysis expected = Analysis.Pooled([.. one.Select(completion => completion.Table)], s_model),
            analysis = three.Analyze(s_model);
        Assert.Equal(expected.Coefficients.Estimates, analysis.Coefficients.Estimates);
        Assert.Equal(expected.Coefficients.Total, analysis.Coefficients.Total);
        Assert.Equal(13, analysis.CompleteCases!.RowCount);

        IReadOnlyDictionary<string, PooledEstimate> own = three.Pool(t => Moments.Of(t) is var s
            ? s.Columns.Select(name => new Estimate(name, s[name].Mean, s[name].StandardError * s[name].StandardError)) : [], 24);
        for (int j = 0; j < 4; j++)
        {
            Assert.Equal(analysis.Means[j].Estimate, own[analysis.Columns[j]].Estimate, 1e-12);
            Assert.Equal(analysis.Means[j].DegreesOfFreedom, own[analysis.Columns[j]].DegreesOfFreedom, 1e-9);
        }
        ImputationSet single = table.ImputeMultiple(one.Options with { Count = 1 });
        Assert.Contains("only 1 imputation", Assert.Throws<ArgumentException>(() => single.Analyze(s_model)).Message);
        Assert.Contains("only 1 imputation", Assert.Throws<ArgumentException>(() => single.Pool(_ => [])).Message);
    }

    [Fact]
    public void TablesAreAskedForOnceAndInOrder()
    {
        Table[] tables = Imputations();
        var asked = new List<int>();
        Analysis.Pooled(5, k => { asked.Add(k); return tables[k]; }, s_model);
        Assert.Equal([0, 1, 2, 3, 4], asked);
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Analysis.Pooled(5, k => { if (k == 1) cancelled.Cancel(); return tables[k]; },
            s_model, cancellation: cancelled.Token));
    }

    /// <summary>Nothing missing: the complete-data answer, with its own degrees of freedom's share (Barnard and Rubin 1999).</summary>
    [Fact]
    public void IdenticalImputations_GiveTheCompleteDataAnswer()
    {
        Table table = LinearRegressionTests.Random(50, 2, 1);
        RegressionFormula formula = RegressionFormula.Parse("y ~ x1 + x2");
        PooledAnalysis analysis = Analysis.Pooled(Enumerable.Repeat(table, 20), formula, incomplete: table);
        LinearRegression fit = LinearRegression.Fit(table, formula);
        Assert.Equal(fit.Coefficients, analysis.Coefficients.Estimates);
        Assert.Equal(fit.Covariance, analysis.Coefficients.Total);
        Assert.Equal(fit.RSquared, analysis.RSquared!.Value, 1e-14);
        Assert.Equal(50, analysis.CompleteRowCount);
    }

    [Fact]
    public void Confidence_IsTaken() =>
        Assert.All(Analysis.Pooled(Imputations(), s_model, 0.8).Coefficients.Coefficients, c => Assert.Equal(0.8, c.Confidence));

    [Fact]
    public void TooFewImputations_AreRefused()
    {
        Table[] tables = Imputations();
        Assert.Contains("There is only 1 imputation", Assert.Throws<ArgumentException>(() => Analysis.Pooled(tables[..1], s_model))
            .Message);
        Assert.Contains("There is only 1 imputation", Assert.Throws<ArgumentException>(() => Analysis.Pooled(1, k => tables[k], s_model))
            .Message);
        Assert.Contains("There is only 1 imputation", Assert.Throws<ArgumentException>(() => Analysis.Pooled(tables.Where((_, k) => k == 0),
            s_model)).Message);
        Assert.Contains("no imputations", Assert.Throws<ArgumentException>(() => Analysis.Pooled(Array.Empty<Table>(), s_model)).Message);
        Assert.Contains("no imputations", Assert.Throws<ArgumentException>(() => Analysis.Pooled(-3, k => tables[k], s_model)).Message);
    }

    [Fact]
    public void CellsStillMissing_AreRefused_NotLeftOut()
    {
        Table[] tables = Imputations();
        tables[2] = LinearRegressionTests.Changed(tables[2], "hyp", (x, row) => row == 4 ? double.NaN : x);
        string message = Assert.Throws<ImputationDataException>(() => Analysis.Pooled(tables, s_model)).Message;
        Assert.Contains("Imputation 3: column 'hyp' still has 1 missing cell;", message);
        tables[1] = LinearRegressionTests.Changed(tables[1], "bmi", _ => double.NaN);
        Assert.Contains("Imputation 2: column 'bmi' has no observed value",
            Assert.Throws<ImputationDataException>(() => Analysis.Pooled(tables, s_model)).Message);
    }

    [Fact]
    public void DifferentTables_AreRefused()
    {
        Table[] tables = Imputations();
        Table[] shorter = [tables[0], LinearRegressionTests.Rows(tables[1], [.. Enumerable.Range(0, 20)])];
        Assert.Contains("Imputation 2 has 20 rows, imputation 1 has 25",
            Assert.Throws<ImputationDataException>(() => Analysis.Pooled(shorter, s_model)).Message);
        Table[] lacking = [tables[0], new Table(tables[1].Columns.Where(c => c.Name != "bmi"))];
        Assert.Contains("Imputation 2 has no column 'bmi'", Assert.Throws<ArgumentException>(() => Analysis.Pooled(lacking, s_model))
            .Message);
        Table[] odd = [tables[0], LinearRegressionTests.Changed(tables[1], "hyp", (_, row) => 2 * LinearRegressionTests.Number(tables[1],
            "age", row))];
        Assert.Contains("In some but not all imputations 'hyp'",
            Assert.Throws<ImputationDataException>(() => Analysis.Pooled(odd, s_model)).Message);
        Assert.Contains("Imputation 2 is null", Assert.Throws<ArgumentException>(() => Analysis.Pooled([tables[0], null!], s_model))
            .Message);
    }

    /// <summary>A duplicate in other units in every imputation: no coefficient, no correlation, and both said.</summary>
    [Fact]
    public void CollinearAndConstantPredictors_AreLeftOut_AndSaid()
    {
        Table[] tables = [.. Imputations().Select(t => LinearRegressionTests.Added(LinearRegressionTests.Added(t, "pounds",
            row => 2.2 * LinearRegressionTests.Number(t, "bmi", row)), "one", _ => 1))];
        PooledAnalysis analysis = Analysis.Pooled(tables, RegressionFormula.Parse("chl ~ bmi + pounds + one"), incomplete: tables[0]);
        Assert.Equal(["(Intercept)", "bmi"], analysis.Coefficients.Names);
        Assert.Equal(["collinear-predictor", "constant-predictor"], analysis.Findings.Select(f => f.Code));
        Assert.Null(analysis.Correlations.Single(c => c is { First: "bmi", Second: "pounds" }).Pooled);
        Assert.Null(analysis.Correlations.Single(c => c is { First: "chl", Second: "one" }).Pooled);
        Assert.NotNull(analysis.Correlations.Single(c => c is { First: "chl", Second: "pounds" }).Pooled);
    }

    [Fact]
    public void PerfectFit_HasNoTestAndNoPooledShare()
    {
        Table[] tables = [.. Enumerable.Range(0, 3).Select(_ => Table.FromArray(["y", "x"], new double[,] { { 1, 0 }, { 3, 1 }, { 5, 2 },
            { 7, 3 }, { 9, 4 } }))];
        PooledAnalysis analysis = Analysis.Pooled(tables, RegressionFormula.Parse("y ~ x"));
        Assert.Equal(2, analysis.Coefficients["x"].Estimate, 1e-14);
        Assert.False(analysis.RSquared is { Value: not (> 0.999 and <= 1) });
        Assert.Null(analysis.Correlations[0].Pooled);
    }

    /// <summary>No complete row: the pooled answer stands, and it is said why there is nothing beside it.</summary>
    [Fact]
    public void TooFewCompleteCases_AreSaid()
    {
        Table incomplete = Imputations()[0];
        incomplete = LinearRegressionTests.Changed(incomplete, "bmi", (x, row) => row < 22 ? double.NaN : x);
        PooledAnalysis analysis = Analysis.Pooled(Imputations(), s_model, incomplete: incomplete);
        Assert.Null(analysis.CompleteCases);
        Assert.Equal(3, analysis.CompleteRowCount);
        Finding finding = Assert.Single(analysis.Findings);
        Assert.Contains("complete-case analysis failed: only 3 rows have values in all columns of chl ~ age + bmi + hyp",
            finding.Sentence);
    }

    [Fact]
    public void Summary_IsOfTheRowsWithAllColumns()
    {
        Table table = CsvTable.Read(Path.Combine(ReferenceCase.Root, "data", "nhanes.csv"));
        Moments all = Moments.Of(table, ["age", "bmi", "hyp", "chl"]), age = Moments.Of(table, ["age"]);
        Assert.Equal((13, 25), (all.RowCount, age.RowCount));
        Assert.Equal(1.76, age["age"].Mean, 1e-14);
        Assert.Equal(all.Correlation("bmi", "chl"), all.Correlations[3, 1]);
        Assert.Equal(1, all.Correlation("bmi", "bmi"));
        Assert.Contains("'BMI'", Assert.Throws<ArgumentException>(() => Moments.Of(table, ["BMI"])).Message);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => Moments.Of(table, ["age", "age"])).Message);
        Assert.Contains("No row", Assert.Throws<ImputationDataException>(() => Moments.Of(LinearRegressionTests.Changed(table, "age",
            _ => double.NaN))).Message);
        Moments constant = Moments.Of(LinearRegressionTests.Added(LinearRegressionTests.Random(5, 1, 1), "c", _ => 1e12));
        Assert.Equal((1e12, 0), constant["c"]);
        Assert.True(double.IsNaN(constant.Correlation("y", "c")));
        Assert.True(double.IsNaN(Moments.Of(LinearRegressionTests.Random(1, 1, 1)).StandardErrors[0]));
    }

    /// <summary>Of a predictor that is a sum up to single precision the regression keeps a coefficient and says what it rests on; one that
    /// imputation completed as a sum, with 15 digits, is a combination.</summary>
    [Fact]
    public void APredictorThatOthersAllButDetermine_IsNamed_AndAFilledSumHasNoCoefficient()
    {
        var random = new Random(11);
        var x = new double[120, 4];
        for (int i = 0; i < 120; i++)
        {
            for (int j = 0; j < 3; j++) x[i, j] = Math.Round(100 * random.NextDouble(), 3);
            x[i, 3] = (float)(x[i, 1] + x[i, 2]);
        }
        string[] names = ["y", "a", "b", "total"];
        var formula = RegressionFormula.Parse("y ~ a + b + total");
        Table table = Table.FromArray(names, x);
        PooledAnalysis near = Analysis.Pooled([table, table], formula, incomplete: table);
        Finding finding = Assert.Single(near.Findings);
        Assert.Equal(("nearly-collinear-predictor", "total"), (finding.Code, Assert.Single(finding.Columns)));
        Assert.Equal(4, near.Coefficients.Names.Count);

        for (int i = 0; i < 120; i++)
        {
            x[i, 3] = Math.Round(x[i, 1] + x[i, 2], 3);
            if (i % 3 == 0) x[i, 1 + i / 3 % 3] = double.NaN;
        }
        PooledAnalysis exact = Analysis.Pooled(Table.FromArray(names, x).ImputeMultiple(new MultipleOptions { Count = 5 }).Select(t =>
            t.Table),
            formula);
        Assert.Equal("total", Assert.Single(exact.Dropped).Name);
    }

    internal static Table[] Imputations() => [.. Enumerable.Range(1, 5)
        .Select(k => CsvTable.Read(Path.Combine(ReferenceCase.Root, "pool", $"nhanes_imputed_{k}.csv")))];

    private static JsonElement Read(string folder, string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, folder, file))).RootElement;
}
