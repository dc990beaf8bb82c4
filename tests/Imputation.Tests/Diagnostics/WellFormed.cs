using Imputation.Data;
using Imputation.Diagnostics;

namespace Imputation.Tests.Diagnostics;

/// <summary>What every result must be, whatever the data.</summary>
internal static class WellFormed
{
    /// <summary>Runs in a suite, and checks that the diagnostic did not fail and that its tables and charts are in order.</summary>
    public static DiagnosticEntry Run(IMissingnessDiagnostic diagnostic, DiagnosticContext context)
    {
        DiagnosticEntry entry = new DiagnosticSuite([diagnostic]).Run(context).Entries[0];
        Assert.DoesNotContain(entry.Result.Findings, f => f.Code == "diagnostic-failed" ? throw new Xunit.Sdk.XunitException(f.Sentence) : false);
        foreach (Finding finding in entry.Result.Findings)
        {
            Assert.NotEmpty(finding.Sentence);
            Assert.DoesNotContain("NaN", finding.Sentence + finding.Advice + finding.Evidence, StringComparison.Ordinal);
        }
        Assert.Equal(entry.Result.Values.Count, entry.Result.Values.Select(v => v.Key).Distinct().Count());
        foreach (DiagnosticTable table in entry.Result.Tables) Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count));
        foreach (XyChart chart in entry.Result.Charts.OfType<XyChart>())
        {
            Assert.NotEmpty(chart.Description);
            foreach (ChartSeries series in chart.Series)
            {
                Assert.Equal(series.X.Count, series.Y.Count);
                Assert.InRange(series.X.Count, 1, 600);
                Assert.All(series.X.Concat(series.Y).Concat(series.Lower).Concat(series.Upper), x => Assert.True(double.IsFinite(x), $"{chart.Title}, {series.Name}: {x}"));
                Assert.Contains(series.Lower.Count, new[] { 0, series.X.Count });
                Assert.Contains(series.Labels.Count, new[] { 0, series.X.Count });
            }
        }
        return entry;
    }
}
