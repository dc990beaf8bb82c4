using System.Diagnostics;
using System.Globalization;
using Imputation.Data;

namespace Imputation;

/// <summary>A named, immutable column; each cell is a value or missing, and the origin of missing cells is kept.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class Column
{
    private Levels? _levels;

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

    /// <summary>Whether the cell at <paramref name="row"/> (from 0) is missing.</summary>
    public bool IsMissing(int row) => Mask.IsMissing(row);

    /// <summary>Whether the cell at <paramref name="row"/> (from 0) was missing in <see cref="Original"/> and has a value here.</summary>
    public bool WasFilled(int row) => Original is not null && Original.IsMissing(row) && !IsMissing(row);

    /// <summary>The cell at <paramref name="row"/> (from 0) as an object: double, long, string or other; null where missing.</summary>
    public abstract object? Value(int row);

    /// <summary>The distinct observed values, as levels of a category; found when first asked for.</summary>
    internal Levels Levels => _levels ??= Levels.Of(this);

    /// <summary>This column with its missing cells filled.</summary>
    /// <param name="cells">For each missing cell, in the order of rows, its value, or for a column that is not numeric the index of
    /// its level in <see cref="Levels"/>; NaN where it stays missing. Shared.</param>
    /// <param name="kind">Kind of the filled column.</param>
    internal abstract Column Filled(double[] cells, ColumnKind kind);

    /// <summary>The column in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name} ({Kind}): {Count} rows, {MissingCount} missing");
}
