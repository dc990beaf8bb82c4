namespace Imputation.Patterns;

/// <summary>The rows in which the same set of columns is observed.</summary>
public sealed class MissingPattern
{
    private readonly ReadOnlyMemory<int> _rows;

    internal MissingPattern(int[] observed, int[] missing, ReadOnlyMemory<int> rows)
    {
        Observed = observed;
        Missing = missing;
        _rows = rows;
    }

    /// <summary>Indices of the observed columns, ascending.</summary>
    public IReadOnlyList<int> ObservedIndices => Observed;

    /// <summary>Indices of the missing columns, ascending.</summary>
    public IReadOnlyList<int> MissingIndices => Missing;

    /// <summary>Indices of the rows of this pattern, ascending. A view, not a copy.</summary>
    public ReadOnlySpan<int> Rows => _rows.Span;

    /// <summary>Number of rows of this pattern.</summary>
    public int RowCount => _rows.Length;

    internal int[] Observed { get; }

    internal int[] Missing { get; }

    /// <summary>One character per column, in column order: 1 observed, 0 missing.</summary>
    public override string ToString()
    {
        var text = new char[ObservedIndices.Count + MissingIndices.Count];
        foreach (int j in ObservedIndices) text[j] = '1';
        foreach (int j in MissingIndices) text[j] = '0';
        return new string(text);
    }
}
