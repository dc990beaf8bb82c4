namespace Imputation.Tests.Surveys;

/// <summary>What a codebook declares: derived columns, edits and ranges are kept in filling, and what contradicts them is
/// reported.</summary>
public class DerivedTests
{
    private static CodebookField Derived(string name, string rule) => new(name) { Derived = SurveyRule.Parse(rule) };

    private static CodebookEdit Edit(string name, string rule) => new(name, SurveyRule.Parse(rule));

    private static double[] Values(Table table, string column) => ((NumericColumn)table[column]).Values.ToArray();

    /// <summary>Income, taxes and what is left, with mistakes in two rows, so that no relation holds in the data.</summary>
    private static Table Accounts()
    {
        var random = new Random(5);
        int n = 120;
        double[] income = new double[n], taxes = new double[n], net = new double[n];
        for (int i = 0; i < n; i++)
        {
            income[i] = 1000 + random.Next(5000);
            taxes[i] = Math.Round(income[i] * (0.1 + 0.3 * random.NextDouble()));
            net[i] = income[i] - taxes[i] + (i is 16 or 50 ? 100 : 0);
            double[] lost = (i % 12) switch { 1 => income, 3 => taxes, 5 => net, _ => [] };
            if (lost.Length > 0) lost[i] = double.NaN;
            if (i % 40 == 7) (income[i], taxes[i]) = (double.NaN, double.NaN);
        }
        return new Table([NumericColumn.Create("income", ColumnKind.Integer, income),
            NumericColumn.Create("taxes", ColumnKind.Integer, taxes), NumericColumn.Create("net", ColumnKind.Integer, net)]);
    }

    [Theory]
    [InlineData(FillMethod.Mean)]
    [InlineData(FillMethod.Draw)]
    [InlineData(FillMethod.PredictiveMeanMatching)]
    public void AnEqualityWithOneMissingCell_ImpliesIt(FillMethod method)
    {
        Table table = Accounts();
        var book = new Codebook([], [Edit("balance", "income - taxes == net")]);
        ImputationResult done = table.Impute(new NormalOptions { Codebook = book }, new FillOptions { Method = method });
        double[] income = Values(done.Table, "income"), taxes = Values(done.Table, "taxes"), net = Values(done.Table, "net");
        for (int i = 0; i < income.Length; i++)
            if (i is not (16 or 50)) Assert.Equal(net[i], income[i] - taxes[i], 6);
        Assert.All(done.Cells, c => Assert.True(c.Row % 40 == 8 || c.Notes.HasFlag(CellNotes.Implied), c.ToString()));
        Finding finding = Assert.Single(done.Findings, f => f.Code == "edit-fails");
        Assert.Contains("'balance', income - taxes == net, fails in 2 rows, in each of observed cells; the first is row 17",
            finding.Sentence);

        // Without the edit nothing makes them add up.
        ImputationResult without = table.Impute(new NormalOptions(), new FillOptions { Method = method });
        double[] free = Values(without.Table, "income"), freeTaxes = Values(without.Table, "taxes");
        Assert.Contains(Enumerable.Range(0, 120), i => i % 12 == 1 && Math.Abs(free[i] - freeTaxes[i] - net[i]) > 1);
    }

    [Fact]
    public void AnInequality_MovesTheOneFilledCellToItsBorder()
    {
        var random = new Random(2);
        int n = 200;
        double[] low = new double[n], high = new double[n];
        for (int i = 0; i < n; i++)
        {
            low[i] = Math.Round(50 + 20 * random.NextDouble(), 1);
            high[i] = Math.Round(low[i] + 40 * Math.Pow(random.NextDouble(), 4), 1);
            if (i % 5 == 1) high[i] = double.NaN;
            if (i % 50 == 3) (low[i], high[i]) = (double.NaN, double.NaN);
        }
        high[100] = low[100] - 5;
        Table table = new([NumericColumn.Number("low", low), NumericColumn.Number("high", high)]);
        var book = new Codebook([], [Edit("order", "high >= low"), Edit("positive", "low > 0 and high > 0")]);
        ImputationResult done = table.Impute(new NormalOptions { Codebook = book }, new FillOptions { Method = FillMethod.Draw },
            new RunOptions { Seed = 4 });
        double[] from = Values(done.Table, "low"), to = Values(done.Table, "high");
        int moved = 0;
        for (int i = 0; i < n; i++)
        {
            if (i % 50 == 3 || i == 100) continue; // two filled cells are listed only
            Assert.True(to[i] >= from[i]);
            moved += i % 5 == 1 && to[i] == from[i] ? 1 : 0;
        }
        Assert.True(moved > 3);
        Assert.True(done.Cells.Count(c => c.Notes.HasFlag(CellNotes.Clamped)) >= moved);
        Assert.Contains("'order', high >= low, fails in", Assert.Single(done.Findings, f => f.Code == "edit-fails").Sentence);
    }

