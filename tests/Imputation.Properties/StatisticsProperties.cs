using Imputation.Numerics;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Properties;

/// <summary>Statistics of rows: counted in any parts, merged in any order, they are those of the whole, and their model is that of the
/// rows.</summary>
public class StatisticsProperties
{
    /// <summary>To 1e-12 of the columns' scale; of a column far from 0, to what its values themselves are rounded by.</summary>
    [Holds(typeof(Wild))]
    public void AnySplit_MergedInAnyOrder_IsTheWhole(DataCase c)
    {
        var matrix = IncompleteMatrix.FromArray(c.Values());
        var scale = new double[matrix.ColumnCount];
        double tolerance = 1e-12;
        for (int j = 0; j < scale.Length; j++)
        {
            SampleMoments moments = SampleMoments.Of(matrix.Column(j));
            scale[j] = moments.PopulationDeviation > 0 ? moments.PopulationDeviation : double.IsNaN(moments.Mean) ? 1
                : Math.Max(Math.Abs(moments.Mean), 1e-300);
            if (!double.IsNaN(moments.Mean)) tolerance = Math.Max(tolerance, 1e-14 * Math.Abs(moments.Mean) / scale[j]);
        }
        double apart = NaiveStatistics.Difference(PatternStatistics.Of(matrix), Merged(matrix, c.Seed), scale);
        Assert.True(apart <= tolerance, $"{apart} apart, more than {tolerance}");
    }

    /// <summary>To 1e-9 standard deviations: each is within 1e-11 of the one maximum that the ridge leaves, but for rounding.</summary>
    [Holds(typeof(Gentle))]
    public void TheModelOfMergedStatistics_IsThatOfTheRows(DataCase c)
    {
        var matrix = IncompleteMatrix.FromArray(c.Values());
        var options = new NormalOptions { Prior = CovariancePrior.Ridge(1), Tolerance = 1e-11, MaxIterations = 20_000 };
        NormalFit rows = NormalModel.Fit(matrix, options), statistics = NormalModel.Fit(Merged(matrix, c.Seed), options);
        if (rows.Report.Outcome != EmOutcome.Converged || statistics.Report.Outcome != EmOutcome.Converged) return;
        Assert.Equal(rows.Columns, statistics.Columns);
        double far = rows.Columns.Select((_, j) => Math.Abs(rows.Mean[j]) / Math.Sqrt(rows.Covariance[j, j])).Max(),
            tolerance = Math.Max(1e-9, 1e-13 * far);
        for (int j = 0; j < rows.Columns.Count; j++)
        {
            double deviation = Math.Sqrt(rows.Covariance[j, j]);
            Assert.InRange(Math.Abs(rows.Mean[j] - statistics.Mean[j]) / deviation, 0, tolerance);
            for (int k = 0; k < rows.Columns.Count; k++)
                Assert.InRange(Math.Abs(rows.Covariance[j, k] - statistics.Covariance[j, k]) / (deviation
                    * Math.Sqrt(rows.Covariance[k, k])), 0, tolerance);
        }
    }

    /// <summary>Up to 8 parts, some counted row by row, merged in an order that the seed gives.</summary>
    private static PatternStatistics Merged(IncompleteMatrix matrix, int seed)
    {
        var random = new Random(seed);
        int parts = 1 + random.Next(8), p = matrix.ColumnCount;
        PatternStatistics[] counted = [.. Enumerable.Range(0, parts).Select(_ => new PatternStatistics(matrix.ColumnNames))];
        int[] partOf = [.. Enumerable.Range(0, matrix.RowCount).Select(_ => random.Next(parts))];
        for (int part = 0; part < parts; part++)
        {
            int[] rows = [.. Enumerable.Range(0, partOf.Length).Where(i => partOf[i] == part)];
            if (part % 2 == 0 && rows.Length > 0) counted[part].Add(matrix.Rows(rows), threads: 1);
            else foreach (int i in rows) counted[part].Add([.. Enumerable.Range(0, p).Select(j => matrix[i, j])]);
        }
        random.Shuffle(counted);
        var merged = new PatternStatistics(matrix.ColumnNames);
        foreach (PatternStatistics part in counted) merged.Merge(part);
        return merged;
    }
}
