using CsvHelper;
using Imputation.Files.Formats;

namespace Imputation.Files.Csv;

/// <summary>Detects the delimiter, decimal sign and encoding of a CSV file.</summary>
internal static class CsvDialectDetector
{
    private const int RecordsLookedAt = 50;

    private static readonly char[] Candidates = [';', '\t', '|', ','];

    /// <summary>How the file is written, and findings about its head.</summary>
    public static (CsvDialect Dialect, IReadOnlyList<Finding> Findings) Detect(CsvBytes file, TableReadOptions options)
    {
        using var buffer = new PieceBuffer();
        ReadOnlySpan<byte> bytes = file.Store.Read(0, (int)Math.Min(16, file.Store.Length), buffer).Span;   // a mark and a hint
        int start = ByteOrderMark.IsUtf8(bytes) ? 3 : 0;
        char? hint = Hint(bytes[start..], out int hintLength);
        if (options.Delimiter is { } given) Check(given);
        if (options.Thousands is { } thousands) CheckThousands(thousands, options);
        var finder = new CsvLayoutFinder(file.Store, file.Text, options, options.Delimiter ?? hint);
        (char delimiter, CsvLayout layout) = finder.Find(start, hintLength);
        Check(delimiter);
        return (new CsvDialect(delimiter, options.DecimalComma, layout, file.Text, options.Thousands), finder.Findings);
    }

    private static void CheckThousands(char thousands, TableReadOptions options)
    {
        if (char.IsAsciiLetterOrDigit(thousands) || thousands is '"' or '+' or '-' or '\r' or '\n'
            || thousands == (options.DecimalComma ? ',' : '.'))
            throw new ArgumentException($"'{thousands}' cannot separate thousands" + thousands switch
            {
                '.' => ": it is the decimal mark; for 1.234,5 declare the decimal comma too.",
                ',' => ": it is the decimal mark.",
                _ => "; expected a comma, point, blank or apostrophe.",
            }, nameof(options));
    }

    /// <summary>Throws if a character cannot be a delimiter.</summary>
    /// <exception cref="ArgumentException">The message names the character.</exception>
    public static void Check(char delimiter)
    {
        if (!char.IsAscii(delimiter) || char.IsAsciiLetterOrDigit(delimiter) || delimiter is '"' or '\r' or '\n' or '.' or '+' or '-'
            or '\0')
            throw new ArgumentException($"'{delimiter}' cannot be a field delimiter; expected an ASCII character such as a comma, "
                + "semicolon, tab or pipe.");
    }

    /// <summary>A first line such as sep=; which Excel writes and reads.</summary>
    private static char? Hint(ReadOnlySpan<byte> text, out int length)
    {
        length = 0;
        if (text.Length < 6 || !text.StartsWith("sep="u8) || text[5] is not ((byte)'\r' or (byte)'\n')) return null;
        length = text[5] == '\r' && text.Length > 6 && text[6] == '\n' ? 7 : 6;
        return (char)text[4];
    }

    /// <summary>The separator by which the first records all have as many fields as the header, the more the better, but the comma
    /// only if no other does, since commas may be decimal; failing that, the one that cuts the header most, so that the error in the
    /// records can be reported.</summary>
    public static char DetectDelimiter(ByteStore store, long start, bool decimalComma)
    {
        char? best = null, ragged = null;
        int bestWidth = 1, raggedWidth = 1;
        bool oneColumn = false;
        foreach (char delimiter in Candidates)  // the comma comes last
        {
            bool consistent = Look(store, start, delimiter, out int width);
            if (consistent && width > bestWidth && (delimiter != ',' || best is null)) (best, bestWidth) = (delimiter, width);
            if (width > raggedWidth) (ragged, raggedWidth) = (delimiter, width);
            oneColumn = consistent && !decimalComma;
        }
        return best ?? ragged ?? (oneColumn ? ',' : ';');
    }

    /// <summary>Whether the first records all have as many fields as the header has by this separator.</summary>
    public static bool Look(ByteStore store, long start, char delimiter, out int width)
    {
        bool malformed = false;     // a record without end by this separator, for one
        using CsvReader reader = store.Records(start, new CsvReaderOptions
        {
            Separator = delimiter,
            DetectSeparatorHint = false,
            HasHeader = false,
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Recover,   // as the records are read later
            OnMalformedRecord = m => malformed |= m.Reason is CsvMalformedReason.UnterminatedQuote
                or CsvMalformedReason.TextAfterClosingQuote,
        });
        width = 0;
        try
        {
            if (!reader.Read() || malformed) return false;
            width = reader.FieldCount;
            for (int k = 0; k < RecordsLookedAt && reader.Read(); k++)
                if (malformed || reader.FieldCount != width) return false;
        }
        catch (CsvFormatException)
        {
            return false;
        }
        return !malformed;
    }
}
