using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>A file that is written completely or not at all: it is written in the same folder under a hidden name and renamed
/// when complete.</summary>
/// <remarks>
/// <para>An existing file is untouched until <see cref="Commit"/>; it may be one that is still being read. It keeps its permissions,
/// and its owner and group where the system permits that (the superuser may give files away, others may choose among their groups);
/// access control lists are those of a new file. A replacement is flushed to disk before it takes the place of an existing file; a new
/// file is flushed by the system in its own time, as with other programs. Where it is a symbolic link, the link stays and the file
/// that it points to is replaced.</para>
/// <para>Devices, named pipes and open file descriptors (/dev/fd/3) are written through, from the first byte on; there, what was
/// written before a failure cannot be taken back.</para>
/// <para>Hidden files that processes left which were killed are deleted when a later one writes in the same folder.</para></remarks>
public sealed class AtomicFile : IDisposable
{
    private readonly string _target;
    private readonly bool _replaces;
    private readonly FileStream? _temporary; // null for a device
    private readonly DeviceStream? _device;
    private readonly OutputStream _stream;
    private State _state;

    private AtomicFile(string path, string target, DeviceStream device, Medium? medium)
    {
        (Path, _target, _device) = (path, target, device);
        _stream = new OutputStream(medium?.Invoke(device) ?? device, path);
    }

    private AtomicFile(string path, string target, FileStream temporary, bool replaces, Medium? medium)
    {
        (Path, _target, _temporary, _replaces) = (path, target, temporary, replaces);
        _stream = new OutputStream(medium?.Invoke(temporary) ?? temporary, path);
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
    public Stream Stream => _stream;

    /// <summary>Whether it is written through and cannot be taken back: a device, a named pipe, an open file descriptor.</summary>
    internal bool IsDevice => _device is not null;

    /// <summary>Opens a file for writing.</summary>
    /// <exception cref="OutputException">It cannot be written there: no such folder, no permission, a folder of that name.</exception>
    public static AtomicFile Create(string path) => Create(path, medium: null);

    /// <summary>The same on a medium.</summary>
    internal static AtomicFile Create(string path, Medium? medium)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            OutputPlace place = OutputPlace.Of(path);
            if (Directory.Exists(place.Target)) throw new OutputException($"'{path}' is a folder; name a file in it.", path);
            bool exists = File.Exists(place.Target);
            if (place.IsDevice)
            {
                return exists ? new AtomicFile(path, place.Target, new DeviceStream(place.Target), medium)
                    : throw new OutputException($"'{path}' cannot be written: there is no such device.", path);
            }
            string folder = System.IO.Path.GetDirectoryName(place.Target)!;
            if (!Directory.Exists(folder))
                throw new OutputException($"'{path}' cannot be written: the folder '{folder}' does not exist; create it first.", path);

            // Renaming would replace even a write-protected file; opening it for writing checks this and changes nothing.
            if (exists) new FileStream(place.Target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();

            TemporaryFile.DeleteAbandoned(folder);
            return new AtomicFile(path, place.Target, Temporary(folder, place, exists), exists, medium);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not OutputException)
        {
            throw OutputException.From(e, path);
        }
    }

    /// <summary>Writes a file, completely or not at all. What fails for want of the file is an <see cref="OutputException"/>, whatever the
    /// writer makes of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes to the stream and leaves it open.</param>
    /// <param name="medium">Where it is written to; null for the disk.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    internal static void Write(string path, Action<Stream> write, Medium? medium = null)
    {
        using AtomicFile file = Create(path, medium);
        file.Let(write);
        file.Commit();
    }

    /// <summary>Lets a writer write to the stream, see <see cref="Write"/>.</summary>
    internal void Let(Action<Stream> write) => _stream.Let(write);

    /// <summary>Renames the file to its final name.</summary>
    /// <exception cref="OutputException">It cannot be completed or renamed; nothing of it appears.</exception>
    public void Commit() => CommitAll([this]);

    /// <summary>Completes all files, then puts them in their places one after the other, so that only a failure to rename can leave some
    /// there and some not.</summary>
    /// <exception cref="OutputException">A file cannot be completed, or two are the same, and none is in its place;
    /// or one cannot be renamed, and the message names those already there.</exception>
    public static void CommitAll(IReadOnlyCollection<AtomicFile> files) => CommitAll(files, []);

    /// <summary>The same after others, which a message names too.</summary>
    internal static void CommitAll(IReadOnlyCollection<AtomicFile> files, IEnumerable<string> before)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (IGrouping<string, AtomicFile> same in files.Where(f => !f.IsDevice).GroupBy(f => f._target))
            if (same.Skip(1).FirstOrDefault() is { } second)
                throw new OutputException($"Two outputs have the same file name, '{second.Path}'; give each its own file.", second.Path);
        List<string> done = [.. before];
        foreach (Action<AtomicFile> step in (Action<AtomicFile>[])[f => f.Complete(), f => f.Place()])
        {
            foreach (AtomicFile file in files)
            {
                try
                {
                    step(file);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    OutputException why = e as OutputException ?? OutputException.From(e, file.Path);
                    throw done.Count == 0 ? why : new OutputException($"{why.Message} {AlreadyWritten(done)}", file.Path, e);
                }
                if (file._state == State.Committed) done.Add(file.Path);
            }
        }
    }

    /// <summary>Names files that stay where they are after a failure.</summary>
    internal static string AlreadyWritten(IEnumerable<string> paths) =>
        $"Already written: {string.Join(", ", paths.Select(path => path == "-" ? "standard output" : path))}.";

    /// <summary>Deletes the temporary file, unless it was committed.</summary>
    public void Dispose()
    {
        if (_state is State.Committed or State.Abandoned) return;
        _state = State.Abandoned;
        try
        {
            _device?.Dispose();
            _temporary?.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is still full at the last flush; the file is deleted anyway.
        }
        if (_temporary is not null) Delete(_temporary.Name);
    }

    /// <summary>A new hidden file in the folder, with permissions and owner of the one that it will replace.</summary>
    private static FileStream Temporary(string folder, OutputPlace place, bool replaces)
    {
        UnixFileMode? mode = replaces && !OperatingSystem.IsWindows() ? File.GetUnixFileMode(place.Target) : null;
        FileStream file = TemporaryFile.Create(folder, mode);
        try
        {
            if (OperatingSystem.IsWindows()) File.SetAttributes(file.Name, FileAttributes.Hidden);
            place.GiveAttributesTo(file.Name);
            return file;
        }
        catch
        {
            file.Dispose();
            Delete(file.Name);
            throw;
        }
    }

    private static void Delete(string temporary)
    {
        try
        {
            File.Delete(temporary);
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
        _stream.Flush(); // fails if anything before has failed, even where the writer hid it
        if (_device is not null)
        {
            _device.Complete();
            _state = State.Committed;
            return;
        }
        _temporary!.Flush(flushToDisk: _replaces);
        // Elsewhere it stays open, and so locked, until it has its name: no other process takes it for abandoned.
        if (OperatingSystem.IsWindows()) _temporary.Dispose();
        _state = State.Complete;
    }

    private void Place()
    {
        if (_state == State.Committed) return;
        if (OperatingSystem.IsWindows()) File.SetAttributes(_temporary!.Name, FileAttributes.Normal);
        File.Move(_temporary!.Name, _target, overwrite: true);
        _state = State.Committed;
        _temporary.Dispose();
    }
}