    [Fact]
    public void OtherEdits_AreCheckedOnly()
    {
        Table table = new([TextColumn.Create("sex", ["m", "f", "m", "f", "m", "f"]), TextColumn.Create("pregnant", ["no", "yes", "yes",
            "no", "no", null]), NumericColumn.Number("x", [1, 2, 4, 3, double.NaN, 2])]);
        var book = new Codebook([], [Edit("men", "not (sex == 'm' and pregnant == 'yes')"), Edit("gone", "y == 1")]);
        IReadOnlyList<Finding> findings = table.Impute(new NormalOptions { Codebook = book, Prior = CovariancePrior.Auto }).Findings;
        Assert.Contains("fails in 1 row, in each of observed cells; the first is row 3",
            Assert.Single(findings, f => f.Code == "edit-fails").Sentence);
        Assert.Contains("'y'", Assert.Single(findings, f => f.Code == "edit-not-checked").Sentence);
    }

    [Fact]
    public void AnEditThatDoesArithmeticOnText_IsADataError()
    {
        Table table = new([TextColumn.Create("sex", ["m", "f", "m"]), NumericColumn.Number("x", [1, double.NaN, 4])]);
        var book = new Codebook([], [Edit("odd", "sex + 1 == x")]);
        var model = new NormalOptions { Codebook = book, Prior = CovariancePrior.Auto };
        string message = Assert.Throws<ImputationDataException>(() => table.Impute(model)).Message;
        Assert.Contains("'odd'", message);
        Assert.Contains("'m' is not a number", message);
    }

    /// <summary>A declared rule is kept where the data contradict it in some rows; these are reported, and not changed.</summary>
    [Fact]
    public void ADeclaredRule_IsKept_AndContradictionsAreReported()
    {
        var random = new Random(3);
        int n = 90;
        double[] weight = [.. Enumerable.Range(0, n).Select(_ => Math.Round(60 + 30 * random.NextDouble(), 1))],
            height = [.. Enumerable.Range(0, n).Select(_ => Math.Round(1.5 + 0.4 * random.NextDouble(), 2))],
            bmi = [.. weight.Zip(height, (w, h) => Math.Round(w / (h * h), 1))];
        bmi[29] = 99.9;
        bmi[60] = 12;
        for (int i = 0; i < n; i++)
        {
            if (i % 9 == 4) bmi[i] = double.NaN;
            if (i % 9 == 7) weight[i] = double.NaN;
            if (i % 45 == 8) height[i] = double.NaN;
        }
        Table table = new([NumericColumn.Number("weight", weight), NumericColumn.Number("height", height),
            NumericColumn.Number("bmi", bmi)]);
        Assert.Empty(SurveyReading.Of(table).DerivedColumns); // it does not hold in all rows
        var book = new Codebook([Derived("bmi", "weight / (height * height)")]);
        Assert.True(Assert.Single(SurveyReading.Of(table, book).DerivedColumns).IsDeclared);

        ImputationResult done = table.Impute(new NormalOptions { Codebook = book });
        Finding finding = Assert.Single(done.Fit.Report.Findings, f => f.Code == "derived-contradicted");
        Assert.Contains("2 observed values of 'bmi'", finding.Sentence);
        Assert.Contains("the first is in row 30: 99.9", finding.Sentence);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        double[] w = Values(done.Table, "weight"), h = Values(done.Table, "height"), b = Values(done.Table, "bmi");
        Assert.Equal(99.9, b[29]);
        for (int i = 0; i < n; i++)
        {
            if (i is 29 or 60) continue;
            Assert.Equal(w[i] / (h[i] * h[i]), b[i], 0.0500001);
            if (i % 9 == 4) Assert.Equal(Math.Round(b[i], 1), b[i]); // rounded as the observed ones are
        }
    }

