namespace Imputation.Files;

/// <summary>Compression of a file whose format supports it.</summary>
public enum TableCompression
{
    /// <summary>Fast; supported by every reader.</summary>
    Snappy,

    /// <summary>Smaller and slower; supported by every reader.</summary>
    Gzip,

    /// <summary>Almost as small as gzip and faster; not supported by readers from before 2019.</summary>
    Zstd,

    /// <summary>No compression.</summary>
    None,
}
