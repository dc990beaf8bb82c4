using Imputation.Numerics.Threading;
using Imputation.Text;

namespace Imputation.Files.Csv;

/// <summary>Reads a CSV file into a table that remembers the file.</summary>
internal static class CsvTableReader
{
    public static Table Read(CsvBytes file, string name, TableReadOptions options, CancellationToken cancellation)
    {
        CsvContent content = CsvContent.Of(file, name, options, leastNames: 0, cancellation);
        Table table = Read(content, content.Source, like: null, out int needed, cancellation);
        if (needed <= content.Names.Length) return table;
        content = CsvContent.Of(file, name, options, needed, cancellation);
        return Read(content, content.Source, like: null, out _, cancellation);
    }

    /// <summary>Reads all rows, or a batch of them.</summary>
    /// <param name="content">The file.</param>
    /// <param name="source">Its source, or that of the batch.</param>
    /// <param name="like">The table of another batch: columns are numbers or text as there; null to find out.</param>
    /// <param name="needed">Number of columns up to the last that has a name or a value; where it is more than there are names, the table
    /// is to be read again.</param>
    /// <param name="cancellation">Cancels.</param>
    public static Table Read(CsvContent content, CsvSource source, Table? like, out int needed, CancellationToken cancellation)
    {
        string[] names = content.Names;
        TableReadOptions options = content.Options;
        bool first = like is null;
        like ??= options.Like;
        if (like is not null)
            options = options with
            {
                NumericColumns = [.. like.Columns.OfType<NumericColumn>().Select(c => c.Name)],
                NumbersAreGiven = true,
            };
        CsvColumnResult[] results = ReadNumbers(source, names, content.Missing, options, out needed, out int delimited, cancellation);
        for (int j = 0; j < results.Length; j++)
            if (like is not null && like.TryGetColumn(names[j], out Column? there)) results[j] = AsThere(results[j], there, like.Source);
        Refuse([.. results.Select(r => r.Problem).OfType<CsvColumnProblem>()], results, source, options);
        Column?[] columns = [.. results.Select(r => r.Column)];
        for (int j = 0; j < columns.Length; j++) source.Styles[j] = results[j].Style;
        ReadTexts(source, names, content.Missing, columns, cancellation);
        if (!first) return source.Table(columns!); // what was found was said of the first batch
        if (delimited > 0)
            source.FoundInFile.Add(new Finding(FindingSeverity.Note, "trailing-delimiters",
                $"{TextFormat.Count(delimited, "row ends", "rows end")} in more delimiters than the header has columns, with nothing "
                    + "between them: passed over, and kept in the output.", []));
        if (content.BlankCount > 0)
            source.FoundInFile.Add(new Finding(FindingSeverity.Note, "blank-rows",
                $"{TextFormat.Count(content.BlankCount, "row is", "rows are")} blank, with no value in any column: "
                    + $"{(content.BlankCount == 1 ? "it is" : "they are")} not counted as {(content.BlankCount == 1 ? "a row" : "rows")}, "
                    + $"and {(content.BlankCount == 1 ? "stays" : "stay")} blank in the output.", []));
        return source.Table(columns!);
    }

    /// <summary>A column as it is in another batch: text there is text here, whatever it looks like; numbers are written as there, and
    /// whole as there where none is observed here.</summary>
    private static CsvColumnResult AsThere(CsvColumnResult result, Column there, TableSource? source)
    {
        if (there is not NumericColumn) return CsvColumnResult.Text;
        if (result.Column is { } empty && empty.MissingCount == empty.Count && empty.Kind != there.Kind)
            result = result with { Column = NumericColumn.Create(empty.Name, there.Kind, empty.Values.ToArray(), empty.Mask) };
        if (result.Style is not null || source is not CsvSource { Styles: var styles }) return result;
        return result with { Style = styles[((CsvSource)source).Columns.ToList().IndexOf(there)] };
    }

