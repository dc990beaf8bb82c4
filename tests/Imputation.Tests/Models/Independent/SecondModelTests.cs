using System.Text;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Models.Registry;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Models.Independent;

/// <summary>A second model of under 300 lines fills, draws, is diagnosed, saved and applied, and nothing outside its folder names
/// it.</summary>
public class SecondModelTests
{
    private const string Survey = "sex,income,city\nf,10,Bonn\nm,NA,Köln\nNA,30,Köln\nf,20,NA\nm,NA,\"a, b\"\nf,15,Köln\n";

    private static Table Read() => CsvTable.Read(new MemoryStream(Encoding.UTF8.GetBytes(Survey)));

    private static string Written(Table table)
    {
        var stream = new MemoryStream();
        CsvTable.Write(stream, table);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public void Fills_TextAndNumbers_ObservedBytesStay()
    {
        ImputationResult done = Read().Impute(new IndependentOptions(), new FillOptions { Method = FillMethod.Mean });
        Assert.Equal("sex,income,city\nf,10,Bonn\nm,18.75,Köln\nf,30,Köln\nf,20,Köln\nm,18.75,\"a, b\"\nf,15,Köln\n", Written(done.Table));
        ImputedCell sex = Assert.Single(done.Cells, c => c.Column == "sex");
        Assert.Equal(("f", 3), (sex.Level, sex.Row));
        ImputedCell income = done.Cells.First(c => c.Column == "income");
        Assert.Equal(18.75, income.Value);
        Assert.Equal(18.75 + 1.959963984540054 * income.StandardDeviation, income.Upper, 1e-9);
    }

    [Fact]
    public void Draws_AreLevelsThatOccur_TheSameOnAnyThreads()
    {
        ImputationResult At(int threads) => Read().Impute(new IndependentOptions(), new FillOptions { Method = FillMethod.Draw },
            new RunOptions { Seed = 3, Threads = threads });
        Assert.Equal(Written(At(1).Table), Written(At(8).Table));
        Assert.All(At(1).Cells.Where(c => c.Column == "city"), c => Assert.Contains(c.Level, (string[])["Bonn", "Köln", "a, b"]));
    }

    [Fact]
    public void IsImputedSeveralTimes()
    {
        ImputationSet set = Read().ImputeMultiple(new MultipleOptions { Count = 5, Model = new IndependentOptions() });
        Assert.Equal(5, set.Select((_, done) => Written(done.Table)).Distinct().Count());
        Assert.All(set, done => Assert.Equal(0, done.StillMissingCount));
    }

    [Fact]
    public void IsDiagnosed_AndWhatNeedsMomentsSaysSo()
    {
        DiagnosticReport report = DiagnosticSuite.Default.Run(new DiagnosticContext(Read(),
            new DiagnosticOptions { Model = new IndependentOptions() }));
        Assert.DoesNotContain(report.Findings, f => f.Code == "diagnostic-failed");
        Assert.Contains("independent columns", report["comparison"]!.Result.Verdict);
    }

    [Fact]
    public void IsSavedAndApplied()
    {
        ModelRegistry models = ModelRegistry.Default.With(IndependentFit.Name, IndependentFit.Read);
        var file = new MemoryStream();
        ModelFile.Write(file, new IndependentOptions().Fit(Read()));
        FittedModel read = ModelFile.Read(new MemoryStream(file.ToArray()), "m.json", models);
        Assert.Equal(Written(Read().Impute(new IndependentOptions()).Table), Written(read.Impute(Read()).Table));

        var unknown = Assert.Throws<ImputationDataException>(() => ModelFile.Read(new MemoryStream(file.ToArray()), "m.json"));
        Assert.Contains("'model' is 'independent', expected 'normal'", unknown.Message);
    }

    [Fact]
    public void TakesFewerThan300Lines() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Imputation.Tests", "Models", "Independent",
            "IndependentModel.cs")).Length, 50, 299);
}
