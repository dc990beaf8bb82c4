using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>The values of a column, so many rows at a time: a page that they end in is decoded once.</summary>
internal sealed class PartCursor(IEnumerable<ColumnValues> parts) : IDisposable
{
    private readonly IEnumerator<ColumnValues> _parts = parts.GetEnumerator();
    private ColumnValues? _part;
    private int _used;

    /// <summary>The next rows. Each part is to be used before the next is asked for.</summary>
    public IEnumerable<ColumnValues> Take(int rows)
    {
        while (rows > 0)
        {
            if (_part is null || _used == _part.Count)
            {
                if (!_parts.MoveNext()) throw new InvalidOperationException("No rows are left.");
                (_part, _used) = (_parts.Current, 0);
            }
            int first = _used, count = Math.Min(rows, _part.Count - first);
            (_used, rows) = (first + count, rows - count);
            ColumnValues some = _part.Lend(first, count, out Action giveBack);
            try
            {
                yield return some;
            }
            finally
            {
                giveBack();
            }
        }
    }

    public void Dispose() => _parts.Dispose();
}
