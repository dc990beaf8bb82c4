namespace Imputation.Data.Adapters;

/// <summary>The objects that a table was made from, in the order of its rows.</summary>
/// <param name="rows">The objects.</param>
/// <param name="integerColumns">Properties of integer types.</param>
internal sealed class ObjectSource<T>(T[] rows, string[] integerColumns) : TableSource
{
    public T[] Rows { get; } = rows;

    internal override IEnumerable<string> IntegerColumns => integerColumns;
}
