namespace Imputation;

/// <summary>How rows that come in batches are kept.</summary>
public sealed record StreamOptions
{
    /// <summary>2 GB, and no scratch.</summary>
    public static StreamOptions Default { get; } = new();

    /// <summary>Bytes that the rows may take in memory, about: sums of frequent patterns, a quarter of it, and rows of rare ones, an
    /// eighth. The program itself and the batch that is being read come on top. Default 2³¹; at least <see cref="LeastMemory"/>.</summary>
    public long Memory { get; init; } = 1L << 31;

    /// <summary>The least <see cref="Memory"/>: 16 MB.</summary>
    public const long LeastMemory = 1 << 24;

    /// <summary>Makes the place for rows that the memory does not hold, given the most bytes that it will be asked to take, or null where
    /// the number of rows is not known yet; without it, the default, such a table is refused.</summary>
    public Func<long?, IScratch>? Scratch { get; init; }

    /// <exception cref="ArgumentException">An option out of range.</exception>
    internal void Validate()
    {
        if (Memory < LeastMemory)
            throw new ArgumentOutOfRangeException(nameof(Memory), Memory, $"The memory has to be {LeastMemory} bytes (16 MB) or more.");
    }
}
