using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Model;

namespace Imputation.Tests.Diagnostics;

public class ComparisonDiagnosticTests
{
    private static readonly DiagnosticOptions s_precise = new()
    {
        Model = new NormalOptions
        {
            Prior = CovariancePrior.Auto,
            Tolerance = 1e-9
        }
    };

    private static DiagnosticResult Run(Table table, DiagnosticOptions? options = null) => Diagnosed.Run(new ComparisonDiagnostic(), table,
        options);

    [Theory]
    [InlineData("airquality")]
    [InlineData("nhanes")]
    [InlineData("boys_num")]
    public void Estimates_MatchTheReference(string id)
    {
        if (Diagnosed.Data(id) is not { } table) return;
        JsonElement reference = Diagnosed.Reference("estimates").GetProperty(id);
        string[] names = [.. reference.GetProperty("columns").EnumerateArray().Select(e => e.GetString()!)];
        DiagnosticResult result = Run(table, s_precise);
        JsonElement listwise = reference.GetProperty("listwise"), available = reference.GetProperty("available"),
            em = reference.GetProperty("em");
        Assert.Equal(listwise.Number("n"), result.Value("listwiseRows"));
        for (int j = 0; j < names.Length; j++)
        {
            DiagnosticTable columns = result.Tables[0];
            Assert.Equal(available.GetProperty("n")[j].Number(), columns.Cell(names[j], "Rows, available"));
            Diagnosed.Near(listwise.GetProperty("mean")[j].Number(), columns.Cell(names[j], "Mean, listwise"), 1e-10);
            Diagnosed.Near(listwise.GetProperty("sd")[j].Number(), columns.Cell(names[j], "Sd, listwise"), 1e-10);
            Diagnosed.Near(available.GetProperty("mean")[j].Number(), columns.Cell(names[j], "Mean, available"), 1e-10);
            Diagnosed.Near(available.GetProperty("sd")[j].Number(), columns.Cell(names[j], "Sd, available"), 1e-10);
            // EM stops at 1e-9 standard deviations or so
            Diagnosed.Near(em.GetProperty("mean")[j].Number(), columns.Cell(names[j], "Mean, EM"), 1e-6);
            Diagnosed.Near(em.GetProperty("sd")[j].Number(), columns.Cell(names[j], "Sd, EM"), 1e-6);
        }
        foreach (IReadOnlyList<object?> row in result.Tables[1].Rows)
        {
            (int j, int k) = (Array.IndexOf(names, (string)row[0]!), Array.IndexOf(names, (string)row[1]!));
            Diagnosed.Near(listwise.GetProperty("correlation")[j][k].Number(), Diagnosed.Number(row[3]), 1e-10);
            Diagnosed.Near(available.GetProperty("correlation")[j][k].Number(), Diagnosed.Number(row[4]), 1e-10);
            Diagnosed.Near(em.GetProperty("correlation")[j][k].Number(), Diagnosed.Number(row[5]), 1e-6);
        }
    }

    /// <summary>Every pair by itself, over its own rows.</summary>
    [Fact]
    public void AvailableCorrelations_AreThoseOfANaivePass_AtAnyScale()
    {
        var random = new Random(8);
        double[][] columns = [.. Enumerable.Range(0, 9).Select(j => Enumerable.Range(0, 700).Select(_ => random.NextDouble() < 0.08 * j
            ? double.NaN : random.NextDouble() - random.NextDouble()).ToArray())];
        for (int i = 0; i < 700; i++) (columns[3][i], columns[4][i]) = (1e12 + 1e9 * (columns[3][i] + columns[1][i]),
            1e-8 * (columns[4][i] - columns[0][i]));
        DiagnosticResult result = Run(Diagnosed.Table([.. columns.Select((c, j) => ($"x{j}", c))]));
        Assert.Equal(36, result.Tables[1].Rows.Count);
        foreach (IReadOnlyList<object?> row in result.Tables[1].Rows)
        {
            double[] a = columns[((string)row[0]!)[1] - '0'], b = columns[((string)row[1]!)[1] - '0'];
            int[] rows = [.. Enumerable.Range(0, 700).Where(i => !double.IsNaN(a[i]) && !double.IsNaN(b[i]))];
            double meanA = rows.Average(i => a[i]), meanB = rows.Average(i => b[i]);
            double r = rows.Sum(i => (a[i] - meanA) * (b[i] - meanB)) / Math.Sqrt(rows.Sum(i => (a[i] - meanA) * (a[i] - meanA))
                * rows.Sum(i => (b[i] - meanB) * (b[i] - meanB)));
            Assert.Equal(rows.Length, Diagnosed.Number(row[2]));
            Diagnosed.Near(r, Diagnosed.Number(row[4]), 1e-10);
        }
    }

