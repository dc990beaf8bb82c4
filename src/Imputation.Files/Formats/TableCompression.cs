namespace Imputation.Files;

/// <summary>How a format that compresses does so.</summary>
public enum TableCompression
{
    /// <summary>Fast, and known to every reader.</summary>
    Snappy,

    /// <summary>Smaller and slower, and known to every reader.</summary>
    Gzip,

    /// <summary>Almost as small as gzip and faster; not known to readers of before 2019.</summary>
    Zstd,

    /// <summary>Not at all.</summary>
    None,
}
