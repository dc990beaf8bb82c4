using System.Diagnostics.CodeAnalysis;
using Imputation.Files.Csv;
using Imputation.Files.ParquetTables;

namespace Imputation.Files;

/// <summary>The kinds of table files that can be read and written.</summary>
public static class TableFormats
{
    /// <summary>All formats.</summary>
    /// <remarks>Parquet is that of Imputation.ParquetNet, through the package Parquet.Net, where a program has that assembly beside it.</remarks>
    public static IReadOnlyList<ITableFormat> All { get; } = [new CsvFormat(), Optional("Imputation.ParquetNet", "ParquetNetFormat") ?? new ParquetFormat()];

    /// <summary>The format that a file's extension stands for, whatever its case.</summary>
    /// <exception cref="ArgumentException">An extension that no format has, or none; the message lists those there are.</exception>
    public static ITableFormat ForPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string extension = Path.GetExtension(path);
        return All.FirstOrDefault(f => f.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"'{path}' {(extension.Length == 0 ? "has no extension" : $"ends in {extension}")}; tables are read and written as {string.Join(", ", All.SelectMany(f => f.Extensions))}.", nameof(path));
    }

    /// <summary>The format of that name, whatever its case.</summary>
    /// <exception cref="ArgumentException">No such format; the message lists those there are.</exception>
    public static ITableFormat ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"No format '{name}'; there are: {string.Join(", ", All.Select(f => f.Name))}.", nameof(name));
    }

    /// <summary>A format of an assembly that not every program has; null where this one has it not.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2057", Justification = "A trimmed program reads Parquet by the toolkit's own codec.")]
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "No path means a single file, and then there is no assembly beside it.")]
    private static ITableFormat? Optional(string assembly, string format)
    {
        // To be told by the runtime that there is no such assembly takes it longer than reading a small table.
        string here = Path.GetDirectoryName(typeof(TableFormats).Assembly.Location) ?? "";
        if (here.Length > 0 && !File.Exists(Path.Combine(here, assembly + ".dll"))) return null;
        return Type.GetType($"{assembly}.{format}, {assembly}") is { } found ? (ITableFormat?)Activator.CreateInstance(found) : null;
    }
}
