namespace Imputation.Files;

/// <summary>The formats of table files that a program reads and writes, found by a file's extension or by name.</summary>
/// <example>
/// <code>
/// var formats = new TableFormats(new CsvFormat(), new ParquetFormat());
/// Table table = formats.ForPath("survey.parquet").Read("survey.parquet", TableReadOptions.Default);
/// </code>
/// </example>
/// <param name="formats">The formats; if two share an extension or a name, the first is used.</param>
public sealed class TableFormats(params IReadOnlyList<ITableFormat> formats)
{
    /// <summary>All formats, in the order given.</summary>
    public IReadOnlyList<ITableFormat> All { get; } = [.. formats];

    /// <summary>A file's extension; of a compressed file with the one before it: .csv.gz.</summary>
    public static string ExtensionOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string extension = Path.GetExtension(path);
        return extension.Equals(".gz", StringComparison.OrdinalIgnoreCase) ? Path.GetExtension(path[..^extension.Length]) + extension
            : extension;
    }

    /// <summary>The format for a file's extension, case-insensitive.</summary>
    /// <exception cref="ArgumentException">Unknown or no extension; the message lists those available.</exception>
    public ITableFormat ForPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string extension = ExtensionOf(path);
        return All.FirstOrDefault(f => f.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"'{path}' {(extension.Length == 0 ? "has no extension" : $"ends in {extension}")}; tables are read and written as "
                    + $"{string.Join(", ", All.SelectMany(f => f.Extensions))}.", nameof(path));
    }

    /// <summary>The format with that name, case-insensitive.</summary>
    /// <exception cref="ArgumentException">No such format; the message lists those available.</exception>
    public ITableFormat ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"Unknown format '{name}'; available: "
                + $"{string.Join(", ", All.Select(f => f.Name))}.", nameof(name));
    }
}
