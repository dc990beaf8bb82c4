namespace Imputation.Benchmarks.Works;

/// <summary>Standard scores of a complete row: mean 0 and variance 1 in every column.</summary>
internal delegate void Scores(ulong seed, int row, Span<double> scores);

/// <summary>Whether a cell is missing.</summary>
internal delegate bool Hole(ulong seed, int row, int column);

/// <summary>A data set of the benchmarks: every cell is a function of seed, row and column, so it is the same whoever makes it.</summary>
/// <param name="Name">Its name in tables and, with .csv, as a file.</param>
/// <param name="Rows">Rows in full size.</param>
/// <param name="SmallRows">Rows for trying things out.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Scores">Where the values come from.</param>
/// <param name="Hole">Which of them are missing.</param>
internal sealed record Work(string Name, int Rows, int SmallRows, int Columns, Scores Scores, Hole Hole)
{
    /// <summary>FNV-1a of the name: every work has its own numbers.</summary>
    public ulong Seed => Name.Aggregate(14695981039346656037, (hash, c) => (hash ^ c) * 1099511628211);

    public string Path(string folder) => System.IO.Path.Combine(folder, Name + ".csv");
}
