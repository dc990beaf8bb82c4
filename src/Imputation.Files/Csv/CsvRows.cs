using Imputation.Files.Streams;

namespace Imputation.Files.Csv;

/// <summary>The rows of a CSV file in batches. What the columns are is decided by all rows, which are gone through once for that when the
/// file is opened: a table is the same in batches and in memory.</summary>
internal sealed class CsvRows : IFileRows
{
    /// <summary>How many times as large the first batch is, by which a model decides what columns mean: the others, of which there are
    /// many, are read one after the other in little memory.</summary>
    private const int PartOfFirst = 4;

    /// <summary>Rows of which a column's numbers are not a large object to the garbage collector, 85,000 bytes: large ones stay until it
    /// looks at all of the memory, and make a run take several times what it needs.</summary>
    private const int MostRows = 10_000;

    private readonly CsvContent _content;
    private readonly FileStream? _unzipped;
    private readonly Table _kinds, _first;
    private readonly int _firstPieces;
    private readonly int _batchRows;

    private CsvRows(CsvContent content, string name, FileStream? unzipped, int batchRows, out int needed, CancellationToken cancellation)
    {
        (Name, _content, _unzipped) = (name, content, unzipped);
        _batchRows = Math.Clamp(batchRows / PartOfFirst, 1, MostRows);
        _kinds = CsvTableReader.Kinds(_content, Slices(0, _batchRows), out needed, cancellation);
        CsvSource source = Slices(0, batchRows).First();
        _firstPieces = source.Pieces.Count;
        // What was found in the file is said with the first batch.
        source.FoundInFile.AddRange(_content.Source.FoundInFile);
        _first = CsvTableReader.Read(_content, source, _kinds, cancellation);
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
            CsvRows rows = Of(file, leastNames: 0, out int needed);
            return needed <= rows.First.Columns.Count ? rows : Of(file, needed, out _);
        }
        catch
        {
            unzipped?.Dispose();
            throw;
        }

        CsvRows Of(CsvBytes file, int leastNames, out int needed)
        {
            CsvContent content = CsvContent.Of(file, path, options, leastNames, cancellation);
            return new CsvRows(content, path, unzipped, Math.Max(1, batchCells / content.Names.Length), out needed, cancellation);
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
        foreach (CsvSource source in Slices(_firstPieces, _batchRows))
            yield return CsvTableReader.Read(_content, source, _kinds, cancellation);
    }

    /// <summary>An unpacked file is gone.</summary>
    public void Dispose() => _unzipped?.Dispose();

    /// <summary>The sources of batches of at least so many rows, from a piece on.</summary>
    private IEnumerable<CsvSource> Slices(int first, int rows)
    {
        CsvPieces pieces = _content.Source.Pieces;
        while (first < pieces.Count)
        {
            int count = 0, taken = 0;
            while (first + count < pieces.Count && taken < rows) taken += pieces[first + count++].RowCount;
            if (taken > 0) yield return _content.Source.Batch(pieces.Slice(first, count));
            first += count;
        }
    }
}
