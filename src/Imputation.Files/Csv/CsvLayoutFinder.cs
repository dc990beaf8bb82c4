using System.Text;
using CsvHelper;
using Imputation.Data;
using Imputation.Text;

namespace Imputation.Files.Csv;

/// <summary>Decides from a file's first lines where its names and rows are: titles and comments above, question texts and import ids
/// below the names, a first line that looks like a row.</summary>
/// <param name="store">The file.</param>
/// <param name="text">Its encoding.</param>
/// <param name="options">What the caller says; the rest is detected.</param>
/// <param name="given">The delimiter, if it is known.</param>
internal sealed class CsvLayoutFinder(ByteStore store, Encoding text, TableReadOptions options, char? given)
{
    private const int MostLinesAbove = 20, RowsLookedAt = 40, ColumnsLookedAt = 200;

    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    /// <param name="start">Position after a byte order mark.</param>
    /// <param name="hintLength">Length of a line such as sep=; there; 0 where there is none.</param>
    public (char Delimiter, CsvLayout Layout) Find(int start, int hintLength)
    {
        long at = start + hintLength;
        int above = hintLength > 0 ? 1 : 0;
        if (options.SkipLines is > 0 and var skipped)
        {
            at = After(start, skipped);
            above = skipped;
            if (at >= store.Length)
                throw new ImputationDataException($"The file ends within the {skipped} lines to be skipped (--skip-lines).");
        }
        char delimiter = given ?? CsvDialectDetector.DetectDelimiter(store, at, options.DecimalComma);
        if (options.SkipLines is null && options.HeaderLines is not 0 && FindNames(at, delimiter) is { } found)
        {
            above += found.Lines;
            (at, delimiter) = (found.At, found.Delimiter);
        }
        if (options.HeaderLines is { } lines)
            return (delimiter, new CsvLayout((int)at, above, HasNames: lines > 0, RecordsBelow: Math.Max(0, lines - 1)));

        List<string[]> rows = Rows(at, delimiter);
        int below = Below(rows);
        if (below == 0) SuspectRow(rows);
        return (delimiter, new CsvLayout((int)at, above, RecordsBelow: below));
    }

    /// <summary>Names below titles or comments; null where the first line has the names.</summary>
    private (long At, char Delimiter, int Lines)? FindNames(long start, char delimiter)
    {
        bool comment = Line(start).StartsWith('#');
        List<string[]> first = Rows(start, delimiter, 1);
        bool sparse = first.Count > 0 && first[0].Length > 1 && Filled(first[0]) <= 1;
        bool consistent = CsvDialectDetector.Look(store, start, delimiter, out int columns);
        if (!comment && !sparse && consistent && columns > 1) return null;
        bool single = consistent && columns == 1;   // texts of one column may have commas

        long at = start;
        var above = new List<string> { Line(start) };
        for (int k = 1; k <= MostLinesAbove && (at = After(at, 1)) < store.Length; k++)
        {
            string line = Line(at);
            char by = given ?? CsvDialectDetector.DetectDelimiter(store, at, options.DecimalComma);
            if (!(comment && line.StartsWith('#')) && Filled(line.Split(by)) > 0 && CsvDialectDetector.Look(store, at, by, out int width))
            {
                List<string[]> rows = Rows(at, by);
                bool more = above.TrueForAll(title => (comment && title.StartsWith('#') && title.Split(by).Length != width)
                    || Filled(title.Split(by)) <= Math.Max(1, width / 2) && width > 1);
                if (AreNames(rows) && ((more && (!single || HasNumbersBelow(rows)))
                    || (comment && above.TrueForAll(title => title.StartsWith('#')) && HasNumbersBelow(rows))))
                {
                    Say(above);
                    return (at, by, k);
                }
            }
            above.Add(line);
        }
        return null;
    }

    private void Say(List<string> above)
    {
        string[] shown = [.. above.Where(line => line.Trim(" \t,;|\"".ToCharArray()).Length > 0)
            .Select(line => $"'{TextFormat.Cut(line.Trim(), 40)}'")];
        string lines = above.Count == 1 ? "Line 1" : above.Count == 2 ? "Lines 1 and 2" : $"Lines 1 to {above.Count}";
        _findings.Add(new Finding(FindingSeverity.Note, "lines-above-header",
            $"{lines} ({TextFormat.List(shown, most: 2)}) {(above.Count == 1 ? "is" : "are")} above the column names and no part of the "
                + "table; kept in the output.", [],
            $"To say so: --skip-lines {above.Count}; if line 1 has the names: --skip-lines 0 (library: SkipLines)."));
    }

