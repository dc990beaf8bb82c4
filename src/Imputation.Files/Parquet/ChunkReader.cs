using System.Buffers.Binary;

namespace Imputation.Files.Parquet;

/// <summary>Reads the pages of one column in one row group.</summary>
internal sealed class ChunkReader<T>(ReadOnlyMemory<byte> file, ColumnSchema column, ChunkMetadata chunk, ValueDecoder<T> decoder, UnfoldingBudget? budget)
{
    private T[]? _dictionary;

    /// <param name="start">Where the chunk's first page header is.</param>
    /// <param name="end">Where its bytes end at the latest.</param>
    /// <param name="rows">How many values it has.</param>
    public ColumnValues<T> Read(int start, int end, int rows)
    {
        var pages = new List<ColumnValues<T>>();
        for (int position = start, done = 0; done < rows;)
        {
            PageHeader header = PageHeader.Read(file.Span[position..end], out int length);
            ReadOnlyMemory<byte> body = file[..end].Slice(position + length, header.CompressedSize);
            position += length + header.CompressedSize;
            if (header.Checksum is { } checksum && Checksum.Of(body.Span) != checksum)
                throw new ParquetException("the checksum of a page does not agree with its bytes: the file was damaged");
            if (header.Type == PageType.Dictionary)
            {
                if (_dictionary is not null) throw new ParquetException("a second dictionary");
                if (header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary)) throw new ParquetException($"a dictionary in the encoding {header.Encoding}");
                _dictionary = decoder.Decode(PageEncoding.Plain, Unfold(body, header, header.UncompressedSize), header.ValueCount);
            }
            else if (header.Type is PageType.Data or PageType.DataV2 && header.ValueCount > 0)
            {
                if (header.ValueCount > rows - done) throw new ParquetException($"pages of more values than the {rows} rows of their row group");
                pages.Add(ReadPage(header, body));
                done += header.ValueCount;
            }
        }
        return pages.Count == 1 ? pages[0] : Join(pages, rows);
    }

    private static ColumnValues<T> Join(List<ColumnValues<T>> pages, int rows)
    {
        var values = new T[rows];
        bool[]? present = pages.Exists(page => page.Present is not null) ? new bool[rows] : null;
        int done = 0;
        foreach (ColumnValues<T> page in pages)
        {
            page.Values.CopyTo(values, done);
            if (page.Present is { } some) some.CopyTo(present!, done);
            else present?.AsSpan(done, page.Count).Fill(true);
            done += page.Count;
        }
        return new ColumnValues<T>(values, present);
    }

    private ColumnValues<T> ReadPage(PageHeader header, ReadOnlyMemory<byte> body)
    {
        ReadOnlyMemory<byte> data, levels = default;
        if (header.Type == PageType.DataV2)
        {
            // A flat column has no repetition levels, but some writers give them room.
            int before = checked(header.RepetitionBytes + header.DefinitionBytes);
            levels = body.Slice(header.RepetitionBytes, header.DefinitionBytes);
            data = body[before..];
            int length = header.UncompressedSize - before;
            if (length < 0) throw new ParquetException("a page that is shorter than its levels");
            // Nothing is not always compressed to something.
            if (header.IsCompressed && data.Length > 0) data = Unfold(data, header, length);
        }
        else
        {
            data = Unfold(body, header, header.UncompressedSize);
            if (column.IsOptional) data = data[LevelsOfVersion1(header, data, ref levels)..];
        }

        bool[]? present = null;
        int count = header.ValueCount;
        if (column.IsOptional)
        {
            bool packed = header.Type == PageType.Data && header.LevelEncoding == PageEncoding.BitPacked;
            present = Levels(levels.Span, packed, header.ValueCount, out count);
        }
        T[] values = count == 0 ? [] : Values(header.Encoding, data, count);
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
        if (header.LevelEncoding != PageEncoding.Rle) throw new ParquetException($"definition levels in the encoding {header.LevelEncoding}");
        levels = data.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(data.Span));
        return 4 + levels.Length;
    }

    private static bool[]? Levels(ReadOnlySpan<byte> data, bool packed, int rows, out int count)
    {
        if (packed ? data.Length < (rows + 7) / 8 : !RunLength.Holds(data, 1, rows)) throw new ParquetException($"fewer definition levels than the {rows} of a page");
        var levels = new int[rows];
        if (packed) RunLength.DecodeBitPacked(data, levels);
        else RunLength.Decode(data, 1, levels);
        if (levels.AsSpan().ContainsAnyExceptInRange(0, 1)) throw new ParquetException("a definition level above 1 in a flat column");
        count = 0;
        foreach (int level in levels) count += level;
        return count == rows ? null : Array.ConvertAll(levels, level => level != 0);
    }

    private T[] Values(PageEncoding encoding, ReadOnlyMemory<byte> data, int count)
    {
        if (encoding is not (PageEncoding.PlainDictionary or PageEncoding.RleDictionary)) return decoder.Decode(encoding, data, count);
        if (_dictionary is null) throw new ParquetException("a page that needs a dictionary there is not");
        int width = data.Span[0];
        if (width > 32) throw new ParquetException($"dictionary indices of {width} bits");
        data = data[1..];
        if (!RunLength.Holds(data.Span, width, count)) throw new ParquetException($"fewer dictionary indices than the {count} of a page");
        var indices = new int[count];
        RunLength.Decode(data.Span, width, indices);
        var values = new T[count];
        for (int i = 0; i < count; i++)
        {
            if ((uint)indices[i] >= (uint)_dictionary.Length) throw new ParquetException($"the index {indices[i]} into a dictionary of {_dictionary.Length} values");
            values[i] = _dictionary[indices[i]];
        }
        return values;
    }

    private ReadOnlyMemory<byte> Unfold(ReadOnlyMemory<byte> data, PageHeader header, int length) => Decompression.Unfold(chunk.Codec, data, length, header.ValueCount, budget);
}
