using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>A level of a category: the value that stands in the cells, and what it means.</summary>
/// <param name="Value">A text, a number (double) or another object, as <see cref="Column.Value"/> returns it.</param>
/// <param name="Label">The codebook's words for it; null where there are none.</param>
public sealed record Category(object Value, string? Label = null)
{
    /// <summary>The label, or else the value as text.</summary>
    public override string ToString() => Label ?? Convert.ToString(Value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>The levels of a categorical column, in their order. Models use only their indices.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Categories
{
    private static readonly object s_true = true, s_false = false;

    private readonly Dictionary<object, int> _indices = [];

    /// <param name="levels">The levels, no value twice.</param>
    /// <param name="isOrdered">Whether their order means something: an ordinal scale.</param>
    /// <exception cref="ArgumentException">A value twice.</exception>
    public Categories(IEnumerable<Category> levels, bool isOrdered = false)
    {
        ArgumentNullException.ThrowIfNull(levels);
        Levels = [.. levels];
        IsOrdered = isOrdered;
        for (int k = 0; k < Levels.Count; k++)
            if (!_indices.TryAdd(Key(Levels[k].Value), k))
                throw new ArgumentException($"The level '{Levels[k].Value}' occurs twice.", nameof(levels));
    }

    /// <summary>The levels.</summary>
    public IReadOnlyList<Category> Levels { get; }

    /// <summary>Whether their order means something.</summary>
    public bool IsOrdered { get; }

    /// <summary>The index of a value, or −1.</summary>
    public int IndexOf(object value) => _indices.GetValueOrDefault(Key(value), -1);

    /// <summary>The observed values of a column as levels: in ascending order where they are numbers or text, otherwise in the order of
    /// their first row.</summary>
    public static Categories Of(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var values = new List<object>();
        var seen = new HashSet<object>();
        for (int row = 0; row < column.Count; row++)
            if (column.Value(row) is { } value && seen.Add(Key(value))) values.Add(value);
        if (column is NumericColumn) values.Sort((a, b) => ((double)Key(a)).CompareTo((double)Key(b)));
        else if (values.TrueForAll(v => v is string)) values.Sort((a, b) => string.CompareOrdinal((string)a, (string)b));
        return new Categories(values.Select(v => new Category(v)));
    }

    /// <summary>These levels, and those of a column's observed values that are not among them: numbers of a scale in their places, others
    /// after these.</summary>
    internal Categories With(Column column)
    {
        Category[] others = [.. Of(column).Levels.Where(l => IndexOf(l.Value) < 0)];
        if (others.Length == 0) return this;
        IEnumerable<Category> all = Levels.Concat(others);
        return new Categories(!IsOrdered || !all.All(l => Key(l.Value) is double) ? all
            : IsAscending(Levels) ? all.OrderBy(l => (double)Key(l.Value))
            : IsAscending(Levels.Reverse()) ? all.OrderByDescending(l => (double)Key(l.Value))
            : all, IsOrdered);
    }

    /// <summary>Whether values are whole numbers within the ends of this scale.</summary>
    internal bool Span(IEnumerable<Category> values)
    {
        double[] named = [.. Levels.Select(l => Key(l.Value)).OfType<double>()];
        return IsOrdered && named.Length > 1 && values.All(v => Key(v.Value) is double x && x == Math.Floor(x) && x > named.Min()
            && x < named.Max());
    }

    private static bool IsAscending(IEnumerable<Category> levels) =>
        levels.Zip(levels.Skip(1), (a, b) => (double)Key(a.Value) < (double)Key(b.Value)).All(higher => higher);

    /// <summary>A column's cells as indices of levels, NaN where missing.</summary>
    internal NumericColumn AsNumbers(Column column)
    {
        var indices = new double[column.Count];
        for (int row = 0; row < indices.Length; row++)
            indices[row] = column.Value(row) is { } value && IndexOf(value) is >= 0 and var k ? k : double.NaN;
        return NumericColumn.Number(column.Name, indices);
    }

    /// <summary>The value of the level nearest to an index.</summary>
    internal object At(double index) => Levels[(int)Math.Clamp(Math.Round(index), 0, Levels.Count - 1)].Value;

    /// <summary>Chooses the level for each missing cell of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="cells">An index for each missing cell, in the order of rows; NaN where it stays missing.</param>
    /// <param name="fill">Given the row and the level.</param>
    internal void Fill(Column column, double[] cells, Action<int, object> fill)
    {
        int next = 0;
        for (int row = 0; row < column.Count; row++)
        {
            if (!column.IsMissing(row)) continue;
            double index = cells[next++];
            if (!double.IsNaN(index)) fill(row, At(index));
        }
    }

    /// <summary>The levels in one line.</summary>
    public override string ToString() => string.Join(IsOrdered ? " < " : ", ", Levels);

    /// <summary>Whole numbers and real ones are one, and so is every true: a data frame made from Arrow has some that are not equal to
    /// each other.</summary>
    private static object Key(object value) => value switch
    {
        long whole => (double)whole,
        bool truth => truth ? s_true : s_false,
        _ => value,
    };
}
