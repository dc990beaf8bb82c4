using Imputation.Files.Resuming;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>All imputations below one another in one file, as mice's <c>complete(imp, "long")</c> lays them out: the columns <c>.imp</c>,
/// the number of the imputation, and <c>.id</c>, the row (from 1), come before those of the table. Imputation 0 is the incomplete
/// table.</summary>
/// <remarks>
/// <para>With imputation 0, <c>mice::as.mids</c> reads the file as a mids object, and <c>split(long, long$.imp)</c> a list for
/// mitools. <see cref="LongImputations"/> splits such a table. It is a new file: numbers in the shortest text that reads back the
/// same, decimal points, NA where missing.</para>
/// <para>An instance is a file from which an interrupted run can be resumed, if the format allows it: it is written in the same
/// folder as NAME.partial with a manifest, NAME.partial.json, and renamed to NAME when complete.</para></remarks>
/// <example>
/// <code>
/// ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 20 }, new RunOptions { Seed = 7 });
/// using FileStream file = File.Create("imputed.csv");
/// StackedImputations.Write(file, set, new CsvFormat(), includeOriginal: true);
/// </code>
/// </example>
public sealed class StackedImputations : IImputationStore
{
    private readonly string _path;
    private readonly string _partial;
    private readonly ITableFormat _format;
    private readonly TableWriteOptions _options;
    private readonly bool _includeOriginal;
    private bool _isComplete;
    private readonly RunRecord _record; // the first is the header, with the incomplete table if requested

