using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Imputation.Data.Adapters;
using Imputation.Text;

namespace Imputation;

/// <summary>Arrays as a table, and a table as arrays: rectangular, jagged, or a dictionary of columns.</summary>
/// <example><code>
/// double[,] filled = ArrayTable.ToArray(ArrayTable.FromArray(values).Impute().Table);
/// </code></example>
public static class ArrayTable
{
    /// <summary>A table of numbers from n × p values; NaN is missing. The values are copied.</summary>
    /// <param name="values">A row for each row.</param>
    /// <param name="names">p names; by default x1 to xp.</param>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    /// <exception cref="ArgumentException">No columns, or a wrong number of names.</exception>
    public static Table FromArray(double[,] values, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Table.FromArray(names ?? DefaultNames(values.GetLength(1)), values);
    }

    /// <summary>A table of numbers from n rows of p values; NaN is missing. The values are copied.</summary>
    /// <param name="rows">All of one length.</param>
    /// <param name="names">p names; by default x1 to xp.</param>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    /// <exception cref="ArgumentException">No columns, a wrong number of names, a null row, or rows of different lengths.</exception>
    public static Table FromRows(IReadOnlyList<double[]> rows, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 && names is null) throw new ArgumentException("No rows and no names: the number of columns is unknown.",
            nameof(rows));
        int width = names?.Count ?? rows[0]?.Length ?? 0;
        var values = new double[rows.Count, width];
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows[row] is not { } cells) throw new ArgumentException($"Row {row + 1} is null; expected {width} values.", nameof(rows));
            if (cells.Length != width)
                throw new ArgumentException($"Row {row + 1} has {cells.Length} values, "
                    + $"{(names is null ? "the first row" : "the names")} {width}.", nameof(rows));
            for (int j = 0; j < width; j++) values[row, j] = cells[j];
        }
        return FromArray(values, names);
    }

    /// <summary>A table from named columns, in the order in which the dictionary gives them.</summary>
    /// <remarks>Numbers, text and anything else, as <see cref="DataTables.ToTable"/> takes them; null and NaN are missing.
    /// The values are copied; objects are shared.</remarks>
    /// <param name="columns">Arrays or lists of one length. Their element types determine the kinds of the columns, <c>double[]</c>,
    /// <c>int?[]</c>, <c>string[]</c> ...; to mix them, take a <c>Dictionary&lt;string, Array&gt;</c>.</param>
    /// <typeparam name="TColumn">An array or list of a type.</typeparam>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    /// <exception cref="ArgumentException">No columns, a column that is null or a string, or columns of different lengths.</exception>
    public static Table FromColumns<TColumn>(IEnumerable<KeyValuePair<string, TColumn>> columns) where TColumn : IEnumerable
    {
        ArgumentNullException.ThrowIfNull(columns);
        return TypedSource.Table(columns.Select(c =>
        {
            if (c.Value is null or string)
                throw new ArgumentException($"Column '{c.Key}' is {(c.Value is null ? "null" : "a single text")}; expected an array or a "
                    + "list of values.", nameof(columns));
            Type element = ElementType(c.Value);
            var builder = new ColumnBuilder(c.Key, Nullable.GetUnderlyingType(element) ?? element, allowsNull: !element.IsValueType
                || Nullable.GetUnderlyingType(element) is not null);
            foreach (object? value in c.Value) builder.Add(value);
            return builder;
        }));
    }

    /// <summary>The n × p values of a table of numbers; NaN where missing. A copy.</summary>
    /// <exception cref="ArgumentException">A column that is not numeric; the message names it.</exception>
    public static double[,] ToArray(Table table)
    {
        NumericColumn[] columns = Numeric(table);
        var values = new double[table.RowCount, columns.Length];
        for (int j = 0; j < columns.Length; j++)
            for (int row = 0; row < table.RowCount; row++) values[row, j] = columns[j].Values[row];
        return values;
    }

    /// <summary>The n rows of p values of a table of numbers; NaN where missing. A copy.</summary>
    /// <exception cref="ArgumentException">A column that is not numeric; the message names it.</exception>
    public static double[][] ToRows(Table table)
    {
        NumericColumn[] columns = Numeric(table);
        return [.. Enumerable.Range(0, table.RowCount).Select(row => Array.ConvertAll(columns, c => c.Values[row]))];
    }

    /// <summary>The columns of a table as arrays by name, in the table's order.</summary>
    /// <remarks> A column from an array keeps its element type and its observed values; a column of integers into which fractions
    /// were filled becomes <c>double[]</c>, or <c>double?[]</c> if null was allowed. Any other is <c>double[]</c>, <c>long[]</c>,
    /// <c>string[]</c>, or an array of the unchanged values of a column not modelled. Cells still missing are what they were, null or
    /// NaN; <c>long[]</c> and its like become <c>long?[]</c> where cells are missing.</remarks>
    /// <exception cref="ImputationDataException">A filled value that its column's type cannot hold; the message names column, row and
    /// value.</exception>
    [RequiresDynamicCode("Makes arrays of the columns' types, which the program may not contain.")]
    public static OrderedDictionary<string, Array> ToColumns(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new OrderedDictionary<string, Array>(TypedCells.Of(table).Select(c => KeyValuePair.Create(c.Column.Name,
            Filled(Array.CreateInstance(c.ElementType, c.Column.Count), c))));
    }

    /// <summary>The columns of a table as arrays of one type by name, in the table's order.</summary>
    /// <typeparam name="T">The type of all columns' cells, such as double, or int? for whole numbers with missing cells.</typeparam>
    /// <exception cref="ArgumentException">A column has cells of another type, or missing cells that the type cannot hold; the
    /// message names it. Columns of integers into which fractions were filled have: name them in
    /// <see cref="FillOptions.Integer"/>.</exception>
    /// <exception cref="ImputationDataException">A filled value that its column's type cannot hold; the message names column, row and
    /// value.</exception>
    public static OrderedDictionary<string, T[]> ToColumns<T>(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(TypedCells.Of(table).Select(c =>
        {
            if (c.Type != (Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)))
                throw new ArgumentException($"Column '{c.Column.Name}' has cells of {c.Type.Name}, not of {Name(typeof(T))}. Where "
                    + $"fractions were filled into integers, name the column in {nameof(FillOptions)}.{nameof(FillOptions.Integer)}.",
                    nameof(table));
            if (c.Column.MissingCount > 0 && default(T) is not null && typeof(T) != typeof(double))
                throw new ArgumentException($"Column '{c.Column.Name}' has missing cells, which {Name(typeof(T))} cannot hold; ask for "
                    + $"{Name(typeof(T))}?.", nameof(table));
            return KeyValuePair.Create(c.Column.Name, (T[])Filled(new T[c.Column.Count], c));
        }));
    }

    private static string Name(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? inner.Name + "?" : type.Name;

    private static Array Filled(Array array, TypedCells cells)
    {
        object? missing = array is double[]? double.NaN : null;
        for (int row = 0; row < array.Length; row++) array.SetValue(cells.Value(row) ?? missing, row);
        return array;
    }

    private static NumericColumn[] Numeric(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        string[] others = [.. table.Columns.Where(c => c is not NumericColumn).Select(c => c.Name)];
        if (others.Length > 0)
            throw new ArgumentException($"{TextFormat.Names(others)} {(others.Length == 1 ? "is" : "are")} not numeric; take "
                + $"{nameof(ToColumns)}.", nameof(table));
        return [.. table.Columns.Cast<NumericColumn>()];
    }

    private static string[] DefaultNames(int count) => [.. Enumerable.Range(1, count).Select(j => $"x{j}")];

    /// <summary>T of the first <see cref="IEnumerable{T}"/>; object where there is none.</summary>
    private static Type ElementType(IEnumerable sequence) => sequence.GetType().GetElementType()
        ?? Number<double>(sequence) ?? Number<float>(sequence) ?? Number<decimal>(sequence) ?? Number<int>(sequence)
            ?? Number<long>(sequence) ?? Number<short>(sequence)
        ?? Number<sbyte>(sequence) ?? Number<byte>(sequence) ?? Number<ushort>(sequence) ?? Number<uint>(sequence)
            ?? Number<ulong>(sequence)
        ?? (sequence is IEnumerable<string> ? typeof(string) : Other(sequence.GetType()));

    private static Type? Number<T>(IEnumerable sequence) where T : struct => sequence switch
    {
        IEnumerable<T> => typeof(T),
        IEnumerable<T?> => typeof(T?),
        _ => null,
    };

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Numbers and text, the only columns that a model reads, are found "
        + "without reflection.")]
    private static Type Other(Type sequence) =>
        sequence.GetInterfaces().Append(sequence).FirstOrDefault(i => i.IsGenericType
            && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0] ?? typeof(object);
}
