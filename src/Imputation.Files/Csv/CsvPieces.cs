using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Imputation.Files.Formats;

namespace Imputation.Files.Csv;

/// <summary>A file divided into contiguous pieces that threads can read independently; the first begins with the header.</summary>
/// <remarks>A checksum of each piece is kept when it is first read, so that a later change of the file is detected when the piece is
/// read again.</remarks>
internal sealed class CsvPieces
{
    private readonly ByteStore _store;
    private readonly IReadOnlyList<CsvPiece> _pieces;
    private readonly ArraySegment<ulong?> _sums;

    private CsvPieces(ByteStore store, IReadOnlyList<CsvPiece> pieces, ArraySegment<ulong?>? sums = null)
    {
        _store = store;
        _pieces = pieces;
        _sums = sums ?? new ulong?[pieces.Count];
        RowCount = pieces[^1].FirstRow + pieces[^1].RowCount;
    }

    public int Count => _pieces.Count;

    public int RowCount { get; }

    public CsvPiece this[int index] => _pieces[index];

    /// <summary>Some of the pieces, with the rows numbered from the first of them.</summary>
    public CsvPieces Slice(int first, int count)
    {
        int before = _pieces[first].FirstRow;
        return new CsvPieces(_store, [.. _pieces.Skip(first).Take(count).Select(piece => piece with
        {
            FirstRow = piece.FirstRow - before,
            RowsBefore = before,
        })], _sums.Slice(first, count));
    }

    /// <summary>The bytes of a piece.</summary>
    /// <exception cref="InputException">They are not those that were read before.</exception>
    public ReadOnlyMemory<byte> Read(int index, PieceBuffer buffer)
    {
        ReadOnlyMemory<byte> bytes = _store.Read(_pieces[index].Start, _pieces[index].Length, buffer);
        if (_store is MemoryBytes) return bytes;
        ulong sum = Checksum(bytes.Span);
        ulong? known = _sums[index];
        if (known is null) _sums[index] = sum;
        else if (known != sum) throw _store.Changed();
        return bytes;
    }

    /// <summary>SHA-256 of all bytes, in lower-case hexadecimal.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffer = new PieceBuffer();
        for (int i = 0; i < Count; i++) hash.AppendData(Read(i, buffer).Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Divides the file into pieces; <paramref name="records"/> is positioned above the first row.</summary>
    /// <remarks>Where every line is a record, the lines are already counted. Otherwise the records are gone through once, one after
    /// the other; this finds the first that cannot be a row, and so does a reader of a piece where the lines were taken to be
    /// rows.</remarks>
    public static CsvPieces Of(CsvBytes file, CsvDialect dialect, CsvRecords records, CsvStorage storage, CancellationToken cancellation)
    {
        int length = (int)Math.Max(storage.PieceLength, Math.Min(1 << 26, (long)storage.LeastHeaders * records.Reader.RawRecord.Length));
        if (file.Survey.LinesAreRecords(dialect.Delimiter))
        {
            List<CsvPiece> byLines = [.. ByLines(file.Survey.Pieces, dialect.Layout.HeadLines, length)];
            long rows = byLines.Sum(piece => (long)piece.RowCount);
            // A row has at least a byte for each cell. Where lines are too short for that, no memory is allocated; reading the
            // records then reports the line.
            if (rows <= int.MaxValue && rows * records.Width <= file.Store.Length) return new CsvPieces(file.Store, byLines);
        }
        return new CsvPieces(file.Store, [.. ByRecords(file.Store, length, records, cancellation)]);
    }

    private static IEnumerable<CsvPiece> ByLines(IReadOnlyList<CsvLines> surveyed, int headLines, int length)
    {
        long start = 0;
        int first = 0, count = -headLines;
        for (int i = 0; i < surveyed.Count; i++)
        {
            long end = surveyed[i].Start + surveyed[i].Length;
            count += surveyed[i].Count;
            if (i < surveyed.Count - 1 && (end - start < length || count < 0)) continue;
            yield return new CsvPiece(start, CheckedLength(end - start), first, count);
            (start, first, count) = (end, first + count, 0);
        }
    }

    private static IEnumerable<CsvPiece> ByRecords(ByteStore store, int length, CsvRecords records, CancellationToken cancellation)
    {
        long start = 0;
        int first = 0;
        using var buffer = new PieceBuffer();
        while (records.Read())
        {
            if ((records.Row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            if (records.Offset - start < length || ByteOrderMark.IsAny(store.Read(records.Offset,
                (int)Math.Min(4, store.Length - records.Offset), buffer).Span)) continue;
            yield return new CsvPiece(start, CheckedLength(records.Offset - start), first, records.Row - first);
            (start, first) = (records.Offset, records.Row);
        }
        yield return new CsvPiece(start, CheckedLength(store.Length - start), first, records.Row + 1 - first);
    }

    private static int CheckedLength(long length) => length <= Array.MaxLength
        ? (int)length
        : throw new ImputationDataException("A row is longer than 2 GB; expected a table with one row per line.");

    /// <summary>Two CRC-32C checksums side by side, so that accidental collisions do not occur in practice.</summary>
    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        uint even = 0, odd = ~0u;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        int i = 0;
        for (; i + 1 < words.Length; i += 2)
        {
            even = BitOperations.Crc32C(even, words[i]);
            odd = BitOperations.Crc32C(odd, words[i + 1]);
        }
        foreach (byte b in bytes[(i * sizeof(ulong))..]) even = BitOperations.Crc32C(even, b);
        return ((ulong)odd << 32) | even;
    }
}
