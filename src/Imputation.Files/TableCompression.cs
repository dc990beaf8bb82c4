namespace Imputation.Files;

/// <summary>How a format that compresses does so.</summary>
public enum TableCompression
{
    /// <summary>Fast, and known to every reader.</summary>
    Snappy,

    /// <summary>Smaller and slower, and known to every reader.</summary>
    Gzip,

    /// <summary>Smaller than snappy and faster than gzip; known to readers of the last years.</summary>
    Zstd,

    /// <summary>Not at all.</summary>
    None,
}
