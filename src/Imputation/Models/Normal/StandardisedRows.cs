using Imputation.Data;

namespace Imputation.Models.Normal;

/// <summary>Rows of a matrix as standard scores: each column's values less a centre, by a scale.</summary>
internal sealed class StandardisedRows
{
    private readonly double[][] _columns;
    private readonly double[] _center;
    private readonly double[] _factor;

    /// <param name="matrix">The rows.</param>
    /// <param name="center">What is taken off each column.</param>
    /// <param name="scale">What it is then divided by.</param>
    public StandardisedRows(IncompleteMatrix matrix, double[] center, double[] scale)
    {
        _columns = new double[matrix.ColumnCount][];
        for (int j = 0; j < _columns.Length; j++) _columns[j] = matrix.Columns[j].Array;
        _center = center;
        _factor = Array.ConvertAll(scale, s => 1 / s);
    }

    /// <summary>Number of columns, p.</summary>
    public int ColumnCount => _columns.Length;

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
