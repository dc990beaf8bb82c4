using System.Diagnostics;
using System.Globalization;
using Imputation.Numerics.Threading;

namespace Imputation.Patterns;

/// <summary>n rows by p named columns of finite numbers, NaN where missing; held column by column.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class IncompleteMatrix
{
    private readonly double[][] _columns;

    private IncompleteMatrix(NumericColumn[] columns)
    {
        Columns = columns;
        ColumnNames = [.. columns.Select(c => c.Name)];
        _columns = [.. columns.Select(c => c.Array)];
        RowCount = columns[0].Count;
    }

    /// <summary>A matrix over numeric columns of equal length. Their memory is shared.</summary>
    /// <exception cref="ArgumentException">No columns, or columns of different lengths.</exception>
    public static IncompleteMatrix FromColumns(IReadOnlyList<NumericColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0) throw new ArgumentException("A matrix needs at least one column.", nameof(columns));
        if (columns.FirstOrDefault(c => c.Count != columns[0].Count) is { } odd)
            throw new ArgumentException($"Column '{odd.Name}' has {odd.Count} rows, '{columns[0].Name}' has {columns[0].Count}.",
                nameof(columns));
        return new IncompleteMatrix([.. columns]);
    }

    /// <summary>A matrix from an n × p array, NaN where missing; columns are named x1 to xp unless named. Copied.</summary>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    public static IncompleteMatrix FromArray(double[,] values, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        names ??= [.. Enumerable.Range(1, values.GetLength(1)).Select(j => $"x{j}")];
        return FromColumns([.. Table.FromArray(names, values).Columns.Cast<NumericColumn>()]);
    }

    /// <summary>Number of rows, n.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns, p.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>The p names.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The cell at <paramref name="row"/>, <paramref name="column"/> (both from 0); NaN where missing.</summary>
    public double this[int row, int column] => _columns[column][row];

    /// <summary>A column's n values, NaN where missing. A view, not a copy.</summary>
    public ReadOnlySpan<double> Column(int column) => _columns[column];

    /// <summary>The columns that the matrix is made of.</summary>
    internal IReadOnlyList<NumericColumn> Columns { get; }

    /// <summary>Some of the rows. Copied.</summary>
    internal IncompleteMatrix Rows(int[] rows, ParallelOptions? parallel = null)
    {
        var columns = new NumericColumn[ColumnCount];
        ParallelWork.For(columns.Length, parallel ?? ParallelWork.Options(threads: 0), j =>
            columns[j] = NumericColumn.Create(Columns[j].Name, Columns[j].Kind, Array.ConvertAll(rows, row => _columns[j][row])));
        return new IncompleteMatrix(columns);
    }

    /// <summary>The matrix in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowCount} rows, {ColumnCount} columns: {string.Join(", ", ColumnNames.Take(8))}{(ColumnCount > 8 ? ", …" : "")}");
}
