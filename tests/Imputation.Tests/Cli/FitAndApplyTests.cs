using System.Globalization;
using System.Text.Json;

namespace Imputation.Tests.Cli;

public sealed class FitAndApplyTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Model => _scratch.Path("m.json");

    private string Out => _scratch.Path("out.csv");

    [Fact]
    public void FitThenApply_FillsAsFillDoes()
    {
        string input = Repository.Example("nhanes.csv");
        Impute.Run("fit", input, "--out", Model).Expect(0);
        Impute.Run("apply", Model, input, "--out", Out).Expect(0);
        Impute.Run("fill", input, "--out", _scratch.Path("filled.csv"), "--model-out", _scratch.Path("m2.json")).Expect(0);
        Assert.Equal(File.ReadAllText(_scratch.Path("filled.csv")), File.ReadAllText(Out));
        Assert.Equal(File.ReadAllText(_scratch.Path("m2.json")), File.ReadAllText(Model));
    }

    [Fact]
    public void Model_HasWhatTheFormatPromises()
    {
        Impute.Run("fit", Repository.Example("nhanes.csv"), "--out", Model, "--restarts", "3").Expect(0);
        JsonElement json = JsonDocument.Parse(File.ReadAllText(Model)).RootElement;
        Assert.Equal("imputation/model", json.GetProperty("format").GetString());
        Assert.Equal(1, json.GetProperty("version").GetInt32());
        Assert.Equal("normal", json.GetProperty("model").GetString());
        foreach (string member in (string[])["columns", "mean", "covariance", "logLikelihood", "objective", "rows", "observedCells",
            "missingCells", "patterns", "iterations", "evaluations", "outcome", "rate", "remaining", "scoreNorm", "prior", "restarts",
            "trace", "source"])
            Assert.True(json.TryGetProperty(member, out _), member);
        Assert.Equal("nhanes.csv", json.GetProperty("source").GetProperty("file").GetString());
        string sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            File.ReadAllBytes(Repository.Example("nhanes.csv"))));
        Assert.Equal(sha, json.GetProperty("source").GetProperty("sha256").GetString());
    }

    [Theory]
    [InlineData("factor:1", "factor")]
    [InlineData("factor", "factor")]
    [InlineData("t", "t")]
    public void OtherModels_AreFittedAppliedAndFilledAlike(string model, string name)
    {
        string input = Repository.Example("airquality.csv");
        Impute.Run("fit", input, "--model", model, "--out", Model).Expect(0);
        Impute.Run("apply", Model, input, "--out", Out).Expect(0);
        Impute.Run("fill", input, "--model", model, "--out", _scratch.Path("filled.csv")).Expect(0);
        Assert.Equal(File.ReadAllText(_scratch.Path("filled.csv")), File.ReadAllText(Out));
        Assert.Equal(name, JsonDocument.Parse(File.ReadAllText(Model)).RootElement.GetProperty("model").GetString());
        Assert.Contains("factor:Q", Impute.Run("fit", input, "--model", "factor:x", "--out", Model).Expect(2).Error);
    }

    [Fact]
    public void Murray_HasTwoMaxima()
    {
        // mvn/murray_bimodal.json: variances 8/3, correlation ±1/2, log-likelihood -29.97429; the saddle between them has -30.03334.
        ImputeResult result = Impute.Run("fit", Repository.Example("murray_bimodal.csv"), "--out", Model, "--restarts", "10", "--prior",
            "none").Expect(0);
        JsonElement json = JsonDocument.Parse(File.ReadAllText(Model)).RootElement;
        Assert.Equal(-29.97429, json.GetProperty("logLikelihood").GetDouble(), 1e-5);
        Assert.Contains("2 distinct points", result.Text);
    }

    [Fact]
    public void Apply_TakesColumnsInAnyOrder_AndNamesThoseAbsentAndExtra()
    {
        Impute.Run("fit", Repository.Example("nhanes.csv"), "--out", Model, "--quiet").Expect(0);
        string input = _scratch.Write("new.csv", "chl,shoe,age\n,42,1\n200,,2\n");
        ImputeResult result = Impute.Run("apply", Model, input, "--out", Out).Expect(0);
        Assert.Contains("bmi, hyp", result.Text);
        Assert.Contains("shoe", result.Text);
        string[] lines = File.ReadAllLines(Out);
        Assert.Equal("chl,shoe,age", lines[0]);
        Assert.Matches("^[0-9.]+,42,1$", lines[1]);
        Assert.Equal("200,,2", lines[2]);
        double chl = double.Parse(lines[1].Split(',')[0], CultureInfo.InvariantCulture);
        Assert.InRange(chl, 100, 300); // chl of nhanes lies between 113 and 284
    }

    [Fact]
    public void Apply_WarnsOfAnAllBlankRow_AsFillDoes()
    {
        string input = _scratch.Write("blank.csv", File.ReadAllText(Repository.Example("nhanes.csv")) + "NA,NA,NA,NA\n");
        ImputeResult fill = Impute.Run("fill", input, "--out", Out, "--model-out", Model).Expect(0);
        ImputeResult apply = Impute.Run("apply", Model, input, "--out", Out).Expect(0);
        Assert.Contains("1 row has no observed value", fill.Text);
        Assert.Contains("1 row has no observed value", apply.Text);
        Assert.DoesNotContain("no observed value", Impute.Run("apply", Model, Repository.Example("nhanes.csv"), "--out", Out).Expect(0)
            .Text);
    }

    [Fact]
    public void FilledCells_AreNeverWrittenAsMinusZero_AndObservedOnesAsTheyWere()
    {
        string input = _scratch.Write("zeros.csv", "zero,x,s,t\n" + string.Concat(Enumerable.Range(0, 40).Select(i =>
            $"{(i % 9 == 4 ? "NA" : "-0")},{i % 7},{i % 8 - 3},"
            + $"{(i is 3 or 11 ? "NA" : i % 8 == 3 ? "-0" : (3 - i % 8).ToString(CultureInfo.InvariantCulture))}\n")));
        Impute.Run("fill", input, "--out", Out, "--integer", "t").Expect(0);
        string[][] before = CsvCells.Read(input), after = CsvCells.Read(Out);
        Assert.All(before.Zip(after), row => Assert.All(row.First.Zip(row.Second),
            cell => Assert.Equal(cell.First == "NA" ? "0" : cell.First, cell.Second)));
    }

    [Fact]
    public void Apply_LeavesExcludedColumnsAlone()
    {
        Impute.Run("fit", Repository.Example("nhanes.csv"), "--out", Model, "--quiet").Expect(0);
        Impute.Run("apply", Model, Repository.Example("nhanes.csv"), "--out", Out, "--exclude", "chl").Expect(0);
        string[][] before = CsvCells.Read(Repository.Example("nhanes.csv")), after = CsvCells.Read(Out);
        Assert.Equal(before.Select(row => row[3]), after.Select(row => row[3])); // chl
        Assert.DoesNotContain("NA", after.SelectMany(row => row[..3]));
    }

    [Fact]
    public void Apply_ToATableWithNoneOfItsColumns_IsBadData()
    {
        Impute.Run("fit", Repository.Example("nhanes.csv"), "--out", Model, "--quiet").Expect(0);
        string input = _scratch.Write("new.csv", "x,y\n1,2\n2,NA\n");
        Impute.Run("apply", Model, input, "--out", Out).Expect(3).Says("'chl'");
        Assert.False(File.Exists(Out));
    }

    [Fact]
    public void ModelFromStandardInput_IsRead()
    {
        ImputeResult fit = Impute.Run("fit", Repository.Example("nhanes.csv"), "--out", "-").Expect(0);
        Impute.Run(["apply", "-", Repository.Example("nhanes.csv"), "--out", Out], fit.Output).Expect(0);
        Assert.Equal(27, CsvCells.AssertCompletes(Repository.Example("nhanes.csv"), Out));
    }
}
