namespace Imputation.Tests.Surveys;

/// <summary>What the detectors find in a family of surveys with planted codes, gates, groups and weights, and in clean ones.</summary>
public class PlantedSurveyTests
{
    [Fact]
    public void WhatIsPlanted_IsFound_AndNothingElse()
    {
        var missed = new List<string>();
        var alarms = new List<string>();
        int planted = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var survey = PlantedSurvey.Of(seed);
            Found found = Found.In(survey.Table);
            foreach ((string kind, HashSet<string> those, HashSet<string> seen) in new[] { ("code", survey.Codes, found.Codes),
                ("gate", survey.Gates, found.Gates), ("group", survey.Groups, found.Groups), ("weight", survey.Weights, found.Weights) })
            {
                planted += those.Count;
                missed.AddRange(those.Except(seen).Select(name => $"{seed}: {kind} of {name}"));
                alarms.AddRange(seen.Except(those).Select(name => $"{seed}: {kind} of {name}"));
            }
        }
        Assert.True(planted > 200);
        Assert.True(missed.Count <= 0.05 * planted, $"{missed.Count} of {planted} missed: {string.Join("; ", missed)}");
        Assert.True(alarms.Count <= 1, string.Join("; ", alarms));
    }

    [Fact]
    public void CleanSurveys_RaiseNothing()
    {
        var alarms = new List<string>();
        for (int seed = 0; seed < 50; seed++)
        {
            Found found = Found.In(PlantedSurvey.Of(seed, clean: true).Table);
            alarms.AddRange(new[] { found.Codes, found.Gates, found.Groups, found.Weights }
                .SelectMany(names => names.Select(name => $"{seed}: {name}")));
        }
        Assert.True(alarms.Count <= 1, string.Join("; ", alarms));
    }

    private sealed record Found(HashSet<string> Codes, HashSet<string> Gates, HashSet<string> Groups, HashSet<string> Weights)
    {
        public static Found In(Table table)
        {
            var reading = SurveyReading.Of(table);
            return new Found([.. reading.Suspects.Select(s => s.Column.Name)], [.. reading.SkipRules.Select(r => r.Column)],
                [.. reading.Groups.Select(g => g.Key)],
                [.. reading.Findings.Where(f => f.Code == "looks-like-weight").Select(f => f.Columns[0])]);
        }
    }
}
