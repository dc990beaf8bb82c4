using System.Buffers;
using System.Buffers.Binary;

namespace Imputation.Parquet.Storage;

/// <summary>Reads the pages of one column in one row group that hold some of its rows.</summary>
internal sealed class ChunkReader<T>(ColumnSchema column, StoredChunk chunk, ValueDecoder<T> decoder)
{
    private readonly bool _lends = decoder.Copies;
    private byte[] _bytes = [];
    private T[] _values = [];
    private bool[] _present = [];
    private T[]? _dictionary;

    /// <summary>The rows that are asked for, page by page. Where values are copied, each page's take the place of those before.</summary>
    public IEnumerable<ColumnValues> Read()
    {
        bool any = false;
        try
        {
            foreach (Page page in chunk.Pages)
            {
                if (page.Header.Type == PageType.Dictionary)
                {
                    UnfoldingBudget? budget = chunk.Budget(page);
                    _dictionary = decoder.Decode(PageEncoding.Plain, Unfold(page, budget), page.Header.ValueCount, budget).ToArray();
                    continue;
                }
                ColumnValues<T> values = ReadPage(page);
                int first = Math.Max(0, chunk.Rows.First - page.First);
                yield return values.Slice(first, Math.Min(values.Count, chunk.Rows.First + chunk.Rows.Count - page.First) - first);
                any = true;
            }
            if (!any) yield return new ColumnValues<T>([], null);
        }
        finally
        {
            Return(ref _bytes);
            Return(ref _values);
            Return(ref _present);
        }
    }

    private ColumnValues<T> ReadPage(Page page)
    {
        PageHeader header = page.Header;
        int rows = header.ValueCount, count = rows;
        UnfoldingBudget? budget = chunk.Budget(page);
        ReadOnlyMemory<byte> data = page.IsCompressed ? Unfold(page, budget) : page.Data, levels = page.Levels;
        if (header.Type == PageType.Data && column.IsOptional) data = data[LevelsOfVersion1(header, data, ref levels)..];

        bool[]? present = null;
        if (column.IsOptional)
        {
            bool packed = header.Type == PageType.Data && header.LevelEncoding == PageEncoding.BitPacked;
            DefinitionLevels.Check(levels.Span, packed, rows);
            present = Room(ref _present, rows);
            count = DefinitionLevels.Read(levels.Span, packed, present.AsSpan(0, rows));
            if (count == rows) present = null;
        }
        ReadOnlySpan<T> values = count == 0 ? [] : Values(header.Encoding, data, count, budget);
        T[] slots = Room(ref _values, rows);
        if (present is null) values.CopyTo(slots);
        else Spread(values, present.AsSpan(0, rows), slots);
        if (_lends) Return(ref _bytes); // the values are copied; a reader that waits for its turn need not keep them
        return new ColumnValues<T>(slots, present, _lends ? rows : null);
    }

    private static void Spread(ReadOnlySpan<T> values, ReadOnlySpan<bool> present, Span<T> slots)
    {
        slots = slots[..present.Length];
        int next = 0;
        for (int row = 0; row < slots.Length; row++) slots[row] = present[row] ? values[next++] : default!;
    }

    private TRoom[] Room<TRoom>(ref TRoom[] lent, int length)
    {
        if (!_lends) return new TRoom[length];
        if (lent.Length < length)
        {
            Return(ref lent);
            lent = ArrayPool<TRoom>.Shared.Rent(length);
        }
        return lent;
    }

    private static void Return<TRoom>(ref TRoom[] lent)
    {
        if (lent.Length > 0) ArrayPool<TRoom>.Shared.Return(lent);
        lent = [];
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

    private ReadOnlySpan<T> Values(PageEncoding encoding, ReadOnlyMemory<byte> data, int count, UnfoldingBudget? budget)
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
        Decompression.Unfold(chunk.Codec, page.Data, page.DataLength, page.Header.ValueCount, budget,
            _lends ? length => Room(ref _bytes, length) : null);
}
