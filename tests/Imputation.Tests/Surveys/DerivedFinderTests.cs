using Imputation.Tests.Shared;

namespace Imputation.Tests.Surveys;

/// <summary>Columns that follow from others: found where they were planted, and not in clean tables.</summary>
public class DerivedFinderTests
{
    [Fact]
    public void PlantedRelations_AreFound()
    {
        int planted = 0;
        var missed = new List<string>();
        for (int kind = 0; kind < Planted.KindCount; kind++)
            for (int seed = 0; seed < 10; seed++)
            {
                (Table table, _) = Planted.Of(kind, seed);
                planted++;
                IReadOnlyList<DerivedColumn> derived = SurveyReading.Of(table).DerivedColumns;
                if (derived.Count != 1 || derived[0].Column != "target") missed.Add($"{kind}/{seed}: {string.Join(" | ", derived)}");
            }
        Assert.True(missed.Count <= 0.05 * planted, $"{missed.Count} of {planted} were missed: {string.Join(", ", missed)}");
    }

    /// <summary>Independent columns, correlated normals, Likert items, yes and no, counts; with skip rules.</summary>
    [Fact]
    public void NoRelation_IsFoundInCleanTables()
    {
        var raised = new List<string>();
        for (int seed = 0; seed < 100; seed++)
            raised.AddRange(SurveyReading.Of(Planted.Clean(seed)).DerivedColumns.Select(d => $"{seed}: {d.Evidence}"));
        Assert.True(raised.Count <= 2, string.Join(Environment.NewLine, raised));
    }

    [Theory]
    [InlineData(0, "first * first")]
    [InlineData(1, "round(first * second, 2)")]
    [InlineData(2, "first / second")]
    [InlineData(3, "round(first / (second * second), 1)")]
    [InlineData(4, "round(703 * first / (second * second), 2)")]
    [InlineData(5, "round(100 * first / second, 1)")]
    [InlineData(6, "log(first)")]
    [InlineData(8, "sqrt(first)")]
    [InlineData(9, "exp(first)")]
    [InlineData(10, "floor(first)")]
    [InlineData(11, "round(first)")]
    [InlineData(12, "cut(first, 1, 30, 2, 50, 3, 65, 4)")]
    [InlineData(13, "cut(first, 'young', 30, 'middle', 65, 'old')")]
    public void TheRule_SaysWhatWasPlanted(int kind, string rule)
    {
        (Table table, _) = Planted.Of(kind, 1);
        DerivedColumn derived = Assert.Single(SurveyReading.Of(table).DerivedColumns);
        Assert.Equal(rule, derived.Rule.ToString());
        Assert.False(derived.IsDeclared);
        Finding finding = Assert.Single(SurveyReading.Of(table).Findings, f => f.Code == "derived-column");
        Assert.Contains("it is recomputed, not predicted", finding.Sentence);
        Assert.Equal(FindingSeverity.Note, finding.Severity);
    }

    /// <summary>Clusters that a number separates, such as one species from the others, are not cut at a point.</summary>
    [Fact]
    public void SeparateClusters_AreNoGroups()
    {
        var random = new Random(1);
        double[] x = [.. Enumerable.Range(0, 150).Select(i => (i < 50 ? 1.5 : 5) + random.NextDouble()), double.NaN];
        string?[] species = [.. Enumerable.Range(0, 150).Select(i => i < 50 ? "setosa" : "other"), null];
        Assert.Empty(SurveyReading.Of(new Table([NumericColumn.Number("x", x), TextColumn.Create("species", species)])).DerivedColumns);
    }

    /// <summary>Two years that a temperature separates, without a gap in between: the numbers get rarer towards the border from both
    /// sides.</summary>
    [Fact]
    public void ClustersThatTouch_AreNoGroups()
    {
        var random = new Random(2);
        double Bell() => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
        double[] x = [.. Enumerable.Range(0, 600).Select(i => Math.Round((i < 300 ? 24 : 27) + Bell(), 2)), double.NaN];
        double[] year = [.. Enumerable.Range(0, 601).Select(i => i < 300 ? 1993.0 : 1997)];
        Assert.Empty(SurveyReading.Of(new Table([NumericColumn.Number("x", x), NumericColumn.Number("year", year)])).DerivedColumns);
        // Cut in the middle of one bell they are.
        double[] low = [.. x.Select(v => v < 24.2 ? 0.0 : 1)];
        low[7] = double.NaN;
        Assert.Equal("low = cut(x, 0, 24.2, 1)", Assert.Single(SurveyReading.Of(new Table([NumericColumn.Number("x", [.. x.Take(300)]),
            NumericColumn.Number("low", [.. low.Take(300)])])).DerivedColumns).ToString());
    }

