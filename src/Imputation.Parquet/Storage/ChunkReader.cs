using System.Buffers.Binary;

namespace Imputation.Parquet.Storage;

/// <summary>Reads the pages of one column in one row group that hold some of its rows.</summary>
internal sealed class ChunkReader<T>(ColumnSchema column, StoredChunk chunk, ValueDecoder<T> decoder)
{
    private T[]? _dictionary;

    /// <summary>The rows that are asked for, page by page.</summary>
    public IEnumerable<ColumnValues> Read()
    {
        bool any = false;
        foreach (Page page in chunk.Pages)
        {
            if (page.Header.Type == PageType.Dictionary)
            {
                UnfoldingBudget? budget = chunk.Budget(page);
                _dictionary = decoder.Decode(PageEncoding.Plain, Unfold(page, budget), page.Header.ValueCount, budget);
                continue;
            }
            ColumnValues<T> values = ReadPage(page);
            int first = Math.Max(0, chunk.Rows.First - page.First);
            yield return values.Slice(first, Math.Min(values.Count, chunk.Rows.First + chunk.Rows.Count - page.First) - first);
            any = true;
        }
        if (!any) yield return new ColumnValues<T>([], null);
    }

    private ColumnValues<T> ReadPage(Page page)
    {
        PageHeader header = page.Header;
        UnfoldingBudget? budget = chunk.Budget(page);
        ReadOnlyMemory<byte> data = page.IsCompressed ? Unfold(page, budget) : page.Data, levels = page.Levels;
        if (header.Type == PageType.Data && column.IsOptional) data = data[LevelsOfVersion1(header, data, ref levels)..];

        bool[]? present = null;
        int count = header.ValueCount;
        if (column.IsOptional)
        {
            bool packed = header.Type == PageType.Data && header.LevelEncoding == PageEncoding.BitPacked;
            present = DefinitionLevels.Read(levels.Span, packed, header.ValueCount, out count);
        }
        T[] values = count == 0 ? [] : Values(header.Encoding, data, count, budget);
        if (present is null) return new ColumnValues<T>(values, null);
        var rows = new T[present.Length];
        for (int row = 0, next = 0; row < rows.Length; row++)
            if (present[row]) rows[row] = values[next++];
        return new ColumnValues<T>(rows, present);
    }

    /// <summary>Finds the levels at the start of a page of version 1; returns the bytes they take.</summary>
    private static int LevelsOfVersion1(PageHeader header, ReadOnlyMemory<byte> data, ref ReadOnlyMemory<byte> levels)
    {
        if (header.LevelEncoding == PageEncoding.BitPacked)
        {
            levels = data[..((header.ValueCount + 7) / 8)];
            return levels.Length;
        }
        if (header.LevelEncoding != PageEncoding.Rle)
            throw new ParquetException($"definition levels with the unsupported encoding {header.LevelEncoding}");
        levels = data.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(data.Span));
        return 4 + levels.Length;
    }

    private T[] Values(PageEncoding encoding, ReadOnlyMemory<byte> data, int count, UnfoldingBudget? budget)
    {
        if (encoding is not (PageEncoding.PlainDictionary or PageEncoding.RleDictionary))
            return decoder.Decode(encoding, data, count, budget);
        if (_dictionary is null) throw new ParquetException("a page refers to a dictionary, but the column has none");
        int width = data.Span[0];
        if (width > 32) throw new ParquetException($"dictionary indices of {width} bits");
        data = data[1..];
        if (!RunLength.Holds(data.Span, width, count)) throw new ParquetException($"fewer dictionary indices than the "
            + $"{count} values of a page");
        var indices = new int[count];
        RunLength.Decode(data.Span, width, indices);
        var values = new T[count];
        for (int i = 0; i < count; i++)
        {
            if ((uint)indices[i] >= (uint)_dictionary.Length)
                throw new ParquetException($"dictionary index {indices[i]} is outside the dictionary of {_dictionary.Length} values");
            values[i] = _dictionary[indices[i]];
        }
        return values;
    }

    private ReadOnlyMemory<byte> Unfold(Page page, UnfoldingBudget? budget) =>
        Decompression.Unfold(chunk.Codec, page.Data, page.DataLength, page.Header.ValueCount, budget);
}
