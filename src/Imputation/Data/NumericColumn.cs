using System.Globalization;
using Imputation.Data;

namespace Imputation;

/// <summary>A column of numbers, whole (<see cref="ColumnKind.Integer"/>) or real (<see cref="ColumnKind.Number"/>).</summary>
public sealed class NumericColumn : Column
{
    /// <summary>The largest magnitude of a whole number that a double holds with all its neighbours: 2⁵³.</summary>
    public const long LargestInteger = 1L << 53;

    private readonly double[]? _cells;  // of a filled column, in the order of the cells that were missing
    private int? _written;
    private double[]? _values;          // of a filled column not before somebody asks for all of them

    private NumericColumn(string name, ColumnKind kind, double[]? values, MissingMask marks, int? decimals = null) : base(name, marks)
    {
        Kind = kind;
        Decimals = decimals;
        _values = values;
    }

    private NumericColumn(NumericColumn same, MissingMask mask, Categories? categories) : base(same.Name, mask)
    {
        Kind = same.Kind;
        Decimals = same.Decimals;
        Original = same.Original;
        Categories = categories;
        AsRead = same.AsRead;
        _values = same.Array;
    }

    private NumericColumn(NumericColumn original, ColumnKind kind, double[] cells) : base(original.Name, original.Mask.Without(cells))
    {
        Kind = kind;
        Decimals = original.Decimals;
        Original = original;
        Categories = original.Categories;
        _cells = cells;
    }

    /// <summary>A column of real numbers; NaN is missing. The values are copied.</summary>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    public static NumericColumn Number(string name, ReadOnlySpan<double> values) => Create(name, ColumnKind.Number, values.ToArray());

    /// <summary>A column of whole numbers; null is missing. The values are copied.</summary>
    /// <exception cref="ImputationDataException">A magnitude above <see cref="LargestInteger"/>.</exception>
    public static NumericColumn Integer(string name, IReadOnlyList<long?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var copy = new double[values.Count];
        var codes = new byte[values.Count];
        for (int row = 0; row < copy.Length; row++)
        {
            long? value = values[row];
            if (value is > LargestInteger or < -LargestInteger)
                throw new ImputationDataException(
                    $"Column '{name}', row {row + 1}: {value} is beyond ±2^53, where a double no longer represents every whole "
                        + $"number exactly; pass the column as text or as another type.", name, row + 1);
            copy[row] = value ?? double.NaN;
            codes[row] = value is null ? (byte)1 : (byte)0;
        }
        return Create(name, ColumnKind.Integer, copy, new MissingMask(codes, [MissingOrigin.Empty]));
    }

    /// <summary>A column over existing arrays, which are shared, not copied: they must not change afterwards.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="kind"><see cref="ColumnKind.Number"/> or <see cref="ColumnKind.Integer"/>.</param>
    /// <param name="values">One value per row, NaN where missing.</param>
    /// <param name="marks">Missing exactly where <paramref name="values"/> is NaN; by default made from the NaNs.</param>
    /// <param name="decimals">Number of decimals that the source keeps for every value, see <see cref="Decimals"/>.</param>
    /// <exception cref="ImputationDataException">An infinite value, or a value that is not whole in an integer column.</exception>
    /// <exception cref="ArgumentException">Marks that do not agree with the values.</exception>
    public static NumericColumn Create(string name, ColumnKind kind, double[] values, MissingMask? marks = null, int? decimals = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (kind is not (ColumnKind.Number or ColumnKind.Integer))
            throw new ArgumentException($"A numeric column is of kind Number or Integer, not {kind}.", nameof(kind));
        marks ??= MissingMask.Of(values.Length, row => double.IsNaN(values[row]), MissingOrigin.NotANumber);
        if (marks.Count != values.Length)
            throw new ArgumentException($"{values.Length} values with marks for {marks.Count} rows.", nameof(marks));
        for (int row = 0; row < values.Length; row++)
        {
            double value = values[row];
            if (double.IsInfinity(value))
                throw new ImputationDataException(
                    $"Column '{name}', row {row + 1}: {(value > 0 ? "+" : "-")}Infinity is not a measurement; expected a finite number or "
                        + "a missing mark.", name, row + 1);
            if (double.IsNaN(value) != marks.IsMissing(row))
                throw new ArgumentException($"Column '{name}', row {row + 1}: the value and the missing mark do not agree.", nameof(marks));
            if (kind == ColumnKind.Integer && !double.IsNaN(value) && (value != Math.Floor(value) || Math.Abs(value) > LargestInteger))
                throw new ImputationDataException(
                    $"Column '{name}', row {row + 1}: {value.ToString("R", CultureInfo.InvariantCulture)} is not a whole number "
                        + "within ±2^53.", name, row + 1);
        }
        return new NumericColumn(name, kind, values, marks, decimals);
    }

