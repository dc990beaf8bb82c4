using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>Rows taken at random from a stream of unknown length, in their order: all at first, and each time that they become too many one
/// half of them.</summary>
/// <remarks>Which rows are taken depends on their numbers and the length of the stream only.</remarks>
internal sealed class RowSample
{
    private const int FewestRows = 8192, RowsPerColumn = 100, MostRows = 1 << 15;

    private readonly double[][] _cells;
    private readonly double[] _luck; // of each row taken
    private double _share = 1;
    private int _count;

    /// <param name="columnCount">p.</param>
    /// <param name="memory">Bytes that the rows may take, if these suffice for the fewest that are useful.</param>
    public RowSample(int columnCount, long memory)
    {
        int fewest = Math.Max(FewestRows, RowsPerColumn * columnCount), rows = 2 * (int)Math.Clamp(memory / (sizeof(double) * columnCount) / 2,
            fewest, Math.Max(fewest, MostRows));
        _cells = new double[columnCount][];
        for (int j = 0; j < columnCount; j++) _cells[j] = new double[rows];
        _luck = new double[rows];
    }

    /// <summary>Takes some of the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">Number of the first among all.</param>
    public void Add(IncompleteMatrix rows, long first)
    {
        for (int i = 0; i < rows.RowCount; i++)
        {
            double luck = CounterRandom.Uniform(1, first + i, 0, 0);
            if (luck >= _share) continue;
            if (_count == _luck.Length) Halve();
            if (luck >= _share) continue;
            for (int j = 0; j < _cells.Length; j++) _cells[j][_count] = rows[i, j];
            _luck[_count++] = luck;
        }
    }

    /// <summary>The rows taken.</summary>
    public IncompleteMatrix Rows(IReadOnlyList<string> names) => IncompleteMatrix.FromColumns([.. _cells.Select((cells, j) =>
        NumericColumn.Create(names[j], ColumnKind.Number, cells[.._count]))]);

    private void Halve()
    {
        _share /= 2;
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_luck[i] >= _share) continue;
            foreach (double[] cells in _cells) cells[kept] = cells[i];
            _luck[kept++] = _luck[i];
        }
        _count = kept;
    }
}
