using Imputation.Numerics.Kernels;
using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>Rows of a matrix as standard scores: each column's values less a centre, by a scale.</summary>
internal sealed class StandardisedRows
{
    private const int PatternsAhead = 8, MostFetched = 8;

    private readonly double[][] _columns;
    private readonly double[] _center;
    private readonly double[] _factor;

    /// <param name="matrix">The rows.</param>
    /// <param name="center">Subtracted from each column.</param>
    /// <param name="scale">Divisor of each column, after centring.</param>
    public StandardisedRows(IncompleteMatrix matrix, double[] center, double[] scale)
    {
        _columns = new double[matrix.ColumnCount][];
        for (int j = 0; j < _columns.Length; j++) _columns[j] = matrix.Columns[j].Array;
        _center = center;
        _factor = Array.ConvertAll(scale, s => 1 / s);
    }

    /// <summary>Number of columns, p.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>Has rows fetched that are copied a few patterns later: in the order of patterns they lie anywhere, and each cell in another
    /// part of memory.</summary>
    /// <param name="patterns">All patterns.</param>
    /// <param name="block">The block that is gone through.</param>
    /// <param name="pattern">The pattern whose turn it is.</param>
    public void FetchAhead(MissingPatterns patterns, PatternBlock block, int pattern)
    {
        pattern += PatternsAhead;
        if (pattern >= block.Count || block.RowCountOf(pattern) > MostFetched) return; // many rows are on their way together anyway
        foreach (int row in patterns.RowsOf(block.IndexOf(pattern)))
            foreach (double[] column in _columns) Prefetch.Of(ref column[row]);
    }

    /// <summary>Writes some columns of some rows, row after row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns, ascending.</param>
    /// <param name="target">Receives them.</param>
    /// <param name="stride">Distance between rows there.</param>
    public void CopyTo(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, Span<double> target, int stride)
    {
        for (int a = 0; a < columns.Length; a++)
        {
            int j = columns[a];
            double[] column = _columns[j];
            double center = _center[j], factor = _factor[j];
            for (int r = 0, at = a; r < rows.Length; r++, at += stride) target[at] = (column[rows[r]] - center) * factor;
        }
    }
}
