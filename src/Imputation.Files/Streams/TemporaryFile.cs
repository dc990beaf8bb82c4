using System.Globalization;

namespace Imputation.Files.Streams;

/// <summary>Files under hidden names that become outputs: their names, and what is left of them by processes that were killed.</summary>
internal static class TemporaryFile
{
    private const string Start = ".impute-", End = ".tmp";
    private const int RandomLength = 11;

    /// <summary>A new file in a folder, which has the number of this process in its name and is locked while it is open.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="mode">Permissions of the file that it replaces; null where there is none.</param>
    public static FileStream Create(string folder, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        // From the beginning: what nobody may read is never open to all.
        if (mode is { } own && !OperatingSystem.IsWindows()) options.UnixCreateMode = own | UnixFileMode.UserWrite;
        return new FileStream(NewPath(folder), options);
    }

    /// <summary>A new file in a folder for what does not fit into memory: only its owner may read it, and it is gone when it is closed, or
    /// when another process finds that this one ended without closing it.</summary>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    public static FileStream Scratch(string folder)
    {
        DeleteAbandoned(folder);
        string path = NewPath(folder);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OutputException.From(e, path);
        }
    }

    /// <summary>Deletes the files of processes that ended without doing so. What cannot be deleted stays; it harms nobody.</summary>
    /// <param name="folder">The folder.</param>
    public static void DeleteAbandoned(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, Start + "*" + End,
                new EnumerationOptions { AttributesToSkip = 0, MatchCasing = MatchCasing.CaseSensitive }))
            {
                if (Process(Path.GetFileName(path)) is not { } id || Lives(id, path)) continue;
                // A link or pipe of that name is somebody's trap.
                if (OperatingSystem.IsWindows() || (new FileInfo(path).LinkTarget is null && OutputPlace.IsRegular(path)))
                    DeleteUnlessLocked(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder cannot be listed.
        }
    }

    /// <summary>A name that no file has, with the number of this process.</summary>
    private static string NewPath(string folder) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture,
        $"{Start}{Environment.ProcessId}-{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}{End}"));

    /// <summary>The number of the process in a name that <see cref="NewPath"/> gave; null for any other name.</summary>
    private static int? Process(string name)
    {
        ReadOnlySpan<char> middle = name.AsSpan(Start.Length, name.Length - Start.Length - End.Length);
        int dash = middle.IndexOf('-');
        if (dash <= 0 || middle.Length != dash + 1 + RandomLength) return null;
        foreach (char c in middle[(dash + 1)..])
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c)) return null;
        return int.TryParse(middle[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }

    /// <summary>Whether the process runs that wrote the file; one that began after the last write has only got its number.</summary>
    private static bool Lives(int id, string path)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(path).AddSeconds(2);
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException
            or IOException or UnauthorizedAccessException)
        {
            return true; // unknown
        }
    }

    /// <summary>The lock is a second witness: numbers of processes in another container or on another computer mean nothing here.</summary>
    private static void DeleteUnlessLocked(string path)
    {
        try
        {
            using (new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None)) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Locked, or another's.
        }
    }
}
