using Imputation.Data.Adapters;

namespace Imputation.Sql;

/// <summary>Source of a batch of rows of a database: the types of its columns, and the text of decimal numbers.</summary>
/// <param name="columns">The types.</param>
/// <param name="integers">Columns that can hold whole numbers only: what is filled into them is rounded.</param>
/// <param name="texts">The cells of decimal columns as they came, by column.</param>
internal sealed class DbBatchSource(IEnumerable<TypedColumn> columns, IReadOnlyList<string> integers,
    IReadOnlyDictionary<string, string?[]> texts) : TypedSource(columns)
{
    internal override IEnumerable<string> IntegerColumns => integers;

    /// <summary>The cells of a column of decimals as text, null where NULL; null for any other column.</summary>
    public string?[]? Texts(string column) => texts.GetValueOrDefault(column);
}
