using Imputation.Data.Adapters;
using Microsoft.Data.Analysis;

namespace Imputation.DataFrames;

/// <summary>A <see cref="DataFrame"/> as a table, and a table as a <see cref="DataFrame"/>.</summary>
public static class DataFrameTable
{
    /// <summary>A table with the rows and columns of a frame, in their order.</summary>
    /// <remarks>Columns of <see cref="double"/>, <see cref="float"/> and <see cref="decimal"/> are numbers, those of integer types
    /// integers (not modelled if a magnitude is beyond 2⁵³), both kinds of strings text; all other types are not modelled. Null and
    /// NaN are missing, counted separately. Later changes of the frame are not seen. (<c>DataFrame.ToTable()</c> is that package's
    /// own method and gives a <c>System.Data.DataTable</c>.)</remarks>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    /// <exception cref="ArgumentException">A frame without columns, or with more rows than an array can have.</exception>
    public static Table FromDataFrame(DataFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Rows.Count > Array.MaxLength)
            throw new ArgumentException($"The frame has {frame.Rows.Count} rows; a table can have "
                + $"at most {Array.MaxLength}.", nameof(frame));
        (Column Column, TypedColumn Origin)[] built = [.. frame.Columns.Select(DataFrameReader.Read)];
        return new Table(built.Select(b => b.Column), new DataFrameSource(built.Select(b => b.Origin), frame.Columns));
    }

    /// <summary>A new frame with a table's rows and columns, in their order. No column is shared with another frame.</summary>
    /// <remarks>A table made by <see cref="FromDataFrame"/>, completed or not, gives columns of the same kinds, with the observed
    /// cells unchanged. A column of integers into which fractions were filled becomes one of <see cref="double"/>, unless it was
    /// named in <c>ImputationOptions.Integer</c>. Any other table gives doubles, <see cref="long"/>s, strings, and the objects of
    /// columns not modelled.</remarks>
    /// <exception cref="ImputationDataException">A filled value that its column's type cannot hold; the message names column, row and
    /// value.</exception>
    /// <exception cref="ArgumentException">A column of a type that a frame cannot hold, such as <c>byte[]</c>.</exception>
    public static DataFrame ToDataFrame(this Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var source = table.Source as DataFrameSource;
        return new DataFrame(TypedCells.Of(table).Select(cells => DataFrameColumns.Build(cells, source?.ColumnType(cells.Column.Name))));
    }
}