    /// <summary>Refuses columns that mix numbers and texts, all at once; for a lenient reader they become findings, and text.</summary>
    private static void Refuse(CsvColumnProblem[] problems, CsvColumnResult[] results, CsvSource source, TableReadOptions options)
    {
        source.FoundInFile.AddRange(results.Select(r => r.Finding).OfType<Finding>().GroupBy(f => (f.Code, f.Severity, f.Advice))
            .Select(alike => alike.Count() == 1 ? alike.First() : alike.First() with
            {
                Sentence = $"{alike.First().Sentence} Likewise {TextFormat.Names(alike.Skip(1).SelectMany(f => f.Columns))}.",
                Columns = [.. alike.SelectMany(f => f.Columns)],
            }));
        if (problems.Length == 0) return;
        ImputationDataException refusal = CsvColumnProblem.Refusal(problems, text => results.Any(r => r.Column is null && r.Problem is null
            && (r.Texts?.Contains(text, source.Dialect.Text) ?? false)));
        if (!options.Lenient) throw refusal;
        source.FoundInFile.Insert(0, new Finding(FindingSeverity.Problem, "mixed-columns", refusal.Message,
            [.. problems.Select(p => p.Column)],
            "Until then the other commands refuse this file; here the "
                + $"{(problems.Length == 1 ? "column is" : "columns are")} taken as text."));
    }

    /// <summary>Reads every column as numbers; those that are text have to be read again.</summary>
    /// <param name="source">The file.</param>
    /// <param name="names">The names.</param>
    /// <param name="missing">The marks for missing of each column.</param>
    /// <param name="options">Read options.</param>
    /// <param name="needed">Number of columns up to the last that has a name or a value.</param>
    /// <param name="delimited">Number of rows that end in delimiters.</param>
    /// <param name="cancellation">Cancels.</param>
    private static CsvColumnResult[] ReadNumbers(CsvSource source, string[] names, MissingMatcher[] missing, TableReadOptions options,
        out int needed, out int delimited, CancellationToken cancellation)
    {
        CsvColumnArrays[] arrays = [.. names.Select(n => new CsvColumnArrays(n, source.Pieces.RowCount, source.Pieces[0].RowsBefore))];
        CsvColumnReader[] Readers(int firstRow) => [.. arrays.Select((a, j) => new CsvColumnReader(a, missing[j], source.Dialect,
            firstRow))];

        CsvColumnReader[] all = Readers(0);
        bool overflowed = false;
        var seen = new (int Filled, int Delimited)[source.Pieces.Count];
        OrderedWork.Run(source.Pieces.Count, source.Storage.Threads,
            i => ReadPiece(source, i, Readers(source.Pieces[i].FirstRow), out seen[i], cancellation),
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
            for (int i = 0; i < source.Pieces.Count; i++) ReadPiece(source, i, all, out _, cancellation);
        }
        needed = Math.Max(names.Length, seen.Max(s => s.Filled));
        delimited = seen.Sum(s => s.Delimited);
        var results = new CsvColumnResult[names.Length];
        OrderedWork.Run(results.Length, source.Storage.Threads, j => all[j].Finish(options), (j, result) => results[j] = result,
            cancellation);
        return results;
    }

    /// <param name="source">The file.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="readers">A reader for each column.</param>
    /// <param name="seen">Number of columns up to the last unnamed one with a value, 0 where there is none, and number of rows that end in
    /// delimiters.</param>
    /// <param name="cancellation">Cancels.</param>
    private static CsvColumnReader[] ReadPiece(CsvSource source, int piece, CsvColumnReader[] readers,
        out (int Filled, int Delimited) seen, CancellationToken cancellation)
    {
        using var buffer = new PieceBuffer();
        int last = 0, delimited = 0;
        source.ForEachRow(piece, source.Pieces.Read(piece, buffer), records =>
        {
            if (records.EndsInDelimiters) delimited++;
            for (int j = 0; j < readers.Length; j++) readers[j].Add(records.Reader, j);
            for (int j = Math.Max(last, readers.Length); j < source.Width; j++)
                if (!records.Reader.GetSpan(j).Trim(" \t"u8).IsEmpty) last = j + 1;
        }, cancellation);
        seen = (last, delimited);
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
