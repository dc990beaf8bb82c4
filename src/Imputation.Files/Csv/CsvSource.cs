using Imputation.Files.Formats;

namespace Imputation.Files.Csv;

/// <summary>The CSV file that a table was read from: where its bytes are, and how it is written.</summary>
internal sealed class CsvSource(CsvBytes file, CsvDialect dialect, CsvPieces pieces, int width, CsvStorage storage, string name)
    : FileSource(name)
{
    private string? _sha256 = file.TranscodedSha256;

    /// <summary>The source of the whole file, where this is one of a batch of its rows.</summary>
    public CsvSource? Whole { get; init; }

    /// <summary>The source of a batch of the file's rows.</summary>
    public CsvSource Batch(CsvPieces pieces) => new(file, dialect, pieces, width, storage, FileName) { Whole = this };

    public CsvBytes File => file;

    public CsvDialect Dialect => dialect;

    public CsvPieces Pieces => pieces;

    public CsvStorage Storage => storage;

    /// <summary>How the numbers of each column are written besides their digits; null where there is nothing to it.</summary>
    public CsvNumberStyle?[] Styles { get; } = new CsvNumberStyle?[width];

    /// <summary>Number of fields of a row.</summary>
    public int Width => width;

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Findings => FoundInFile;

    /// <summary>The findings, completed while the file is read.</summary>
    public List<Finding> FoundInFile { get; } = [];

    public override string Sha256 => Whole?.Sha256 ?? (_sha256 ??= pieces.Sha256());

    /// <summary>Where the first row begins in the bytes of the first piece.</summary>
    public int FirstRowAt(ReadOnlyMemory<byte> bytes)
    {
        using var records = new CsvRecords(file.Store, dialect, FileName, width, pieces[0], bytes);
        return records.Read() ? (int)(records.Offset - pieces[0].Start) : bytes.Length;
    }

    /// <summary>Reads the rows of a piece whose bytes are in memory.</summary>
    /// <exception cref="ImputationDataException">One is not a row.</exception>
    public void ForEachRow(int piece, ReadOnlyMemory<byte> bytes, Action<CsvRecords> action, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        CsvPiece rows = pieces[piece];
        if (rows.RowCount == 0) return;
        using var records = new CsvRecords(file.Store, dialect, FileName, width, rows, bytes);
        int end = rows.FirstRow + rows.RowCount;
        while (records.Read())
        {
            if (records.Row == end) throw file.Store.Changed();     // since the rows were counted
            action(records);
        }
        if (records.Row + 1 != end) throw file.Store.Changed();
    }
}
