using CsvHelper;
using Imputation.Files.Formats;

namespace Imputation.Files.Csv;

/// <summary>The header and rows of a CSV file, each with as many fields as the header has; otherwise an exception reports it.</summary>
/// <remarks>Delimiters behind the last field of a row are passed over. A blank line, or one of nothing but delimiters, is not a row, except
/// in a file of one column, where an empty line is a missing cell. A newline at the end of the last row does not begin another.</remarks>
internal sealed class CsvRecords : IDisposable
{
    /// <summary>Length of the longest byte order mark.</summary>
    private const int MarkLength = 4;

    private readonly ByteStore _store;
    private readonly CsvDialect _dialect;
    private readonly string _name;
    private readonly long _start;
    private readonly int _rowsBefore;
    private CsvMalformedReason? _malformed;
    private int _emptyLines;
    private bool _isRow;    // the current record is a row that has not been asked for yet

    /// <summary>The whole file, from its header on.</summary>
    public CsvRecords(ByteStore store, CsvDialect dialect, string name)
    {
        (_store, _dialect, _name, _start) = (store, dialect, name, dialect.Layout.Start);
        RefuseMark();
        Reader = store.Records(_start, Options());
        Width = GoToFirst();
    }

    /// <summary>The rows of a piece.</summary>
    public CsvRecords(ByteStore store, CsvDialect dialect, string name, int width, CsvPiece piece, ReadOnlyMemory<byte> bytes)
    {
        int skipped = piece.Start == 0 ? dialect.Layout.Start : 0;
        (_store, _dialect, _name, _start) = (store, dialect, name, piece.Start + skipped);
        Reader = CsvReader.Create(bytes[skipped..], Options());
        if (piece.Start == 0)
        {
            GoToFirst();
            GoToRows();
        }
        Width = width;
        Row = piece.FirstRow - 1;
        _rowsBefore = piece.RowsBefore;
    }

    /// <summary>Fields are taken from here; before the first <see cref="Read"/> they are those of the header.</summary>
    public CsvReader Reader { get; }

    /// <summary>Number of columns.</summary>
    public int Width { get; }

    /// <summary>Row of the current record, from 0; −1 for the header.</summary>
    public int Row { get; private set; } = -1;

    /// <summary>Where the current record begins in the file's bytes.</summary>
    public long Offset => _start + Reader.ByteOffset;

    /// <summary>Number of blank records above rows, and below them of those that have delimiters.</summary>
    public int BlankCount { get; private set; }

    /// <summary>Whether the current record has more fields than there are columns, and all these are empty.</summary>
    public bool EndsInDelimiters
    {
        get
        {
            for (int j = Width; j < Reader.FieldCount; j++)
                if (!Reader.GetSpan(j).Trim(" \t"u8).IsEmpty) return false;
            return Reader.FieldCount > Width;
        }
    }

    private bool IsBlank
    {
        get
        {
            if (Reader.FieldCount == 1) return Reader.RawRecord.Trim(" \t"u8).IsEmpty;
            for (int j = 0; j < Reader.FieldCount; j++)
                if (!Reader.GetSpan(j).Trim(" \t"u8).IsEmpty) return false;
            return true;
        }
    }

    /// <summary>Goes from the first record, the names, to where the next row is the first.</summary>
    public void GoToRows()
    {
        _isRow = !_dialect.Layout.HasNames;
        for (int k = 0; k < _dialect.Layout.RecordsBelow;)
            if (!Advance()) return;
            else if (!IsBlank) k++;
    }

    /// <summary>Goes to the next row.</summary>
    public bool Read()
    {
        do
        {
            if (_isRow) _isRow = false;
            else if (!Advance()) return false;
        }
        while (Width > 1 && IsBlank && Skip());
        BlankCount += _emptyLines;
        _emptyLines = 0;
        Row++;
        if (Reader.FieldCount != Width && !EndsInDelimiters)
            throw new ImputationDataException(
                $"{_name}, row {_rowsBefore + Row + 1} (line {LineAt(Offset)}): {Reader.FieldCount} "
                    + $"{(Reader.FieldCount == 1 ? "field" : "fields")}, "
                    + $"expected {Width} as in the {(_dialect.Layout.HasNames ? "header" : "first row")}, "
                    + $"separated by {NameOf(_dialect.Delimiter)}. "
                + "Text that contains the delimiter must be quoted. If the delimiter is another character, specify it "
                    + "(--delimiter).", row: _rowsBefore + Row + 1);
        return true;
    }

