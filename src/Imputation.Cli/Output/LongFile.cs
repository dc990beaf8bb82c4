using Imputation.Files;

namespace Imputation.Cli.Output;

/// <summary>All imputations in one CSV file, written beside its place under a name of its own and renamed when it is whole; a manifest says
/// how far it has come.</summary>
internal sealed class LongFile
{
    private readonly string _path;
    private readonly string _partial;
    private readonly string _manifest;
    private readonly Dictionary<string, string> _settings;
    private readonly List<FinishedImputation> _finished = []; // the first is the header, with the incomplete table where it is wanted

    public LongFile(string path, Dictionary<string, string> settings)
    {
        _path = path;
        _partial = path + ".partial";
        _manifest = path + ".partial.json";
        _settings = settings;
    }

    /// <summary>Number of imputations that are finished.</summary>
    public int FinishedCount => Math.Max(0, _finished.Count - 1);

    /// <summary>Takes over what a run before has finished, if that is wanted. Returns how many imputations that is.</summary>
    /// <exception cref="UsageException">It was another run.</exception>
    public int Begin(int count, bool resume)
    {
        if (!resume || ImputationManifest.Read(_manifest) is not { } before || !File.Exists(_partial)) return 0;
        if (before.Difference(_settings) is { } difference)
            throw new UsageException($"--resume: '{_manifest}' is of another run: {difference}. Give the same options and data, or leave "
                + "out --resume to begin anew.");
        using FileStream file = File.OpenRead(_partial);
        foreach (FinishedImputation piece in before.Finished.OrderBy(f => f.Imputation))
        {
            if (piece.Imputation != _finished.Count || piece.Imputation > count || !piece.Is(file)) break;
            _finished.Add(piece);
        }
        return FinishedCount;
    }

    /// <summary>Writes what is not there yet, and puts the file in its place.</summary>
    /// <param name="set">The imputations.</param>
    /// <param name="original">Whether the incomplete table comes first.</param>
    /// <param name="options">How to write.</param>
    /// <param name="done">Told of each that is made.</param>
    /// <param name="cancellation">Stops the writing; what is finished stays.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Write(ImputationSet set, bool original, TableWriteOptions options, Action<int, ImputationResult> done,
        CancellationToken cancellation)
    {
        try
        {
            // two runs at a time would mix
            using (var file = new FileStream(_partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None))
            {
                file.SetLength(_finished.Sum(f => f.Bytes));
                file.Seek(0, SeekOrigin.End);
                Record();
                using var hashed = new HashedStream(file);
                if (_finished.Count == 0)
                {
                    LongTable.WriteHeader(hashed, set.Table, options);
                    if (original) LongTable.WriteRows(hashed, 0, set.Table, options, cancellation);
                    Finish(file, hashed);
                }
                int index = FinishedCount;
                foreach (ImputationResult completion in set.InOrder(cancellation, index))
                {
                    LongTable.WriteRows(hashed, index + 1, completion.Table, options, cancellation);
                    done(index++, completion);
                    Finish(file, hashed);
                }
                file.Flush(flushToDisk: true);
            }
            cancellation.ThrowIfCancellationRequested();
            // which need not be there
            string target = new FileInfo(_path).LinkTarget is null ? _path : File.ResolveLinkTarget(_path,
                returnFinalTarget: true)!.FullName;
            if (File.Exists(target) && !OperatingSystem.IsWindows()) File.SetUnixFileMode(_partial, File.GetUnixFileMode(target));
            File.Move(_partial, target, overwrite: true);
            File.Delete(_manifest);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not OutputException)
        {
            throw OutputException.From(e, _partial);
        }
    }

    private void Finish(FileStream file, HashedStream hashed)
    {
        file.Flush();
        _finished.Add(new FinishedImputation(_finished.Count, Path.GetFileName(_partial), hashed.Count, hashed.Sha256()));
        Record();
    }

    private void Record() => new ImputationManifest(_settings, _finished).Write(_manifest);
}
