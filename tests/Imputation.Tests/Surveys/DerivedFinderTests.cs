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