    /// <summary>Number of records below the names that are no rows: question texts, import ids.</summary>
    private int Below(List<string[]> rows)
    {
        int ids = rows.FindIndex(0, Math.Min(4, rows.Count),
            row => row.Any(cell => cell.StartsWith("{\"ImportId\"", StringComparison.Ordinal)));
        if (ids > 0)
        {
            Below(ids, ids == 1 ? "import ids" : "question texts and import ids");
            return ids;
        }
        if (!HasQuestions(rows)) return 0;
        Below(1, "question texts or units");
        return 1;
    }

    private void Below(int count, string what) => _findings.Add(new Finding(FindingSeverity.Note, "header-lines",
        $"{TextFormat.Count(count, "header line")} below the column names ({what}) "
            + $"{(count == 1 ? "is no row" : "are no rows")} of the table; kept in the output.", [],
        $"To say so: --header-lines {count + 1}; if {(count == 1 ? "it is a row" : "they are rows")}: --header-lines 1 "
            + "(library: HeaderLines)."));

    /// <summary>Whether the first record below the names has texts, all different, over numbers: over four columns or more, or long ones
    /// over two.</summary>
    private bool HasQuestions(List<string[]> rows)
    {
        if (rows.Count < 4) return false;
        int[] numeric = [.. Columns(rows).Where(j => HoldsNumbers(rows, j, 2))];
        string[] texts = [.. numeric.Select(j => Cell(rows[1], j))];
        if (texts.Length < 2 || texts.Any(cell => cell.Length == 0 || IsNumber(cell)
            || IsMark(cell) || options.MissingMarkers.Contains(cell)))
            return false;
        return texts.Distinct().Count() == texts.Length
            && (texts.Length >= 4 || texts.All(cell => cell.Length >= 12 && cell.Contains(' ', StringComparison.Ordinal)));
    }

    /// <summary>Says so where the names look like a row: numbers or dates as in the cells below.</summary>
    private void SuspectRow(List<string[]> rows)
    {
        if (rows.Count < 2) return;
        int[] numeric = [.. Columns(rows).Where(j => HoldsNumbers(rows, j, 1))];
        int unnamed = numeric.Count(j => Cell(rows[0], j).Length == 0);
        int[] numbers = [.. numeric.Where(j => IsNumber(Cell(rows[0], j)))];
        double[] values = [.. numbers.Select(j => Number(Cell(rows[0], j)))];
        int[] dates = [.. Columns(rows).Where(j => DateText.Is(Cell(rows[0], j)) && rows.Skip(1).All(row => Cell(row, j) is var cell
            && (cell.Length == 0 || IsMark(cell) || DateText.Is(cell))))];
        bool ordered = values.Length >= 5 && (Ascends(values) || Ascends([.. values.Reverse()]));     // wavelengths, ages, doses
        bool names = ordered || values.All(value => value is >= 1900 and <= 2100 && value == Math.Floor(value))
            || (values.Length > 1 && unnamed == 0 && Enumerable.Range(1, values.Length - 1).All(k => values[k] == values[k - 1] + 1));
        int[] seen = [.. dates, .. names || (numbers.Length + unnamed < numeric.Length
            && values.All(value => value == Math.Floor(value) && value >= 0))
            ? [] : numbers];
        if (seen.Length == 0) return;
        string shown = TextFormat.Names(seen.Order().Select(j => TextFormat.Cut(Cell(rows[0], j), 24)), 4);
        _findings.Add(new Finding(FindingSeverity.Warning, "first-line-is-a-row",
            $"The first line was taken for the column names, but looks like a row: {shown} {(seen.Length == 1 ? "is" : "are")} like the "
                + "cells below.", [.. seen.Order().Select(j => Cell(rows[0], j))],
            "If the file has no column names, use --no-header; the columns are then called column1, column2 and so on (library: "
                + "HeaderLines = 0)."));
    }

