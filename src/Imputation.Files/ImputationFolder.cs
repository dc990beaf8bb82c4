using System.Globalization;
using Imputation.Files.Resuming;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>A folder with one file for each imputation. Each file appears only when it is complete, and a manifest lists the complete
/// ones, so that an interrupted run can be resumed.</summary>
/// <remarks>The files are NAME.imp01.csv, NAME.imp02.csv and so on, the manifest NAME.imputations.json. With more imputations the numbers
/// have more digits; files of an earlier run are renamed then. Do not average the completed tables: analyse each, and pool the
/// estimates.</remarks>
/// <example>
/// <code>
/// ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 20 }, new RunOptions { Seed = 7 });
/// var folder = new ImputationFolder("imputed", "survey", new CsvFormat(), new Dictionary&lt;string, string&gt; { ["seed"] = "7" });
/// folder.Resume();   // keep what a run before has finished
/// folder.Write(set);
/// </code>
/// </example>
public sealed class ImputationFolder : IImputationStore
{
    private readonly string _path;
    private readonly string _name;
    private readonly string _extension;
    private readonly ITableFormat _format;
    private readonly TableWriteOptions _options;
    private readonly RunRecord _record;
    private readonly Lock _gate = new();
    private FinishedImputation[] _earlier = [];
    private int _count;

    /// <summary>Names the folder; nothing is read or written yet.</summary>
    /// <param name="path">The folder; <see cref="Write"/> creates it.</param>
    /// <param name="name">Beginning of the files' names.</param>
    /// <param name="format">Format of the files.</param>
    /// <param name="settings">Everything that imputations depend on, by name: data, model, seed. A run is resumed only where all are the
    /// same. The number of imputations is not one of them.</param>
    /// <param name="options">Write options.</param>
    /// <param name="extension">Ending of the files' names; by default the format's first extension.</param>
    public ImputationFolder(string path, string name, ITableFormat format, IReadOnlyDictionary<string, string> settings,
        TableWriteOptions? options = null, string? extension = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(settings);
        _path = path;
        _name = name;
        _format = format;
        _options = options ?? TableWriteOptions.Default;
        _extension = extension ?? format.Extensions[0];
        _record = new RunRecord(System.IO.Path.Combine(path, $"{name}.imputations.json"), settings);
    }

    /// <summary>The folder.</summary>
    public string Path => _path;

    /// <inheritdoc/>
    public int FinishedCount => _record.Finished.Count;

