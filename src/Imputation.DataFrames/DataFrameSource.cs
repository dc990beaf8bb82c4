using Imputation.Data.Adapters;
using Microsoft.Data.Analysis;

namespace Imputation.DataFrames;

/// <summary>The column classes of a frame; its rows are not kept.</summary>
internal sealed class DataFrameSource(IEnumerable<TypedColumn> columns, IEnumerable<DataFrameColumn> classes) : TypedSource(columns)
{
    private readonly Dictionary<string, Type> _classes = classes.ToDictionary(c => c.Name, c => c.GetType(), StringComparer.Ordinal);

    /// <summary>The class of the column of that name, or null.</summary>
    public Type? ColumnType(string name) => _classes.GetValueOrDefault(name);
}
