namespace Imputation.Parquet.Storage;

/// <summary>The distinct byte arrays of a chunk, where they are few enough to be worth a dictionary.</summary>
internal sealed class ByteDictionary
{
    private const int MostBytes = 1 << 20;
    private const int Trial = 256;

    private ByteDictionary(List<ReadOnlyMemory<byte>> values, int[] indices)
    {
        Values = values;
        Indices = indices;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> Values { get; }

    /// <summary>One for each row; 0 for a null.</summary>
    public int[] Indices { get; }

    /// <summary>Bits of an index.</summary>
    public int Width => 32 - int.LeadingZeroCount(Values.Count - 1);

    /// <summary>A dictionary, or null where half of the values or more are distinct, or they are long.</summary>
    public static ByteDictionary? TryMake(ColumnValues<ReadOnlyMemory<byte>> column)
    {
        var values = new List<ReadOnlyMemory<byte>>();
        var places = new Dictionary<ReadOnlyMemory<byte>, int>(new ByContent());
        var indices = new int[column.Count];
        int seen = 0;
        long bytes = 0;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.IsNull(row)) continue;
            ReadOnlyMemory<byte> value = column.Values[row];
            seen++;
            if (!places.TryGetValue(value, out int place))
            {
                places.Add(value, place = values.Count);
                values.Add(value);
                bytes += value.Length + 4;
                if (bytes > MostBytes || (values.Count >= Trial && 2 * values.Count >= seen)) return null;
            }
            indices[row] = place;
        }
        return 2 * values.Count < seen ? new ByteDictionary(values, indices) : null;
    }

    private sealed class ByContent : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> value)
        {
            var hash = new HashCode();
            hash.AddBytes(value.Span);
            return hash.ToHashCode();
        }
    }
}
