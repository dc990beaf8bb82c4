using Imputation.Data;

namespace Imputation.Cli.Output;

/// <summary>Counts of complete rows.</summary>
internal static class Completeness
{
    /// <summary>Rows in which all of the named columns are observed: what an analysis of complete cases would keep.</summary>
    public static int CompleteRows(Table table, IReadOnlyList<string> columns)
    {
        Column[] modelled = [.. columns.Select(name => table[name])];
        return Enumerable.Range(0, table.RowCount).Count(row => modelled.All(column => !column.IsMissing(row)));
    }
}
