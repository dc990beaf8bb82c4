using System.Text.Json;

namespace Imputation.Tests.Cli;

/// <summary>fill --model auto: models compared by hidden cells.</summary>
public sealed class BestModelTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private ImputeResult Fill(params string[] options) => Impute.Run(["fill", Repository.Example("airquality.csv"), "--out",
        _scratch.Path("out.csv"), "--model", "auto", .. options]);

    /// <summary>The table is printed, is in the JSON report and on the page, and the file is filled from the model with the
    /// arrow.</summary>
    [Fact]
    public void TheComparison_IsPrinted_AndInTheReports()
    {
        ImputeResult result = Fill("--json", _scratch.Path("r.json"), "--report", _scratch.Path("r.html"), "--model-out",
            _scratch.Path("m.json")).Expect(0);
        CsvCells.AssertCompletes(Repository.Example("airquality.csv"), _scratch.Path("out.csv"));
        string arrow = Assert.Single(result.Text.Split('\n'), l => l.TrimStart().StartsWith("-> ", StringComparison.Ordinal));
        JsonElement json = JsonDocument.Parse(File.ReadAllText(_scratch.Path("r.json"))).RootElement;
        JsonElement choice = json.GetProperty("choice");
        JsonElement[] candidates = [.. choice.GetProperty("candidates").EnumerateArray()];
        Assert.Equal("normal", candidates[0].GetProperty("model").GetString());
        Assert.True(candidates.Length >= 5);
        JsonElement best = candidates.Single(c => c.GetProperty("model").GetString() == choice.GetProperty("best").GetString());
        Assert.Equal(candidates.Where(c => c.GetProperty("loss").ValueKind == JsonValueKind.Number)
            .Min(c => c.GetProperty("loss").GetDouble()), best.GetProperty("loss").GetDouble());
        // Combined they predict better than the normal model alone.
        Assert.True(choice.GetProperty("combined").GetBoolean());
        Assert.Equal("stack", candidates[^1].GetProperty("model").GetString());
        Assert.True(candidates[^1].GetProperty("numberError").GetDouble() < candidates[0].GetProperty("numberError").GetDouble());
        Assert.Contains("stack", arrow);
        Assert.Equal("stack", json.GetProperty("model").GetString());
        Assert.Contains("Weights of the combined models", File.ReadAllText(_scratch.Path("r.html")));
        Assert.Contains("Models compared", File.ReadAllText(_scratch.Path("r.html")));
        // The model file alone is enough to fill again.
        Impute.Run("apply", _scratch.Path("m.json"), Repository.Example("airquality.csv"), "--out", _scratch.Path("again.csv")).Expect(0);
        Assert.Equal(File.ReadAllText(_scratch.Path("out.csv")), File.ReadAllText(_scratch.Path("again.csv")));
    }

    [Fact]
    public void Best_TakesOneOfThem()
    {
        ImputeResult result = Impute.Run("fill", Repository.Example("airquality.csv"), "--out", _scratch.Path("out.csv"), "--model", "best",
            "--model-out", _scratch.Path("m.json")).Expect(0);
        string arrow = Assert.Single(result.Text.Split('\n'), l => l.TrimStart().StartsWith("-> ", StringComparison.Ordinal));
        JsonElement json = JsonDocument.Parse(File.ReadAllText(_scratch.Path("m.json"))).RootElement;
        Assert.False(json.GetProperty("choice").GetProperty("combined").GetBoolean());
        Assert.Contains(json.GetProperty("choice").GetProperty("best").GetString()!, arrow);
        Assert.StartsWith(json.GetProperty("model").GetString()!, json.GetProperty("choice").GetProperty("best").GetString());
    }

    [Fact]
    public void APriorOfOnesOwn_IsRefused_WithWhatToDo()
    {
        ImputeResult result = Fill("--prior", "ridge:1").Expect(2);
        Assert.Contains("--model auto chooses the prior of each model too; leave out --prior, or name a model.", result.Error);
    }

    /// <summary>Every model file has the information criteria, by which anyone can compare.</summary>
    [Theory]
    [InlineData("normal", 14)]
    [InlineData("t", 15)]
    [InlineData("factor:1", 12)]
    public void ModelFiles_HaveTheInformationCriteria(string model, int parameters)
    {
        Impute.Run("fit", Repository.Example("airquality.csv"), "--out", _scratch.Path("m.json"), "--model", model, "--columns",
            "Ozone,Solar.R,Wind,Temp").Expect(0);
        JsonElement json = JsonDocument.Parse(File.ReadAllText(_scratch.Path("m.json"))).RootElement;
        double likelihood = json.GetProperty("logLikelihood").GetDouble(), rows = json.GetProperty("rows").GetDouble();
        Assert.Equal(parameters, json.GetProperty("parameterCount").GetInt32());
        Assert.Equal(-2 * likelihood + 2 * parameters, json.GetProperty("aic").GetDouble(), 1e-9);
        Assert.Equal(-2 * likelihood + parameters * Math.Log(rows), json.GetProperty("bic").GetDouble(), 1e-9);
    }
}
