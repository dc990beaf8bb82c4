namespace Imputation.Tests.Surveys;

/// <summary>Codes among measurements: the planted ones are named, clean columns raise nothing.</summary>
public class CodeFinderTests
{
    /// <summary>Families of codes above and below scales, counts and amounts.</summary>
    [Theory]
    [InlineData("scale4", "8,9")]
    [InlineData("scale5", "7,8,9")]
    [InlineData("scale5", "9")]
    [InlineData("scale7", "77,88,99")]
    [InlineData("scale7", "97,98,99")]
    [InlineData("age", "-77,-88,-99")]
    [InlineData("age", "-7,-9")]
    [InlineData("age", "777,888,999")]
    [InlineData("income", "888888,999999")]
    [InlineData("income", "888888,988888,999999")]
    [InlineData("income", "-99")]
    [InlineData("hours", "98,99")]
    public void PlantedCodes_AreNamed(string body, string codes)
    {
        double[] planted = [.. codes.Split(',').Select(c => double.Parse(c, System.Globalization.CultureInfo.InvariantCulture))];
        var missed = new List<string>();
        for (int seed = 0; seed < 20; seed++)
        {
            double[] x = Body(body, seed, 300);
            var random = new Random(seed + 77);
            // A spike has to stand out from its neighbours.
            foreach (int row in Enumerable.Range(0, 300))
                if (random.NextDouble() < (body == "hours" ? 0.2 : 0.12)) x[row] = planted[random.Next(planted.Length)];
            var survey = SurveyReading.Of(new Table([NumericColumn.Create("x", ColumnKind.Integer, x)]));
            Finding? finding = survey.Findings.FirstOrDefault(f => f.Code == "suspicious-code");
            string[] occurring = [.. planted.Where(x.Contains).Order().Select(c => c.ToString("R",
                System.Globalization.CultureInfo.InvariantCulture))];
            if (finding is null
                || !finding.Advice.Split('"')[1]["x=".Length..].Split(',').Order().SequenceEqual(occurring.Order()))
                missed.Add($"{seed}: {finding?.Advice ?? "nothing"}");
        }
        Assert.True(missed.Count <= 1, string.Join(Environment.NewLine, missed));
    }

    [Fact]
    public void ASingleCode_ThatRecursInOtherColumns_IsNamed()
    {
        double[][] x = [.. Enumerable.Range(0, 3).Select(j => Body("age", j, 200))];
        foreach (int row in new[] { 3, 50, 90 }) x[0][row] = x[1][row] = -7;
        x[2][10] = -7;
        var survey = SurveyReading.Of(new Table(x.Select((v, j) => NumericColumn.Create($"v{j}", ColumnKind.Integer, v))));
        Assert.Equal(["v0", "v1", "v2"], survey.Findings.Where(f => f.Code == "suspicious-code").SelectMany(f => f.Columns).Order());
    }

    /// <summary>50 clean files of Likert items, ages, skewed incomes, counts and temperatures.</summary>
    [Fact]
    public void CleanColumns_RaiseNothing()
    {
        var raised = new List<string>();
        string[] bodies = ["scale4", "scale5", "scale7", "scale9", "nps", "age", "income", "count", "temperature", "percent", "month",
            "year"];
        for (int seed = 0; seed < 50; seed++)
        {
            int n = 60 + 10 * seed;
            Table table = new(bodies.Select(b => NumericColumn.Create(b, b is "temperature" ? ColumnKind.Number : ColumnKind.Integer,
                Body(b, 100 + seed, n))));
            raised.AddRange(SurveyReading.Of(table).Findings.Where(f => f.Code == "suspicious-code").Select(f => $"{seed}: {f.Sentence}"));
        }
        Assert.True(raised.Count <= 1, string.Join(Environment.NewLine, raised));
    }

    /// <summary>The line of the message, pasted, declares the codes: what it names is missing then.</summary>
    [Fact]
    public void DeclaredCodes_AreNotNamedAgain()
    {
        double[] x = Body("scale4", 1, 100);
        for (int row = 0; row < 100; row += 9) x[row] = 9;
        Table table = new([NumericColumn.Create("x", ColumnKind.Integer, x)]);
        var codebook = new Codebook([new CodebookField("x") { Missing = [new MissingCode("9", "refused")] }]);
        var survey = SurveyReading.Of(table, codebook);
        Assert.Empty(survey.Findings);
        Assert.Equal(12, survey.Table["x"].MissingCount);
        Assert.Equal("9 (refused)", survey.Table["x"].Mask.Origin(0)!.Value.ToString());
    }

    private static double[] Body(string body, int seed, int n)
    {
        var random = new Random(seed * 31 + body.Length * 7 + body[0]);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, n).Select(_ => body switch
        {
            "scale4" => Math.Clamp(Math.Round(2.5 + Normal()), 1, 4),
            "scale5" => Math.Clamp(Math.Round(3 + Normal()), 1, 5),
            "scale7" => Math.Clamp(Math.Round(4 + 1.5 * Normal()), 1, 7),
            "scale9" => Math.Clamp(Math.Round(5 + 2 * Normal()), 1, 9),
            "nps" => Math.Clamp(Math.Round(7 + 2 * Normal()), 0, 10),
            "age" => 18 + Math.Floor(72 * Math.Pow(random.NextDouble(), 1.3)),
            "income" => Math.Round(Math.Exp(10 + 0.6 * Normal()), 0),
            "count" => Math.Floor(-2 * Math.Log(1 - random.NextDouble())),
            "temperature" => Math.Round(5 + 8 * Normal(), 1),
            "percent" => Math.Floor(101 * random.NextDouble()),
            "month" => 1 + random.Next(12),
            "hours" => Math.Floor(98 * random.NextDouble()),
            _ => 1950 + random.Next(60),
        })];
    }
}
