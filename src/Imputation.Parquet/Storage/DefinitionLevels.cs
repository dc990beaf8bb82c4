namespace Imputation.Parquet.Storage;

/// <summary>The definition levels of a flat column: a one for each row with a value, a nought for each null.</summary>
internal static class DefinitionLevels
{
    /// <summary>The rows of a page that have a value; null where all have.</summary>
    /// <param name="data">The levels.</param>
    /// <param name="packed">Whether they are a bit each, as in old files, rather than runs.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="count">Number of rows that have a value.</param>
    public static bool[]? Read(ReadOnlySpan<byte> data, bool packed, int rows, out int count)
    {
        if (packed ? data.Length < (rows + 7) / 8 : !RunLength.Holds(data, 1, rows))
            throw new ParquetException($"fewer definition levels than the {rows} values of a page");
        var levels = new int[rows];
        if (packed) RunLength.DecodeBitPacked(data, levels);
        else RunLength.Decode(data, 1, levels);
        if (levels.AsSpan().ContainsAnyExceptInRange(0, 1)) throw new ParquetException("a definition level above 1 in a flat column");
        count = 0;
        foreach (int level in levels) count += level;
        return count == rows ? null : Array.ConvertAll(levels, level => level != 0);
    }
}
