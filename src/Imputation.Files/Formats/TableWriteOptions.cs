namespace Imputation.Files;

/// <summary>How a table is written that does not come from a file of the same format; one that does keeps the ways of its file.</summary>
public sealed record TableWriteOptions
{
    /// <summary>The default options.</summary>
    public static TableWriteOptions Default { get; } = new();

    /// <summary>What separates cells: an ASCII character. Default a comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether numbers are written with a decimal comma. Default false.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>What is written for a missing cell. Default NA.</summary>
    public string MissingText { get; init; } = "NA";

    /// <summary>How Parquet is compressed; CSV is not. Default snappy.</summary>
    public TableCompression Compression { get; init; }
}
