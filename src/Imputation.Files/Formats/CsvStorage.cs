namespace Imputation.Files.Formats;

/// <summary>How much of a file is read at a time and by how many. The table does not depend on it.</summary>
internal sealed record CsvStorage
{
    public static CsvStorage Default { get; } = new();

    /// <summary>Bytes of a piece, to the end of a line. Small enough for a processor's own cache.</summary>
    public int PieceLength { get; init; } = 1 << 18;

    /// <summary>But a piece is at least so many times as long as the header: each column has a reader of its own in each piece, which is to
    /// have some rows.</summary>
    public int LeastHeaders { get; init; } = 256;

    /// <summary>A file longer than this is read again when it is needed again, rather than kept.</summary>
    public long LargestKept { get; init; } = 16 << 20;

    /// <summary>Threads that read, or format what is written.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