    /// <inheritdoc/>
    public int KeptCount { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> FilesLeft =>
    [
        .. FinishedCount > 0 ? [_record.Path] : (string[])[],
        .. _record.Finished.OrderBy(f => f.Imputation).Select(f => System.IO.Path.Combine(_path, f.File)),
    ];

    /// <summary>Where files are written to; null for the disk.</summary>
    internal Medium? Medium { get => _record.Medium; init => _record.Medium = value; }

    /// <summary>Names of the files of all imputations that the last <see cref="Write"/> was given, in order, without the folder.</summary>
    public IReadOnlyList<string> FileNames => [.. Enumerable.Range(1, _count).Select(FileName)];

    /// <summary>Names of other files in the folder that are named like imputations, in order; usually from an earlier run with more
    /// imputations.</summary>
    /// <remarks>An analysis of all files with such names would mix runs. They are not removed, since the user may need them.</remarks>
    public IReadOnlyList<string> FilesOfOtherRuns()
    {
        HashSet<string> own = [.. FileNames];
        return [.. Directory.EnumerateFiles(_path).Select(file => System.IO.Path.GetFileName(file)!)
            .Where(file => !own.Contains(file) && IsImputation(file)).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Resume() =>
        _earlier = [.. _record.Earlier().DistinctBy(f => f.Imputation).Where(f => f.Imputation >= 1 && IsImputation(f.File) && IsThere(f))];

    /// <inheritdoc/>
    public void Write(ImputationSet set, Action<int, ImputationResult>? made = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        bool isNew = !Directory.Exists(_path);
        Create(_path);
        try
        {
            WriteFiles(set, made, cancellation);
        }
        catch (Exception e)
        {
            if (FinishedCount == 0) LeaveNothing(isNew);
            if (e is (IOException or UnauthorizedAccessException) and not OutputException) throw OutputException.From(e, _path);
            throw;
        }
    }

    private void WriteFiles(ImputationSet set, Action<int, ImputationResult>? made, CancellationToken cancellation)
    {
        _count = set.Count;
        _record.Finished.Clear();
        _record.Finished.AddRange(_earlier.Where(f => f.Imputation <= _count).Select(Renamed));
        KeptCount = FinishedCount;
        _record.Save();
        HashSet<int> kept = [.. _record.Finished.Select(f => f.Imputation)];
        set.ForEach([.. Enumerable.Range(0, _count).Where(k => !kept.Contains(k + 1))], (k, done) =>
        {
            made?.Invoke(k, done);
            WriteFile(k + 1, done.Table, cancellation);
        }, cancellation);
    }

    /// <summary>Without a finished imputation there is nothing to resume from.</summary>
    private void LeaveNothing(bool removeFolder)
    {
        try
        {
            _record.Delete();
            if (removeFolder) Directory.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody has put something into the folder.
        }
    }

    private void WriteFile(int imputation, Table table, CancellationToken cancellation)
    {
        string name = FileName(imputation);
        using AtomicFile file = AtomicFile.Create(System.IO.Path.Combine(_path, name), Medium);
        FinishedImputation? finished = null;
        file.Let(stream =>
        {
            using var hashed = new HashedStream(stream);
            _format.Write(hashed, table, _options, cancellation);
            finished = new FinishedImputation(imputation, name, hashed.Count, hashed.Sha256());
        });
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            file.Commit();
            _record.Finished.Add(finished!);
            _record.Save();
        }
    }

    /// <summary>Creates a folder, if there is none.</summary>
    /// <exception cref="OutputException">It cannot be created.</exception>
    internal static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The folder '{path}' cannot be created: {e.Message}", path, e);
        }
    }

    /// <summary>The name of the file of an imputation.</summary>
    /// <param name="name">Beginning of the files' names.</param>
    /// <param name="imputation">Its number, from 1.</param>
    /// <param name="count">Number of imputations.</param>
    /// <param name="extension">Ending of the files' names.</param>
    internal static string NameOf(string name, int imputation, int count, string extension)
    {
        int digits = Math.Max(2, count.ToString(CultureInfo.InvariantCulture).Length);
        return $"{name}.imp{imputation.ToString($"D{digits}", CultureInfo.InvariantCulture)}{extension}";
    }

    private string FileName(int imputation) => NameOf(_name, imputation, _count, _extension);

    private bool IsImputation(string file) =>
        file.StartsWith($"{_name}.imp", StringComparison.Ordinal) && file.EndsWith(_extension, StringComparison.Ordinal)
        && file.Length > _name.Length + 4 + _extension.Length && file.AsSpan(_name.Length + 4, file.Length - _name.Length - 4
            - _extension.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>An imputation under the name that it has in this run.</summary>
    private FinishedImputation Renamed(FinishedImputation finished)
    {
        string name = FileName(finished.Imputation);
        if (finished.File == name) return finished;
        File.Move(System.IO.Path.Combine(_path, finished.File), System.IO.Path.Combine(_path, name), overwrite: true);
        return finished with { File = name };
    }

    private bool IsThere(FinishedImputation finished)
    {
        string path = System.IO.Path.Combine(_path, finished.File);
        if (!File.Exists(path) || new FileInfo(path).Length != finished.Bytes) return false;
        using FileStream file = File.OpenRead(path);
        return finished.Is(file);
    }
}
