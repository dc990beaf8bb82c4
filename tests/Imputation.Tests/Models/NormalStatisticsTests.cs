using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>The normal model from statistics of rows: the model of the rows.</summary>
public class NormalStatisticsTests
{
    private static readonly NormalOptions s_exact = new() { Tolerance = 1e-11 };

    /// <summary>Both ends are within 1e-11 of the maximum, less what rounding allows: together within 1e-9.</summary>
    [Theory]
    [InlineData("airquality", null)]
    [InlineData("nhanes", null)]
    [InlineData("airquality", "auto")]
    [InlineData("nhanes", "ridge:1")]
    public void Model_IsThatOfTheRows(string id, string? prior)
    {
        IncompleteMatrix matrix = ReferenceCase.Mvn(id)!.Matrix;
        NormalOptions options = s_exact with { Prior = prior is null ? CovariancePrior.None : CovariancePrior.Parse(prior) };
        NormalFit rows = NormalModel.Fit(matrix, options), statistics = NormalModel.Fit(InParts(matrix, 5, seed: 1), options);
        AssertSame(rows, statistics, 1e-9);
        Assert.Equal($"{rows.Report.Prior}", $"{statistics.Report.Prior}");
        Assert.Equal(rows.Report.RowCount, statistics.Report.RowCount);
        Assert.Equal(rows.Report.CompleteRowCount, statistics.Report.CompleteRowCount);
        Assert.Equal(rows.Report.PatternCount, statistics.Report.PatternCount);
        Assert.Equal(rows.Report.ObservedCellCount, statistics.Report.ObservedCellCount);
        Assert.Equal(rows.Report.MissingCellCount, statistics.Report.MissingCellCount);
        Assert.Contains(statistics.Report.Findings, finding => finding.Code == "fitted-to-statistics");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MergedParts_GiveTheModelOfTheRows(int seed)
    {
        var random = new Random(seed);
        var matrix = IncompleteMatrix.FromArray(NaiveStatistics.Rows(random, 800, 5, 0.25, offset: 1000));
        AssertSame(NormalModel.Fit(matrix, s_exact), NormalModel.Fit(InParts(matrix, 2 + random.Next(6), seed), s_exact), 1e-9);
    }

    [Theory]
    [InlineData(true, FitMethod.Complete)]
    [InlineData(false, FitMethod.Monotone)]
    public void ClosedForms_AreTakenFromStatisticsToo(bool complete, FitMethod method)
    {
        double[,] values = NaiveStatistics.Rows(new Random(4), 300, 3, 0);
        for (int i = 0; i < 300; i++)
            for (int j = 0; j < 3; j++)
                if (double.IsNaN(values[i, j]) || (!complete && i < 40 * j)) values[i, j] = complete ? i % 7 : double.NaN;
        // b is missing in every third row of some: with c missing there too, the pattern is monotone
        for (int i = 0; i < 300 && !complete; i++)
            if (double.IsNaN(values[i, 1])) values[i, 2] = double.NaN;
        var matrix = IncompleteMatrix.FromArray(values);
        NormalFit rows = NormalModel.Fit(matrix), statistics = NormalModel.Fit(PatternStatistics.Of(matrix));
        Assert.Equal(method, rows.Report.Method);
        Assert.Equal(method, statistics.Report.Method);
        AssertSame(rows, statistics, 1e-10);
    }

    [Fact]
    public void ColumnsThatDoNotVary_AreLeftOut_AndSelectedOnesTaken()
    {
        double[,] values = NaiveStatistics.Rows(new Random(5), 200, 4, 0.2);
        for (int i = 0; i < 200; i++) (values[i, 1], values[i, 2]) = (i % 5 == 0 ? double.NaN : 0.1, double.NaN);
        var matrix = IncompleteMatrix.FromArray(values);
        NormalFit rows = NormalModel.Fit(matrix, s_exact), statistics = NormalModel.Fit(PatternStatistics.Of(matrix), s_exact);
        AssertSame(rows, statistics, 1e-9);
        Assert.Equal([ColumnRole.Modelled, ColumnRole.Constant, ColumnRole.NothingObserved, ColumnRole.Modelled],
            statistics.Report.ColumnUses.Select(use => use.Role));
        Assert.Equal(0.1, statistics.Report.ColumnUses[1].Constant);
        NormalFit selected = (NormalFit)(s_exact with { Columns = new ColumnSelection { Include = ["x4"] } })
            .Fit(PatternStatistics.Of(matrix));
        Assert.Equal(["x4"], selected.Columns);
        Assert.Throws<ImputationDataException>(() => NormalModel.Fit(new PatternStatistics(["a"])));
        Assert.Contains("always", Assert.Throws<ImputationDataException>(() => NormalModel.Fit(PatternStatistics.Of(matrix),
            new NormalOptions { Columns = new ColumnSelection { Include = ["x2"] } })).Message);
    }

    /// <summary>An exact relation is not confirmed without rows, but the same ridge is chosen, and the columns are named.</summary>
    [Fact]
    public void AnExactRelation_LeadsToTheSameRidge()
    {
        double[,] values = NaiveStatistics.Rows(new Random(6), 400, 4, 0.2);
        for (int i = 0; i < 400; i++) values[i, 3] = values[i, 0] + values[i, 2];
        var matrix = IncompleteMatrix.FromArray(values);
        NormalOptions auto = s_exact with { Prior = CovariancePrior.Auto };
        NormalFit rows = NormalModel.Fit(matrix, auto), statistics = NormalModel.Fit(PatternStatistics.Of(matrix), auto);
        Assert.NotEmpty(rows.Report.Relations);
        Assert.Empty(statistics.Report.Relations);
        Assert.Equal($"{rows.Report.Prior}", $"{statistics.Report.Prior}");
        AssertSame(rows, statistics, 1e-7, ofLikelihood: 1e-10); // the condition number takes digits from both
        Finding chosen = Assert.Single(statistics.Report.Findings, finding => finding.Code == "prior-chosen");
        Assert.Contains("x4", chosen.Sentence);
    }

    [Fact]
    public void WhatNeedsRows_IsRefused()
    {
        var matrix = IncompleteMatrix.FromArray(NaiveStatistics.Rows(new Random(7), 100, 3, 0.2));
        var statistics = PatternStatistics.Of(matrix);
        NormalFit fit = NormalModel.Fit(statistics);
        Assert.Contains("statistics", Assert.Throws<InvalidOperationException>(() => fit.Information()).Message);
        Assert.NotNull(fit.Information(new Table(matrix.Columns)));
        Assert.Contains("--model normal", Assert.Throws<ImputationDataException>(() =>
            new StudentTOptions().Fit(statistics)).Message);
        Assert.Contains("'w'", Assert.Throws<ArgumentException>(() => NormalModel.Fit(statistics, new NormalOptions { Weight = "w" }))
            .Message);
        Assert.Equal(fit.Report.LogLikelihood, new AutomaticOptions().Fit(statistics).Report.LogLikelihood, 1e-6);
    }

    private static PatternStatistics InParts(IncompleteMatrix matrix, int parts, int seed)
    {
        var random = new Random(seed);
        int[] partOf = [.. Enumerable.Range(0, matrix.RowCount).Select(_ => random.Next(parts))];
        var merged = new PatternStatistics(matrix.ColumnNames);
        for (int part = 0; part < parts; part++)
        {
            int[] rows = [.. Enumerable.Range(0, partOf.Length).Where(i => partOf[i] == part)];
            if (rows.Length > 0) merged.Merge(PatternStatistics.Of(matrix.Rows(rows)));
        }
        return merged;
    }

    private static void AssertSame(NormalFit rows, NormalFit statistics, double tolerance, double ofLikelihood = 1e-12)
    {
        Assert.Equal(rows.Report.Outcome, statistics.Report.Outcome);
        Assert.Equal(rows.Columns, statistics.Columns);
        Assert.InRange(Math.Abs(rows.Report.LogLikelihood - statistics.Report.LogLikelihood) / Math.Abs(rows.Report.LogLikelihood), 0,
            ofLikelihood);
        for (int i = 0; i < rows.Columns.Count; i++)
        {
            double deviation = Math.Sqrt(rows.Covariance[i, i]);
            Assert.InRange(Math.Abs(rows.Mean[i] - statistics.Mean[i]) / deviation, 0, tolerance);
            for (int j = 0; j < rows.Columns.Count; j++)
                Assert.InRange(Math.Abs(rows.Covariance[i, j] - statistics.Covariance[i, j])
                    / (deviation * Math.Sqrt(rows.Covariance[j, j])), 0, tolerance);
        }
    }
}