    /// <summary>Whether the first of some records can be names: at least two texts, all different, unnamed columns only at the
    /// ends.</summary>
    private bool AreNames(List<string[]> rows)
    {
        if (rows.Count < 2) return false;
        string[] names = rows[0];
        int last = Array.FindLastIndex(names, name => name.Length > 0);
        if (last < 0 || (names.Length > 1 && last == 0)) return false;
        for (int j = 0; j <= last; j++)
            if ((names[j].Length == 0 && j > 0) || IsNumber(names[j]) || DateText.Is(names[j])) return false;
        return names.Take(last + 1).Distinct().Count() == last + 1;
    }

    /// <summary>Whether a column has numbers below its name, question text and import id.</summary>
    private bool HasNumbersBelow(List<string[]> rows) => Columns(rows).Any(j => Cell(rows[0], j).Length > 0
        && (HoldsNumbers(rows, j, 1) || HoldsNumbers(rows, j, 2) || HoldsNumbers(rows, j, 3)));

    /// <summary>Whether all cells of a column from some record on are numbers or missing, and some are numbers.</summary>
    private bool HoldsNumbers(List<string[]> rows, int column, int from)
    {
        int count = 0;
        for (int row = from; row < rows.Count; row++)
        {
            string cell = Cell(rows[row], column);
            if (cell.Length == 0 || IsMark(cell) || options.MissingMarkers.Contains(cell)) continue;
            if (!IsNumber(cell)) return false;
            count++;
        }
        return count > 0;
    }

    private bool IsNumber(string cell) => !double.IsNaN(Number(cell));

    private double Number(string cell) =>
        CsvNumber.TryParse(cell, options.DecimalComma, out double value)
            || CsvStyledNumber.TryParse(cell, options.DecimalComma ? ',' : '.', options.Thousands, out value, out _, out _)
            ? value : double.NaN;

    private static bool IsMark(string cell) => TableReadOptions.DefaultMissingMarkers.Contains(cell, StringComparer.OrdinalIgnoreCase);

    private static bool Ascends(double[] values)
    {
        for (int k = 1; k < values.Length; k++)
            if (values[k] <= values[k - 1]) return false;
        return true;
    }

    private static IEnumerable<int> Columns(List<string[]> rows) => Enumerable.Range(0, rows[0].Length);

    private static string Cell(string[] row, int column) => column < row.Length ? row[column] : "";

    private static int Filled(string[] cells) => cells.Count(cell => cell.AsSpan().Trim(" \t\"").Length > 0);

    /// <summary>The first records from a position on that are not blank, without blanks around their cells.</summary>
    private List<string[]> Rows(long start, char delimiter, int count = RowsLookedAt)
    {
        var rows = new List<string[]>();
        using CsvReader reader = store.Records(start, new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            TrimWhitespace = true,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MalformedData = CsvMalformedDataHandling.Recover,
        });
        try
        {
            while (rows.Count < count && reader.Read())
            {
                var cells = new string[Math.Min(reader.FieldCount, ColumnsLookedAt)];
                for (int j = 0; j < cells.Length; j++) cells[j] = text.GetString(reader.GetSpan(j)).Trim();
                if (Filled(cells) > 0) rows.Add(cells);
            }
        }
        catch (CsvFormatException)
        {
            // Said when the records are read.
        }
        return rows;
    }

    /// <summary>Position after some lines, which end in LF, CR LF or CR.</summary>
    private long After(long start, int lines)
    {
        using var buffer = new PieceBuffer();
        long at = start;
        while (at < store.Length)
        {
            ReadOnlySpan<byte> bytes = store.Read(at, (int)Math.Min(1 << 16, store.Length - at), buffer).Span;
            int end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                at += bytes.Length;
                continue;
            }
            at += end + 1;
            if (bytes[end] == '\r' && at < store.Length && store.Read(at, 1, buffer).Span[0] == '\n') at++;
            if (--lines == 0) return at;
        }
        return at;
    }

    private string Line(long start)
    {
        const int longest = 4096;
        using var buffer = new PieceBuffer();
        ReadOnlySpan<byte> bytes = store.Read(start, (int)Math.Min(longest, store.Length - start), buffer).Span;
        int end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
        return text.GetString(end < 0 ? bytes : bytes[..end]).Trim();
    }
}
