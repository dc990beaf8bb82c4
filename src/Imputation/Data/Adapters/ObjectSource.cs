namespace Imputation.Data.Adapters;

/// <summary>The objects that a table was made from, in the order of its rows.</summary>
internal sealed class ObjectSource<T>(T[] rows) : TableSource
{
    public T[] Rows { get; } = rows;
}
