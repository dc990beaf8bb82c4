using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>A named, immutable column; each cell is a value or missing, and the origin of missing cells is kept.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class Column
{
    private Categories? _levels;

    private protected Column(string name, MissingMask marks)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Mask = marks;
    }

    /// <summary>The column's name; unique in its table.</summary>
    public string Name { get; }

    /// <summary>Kind of the cells.</summary>
    public abstract ColumnKind Kind { get; }

    /// <summary>Which cells are missing, and why.</summary>
    public MissingMask Mask { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Mask.Count;

    /// <summary>Number of missing cells.</summary>
    public int MissingCount => Mask.MissingCount;

    /// <summary>The column before its missing cells were filled, or null where this is that column.</summary>
    public Column? Original { get; internal init; }

    /// <summary>The column as its source gave it: this, or where levels, codes or reasons were declared since, the one before
    /// that.</summary>
    internal Column AsRead { get => field ?? this; init; }

    /// <summary>This column and those that it was filled from, the latest first, each as its source gave it.</summary>
    internal IEnumerable<Column> Lineage
    {
        get
        {
            for (Column? column = this; column is not null; column = column.Original) yield return column.AsRead;
        }
    }

    /// <summary>This column before any of its cells was filled, with the codes and levels declared for it.</summary>
    internal Column Unfilled => Original?.Unfilled ?? this;

    /// <summary>Whether the cell at <paramref name="row"/> (from 0) is missing.</summary>
    public bool IsMissing(int row) => Mask.IsMissing(row);

    /// <summary>Whether the cell at <paramref name="row"/> (from 0) was missing in <see cref="Original"/> and has a value here.</summary>
    public bool WasFilled(int row) => Original is not null && Original.IsMissing(row) && !IsMissing(row);

    /// <summary>The cell at <paramref name="row"/> (from 0) as an object: double, long, string or other; null where missing.</summary>
    public abstract object? Value(int row);

    /// <summary>The levels of a categorical column; null of any other.</summary>
    public Categories? Categories { get; internal init; }

    /// <summary>This column as a categorical one.</summary>
    /// <param name="categories">The levels and their order; by default the observed values. Observed values that are not among them
    /// become levels after them.</param>
    public Column AsCategorical(Categories? categories = null) => With(Mask, categories?.With(this) ?? Categories.Of(this));

    /// <summary>This column with other reasons for its missing cells, or with levels.</summary>
    /// <param name="mask">Missing in the same rows.</param>
    /// <param name="categories">The levels; null of a column that is not categorical.</param>
    internal abstract Column With(MissingMask mask, Categories? categories);

    /// <summary>This column without the cells of some rows; its levels stay.</summary>
    /// <param name="hidden">Which rows.</param>
    internal virtual Column Hiding(bool[] hidden) => With(Mask.Hiding(hidden), Categories);

    /// <summary>The distinct observed values, as levels of a category; found when first asked for.</summary>
    internal Categories Levels => Categories ?? (_levels ??= Categories.Of(this));

    /// <summary>This column with its missing cells filled.</summary>
    /// <param name="cells">For each missing cell, in the order of rows, its value, or for a column that is categorical or not numeric
    /// the index of its level in <see cref="Levels"/>; NaN where it stays missing. Shared.</param>
    /// <param name="kind">Kind of the filled column.</param>
    internal abstract Column Filled(double[] cells, ColumnKind kind);

    /// <summary>The column in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name} ({Kind}): {Count} rows, {MissingCount} missing");
}
