using CsvHelper;

namespace Imputation.Files.Csv;

/// <summary>Finds out how a CSV file is written.</summary>
internal static class CsvDialectDetector
{
    private const int RecordsLookedAt = 50;

    private static readonly char[] Candidates = [';', '\t', '|', ','];

    public static CsvDialect Detect(CsvBytes file, TableReadOptions options)
    {
        using var buffer = new PieceBuffer();
        ReadOnlySpan<byte> bytes = file.Store.Read(0, (int)Math.Min(16, file.Store.Length), buffer).Span;   // a mark and a hint
        int start = CsvBytes.IsMarkedUtf8(bytes) ? 3 : 0;
        char? hint = Hint(bytes[start..], out int hintLength);
        start += hintLength;
        char delimiter = options.Delimiter ?? hint ?? DetectDelimiter(file.Store, start, options.DecimalComma);
        Check(delimiter);
        return new CsvDialect(delimiter, options.DecimalComma, start, file.Text, hintLength > 0);
    }

    /// <summary>Throws where a character cannot separate cells.</summary>
    /// <exception cref="ArgumentException">The message names the character.</exception>
    public static void Check(char delimiter)
    {
        if (!char.IsAscii(delimiter) || char.IsAsciiLetterOrDigit(delimiter) || delimiter is '"' or '\r' or '\n' or '.' or '+' or '-' or '\0')
            throw new ArgumentException($"'{delimiter}' cannot separate cells; expected an ASCII character such as a comma, semicolon, tab or pipe.");
    }

    /// <summary>A first line such as sep=; which Excel writes and reads.</summary>
    private static char? Hint(ReadOnlySpan<byte> text, out int length)
    {
        length = 0;
        if (text.Length < 6 || !text.StartsWith("sep="u8) || text[5] is not ((byte)'\r' or (byte)'\n')) return null;
        length = text[5] == '\r' && text.Length > 6 && text[6] == '\n' ? 7 : 6;
        return (char)text[4];
    }

    /// <summary>The separator by which the first records all have as many fields as the header, the more the better,
    /// but the comma only if no other does, since commas may be decimal;
    /// failing that, the one that cuts the header most, so that what is wrong with the records can be told.</summary>
    private static char DetectDelimiter(ByteStore store, int start, bool decimalComma)
    {
        (char Delimiter, int Width, bool Consistent)[] seen = [.. Candidates.Select(c => Look(store, start, c))];
        if (seen.Where(s => s.Consistent && s.Width > 1).OrderBy(s => s.Delimiter == ',').ThenByDescending(s => s.Width).FirstOrDefault() is { Width: > 1 } best) return best.Delimiter;
        if (seen.Where(s => s.Width > 1).OrderByDescending(s => s.Width).FirstOrDefault() is { Width: > 1 } ragged) return ragged.Delimiter;
        return seen[^1].Consistent && !decimalComma ? ',' : ';';    // one column
    }

    private static (char, int, bool) Look(ByteStore store, int start, char delimiter)
    {
        using CsvReader reader = store.Records(start, new CsvReaderOptions { Separator = delimiter, HasHeader = false, TrimWhitespace = true });
        int width = 0;
        try
        {
            if (!reader.Read()) return (delimiter, 0, false);
            width = reader.FieldCount;
            for (int k = 0; k < RecordsLookedAt && reader.Read(); k++)
                if (reader.FieldCount != width) return (delimiter, width, false);
        }
        catch (CsvFormatException)
        {
            return (delimiter, width, false);   // a record without end by this separator
        }
        return (delimiter, width, true);
    }
}
