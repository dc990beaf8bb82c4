using Imputation.Numerics.Threading;
using Imputation.Text;

namespace Imputation.Files.Csv;

/// <summary>Reads a CSV file into a table that remembers the file.</summary>
internal static class CsvTableReader
{
    public static Table Read(CsvBytes file, string name, TableReadOptions options, CancellationToken cancellation)
    {
        CsvContent content = CsvContent.Of(file, name, options, leastNames: 0, cancellation);
        CsvColumnReader[] readers = ReadNumbers(content, content.Source, out int needed, out int delimited, cancellation);
        if (needed > content.Names.Length)
        {
            content = CsvContent.Of(file, name, options, needed, cancellation);
            readers = ReadNumbers(content, content.Source, out _, out delimited, cancellation);
        }
        CsvColumnResult[] results = Finish(content, readers, delimited, cancellation);
        return Read(content, content.Source, results, cancellation);
    }

    /// <summary>What the columns are by all rows, which are gone through in batches: a table without rows. What was found in the file is
    /// with its source.</summary>
    /// <param name="content">The file.</param>
    /// <param name="batches">The sources of all batches.</param>
    /// <param name="needed">Number of columns up to the last that has a name or a value; where it is more than there are names, the file
    /// is to be opened again with as many.</param>
    /// <param name="cancellation">Cancels.</param>
    public static Table Kinds(CsvContent content, IEnumerable<CsvSource> batches, out int needed, CancellationToken cancellation)
    {
        CsvColumnReader[] all = [];
        (needed, int delimited) = (0, 0);
        foreach (CsvSource batch in batches)
        {
            CsvColumnReader[] readers = ReadNumbers(content, batch, out int filled, out int ends, cancellation);
            (needed, delimited) = (Math.Max(needed, filled), delimited + ends);
            if (all.Length == 0) all = readers;
            else for (int j = 0; j < all.Length; j++) all[j].Count(readers[j]);
        }
        CsvColumnResult[] results = Finish(content, all, delimited, cancellation);
        return content.Source.Table(results.Select((result, j) => result.Column is { } numbers
            ? NumericColumn.Create(numbers.Name, numbers.Kind, []) : (Column)TextColumn.Create(content.Names[j], [])));
    }

    /// <summary>Reads a batch.</summary>
    /// <param name="content">The file.</param>
    /// <param name="source">The source of the batch.</param>
    /// <param name="kinds">What <see cref="Kinds"/> gave.</param>
    /// <param name="cancellation">Cancels.</param>
    public static Table Read(CsvContent content, CsvSource source, Table kinds, CancellationToken cancellation)
    {
        CsvColumnReader[] readers = ReadNumbers(content, source, out _, out _, cancellation);
        TableReadOptions options = Like(content.Options, kinds);
        var results = new CsvColumnResult[readers.Length];
        OrderedWork.Run(results.Length, source.Storage.Threads, j => AsThere(readers[j].Finish(options, content.Source.Styles[j]),
            kinds.Columns[j], content.Source), (j, result) => results[j] = result, cancellation);
        return Read(content, source, results, cancellation);
    }

    private static Table Read(CsvContent content, CsvSource source, CsvColumnResult[] results, CancellationToken cancellation)
    {
        Column?[] columns = [.. results.Select(r => r.Column)];
        for (int j = 0; j < columns.Length; j++) source.Styles[j] = results[j].Style;
        ReadTexts(source, content.Names, content.Missing, columns, cancellation);
        return source.Table(columns!);
    }

    /// <summary>What each column is, with all its cells read; what was found in the file goes to its source.</summary>
    /// <exception cref="ImputationDataException">A column mixes numbers and texts.</exception>
    private static CsvColumnResult[] Finish(CsvContent content, CsvColumnReader[] readers, int delimited, CancellationToken cancellation)
    {
        CsvSource source = content.Source;
        Table? like = content.Options.Like;
        TableReadOptions options = like is null ? content.Options : Like(content.Options, like);
        var results = new CsvColumnResult[readers.Length];
        OrderedWork.Run(results.Length, source.Storage.Threads, j =>
        {
            CsvColumnResult result = readers[j].Finish(options);
            return like is not null && like.TryGetColumn(content.Names[j], out Column? there) ? AsThere(result, there, like.Source)
                : result;
        }, (j, result) => results[j] = result, cancellation);
        Refuse([.. results.Select(r => r.Problem).OfType<CsvColumnProblem>()], results, source, options);
        for (int j = 0; j < results.Length; j++) source.Styles[j] = results[j].Style;
        if (delimited > 0)
            source.FoundInFile.Add(new Finding(FindingSeverity.Note, "trailing-delimiters",
                $"{TextFormat.Count(delimited, "row ends", "rows end")} in more delimiters than the header has columns, with nothing "
                    + "between them: passed over, and kept in the output.", []));
        if (content.BlankCount > 0)
            source.FoundInFile.Add(new Finding(FindingSeverity.Note, "blank-rows",
                $"{TextFormat.Count(content.BlankCount, "row is", "rows are")} blank, with no value in any column: "
                    + $"{(content.BlankCount == 1 ? "it is" : "they are")} not counted as {(content.BlankCount == 1 ? "a row" : "rows")}, "
                    + $"and {(content.BlankCount == 1 ? "stays" : "stay")} blank in the output.", []));
        return results;
    }

    /// <summary>Read options by which columns are numbers where they are in another table, unless they may mix.</summary>
    private static TableReadOptions Like(TableReadOptions options, Table like) => options with
    {
        NumericColumns = [.. like.Columns.OfType<NumericColumn>().Select(c => c.Name).Where(name => !options.MayMix(name))],
        NumbersAreGiven = true,
    };

    /// <summary>A column as it is in other rows: text there is text here, whatever it looks like; numbers are written as there, whole
    /// where none is observed here, and not whole where there they are not.</summary>
    private static CsvColumnResult AsThere(CsvColumnResult result, Column there, TableSource? source)
    {
        if (there is not NumericColumn) return CsvColumnResult.Text;
        if (result.Column is { } here && here.Kind != there.Kind && (here.MissingCount == here.Count || there.Kind == ColumnKind.Number))
            result = result with { Column = NumericColumn.Create(here.Name, there.Kind, here.Values.ToArray(), here.Mask) };
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
    /// <param name="content">The file.</param>
    /// <param name="source">Its source, or that of a batch.</param>
    /// <param name="needed">Number of columns up to the last that has a name or a value.</param>
    /// <param name="delimited">Number of rows that end in delimiters.</param>
    /// <param name="cancellation">Cancels.</param>
    private static CsvColumnReader[] ReadNumbers(CsvContent content, CsvSource source, out int needed, out int delimited,
        CancellationToken cancellation)
    {
        (string[] names, MissingMatcher[] missing) = (content.Names, content.Missing);
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
        return all;
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
