namespace Imputation.Files.Parquet;

/// <summary>What the compressions have in common: a copy of bytes already there, which may run into itself.</summary>
internal static class BackReference
{
    /// <summary>Copies and returns the new end.</summary>
    public static int Copy(byte[] output, int end, long offset, int count)
    {
        if (offset <= 0 || offset > end) throw new ParquetException($"a copy from {offset} bytes back where there are {end}");
        if (count > output.Length - end) throw new ParquetException("a page that unfolds to more bytes than its header says");
        int from = end - (int)offset;
        if (offset >= count) output.AsSpan(from, count).CopyTo(output.AsSpan(end));
        else if (offset == 1) output.AsSpan(end, count).Fill(output[from]);
        else
            for (int i = 0; i < count; i++) output[end + i] = output[from + i];
        return end + count;
    }
}
