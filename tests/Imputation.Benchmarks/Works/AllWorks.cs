namespace Imputation.Benchmarks.Works;

/// <summary>The data sets of the benchmarks.</summary>
internal static class AllWorks
{
    /// <summary>100,000 × 20, 20 % missing at random: some 34,400 patterns.</summary>
    public static Work Fit100K { get; } = new("fit-100k", 100_000, 2_000, 20, Populations.TwoFactors, Holes.AtRandom(0.2));

    /// <summary>2,000 × 100, 10 % missing at random: every row a pattern of its own.</summary>
    public static Work Fit2K { get; } = new("fit-2k", 2_000, 500, 100, Populations.TwoFactors, Holes.AtRandom(0.1));

    /// <summary>1,000,000 × 20 with 24 patterns.</summary>
    public static Work Fit1M24 { get; } = new("fit-1m-24", 1_000_000, 10_000, 20, Populations.TwoFactors, Holes.Patterns(24, 0.2));

    /// <summary>1,000,000 × 20, 20 % missing at random.</summary>
    public static Work File1M { get; } = new("file-1m", 1_000_000, 10_000, 20, Populations.TwoFactors, Holes.AtRandom(0.2));

    /// <summary>10,000,000 × 20, 20 % missing at random: 1.4 GB, made only where asked for.</summary>
    public static Work File10M { get; } = new("file-10m", 10_000_000, 100_000, 20, Populations.TwoFactors, Holes.AtRandom(0.2));

    /// <summary>10,000 × 10, 20 % missing at random: multiple imputation's, by bootstrap EM and by data augmentation.</summary>
    public static Work Multiple { get; } = new("mi", 10_000, 1_000, 10, Populations.TwoFactors, Holes.AtRandom(0.2));

    /// <summary>Fewer rows than three times the columns, 20 % missing at random.</summary>
    public static IReadOnlyList<Work> Wide { get; } =
    [
        new("wide-300", 300, 60, 200, Populations.TwoFactors, Holes.AtRandom(0.2)),
        new("wide-600", 600, 120, 400, Populations.TwoFactors, Holes.AtRandom(0.2)),
    ];

    /// <summary>Data of which half or more of the information is missing, so that plain EM creeps. With fewer rows some would have no
    /// maximum.</summary>
    public static IReadOnlyList<Work> Slow { get; } =
    [
        new("slow-random", 1_000, 1_000, 8, Populations.TwoFactors, Holes.AtRandom(0.65)),
        new("slow-factors", 1_500, 1_500, 16, Populations.CorrelatedFactors, Holes.AtRandom(0.6)),
        new("slow-two-files", 2_000, 2_000, 9, Populations.TwoFactors, Holes.TwoFiles(9, 0.03)),
        new("slow-booklets", 1_200, 1_200, 12, Populations.TwoFactors, Holes.TwoBlocksOf(4, 12)),
        new("slow-dropout", 1_000, 1_000, 10, Populations.Waves, Holes.Dropout(0.2, 0.05)),
        new("slow-costly", 1_500, 1_500, 8, Populations.CorrelatedFactors, Holes.Costly(2, 0.06, 0.4)),
    ];

    /// <summary>Those that are made ahead.</summary>
    public static IReadOnlyList<Work> All { get; } = [Fit100K, Fit2K, Fit1M24, File1M, Multiple, .. Wide, .. Slow];
}
