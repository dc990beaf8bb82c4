using System.Diagnostics.CodeAnalysis;
using Imputation.Data.Adapters;

namespace Imputation;

/// <summary>Plain objects as a table, and a table as plain objects.</summary>
/// <example><code>
/// ImputationResult done = patients.ToTable().Impute();
/// IReadOnlyList&lt;Patient&gt; filled = done.Table.ToObjects&lt;Patient&gt;();
/// foreach (Finding finding in done.Fit.Report.Findings) Console.WriteLine(finding);
/// </code></example>
public static class ObjectTable
{
    /// <summary>The objects of a list or an array as a table: <see cref="FromObjects"/>.</summary>
    /// <inheritdoc cref="FromObjects"/>
    public static Table ToTable<[DynamicallyAccessedMembers(ObjectProperties.Members)] T>(this IReadOnlyList<T> rows) => FromObjects(rows);

    /// <summary>A table with a row for each object of a sequence and a column for each public readable property, in declaration order,
    /// a base class's properties first.</summary>
    /// <remarks><see cref="double"/>, <see cref="float"/> and <see cref="decimal"/> give columns of numbers, the integer types
    /// columns of integers (objects, which are not modelled, if a magnitude exceeds 2⁵³), strings give text, everything else is an
    /// object column and not modelled. Null and NaN are missing. A value filled into a property of an integer type is rounded to a
    /// whole number. Indexers are skipped. The table keeps the objects, for <see cref="ToObjects"/>.</remarks>
    /// <param name="rows">No null among them.</param>
    /// <typeparam name="T">A class, record or struct with at least one public readable property.</typeparam>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    /// <exception cref="ArgumentException">A null row, or a type without properties.</exception>
    public static Table FromObjects<[DynamicallyAccessedMembers(ObjectProperties.Members)] T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        T[] all = [.. rows];
        int empty = Array.FindIndex(all, row => row is null);
        if (empty >= 0) throw new ArgumentException($"Row {empty + 1} is null; expected a {typeof(T).Name}.", nameof(rows));
        if (typeof(T).IsArray || typeof(T) == typeof(string))
            throw new ArgumentException($"The rows are {(typeof(T).IsArray ? "arrays" : "texts")}, not objects with properties; "
                + $"{nameof(ArrayTable)} makes tables of arrays.", nameof(rows));
        if (ObjectProperties<T>.All.Count == 0)
            throw new ArgumentException($"{typeof(T).Name} has no public readable property to make a column of.", nameof(rows));
        Column[] columns = [.. ObjectProperties<T>.All.Select(p => p.ToColumn(all))];
        return new Table(columns, new ObjectSource<T>(all, [.. columns.Where(c => c.Kind == ColumnKind.Integer).Select(c => c.Name)]));
    }

    /// <summary>The rows of a table as objects.</summary>
    /// <remarks> A table made by <see cref="FromObjects"/> from objects of this type, completed or not, gives a shallow copy of each
    /// object in which the filled cells alone are set: decimals, dates and all else are the originals to the last digit. A filled
    /// cell is set through the property's public set or init accessor; where it has none, the object is built anew by the public
    /// constructor whose parameters match properties by name (case aside), and its settable properties are copied. Any other table
    /// gives new objects, whose properties are set from the columns of the same name (else of the same name case aside). A number
    /// filled into a property of an integer type is rounded to the nearest, ties to even: the type can hold nothing else.</remarks>
    /// <typeparam name="T">The type of the rows.</typeparam>
    /// <exception cref="ImputationDataException">A value that the property's type cannot hold; the message names column, row and
    /// value.</exception>
    /// <exception cref="ArgumentException">A property with neither setter nor constructor parameter has a filled cell, or
    /// <typeparamref name="T"/> cannot be built.</exception>
    public static IReadOnlyList<T> ToObjects<[DynamicallyAccessedMembers(ObjectProperties.Members)] T>(this Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Source is ObjectSource<T> source && source.Rows.Length == table.RowCount ? Completed(table, source.Rows)
            : Built<T>(table);
    }

    private static T[] Completed<[DynamicallyAccessedMembers(ObjectProperties.Members)] T>(Table table, T[] originals)
    {
        (ObjectProperty<T> Property, Column Column)[] filled = [.. Pairs<T>(table).Where(p => p.Column.Original is not null)];
        var objects = new T[originals.Length];
        var build = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        for (int row = 0; row < objects.Length; row++)
        {
            T copy = ObjectProperties<T>.Copy(originals[row]);
            build.Clear();
            foreach ((ObjectProperty<T> property, Column column) in filled)
            {
                if (!column.WasFilled(row)) continue;
                object? value = property.FromCell(column, row);
                if (property.CanSet) copy = property.Set(copy, value);
                else build[property.Name] = value;
            }
            objects[row] = build.Count == 0 ? copy : ObjectProperties<T>.Rebuild(copy, build, row);
        }
        return objects;
    }

    private static T[] Built<[DynamicallyAccessedMembers(ObjectProperties.Members)] T>(Table table)
    {
        (ObjectProperty<T> Property, Column Column)[] pairs = [.. Pairs<T>(table)];
        var objects = new T[table.RowCount];
        for (int row = 0; row < objects.Length; row++)
            objects[row] = ObjectProperties<T>.Build(pairs.ToDictionary(p => p.Property.Name, p => p.Property.FromCell(p.Column, row),
                StringComparer.OrdinalIgnoreCase));
        return objects;
    }

    private static IEnumerable<(ObjectProperty<T> Property, Column Column)> Pairs<[DynamicallyAccessedMembers(ObjectProperties.Members)] T>(
        Table table)
    {
        foreach (ObjectProperty<T> property in ObjectProperties<T>.All)
        {
            Column? column = table.TryGetColumn(property.Name, out Column? exact)
                ? exact
                : table.Columns.FirstOrDefault(c => c.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase));
            if (column is not null) yield return (property, column);
        }
    }
}
