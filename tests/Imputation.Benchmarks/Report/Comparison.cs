using Imputation.Benchmarks.Works;

namespace Imputation.Benchmarks.Report;

/// <summary>What a row of the table sets side by side.</summary>
/// <param name="Row">Name of its measurements.</param>
/// <param name="What">What was done.</param>
/// <param name="Against">What it is compared with.</param>
/// <param name="Target">By how much ours should be ahead; or, where <see cref="AtMost"/>, how much more it may cost. Null where there is no
/// target.</param>
internal sealed record Comparison(string Row, string What, string Against, double? Target)
{
    /// <summary>What is compared; <see cref="Ours"/> and <see cref="Theirs"/> where that differs.</summary>
    public Quantity Quantity { get; init; } = Quantity.Seconds;

    public Quantity? Ours { get; init; }

    public Quantity? Theirs { get; init; }

    /// <summary>The ratio is ours to theirs and has an upper limit, rather than theirs to ours with a lower one.</summary>
    public bool AtMost { get; init; }

    /// <summary>What stands in for a peer's measurement.</summary>
    public double? Limit { get; init; }

    public static IReadOnlyList<Comparison> All { get; } =
    [
        new("fit-100k", "fit, 100,000 × 20, 20 % missing at random", "norm2 emNorm", 20),
        new("fit-2k", "fit, 2,000 × 100, 10 % at random", "norm2 emNorm", 40),
        new("fit-1m-24", "fit, 1,000,000 × 20, 24 patterns", "Amelia, no bootstrap", 200),
        new("fit-1m-24", "the same", "its EM alone, without checks and filling", null) { Theirs = Quantity.PartSeconds },
        new("fit-1m-24", "the same, missing cells filled too", "Amelia, no bootstrap", null) { Ours = Quantity.PartSeconds },
        new("file-1m", "file to file, 1,000,000 × 20, 20 % at random", "pandas + IterativeImputer + to_csv", 60),
        new("file-100k", "file to file, 100,000 × 20", "R fread + emNorm + impNorm + fwrite", 8),
        new("mi-emb", "20 imputations by bootstrap EM, 10,000 × 10, 20 % at random", "Amelia, m = 20", 20),
        .. AllWorks.Slow.Select(w => new Comparison(w.Name, $"{w.Name}, {w.Rows:N0} × {w.Columns}", "plain EM",
            6) { Quantity = Quantity.Evaluations }),
        new("mi-da", "data augmentation, 1,000 iterations, 10,000 × 10, 20 % at random", "norm2 mcmcNorm", 10),
        new("patterns", "iteration, 40,000 patterns of 3 rows, 24 columns", "10,000 patterns of 3 rows", 4.4) { AtMost = true },
        new("rows", "iteration, 1,000 patterns of 1,000 rows, 24 columns", "1,000 patterns of 100 rows", 1.1) { AtMost = true },
        new("threads-fit-100k", "fit-100k on two threads", "one thread", 1.7),
        new("threads-fit-2k", "fit-2k on two threads", "one thread", 1.7),
        new("threads-file-1m", "the fit of file-1m on two threads", "one thread", 1.7),
        new("file-1m", "peak memory, file to file, 1,000,000 × 20", "the numeric matrix", 2.5) { Quantity = Quantity.PeakBytes,
            AtMost = true, Limit = 160e6 },
        new("file-10m", "peak memory, file to file, 10,000,000 × 20", "the numeric matrix", 2.5) { Quantity = Quantity.PeakBytes,
            AtMost = true, Limit = 1600e6 },
        new("version", "impute --version", "the limit", 1) { Limit = 0.2 },
        new("wide-300", "fit, 300 × 200, 20 % at random, prior auto", "the limit", 1) { Limit = 5 },
        new("wide-600", "fit, 600 × 400, 20 % at random, prior auto", "the limit", 1) { Limit = 60 },
        new("bfi", "bfi.csv, file to file", "the limit", 1) { Limit = 1 },
    ];

    /// <summary>That quantity of a measurement.</summary>
    public static double? Of(Measurement measurement, Quantity quantity) => quantity switch
    {
        Quantity.Seconds => measurement.Seconds,
        Quantity.PartSeconds => measurement.PartSeconds,
        Quantity.Evaluations => measurement.Evaluations,
        _ => measurement.PeakBytes,
    };
}
