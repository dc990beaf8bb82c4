namespace Imputation.Files.Csv;

/// <summary>A CSV file that was opened: how it is written, the names of its columns, and where its rows are.</summary>
/// <param name="Source">The source of a table of all rows.</param>
/// <param name="Names">Names of the columns.</param>
/// <param name="Missing">The marks for missing of each.</param>
/// <param name="BlankCount">Number of blank rows.</param>
/// <param name="Options">Read options for these columns.</param>
internal sealed record CsvContent(CsvSource Source, string[] Names, MissingMatcher[] Missing, int BlankCount, TableReadOptions Options)
{
    /// <summary>Opens a file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="options">Read options.</param>
    /// <param name="leastNames">Number of columns that have a name in any case.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">It has no rows, or no header that can be used.</exception>
    public static CsvContent Of(CsvBytes file, string name, TableReadOptions options, int leastNames, CancellationToken cancellation)
    {
        (CsvDialect dialect, IReadOnlyList<Finding> found) = CsvDialectDetector.Detect(file, options);
        using var records = new CsvRecords(file.Store, dialect, Path.GetFileName(name));
        CsvHeader header = CsvHeader.Read(records, dialect, name, leastNames, options.Lenient);
        records.GoToRows();
        CsvPieces pieces = CsvPieces.Of(file, dialect, records, options.Storage, cancellation);
        string[] names = header.Names;
        options = options.ForColumns(names, name);
        if (pieces.RowCount == 0)
            throw new ImputationDataException($"{name}: the header has {names.Length} {(names.Length == 1 ? "column" : "columns")}, but "
                + "no rows follow it; there is nothing to read.");
        var source = new CsvSource(file, dialect, pieces, records.Width, options.Storage, name);
        source.FoundInFile.AddRange([.. found, .. header.Findings]);
        return new CsvContent(source, names, [.. names.Select(n => new MissingMatcher(options, n, dialect.Text))], records.BlankCount,
            options);
    }
}
