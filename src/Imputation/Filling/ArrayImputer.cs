namespace Imputation;

/// <summary>Fills the missing cells of arrays: rectangular, jagged, or a dictionary of columns.</summary>
/// <remarks>For the ledger and the fit, take the longer way: <see cref="ArrayTable"/>, <see cref="Imputer"/>, and <see cref="ArrayTable"/>
/// back.</remarks>
public static class ArrayImputer
{
    /// <summary>Fits a model to n × p values and fills those that are NaN; the columns are named x1 to xp.</summary>
    /// <returns>A copy in which only NaNs differ.</returns>
    /// <exception cref="ImputationDataException">Nothing to fit, an infinite value, or, under <paramref name="model"/>, a likelihood
    /// without a maximum.</exception>
    public static double[,] Impute(this double[,] values, ModelOptions? model = null, FillOptions? fill = null,
        CancellationToken cancellation = default) =>
        ArrayTable.ToArray(ArrayTable.FromArray(values).Impute(model, fill, cancellation).Table);

    /// <summary>Fits a model to n rows of p values and fills those that are NaN; the columns are named x1 to xp.</summary>
    /// <returns>A copy in which only NaNs differ.</returns>
    /// <exception cref="ImputationDataException">Nothing to fit, an infinite value, or, under <paramref name="model"/>, a likelihood
    /// without a maximum.</exception>
    /// <exception cref="ArgumentException">Rows of different lengths.</exception>
    public static double[][] Impute(this IReadOnlyList<double[]> rows, ModelOptions? model = null, FillOptions? fill = null,
        CancellationToken cancellation = default) =>
        ArrayTable.ToRows(ArrayTable.FromRows(rows).Impute(model, fill, cancellation).Table);

    /// <summary>Fits a model to named columns of one type and fills those of their cells that are null or NaN.</summary>
    /// <remarks>Columns of integers are filled with whole numbers (see <see cref="FillOptions.Integer"/>): the type can hold nothing
    /// else.</remarks>
    /// <returns>A copy, in the same order, in which only missing cells differ.</returns>
    /// <exception cref="ImputationDataException">Nothing to fit, an infinite value, under <paramref name="model"/> a likelihood without a
    /// maximum, or a filled value that <typeparamref name="T"/> cannot hold.</exception>
    /// <exception cref="ArgumentException">Columns of different lengths.</exception>
    public static OrderedDictionary<string, T[]> Impute<T>(this IReadOnlyDictionary<string, T[]> columns, ModelOptions? model = null,
        FillOptions? fill = null, CancellationToken cancellation = default)
    {
        Table table = ArrayTable.FromColumns(columns);
        fill ??= FillOptions.Default;
        IEnumerable<string> integers = table.Columns.Where(c => c.Kind == ColumnKind.Integer && c.MissingCount > 0).Select(c => c.Name);
        fill = fill with { Integer = [.. fill.Integer.Union(integers)] };
        return ArrayTable.ToColumns<T>(table.Impute(model, fill, cancellation).Table);
    }
}
