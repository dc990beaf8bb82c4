using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>A file that is written completely or not at all: it is written in the same folder under a hidden name and renamed
/// when complete.</summary>
/// <remarks>An existing file keeps its permissions and is untouched until <see cref="Commit"/>; it may be one that is still being
/// read. A replacement is flushed to disk before it takes the place of an existing file; a new file is flushed by the system in its
/// own time, as with other programs. Where it is a symbolic link, the file that it points to is replaced. Devices such as /dev/stdout
/// are written to at <see cref="Commit"/>.</remarks>
public sealed class AtomicFile : IDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private readonly bool _isDevice;
    private readonly bool _replaces;
    private readonly FileStream _file;
    private State _state;

    private AtomicFile(string path, string target, string temporary, bool isDevice, bool replaces, FileStream file)
    {
        Path = path;
        _target = target;
        _temporary = temporary;
        _isDevice = isDevice;
        _replaces = replaces;
        _file = file;
        Stream = new OutputStream(file, path);
    }

    private enum State
    {
        Open,
        Complete,
        Committed,
        Abandoned,
    }

    /// <summary>Path of the file, as given.</summary>
    public string Path { get; }

    /// <summary>Write here; not seekable. Its errors are <see cref="OutputException"/>s.</summary>
    public Stream Stream { get; }

    /// <summary>Opens a file for writing.</summary>
    /// <exception cref="OutputException">It cannot be written there: no such folder, no permission, a folder of that name.</exception>
    public static AtomicFile Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string? temporary = null;
        try
        {
            string full = System.IO.Path.GetFullPath(path);
            bool isDevice = !OperatingSystem.IsWindows() && full.StartsWith("/dev/", StringComparison.Ordinal)
                && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
            string target = isDevice ? full : Resolve(full);
            if (Directory.Exists(target))
                throw new OutputException($"'{path}' is a folder; name a file in it.", path);
            string folder = isDevice ? System.IO.Path.GetTempPath() : System.IO.Path.GetDirectoryName(target)!;
            if (!Directory.Exists(folder))
                throw new OutputException($"'{path}' cannot be written: the folder '{folder}' does not exist; create it first.", path);

            // Renaming would replace even a write-protected file; opening it for writing checks this and changes nothing.
            bool exists = !isDevice && File.Exists(target);
            if (exists) new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();

            temporary = System.IO.Path.Combine(folder, $".impute-{System.IO.Path.GetRandomFileName()}.tmp");
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            try
            {
                if (exists && !OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
                if (OperatingSystem.IsWindows()) File.SetAttributes(temporary, FileAttributes.Hidden);
            }
            catch
            {
                file.Dispose();
                File.Delete(temporary);
                throw;
            }
            return new AtomicFile(path, target, temporary, isDevice, exists, file);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not OutputException)
        {
            throw OutputException.From(e, path);
        }
    }

    /// <summary>Renames the file to its final name.</summary>
    /// <exception cref="OutputException">It cannot be completed or renamed; nothing of it appears.</exception>
    public void Commit() => CommitAll([this]);

    /// <summary>Completes all files, then puts them in their places one after the other, so that only a failure to rename can leave some
    /// there and some not.</summary>
    /// <exception cref="OutputException">A file cannot be completed, or two are the same, and none is in its place;
    /// or one cannot be renamed, and the message names those already there.</exception>
    public static void CommitAll(IReadOnlyCollection<AtomicFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (IGrouping<string, AtomicFile> same in files.Where(f => !f._isDevice).GroupBy(f => f._target))
            if (same.Skip(1).FirstOrDefault() is { } second)
                throw new OutputException($"Two outputs have the same file name, '{second.Path}'; give each its own file.", second.Path);
        foreach (AtomicFile file in files) file.Complete();
        var done = new List<string>();
        foreach (AtomicFile file in files)
        {
            try
            {
                file.Place();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                OutputException why = OutputException.From(e, file.Path);
                throw done.Count == 0 ? why : new OutputException($"{why.Message} Already written: {string.Join(", ", done)}.",
                    file.Path, e);
            }
            done.Add(file.Path);
        }
    }

    /// <summary>Deletes the temporary file, unless it was committed.</summary>
    public void Dispose()
    {
        if (_state is State.Committed or State.Abandoned) return;
        _state = State.Abandoned;
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // The disk is still full at the last flush; the file is deleted anyway.
        }
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder no longer exists or is not accessible; nothing more can be done.
        }
    }

    private void Complete()
    {
        ObjectDisposedException.ThrowIf(_state == State.Abandoned, this);
        if (_state != State.Open) throw new InvalidOperationException($"'{Path}' was committed before.");
        try
        {
            _file.Flush(flushToDisk: _replaces);
            _file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OutputException.From(e, Path);
        }
        _state = State.Complete;
    }

    private void Place()
    {
        if (_isDevice)
        {
            using (FileStream device = new(_target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            using (FileStream written = new(_temporary, FileMode.Open, FileAccess.Read))
                written.CopyTo(device);
            File.Delete(_temporary);
        }
        else
        {
            if (OperatingSystem.IsWindows()) File.SetAttributes(_temporary, FileAttributes.Normal);
            File.Move(_temporary, _target, overwrite: true);
        }
        _state = State.Committed;
    }

    /// <summary>The final target of a symbolic link, whether it exists or not; any other path unchanged.</summary>
    private static string Resolve(string full) =>
        new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
}
