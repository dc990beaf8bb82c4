using System.Buffers.Binary;
using System.IO.Compression;

namespace Imputation.Files.Spss;

/// <summary>The blocks of data compressed with zlib: a header with the position of a trailer, the blocks, and the trailer with their
/// sizes.</summary>
internal sealed class SpssBlocks
{
    private const int TrailerLength = 24, EntryLength = 24;

    /// <summary>Zlib makes at most 1,032 bytes from one.</summary>
    private const int MostPerByte = 1032;

    /// <summary>SPSS makes blocks of 4 MB.</summary>
    private const int LargestBlock = 1 << 26;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly SpssCursor _cursor;
    private readonly List<(int Start, int Length, int Unpacked)> _blocks = [];
    private readonly long _start;   // as the file has it
    private readonly ReadOnlyMemory<byte> _trailer;
    private readonly int _size;

    /// <param name="file">The file.</param>
    /// <param name="dictionary">Its dictionary.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ImputationDataException">The header, the trailer and the file do not agree.</exception>
    public SpssBlocks(ReadOnlyMemory<byte> file, SpssDictionary dictionary, string name)
    {
        _file = file;
        _cursor = new SpssCursor(file, name) { IsBigEndian = dictionary.IsBigEndian };
        _ = _cursor.Bytes(dictionary.DataStart, "the dictionary");
        _start = _cursor.Int64("the header of the compressed data");
        long at = _cursor.Int64("the header of the compressed data"), length = _cursor.Int64("the header of the compressed data");
        int first = _cursor.Position;
        if (at < first || at > file.Length || length < TrailerLength || length > file.Length - at || length % EntryLength != 0)
            throw _cursor.Damaged($"the list of compressed blocks is at byte {at} with {length} bytes in a file of {file.Length}");
        _trailer = file.Slice((int)at, (int)length);
        SpssCursor trailer = _cursor.Over(_trailer);
        _ = trailer.Bytes(16, "the list of blocks");
        _size = trailer.Int32("the list of blocks");
        int count = trailer.Int32("the list of blocks");
        if (count != (length - TrailerLength) / EntryLength || _size is <= 0 or > LargestBlock)
            throw _cursor.Damaged($"{count} compressed blocks of {_size} bytes are listed in {length} bytes");
        for (int i = 0; i < count; i++)
        {
            _ = trailer.Int64("a block"); // where it would be without zlib
            long start = trailer.Int64("a block");
            int unpacked = trailer.Int32("a block"), packed = trailer.Int32("a block");
            // Without gaps, so that no part of the file counts twice.
            if (start != first || packed < 0 || packed > at - start || unpacked < 0 || unpacked > LargestBlock
                || unpacked > (long)packed * MostPerByte)
                throw _cursor.Damaged($"compressed block {i + 1} of {count} has {packed} bytes at byte {start} for {unpacked}, expected at "
                    + $"byte {first}");
            _blocks.Add((first, packed, unpacked));
            first += packed;
        }
    }

    /// <summary>Number of bytes of all blocks when unpacked.</summary>
    public long UnpackedLength => _blocks.Sum(block => (long)block.Unpacked);

    /// <summary>The blocks unpacked, one at a time; the memory of one is used again for the next.</summary>
    /// <exception cref="ImputationDataException">A block is damaged.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Unpacked()
    {
        byte[] buffer = [];
        for (int i = 0; i < _blocks.Count; i++)
        {
            (int start, int length, int unpacked) = _blocks[i];
            if (buffer.Length < unpacked) buffer = new byte[unpacked];
            int read;
            try
            {
                using var packed = new ZLibStream(new MemoryStream(_file.Slice(start, length).ToArray()), CompressionMode.Decompress);
                read = packed.ReadAtLeast(buffer.AsSpan(0, unpacked), unpacked, throwOnEndOfStream: false);
                if (read == unpacked && packed.ReadByte() >= 0) read++;
            }
            catch (InvalidDataException e)
            {
                throw new ImputationDataException($"{_cursor.File}: compressed block {i + 1} of {_blocks.Count} at byte {start} cannot be "
                    + "unpacked: the file is damaged. Copy it again from its source.", null, null, e);
            }
            if (read != unpacked)
                throw new ImputationDataException($"{_cursor.File}: compressed block {i + 1} of {_blocks.Count} at byte {start} has "
                    + $"{(read < unpacked ? "fewer" : "more")} than the {unpacked} bytes listed: the file is damaged. Copy it again from "
                    + "its source.");
            yield return buffer.AsMemory(0, unpacked);
        }
    }

    /// <summary>Writes the header, the blocks and the trailer for other data.</summary>
    /// <param name="stream">The stream, after the dictionary.</param>
    /// <param name="data">The data, unpacked, in pieces; the memory of one may be used again for the next.</param>
    public void Write(Stream stream, IEnumerable<ReadOnlyMemory<byte>> data)
    {
        long first = _cursor.Position; // of the first block
        using var packed = new MemoryStream(); // kept until all is known, since the header comes first
        using var entries = new MemoryStream();
        byte[] block = new byte[_size];
        int count = 0, length = 0;
        long unpackedAt = _start;
        foreach (ReadOnlyMemory<byte> piece in data)
            for (int taken = 0; taken < piece.Length;)
            {
                int now = Math.Min(piece.Length - taken, block.Length - length);
                piece.Span.Slice(taken, now).CopyTo(block.AsSpan(length));
                (taken, length) = (taken + now, length + now);
                if (length == block.Length) Pack();
            }
        if (length > 0) Pack();
        Put(stream, _start);
        Put(stream, first + packed.Length);
        Put(stream, TrailerLength + entries.Length);
        packed.WriteTo(stream);
        stream.Write(_trailer.Span[..16]);
        Put(stream, _size);
        Put(stream, count);
        entries.WriteTo(stream);

        void Pack()
        {
            long before = packed.Length;
            using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(block.AsSpan(0, length));
            Put(entries, unpackedAt);
            Put(entries, first + before);
            Put(entries, length);
            Put(entries, (int)(packed.Length - before));
            unpackedAt += length;
            count++;
            length = 0;
        }
    }

    private void Put(Stream stream, long value)
    {
        Span<byte> eight = stackalloc byte[8];
        if (_cursor.IsBigEndian) BinaryPrimitives.WriteInt64BigEndian(eight, value);
        else BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        stream.Write(eight);
    }

    private void Put(Stream stream, int value)
    {
        Span<byte> four = stackalloc byte[4];
        if (_cursor.IsBigEndian) BinaryPrimitives.WriteInt32BigEndian(four, value);
        else BinaryPrimitives.WriteInt32LittleEndian(four, value);
        stream.Write(four);
    }
}