    /// <inheritdoc/>
    public override ColumnKind Kind { get; }

    /// <summary>Number of decimals that the source keeps for every value (the scale of a decimal column); null where it is
    /// unknown.</summary>
    public int? Decimals { get; }

    /// <summary>The decimals that the source keeps, or else the most that an observed value is written with, at most 15; the last digit of
    /// a sum of decimal fractions does not count.</summary>
    internal int WrittenDecimals => Decimals ?? (_written ??= DecimalPlaces.Of(Array));

    /// <summary>Whether all observed values are the same; their value, NaN where there is none.</summary>
    internal bool IsConstant(out double constant)
    {
        constant = double.NaN;
        foreach (double value in Array)
        {
            if (double.IsNaN(value)) continue;
            if (double.IsNaN(constant)) constant = value;
            else if (value != constant) return false;
        }
        return true;
    }

    /// <summary>The values, NaN where missing: n numbers in the units of the data. A view, not a copy.</summary>
    public ReadOnlySpan<double> Values => Array;

    /// <summary>The value at <paramref name="row"/> (from 0), NaN where missing.</summary>
    /// <remarks>A filled column keeps only the filled values; this finds one without building the whole column, as <see cref="Values"/>
    /// does.</remarks>
    public double this[int row] =>
        _values is { } values ? values[row]
        : Original!.IsMissing(row) ? _cells![Original.Mask.Index.PlaceOf(row)]
        : ((NumericColumn)Original)[row];

    /// <summary>The values filled into some rows, in their order: a value for each cell missing in <see cref="Column.Original"/>, NaN where
    /// it still is.</summary>
    /// <param name="firstRow">The first of the rows (from 0).</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <returns>A view, not a copy; empty where this is no filled column.</returns>
    internal ArraySegment<double> FilledCells(int firstRow, int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowCount, Count - firstRow);
        if (Original is null || _cells is null || rowCount == 0) return ArraySegment<double>.Empty;
        CellIndex index = Original.Mask.Index;
        int first = index.PlaceOf(firstRow), last = firstRow + rowCount - 1;
        return new ArraySegment<double>(_cells, first, index.PlaceOf(last) + (Original.IsMissing(last) ? 1 : 0) - first);
    }

    /// <summary>The array behind <see cref="Values"/>, for those in this assembly who promise not to write to it.</summary>
    internal double[] Array => _values ??= Merged();

    /// <inheritdoc/>
    public override object? Value(int row) =>
        IsMissing(row) ? null : Kind == ColumnKind.Integer ? (object)(long)this[row] : this[row];

    /// <inheritdoc/>
    internal override NumericColumn With(MissingMask mask, Categories? categories) => new(this, mask, categories);

    /// <summary>This column with codes among its numbers declared missing.</summary>
    /// <param name="values">NaN in the rows that are missing in the mask.</param>
    /// <param name="mask">The missing cells.</param>
    internal NumericColumn Coded(double[] values, MissingMask mask) =>
        new(Name, Kind, values, mask, Decimals) { Categories = Categories, AsRead = AsRead };

    /// <inheritdoc/>
    internal override NumericColumn Hiding(bool[] hidden) =>
        Coded([.. Array.Select((x, row) => hidden[row] ? double.NaN : x)], Mask.Hiding(hidden));

    /// <inheritdoc/>
    internal override NumericColumn Filled(double[] cells, ColumnKind kind)
    {
        if (Categories is not { } levels) return new NumericColumn(this, kind, cells);
        double[] numbers = System.Array.ConvertAll(cells, k => double.IsNaN(k) ? k
            : Convert.ToDouble(levels.At(k), CultureInfo.InvariantCulture));
        return new NumericColumn(this, Kind, numbers);
    }

    private double[] Merged()
    {
        double[] values = Original is NumericColumn original ? original.Values.ToArray() : [];
        int next = 0;
        for (int row = 0; row < values.Length; row++)
            if (Original!.IsMissing(row)) values[row] = _cells![next++];
        return values;
    }
}