    [Fact]
    public void ListwiseBias_IsANote_WithBothNumbers()
    {
        var random = new Random(1);
        double[] x = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())],
            y = [.. x.Select(v => 3 * v + 0.1 * random.NextDouble())];
        for (int i = 0; i < 400; i++) if (x[i] > 0.5) y[i] = double.NaN;
        DiagnosticResult result = Run(Diagnosed.Table(("x", x), ("y", y)));
        Finding finding = Assert.Single(result.Findings, f => f.Code == "listwise-means");
        Assert.Equal(["x", "y"], finding.Columns.Order());
        Assert.True(result.Value("largestMeanDifference") > 0.25);
    }

    [Fact]
    public void FewCompleteRows_AreAWarning()
    {
        double[][] columns = [.. Enumerable.Range(0, 6).Select(j => Enumerable.Range(0, 90).Select(i => i % 6 == j && i > 3 ? double.NaN
            : Math.Sin(i * (j + 2))).ToArray())];
        DiagnosticResult result = Run(Diagnosed.Table([.. columns.Select((c, j) => ($"x{j}", c))]));
        Finding finding = Assert.Single(result.Findings, f => f.Code == "listwise-rows");
        Assert.Equal((FindingSeverity.Warning, 4.0), (finding.Severity, result.Value("listwiseRows")));
        Assert.Contains("fewer than the 7", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void ImproperCorrelations_AreSaid()
    {
        // x = y where both are there, y = z where both are there, and x = −z where both are.
        var rows = new List<double[]>();
        for (int i = 0; i < 60; i++)
        {
            double v = Math.Sin(i), e = 0.05 * Math.Cos(7 * i);
            rows.Add((i % 3) switch { 0 => [v, v + e, double.NaN], 1 => [double.NaN, v, v + e], _ => [v, double.NaN, -v + e] });
        }
        DiagnosticResult result = Run(ArrayTable.FromRows(rows, ["x", "y", "z"]));
        Assert.Contains("available-improper", result.Findings.Select(f => f.Code));
        Assert.Equal(0, result.Value("availableCorrelationsProper"));
        Assert.Equal(1, Run(Diagnosed.Data("airquality")!).Value("availableCorrelationsProper"));
    }

    [Fact]
    public void APrior_IsNamed()
    {
        DiagnosticResult result = Run(Diagnosed.Data("nhanes")!,
            new DiagnosticOptions { Model = new NormalOptions { Prior = CovariancePrior.Ridge(2) } });
        Assert.Contains("ridge:2", result.Method, StringComparison.Ordinal);
        Assert.Contains("ridge:2", result.Tables[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void CompleteData_AgreeThreeTimes()
    {
        DiagnosticResult result = Run(Diagnosed.Table(("x", [1, 2, 4, 8, 3]), ("y", [2, 1, 7, 5, 5])));
        Assert.Empty(result.Findings);
        Assert.True(result.Value("largestCorrelationDifference") < 1e-12);
        Assert.True(result.Value("largestMeanDifference") < 1e-12);
    }

    [Fact]
    public void AHandfulOfCompleteRows_IsNotCompared()
    {
        DiagnosticResult result = new ComparisonDiagnostic().Run(new DiagnosticContext(Simulated.Table(40, 6, seed: 2, missing: 0.3)));
        Assert.InRange(result.Value("listwiseRows"), 0, 7);
        Assert.EndsWith("too few to compare with EM.", result.Verdict);
        Assert.DoesNotContain(result.Findings, f => f.Code is "listwise-means" or "listwise-correlations");
    }
}
