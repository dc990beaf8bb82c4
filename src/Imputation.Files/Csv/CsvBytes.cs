using System.Security.Cryptography;
using System.Text;
using Imputation.Files.Formats;
using Imputation.Files.Streams;

namespace Imputation.Files.Csv;

/// <summary>A text file as bytes in which ASCII is ASCII: UTF-8 and relatives of Latin-1 unchanged, any other encoding converted to
/// UTF-8.</summary>
internal sealed class CsvBytes
{
    private const int HeadLength = 4096;
    private const string Parquet = "a Parquet file", Zip = "a ZIP archive or an Excel workbook";

    private CsvBytes(ByteStore store, CsvScan survey, Encoding text, Encoding? transcoded = null, string? sha256 = null)
    {
        Store = store;
        Survey = survey;
        Text = text;
        Transcoded = transcoded;
        TranscodedSha256 = sha256;
    }

    public ByteStore Store { get; }

    public CsvScan Survey { get; }

    /// <summary>The text of the bytes.</summary>
    public Encoding Text { get; }

    /// <summary>The file's own encoding, where the bytes are not in it; null where they are.</summary>
    public Encoding? Transcoded { get; }

    /// <summary>Of the file as it stood, where the bytes are others.</summary>
    public string? TranscodedSha256 { get; }

    /// <summary>A file that can be read again, whole into memory only if it is small or in an encoding that has to be changed; null where
    /// it is better read as a stream.</summary>
    /// <param name="stream">The file, open.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="options">Read options.</param>
    /// <param name="cancellation">Cancels.</param>
    public static CsvBytes? Open(FileStream stream, string name, TableReadOptions options, CancellationToken cancellation)
    {
        if (!stream.CanSeek || stream.Length <= options.Storage.LargestKept) return null;
        var store = new FileBytes(stream.Name, name);
        using var buffer = new PieceBuffer();
        ReadOnlySpan<byte> head = store.Read(0, (int)Math.Min(HeadLength, store.Length), buffer).Span;
        if (GzipFile.Is(head)) return null;
        Encoding? encoding = Check(head, name, options.Encoding);
        return MustBeTranscoded(encoding) ? null : Of(store, name, encoding, options, cancellation);
    }

    public static CsvBytes Load(Stream stream, string name, TableReadOptions options, CancellationToken cancellation)
    {
        byte[] file = WholeStream.Read(stream, name, cancellation);
        return GzipFile.Is(file)
            ? Load(GzipFile.Read(file, name, cancellation), name, options, Convert.ToHexStringLower(SHA256.HashData(file)), cancellation)
            : Load(file, name, options, null, cancellation);
    }

    /// <summary>Text that was made from another file.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <param name="options">Read options.</param>
    /// <param name="sha256">SHA-256 of the other file; null where the bytes are those of the file.</param>
    /// <param name="cancellation">Cancels.</param>
    public static CsvBytes Load(byte[] bytes, string name, TableReadOptions options, string? sha256, CancellationToken cancellation)
    {
        Encoding? encoding = Check(bytes, name, options.Encoding);
        return MustBeTranscoded(encoding) ? Transcode(bytes, encoding!, name, options, sha256, cancellation)
            : Of(new MemoryBytes(bytes), name, encoding, options, cancellation, sha256);
    }

    private static CsvBytes Of(ByteStore store, string name, Encoding? encoding, TableReadOptions options, CancellationToken cancellation,
        string? sha256 = null)
    {
        var survey = CsvScan.Of(store, name, options.Storage, cancellation);
        bool utf8 = encoding is UTF8Encoding || (encoding is null && !survey.Traits.HasFlag(CsvTraits.NotUtf8));
        return new CsvBytes(store, survey, utf8 ? Encoding.UTF8 : Encoding.Latin1, sha256: sha256);
    }

    /// <summary>The encoding by byte order mark, or the one declared.</summary>
    /// <exception cref="ImputationDataException">This is not text.</exception>
    private static Encoding? Check(ReadOnlySpan<byte> bytes, string name, Encoding? declared)
    {
        if (bytes.Length == 0)
            throw new ImputationDataException($"{name}: the file is empty; expected a header line with column names, then rows.");
        if (Foreign(bytes) is { } kind)
            throw new ImputationDataException($"{name}: this is {kind}, not text; "
                + (kind switch
                {
                    Parquet => "read it as Parquet (--from parquet).",
                    Zip => "read a workbook as such (--from xlsx), or save the table as CSV.",
                    _ => "save the table as CSV first.",
                }));
        Encoding? encoding = ByteOrderMark.Of(bytes) ?? declared;
        if (!MustBeTranscoded(encoding) && bytes[..Math.Min(bytes.Length, HeadLength)].Contains((byte)0))
            throw new ImputationDataException($"{name}: zero bytes near the start: this is not a text file, or it is UTF-16 without a "
                + "byte order mark. Save it as UTF-8.");
        return encoding;
    }

    private static bool MustBeTranscoded(Encoding? encoding) => encoding is not null and not UTF8Encoding
        && encoding.CodePage != Encoding.Latin1.CodePage;

    private static CsvBytes Transcode(byte[] bytes, Encoding encoding, string name, TableReadOptions options,
        string? sha256, CancellationToken cancellation)
    {
        try
        {
            var strict = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            byte[] utf8 = Encoding.Convert(strict, Encoding.UTF8, bytes);
            // Observed cells must come back as they were, so the way back has to lead to the same bytes.
            if (Encoding.Convert(Encoding.UTF8, strict, utf8).AsSpan().SequenceEqual(bytes))
            {
                var store = new MemoryBytes(utf8);
                return new CsvBytes(store, CsvScan.Of(store, name, options.Storage, cancellation), Encoding.UTF8, strict,
                    sha256 ?? Convert.ToHexStringLower(SHA256.HashData(bytes)));
            }
        }
        catch (Exception e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            // Said below.
        }
        throw new ImputationDataException($"{name}: not valid {encoding.WebName}, although it is marked or declared so; save it as UTF-8.");
    }

    private static string? Foreign(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PK\x03\x04"u8) ? Zip
        : bytes.StartsWith("PAR1"u8) ? Parquet
        : GzipFile.Is(bytes) ? "a gzip archive within another"
        : bytes.StartsWith<byte>([0xD0, 0xCF, 0x11, 0xE0]) ? "an old Excel workbook"
        : bytes.StartsWith("%PDF"u8) ? "a PDF file"
        : null;
}
