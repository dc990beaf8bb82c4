using Imputation.Data;

namespace Imputation.Files.Csv;

/// <summary>Reads a CSV file into a table that remembers the file.</summary>
internal static class CsvTableReader
{
    public static Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation)
    {
        CsvBytes file = CsvBytes.Load(stream, name, options.Encoding, cancellation);
        CsvDialect dialect = CsvDialectDetector.Detect(file, options);
        var source = new CsvSource(file, dialect, name);
        Column?[] columns = ReadNumbers(source, options, name, out CsvColumnReader[] readers, cancellation);
        if (columns.Contains(null)) ReadTexts(source, columns, readers, cancellation);
        return source.Table(columns!);
    }

    /// <summary>Reads every column as numbers; those that are text come back as null.</summary>
    private static Column?[] ReadNumbers(CsvSource source, TableReadOptions options, string name, out CsvColumnReader[] readers, CancellationToken cancellation)
    {
        using CsvRecords records = source.Records();
        string[] names = CsvHeader.Read(records, source.Dialect, name);
        foreach (string column in options.MissingByColumn.Keys)
            if (!names.Contains(column))
                throw new ArgumentException($"No column '{column}' in {name}; it has {string.Join(", ", names.Take(12).Select(n => $"'{n}'"))}{(names.Length > 12 ? $" and {names.Length - 12} more" : "")}.", nameof(options));

        int capacity = LikelyRowCount(source.File.Bytes.AsSpan(records.Offset), names.Length);
        readers = [.. names.Select(n => new CsvColumnReader(n, new MissingMatcher(options, n, source.Dialect.Text), source.Dialect, capacity))];
        while (records.Read())
        {
            if ((records.Row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            for (int j = 0; j < readers.Length; j++) readers[j].Add(records.Reader, j);
        }
        if (records.Row < 0)
            throw new ImputationDataException($"{name}: a header with {names.Length} {(names.Length == 1 ? "column" : "columns")} and no rows below it; there is nothing to read.");
        return [.. readers.Select(r => r.Finish(options))];
    }

    /// <summary>The number of lines below the header: exact in most files, so that no array has to grow or shrink.
    /// No row has less than a byte per cell, so this asks for no more memory than 9 times the file, whatever the file holds.</summary>
    private static int LikelyRowCount(ReadOnlySpan<byte> fromHeader, int width)
    {
        byte newline = fromHeader.Contains((byte)'\n') ? (byte)'\n' : (byte)'\r';
        int lines = fromHeader.Count(newline) - (fromHeader[^1] == newline ? 1 : 0);
        return Math.Max(1, Math.Min(lines, fromHeader.Length / width));
    }

    /// <summary>Reads the columns that are text again, as text.</summary>
    private static void ReadTexts(CsvSource source, Column?[] columns, CsvColumnReader[] readers, CancellationToken cancellation)
    {
        int[] indices = [.. Enumerable.Range(0, columns.Length).Where(j => columns[j] is null)];
        CsvTextReader[] texts = [.. indices.Select(j => new CsvTextReader(readers[j].Name, readers[j].Missing, source.Dialect))];
        using CsvRecords records = source.Records();
        while (records.Read())
        {
            if ((records.Row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            for (int k = 0; k < indices.Length; k++) texts[k].Add(records.Reader, indices[k]);
        }
        for (int k = 0; k < indices.Length; k++) columns[indices[k]] = texts[k].Finish();
    }
}