    /// <summary>Cells missing in every tenth row: samples of rows do not all fall upon these.</summary>
    [Fact]
    public void MissingCellsWithAPeriod_HideNothing()
    {
        double[] x = [.. Enumerable.Range(0, 20_000).Select(i => Math.Round(50 + 30 * Math.Sin(i), 1))];
        double[] Every10(Func<double, double> of) => [.. x.Select((v, i) => i % 10 == 0 ? double.NaN : of(v))];
        Table table = new([NumericColumn.Number("x", x), NumericColumn.Number("group", Every10(v => v < 40 ? 1 : v < 60 ? 2 : 3)),
            NumericColumn.Number("square", Every10(v => v * v))]);
        Assert.Equal(["group = cut(x, 1, 40, 2, 60, 3)", "square = x * x"],
            SurveyReading.Of(table).DerivedColumns.Select(d => d.ToString()).Order());
    }

    /// <summary>The body mass index of a real survey, with its own factor.</summary>
    [SharedFact("cases/data")]
    public void RiskFactors_HaveABodyMassIndex()
    {
        Table table = Imputation.Files.CsvTable.Read(Path.Combine(SharedFolder.Find("cases/data")!, "riskfactors_mixed.csv"));
        DerivedColumn bmi = Assert.Single(SurveyReading.Of(table).DerivedColumns);
        Assert.Equal("round(704.55 * weight_lbs / (height_inch * height_inch), 2)", bmi.Rule.ToString());
        Table done = table.Impute().Table;
        double[] Values(string name) => ((NumericColumn)done[name]).Values.ToArray();
        double[] b = Values("bmi"), w = Values("weight_lbs"), h = Values("height_inch");
        for (int row = 0; row < b.Length; row++) Assert.Equal(704.55 * w[row] / (h[row] * h[row]), b[row], 0.00500001);
    }

    /// <summary>Where nothing is missing, nothing is looked for.</summary>
    [Fact]
    public void CompleteColumns_AreLeftAlone()
    {
        double[] x = [.. Enumerable.Range(0, 50).Select(i => Math.Sin(i))];
        Assert.Empty(SurveyReading.Of(new Table([NumericColumn.Number("x", x), NumericColumn.Number("xx", [.. x.Select(v => v * v)])]))
            .DerivedColumns);
    }

    /// <summary>One row that contradicts a relation is enough.</summary>
    [Fact]
    public void ARelation_HoldsInEveryRow()
    {
        double[] x = [.. Enumerable.Range(0, 500).Select(i => Math.Sin(i))], xx = [.. x.Select(v => v * v)];
        xx[0] = double.NaN;
        Table Of() => new([NumericColumn.Number("x", x), NumericColumn.Number("xx", xx)]);
        Assert.Single(SurveyReading.Of(Of()).DerivedColumns);
        xx[399] += 0.001;
        Assert.Empty(SurveyReading.Of(Of()).DerivedColumns);
    }

    /// <summary>Powers of powers: each column once, and no circle.</summary>
    [Fact]
    public void DerivedOfDerived_HasAnOrder()
    {
        double[] x = [.. Enumerable.Range(0, 90).Select(i => 0.3 + Math.Sin(i))];
        double[][] powers = [x, [.. x.Select(v => v * v)], [.. x.Select(v => v * v * v)], [.. x.Select(v => v * v * v * v)]];
        for (int k = 0; k < 4; k++) powers[k][10 * k + 3] = double.NaN;
        var survey = SurveyReading.Of(new Table(powers.Select((v, k) => NumericColumn.Number($"x{k + 1}", v))));
        Assert.Equal(["x2", "x3", "x4"], survey.DerivedColumns.Select(d => d.Column));
    }
}
