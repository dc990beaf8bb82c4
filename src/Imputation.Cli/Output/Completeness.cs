using Imputation.Data;

namespace Imputation.Cli.Output;

/// <summary>Counts of complete rows.</summary>
internal static class Completeness
{
    /// <summary>Rows in which all of the named columns are observed: what an analysis of complete cases would keep.</summary>
    public static int CompleteRows(Table table, IReadOnlyList<string> columns)
    {
        Column[] incomplete = [.. columns.Select(name => table[name]).Where(column => column.MissingCount > 0)];
        int count = 0;
        for (int row = 0; row < table.RowCount; row++)
        {
            if (IsComplete(incomplete, row)) count++;
        }
        return count;
    }

    private static bool IsComplete(Column[] columns, int row)
    {
        foreach (Column column in columns)
        {
            if (column.IsMissing(row)) return false;
        }
        return true;
    }
}
