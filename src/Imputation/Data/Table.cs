using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Imputation.Text;

namespace Imputation;

/// <summary>An immutable table: named, typed columns of equal length.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Table
{
    private static readonly IReadOnlyDictionary<string, (ColumnRole, string)> s_noRoles = new Dictionary<string, (ColumnRole, string)>();

    private readonly Dictionary<string, int> _indexByName;

    /// <summary>A table of the given columns, in their order.</summary>
    /// <param name="columns">At least one column, all of the same length, no two of one name.</param>
    /// <param name="source">The source of the table, if a writer of the same kind should write observed cells back unchanged.</param>
    /// <exception cref="ArgumentException">No column, unequal lengths, or a name that occurs twice.</exception>
    public Table(IEnumerable<Column> columns, TableSource? source = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Columns = [.. columns];
        if (Columns.Count == 0) throw new ArgumentException("A table needs at least one column.", nameof(columns));
        _indexByName = new Dictionary<string, int>(Columns.Count, StringComparer.Ordinal);
        for (int j = 0; j < Columns.Count; j++)
        {
            Column column = Columns[j];
            if (column.Count != Columns[0].Count)
                throw new ArgumentException($"Column '{column.Name}' has {column.Count} rows, '{Columns[0].Name}' has {Columns[0].Count}.",
                    nameof(columns));
            if (!_indexByName.TryAdd(column.Name, j))
                throw new ArgumentException($"Two columns are named '{column.Name}'.", nameof(columns));
        }
        Source = source;
    }

    /// <summary>Other columns in place of a table's, with all else as there.</summary>
    private Table(IEnumerable<Column> columns, Table like) : this(columns, like.Source) =>
        (Roles, RowWeights, Beside, RowsBefore) = (like.Roles, like.RowWeights, like.Beside, like.RowsBefore);

    /// <summary>Number of rows before the first, where these are some of the rows of a larger table; draws and messages go by the numbers
    /// that rows have there.</summary>
    internal long RowsBefore { get; private init; }

    /// <summary>These rows after others of a larger table.</summary>
    internal Table After(long rows) => new(Columns, this) { RowsBefore = rows };

    /// <summary>The number of a row (from 0) as the user counts: from 1, over the larger table.</summary>
    internal long NumberOf(int row) => RowsBefore + row + 1;

    /// <summary>The columns in their order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount => Columns[0].Count;

    /// <summary>The source of the table, or null.</summary>
    public TableSource? Source { get; }

    /// <summary>Findings about how the table was read, such as blank rows that were left out; none where it has no
    /// <see cref="Source"/>.</summary>
    public IReadOnlyList<Finding> Findings => Source?.Findings ?? [];

    /// <summary>The column of that name (exact, case-sensitive).</summary>
    /// <exception cref="KeyNotFoundException">No such column; the message lists those there are.</exception>
    public Column this[string name] => TryGetColumn(name, out Column? column)
        ? column
        : throw new KeyNotFoundException($"No column '{name}'; the table has {TextFormat.Names(Columns.Select(c => c.Name))}.");

    /// <summary>Finds the column of that name (exact, case-sensitive).</summary>
    public bool TryGetColumn(string name, [NotNullWhen(true)] out Column? column)
    {
        column = _indexByName.TryGetValue(name, out int j) ? Columns[j] : null;
        return column is not null;
    }

    /// <summary>A table of numbers from a rectangular array, n × p; NaN is missing. The values are copied.</summary>
    /// <param name="names">p names.</param>
    /// <param name="values">n × p values.</param>
    public static Table FromArray(IReadOnlyList<string> names, double[,] values)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(values);
        if (names.Count != values.GetLength(1))
            throw new ArgumentException($"{names.Count} names for {values.GetLength(1)} columns.", nameof(names));
        return new Table(names.Select((name, j) =>
        {
            var column = new double[values.GetLength(0)];
            for (int row = 0; row < column.Length; row++) column[row] = values[row, j];
            return NumericColumn.Create(name, ColumnKind.Number, column);
        }));
    }

    /// <summary>Columns that are not measurements, by name, with the reason: what a reading of the table found or a codebook
    /// declares.</summary>
    internal IReadOnlyDictionary<string, (ColumnRole Role, string Note)> Roles { get; private init; } = s_noRoles;

    /// <summary>This table with roles of columns.</summary>
    internal Table With(IReadOnlyDictionary<string, (ColumnRole, string)> roles) =>
        new(Columns, this) { Roles = roles };

    /// <summary>The weight of each row in estimates, 0 or more, their sum the number of rows; null where all weigh the same.</summary>
    internal double[]? RowWeights { get; private init; }

    /// <summary>This table with weights of its rows.</summary>
    internal Table Weighted(double[]? weights) => new(Columns, this) { RowWeights = weights };

    /// <summary>Complete numbers beside the columns, by which models predict: they are in no file. Their names are none of the
    /// columns'.</summary>
    internal IReadOnlyList<NumericColumn> Beside { get; private init; } = [];

    /// <summary>This table with numbers beside its columns.</summary>
    internal Table With(IReadOnlyList<NumericColumn> beside) => new(Columns, this) { Beside = beside };

    /// <summary>Finds what a model may have under that name: a column, or a number beside them.</summary>
    internal bool TryGetModelled(string name, [NotNullWhen(true)] out Column? column) => TryGetColumn(name, out column)
        || (column = Beside.FirstOrDefault(b => b.Name == name)) is not null;

    /// <summary>This table with some columns replaced by filled ones of the same name; the source is kept.</summary>
    internal Table With(IReadOnlyDictionary<string, Column> replaced) =>
        new(Columns.Select(c => replaced.GetValueOrDefault(c.Name, c)), this);

    /// <summary>The table in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowCount} rows, {Columns.Count} columns, {Columns.Sum(c => (long)c.MissingCount)} missing cells: "
        + $"{TextFormat.Names(Columns.Select(c => c.Name))}");
}
