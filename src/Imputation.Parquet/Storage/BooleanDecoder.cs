using System.Buffers.Binary;

namespace Imputation.Parquet.Storage;

/// <summary>Truth values, a bit each.</summary>
internal sealed class BooleanDecoder : ValueDecoder<bool>
{
    public override ReadOnlySpan<bool> Decode(PageEncoding encoding, ReadOnlyMemory<byte> data, int count, UnfoldingBudget? budget)
    {
        ReadOnlySpan<byte> bytes = data.Span;
        switch (encoding)
        {
            case PageEncoding.Plain:
                Require((count + 7L) / 8, data);
                var values = new bool[count];
                for (int i = 0; i < count; i++) values[i] = (bytes[i >> 3] >> (i & 7) & 1) != 0;
                return values;
            case PageEncoding.Rle:
                int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
                bytes = bytes.Slice(4, length);
                if (!RunLength.Holds(bytes, 1, count)) throw new ParquetException($"runs with fewer than {count} Booleans");
                var bits = new int[count];
                RunLength.Decode(bytes, 1, bits);
                return Array.ConvertAll(bits, bit => bit != 0);
            default:
                throw Unsupported(encoding, "Boolean");
        }
    }
}
