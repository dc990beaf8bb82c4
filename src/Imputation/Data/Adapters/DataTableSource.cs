using System.Data;
using System.Diagnostics.CodeAnalysis;

namespace Imputation.Data.Adapters;

/// <summary>The properties of a <see cref="DataTable"/> and its columns, without rows.</summary>
internal sealed class DataTableSource : TypedSource
{
    private readonly DataTable _schema;

    public DataTableSource(DataTable table, IEnumerable<TypedColumn> columns) : base(columns)
    {
        _schema = NewTable(table);
        foreach (DataColumn column in table.Columns) _schema.Columns.Add(NewColumn(column, column.DataType, column.AllowDBNull));
    }

    /// <summary>An empty table of the same name and the same ways.</summary>
    public DataTable NewTable() => NewTable(_schema);

    /// <summary>A column like the one that the cells came from; null where none was.</summary>
    public DataColumn? NewColumn(TypedCells cells) =>
        _schema.Columns.Cast<DataColumn>().FirstOrDefault(c => c.ColumnName == cells.Column.Name) is { } like ? NewColumn(like, cells.Type,
            cells.AllowsNull) : null;

    private static DataTable NewTable(DataTable like) =>
        new(like.TableName, like.Namespace)
        {
            CaseSensitive = like.CaseSensitive,
            Locale = like.Locale,
            RemotingFormat = like.RemotingFormat
        };

    private static DataColumn NewColumn(DataColumn like, [DynamicallyAccessedMembers(TypedCells.MembersOfDataColumns)] Type type,
        bool allowsNull)
    {
        var column = new DataColumn(like.ColumnName, type) { Caption = like.Caption, AllowDBNull = allowsNull };
        if (type == typeof(string)) column.MaxLength = like.MaxLength;
        if (type == typeof(DateTime) && like.DataType == type) column.DateTimeMode = like.DateTimeMode;
        return column;
    }
}
