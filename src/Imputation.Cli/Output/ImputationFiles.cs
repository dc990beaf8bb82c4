using System.Globalization;
using Imputation.Files;

namespace Imputation.Cli.Output;

/// <summary>One file for each imputation: each appears whole when it is finished, and a manifest beside them says which are.</summary>
internal sealed class ImputationFiles
{
    private readonly string _folder;
    private readonly string _manifest;
    private readonly string _stem;
    private readonly string _extension;
    private readonly string _digits;
    private readonly Dictionary<string, string> _settings;
    private readonly List<FinishedImputation> _finished = [];
    private readonly Lock _gate = new();

    /// <param name="folder">Where they go; made if it is not there.</param>
    /// <param name="input">The input, whose name they begin with.</param>
    /// <param name="extension">What they end in.</param>
    /// <param name="count">Number of imputations.</param>
    /// <param name="settings">What they depend on.</param>
    public ImputationFiles(string folder, string input, string extension, int count, Dictionary<string, string> settings)
    {
        _stem = input == "-" ? "imputed" : Path.GetFileNameWithoutExtension(input);
        _extension = extension;
        _digits = "D" + Math.Max(2, count.ToString(CultureInfo.InvariantCulture).Length);
        _folder = folder;
        _settings = settings;
        _manifest = Path.Combine(folder, $"{_stem}.imputations.json");
    }

    /// <summary>Number of imputations that are finished.</summary>
    public int FinishedCount => _finished.Count;

    /// <summary>The first and the last file, for the summary.</summary>
    public string Described(int count) => Path.Combine(_folder, Name(1)) + (count == 1 ? "" : $" to {Name(count)}");

    /// <summary>Files in the folder that are named like imputations of this table and are none of this run's, in the order of their
    /// names.</summary>
    /// <remarks>Who analyses all files of that name would mix runs. They are the user's, and stay.</remarks>
    public string[] Strangers(int count)
    {
        HashSet<string> own = [.. Enumerable.Range(1, count).Select(Name)];
        return [.. Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file)!).Where(file => !own.Contains(file)
            && IsImputation(file)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Makes the folder, and takes over what a run before has finished, if that is wanted. Returns which are still to be made
    /// (from 0).</summary>
    /// <exception cref="UsageException">It was another run.</exception>
    /// <exception cref="OutputException">The folder cannot be made or written to.</exception>
    public int[] Begin(int count, bool resume)
    {
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The folder '{_folder}' cannot be made: {e.Message}", _folder, e);
        }
        if (resume && ImputationManifest.Read(_manifest) is { } before)
        {
            if (before.Difference(_settings) is { } difference)
                throw new UsageException($"--resume: '{_manifest}' is of another run: {difference}. Give the same options and data, or "
                    + "leave out --resume to begin anew.");
            _finished.AddRange(before.Finished.DistinctBy(f => f.Imputation).Where(f => f.Imputation >= 1 && f.Imputation <= count
                && IsImputation(f.File) && IsThere(f)).Select(Renamed));
        }
        Record();
        return [.. Enumerable.Range(0, count).Where(k => _finished.All(f => f.Imputation != k + 1))];
    }

    /// <summary>Writes an imputation; may be called on several threads at once.</summary>
    public void Write(int index, ImputationResult done, ITableFormat format, TableWriteOptions options, CancellationToken cancellation)
    {
        string name = Name(index + 1);
        using AtomicFile file = AtomicFile.Create(Path.Combine(_folder, name));
        using var hashed = new HashedStream(file.Stream);
        format.Write(hashed, done.Table, options, cancellation);
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            file.Commit();
            _finished.Add(new FinishedImputation(index + 1, name, hashed.Count, hashed.Sha256()));
            Record();
        }
    }

    private string Name(int imputation) => $"{_stem}.imp{imputation.ToString(_digits, CultureInfo.InvariantCulture)}{_extension}";

    private bool IsImputation(string file) =>
        file.StartsWith($"{_stem}.imp", StringComparison.Ordinal) && file.EndsWith(_extension, StringComparison.Ordinal)
        && file.Length > _stem.Length + 4 + _extension.Length && file.AsSpan(_stem.Length + 4, file.Length - _stem.Length - 4
            - _extension.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>An imputation under the name that it has in this run: of more of them the numbers have more digits.</summary>
    private FinishedImputation Renamed(FinishedImputation finished)
    {
        string name = Name(finished.Imputation);
        if (finished.File == name) return finished;
        File.Move(Path.Combine(_folder, finished.File), Path.Combine(_folder, name), overwrite: true);
        return finished with { File = name };
    }

    private void Record() => new ImputationManifest(_settings, _finished).Write(_manifest);

    private bool IsThere(FinishedImputation finished)
    {
        string path = Path.Combine(_folder, finished.File);
        if (!File.Exists(path) || new FileInfo(path).Length != finished.Bytes) return false;
        using FileStream file = File.OpenRead(path);
        return finished.Is(file);
    }
}
