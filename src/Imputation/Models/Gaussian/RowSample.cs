using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>Rows taken at random from a stream, in their order: where its length is known and they fit, the same that are taken from a
/// table in memory; otherwise all at first, and each time that they become too many one half of them.</summary>
/// <remarks>Which rows are taken depends on their numbers and the length of the stream only.</remarks>
internal sealed class RowSample
{
    /// <summary>Rows of a sample: enough for 1 less the rate of EM to a tenth, and rather too high a rate; more for more columns, and for
    /// much more data.</summary>
    private const int FewestRows = 8192, RowsPerColumn = 100, OneOf = 32;

    private readonly double[][] _cells;
    private readonly double[] _luck; // of each row taken, where their number is not known beforehand
    private readonly long? _rowCount;
    private double _share = 1;
    private int _count;

    /// <param name="columnCount">p.</param>
    /// <param name="rowCount">Number of rows of the stream; null where it is not known.</param>
    /// <param name="memory">Bytes that the rows may take, if these suffice for the fewest that are useful.</param>
    public RowSample(int columnCount, long? rowCount, long memory)
    {
        int fewest = Math.Max(FewestRows, RowsPerColumn * columnCount), room = (int)Math.Clamp(memory / (sizeof(double) * columnCount),
            fewest, int.MaxValue / 2);
        int asked = Count(rowCount ?? 0, columnCount), length = 2 * fewest;
        if (asked <= rowCount && asked <= room) (_rowCount, length) = (rowCount, asked);
        _cells = new double[columnCount][];
        for (int j = 0; j < columnCount; j++) _cells[j] = new double[length];
        _luck = _rowCount is null ? new double[length] : [];
    }

    /// <summary>Number of rows that are taken of so many.</summary>
    public static int Count(long rowCount, int columnCount) =>
        (int)Math.Max(Math.Max(FewestRows, RowsPerColumn * columnCount), rowCount / OneOf);

    /// <summary>The i-th row taken: one of each few, spread over the file, and not in step with it.</summary>
    public static long Taken(int i, long rowCount, int count)
    {
        long step = rowCount / count;
        return i * step + (long)(CounterRandom.Uniform(1, i, 0, 0) * step);
    }

    /// <summary>Takes some of the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">Number of the first among all.</param>
    public void Add(IncompleteMatrix rows, long first)
    {
        if (_rowCount is { } n)
        {
            for (int count = _cells[0].Length; _count < count && Taken(_count, n, count) - first is var at && at < rows.RowCount; _count++)
                for (int j = 0; j < _cells.Length; j++) _cells[j][_count] = rows[(int)at, j];
            return;
        }
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
