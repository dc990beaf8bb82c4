using System.Globalization;
using Imputation.Data;
using Imputation.Text;

namespace Imputation.Filling;

/// <summary>The constraints on a filled value of one column: bounds, and a number of decimals.</summary>
internal sealed class CellRule
{
    /// <summary>Relative error of values that follow from estimated relations.</summary>
    private const double Rounding = 1e-6;

    private readonly double[] _scale;
    private readonly CellRule _asked;

    private CellRule(Bounds bounds, int? decimals, IReadOnlyList<double>? scale = null, CellRule? asked = null)
    {
        Bounds = bounds;
        Decimals = decimals;
        _scale = [.. scale ?? []];
        IsBounded = bounds.Any;
        IsFree = !IsBounded && decimals is null && _scale.Length == 0;
        _asked = asked ?? this;
    }

    /// <summary>The range; unbounded where none is given.</summary>
    public Bounds Bounds { get; }

    /// <summary>Decimals that values are rounded to, or null.</summary>
    public int? Decimals { get; }

    /// <summary>Whether there is a bound.</summary>
    public bool IsBounded { get; }

    /// <summary>Whether any value is as good as another.</summary>
    public bool IsFree { get; }

    /// <summary>The rules of a table's column; any level may be filled into one that is not numeric.</summary>
    public static CellRule For(Column column, FillOptions options) =>
        column is NumericColumn numeric ? For(numeric, options) : new CellRule(Bounds.None, null);

    /// <summary>The same, and where nothing else was asked for, values like those that were observed.</summary>
    /// <param name="column">The column.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="values">The observed values; null where they are not known.</param>
    /// <param name="measure">What a codebook says that they measure.</param>
    public static CellRule For(Column column, FillOptions options, ObservedValues? values, Measure? measure)
    {
        CellRule asked = For(column, options);
        if (values is null || column is not NumericColumn { Categories: null } || measure is Measure.Continuous) return asked;
        bool scale = values.Scale.Count > 0 && measure is null or Measure.Ordinal or Measure.Binary or Measure.Nominal,
            whole = values.AreWhole && measure is not Measure.Semicontinuous;
        if (scale && asked.IsFree) return new CellRule(new Bounds(values.Lowest, values.Highest), whole ? 0 : null, values.Scale, asked);
        Bounds bounds = asked.IsBounded ? asked.Bounds
            : scale || whole ? new Bounds(values.Lowest, values.Highest)
            : values.AreAmounts || measure is Measure.Count or Measure.Semicontinuous
                ? Bounds.None with { Lower = Math.Min(0, values.Lowest) }
            : Bounds.None;
        int? decimals = asked.Decimals ?? (whole && DecimalPlaces.Rounded(bounds.Lower, 0, Math.Ceiling) <= bounds.Upper ? 0 : null);
        return new CellRule(bounds, decimals, null, asked);
    }

    private static CellRule For(NumericColumn column, FillOptions options)
    {
        Bounds bounds = options.Bounds.TryGetValue(column.Name, out Bounds given) ? given : Bounds.None;
        int? decimals = options.Integer.Contains(column.Name) ? 0 : options.Round.Contains(column.Name)
            ? column.WrittenDecimals : null;
        return new CellRule(bounds, decimals);
    }

    /// <summary>Checks that every column named in the options is a numeric column of the table, that bounds are in order, and that
    /// there is a value to round to within them.</summary>
    /// <exception cref="ArgumentException">The message names the column.</exception>
    public static void Validate(FillOptions options, Table table)
    {
        if (options.Donors < 1) throw new ArgumentOutOfRangeException(nameof(options), options.Donors, "At least 1 donor is needed.");
        foreach (string name in options.Fill)
            if (!table.TryGetColumn(name, out _))
                throw new ArgumentException($"No column '{name}' to fill; the table has "
                    + $"{TextFormat.Names(table.Columns.Select(c => c.Name))}.", nameof(options));
        foreach (string name in options.Bounds.Keys.Concat(options.Round).Concat(options.Integer))
        {
            if (!table.TryGetColumn(name, out Column? column))
                throw new ArgumentException($"No column '{name}'; the table has {TextFormat.Names(table.Columns.Select(c => c.Name))}.",
                    nameof(options));
            if (column is not NumericColumn)
                throw new ArgumentException($"Column '{name}' is not numeric; bounds and rounding are for numbers.", nameof(options));
        }
        foreach ((string name, Bounds bounds) in options.Bounds)
        {
            if (!(bounds.Lower <= bounds.Upper))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The bounds of '{name}' are {bounds.Lower} to {bounds.Upper}; the lower must not be above the upper."),
                    nameof(options));
            if (For(table[name], options).Decimals is { } decimals
                && DecimalPlaces.Rounded(bounds.Lower, decimals, Math.Ceiling) > bounds.Upper)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"No number with {decimals} decimals lies within the bounds {bounds.Lower} to {bounds.Upper} of '{name}'."),
                    nameof(options));
        }
    }

    /// <summary>Whether a value may be filled in as it is.</summary>
    public bool Allows(double value)
    {
        CellNotes notes = CellNotes.None;
        return IsFree || Apply(value, ref notes) == value;
    }

    /// <summary>The value to fill in, and the changes made to it.</summary>
    public double Apply(double value, ref CellNotes notes)
    {
        double clamped = Math.Clamp(value, Bounds.Lower, Bounds.Upper);
        if (clamped != value) notes |= CellNotes.Clamped;
        if (_scale.Length > 0)
        {
            double nearest = Nearest(clamped);
            if (nearest != clamped) notes |= CellNotes.Rounded;
            return nearest + 0.0; // −0 becomes 0
        }
        if (Decimals is not { } decimals) return clamped + 0.0; // −0 becomes 0
        double rounded = DecimalPlaces.Rounded(clamped, decimals, Math.Round);
        if (rounded < Bounds.Lower) rounded = DecimalPlaces.Rounded(Bounds.Lower, decimals, Math.Ceiling);
        if (rounded > Bounds.Upper) rounded = DecimalPlaces.Rounded(Bounds.Upper, decimals, Math.Floor);
        if (rounded != clamped) notes |= CellNotes.Rounded;
        return rounded + 0.0; // −0 becomes 0
    }

    /// <summary>The value that an exact relation gives to a cell, under what was asked for, without what the observed values suggest: a
    /// relation is known better than they are. Only the rounding errors of a whole number are taken away.</summary>
    public double ApplyToRelated(double value, ref CellNotes notes)
    {
        double whole = Math.Round(value);
        return _asked.Apply(Decimals == 0 && Math.Abs(value - whole) <= Rounding * Math.Max(1, Math.Abs(value)) ? whole : value, ref notes);
    }

    /// <summary>The value of the scale that is nearest; of two, the larger.</summary>
    private double Nearest(double value)
    {
        int above = Array.BinarySearch(_scale, value);
        if (above < 0) above = ~above;
        if (above == _scale.Length) return _scale[^1];
        return above > 0 && value - _scale[above - 1] < _scale[above] - value ? _scale[above - 1] : _scale[above];
    }
}
