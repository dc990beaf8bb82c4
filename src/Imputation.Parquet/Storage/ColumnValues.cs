namespace Imputation.Parquet.Storage;

/// <summary>The values of a column, as stored: of one row group, or those that are to become one.</summary>
internal abstract class ColumnValues(bool[]? present)
{
    public abstract int Count { get; }

    /// <summary>The rows that have a value; null where all have.</summary>
    public bool[]? Present => present;

    public bool IsNull(int row) => present is not null && !present[row];
}

/// <summary>Values of one type, a slot for each row; the slot of a null holds the default.</summary>
internal sealed class ColumnValues<T>(T[] values, bool[]? present) : ColumnValues(present)
{
    public T[] Values => values;

    public override int Count => values.Length;
}
