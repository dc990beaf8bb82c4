using Imputation.Files;

namespace Imputation.Tests.Fuzzing;

/// <summary>What is damaged.</summary>
public enum FuzzKind
{
    Csv,
    Parquet,
    Model,
    Codebook,
}

/// <summary>Input files, some of them damaged, and a command on them.</summary>
/// <param name="Kind">What is damaged.</param>
/// <param name="Seed">All of the case follows from kind and seed.</param>
/// <param name="Files">Names, in the folder <c>in</c>, and contents.</param>
/// <param name="Arguments">The command; arguments that begin with <c>in/</c> or <c>out/</c> are files of the case's folders.</param>
internal sealed record FuzzCase(FuzzKind Kind, int Seed, IReadOnlyDictionary<string, byte[]> Files, IReadOnlyList<string> Arguments)
{
    /// <summary>How the table is read.</summary>
    public TableReadOptions Reading { get; init; } = TableReadOptions.Default;

    /// <summary>The table: a name in <see cref="Files"/>.</summary>
    public required string Table { get; init; }

    /// <summary>What the table's columns mean: a name in <see cref="Files"/>, or null.</summary>
    public string? Codebook { get; init; }

    /// <summary>The completed table, a name in the folder <c>out</c>; null where the command writes none.</summary>
    public string? Completed { get; init; }

    /// <summary>Whether the command names columns, so that a damaged header makes it wrong usage.</summary>
    public bool NamesColumns { get; init; }

    public static FuzzCase Create(FuzzKind kind, int seed) => kind switch
    {
        FuzzKind.Csv => CsvCases.Create(seed),
        FuzzKind.Parquet => ParquetCases.Create(seed),
        FuzzKind.Model => ModelCases.Create(seed),
        _ => CodebookCases.Create(seed),
    };

    /// <summary>Arguments with the files' paths.</summary>
    public string[] ArgumentsIn(string folder) => [.. Arguments.Select(a => a.StartsWith("in/", StringComparison.Ordinal)
        || a.StartsWith("out/", StringComparison.Ordinal) ? Path.Combine(folder, a) : a)];
}
