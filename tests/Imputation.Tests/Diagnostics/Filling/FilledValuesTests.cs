using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Filling;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Diagnostics;

public class FilledValuesTests
{
    private static readonly JsonElement s_reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "diagnostics",
        "filled.json"))).RootElement;

    private static DiagnosticResult Run(Table table, FillOptions? imputation = null) =>
        new FilledValuesDiagnostic().Run(new DiagnosticContext(table,
            new DiagnosticOptions
            {
                Model = new NormalOptions { Tolerance = 1e-10, Prior = CovariancePrior.Auto },
                Fill = imputation
            ?? FillOptions.Default
            }));

    private static readonly FillOptions s_means = new() { Method = FillMethod.Mean };

    /// <summary>The reference fills with the means of independent software, which agree with ours to 1e-7 or so.</summary>
    [Theory]
    [InlineData("airquality")]
    [InlineData("nhanes")]
    [InlineData("boys_num")]
    [InlineData("bfi25")]
    public void MomentsAndCorrelations_MatchTheReference(string id)
    {
        JsonElement expected = s_reference.GetProperty(id);
        ReferenceCase data = ReferenceCase.Mvn(id)!;
        DiagnosticResult result = Run(data.Table, s_means);
        int compared = 0;
        foreach (IReadOnlyList<object?> row in result.Tables[0].Rows)
        {
            JsonElement column = expected.GetProperty("columns").GetProperty((string)row[0]!);
            Assert.Equal(column.GetProperty("observed").GetInt32(), row[1]);
            Assert.Equal(column.GetProperty("filled").GetInt32(), row[2]);
            double sd = column.GetProperty("sd_observed").GetDouble();
            foreach ((string name, int at) in new[] { ("mean_observed", 3), ("mean_filled", 4), ("mean_completed", 5), ("sd_observed", 7),
                ("sd_filled", 8), ("sd_completed", 9) })
                if (column.GetProperty(name).ValueKind == JsonValueKind.Number)
                    Assert.Equal(column.GetProperty(name).GetDouble() / sd, (double)row[at]! / sd, 1e-6);
            Assert.Equal(column.GetProperty("standardised_difference").GetDouble(), (double)row[6]!, 1e-6);
            compared++;
        }
        Assert.Equal(data.Columns.Count(c => expected.GetProperty("columns").GetProperty(c).GetProperty("filled").GetInt32() > 0),
            compared);

        double[,] Matrix(string name) => ReferenceCase.Square(expected.GetProperty(name));
        double[,] before = Matrix("correlations_available"), after = Matrix("correlations_completed");
        foreach (IReadOnlyList<object?> row in result.Tables[2].Rows)
        {
            int j = Array.IndexOf(data.Columns, row[0]), k = Array.IndexOf(data.Columns, row[1]);
            Assert.Equal(before[j, k], (double)row[2]!, 1e-9);
            Assert.Equal(after[j, k], (double)row[3]!, 1e-6);
        }
        double largest = 0;
        for (int j = 0; j < data.Columns.Length; j++)
            for (int k = 0; k < j; k++) largest = Math.Max(largest, Math.Abs(after[j, k] - before[j, k]));
        Assert.Equal(largest, result.Value("largestCorrelationChange"), 1e-6);
    }

    [Fact]
    public void Findings_OnAirquality_SayWhatMeansDo()
    {
        DiagnosticResult result = Run(ReferenceCase.Mvn("airquality")!.Table, s_means);
        Finding negative = Assert.Single(result.Findings, f => f.Code == "filled-negative");
        Assert.Equal(["Ozone"], negative.Columns);
        Assert.Contains("--bounds \"Ozone=0..\"", negative.Advice, StringComparison.Ordinal);
        Finding shrunk = Assert.Single(result.Findings, f => f.Code == "spread-shrunk");
        Assert.Equal(["Ozone"], shrunk.Columns);
        Assert.Contains("ratio 0.933", shrunk.Evidence, StringComparison.Ordinal);
        Assert.Equal(["Observed and filled: Ozone", "Observed and filled: Solar.R"], result.Charts.Select(c => c.Title));
    }

    [Fact]
    public void Draws_AreNotAccused_OfShrinking()
    {
        Table table = Simulated.Table(Simulated.Rows(4, 400, 3, 0.5, 0.4));
        Assert.Contains(Run(table).Findings, f => f.Code == "spread-shrunk");
        DiagnosticResult draws = Run(table, new FillOptions { Method = FillMethod.Draw });
        Assert.DoesNotContain(draws.Findings, f => f.Code == "spread-shrunk");
        Assert.InRange(draws.Value("smallestDeviationRatio"), 0.9, 1.1);
        Assert.Contains("with random draws", draws.Verdict, StringComparison.Ordinal);
        Assert.Contains("by predictive mean matching", Run(table, new FillOptions { Method = FillMethod.PredictiveMeanMatching }).Verdict,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ClampedCells_AreCounted_AndAMovedMeanIsSeen()
    {
        double[,] values = Simulated.Rows(4, 400, 2, 0.8, 0);
        for (int row = 0; row < 400; row++)
            if (values[row, 0] > 0.5) values[row, 1] = double.NaN;
        DiagnosticResult result = Run(Simulated.Table(values),
            new FillOptions { Bounds = new Dictionary<string, Bounds> { ["x2"] = new(double.NegativeInfinity, 1) } });
        Assert.Contains(result.Findings, f => f.Code == "filled-mean-differs" && f.Columns.Contains("x2"));
        Assert.Contains(result.Findings, f => f.Code == "many-clamped" && f.Columns.Contains("x2"));
        Assert.True(result.Value("shareClamped") > 0.05);
        Assert.True(result.Value("largestStandardisedDifference") > 0.5);
    }

    [Fact]
    public void Quantiles_AreThoseOfTheValues()
    {
        var table = new Table([NumericColumn.Number("x", [1, 2, 3, 4, 5, double.NaN]), NumericColumn.Number("y", [2, 1, 4, 3, 6, 3.2])]);
        DiagnosticResult result = Run(table);
        IReadOnlyList<object?> observed = result.Tables[1].Rows[0];
        Assert.Equal(["x", "observed", 1.0, 1.2, 2.0, 3.0, 4.0, 4.8, 5.0], observed);
        Assert.Equal("completed", result.Tables[1].Rows[2][1]);
    }

    [Fact]
    public void NothingMissing_NothingToSay()
    {
        DiagnosticResult result = Run(Simulated.Table(Simulated.Rows(4, 50, 2, 0.5, 0)));
        Assert.Equal("Nothing was filled in.", result.Verdict);
        Assert.Empty(result.Findings);
    }

    [Fact]
    public void Units_DoNotMatter()
    {
        double[,] values = Simulated.Rows(7, 300, 4, 0.5, 0.2), other = (double[,])values.Clone();
        double[] scale = [1e-8, 1e12, -3, 1];
        for (int row = 0; row < 300; row++)
            for (int j = 0; j < 4; j++) other[row, j] = scale[j] * (values[row, j] + 10);
        DiagnosticResult a = Run(Simulated.Table(values)), b = Run(Simulated.Table(other));
        foreach ((string name, double value) in a.Values) Assert.Equal(value, b.Value(name), 1e-6);
    }

    [Fact]
    public void ColumnsWithBounds_AreNotAdvisedToHaveBounds()
    {
        Table table = Simulated.Table(Simulated.Rows(7, 300, 3, 0.8, 0.4));
        DiagnosticOptions Bounded(double end) =>
            new()
            {
                Fill = new FillOptions
                {
                    Bounds = new Dictionary<string, Bounds>
                    {
                        ["x2"] = new(-end, end),
                        ["x3"] = new(-end, end)
                    }
                }
            };
        Finding? Beyond(DiagnosticOptions? options) => new FilledValuesDiagnostic().Run(new DiagnosticContext(table, options))
            .Findings.SingleOrDefault(f => f.Code == "filled-beyond-observed");
        Assert.Null(Beyond(Bounded(100)));
        if (Beyond(null) is { } finding) Assert.Matches(@"--bounds ""x\d=-?[0-9]\.?[0-9]{0,3}\.\.[0-9]\.?[0-9]{0,3}""", finding.Advice);
    }
}
