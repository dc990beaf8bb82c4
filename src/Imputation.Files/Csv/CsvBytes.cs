using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Imputation.Data;

namespace Imputation.Files.Csv;

/// <summary>The whole of a text file as bytes in which ASCII is ASCII: UTF-8 or a kin of Latin-1 as it stands, any other encoding as UTF-8.</summary>
internal sealed class CsvBytes
{
    private const string Parquet = "a Parquet file";

    private string? _sha256;

    private CsvBytes(byte[] bytes, Encoding text, Encoding? transcoded, string? sha256)
    {
        Bytes = bytes;
        Text = text;
        Transcoded = transcoded;
        _sha256 = sha256;
    }

    public byte[] Bytes { get; }

    /// <summary>What <see cref="Bytes"/> say as text.</summary>
    public Encoding Text { get; }

    /// <summary>The file's own encoding, where <see cref="Bytes"/> are not in it; null where they are.</summary>
    public Encoding? Transcoded { get; }

    /// <summary>Of the file as it stood.</summary>
    public string Sha256 => _sha256 ??= Hash(Bytes);

    public static CsvBytes Load(Stream stream, string name, Encoding? declared, CancellationToken cancellation)
    {
        byte[] bytes = WholeStream.Read(stream, name, cancellation);
        if (bytes.Length == 0) throw new ImputationDataException($"{name}: the file is empty; expected a header line with column names, then rows.");
        if (Foreign(bytes) is { } kind)
            throw new ImputationDataException($"{name}: this is {kind}, not text; {(kind == Parquet ? "read it as Parquet (--from parquet)" : "save the table as CSV first")}.");
        Encoding? encoding = ByMark(bytes) ?? declared;
        if (encoding is not null and not UTF8Encoding && encoding.CodePage != Encoding.Latin1.CodePage) return Transcode(bytes, encoding, name);
        if (bytes.AsSpan(0, Math.Min(bytes.Length, 4096)).Contains((byte)0))
            throw new ImputationDataException($"{name}: zero bytes near the start; this is not a text file, or it is UTF-16 without a byte order mark. Save it as UTF-8.");
        bool utf8 = encoding is UTF8Encoding || (encoding is null && Utf8.IsValid(bytes));
        return new CsvBytes(bytes, utf8 ? Encoding.UTF8 : Encoding.Latin1, null, null);
    }

    private static CsvBytes Transcode(byte[] bytes, Encoding encoding, string name)
    {
        try
        {
            var strict = Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            byte[] utf8 = Encoding.Convert(strict, Encoding.UTF8, bytes);
            // Observed cells must come back as they were, so the way back has to lead to the same bytes.
            if (Encoding.Convert(Encoding.UTF8, strict, utf8).AsSpan().SequenceEqual(bytes))
                return new CsvBytes(utf8, Encoding.UTF8, strict, Hash(bytes));
        }
        catch (Exception e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            // Said below.
        }
        throw new ImputationDataException($"{name}: not valid {encoding.WebName}, although it is marked or declared so; save it as UTF-8.");
    }

    private static Encoding? ByMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? Encoding.UTF8
        : bytes.StartsWith<byte>([0xFF, 0xFE, 0, 0]) ? Encoding.UTF32
        : bytes.StartsWith<byte>([0xFF, 0xFE]) ? Encoding.Unicode
        : bytes.StartsWith<byte>([0xFE, 0xFF]) ? Encoding.BigEndianUnicode
        : null;

    private static string? Foreign(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PK\x03\x04"u8) ? "a ZIP archive or an Excel workbook"
        : bytes.StartsWith("PAR1"u8) ? Parquet
        : bytes.StartsWith<byte>([0x1F, 0x8B]) ? "a gzip archive"
        : bytes.StartsWith<byte>([0xD0, 0xCF, 0x11, 0xE0]) ? "an old Excel workbook"
        : bytes.StartsWith("%PDF"u8) ? "a PDF file"
        : null;

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
