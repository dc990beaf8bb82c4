using System.Globalization;
using Imputation.Cli.Output;

namespace Imputation.Tests.Cli;

/// <summary>What the command says of wide tables.</summary>
public sealed class WideTableTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(9.9, null)]
    [InlineData(11, "600 rows, 400 columns: the fit is expected to take about 10 seconds.")]
    [InlineData(88, "600 rows, 400 columns: the fit is expected to take about 90 seconds.")]
    [InlineData(170, "600 rows, 400 columns: the fit is expected to take about 3 minutes.")]
    [InlineData(1000, "600 rows, 400 columns: the fit is expected to take about 15 minutes.")]
    [InlineData(20_000, "600 rows, 400 columns: the fit is expected to take about 6 hours.")]
    public void LongFits_AreAnnounced(double seconds, string? expected) => Assert.Equal(expected is null ? null : "impute: " + expected,
        Progress.Announcement(new EmForecast(600, 400, TimeSpan.FromSeconds(seconds))));

    [Fact]
    public void FilledUnderARidge_AndTheSummarySaysWhy()
    {
        string input = Write(rows: 40, columns: 30, hole: 7);
        ImputeResult result = Impute.Run("fill", input, "--out", _scratch.Path("out.csv")).Expect(0);
        // Nothing predicts anything here.
        Assert.Matches(@"Prior +ridge:\d{3,5}: as strong as", result.Text);
        Assert.Contains("(auto: few rows; predicts hidden cells best)", result.Text);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void FarTooWide_IsRefusedAtOnce_AndSaysWhatToDo()
    {
        string input = Write(rows: 4, columns: 2501, hole: 11);
        ImputeResult result = Impute.Run("fill", input, "--out", _scratch.Path("out.csv")).Expect(3);
        Assert.Contains("2,501 columns would be modelled, and the normal model takes 2,500 at most", result.Error);
        Impute.Run("fill", input, "--out", _scratch.Path("out.csv"), "--columns", "x1,x2").Expect(0);
    }

    private string Write(int rows, int columns, int hole)
    {
        string path = _scratch.Path("wide.csv");
        var random = new Random(2);
        string Cell(int i, int j) => (i + j) % hole == 0 ? "" : random.NextDouble().ToString("F4", CultureInfo.InvariantCulture);
        int[] all = [.. Enumerable.Range(0, columns)];
        File.WriteAllLines(path, Enumerable.Range(0, rows).Select(i => string.Join(',', all.Select(j => Cell(i, j))))
            .Prepend(string.Join(',', all.Select(j => $"x{j}"))));
        return path;
    }
}
