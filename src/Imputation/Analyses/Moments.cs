using System.Diagnostics;
using System.Globalization;
using Imputation.Analyses;
using Imputation.Text;

namespace Imputation;

/// <summary>Means, standard deviations and correlations of numeric columns, from the rows in which all of them have values; rows count by
/// their weights where the table was read with weights. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Moments
{
    private readonly ColumnMoments[] _columns;

    private Moments(ColumnMoments[] columns, double[,] correlations, int rowCount)
    {
        _columns = columns;
        RowCount = rowCount;
        Columns = [.. columns.Select(c => c.Name)];
        Means = Array.AsReadOnly(Array.ConvertAll(columns, c => c.Mean));
        StandardDeviations = Array.AsReadOnly(Array.ConvertAll(columns, c => c.StandardDeviation));
        StandardErrors = Array.AsReadOnly(Array.ConvertAll(columns, c => c.StandardError));
        Correlations = new SymmetricMatrix(Columns, correlations);
    }

    /// <summary>Summarises columns of a table.</summary>
    /// <param name="table">The table; columns that are not named do not matter.</param>
    /// <param name="columns">Names of numeric columns, all different; by default all numeric columns.</param>
    /// <exception cref="ArgumentException">No columns, one that the table does not have, one that is not numeric, or one named
    /// twice.</exception>
    /// <exception cref="ImputationDataException">No row has values in all of the columns.</exception>
    public static Moments Of(Table table, IReadOnlyList<string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        columns ??= [.. table.Columns.Where(c => c is NumericColumn).Select(c => c.Name)];
        if (columns.Count == 0) throw new ArgumentException("There is no numeric column to summarise.", nameof(columns));
        if (columns.Distinct().Count() < columns.Count)
            throw new ArgumentException($"A column is named twice: {TextFormat.Names(columns)}.", nameof(columns));
        foreach (string name in columns)
        {
            if (!table.TryGetColumn(name, out Column? column))
                throw new ArgumentException($"No column '{name}'; the table has {TextFormat.Names(table.Columns.Select(c => c.Name))}.",
                    nameof(columns));
            if (column is not NumericColumn)
                throw new ArgumentException($"Column '{name}' is {column.Kind.ToString().ToLowerInvariant()}; only numbers have a mean.",
                    nameof(columns));
        }
        return Of(CompleteRows.Of(table, columns)) ?? throw new ImputationDataException($"No row has values in all of the columns "
            + $"{TextFormat.Names(columns)}; summarise fewer of them at a time.");
    }

    /// <summary>Null where there are no rows.</summary>
    internal static Moments? Of(IReadOnlyList<CenteredColumn> columns)
    {
        if (columns.Count == 0) return null;
        var correlations = new double[columns.Count, columns.Count];
        for (int j = 0; j < columns.Count; j++)
        {
            correlations[j, j] = columns[j].IsConstant ? double.NaN : 1;
            for (int l = 0; l < j; l++) correlations[j, l] = correlations[l, j] = CenteredColumn.Correlation(columns[j], columns[l]);
        }
        int n = columns[0].Values.Length;
        return new Moments([.. columns.Select(c => new ColumnMoments(c.Name, c.Mean, n < 2 ? double.NaN : c.StandardDeviation,
            n < 2 ? double.NaN : c.StandardError))], correlations, n)
        { EffectiveRowCount = (int)Math.Round(columns[0].EffectiveCount) };
    }

    /// <summary>Rows in which all of the columns have values, n.</summary>
    public int RowCount { get; }

    /// <summary>As many rows of equal weight say as much as these: their number where none has a weight.</summary>
    internal int EffectiveRowCount { get; private init; }

    /// <summary>Names of the p columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Means.</summary>
    /// <value>p numbers in the units of the data.</value>
    public IReadOnlyList<double> Means { get; }

    /// <summary>Standard deviations, divisor n − 1; NaN of a single row.</summary>
    /// <value>p numbers in the units of the data.</value>
    public IReadOnlyList<double> StandardDeviations { get; }

    /// <summary>Standard errors of the means, s / √n, of weighted rows linearised; NaN of a single row.</summary>
    /// <value>p numbers in the units of the data.</value>
    public IReadOnlyList<double> StandardErrors { get; }

    /// <summary>Pearson's correlations; NaN with a column whose values are all the same.</summary>
    /// <value>p × p, symmetric.</value>
    public SymmetricMatrix Correlations { get; }

    /// <summary>The mean of a column and its standard error.</summary>
    /// <exception cref="ArgumentException">No such column.</exception>
    public (double Mean, double StandardError) this[string name] =>
        (_columns[IndexOf(name)].Mean, _columns[IndexOf(name)].StandardError);

    /// <summary>The correlation of two columns.</summary>
    /// <exception cref="ArgumentException">No such column.</exception>
    public double Correlation(string first, string second) => Correlations[IndexOf(first), IndexOf(second)];

    private int IndexOf(string name) => Array.FindIndex(_columns, c => c.Name == name) is >= 0 and var j
        ? j
        : throw new ArgumentException($"There is no column '{name}' in this summary; there are {TextFormat.Names(Columns)}.", nameof(name));

    private readonly record struct ColumnMoments(string Name, double Mean, double StandardDeviation, double StandardError);

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowCount} rows, {Columns.Count} columns; means "
        + $"{string.Join(", ", _columns.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Mean:G6}")))}");
}
