namespace Imputation.Files.Streams;

/// <summary>The place that the path of an output leads to.</summary>
/// <param name="Target">The file itself; a symbolic link is followed, whether or not it leads to an existing file.</param>
/// <param name="IsDevice">Whether it is written through: a device, named pipe or open file descriptor, which a renamed file would
/// replace.</param>
/// <param name="Status">Type and owner of an existing file, on Unix.</param>
internal readonly record struct OutputPlace(string Target, bool IsDevice, UnixStatus? Status)
{
    /// <summary>As many links as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <exception cref="IOException">Too many links.</exception>
    public static OutputPlace Of(string path)
    {
        string full = Path.GetFullPath(path);
        for (int links = 0; ; links++)
        {
            // Link by link: /dev/stdout is a link to /proc/self/fd/1, and that to a file which the shell has opened and others write to.
            if (IsAmongDevices(full)) return new OutputPlace(full, IsDevice: true, null);
            if (new FileInfo(full).LinkTarget is not { } target) break;
            if (links == MostLinks) throw new IOException("the symbolic links lead round in a circle");
            full = Path.GetFullPath(target, Path.GetDirectoryName(full)!);
        }
        if (OperatingSystem.IsWindows() || !File.Exists(full)) return new OutputPlace(full, IsDevice: false, null);
        UnixStatus? status = UnixStatus.Of(full);
        return new OutputPlace(full, status is { IsRegular: false }, status);
    }

    /// <summary>Gives a file that will replace the existing one its owner, as far as the system permits, and its permissions.</summary>
    public void GiveAttributesTo(string file)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(Target)) return;
        // The owner first: a change of owner may take permissions away.
        if (Status is { } old && UnixStatus.Of(file) is { } own && own != old) old.GiveOwnerTo(file);
        File.SetUnixFileMode(file, File.GetUnixFileMode(Target));
    }

    private static bool IsAmongDevices(string full)
    {
        if (OperatingSystem.IsWindows()) return false;
        return full.StartsWith("/dev/", StringComparison.Ordinal) ? !full.StartsWith("/dev/shm/", StringComparison.Ordinal)
            : full.StartsWith("/proc/", StringComparison.Ordinal) && full.Contains("/fd/", StringComparison.Ordinal);
    }
}
