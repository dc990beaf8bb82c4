using System.Text;
using Imputation.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Surveys;

/// <summary>Questions that were not asked: found where they were planted, not where people dropped out, left empty, and consistent with
/// filled gates.</summary>
public class SkipRuleTests
{
    /// <summary>The rules of a real survey, with the number of cells that must stay empty.</summary>
    [SharedFact("cases/data")]
    public void RiskFactors_HasSevenRules()
    {
        Table table = CsvTable.Read(Path.Combine(SharedFolder.Find("cases/data")!, "riskfactors_mixed.csv"));
        var survey = SurveyReading.Of(table);
        (string Column, string Rule, int Count)[] expected =
        [
            ("drink_average", "drink_any == 'Yes'", 132),
            ("drink_days", "drink_any == 'Yes'", 132),
            ("health_poor", "health_physical > 0 or health_mental > 0", 113),
            ("pregnant", "sex == 'Female' and age < 45", 215),
            ("smoke_days", "smoke_100 == 'Yes'", 126),
            ("smoke_last", "smoke_days == 'Not@All'", 159),
            ("smoke_stop", "smoke_days in ('Everyday', 'Somedays')", 210),
        ];
        Assert.Equal(expected.Select(e => (e.Column, e.Rule)), survey.SkipRules.Select(r => (r.Column, Sorted(r.Universe.ToString())))
            .OrderBy(r => r.Column, StringComparer.Ordinal));
        foreach ((string column, _, int count) in expected)
        {
            MissingMask mask = survey.Table[column].Mask;
            Assert.Equal(count, Enumerable.Range(0, mask.Count).Count(row => mask.Origin(row)?.Reason == MissingReason.NotAsked));
        }
        Assert.Contains(survey.Findings, f => f.Code == "answered-though-not-asked" && f.Sentence.Contains("8 rows have an answer"));
        Assert.Contains(survey.Findings, f =>
            f.Sentence.StartsWith("'drink_days' is missing in all 132 rows with drink_any = No and in none "
            + "of 111 with drink_any = Yes: not asked.", StringComparison.Ordinal));

        ImputationResult done = table.Impute();
        // At most two more of each: rows in which the gate was missing too, and was filled so that the question was not asked.
        foreach ((string column, _, int count) in expected) Assert.InRange(done.Table[column].MissingCount, count, count + 2);
        Assert.DoesNotContain(done.Cells, cell => survey.Table[cell.Column].Mask.Origin(cell.Row - 1)?.Reason == MissingReason.NotAsked);

        // The levels of 'in (...)' in the order of the alphabet.
        static string Sorted(string rule) => rule.Replace("('Somedays', 'Everyday')", "('Everyday', 'Somedays')");
    }

