namespace Imputation.Files.Formats;

/// <summary>Size of the pieces of a file and number of threads that read them. The resulting table does not depend on them.</summary>
internal sealed record CsvStorage
{
    public static CsvStorage Default { get; } = new();

    /// <summary>Bytes of a piece, to the end of a line. Small enough for a processor's own cache.</summary>
    public int PieceLength { get; init; } = 1 << 18;

    /// <summary>Minimum length of a piece in header lengths: each column has its own reader in each piece, which should have some rows to
    /// read.</summary>
    public int LeastHeaders { get; init; } = 256;

    /// <summary>A longer file is not kept in memory but read again when needed.</summary>
    public long LargestKept { get; init; } = 16 << 20;

    /// <summary>Number of threads for reading and for formatting.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
