using Imputation.Numerics.Threading;

namespace Imputation.Files.Csv;

/// <summary>Reads a CSV file into a table that remembers the file.</summary>
internal static class CsvTableReader
{
    public static Table Read(CsvBytes file, string name, TableReadOptions options, CancellationToken cancellation)
    {
        CsvDialect dialect = CsvDialectDetector.Detect(file, options);
        string[] names;
        CsvPieces pieces;
        using (var records = new CsvRecords(file.Store, dialect, Path.GetFileName(name)))
        {
            names = CsvHeader.Read(records, dialect, name);
            CheckNames(names, options, name);
            pieces = CsvPieces.Of(file, dialect, records, options.Storage, cancellation);
        }
        if (pieces.RowCount == 0)
            throw new ImputationDataException($"{name}: the header has {names.Length} {(names.Length == 1 ? "column" : "columns")}, but "
                + "no rows follow it; there is nothing to read.");

        var source = new CsvSource(file, dialect, pieces, names.Length, options.Storage, name);
        MissingMatcher[] missing = [.. names.Select(n => new MissingMatcher(options, n, dialect.Text))];
        Column?[] columns = ReadNumbers(source, names, missing, options, cancellation);
        ReadTexts(source, names, missing, columns, cancellation);
        return source.Table(columns!);
    }

    private static void CheckNames(string[] names, TableReadOptions options, string name)
    {
        foreach (string column in options.MissingByColumn.Keys)
            if (!names.Contains(column))
            {
                string more = names.Length > 12 ? $" and {names.Length - 12} more" : "";
                throw new ArgumentException(
                    $"No column '{column}' in {name}; it has {string.Join(", ", names.Take(12).Select(n => $"'{n}'"))}{more}.",
                    nameof(options));
            }
    }

    /// <summary>Reads every column as numbers; those that are text come back as null.</summary>
    private static Column?[] ReadNumbers(CsvSource source, string[] names, MissingMatcher[] missing, TableReadOptions options,
        CancellationToken cancellation)
    {
        CsvColumnArrays[] arrays = [.. names.Select(n => new CsvColumnArrays(n, source.Pieces.RowCount))];
        CsvColumnReader[] Readers(int firstRow) => [.. arrays.Select((a, j) => new CsvColumnReader(a, missing[j], source.Dialect,
            firstRow))];

        CsvColumnReader[] all = Readers(0);
        bool overflowed = false;
        OrderedWork.Run(source.Pieces.Count, source.Storage.Threads,
            i => ReadPiece(source, i, Readers(source.Pieces[i].FirstRow), cancellation),
            (_, readers) =>
            {
                for (int j = 0; j < all.Length; j++)
                {
                    overflowed |= readers[j].Overflowed;
                    all[j].Append(readers[j]);
                }
            },
            cancellation);
        if (overflowed)
        {
            // Which spellings share the last code is known only in one go.
            foreach (CsvColumnArrays column in arrays) Array.Clear(column.Codes);
            all = Readers(0);
            for (int i = 0; i < source.Pieces.Count; i++) ReadPiece(source, i, all, cancellation);
        }
        var columns = new Column?[names.Length];
        OrderedWork.Run(columns.Length, source.Storage.Threads, j => all[j].Finish(options), (j, column) => columns[j] = column,
            cancellation);
        return columns;
    }

    private static CsvColumnReader[] ReadPiece(CsvSource source, int piece, CsvColumnReader[] readers, CancellationToken cancellation)
    {
        using var buffer = new PieceBuffer();
        source.ForEachRow(piece, source.Pieces.Read(piece, buffer), records =>
        {
            for (int j = 0; j < readers.Length; j++) readers[j].Add(records.Reader, j);
        }, cancellation);
        return readers;
    }

    /// <summary>Reads the columns that are null again, as text.</summary>
    private static void ReadTexts(CsvSource source, string[] names, MissingMatcher[] missing, Column?[] columns,
        CancellationToken cancellation)
    {
        if (Array.TrueForAll(columns, column => column is not null)) return;
        int[] indices = [.. Enumerable.Range(0, columns.Length).Where(j => columns[j] is null)];
        CsvTextReader[] texts = [.. indices.Select(j => new CsvTextReader(names[j], missing[j], source.Dialect, source.Pieces.RowCount))];
        using var buffer = new PieceBuffer();
        for (int i = 0; i < source.Pieces.Count; i++)
            source.ForEachRow(i, source.Pieces.Read(i, buffer), records =>
            {
                for (int k = 0; k < indices.Length; k++) texts[k].Add(records.Reader, indices[k]);
            }, cancellation);
        for (int k = 0; k < indices.Length; k++) columns[indices[k]] = texts[k].Finish();
    }
}
