namespace Imputation.Files;

/// <summary>Write options for a table that was not read from a file of the same format; otherwise the style of that file is kept.</summary>
public sealed record TableWriteOptions
{
    /// <summary>The default options.</summary>
    public static TableWriteOptions Default { get; } = new();

    /// <summary>Field delimiter, an ASCII character. Default a comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether numbers are written with a decimal comma. Default false.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>Text for a missing cell. Default NA.</summary>
    public string MissingText { get; init; } = "NA";

    /// <summary>Compression of Parquet files; CSV is not compressed. Default snappy.</summary>
    public TableCompression Compression { get; init; }
}
