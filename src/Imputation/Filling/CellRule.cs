using System.Globalization;
using Imputation.Text;

namespace Imputation.Filling;

/// <summary>The constraints on a filled value of one column: bounds, and a number of decimals.</summary>
internal sealed class CellRule
{
    private CellRule(Bounds bounds, int? decimals)
    {
        Bounds = bounds;
        Decimals = decimals;
        IsBounded = bounds.Any;
        IsFree = !IsBounded && decimals is null;
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
            if (For(table[name], options).Decimals is { } decimals && Rounded(bounds.Lower, decimals, Math.Ceiling) > bounds.Upper)
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
        if (Decimals is not { } decimals) return clamped + 0.0; // −0 becomes 0
        double rounded = Rounded(clamped, decimals, Math.Round);
        if (rounded < Bounds.Lower) rounded = Rounded(Bounds.Lower, decimals, Math.Ceiling);
        if (rounded > Bounds.Upper) rounded = Rounded(Bounds.Upper, decimals, Math.Floor);
        if (rounded != clamped) notes |= CellNotes.Rounded;
        return rounded + 0.0; // −0 becomes 0
    }

    private static double Rounded(double value, int decimals, Func<double, double> round)
    {
        if (decimals == 0) return round(value);
        double scale = Math.Pow(10, decimals);
        double scaled = value * scale;
        return Math.Abs(scaled) < 1e15 ? round(scaled) / scale : value;
    }
}
