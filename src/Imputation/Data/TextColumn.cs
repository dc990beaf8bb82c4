namespace Imputation;

/// <summary>A column of text.</summary>
public sealed class TextColumn : Column
{
    private readonly string?[] _values;

    private TextColumn(string name, string?[] values, MissingMask marks) : base(name, marks) => _values = values;

    /// <summary>A column of text; null is missing. The list is copied, the strings are shared.</summary>
    public static TextColumn Create(string name, IReadOnlyList<string?> values, MissingMask? marks = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        string?[] copy = [.. values];
        marks ??= MissingMask.Of(copy.Length, row => copy[row] is null, MissingOrigin.Empty);
        if (marks.Count != copy.Length)
            throw new ArgumentException($"{copy.Length} values with marks for {marks.Count} rows.", nameof(marks));
        return new TextColumn(name, copy, marks);
    }

    /// <inheritdoc/>
    public override ColumnKind Kind => ColumnKind.Text;

    /// <summary>The text at <paramref name="row"/> (from 0), or null where missing.</summary>
    public string? this[int row] => IsMissing(row) ? null : _values[row];

    /// <inheritdoc/>
    public override object? Value(int row) => this[row];

    /// <inheritdoc/>
    internal override TextColumn With(MissingMask mask, Categories? categories) =>
        new(Name, _values, mask) { Original = Original, Categories = categories, AsRead = AsRead };

    /// <inheritdoc/>
    internal override TextColumn Filled(double[] cells, ColumnKind kind)
    {
        string?[] values = [.. _values];
        Levels.Fill(this, cells, (row, level) => values[row] = (string)level);
        return new TextColumn(Name, values, Mask.Without(cells)) { Original = this, Categories = Categories };
    }
}
