using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Imputation.Text;

namespace Imputation.Data.Adapters;

/// <summary>Reads a table row by row.</summary>
internal sealed class TableDataReader(Table table) : DbDataReader
{
    private readonly TypedCells[] _columns = TypedCells.Of(table);
    private int _row = -1;
    private bool _closed;

    public override int FieldCount => _columns.Length;

    public override bool HasRows => table.RowCount > 0;

    public override bool IsClosed => _closed;

    public override int RecordsAffected => -1; // as for any SELECT

    public override int Depth => 0;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read()
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(DbDataReader));
        if (_row < table.RowCount) _row++;
        return _row < table.RowCount;
    }

    public override bool NextResult()
    {
        _row = table.RowCount;
        return false;
    }

    public override void Close() => _closed = true;

    public override string GetName(int ordinal) => At(ordinal).Column.Name;

    /// <summary>The column of that name; failing that, the first that matches when case is ignored, as in every provider.</summary>
    public override int GetOrdinal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int exact = Array.FindIndex(_columns, c => c.Column.Name == name);
        if (exact >= 0) return exact;
        int similar = Array.FindIndex(_columns, c => c.Column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return similar >= 0 ? similar : throw new IndexOutOfRangeException($"No column '{name}'; the table has "
            + $"{TextFormat.Names(_columns.Select(c => c.Column.Name))}.");
    }

    [return: DynamicallyAccessedMembers(TypedCells.MembersOfDataColumns)]
    public override Type GetFieldType(int ordinal) => At(ordinal).Type;

    public override string GetDataTypeName(int ordinal) => At(ordinal).Type.Name;

    public override bool IsDBNull(int ordinal) => At(ordinal).IsNull(Row);

    public override object GetValue(int ordinal) => At(ordinal).Value(Row) ?? DBNull.Value;

    public override int GetValues(object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int count = Math.Min(values.Length, _columns.Length);
        for (int j = 0; j < count; j++) values[j] = GetValue(j);
        return count;
    }

    public override bool GetBoolean(int ordinal) => Get<bool>(ordinal);

    public override byte GetByte(int ordinal) => Get<byte>(ordinal);

    public override char GetChar(int ordinal) => Get<char>(ordinal);

    public override DateTime GetDateTime(int ordinal) => Get<DateTime>(ordinal);

    public override decimal GetDecimal(int ordinal) => Get<decimal>(ordinal);

    public override double GetDouble(int ordinal) => Get<double>(ordinal);

    public override float GetFloat(int ordinal) => Get<float>(ordinal);

    public override Guid GetGuid(int ordinal) => Get<Guid>(ordinal);

    public override short GetInt16(int ordinal) => Get<short>(ordinal);

    public override int GetInt32(int ordinal) => Get<int>(ordinal);

    public override long GetInt64(int ordinal) => Get<long>(ordinal);

    public override string GetString(int ordinal) => Get<string>(ordinal);

    public override T GetFieldValue<T>(int ordinal) => Get<T>(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        Copy(Get<byte[]>(ordinal), dataOffset, buffer, bufferOffset, length);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        Copy(Get<string>(ordinal).ToCharArray(), dataOffset, buffer, bufferOffset, length);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    /// <summary>One row per column, with the columns of ADO.NET's contract that a table can tell.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2111", Justification = "A column of the schema holds types; nobody looks up their "
        + "members through it.")]
    public override DataTable GetSchemaTable()
    {
        var schema = new DataTable("SchemaTable") { Locale = CultureInfo.InvariantCulture };
        schema.Columns.Add(SchemaTableColumn.ColumnName, typeof(string));
        schema.Columns.Add(SchemaTableColumn.ColumnOrdinal, typeof(int));
        schema.Columns.Add(SchemaTableColumn.ColumnSize, typeof(int));
        schema.Columns.Add(SchemaTableColumn.DataType, typeof(Type));
        schema.Columns.Add(SchemaTableColumn.AllowDBNull, typeof(bool));
        schema.Columns.Add(SchemaTableColumn.IsKey, typeof(bool));
        schema.Columns.Add(SchemaTableColumn.IsUnique, typeof(bool));
        schema.Columns.Add(SchemaTableColumn.IsLong, typeof(bool));
        schema.Columns.Add(SchemaTableOptionalColumn.IsReadOnly, typeof(bool));
        for (int j = 0; j < _columns.Length; j++)
            schema.Rows.Add(_columns[j].Column.Name, j, -1, _columns[j].Type, _columns[j].AllowsNull, false, false, false, false);
        return schema;
    }

    private int Row =>
        _closed ? throw new ObjectDisposedException(nameof(DbDataReader))
        : _row < 0 ? throw new InvalidOperationException("No row yet: call Read first.")
        : _row < table.RowCount ? _row : throw new InvalidOperationException("No row left: Read returned false.");

    private TypedCells At(int ordinal) => (uint)ordinal < (uint)_columns.Length
        ? _columns[ordinal]
        : throw new IndexOutOfRangeException($"No column {ordinal}; the table has columns 0 to {_columns.Length - 1}.");

    // As providers do, the cell's own type is asked for, not one that it could be converted to.
    private T Get<T>(int ordinal) => GetValue(ordinal) switch
    {
        T value => value,
        DBNull when default(T) is null && typeof(T).IsValueType => default!, // int? and its like
        DBNull => throw new InvalidCastException($"Column '{GetName(ordinal)}', row {_row + 1}: the cell is missing; call IsDBNull first."),
        object value => throw new InvalidCastException($"Column '{GetName(ordinal)}' holds {value.GetType().Name}, not {typeof(T).Name}."),
    };

    private static long Copy<T>(T[] source, long offset, T[]? target, int targetOffset, int length)
    {
        if (target is null) return source.Length;
        int count = (int)Math.Max(0, Math.Min(length, source.Length - offset));
        if (count > 0) Array.Copy(source, offset, target, targetOffset, count);
        return count;
    }
}
