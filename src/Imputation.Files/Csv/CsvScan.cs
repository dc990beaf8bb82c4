using System.Text.Unicode;
using Imputation.Files.Formats;
using Imputation.Numerics.Threading;

namespace Imputation.Files.Csv;

/// <summary>Features of a file that determine how it can be read.</summary>
[Flags]
internal enum CsvTraits
{
    None = 0,
    Quotes = 1,
    EmptyLines = 2,
    SpacesFirst = 4,    // a line that begins with a space, and may be nothing but spaces
    TabsFirst = 8,
    LoneReturns = 16,   // CR that is not followed by LF
    NotUtf8 = 32,
    BlankRows = 64,     // a line of nothing but one sign that may be the delimiter, and blanks
}

/// <summary>Consecutive lines.</summary>
internal sealed record CsvLines(long Start, int Length, int Count);

/// <summary>A first look at a whole file, at the speed of memory: its traits, and its lines cut into pieces.</summary>
internal sealed class CsvScan
{
    private CsvScan(CsvLines[] pieces, CsvTraits traits)
    {
        Pieces = pieces;
        Traits = traits;
    }

    /// <summary>The file from its first byte to its last; each piece ends with a line.</summary>
    public IReadOnlyList<CsvLines> Pieces { get; }

    public CsvTraits Traits { get; }

    /// <summary>Whether every line is a record, by that separator.</summary>
    public bool LinesAreRecords(char delimiter) => (Traits & ~(CsvTraits.NotUtf8 | (delimiter == '\t' ? CsvTraits.TabsFirst
        : CsvTraits.None))) == CsvTraits.None;

    public static CsvScan Of(ByteStore store, string name, CsvStorage storage, CancellationToken cancellation)
    {
        List<CsvLines> pieces = Split(store, name, storage.PieceLength);
        var surveyed = new CsvLines[pieces.Count];
        var traits = CsvTraits.None;
        OrderedWork.Run(surveyed.Length, storage.Threads,
            i =>
            {
                using var buffer = new PieceBuffer();
                ReadOnlySpan<byte> bytes = store.Read(pieces[i].Start, pieces[i].Length, buffer).Span;
                return Look(i == 0 && ByteOrderMark.IsUtf8(bytes) ? bytes[3..] : bytes);
            },
            (i, seen) =>
            {
                traits |= seen.Traits;
                surveyed[i] = pieces[i] with { Count = seen.LineCount };
            },
            cancellation);
        return new CsvScan(surveyed, traits);
    }

    private sealed record Seen(CsvTraits Traits, int LineCount);

    private static Seen Look(ReadOnlySpan<byte> bytes)
    {
        CsvTraits traits = (Utf8.IsValid(bytes) ? 0 : CsvTraits.NotUtf8) | (bytes.Contains((byte)'"') ? CsvTraits.Quotes : 0);
        int returns = bytes.Count((byte)'\r'), lines = 0;
        if (returns > 0 && returns != bytes.Count("\r\n"u8)) traits |= CsvTraits.LoneReturns;
        while (!bytes.IsEmpty)
        {
            lines++;
            traits |= bytes[0] switch
            {
                (byte)'\n' or (byte)'\r' => CsvTraits.EmptyLines,
                (byte)' ' => CsvTraits.SpacesFirst,
                (byte)'\t' => CsvTraits.TabsFirst,
                0xEF when ByteOrderMark.IsUtf8(bytes) => CsvTraits.EmptyLines,     // a mark may be taken for nothing
                _ => 0,
            };
            int end = bytes.IndexOf((byte)'\n');
            if (end != 0 && !char.IsAsciiLetterOrDigit((char)bytes[0]) && IsBlank(end < 0 ? bytes : bytes[..end]))
                traits |= CsvTraits.BlankRows;
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }
        return new Seen(traits, lines);
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.TrimEnd((byte)'\r').IndexOfAnyExcept(line[0], (byte)' ', (byte)'\t') < 0;

    /// <summary>Cuts after the first end of a line at or behind each multiple of the length.</summary>
    private static List<CsvLines> Split(ByteStore store, string name, int length)
    {
        var pieces = new List<CsvLines>();
        using var buffer = new PieceBuffer();
        for (long start = 0; start < store.Length;)
        {
            long end = start + length >= store.Length ? store.Length : EndOfLine(store, start + length - 1, buffer);
            if (end - start > Array.MaxLength)
                throw new ImputationDataException($"{name}: a line is longer than 2 GB; expected a table with one row per line.");
            pieces.Add(new CsvLines(start, (int)(end - start), 0));
            start = end;
        }
        return pieces;
    }

    /// <summary>Position of the next line, or the end of the file.</summary>
    private static long EndOfLine(ByteStore store, long from, PieceBuffer buffer)
    {
        for (int window = 1 << 12; ; window = (int)Math.Min(1 << 24, window * 4L))
        {
            int length = (int)Math.Min(window, store.Length - from);
            bool last = from + length == store.Length;
            ReadOnlySpan<byte> bytes = store.Read(from, length, buffer).Span;
            for (int at = 0; bytes[at..].IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var found;)
            {
                at += found + 1;
                if (bytes[at - 1] == '\r' && at < length && bytes[at] == '\n') at++;
                if (length - at < 4 && !last) break;    // what follows is not seen
                if (!ByteOrderMark.IsAny(bytes[at..])) return from + at;
            }
            if (last) return store.Length;
            from += length - Math.Min(length, 8);
        }
    }
}
