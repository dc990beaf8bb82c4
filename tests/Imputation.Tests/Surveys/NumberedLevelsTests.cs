namespace Imputation.Tests.Surveys;

/// <summary>Levels that are numbered in their names are in order where other columns say so.</summary>
public class NumberedLevelsTests
{
    private static Table Children(int seed, bool ordered)
    {
        var random = new Random(seed);
        int n = 200;
        double[] age = [.. Enumerable.Range(0, n).Select(_ => 1 + 19 * random.NextDouble())];
        // Stages of growth go with age; of regions each has its own age.
        double[] shift = [2, 9, 0, 7, 4];
        int[] level = [.. age.Select(a => ordered ? (int)Math.Clamp(a / 4 + random.NextDouble() - 0.5, 0, 4) : random.Next(5))];
        return new Table([NumericColumn.Number("age", [.. age.Select((a, i) => ordered ? a : a + shift[level[i]])]),
            TextColumn.Create("stage", [.. level.Select((k, i) => i % 7 == 0 ? null : $"G{8 + k}")])]);
    }

    [Fact]
    public void LevelsThatGoWithANumber_AreInOrder()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var survey = SurveyReading.Of(Children(seed, ordered: true));
            Categories levels = survey.Table["stage"].Categories!;
            Assert.True(levels.IsOrdered);
            Assert.Equal(["G8", "G9", "G10", "G11", "G12"], levels.Levels.Select(l => (string)l.Value));
            Assert.Contains(survey.Findings, f => f.Code == "levels-in-order" && f.Sentence.Contains("'age'", StringComparison.Ordinal));
            Assert.Equal(Measure.Ordinal, CodebookProposal.Of(Children(seed, ordered: true))["stage"]!.Measure);
        }
    }

    /// <summary>Stages in Roman numbers, bands of ages, and answers that begin with their number.</summary>
    [Theory]
    [InlineData("I", "II", "III", "IV", "V")]
    [InlineData("Stage V", "Stage VI", "Stage VII", "Stage VIII", "Stage IX")]
    [InlineData("5-14", "15-24", "25-34", "35-64", "65+")]
    [InlineData("1 = never", "2 = seldom", "3 = sometimes", "4 = often", "10 = always")]
    public void RomanNumbers_AndNumbersAtTheStart_AreInOrder(params string[] written)
    {
        Table children = Children(3, ordered: true);
        Column stage = children["stage"];
        var table = new Table([children["age"], TextColumn.Create("stage", [.. Enumerable.Range(0, stage.Count)
            .Select(row => stage.Value(row) is string level ? written[int.Parse(level[1..]) - 8] : null)])]);
        Categories levels = SurveyReading.Of(table).Table["stage"].Categories!;
        Assert.True(levels.IsOrdered);
        Assert.Equal(written, levels.Levels.Select(l => (string)l.Value));
    }

    [Fact]
    public void NumberedRegions_AreNot()
    {
        int ordered = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            var survey = SurveyReading.Of(Children(seed, ordered: false));
            ordered += survey.Table["stage"].Categories!.IsOrdered ? 1 : 0;
        }
        Assert.Equal(0, ordered);
        var codebook = new Codebook([new CodebookField("stage") { Measure = Measure.Nominal }]);
        Assert.False(SurveyReading.Of(Children(1, ordered: true), codebook).Table["stage"].Categories!.IsOrdered);
    }
}
