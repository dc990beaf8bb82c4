using System.Runtime.CompilerServices;
using Imputation.Data;

namespace Imputation.Surveys.Derived;

/// <summary>Values of rules and of their parts, by row; and with one cell of the row replaced. Not for several threads.</summary>
internal sealed class RuleEvaluator
{
    private readonly Func<string, Func<int, object?>> _cells;
    private readonly Dictionary<RuleNode, Func<int, object?>> _parts = new(Reference.Equality);
    private string? _replaced;
    private object? _replacement;

    /// <param name="cells">The cells of a column by row, as rules see them.</param>
    public RuleEvaluator(Func<string, Func<int, object?>> cells) => _cells = cells;

    /// <summary>The value of a part of a rule; null where it is missing.</summary>
    public object? Value(RuleNode part, int row)
    {
        if (!_parts.TryGetValue(part, out Func<int, object?>? value)) _parts[part] = value = part.Over(Cells);
        return value(row);
    }

    /// <summary>The value as a finite number; null where it is none.</summary>
    public double? Number(RuleNode part, int row) => DerivedColumn.AsNumber(Value(part, row)) is { } x && double.IsFinite(x) ? x : null;

    /// <summary>The same if a cell had another value.</summary>
    public object? ValueWith(RuleNode part, int row, string column, object cell)
    {
        (_replaced, _replacement) = (column, cell);
        object? value = Value(part, row);
        _replaced = null;
        return value;
    }

    private Func<int, object?> Cells(string column)
    {
        Func<int, object?> cell = _cells(column);
        return row => _replaced == column ? _replacement : cell(row);
    }

    /// <summary>Parts are told apart by where they are in their rule, not by what they say.</summary>
    private sealed class Reference : IEqualityComparer<RuleNode>
    {
        public static readonly Reference Equality = new();

        public bool Equals(RuleNode? x, RuleNode? y) => ReferenceEquals(x, y);

        public int GetHashCode(RuleNode node) => RuntimeHelpers.GetHashCode(node);
    }
}
