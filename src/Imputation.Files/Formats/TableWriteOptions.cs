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

    /// <summary>Compression. Parquet: default snappy. CSV: gzip where it is <see cref="TableCompression.Gzip"/>, otherwise not
    /// compressed.</summary>
    public TableCompression Compression { get; init; }
}
