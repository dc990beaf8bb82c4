namespace Imputation.Analyses;

/// <summary>The rows of a table in which some columns all have values, column by column.</summary>
internal static class CompleteRows
{
    /// <summary>Each column of those rows, centred; none where there is no such row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="names">Names of numeric columns.</param>
    public static IReadOnlyList<CenteredColumn> Of(Table table, IReadOnlyList<string> names)
    {
        NumericColumn[] columns = [.. names.Select(name => (NumericColumn)table[name])];
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(row => columns.All(column => !column.IsMissing(row)))];
        double[]? roots = null;
        if (table.RowWeights is { } weights)
        {
            // A row without weight says nothing; the others' weights have the sum of their number.
            rows = [.. rows.Where(row => weights[row] > 0)];
            double sum = rows.Sum(row => weights[row]);
            roots = Array.ConvertAll(rows, row => Math.Sqrt(weights[row] * rows.Length / sum));
        }
        return rows.Length == 0 ? [] : [.. columns.Select(column => CenteredColumn.Of(column.Name,
            Array.ConvertAll(rows, row => column[row]), roots))];
    }
}
