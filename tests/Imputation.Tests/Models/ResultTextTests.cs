using System.Globalization;
using System.Reflection;
using Imputation.Diagnostics;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>What results say of themselves in a debugger or a log: one line with the numbers that matter, in any culture.</summary>
public sealed class ResultTextTests : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public ResultTextTests() =>
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };

    public void Dispose() => CultureInfo.CurrentCulture = _before;

    [Fact]
    public void Results_SayTheirNumbersInOneLine()
    {
        Table air = ReferenceCase.Mvn("airquality")!.Table;
        ImputationResult done = air.Impute(fill: new FillOptions { Method = FillMethod.Mean });
        Assert.StartsWith("153 rows, 6 columns, 44 missing cells: 'Ozone'", air.ToString(), StringComparison.Ordinal);
        Assert.Equal("Ozone (Number): 153 rows, 37 missing", air["Ozone"].ToString());
        Assert.StartsWith("153 rows, 44 cells filled in 2 columns, 0 still missing, ", done.ToString(), StringComparison.Ordinal);
        Assert.Contains("multivariate normal, 6 columns, Converged in ", done.ToString(), StringComparison.Ordinal);
        Assert.Equal("Ozone: 37 cells filled, 2 beyond the observed range", done.Fills[0].ToString());
        Assert.Matches(@"^row 5, Ozone: -?\d+\.\d+ \(sd \d+\.\d+, 95 % -?\d+\.\d+ to \d+\.\d+\), beyond observed$",
            done.Cells.First().ToString());
        Assert.Matches(
            @"^Converged in \d+ iterations, log-likelihood -\d+\.\d{4}, 153 rows, 44 missing cells in 4 patterns, prior none, \d+ "
            + "findings$", done.Fit.Report.ToString());
        Assert.Equal("Ozone (Number): Modelled, 116 observed, 37 missing", done.ColumnUses[0].ToString());
        Assert.Matches(@"^Ozone ~ Wind: 153 rows, R² 0\.\d{4}; \(Intercept\) \d+\.\d+ \(\d+\.\d+\), Wind -\d\.\d+ \(0\.\d+\)$",
            done.Fit.AsNormal().Regress("Ozone ~ Wind").ToString());

        ImputationSet set = air.ImputeMultiple(new MultipleOptions { Count = 3 }, new RunOptions { Seed = 7 });
        Assert.StartsWith("3 imputations of 153 rows, 44 missing cells, BootstrapEm, seed 7; ", set.ToString(), StringComparison.Ordinal);
        PooledAnalysis pooled = set.Analyze("Ozone ~ Wind");
        Assert.Matches(@"^Ozone ~ Wind: 153 rows, 3 imputations; \(Intercept\) ", pooled.ToString());
        Assert.Matches(@"^-\d\.\d+ \(se 0\.\d+, 95 % -\d+\.\d+ to -\d\.\d+, p \S+, fmi 0\.\d{3}\)$",
            pooled.Coefficients["Wind"].ToString());
    }

    [Fact]
    public void Diagnoses_SayTheirVerdict()
    {
        DiagnosticReport report = ReferenceCase.Mvn("nhanes")!.Table.Diagnose(suite: DiagnosticSuite.Default.Only("little", "patterns"));
        Assert.Matches(@"^2 diagnostics, \d+ problems, \d+ warnings, \d+ notes$", report.ToString());
        Assert.StartsWith($"{report.Entries[0].Title}: {report.Entries[0].Result.Verdict}", report.Entries[0].ToString(),
            StringComparison.Ordinal);
    }

    /// <summary>Results are made by the library alone: what a caller makes are options, tables, findings
    /// and what diagnostics give.</summary>
    [Fact]
    public void Results_HaveNoPublicConstructor()
    {
        foreach (Type type in (Type[])[typeof(ImputationResult), typeof(ImputedCell), typeof(ColumnFill), typeof(ColumnUse),
            typeof(ColumnStatistics), typeof(FitReport), typeof(FitEndPoint), typeof(NormalEndPoint), typeof(NormalFit), typeof(EmRun),
            typeof(EmIteration), typeof(LinearRelation), typeof(ObservedInformation), typeof(WorstLinearFunction), typeof(NormalRegression),
            typeof(RegressionCoefficient), typeof(ImputationSet), typeof(ImputationCountAdvice), typeof(DataAugmentationResult),
            typeof(DataAugmentationDraw), typeof(DataAugmentationTrace), typeof(PooledAnalysis), typeof(PooledEstimate),
            typeof(PooledVector), typeof(PooledTest), typeof(PooledCorrelation), typeof(PooledRSquared), typeof(AnalyzedCorrelation),
            typeof(CompleteCases), typeof(DroppedPredictor), typeof(LinearRegression), typeof(Moments), typeof(SymmetricMatrix)])
            Assert.Empty(type.GetConstructors(BindingFlags.Public | BindingFlags.Instance));
    }
}