    /// <summary>Names a file; nothing is read or written yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Format of the file; one that can be continued.</param>
    /// <param name="settings">Everything that imputations depend on, by name: data, model, seed. A run is resumed only if all are the
    /// same. The number of imputations is not one of them.</param>
    /// <param name="options">Write options.</param>
    /// <param name="includeOriginal">Whether the incomplete table comes first, as imputation 0.</param>
    /// <exception cref="ArgumentException">A file of this format, or in this place, cannot be continued, see
    /// <see cref="CanResume"/>.</exception>
    public StackedImputations(string path, ITableFormat format, IReadOnlyDictionary<string, string> settings,
        TableWriteOptions? options = null, bool includeOriginal = false)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!CanResume(path, format))
            throw new ArgumentException($"'{path}' cannot be resumed as {format.Name}; write it to a stream, or as CSV to a file.",
                nameof(format));
        _path = path;
        _partial = path + ".partial";
        _format = format;
        _options = options ?? TableWriteOptions.Default;
        _includeOriginal = includeOriginal;
        _record = new RunRecord(path + ".partial.json", new Dictionary<string, string>(settings)
        {
            ["file format"] = format.Name,
            ["imputation 0"] = includeOriginal ? "yes" : "no",
        });
    }

    /// <summary>The file.</summary>
    public string Path => _path;

    /// <inheritdoc/>
    public int FinishedCount => Math.Max(0, _record.Finished.Count - 1);

    /// <inheritdoc/>
    public int KeptCount { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> FilesLeft => _isComplete ? [_path] : FinishedCount > 0 ? [_partial, _record.Path] : [];

    /// <summary>Where files are written to; null for the disk.</summary>
    internal Medium? Medium { get => _record.Medium; init => _record.Medium = value; }

    /// <summary>Whether a run that writes this file can be resumed: its format can be continued, and it is neither device nor
    /// named pipe.</summary>
    public static bool CanResume(string path, ITableFormat format)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(format);
        return format.CanContinue && !OutputPlace.Of(path).IsDevice;
    }

    /// <summary>Writes all imputations to a stream, one after the other, and leaves it open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="set">The imputations; one at a time is in memory, in addition to those being computed.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="options">Write options.</param>
    /// <param name="includeOriginal">Whether the incomplete table comes first, as imputation 0.</param>
    /// <param name="made">Called with the index (from 0) and the result of each imputation before it is written.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    /// <exception cref="ImputationDataException">The table has a column <c>.imp</c> or <c>.id</c> already; or a column of whole numbers
    /// has fractions in a later imputation and not in the first, if the format cannot store both.</exception>
    public static void Write(Stream stream, ImputationSet set, ITableFormat format, TableWriteOptions? options = null,
        bool includeOriginal = false, Action<int, ImputationResult>? made = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(format);
        CheckNames(set.Table);
        Append(stream, set, format, options ?? TableWriteOptions.Default, includeOriginal, first: 0, continues: false, made,
            partFinished: null, cancellation);
    }

    /// <summary>Writes imputations after those that are there.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="set">The imputations.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="options">Write options.</param>
    /// <param name="includeOriginal">Whether the incomplete table comes first.</param>
    /// <param name="first">Index of the first imputation that is not there (from 0).</param>
    /// <param name="continues">Whether the header, and the incomplete table if requested, are there.</param>
    /// <param name="made">Called with the index (from 0) and the result of each imputation before it is written.</param>
    /// <param name="partFinished">Called after the header and after each imputation.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    private static void Append(Stream stream, ImputationSet set, ITableFormat format, TableWriteOptions options, bool includeOriginal,
        int first, bool continues, Action<int, ImputationResult>? made, Action? partFinished, CancellationToken cancellation)
    {
        ITableAppender? tables = null;
        int index = first;
        foreach (ImputationResult done in set.InOrder(cancellation, first))
        {
            Table stacked = Stacked(index + 1, done.Table);
            if (tables is null)
            {
                // The kinds of numbers are those of a completed table: whole numbers may be filled with fractions.
                tables = format.Append(stream, stacked, options, continues);
                if (!continues && includeOriginal) tables.Append(Stacked(0, set.Table), cancellation);
                if (!continues) partFinished?.Invoke();
            }
            made?.Invoke(index, done);
            index++;
            tables.Append(stacked, cancellation);
            partFinished?.Invoke();
        }
        tables?.Finish();
    }

    /// <inheritdoc/>
    public void Resume()
    {
        _record.Finished.Clear();
        IReadOnlyList<FinishedImputation> earlier = _record.Earlier();
        if (!File.Exists(_partial)) return;
        using FileStream file = File.OpenRead(_partial);
        foreach (FinishedImputation part in earlier.OrderBy(f => f.Imputation))
        {
            if (part.Imputation != _record.Finished.Count || !part.Is(file)) break;
            _record.Finished.Add(part);
        }
    }

    /// <inheritdoc/>
    public void Write(ImputationSet set, Action<int, ImputationResult>? made = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        CheckNames(set.Table);
        _record.Finished.RemoveAll(f => f.Imputation > set.Count);
        KeptCount = FinishedCount;
        _isComplete = false;
        try
        {
            WritePartial(set, made, cancellation);
            cancellation.ThrowIfCancellationRequested();
            OutputPlace place = OutputPlace.Of(_path);
            place.GiveAttributesTo(_partial);
            File.Move(_partial, place.Target, overwrite: true);
            _isComplete = true;
            _record.Delete();
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not OutputException)
        {
            throw OutputException.From(e, _partial);
        }
    }

    private void WritePartial(ImputationSet set, Action<int, ImputationResult>? made, CancellationToken cancellation)
    {
        // Not shared: two runs at a time would mix.
        var file = new FileStream(_partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        try
        {
            using (file)
            {
                file.SetLength(FinishedLength);
                file.Seek(0, SeekOrigin.End);
                _record.Save();
                var output = new OutputStream(Medium?.Invoke(file) ?? file, _partial);
                output.Let(stream =>
                {
                    using var hashed = new HashedStream(stream);
                    Append(hashed, set, _format, _options, _includeOriginal, FinishedCount, continues: _record.Finished.Count > 0, made,
                        () => Finish(hashed), cancellation);
                });
                file.Flush(flushToDisk: true);
            }
        }
        catch
        {
            LeaveFinished();
            throw;
        }
    }

    private long FinishedLength => _record.Finished.Sum(f => f.Bytes);

    /// <summary>Cuts off what is unfinished; without a finished imputation there is nothing to resume from.</summary>
    private void LeaveFinished()
    {
        try
        {
            if (FinishedCount == 0)
            {
                File.Delete(_partial);
                _record.Delete();
                return;
            }
            using FileStream file = File.OpenWrite(_partial);
            file.SetLength(FinishedLength);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A resumed run cuts it off itself.
        }
    }

    private void Finish(HashedStream hashed)
    {
        hashed.Flush();
        _record.Finished.Add(new FinishedImputation(_record.Finished.Count, System.IO.Path.GetFileName(_partial), hashed.Count,
            hashed.Sha256()));
        _record.Save();
    }

    /// <summary>The table with the added columns.</summary>
    private static Table Stacked(int imputation, Table table)
    {
        var numbers = new double[table.RowCount];
        Array.Fill(numbers, imputation);
        double[] rows = [.. Enumerable.Range(1, table.RowCount).Select(row => (double)row)];
        return new Table([
            NumericColumn.Create(LongImputations.Imp, ColumnKind.Integer, numbers),
            NumericColumn.Create(LongImputations.Id, ColumnKind.Integer, rows),
            .. table.Columns,
        ]);
    }

    private static void CheckNames(Table table)
    {
        foreach (string name in (string[])[LongImputations.Imp, LongImputations.Id])
            if (table.TryGetColumn(name, out _))
                throw new ImputationDataException($"Column '{name}' has the name of a column that stacked imputations add; rename it, or "
                    + "write one file per imputation.", name);
    }
}
