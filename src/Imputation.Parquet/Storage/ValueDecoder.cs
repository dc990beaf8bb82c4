namespace Imputation.Parquet.Storage;

/// <summary>Takes the values of a page, nulls left out, from its bytes.</summary>
internal abstract class ValueDecoder<T>
{
    /// <summary>Whether values are copied from the bytes, which may then be used for others.</summary>
    public virtual bool Copies => true;

    /// <summary>Exactly <paramref name="count"/> values, in place where they are stored so. No room is made for them before the bytes are
    /// seen to hold as many.</summary>
    public abstract ReadOnlySpan<T> Decode(PageEncoding encoding, ReadOnlyMemory<byte> data, int count, UnfoldingBudget? budget);

    protected static ParquetException Unsupported(PageEncoding encoding, string type) =>
        new($"{type} values with encoding {(Enum.IsDefined(encoding) ? encoding : (int)encoding)}, which the format does not allow or "
            + "this reader does not support");

    protected static void Require(long bytes, ReadOnlyMemory<byte> data)
    {
        if (bytes > data.Length) throw new ParquetException($"the values of a page are incomplete: {data.Length} bytes, expected {bytes}");
    }
}
