using System.Globalization;
using Imputation.Files;
using Imputation.Imputers;

namespace Imputation.Cli.Output;

/// <summary>One file for each imputation: each appears whole when it is finished, and a manifest beside them says which are.</summary>
internal sealed class ImputationFiles
{
    private readonly string _folder;
    private readonly string _manifest;
    private readonly Func<int, string> _name;
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
        string stem = input == "-" ? "imputed" : Path.GetFileNameWithoutExtension(input);
        string digits = "D" + Math.Max(2, count.ToString(CultureInfo.InvariantCulture).Length);
        _folder = folder;
        _settings = settings;
        _name = k => $"{stem}.imp{k.ToString(digits, CultureInfo.InvariantCulture)}{extension}";
        _manifest = Path.Combine(folder, $"{stem}.imputations.json");
    }

    /// <summary>Number of imputations that are finished.</summary>
    public int FinishedCount => _finished.Count;

    /// <summary>The first and the last file, for the summary.</summary>
    public string Described(int count) => Path.Combine(_folder, _name(1)) + (count == 1 ? "" : $" to {_name(count)}");

    /// <summary>Makes the folder, and takes over what a run before has finished, if that is wanted. Returns which are still to be made (from 0).</summary>
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
                throw new UsageException($"--resume: '{_manifest}' is of another run: {difference}. Give the same options and data, or leave out --resume to begin anew.");
            _finished.AddRange(before.Finished.Where(f => f.Imputation >= 1 && f.Imputation <= count && f.File == _name(f.Imputation) && IsThere(f)));
        }
        Record();
        return [.. Enumerable.Range(0, count).Where(k => _finished.All(f => f.Imputation != k + 1))];
    }

    /// <summary>Writes an imputation; may be called on several threads at once.</summary>
    public void Write(int index, Completion done, ITableFormat format, TableWriteOptions options, CancellationToken cancellation)
    {
        string name = _name(index + 1);
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

    private void Record() => new ImputationManifest(_settings, _finished).Write(_manifest);

    private bool IsThere(FinishedImputation finished)
    {
        string path = Path.Combine(_folder, finished.File);
        if (!File.Exists(path) || new FileInfo(path).Length != finished.Bytes) return false;
        using FileStream file = File.OpenRead(path);
        return finished.Is(file);
    }
}
