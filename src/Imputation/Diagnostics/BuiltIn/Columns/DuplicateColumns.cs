using Imputation.Numerics.Threading;

namespace Imputation.Diagnostics.BuiltIn.Columns;

/// <summary>A column that holds what an earlier one holds.</summary>
/// <param name="First">Index of the earlier column.</param>
/// <param name="Second">Index of the later.</param>
/// <param name="Rows">Rows in which both are observed; they are equal in all of them.</param>
internal sealed record DuplicateColumn(int First, int Second, int Rows);

/// <summary>Finds columns that are equal wherever both are observed.</summary>
/// <remarks>A column is characterised by a few of its rows: some in which it does not hold its commonest value. Two columns are first
/// compared there, which parts nearly all that differ, and read through only where that finds no difference; so the time is linear in
/// the cells, and a few comparisons for each pair of columns. Equality in few rows, or of little but one value, is what unrelated
/// columns show too: a pair counts where columns with the same values in another order would agree so far with a chance below 1 in
/// 1,000.</remarks>
internal static class DuplicateColumns
{
    private const int TellingRows = 16, FewestRows = 3;
    private const double Chance = 1e-3;

    /// <summary>Each column that is equal to an earlier one, with the first such.</summary>
    public static IReadOnlyList<DuplicateColumn> Find(IReadOnlyList<Column> columns, IReadOnlyList<ColumnSummary> summaries,
        ParallelOptions parallel)
    {
        var telling = new int[columns.Count][];
        var found = new DuplicateColumn?[columns.Count];
        ParallelWork.For(columns.Count, parallel, j => telling[j] = summaries[j].Distinct < 2 ? []
            : Telling(columns[j], summaries[j].Common!));
        ParallelWork.For(columns.Count, parallel, j =>
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            if (summaries[j].Distinct < 2) return;
            for (int k = 0; k < j && found[j] is null; k++)
            {
                if (summaries[k].Distinct < 2 || columns[k] is NumericColumn != columns[j] is NumericColumn) continue;
                if (!MayBeEqual(columns[j], columns[k], telling[j]) || !MayBeEqual(columns[j], columns[k], telling[k])) continue;
                int rows = RowsIfEqual(columns[j], columns[k], summaries[j]);
                if (rows > 0) found[j] = new DuplicateColumn(k, j, rows);
            }
        });
        return [.. found.OfType<DuplicateColumn>()];
    }

    private static int[] Telling(Column column, object common)
    {
        var rows = new List<int>(TellingRows);
        double value = common as double? ?? double.NaN;
        for (int row = 0; row < column.Count && rows.Count < TellingRows; row++)
        {
            if (column.IsMissing(row)) continue;
            if (column is NumericColumn numeric ? numeric[row] != value : !common.Equals(column.Value(row))) rows.Add(row);
        }
        return [.. rows];
    }

    private static bool MayBeEqual(Column a, Column b, int[] rows)
    {
        foreach (int row in rows)
            if (!a.IsMissing(row) && !b.IsMissing(row) && !Same(a, b, row)) return false;
        return true;
    }

    /// <summary>Number of rows in which both are observed, or 0 where they differ in one, or agree in too few to mean anything.</summary>
    private static int RowsIfEqual(Column a, Column b, ColumnSummary summary)
    {
        int rows = 0, uncommon = 0;
        double common = summary.Common as double? ?? double.NaN;
        for (int row = 0; row < a.Count; row++)
        {
            if (a.IsMissing(row) || b.IsMissing(row)) continue;
            if (!Same(a, b, row)) return 0;
            rows++;
            if (a is NumericColumn numeric ? numeric[row] != common : !summary.Common!.Equals(a.Value(row))) uncommon++;
        }
        if (rows < FewestRows || uncommon == 0) return 0;
        // of two uncommon values
        double top = summary.CommonCount / (double)summary.Count, among = (summary.Concentration - top * top) / ((1 - top) * (1 - top));
        double share = uncommon / (double)rows, agree = (1 - share) * (1 - share) + share * share * among;
        return rows * Math.Log(agree) <= Math.Log(Chance) ? rows : 0;
    }

    private static bool Same(Column a, Column b, int row) =>
        a is NumericColumn x && b is NumericColumn y ? x[row] == y[row] : Equals(a.Value(row), b.Value(row));
}
