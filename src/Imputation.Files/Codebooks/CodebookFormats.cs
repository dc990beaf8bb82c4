using System.Text;
using Imputation.Files.Formats;

namespace Imputation.Files.Codebooks;

/// <summary>The formats of codebooks, told by their contents.</summary>
internal static class CodebookFormats
{
    /// <summary>What is read, as a sentence.</summary>
    public const string Accepted = "Codebooks are Table Schemas (JSON; impute codebook proposes one), REDCap data dictionaries (CSV with "
        + "the columns Variable / Field Name and Field Type) and DDI codebooks (XML with the root codeBook).";

    /// <summary>A codebook in a format other than JSON; null of a file that begins as JSON does.</summary>
    /// <exception cref="ImputationDataException">None of the formats, or a damaged file.</exception>
    public static Codebook? Read(byte[] bytes, string name)
    {
        string? head = Head(bytes);
        string start = (head ?? "").TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (start.Length == 0)
            throw new ImputationDataException($"{name}: {(bytes.Length == 0 ? "an empty file" : "no text")}, so no codebook. {Accepted}");
        if (start[0] is '{' or '[' or '/') return null;
        if (start[0] == '<') return DdiCodebook.Read(new MemoryStream(bytes), name);
        string text = Text(bytes);
        if (RedcapRecords.Separator(text) is { } separator) return RedcapDictionary.Read(text, separator, name);
        string first = start.Split('\n')[0].Trim();
        throw new ImputationDataException($"{name}: not valid JSON, nor any other codebook; its first line is "
            + $"'{(first.Length > 100 ? first[..100] + "\u2026" : first)}'. {Accepted}");
    }

    /// <summary>The beginning as text; null where it is none.</summary>
    private static string? Head(byte[] bytes)
    {
        ReadOnlySpan<byte> head = bytes.AsSpan(0, Math.Min(bytes.Length, 4000));
        string text = (ByteOrderMark.Of(bytes) ?? Encoding.UTF8).GetString(head);
        return text.Contains('\0') ? null : text;
    }

    /// <summary>The file as text: in the encoding of its mark, else UTF-8, else Latin-1.</summary>
    private static string Text(byte[] bytes)
    {
        try
        {
            string text = (ByteOrderMark.Of(bytes) ?? new UTF8Encoding(false, throwOnInvalidBytes: true)).GetString(bytes);
            return text.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
