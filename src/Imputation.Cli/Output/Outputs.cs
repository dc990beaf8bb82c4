using Imputation.Cli.Exits;
using Imputation.Files;
using Imputation.Files.Streams;

namespace Imputation.Cli.Output;

/// <summary>A file that a run writes: its content and its path; - is standard output.</summary>
internal record OutputFile(string Role, string Path);

/// <summary>The files a run writes: checked before the work, written after it, put in their places together at the end.</summary>
internal sealed class Outputs : IDisposable
{
    /// <summary>Other names of standard output; it is open already, and what is written to it next must not overwrite the data.</summary>
    private static readonly string[] StandardOutput = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

    private readonly string[] _inputs;
    private readonly List<string> _written = [];
    private readonly List<Planned> _planned = [];
    private readonly Lock _gate = new();

    public Outputs(params string[] inputs)
    {
        _inputs = inputs;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose(); // a second Ctrl-C ends the process without unwinding
    }

    /// <summary>Whether a file of that name would be an input the next time, as one in a folder that is the input; null where none
    /// would.</summary>
    public Predicate<string>? IsReadNextTime { get; init; }

    /// <summary>Where files are written to; null for the disk.</summary>
    internal Medium? Medium { get; init; }

    /// <summary>Content and path of the written files, for the summary.</summary>
    public IEnumerable<OutputFile> Files => _planned;

    /// <summary>Whether one of the files is standard output.</summary>
    public bool OnStandardOutput => _planned.Any(output => output.Path == "-");

    /// <summary>Whether the file of an option is standard output.</summary>
    public bool IsOnStandardOutput(string option) => _planned.Any(output => output.Option == option && output.Path == "-");

    /// <summary>Plans a file; nothing where the option was not given.</summary>
    public void Plan(string option, string role, string? path)
    {
        if (path is null) return;
        if (path.Length == 0) throw new UsageException($"{option}: expected the name of a file, or - for standard output.");
        _planned.Add(new Planned(option, role, StandardOutput.Contains(path) ? "-" : path));
    }

    /// <summary>Finds errors that would occur only at the end: two files with the same path, an input overwritten, a path that cannot
    /// be written.</summary>
    /// <exception cref="UsageException">Two outputs are one file, or an output is an input.</exception>
    /// <exception cref="OutputException">A file cannot be written.</exception>
    public void Check()
    {
        foreach (Planned output in _planned)
        {
            if (_planned.Find(other => other != output && SamePlace(other.Path, output.Path)) is { } twin)
                throw new UsageException($"{output.Option} and {twin.Option} both write to "
                    + $"{(output.Path == "-" ? "standard output" : $"'{output.Path}'")}; give each its own file.");
            if (output.Path != "-" && _inputs.Any(input => input != "-" && SamePlace(input, output.Path)))
                throw new UsageException($"{output.Option} '{output.Path}' is an input and would be overwritten. Name another file.");
            if (output.Path != "-" && IsReadNextTime?.Invoke(output.Path) == true) throw ReadNextTime(output.Option, output.Path);
        }
        foreach (Planned output in _planned.Where(output => output.Path != "-"))
            AtomicFile.Create(output.Path).Dispose();
    }

    /// <summary>Says that a file would be read by the next run.</summary>
    public static UsageException ReadNextTime(string option, string path) => new($"{option} '{path}' would be one of the files of the "
        + "input the next time, and its rows would be taken for more. Write it elsewhere.");

    /// <summary>Sets the content of a planned file; nothing is written yet.</summary>
    public void Fill(string option, Action<Stream> write)
    {
        if (_planned.Find(output => output.Option == option) is { } output) output.Write = write;
    }

    /// <summary>Takes a planned file out again, which was checked and is written by other means.</summary>
    public void Forget(string option) => _planned.RemoveAll(output => output.Option == option);

    /// <summary>Writes every file beside its place, then devices, pipes and standard output, where nothing can be taken back, then moves
    /// all into place.</summary>
    /// <exception cref="OutputException">A file cannot be written; the message names those that are.</exception>
    public void Commit(CancellationToken cancellation)
    {
        foreach (Planned output in _planned.Where(output => output.Path != "-"))
        {
            cancellation.ThrowIfCancellationRequested();
            lock (_gate) output.File = AtomicFile.Create(output.Path, Medium);
            if (!output.File.IsDevice) output.File.Let(output.Write!);
        }
        foreach (Planned output in _planned.OrderBy(output => output.Path == "-"))
        {
            if (output.File is { IsDevice: false }) continue;
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (output.File is { } device) device.Let(output.Write!);
                else WriteToStandardOutput(output.Write!);
            }
            catch (Exception e) when (_written.Count > 0)
            {
                throw WithWritten(e);
            }
            _written.Add(output.Path);
        }
        lock (_gate) AtomicFile.CommitAll([.. _planned.Select(output => output.File).OfType<AtomicFile>()], _written);
        _written.Clear();
        _written.AddRange(_planned.Select(output => output.Path));
    }

    /// <summary>A failure, with the names of the files that are written and stay.</summary>
    public Exception WithWritten(Exception failure) =>
        _written.Count == 0 ? failure : new LeftBehindException(failure, AtomicFile.AlreadyWritten(_written));

    private void WriteToStandardOutput(Action<Stream> write)
    {
        using Stream stream = Console.OpenStandardOutput();
        new OutputStream(Medium?.Invoke(stream) ?? stream, "-").Let(write);
    }

    /// <summary>Deletes unfinished files.</summary>
    public void Dispose()
    {
        lock (_gate)
            foreach (Planned output in _planned) output.File?.Dispose();
    }

    private static bool SamePlace(string a, string b) => a == b || (a != "-" && b != "-" && Place(a) == Place(b));

    /// <summary>The file that a name leads to, through links.</summary>
    private static string Place(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full;
        }
    }

    private sealed record Planned(string Option, string Role, string Path) : OutputFile(Role, Path)
    {
        public Action<Stream>? Write { get; set; }

        public AtomicFile? File { get; set; }
    }
}
