using System.Diagnostics.CodeAnalysis;
using Imputation.Data.Adapters;

namespace Imputation;

/// <summary>Fills the missing properties of plain objects.</summary>
public static class ObjectImputer
{
    /// <summary>Fits a model to the objects' numeric properties and fills those that are null or NaN.</summary>
    /// <remarks>Without options the model is fitted as <see cref="ModelOptions.Default"/> says, which fills few objects too. Properties of
    /// integer types are filled with whole numbers (see <see cref="FillOptions.Integer"/>). For the ledger and the fit,
    /// take the longer way: <see cref="ObjectTable.FromObjects"/>, <see cref="Imputer"/>, <see cref="ObjectTable.ToObjects"/>.</remarks>
    /// <returns>A copy of every object, in the same order, in which only missing properties differ; what could not be filled is missing
    /// still.</returns>
    /// <exception cref="ImputationDataException">An infinite value, or a filled value that its property's type cannot hold.</exception>
    public static IReadOnlyList<T> Impute<[DynamicallyAccessedMembers(ObjectProperties.Members)] T>(this IEnumerable<T> rows,
        ModelOptions? model = null, FillOptions? fill = null, CancellationToken cancellation = default)
    {
        Table table = ObjectTable.FromObjects(rows);
        fill ??= FillOptions.Default;
        IEnumerable<string> integers = table.Columns.Where(c => c.Kind == ColumnKind.Integer && c.MissingCount > 0).Select(c => c.Name);
        fill = fill with { Integer = [.. fill.Integer.Union(integers)] };
        return ObjectTable.ToObjects<T>(table.Impute(model, fill, cancellation).Table);
    }
}
