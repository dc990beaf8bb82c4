using System.Globalization;
using System.Text.Json;

namespace Imputation.Tests.Cli;

public sealed class FillTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Out => _scratch.Path("out.csv");

    /// <summary>Counts and log-likelihoods from tests/References/mvn/ID.json.</summary>
    [Theory]
    [InlineData("bfi")]
    [InlineData("airquality")]
    [InlineData("boys_num")]
    [InlineData("chile_num")]
    public void RealData_AreCompletedAsTheReferencesSay(string id)
    {
        string input = Repository.Example(id + ".csv"), references = Path.Combine(Repository.Root, "tests", "References", "mvn");
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(references, id + ".json"))).RootElement;
        ImputeResult result = Impute.Run("fill", input, "--out", Out, "--json", _scratch.Path("s.json"), "--model-out",
            _scratch.Path("m.json"), "--ledger", _scratch.Path("l.csv"), "--method", "mean").Expect(0);

        int missing = expected.GetProperty("n_missing_cells").GetInt32();
        Assert.Equal(missing, CsvCells.AssertCompletes(input, Out));
        Assert.Equal(["l.csv", "m.json", "out.csv", "s.json"], _scratch.Names);
        Assert.Equal(missing, CsvCells.Read(_scratch.Path("l.csv")).Length - 1);

        // Conditional means at the maximum, to 1e-5 of a standard deviation: the promise at default settings.
        string[][] filled = CsvCells.Read(Out);
        string[] names = filled[0];
        double[] deviations = [.. expected.GetProperty("sigma").EnumerateArray().Select((row, j) => Math.Sqrt(row[j].GetDouble()))];
        foreach (string[] cell in CsvCells.Read(Path.Combine(references, id + ".imputed.csv")).Skip(1))
        {
            int j = Array.IndexOf(names, cell[1]);
            Assert.Equal(Number(cell[2]), Number(filled[int.Parse(cell[0], CultureInfo.InvariantCulture)][j]), 1e-5 * deviations[j]);
        }

        foreach (string file in (string[])["s.json", "m.json"])
        {
            JsonElement json = JsonDocument.Parse(File.ReadAllText(_scratch.Path(file))).RootElement;
            double logLikelihood = expected.GetProperty("loglik").GetDouble();
            Assert.Equal(logLikelihood, json.GetProperty("logLikelihood").GetDouble(), 1e-7 * Math.Abs(logLikelihood));
            Assert.Equal("Converged", json.GetProperty("outcome").GetString());
            Assert.Equal(missing, json.GetProperty("missingCells").GetInt32());
            Assert.Equal(expected.GetProperty("n_patterns").GetInt32(), json.GetProperty("patterns").GetInt32());
        }
        Assert.Contains("converged in", result.Text);
        Assert.Contains($"{missing:N0} cell", result.Text);
    }

    [Fact]
    public void Summary_FitsAScreen()
    {
        ImputeResult result = Impute.Run("fill", Repository.Example("bfi.csv"), "--out", Out).Expect(0);
        string[] lines = result.Text.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 5, 24);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        // mvn/bfi.json
        foreach (string text in (string[])["2,800 rows", "28 modelled", "731 of 78,400", "101 patterns", "-127928.0904", "education 223",
            "out.csv"])
            Assert.Contains(text, result.Text);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void NotConverged_IsWrittenMarkedAndExits4()
    {
        string input = Repository.Example("boys_num.csv");
        ImputeResult result = Impute.Run("fill", input, "--out", Out, "--max-iterations", "2").Expect(4).Says("NOT CONVERGED",
            "--max-iterations");
        Assert.Contains("NOT CONVERGED", result.Text);
        Assert.Equal(613, CsvCells.AssertCompletes(input, Out)); // n_missing_cells of boys_num
    }

    [Fact]
    public void Strict_RefusesWhatItWouldOtherwiseSay()
    {
        string input = Repository.Example("mammalsleep.csv");
        ImputeResult refused = Impute.Run("fill", input, "--out", Out, "--strict").Expect(5).Says("'ts'", "'sws'", "'ps'");
        Assert.Empty(refused.Output);
        Assert.Empty(_scratch.Names);
        ImputeResult told = Impute.Run("fill", input, "--out", Out).Expect(0);
        Assert.Contains("Warning", told.Text);
        CsvCells.AssertCompletes(input, Out);
    }

    [Fact]
    public void Strict_LetsAnUneventfulFitPass()
    {
        Impute.Run("fill", Repository.Example("airquality.csv"), "--out", Out, "--strict").Expect(0);
        Assert.True(File.Exists(Out));
    }

    [Fact]
    public void NoMaximum_WithoutPrior_IsBadData()
    {
        Impute.Run("fill", Repository.Example("mammalsleep.csv"), "--out", Out, "--prior", "none").Expect(3).Says("ts = sws + ps",
            "ridge:1");
        Assert.Empty(_scratch.Names);
    }

    [Fact]
    public void Bounds_Rounding_AndWholeNumbers_AreKeptAndCounted()
    {
        string input = Repository.Example("airquality.csv");
        ImputeResult result = Impute.Run("fill", input, "--out", Out, "--bounds", "Ozone=10..100", "--bounds", "Solar.R=50..", "--integer",
            "Ozone", "--round", "Solar.R", "--method", "mean").Expect(0);
        string[][] before = CsvCells.Read(input), after = CsvCells.Read(Out);
        for (int row = 1; row < before.Length; row++)
        {
            if (before[row][0] == "NA")
            {
                Assert.InRange(Number(after[row][0]), 10, 100);
                Assert.DoesNotContain('.', after[row][0]);
            }
            if (before[row][1] == "NA")
            {
                Assert.True(Number(after[row][1]) >= 50);
                Assert.DoesNotContain('.', after[row][1]); // the observed values have no decimals
            }
        }
        Assert.Contains("clamped to bounds", result.Text);
        Assert.Contains("rounded", result.Text);
    }

    [Fact]
    public void Draws_RepeatWithTheirSeed_AndDifferWithAnother()
    {
        string[] Draw(string seed, string threads)
        {
            Impute.Run("fill", Repository.Example("nhanes.csv"), "--out", Out, "--method", "draw", "--seed", seed, "--threads", threads)
                .Expect(0);
            return File.ReadAllLines(Out);
        }
        string[] first = Draw("7", "1");
        Assert.Equal(first, Draw("7", "2"));
        Assert.NotEqual(first, Draw("8", "1"));
    }

    [Fact]
    public void Columns_AreLeftOutOnRequest_AndSaidSo()
    {
        string input = _scratch.Write("in.csv", "id,age,bmi,name\n1,20,22.5,Ada\n2,NA,24,Bob\n3,40,NA,\n4,35,23,Cid\n5,28,27,Dee\n");
        ImputeResult result = Impute.Run("fill", input, "--out", Out, "--exclude", "name").Expect(0);
        Assert.Contains("2 modelled: age, bmi", result.Text);
        Assert.Contains("id: identifier", result.Text);
        Assert.Contains("name: not modelled", result.Text);
        Assert.Contains("name 1", result.Text); // still missing
        string[] lines = File.ReadAllLines(Out);
        Assert.Equal("1,20,22.5,Ada", lines[1]);
        Assert.Matches("^3,40,[0-9.]+,$", lines[3]);
    }

    [Fact]
    public void MissingCodes_AreFilled()
    {
        string input = _scratch.Write("in.csv", "age,income\n20,1000\n-99,1500\n40,-9\n35,1200\n28,-98\n31,-99\n");
        Impute.Run("fill", input, "--out", Out, "--missing", "-98,-99", "--missing-in", "income=-9").Expect(0);
        string[][] cells = CsvCells.Read(Out);
        Assert.All(cells.Skip(1).SelectMany(row => row), cell => Assert.False(cell.StartsWith("-9", StringComparison.Ordinal), cell));
    }

    [Fact]
    public void TheReport_SaysHowMuchMemoryWasUsed()
    {
        Impute.Run("fill", Repository.Example("bfi.csv"), "--out", Out, "--json", _scratch.Path("s.json")).Expect(0);
        JsonElement memory = JsonDocument.Parse(File.ReadAllText(_scratch.Path("s.json"))).RootElement.GetProperty("memory");
        long peak = memory.GetProperty("peakBytes").GetInt64(), matrix = memory.GetProperty("numericMatrixBytes").GetInt64();
        Assert.Equal(2800 * 28 * sizeof(double), matrix);
        Assert.InRange(peak, 10_000_000, 2_000_000_000); // a runtime of .NET, and not a count of kilobytes
        Assert.Equal((double)peak / matrix, memory.GetProperty("peakPerMatrix").GetDouble(), 1e-3);
    }

    [Fact]
    public void AFileTooLargeToBeKept_IsFilledTheSame()
    {
        string[] lines = [.. Enumerable.Range(0, 40).Select(row => $"{row % 7},{(row % 5 == 0 ? "NA" : row * row % 11)},")];
        string Text(string note) => $"a,b,note\n{string.Concat(lines.Select(line => $"{line}\"{note}\"\n"))}";
        string note = new('x', 500_000); // 20 MB in all
        Impute.Run("fill", _scratch.Write("small.csv", Text("#")), "--out", Out).Expect(0);
        string small = File.ReadAllText(Out);
        Impute.Run("fill", _scratch.Write("large.csv", Text(note)), "--out", Out).Expect(0);
        Assert.Equal(small.Replace("#", note), File.ReadAllText(Out));
        Assert.DoesNotContain("NA", small);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
