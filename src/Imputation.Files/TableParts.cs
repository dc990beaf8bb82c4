using System.IO.Enumeration;
using Imputation.Text;

namespace Imputation.Files;

/// <summary>Files that are one table: several names, names with wildcards, and folders, in which the names of inner folders may be columns
/// (<c>date=2026-01-01</c>).</summary>
public static class TableParts
{
    /// <summary>What stands for an empty value in the name of a folder.</summary>
    private const string NoValue = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>Whether some of the names are not those of single files, so that a table may have several.</summary>
    public static bool AreSeveral(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count > 1 || names.Any(name => name != "-" && !File.Exists(name) && (Directory.Exists(name) || HasWildcard(name)));
    }

    /// <summary>The files, in the order of the names; those of a folder or of wildcards in the order of their paths.</summary>
    /// <param name="names">Names of files and folders, and names with <c>*</c> and <c>?</c>. A folder is gone through with those in it;
    /// names that begin with a dot or an underscore are passed over.</param>
    /// <param name="formats">Of a folder, files whose extension is one of these formats' are taken.</param>
    /// <exception cref="InputException">No such file or folder, or none that fits.</exception>
    public static IReadOnlyList<TablePart> Of(IReadOnlyList<string> names, TableFormats formats)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(formats);
        string[] extensions = [.. formats.All.SelectMany(format => format.Extensions)];
        var parts = new List<TablePart>();
        foreach (string name in names)
        {
            if (Directory.Exists(name)) parts.AddRange(InFolder(name, extensions));
            else if (File.Exists(name) || !HasWildcard(name)) parts.Add(new TablePart(name, []));
            else parts.AddRange(Fitting(name, extensions));
        }
        if (parts.GroupBy(part => Path.GetFullPath(part.Path)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InputException($"'{twice.First().Path}' is named twice; its rows would count twice.", twice.First().Path);
        return parts;
    }

    /// <summary>Whether a file, be it there or not, is one that the names mean: in a folder among them, or of a name that fits.</summary>
    internal static bool Mean(IReadOnlyList<string> names, TableFormats formats, string path)
    {
        string[] segments = Segments(path);
        return names.Any(name => name != "-" && !File.Exists(name) && Segments(name) is var these
            && (Directory.Exists(name)
                ? segments.Length > these.Length && segments.AsSpan().StartsWith(these)
                    && !segments[these.Length..].Any(segment => segment[0] is '.' or '_')
                    && formats.All.Any(format => format.Extensions.Contains(TableFormats.ExtensionOf(path),
                        StringComparer.OrdinalIgnoreCase))
                : segments.Length == these.Length && segments.Zip(these).All(pair => FileSystemName.MatchesSimpleExpression(pair.Second,
                    pair.First, ignoreCase: false))));

        static string[] Segments(string name) => Path.GetFullPath(name).Split(['/', Path.DirectorySeparatorChar],
            StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool HasWildcard(string name) => name.AsSpan().ContainsAny('*', '?');

    private static List<TablePart> InFolder(string folder, string[] extensions)
    {
        List<TablePart> parts = [.. Files(folder, extensions).Select(path => new TablePart(path, Keys(Path.GetRelativePath(folder,
            path))))];
        if (parts.Count == 0)
            throw new InputException($"'{folder}' is a folder without a table; expected files that end in {string.Join(", ", extensions)}.",
                folder);
        CheckKeys(parts, folder);
        return parts;
    }

    /// <summary>The tables in a folder and those in it.</summary>
    private static IEnumerable<string> Files(string folder, string[] extensions)
    {
        static bool IsHidden(ReadOnlySpan<char> name) => name[0] is '.' or '_';
        return Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)
            .Where(path => !IsHidden(Path.GetFileName(path.AsSpan())))
            .SelectMany(path => Directory.Exists(path) ? Files(path, extensions)
                : extensions.Contains(TableFormats.ExtensionOf(path), StringComparer.OrdinalIgnoreCase) ? [path] : []);
    }

    /// <summary>The files and folders that a name with wildcards fits.</summary>
    private static List<TablePart> Fitting(string name, string[] extensions)
    {
        string root = Path.GetPathRoot(name) ?? "";
        List<string> found = [root];
        foreach (string segment in name[root.Length..].Split(['/', Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries))
        {
            found = [.. found.SelectMany(folder =>
            {
                string within = folder.Length == 0 ? "." : folder;
                if (!HasWildcard(segment)) return (IEnumerable<string>)[Path.Combine(folder, segment)];
                if (!Directory.Exists(within)) return [];
                return Directory.EnumerateFileSystemEntries(within).Select(path => Path.GetFileName(path)!)
                    .Where(entry => (segment[0] == '.' || entry[0] != '.') && FileSystemName.MatchesSimpleExpression(segment, entry,
                        ignoreCase: false)).Order(StringComparer.Ordinal).Select(entry => Path.Combine(folder, entry));
            }).Where(path => File.Exists(path) || Directory.Exists(path))];
        }
        List<TablePart> parts = [.. found.SelectMany(path => Directory.Exists(path)
            ? Files(path, extensions) : [path]).Select(path => new TablePart(path, Keys(path)))];
        if (parts.Count == 0) throw new InputException($"no file fits '{name}'; check its folder, or put the name into quotes.", name);
        CheckKeys(parts, name);
        return parts;
    }

    /// <summary>The columns that the folders of a path name.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> Keys(string path) =>
        [.. (Path.GetDirectoryName(path) ?? "").Split(['/', Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Select(segment => (Segment: segment, At: segment.IndexOf('='))).Where(s => s.At > 0)
            .Select(s => KeyValuePair.Create(Uri.UnescapeDataString(s.Segment[..s.At]),
                s.Segment[(s.At + 1)..] is var value && value == NoValue ? "" : Uri.UnescapeDataString(value)))];

    /// <exception cref="InputException">Files in folders of other columns.</exception>
    private static void CheckKeys(List<TablePart> parts, string name)
    {
        string[] keys = [.. parts[0].Keys.Select(key => key.Key)];
        if (parts.Find(part => !part.Keys.Select(key => key.Key).SequenceEqual(keys)) is { } odd)
            throw new InputException($"'{odd.Path}' is in folders that name the columns "
                + $"{TextFormat.Names(odd.Keys.Select(k => k.Key))}, and "
                + $"'{parts[0].Path}' in folders that name {TextFormat.Names(keys)}; expected the same in all of '{name}'.", odd.Path);
    }
}
