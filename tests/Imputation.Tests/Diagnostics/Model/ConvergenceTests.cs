using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Model;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Diagnostics;

public class ConvergenceTests
{
    private static DiagnosticResult Run(Table table, NormalOptions? model = null) =>
        new ConvergenceDiagnostic().Run(new DiagnosticContext(table, model is null ? null : new DiagnosticOptions { Model = model }));

    [Theory]
    [InlineData("airquality")]
    [InlineData("nhanes")]
    [InlineData("boys_num")]
    public void Rate_MatchesTheReference_AndTheCertificateIsTheFits(string id)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        var context = new DiagnosticContext(reference.Table, new DiagnosticOptions { Model = new NormalOptions { Tolerance = 1e-8 } });
        DiagnosticResult result = new ConvergenceDiagnostic().Run(context);
        // a few directions are measured, enough for 1 − rate to 2 %
        Assert.Equal(reference.Rate, result.Value("rate"), 0.02 * (1 - reference.Rate));
        Assert.Equal(context.Fit.Report.EstimatedDistance, result.Value("remaining"));
        Assert.Equal(context.Fit.Report.IterationCount, result.Value("iterations"));
        Assert.Equal(1, result.Value("converged"));
        Assert.Equal(reference.LogLikelihood, result.Value("logLikelihood"), 1e-5);
        ChartSeries trace = Assert.Single(Assert.IsType<XyChart>(Assert.Single(result.Charts)).Series);
        Assert.True(trace.Y[^1] < trace.Y[0]);
    }

    /// <summary>Eigenvalues 1 + (p − 1)ρ and 1 − ρ.</summary>
    [Fact]
    public void ConditionNumber_IsThatOfTheCorrelations_WhateverTheUnits()
    {
        double[,] values = Simulated.Rows(1, 4000, 3, 0.8, 0);
        for (int row = 0; row < 4000; row++) (values[row, 0], values[row, 2]) = (1e-8 * values[row, 0], 1e12 * values[row, 2]);
        Assert.Equal((1 + 2 * 0.8) / 0.2, Run(Simulated.Table(values)).Value("conditionNumber"), 1.0);
    }

    [Fact]
    public void NearlyCollinearColumns_AreNamed()
    {
        double[,] values = Simulated.Rows(2, 300, 4, 0.3, 0.1);
        var random = new Random(1);
        for (int row = 0; row < 300; row++) values[row, 3] = values[row, 0] + values[row, 1] + 0.02 * Simulated.Normal(random);
        DiagnosticResult result = Run(Simulated.Table(values));
        Assert.Equal(["x1", "x2", "x4"], result.Findings.Single(f => f.Code == "near-collinear").Columns.Order());
    }

    [Fact]
    public void PairsNeverTogether_AreListed_AndTheFitsFindingsPassedOn()
    {
        var context = new DiagnosticContext(AwkwardTables.Get("never together"));
        DiagnosticResult result = new ConvergenceDiagnostic().Run(context);
        Assert.Equal(1, result.Value("neverObservedTogether"));
        Assert.Contains(result.Tables, t => t.Title.Contains("never observed together", StringComparison.Ordinal)
            && t.Rows[0].SequenceEqual(["x", "y"]));
        Assert.All(context.Fit.Report.Findings, f => Assert.Contains(f, result.Findings));
        Assert.Equal(result.Findings.Count, result.Findings.Select(f => f.Code + f.Sentence).Distinct().Count());
    }

    [Fact]
    public void EveryStart_HasItsTrace()
    {
        Table table = Simulated.Table(Simulated.Rows(3, 200, 4, 0.5, 0.3));
        var context = new DiagnosticContext(table, new DiagnosticOptions { Model = new NormalOptions { Restarts = 5 } });
        var fit = (NormalFit)context.Fit;
        Assert.Equal(fit.Report.Runs.Count, fit.Report.Traces.Count);
        for (int i = 0; i < fit.Report.Runs.Count; i++)
        {
            Assert.Equal(fit.Report.Runs[i].IterationCount, fit.Report.Traces[i].Count);
            Assert.Equal(fit.Report.Runs[i].Objective, fit.Report.Traces[i][^1].Objective);
            Assert.All(fit.Report.Traces[i], t => Assert.Equal(fit.Report.Runs[i].Start, t.Start));
        }
        Assert.Contains(fit.Report.Traces, trace => trace.SequenceEqual(fit.Report.Trace));
        DiagnosticResult result = new ConvergenceDiagnostic().Run(context);
        Assert.Equal(["first start", "random 1 start", "random 2 start", "random 3 start", "random 4 start"],
            ((XyChart)result.Charts[0]).Series.Select(s => s.Name));
        Assert.Equal(5, result.Value("runsAtBest"));
        Assert.Contains("5 of 5 runs from 5 starts end there", result.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralMaxima_AreTold()
    {
        (_, double[,] values) = ReferenceCase.ReadCsv(Path.Combine(ReferenceCase.Root, "data", "murray_bimodal.csv"));
        DiagnosticResult result = Run(Simulated.Table(values), new NormalOptions { Restarts = 10 });
        Assert.True(result.Value("endPoints") > 1);
        Assert.Contains(result.Findings, f => f.Code == "several-maxima");
        Assert.Contains("other point", result.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void NoMaximum_IsSaid()
    {
        DiagnosticResult result = Run(AwkwardTables.Get("duplicate columns"), new NormalOptions { Prior = CovariancePrior.None });
        Assert.StartsWith("There are no estimates", result.Verdict, StringComparison.Ordinal);
        Assert.Empty(result.Charts);
    }

    [Fact]
    public void MuchMissing_IsSaidPlainly()
    {
        DiagnosticResult result = Run(Simulated.Table(Simulated.Rows(5, 2000, 3, 0.2, 0.85)));
        Finding finding = Assert.Single(result.Findings, f => f.Code == "much-information-missing");
        Assert.Contains("complete rows would tell, not 2,000 rows", finding.Sentence, StringComparison.Ordinal);
    }
}
