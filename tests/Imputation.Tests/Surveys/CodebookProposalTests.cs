namespace Imputation.Tests.Surveys;

/// <summary>Proposals for what a given codebook leaves open, and codebooks that describe more than the table has.</summary>
public class CodebookProposalTests
{
    private static readonly Table s_table = new([
        NumericColumn.Create("gate", ColumnKind.Integer, [.. Enumerable.Range(0, 60).Select(i => i % 2 + 1.0)]),
        NumericColumn.Create("asked", ColumnKind.Integer, [.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? 3 * i : double.NaN)]),
        NumericColumn.Create("code", ColumnKind.Integer, [.. Enumerable.Range(0, 60).Select(i => i % 9 == 0 ? -99 : i % 7 + 1.0)]),
        NumericColumn.Number("size", [.. Enumerable.Range(0, 60).Select(i => i * 0.37)]),
    ]);

    [Fact]
    public void WhatIsGiven_IsKept_AndTheRestIsProposed()
    {
        var given = new Codebook(
        [
            new CodebookField("elsewhere") { Title = "No column" },
            new CodebookField("asked") { Title = "Asked", Bounds = new Bounds(0, 200) },
            new CodebookField("gate")
            {
                Title = "Gate",
                Measure = Measure.Nominal,
                Categories = new Categories([new Category(1.0, "yes"), new Category(2.0, "no")]),
            },
        ])
        { Findings = [new Finding(FindingSeverity.Note, "told", "Something.", [])] };
        Codebook proposed = CodebookProposal.Of(s_table, given);
        Assert.Equal(["elsewhere", "asked", "gate", "code", "size"], proposed.Fields.Select(f => f.Name));
        Assert.Same(given["elsewhere"], proposed["elsewhere"]);
        Assert.Equal(given["gate"], proposed["gate"]);
        CodebookField asked = proposed["asked"]!;
        Assert.Equal(("Asked", Measure.Count, new Bounds(0, 200), "gate == 1"), (asked.Title, asked.Measure, asked.Bounds,
            asked.Universe?.ToString()));
        Assert.Contains("missing in all 30 rows", asked.Evidence);
        Assert.Equal("-99", Assert.Single(proposed["code"]!.Missing).Value);
        Assert.NotEmpty(proposed["size"]!.Evidence);
        Assert.Equal("told", Assert.Single(proposed.Findings).Code);

        // A rule that is given is not replaced by the one that the data suggest.
        var ruled = new Codebook([new CodebookField("asked") { Universe = SurveyRule.Parse("size >= 0") }]);
        Assert.Equal("size >= 0", CodebookProposal.Of(s_table, ruled)["asked"]!.Universe!.ToString());
    }

    [Fact]
    public void AUniverseOfAColumnThatIsAbsent_IsAWarning_AndTheCellsAreFilled()
    {
        Table table = new([NumericColumn.Number("x", [.. Enumerable.Range(0, 40).Select(i => i % 7 + 0.1 * i)]),
            NumericColumn.Number("y", [.. Enumerable.Range(0, 40).Select(i => i % 10 == 3 ? double.NaN : i % 5 + i)])]);
        var codebook = new Codebook([new CodebookField("y") { Universe = SurveyRule.Parse("gate == 1 and xx > 0") }]);
        ImputationResult done = table.Impute(new NormalOptions { Codebook = codebook });
        Finding finding = Assert.Single(done.Fit.Report.Findings, f => f.Code == "universe-column-absent");
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains("The universe of 'y' in the codebook, gate == 1 and xx > 0, reads 'gate' and 'xx', which the table does not have",
            finding.Sentence);
        Assert.Equal(0, done.Table["y"].MissingCount);
        // A rule for a column that is absent itself concerns nobody.
        var other = new Codebook([new CodebookField("z") { Universe = SurveyRule.Parse("gate == 1") }]);
        Assert.DoesNotContain(SurveyReading.Of(table, other).Findings, f => f.Code == "universe-column-absent");
    }

    /// <summary>Files with the labels of levels in their cells are read by a codebook with values and labels, and its rules hold in
    /// them.</summary>
    [Fact]
    public void CellsWithLabels_AreLevels()
    {
        var levels = new Categories([new Category(1.0, "low"), new Category(2.0, "middle"), new Category(10.0, "high")], isOrdered: true);
        var codebook = new Codebook([new CodebookField("level") { Measure = Measure.Ordinal, Categories = levels },
            new CodebookField("y") { Universe = SurveyRule.Parse("level >= 2") }]);
        Table table = new([TextColumn.Create("level", ["low", "high", null, "low", "middle"]), NumericColumn.Number("y", [double.NaN,
            double.NaN, double.NaN, 1, 2])]);
        var survey = SurveyReading.Of(table, codebook);
        Assert.DoesNotContain(survey.Findings, f => f.Code == "values-not-in-codebook");
        Assert.Equal(["low", "middle", "high"], survey.Table["level"].Categories!.Levels.Select(l => l.Value));
        MissingMask mask = survey.Table["y"].Mask;
        Assert.Equal([MissingReason.NotAsked, MissingReason.Nonresponse, MissingReason.Nonresponse],
            Enumerable.Range(0, 3).Select(row => mask.Origin(row)!.Value.Reason));
    }
}
