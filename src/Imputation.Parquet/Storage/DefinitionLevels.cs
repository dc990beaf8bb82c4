using System.Runtime.InteropServices;

namespace Imputation.Parquet.Storage;

/// <summary>The definition levels of a flat column: a one for each row with a value, a nought for each null.</summary>
internal static class DefinitionLevels
{
    /// <summary>Throws where a page does not have the levels of its rows, before room is made for them.</summary>
    /// <param name="data">The levels.</param>
    /// <param name="packed">Whether they are a bit each, as in old files, rather than runs.</param>
    /// <param name="rows">Number of rows.</param>
    public static void Check(ReadOnlySpan<byte> data, bool packed, int rows)
    {
        if (packed ? data.Length < (rows + 7) / 8 : !RunLength.Holds(data, 1, rows))
            throw new ParquetException($"fewer definition levels than the {rows} values of a page");
    }

    /// <summary>Marks the rows that have a value; returns their number.</summary>
    public static int Read(ReadOnlySpan<byte> data, bool packed, Span<bool> present)
    {
        if (packed) RunLength.DecodeBitPacked(data, present);
        else RunLength.Decode(data, present);
        return MemoryMarshal.AsBytes(present).Count((byte)1);
    }

    /// <summary>The number of rows that have a value, of levels in runs.</summary>
    public static int Count(ReadOnlySpan<byte> data, int rows)
    {
        Check(data, packed: false, rows);
        return Read(data, packed: false, new bool[rows]);
    }
}