    [Fact]
    public void Circles_AreAnError_ThatNamesThem()
    {
        Table table = new([NumericColumn.Number("a", [1, 2, double.NaN]), NumericColumn.Number("b", [1, 2, 3]),
            NumericColumn.Number("c", [1, 4, 2])]);
        var book = new Codebook([Derived("a", "b + c"), Derived("b", "2 * a")]);
        string message = Assert.Throws<ImputationDataException>(() => SurveyReading.Of(table, book)).Message;
        Assert.Contains("'a'", message);
        Assert.Contains("in a circle: a = b + c, b = 2 * a", message);
    }

    /// <summary>Columns derived from derived ones: computed one after the other, and solved backwards too.</summary>
    [Fact]
    public void DerivedOfDerived_IsComputedInOrder()
    {
        var random = new Random(8);
        int n = 80;
        double[] x = [.. Enumerable.Range(0, n).Select(_ => 1 + random.NextDouble())], xx = [.. x.Select(v => v * v)],
            log = [.. xx.Select(v => Math.Log(v))], z = [.. x.Select(v => v + 0.3 * random.NextDouble())];
        for (int i = 0; i < n; i++)
        {
            if (i % 8 == 1) (xx[i], log[i]) = (double.NaN, double.NaN);             // forwards
            if (i % 8 == 4) (x[i], xx[i]) = (double.NaN, double.NaN);               // backwards
            if (i % 16 == 6) (x[i], xx[i], log[i]) = (double.NaN, double.NaN, double.NaN);
        }
        Table table = new([NumericColumn.Number("log", log), NumericColumn.Number("x", x), NumericColumn.Number("xx", xx),
            NumericColumn.Number("z", z)]);
        var book = new Codebook([Derived("log", "log(xx)"), Derived("xx", "x * x")]);
        Assert.Equal(["xx", "log"], SurveyReading.Of(table, book).DerivedColumns.Select(d => d.Column));
        Table done = table.Impute(new NormalOptions { Codebook = book }).Table;
        double[] a = Values(done, "x"), b = Values(done, "xx"), c = Values(done, "log");
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(a[i] * a[i], b[i], 9);
            Assert.Equal(Math.Log(b[i]), c[i], 9);
            if (i % 8 == 4) Assert.Equal(c[i], table["log"].Value(i));
        }
    }

    /// <summary>Filled values lie within the codebook's range; the user's own goes first; observed values outside are reported.</summary>
    [Theory]
    [InlineData(FillMethod.Mean)]
    [InlineData(FillMethod.Draw)]
    [InlineData(FillMethod.PredictiveMeanMatching)]
    public void TheCodebooksRange_HoldsForFilledValues(FillMethod method)
    {
        var random = new Random(9);
        double[] x = [.. Enumerable.Range(0, 150).Select(_ => random.NextDouble())],
            y = [.. x.Select((v, i) => i % 4 == 0 ? double.NaN : 10 * v + 2 * random.NextDouble() - 1)];
        y[1] = 14;
        Table table = new([NumericColumn.Number("x", x), NumericColumn.Number("y", y)]);
        var model = new NormalOptions { Codebook = new Codebook([new CodebookField("y") { Bounds = new Bounds(2, 8) }]) };
        var fill = new FillOptions { Method = method };
        ImputationResult done = table.Impute(model, fill);
        Assert.All(done.Cells, c => Assert.InRange(c.Value, 2, 8));
        Assert.Contains("2 to 8", Assert.Single(done.Fit.Report.Findings, f => f.Code == "observed-outside-codebook").Sentence);
        Assert.DoesNotContain(done.Findings, f => f.Code == "observed-outside-bounds");
        Assert.All(done.Fit.Impute(table, fill).Cells, c => Assert.InRange(c.Value, 2, 8));
        bool matches = method == FillMethod.PredictiveMeanMatching;
        var several = new MultipleOptions { Count = 2, Model = model, PredictiveMeanMatching = matches };
        foreach (ImputationResult one in table.ImputeMultiple(several)) Assert.All(one.Cells, c => Assert.InRange(c.Value, 2, 8));

        ImputationResult own = table.Impute(model, fill with { Bounds = new Dictionary<string, Bounds> { ["y"] = new(0, 100) } });
        Assert.Contains(own.Cells, c => c.Value > 8);
        Assert.Contains(table.Impute(fill: fill).Cells, c => c.Value is < 2 or > 8);
    }

    /// <summary>Bounds of an input leave no value: reported, with the row.</summary>
    [Fact]
    public void WhatCannotBeKept_IsReported()
    {
        double[] x = [.. Enumerable.Range(0, 40).Select(i => 1 + i / 10.0)], xx = [.. x.Select(v => v * v)],
            z = [.. x.Select((v, i) => v + Math.Sin(i))];
        x[11] = double.NaN; // xx = 4.41
        Table table = new([NumericColumn.Number("x", x), NumericColumn.Number("xx", xx), NumericColumn.Number("z", z)]);
        var fill = new FillOptions { Bounds = new Dictionary<string, Bounds> { ["x"] = new(3, 9) } };
        ImputationResult done = table.Impute(fill: fill);
        Finding finding = Assert.Single(done.Findings, f => f.Code == "derived-not-kept");
        Assert.Contains("1 row with a filled cell, the first row 12", finding.Sentence);
        Assert.Equal(4.41, (double)done.Table["xx"].Value(11)!, 9);
        Assert.InRange((double)done.Table["x"].Value(11)!, 3, 9);
    }

    /// <summary>A proposal has what was found; given back it is declared, and fills the same cells with the same values.</summary>
    /// <summary>Conditional means are no draws, nor are they in a form that occurs: a number that its group does not allow goes to the
    /// nearer end.</summary>
    [Theory]
    [InlineData(FillMethod.Auto)]
    [InlineData(FillMethod.Mean)]
    public void Means_DoNotDependOnTheSeed(FillMethod method)
    {
        var random = new Random(12);
        int n = 240;
        double[] age = [.. Enumerable.Range(0, n).Select(_ => 18.0 + random.Next(60))],
            other = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
        string[] group = Array.ConvertAll(age, a => a < 40 ? "young" : "old");
        for (int i = 1; i < n; i += 6) age[i] = double.NaN;
        Table table = new([NumericColumn.Number("age", age), TextColumn.Create("group", group), NumericColumn.Number("other", other)]);
        // The normal model does not see the groups: it predicts an age near the middle for everybody.
        ImputationResult[] runs = [.. new ulong[] { 1, 2, 3 }.Select(seed => table.Impute(new NormalOptions(),
            new FillOptions { Method = method }, new RunOptions { Seed = seed }))];
        Assert.All(runs[0].Cells.Where(c => c.Notes.HasFlag(CellNotes.Implied)), c => Assert.Equal(39, c.Value));
        Assert.InRange(runs[0].Cells.Count(c => c.Notes.HasFlag(CellNotes.Implied)), 5, 30);
        Assert.All(runs, run => Assert.Equal(Values(runs[0].Table, "age"), Values(run.Table, "age")));
    }

    [Fact]
    public void AProposal_HasWhatWasFound()
    {
        (Table table, _) = Planted.Of(3, 1);
        Codebook proposed = CodebookProposal.Of(table);
        CodebookField target = proposed["target"]!;
        Assert.Equal("round(first / (second * second), 1)", target.Derived!.ToString());
        Assert.Contains("it is recomputed, not predicted", target.DerivedEvidence);
        Assert.True(Assert.Single(SurveyReading.Of(table, proposed).DerivedColumns).IsDeclared);
        Assert.Equal(Values(table.Impute().Table, "target"), Values(table.Impute(new NormalOptions
        {
            Codebook = new Codebook([target]),
            Prior = CovariancePrior.Auto
        }).Table, "target"));
    }
}