    public void Dispose() => Reader.Dispose();

    /// <summary>The delimiter in words, for messages.</summary>
    public static string NameOf(char delimiter) => delimiter switch
    {
        ',' => "commas",
        ';' => "semicolons",
        '\t' => "tabs",
        '|' => "pipes",
        ' ' => "spaces",
        _ => $"'{delimiter}'",
    };

    private bool Skip()
    {
        if (Reader.FieldCount == 1) _emptyLines++;
        else BlankCount++;
        return true;
    }

    private int GoToFirst()
    {
        do
        {
            if (!Advance())
                throw new ImputationDataException($"{_name}: the file has only empty lines; expected a header line with column names, "
                    + "then rows.");
        }
        while (IsBlank);
        return Reader.FieldCount;
    }

    private bool Advance()
    {
        bool any = ReadRecord();
        // A quote within an unquoted text (5" pipe) harms nothing; these two may have swallowed rows.
        if (_malformed is CsvMalformedReason.UnterminatedQuote or CsvMalformedReason.TextAfterClosingQuote)
        {
            string what = _malformed == CsvMalformedReason.UnterminatedQuote ? "a quoted field is not closed"
                : "text follows a closing quote";
            throw new ImputationDataException(
                $"{_name}, the record that begins on line {LineAt(Offset)}: {what}, so the end of the record is unknown. Close the "
                    + "quote; inside quoted text a quote is written twice (\"\").", row: Width == 0 ? null : _rowsBefore + Row + 2);
        }
        return any;
    }

    private bool ReadRecord()
    {
        try
        {
            return Reader.Read();
        }
        catch (CsvFormatException e)    // nothing else is malformed enough for one
        {
            throw new ImputationDataException(
                $"{_name}, the record that begins on line {LineAt(Offset)}: longer than {FileBytes.LongestRecord >> 20} MB, probably "
                    + "because a quoted field is not closed. Close the quote; inside quoted text a quote is written twice (\"\").",
                    inner: e);
        }
    }

    /// <summary>The reader takes a mark of another encoding where it starts for that of all that follows. Pieces are cut where there is
    /// none; the names may stand behind one, as after a line <c>sep=;</c>.</summary>
    private void RefuseMark()
    {
        using var buffer = new PieceBuffer();
        ReadOnlySpan<byte> bytes = _store.Read(_start, (int)Math.Min(MarkLength, _store.Length - _start), buffer).Span;
        if (ByteOrderMark.IsAny(bytes) && !ByteOrderMark.IsUtf8(bytes))
            throw new ImputationDataException($"{_name}: line {LineAt(_start)} begins with the byte order mark of another encoding, as "
                + "where files are joined. Save the file as UTF-8, without marks within it.");
    }

    private CsvReaderOptions Options() => new()
    {
        Separator = _dialect.Delimiter,
        DetectSeparatorHint = false,    // a first line sep=; is passed over before; another one is a header
        HasHeader = false,          // the header is read as a record, so that its place and its text are known
        SkipEmptyLines = false,
        TrimWhitespace = true,      // a quote after a space opens a quoted field, as in: 1, "a, b"
        FieldCountMismatch = CsvFieldCountHandling.Allow,   // reported below, with row and line
        MalformedData = CsvMalformedDataHandling.Recover,
        OnMalformedRecord = m => _malformed = m.Reason,
    };

    /// <summary>Lines end in LF, CR LF or CR.</summary>
    private long LineAt(long offset)
    {
        long feeds = 0, returns = 0;
        using var buffer = new PieceBuffer();
        for (long start = 0; start < offset;)
        {
            ReadOnlySpan<byte> before = _store.Read(start, (int)Math.Min(1 << 20, offset - start), buffer).Span;
            feeds += before.Count((byte)'\n');
            returns += before.Count((byte)'\r');
            start += before.Length;
        }
        return 1 + (feeds > 0 ? feeds : returns);
    }
}
