namespace Imputation.Data.Adapters;

/// <summary>The original type of a column of typed values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of the values, never a <see cref="Nullable{T}"/>.</param>
/// <param name="AllowsNull">Whether it can hold null.</param>
internal sealed record TypedColumn(string Name, Type Type, bool AllowsNull)
{
    /// <summary>The values of a column of decimals, 0 where missing: a double holds fewer digits. Null for any other type.</summary>
    public decimal[]? Decimals { get; init; }
}
