using System.Formats.Tar;

namespace Imputation.Files.Streams;

/// <summary>The place that the path of an output leads to.</summary>
/// <param name="Target">The file itself; a symbolic link is followed, whether or not it leads to an existing file.</param>
/// <param name="IsDevice">Whether it is written through: a device, named pipe or open file descriptor, which a renamed file would
/// replace.</param>
internal readonly record struct OutputPlace(string Target, bool IsDevice)
{
    /// <summary>As many links as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>Place of a file's type in the header of an archive.</summary>
    private const int TypeAt = 156;

    /// <exception cref="IOException">Too many links.</exception>
    public static OutputPlace Of(string path)
    {
        string full = Path.GetFullPath(path);
        for (int links = 0; ; links++)
        {
            // Link by link: /dev/stdout is a link to /proc/self/fd/1, and that to a file which the shell has opened and others write to.
            if (IsAmongDevices(full)) return new OutputPlace(full, IsDevice: true);
            if (new FileInfo(full).LinkTarget is not { } target) break;
            if (links == MostLinks) throw new IOException("the symbolic links lead round in a circle; name another place.");
            full = Path.GetFullPath(target, Path.GetDirectoryName(full)!);
        }
        return new OutputPlace(full, !OperatingSystem.IsWindows() && File.Exists(full) && !IsRegular(full));
    }

    /// <summary>Whether an existing file is one proper, no named pipe, socket or device.</summary>
    /// <remarks>Opening it would show, but a pipe waits for its other end, which sees every opening. The one place where .NET gives a
    /// file's type without opening it is an archive.</remarks>
    internal static bool IsRegular(string path)
    {
        if (new FileInfo(path).Length > 0) return true; // the others have none
        using var archive = new MemoryStream();
        try
        {
            using var writer = new TarWriter(archive, TarEntryFormat.Gnu, leaveOpen: true);
            writer.WriteEntry(path, "f");
        }
        catch (UnauthorizedAccessException)
        {
            return true; // only such a file is opened
        }
        catch (IOException)
        {
            return !File.Exists(path); // archives take no sockets
        }
        return archive.GetBuffer()[TypeAt] is (byte)TarEntryType.RegularFile or (byte)TarEntryType.V7RegularFile;
    }

    /// <summary>Gives a file that will replace the existing one its owner, as far as the system permits, and its permissions.</summary>
    public void GiveAttributesTo(string file)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(Target)) return;
        // The owner first: a change of owner may take permissions away.
        if (UnixOwner.Of(Target) is { } old && UnixOwner.Of(file) is { } own && own != old) old.Take(file);
        File.SetUnixFileMode(file, File.GetUnixFileMode(Target));
    }

    private static bool IsAmongDevices(string full)
    {
        if (OperatingSystem.IsWindows()) return false;
        return full.StartsWith("/dev/", StringComparison.Ordinal) ? !full.StartsWith("/dev/shm/", StringComparison.Ordinal)
            : full.StartsWith("/proc/", StringComparison.Ordinal) && full.Contains("/fd/", StringComparison.Ordinal);
    }
}
