namespace Imputation.Parquet.Storage;

/// <summary>Limit on the decompressed size of all pages of a file together: many small pages, or row groups that share one, add
/// up.</summary>
internal sealed class UnfoldingBudget
{
    private readonly long _all;
    private long _left;

    public UnfoldingBudget(long bytes) => _all = _left = bytes;

    /// <exception cref="ParquetException">Fewer bytes are left.</exception>
    public void Take(long length)
    {
        if (Interlocked.Add(ref _left, -length) < 0)
            throw new ParquetException($"the pages decompress to more than {_all} bytes in total, far more than the file's size and "
                + "number of values justify");
    }
}