    /// <summary>Surveys with planted gates of every kind: all are found, and nothing that was not asked is filled.</summary>
    [Fact]
    public void PlantedGates_AreFound()
    {
        int planted = 0, found = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            (Table table, string universe) = Planted(seed);
            var survey = SurveyReading.Of(table);
            planted++;
            var truth = SurveyRule.Parse(universe);
            SkipRule? rule = survey.SkipRules.FirstOrDefault(r => r.Column == "answer");
            if (rule is null) continue;
            bool same = Enumerable.Range(0, table.RowCount).All(row => truth.Holds(table, row) is not { } holds
                || rule.Universe.Holds(table, row) is not { } claims || claims == holds);
            if (!same) continue;
            found++;
            ImputationResult done = table.Impute();
            Assert.DoesNotContain(done.Cells, cell => cell.Column == "answer" && truth.Holds(done.Table, cell.Row - 1) == false);
        }
        Assert.True(found >= 0.95 * planted, $"{found} of {planted} planted gates were found.");
    }

    /// <summary>Who gives a proposed codebook back has declared its rules, and is not advised to do so.</summary>
    [Fact]
    public void AProposal_GivenBack_IsConfirmed()
    {
        (Table table, _) = Planted(2);
        Assert.Equal([false], SurveyReading.Of(table).SkipRules.Select(r => r.IsDeclared));
        Codebook proposed = CodebookProposal.Of(table);
        Assert.All(proposed.Fields, f => Assert.NotEmpty(f.Evidence));

        Assert.Equal([true], SurveyReading.Of(table, proposed).SkipRules.Select(r => r.IsDeclared));
        FitReport report = table.Impute(new NormalOptions { Codebook = proposed }).Fit.Report;
        Finding finding = Assert.Single(report.Findings, f => f.Code == "not-asked");
        Assert.Equal(FindingSeverity.Note, finding.Severity);
        Assert.DoesNotContain("Declare", finding.Advice, StringComparison.Ordinal);
    }

    /// <summary>Clean surveys: holes by chance, by the values of other columns, and by people who leave.</summary>
    [Fact]
    public void NoGate_IsFoundInCleanSurveys()
    {
        var raised = new List<string>();
        for (int seed = 0; seed < 50; seed++)
            raised.AddRange(SurveyReading.Of(Clean(seed)).SkipRules.Select(r => $"{seed}: {r.Evidence}"));
        Assert.True(raised.Count <= 1, string.Join(Environment.NewLine, raised));
    }

    /// <summary>Where the gate is missing and its question was answered, the gate gets the value under which it was asked; where both are
    /// missing, what is filled is consistent.</summary>
    [Fact]
    public void AGateIsFilled_ConsistentlyWithItsQuestion()
    {
        var random = new Random(4);
        int n = 200;
        double[] gate = new double[n], answer = new double[n], other = new double[n];
        for (int i = 0; i < n; i++)
        {
            gate[i] = i % 2;
            other[i] = 2 * random.NextDouble() + gate[i];
            answer[i] = gate[i] == 1 ? 10 + 5 * other[i] : double.NaN;
            if (i % 10 == 5) gate[i] = double.NaN;         // asked, and answered
            if (i % 20 == 8) gate[i] = double.NaN;         // not asked
            if (i % 20 == 17) answer[i] = double.NaN;      // asked, not answered
            if (i == 99 || i == 98) (gate[i], answer[i]) = (double.NaN, double.NaN);
        }
        Table table = new([NumericColumn.Create("gate", ColumnKind.Integer, gate), NumericColumn.Number("answer", answer),
            NumericColumn.Number("other", other)]);
        ImputationResult done = table.Impute();
        double[] filledGate = ((NumericColumn)done.Table["gate"]).Values.ToArray(),
            filled = ((NumericColumn)done.Table["answer"]).Values.ToArray();
        for (int i = 0; i < n; i++)
        {
            if (i % 10 == 5) Assert.Equal(1, filledGate[i]);
            if (i % 20 == 17) Assert.False(double.IsNaN(filled[i]));
            Assert.Equal(double.IsNaN(filled[i]), filledGate[i] != 1);
        }
        Assert.All(done.Cells.Where(c => c.Column == "gate" && (c.Row - 1) % 10 == 5), c => Assert.Equal(CellNotes.Implied,
            c.Notes & CellNotes.Implied));
        using var ledger = new MemoryStream();
        LedgerFile.Write(ledger, done.Cells);
        string[] lines = Encoding.UTF8.GetString(ledger.ToArray()).Split('\n');
        Assert.StartsWith("6,gate,mean,1,", Assert.Single(lines, line => line.StartsWith("6,gate,", StringComparison.Ordinal)));
        Assert.Equal(n / 10, lines.Count(line => line.Contains("implied", StringComparison.Ordinal)));
        Assert.Equal(0, table.Impute(fill: new FillOptions { FillNotAsked = true }).Table["answer"].MissingCount);
    }

    private static (Table, string) Planted(int seed)
    {
        var random = new Random(seed);
        int n = 80 + random.Next(300);
        string[] levels = ["never", "sometimes", "often", "always"];
        string?[] text = [.. Enumerable.Range(0, n).Select(_ => levels[random.Next(4)])];
        double[] flag = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(2))],
            count = [.. Enumerable.Range(0, n).Select(_ => random.Next(2) == 0 ? 0.0 : 1 + random.Next(40))],
            age = [.. Enumerable.Range(0, n).Select(_ => 18.0 + random.Next(60))],
            size = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
        string universe = (seed % 6) switch
        {
            0 => "text == 'often'",
            1 => "text in ('often', 'always')",
            2 => "flag == 1",
            3 => "count > 0",
            4 => "flag == 1 and age < 50",
            _ => "count > 0 or flag == 1",
        };
        var rule = SurveyRule.Parse(universe);
        Table gates = new([TextColumn.Create("text", text), NumericColumn.Create("flag", ColumnKind.Integer, flag),
            NumericColumn.Create("count", ColumnKind.Integer, count), NumericColumn.Create("age", ColumnKind.Integer, age),
            NumericColumn.Number("size", size)]);
        double[] answer = [.. Enumerable.Range(0, n).Select(row => rule.Holds(gates, row) == true && random.NextDouble() > 0.15
            ? size[row] + random.NextDouble() : double.NaN)];
        for (int row = 0; row < n; row++)
            if (random.NextDouble() < 0.05) size[row] = double.NaN;
        return (new Table([.. gates.Columns.SkipLast(1), NumericColumn.Number("size", size), NumericColumn.Number("answer", answer)]),
            universe);
    }

    private static Table Clean(int seed)
    {
        var random = new Random(1000 + seed);
        int n = 60 + random.Next(400);
        double[] group = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(4))],
            age = [.. Enumerable.Range(0, n).Select(_ => 18.0 + random.Next(60))];
        double[][] items = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, n).Select(_ => 1.0 + random.Next(5)).ToArray())];
        for (int row = 0; row < n; row++)
        {
            int left = random.NextDouble() < 0.2 ? random.Next(6) : 6; // people who leave
            for (int j = 0; j < 6; j++)
            {
                double risk = 0.05 + 0.1 * group[row] * (j % 2) + (age[row] > 60 ? 0.3 : 0);
                if (j >= left || random.NextDouble() < risk) items[j][row] = double.NaN;
            }
        }
        string?[] place = [.. Enumerable.Range(0, n).Select(_ => random.Next(10) == 0 ? null : "place " + random.Next(5))];
        return new Table([NumericColumn.Create("group", ColumnKind.Integer, group), NumericColumn.Create("age", ColumnKind.Integer, age),
            TextColumn.Create("place", place), .. items.Select((x, j) => NumericColumn.Create($"item{j}", ColumnKind.Integer, x))]);
    }
}
