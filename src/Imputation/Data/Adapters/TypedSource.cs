namespace Imputation.Data.Adapters;

/// <summary>Source of a table of typed values: the original type of each column.</summary>
internal class TypedSource(IEnumerable<TypedColumn> columns) : TableSource
{
    private readonly Dictionary<string, TypedColumn> _columns = columns.ToDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>The original type of the column with that name, or null.</summary>
    public TypedColumn? Find(string name) => _columns.GetValueOrDefault(name);

    /// <summary>A table of built columns that keeps their original types.</summary>
    public static Table Table(IEnumerable<ColumnBuilder> builders)
    {
        (Column Column, TypedColumn Origin)[] built = [.. builders.Select(b => b.Build())];
        return new Table(built.Select(b => b.Column), new TypedSource(built.Select(b => b.Origin)));
    }
}
