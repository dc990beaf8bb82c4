using Imputation.Files.Streams;

namespace Imputation.Files.Csv;

/// <summary>The rows of a CSV file in batches. The first decides which columns are numbers.</summary>
internal sealed class CsvRows : IFileRows
{
    /// <summary>How many times as large the first batch is, which decides: the others, of which there are many, are read one after the
    /// other in little memory.</summary>
    private const int PartOfFirst = 4;

    /// <summary>Rows of which a column's numbers are not a large object to the garbage collector, 85,000 bytes: large ones stay until it
    /// looks at all of the memory, and make a run take several times what it needs.</summary>
    private const int MostRows = 10_000;

    private readonly CsvContent _content;
    private readonly FileStream? _unzipped;
    private readonly Table _first;
    private readonly int _firstPieces;
    private readonly int _batchRows;

    private CsvRows(CsvContent content, string name, FileStream? unzipped, int batchRows, CancellationToken cancellation)
    {
        (Name, _content, _unzipped) = (name, content, unzipped);
        _firstPieces = PiecesFrom(0, batchRows);
        _batchRows = Math.Clamp(batchRows / PartOfFirst, 1, MostRows);
        // What was found in the file is said with the first batch.
        CsvSource source = _content.Source.Batch(_content.Source.Pieces.Slice(0, _firstPieces));
        source.FoundInFile.AddRange(_content.Source.FoundInFile);
        _first = Read(source, like: null, cancellation);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Read options.</param>
    /// <param name="batchCells">Number of cells of a batch, about.</param>
    /// <param name="temporary">Where a compressed file is unpacked.</param>
    /// <param name="cancellation">Cancels.</param>
    public static CsvRows Open(string path, TableReadOptions options, int batchCells, string temporary,
        CancellationToken cancellation) => InputFile.Read(path, stream =>
    {
        FileStream? unzipped = GzipFile.Is(stream) ? GzipFile.Unpack(stream, path, temporary, cancellation) : null;
        try
        {
            CsvBytes file = CsvBytes.Open(unzipped ?? stream, path, options, cancellation)
                ?? CsvBytes.Load(unzipped ?? stream, path, options, cancellation);
            CsvContent content = CsvContent.Of(file, path, options, leastNames: 0, cancellation);
            return new CsvRows(content, path, unzipped, Math.Max(1, batchCells / content.Names.Length), cancellation);
        }
        catch
        {
            unzipped?.Dispose();
            throw;
        }
    });

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long? RowCount => _content.Source.Pieces.RowCount;

    /// <inheritdoc/>
    public Table First => _first;

    /// <inheritdoc/>
    public IEnumerable<Table> Batches(CancellationToken cancellation = default)
    {
        yield return _first;
        CsvPieces pieces = _content.Source.Pieces;
        for (int i = _firstPieces; i < pieces.Count;)
        {
            int count = PiecesFrom(i, _batchRows);
            CsvPieces slice = pieces.Slice(i, count);
            if (slice.RowCount > 0) yield return Read(_content.Source.Batch(slice), _first, cancellation);
            i += count;
        }
    }

    /// <summary>An unpacked file is gone.</summary>
    public void Dispose() => _unzipped?.Dispose();

    private Table Read(CsvSource source, Table? like, CancellationToken cancellation)
    {
        Table batch = CsvTableReader.Read(_content, source, like, out int needed, cancellation);
        return needed <= _content.Names.Length ? batch
            : throw new ImputationDataException($"{Name}: a column without a name has values; name it in the header.");
    }

    /// <summary>How many pieces, from one on, make a batch.</summary>
    private int PiecesFrom(int first, int least)
    {
        CsvPieces pieces = _content.Source.Pieces;
        int count = 0, rows = 0;
        while (first + count < pieces.Count && rows < least) rows += pieces[first + count++].RowCount;
        return count;
    }
}
