namespace Imputation.Tests.Surveys.Roles;

/// <summary>Columns that are no measurements: identifiers of any name, keys of groups, and what looks like a weight.</summary>
public class RoleTests
{
    private const double None = double.NaN;

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static NumericColumn Column(string name, int n, Func<int, double> value) =>
        NumericColumn.Number(name, [.. Enumerable.Range(0, n).Select(value)]);

    private static ColumnRole Role(Table table, string name) =>
        table.Impute().ColumnUses.First(use => use.Name == name).Role;

    private static Table Sample(int seed, int n, params NumericColumn[] first)
    {
        var random = new Random(seed);
        double[] z = [.. Enumerable.Range(0, n).Select(_ => Normal(random))];
        return new Table([.. first, Column("height", n, i => 170 + 10 * z[i]),
            Column("income", n, i => i % 9 == 4 ? None : Math.Exp(7 + 0.5 * z[i] + 0.5 * Normal(random)))]);
    }

    [Theory]
    [InlineData("person")]
    [InlineData("SUBJID")]
    [InlineData("case_no")]
    [InlineData("nr")]
    public void AscendingNumbers_AreIdentifiers_WhateverTheirName(string name)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed + 100);
            int next = 1000;
            Table table = Sample(seed, 60, Column(name, 60, _ => next += 1 + random.Next(3)));
            Assert.Equal(ColumnRole.Identifier, Role(table, name));
            Assert.Equal(ColumnRole.Modelled, table.Impute(new NormalOptions { Columns = new() { Include = [name, "height", "income"] } })
                .ColumnUses[0].Role);
        }
    }

    /// <summary>The number of a household, or the arm of a trial, that the rows are sorted by.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public void AscendingNumbers_AreIdentifiers_InASortedTable(int rowsOfOne)
    {
        var random = new Random(5);
        int next = 1000;
        Table table = Sample(3, 60, Column("SUBJID", 60, _ => next += 1 + random.Next(3)),
            Column("block", 60, i => i % 11 == 5 ? None : 1 + i / rowsOfOne));
        Assert.Equal(ColumnRole.Identifier, Role(table, "SUBJID"));
    }

    /// <summary>A table that is sorted by a measurement, a time, and numbers that are not ascending.</summary>
    [Fact]
    public void SortedMeasurements_AreNot()
    {
        double[] heights = [.. Enumerable.Range(0, 15).Select(i => 58.0 + i)],
            weights = [115, 117, 120, 123, 126, 129, 132, None, 139, 142, 146, 150, 154, 159, 164];
        var women = new Table([NumericColumn.Number("height", heights), NumericColumn.Number("weight", weights)]);
        Assert.Equal(ColumnRole.Modelled, Role(women, "height"));
        Assert.Equal(ColumnRole.Modelled, Role(Sample(1, 40, Column("year", 40, i => 1980 + i)), "year"));
        Assert.Equal(ColumnRole.Modelled, Role(Sample(1, 40, Column("seat", 40, i => (i * 7 + 3) % 40)), "seat"));
    }

    /// <summary>Visits of patients: sex and year of birth are those of the patient's other visits.</summary>
    [Fact]
    public void WhatIsConstantWithinAKey_IsFilledWithTheConstant()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            int n = 120;
            int[] patient = [.. Enumerable.Range(0, n).Select(i => i / 3)];
            if (seed % 2 == 1) random.Shuffle(patient);
            double[] born = [.. Enumerable.Range(0, 40).Select(_ => 1940.0 + random.Next(50))];
            string[] sex = [.. Enumerable.Range(0, 40).Select(_ => random.Next(2) == 0 ? "f" : "m")];
            string?[] place = [.. Enumerable.Range(0, n).Select(i => i % 11 == 7 ? null : $"place {patient[i]}")];
            var table = new Table([Column("patient", n, i => 5000 + 7919 * patient[i] % 1000), TextColumn.Create("sex",
                [.. Enumerable.Range(0, n).Select(i => i % 7 == 2 ? null : sex[patient[i]])]),
                Column("born", n, i => i % 8 == 3 ? None : born[patient[i]]), TextColumn.Create("place", place),
                Column("pressure", n, i => i % 10 == 1 ? None : 120 + 12 * Normal(random))]);
            ImputationResult done = table.Impute();
            Assert.Equal(ColumnRole.Group, done.ColumnUses[0].Role);
            Assert.Contains(done.Fit.Report.Findings, f => f.Code == "group" && f.Columns[0] == "patient" && f.Columns.Contains("born"));
            for (int row = 0; row < n; row++)
            {
                // Known from another visit; where it is not, it is predicted.
                bool Known(string name) => Enumerable.Range(0, n).Any(i => patient[i] == patient[row] && !table[name].IsMissing(i));
                if (Known("sex")) Assert.Equal(sex[patient[row]], done.Table["sex"].Value(row));
                if (Known("born")) Assert.Equal(born[patient[row]], done.Table["born"].Value(row));
                if (Known("place")) Assert.Equal($"place {patient[row]}", done.Table["place"].Value(row));
            }
            int same = done.Cells.Count(c => c.Column != "pressure" && (c.Notes & (CellNotes.SameInGroup | CellNotes.Derived)) != 0);
            Assert.InRange(done.Cells.Count(c => c.Column != "pressure") - same, 0, 5);
            Assert.True(same > 30);
            // What the group knows has no uncertainty of the model's.
            Assert.All(done.Cells.Where(c => c.Notes.HasFlag(CellNotes.SameInGroup)), c => Assert.Equal((double.NaN, double.NaN),
                (c.StandardDeviation, c.Lower)));
        }
    }

    /// <summary>Schools whose pupils' marks differ; the number of a school is no number.</summary>
    [Fact]
    public void AKeyWhoseGroupsDiffer_IsAGroup_AndAMeasurementThatRepeatsIsNot()
    {
        int keys = 0, ages = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int n = 300;
            double[] school = [.. Enumerable.Range(0, n).Select(_ => 100.0 + random.Next(20))],
                age = [.. Enumerable.Range(0, n).Select(_ => 6.0 + random.Next(12))];
            double[] effect = [.. Enumerable.Range(0, 20).Select(_ => 3 * Normal(random))];
            var table = new Table([NumericColumn.Number("school", school), NumericColumn.Number("age", age),
                Column("mark", n, i => i % 6 == 0 ? None : 50 + effect[(int)school[i] - 100] + Normal(random)),
                Column("height", n, i => 80 + 6 * age[i] + 5 * Normal(random)),
                Column("milk teeth", n, i => age[i] + Normal(random) > 11 ? 0 : 20 - age[i])]);
            ImputationResult done = table.Impute();
            if (done.ColumnUses[0].Role == ColumnRole.Group) keys++;
            if (done.ColumnUses[1].Role == ColumnRole.Group) ages++;
        }
        Assert.True(keys >= 38 && ages == 0, $"{keys} of 40 keys, {ages} ages");
    }

    /// <summary>Suburbs of towns, whose tax is that of the town: where one in ten cells of it is missing it is no key but a measurement,
    /// and is filled.</summary>
    [Fact]
    public void ANumberThatIsOftenMissing_IsNoKey()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            int n = 300;
            int[] town = [.. Enumerable.Range(0, n).Select(i => i / 6)];
            double[] tax = [.. Enumerable.Range(0, 50).Select(_ => 190.0 + random.Next(500))],
                industry = [.. tax.Select(_ => Normal(random))];
            Table With(double missing) => new([Column("tax", n, i => random.NextDouble() < missing ? None : tax[town[i]]),
                Column("industry", n, i => industry[town[i]] + 0.2 * Normal(random)), Column("rooms", n, i => 6 + Normal(random))]);
            Assert.Equal(ColumnRole.Group, Role(With(0), "tax"));
            ImputationResult done = With(0.1).Impute();
            Assert.Equal((ColumnRole.Modelled, 0), (done.ColumnUses[0].Role, done.Table["tax"].MissingCount));
        }
    }

    /// <summary>Clean tables of scales, counts and ages: nothing is called a group, a weight or an identifier.</summary>
    [Fact]
    public void CleanTables_HaveNoRoles()
    {
        var raised = new List<string>();
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            int n = 100 + random.Next(400);
            double[] z = [.. Enumerable.Range(0, n).Select(_ => Normal(random))];
            var table = new Table([Column("q1", n, i => Math.Clamp(Math.Round(3 + z[i] + Normal(random)), 1, 5)),
                Column("q2", n, i => Math.Clamp(Math.Round(3 + z[i] + Normal(random)), 1, 5)), Column("age", n, _ => 18 + random.Next(70)),
                Column("visits", n, i => Math.Floor(Math.Exp(z[i] + 1))),
                Column("weight", n, i => Math.Round(75 + 12 * z[i] + 3 * Normal(random))),
                Column("height", n, i => Math.Round(170 + 8 * z[i])), Column("zip", n, _ => 10_000 + random.Next(500))]);
            raised.AddRange(table.Impute().Fit.Report.Findings.Where(f => f.Code is "group" or "looks-like-weight")
                .Select(f => $"{seed}: {f.Sentence}"));
            Assert.All(table.Impute().ColumnUses, use => Assert.Equal(ColumnRole.Modelled, use.Role));
        }
        Assert.True(raised.Count <= 1, string.Join('\n', raised));
    }

    [Theory]
    [InlineData("wt", 1)]
    [InlineData("pweight", 1)]
    [InlineData("sample_weight", 1500)]
    [InlineData("FinalWt", 1500)]
    public void WhatLooksLikeAWeight_IsNamed_AndPredictsNothing(string name, double mean)
    {
        var random = new Random(4);
        Table table = Sample(2, 200, Column(name, 200, _ => 0.0));
        double[] weights = [.. Enumerable.Range(0, 200).Select(_ => Math.Exp(0.6 * Normal(random)))];
        double average = weights.Average();
        table = new Table([Column(name, 200, i => weights[i] / average * mean), .. table.Columns.Skip(1)]);
        ImputationResult done = table.Impute();
        Assert.Equal(ColumnRole.Weight, done.ColumnUses[0].Role);
        Finding finding = Assert.Single(done.Fit.Report.Findings, f => f.Code == "looks-like-weight");
        Assert.Contains($"--weights \"{name}\"", finding.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain(done.Fit.Report.Findings, f => f.Code == "weighted");
    }

    /// <summary>The rich were asked more often: their weights are lower, and so weights go with income.</summary>
    [Fact]
    public void AWeightThatGoesWithTheAnswers_IsNamedToo()
    {
        var random = new Random(6);
        bool[] rich = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble() < 0.7)];
        double[] weights = [.. rich.Select(r => (r ? 0.45 : 2.3) * (0.8 + 0.4 * random.NextDouble()))];
        double average = weights.Average();
        var table = new Table([Column("wt", 200, i => Math.Round(weights[i] / average, 4)),
            Column("income", 200, i => i % 9 == 4 ? None : (rich[i] ? 50 : 20) + 5 * Normal(random))]);
        Assert.Equal(ColumnRole.Weight, Role(table, "wt"));
    }
}
