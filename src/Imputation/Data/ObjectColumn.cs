namespace Imputation;

/// <summary>A column of values that are neither numbers nor text: dates, Booleans, identifiers. Handed through.</summary>
public sealed class ObjectColumn : Column
{
    private readonly object?[] _values;

    private ObjectColumn(string name, Type type, object?[] values, MissingMask? mask = null)
        : base(name, mask ?? MissingMask.Of(values.Length, row => values[row] is null, MissingOrigin.Empty))
    {
        _values = values;
        Type = type;
    }

    /// <summary>A column of values of one type; null is missing. The list is copied, the values are shared.</summary>
    /// <exception cref="ArgumentException">A value that is not of <paramref name="type"/>.</exception>
    public static ObjectColumn Create(string name, Type type, IReadOnlyList<object?> values)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(values);
        object?[] copy = [.. values];
        for (int row = 0; row < copy.Length; row++)
            if (copy[row] is { } value && !type.IsInstanceOfType(value))
                throw new ArgumentException($"Column '{name}', row {row + 1}: a {value.GetType().Name} in a column of {type.Name}.",
                    nameof(values));
        return new ObjectColumn(name, type, copy);
    }

    /// <inheritdoc/>
    public override ColumnKind Kind => ColumnKind.Other;

    /// <summary>The type of the values, never a <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; }

    /// <inheritdoc/>
    public override object? Value(int row) => _values[row];

    /// <inheritdoc/>
    internal override ObjectColumn With(MissingMask mask, Categories? categories) =>
        new(Name, Type, _values, mask) { Original = Original, Categories = categories, AsRead = AsRead };

    /// <inheritdoc/>
    internal override ObjectColumn Filled(double[] cells, ColumnKind kind)
    {
        object?[] values = [.. _values];
        Levels.Fill(this, cells, (row, level) => values[row] = level);
        return new ObjectColumn(Name, Type, values, Mask.Without(cells)) { Original = this, Categories = Categories };
    }
}
