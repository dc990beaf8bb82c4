using Imputation.Diagnostics.BuiltIn.Model;
using Imputation.Patterns;

namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>A correlation before and after filling.</summary>
/// <param name="First">Name of the one column.</param>
/// <param name="Second">Name of the other.</param>
/// <param name="Before">Over the rows in which both were observed; NaN where it has no value.</param>
/// <param name="After">Over the rows in which both have a value now.</param>
/// <param name="RowsBefore">Rows in which both were observed.</param>
internal sealed record FilledCorrelation(string First, string Second, double Before, double After, int RowsBefore);

/// <summary>Correlations before and after filling.</summary>
internal static class FilledCorrelations
{
    /// <summary>The correlations of each pair with at least one filled column.</summary>
    /// <param name="columns">Completed columns; one without an original has no filled cells.</param>
    /// <param name="rows">The rows to take (from 0).</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static IReadOnlyList<FilledCorrelation> Of(IReadOnlyList<NumericColumn> columns, int[] rows, ParallelOptions parallel)
    {
        NumericColumn[] after = [.. columns.Select(column => NumericColumn.Number(column.Name,
            Array.ConvertAll(rows, row => column[row])))];
        NumericColumn[] before = [.. columns.Select((column, j) => column.Original is null ? after[j]
            : NumericColumn.Number(column.Name, Array.ConvertAll(rows, row => column.WasFilled(row) ? double.NaN : column[row])))];
        ColumnStatistics[] statistics = [.. after.Select(ColumnStatistics.Of)];
        double[] center = [.. statistics.Select(s => double.IsNaN(s.Mean) ? 0 : s.Mean)],
            scale = [.. statistics.Select(s => s.StandardDeviation > 0 ? s.StandardDeviation : 1)];
        JointMoments Moments(NumericColumn[] values) => JointMoments.Of(IncompleteMatrix.FromColumns(values), center, scale, rows: null,
            parallel);
        JointMoments old = Moments(before), now = Moments(after);

        var pairs = new List<FilledCorrelation>();
        for (int j = 0; j < columns.Count; j++)
            for (int k = 0; k < j; k++)
                if (columns[j].Original is not null || columns[k].Original is not null)
                    pairs.Add(new FilledCorrelation(columns[k].Name, columns[j].Name, old.Correlation(k, j), now.Correlation(k, j),
                        old.Count(k, j)));
        return pairs;
    }
}
