namespace Imputation.Cli.Output;

/// <summary>What a summary says of multiple imputation.</summary>
internal static class MultipleSummary
{
    /// <summary>How many cells were filled how often and by what, and what was there before.</summary>
    public static void Imputed(Summary account, ImputationSet set, long filledCount, int keptCount)
    {
        if (filledCount == 0)
        {
            account.Line("Imputed", $"nothing: no cell of these columns is missing; the {Words.Count(set.Count, "table")} are "
                + "all the same");
            return;
        }
        string parameters = set.Options.Method == MultipleMethod.BootstrapEm ? "from a resample of the rows each (bootstrap EM)"
            : "drawn by Markov chains (data augmentation)";
        string with = set.Options.PredictiveMeanMatching
            ? $"values that occur, of {Words.Count(set.Options.Fill.Donors, "donor")} with the nearest predictions"
            : "draws from their conditional distributions";
        account.Line("Imputed", $"{Words.Count(set.Count, "time")} {Words.Count(filledCount, "cell")}, with {with}, parameters "
            + $"{parameters}, seed {set.RunOptions.Seed}");
        if (keptCount > 0) account.Line("", $"{Words.Count(keptCount)} of these were finished by a run before and kept");
    }

    /// <summary>The chains that the parameters were drawn from, and whether they can be trusted.</summary>
    public static void Chains(Summary account, DataAugmentationResult? chains)
    {
        if (chains is null) return;
        double largest = chains.LargestRHat, limit = DataAugmentationResult.SettledRHat,
            alike = chains.Worst?.Autocorrelation(chains.Thinning) ?? double.NaN;
        string agree = double.IsNaN(largest) ? "" : $"; largest R-hat {Words.Fixed(largest, 3)} "
            + $"({(largest <= limit ? $"up to {Words.Number(limit)}: they agree" : $"above {Words.Number(limit)}: see above")})";
        string likeness = double.IsNaN(alike) ? "" : $"; autocorrelation {Words.Fixed(Math.Round(alike, 2) + 0.0, 2)} over "
            + $"{Words.Count(chains.Thinning, "iteration")} in what the data tell least about (worst linear function)";
        account.Line("Chains", $"{Words.Count(chains.ChainCount)}, burn-in {Words.Count(chains.BurnIn, "iteration")}, thinning "
            + $"{Words.Count(chains.Thinning)}{agree}{likeness}");
    }

    /// <summary>Whether these are enough.</summary>
    public static void Advice(Summary account, ImputationCountAdvice? advice)
    {
        if (advice is not null) account.Line("Enough?", advice.ToString().Replace(" %", "\u00A0%"));
    }

    /// <summary>Why nothing is said of whether these are enough: those that were kept are not read again, and a few made anew would
    /// mislead.</summary>
    public static void NoAdvice(Summary account, int keptCount) =>
        account.Line("Enough?", $"not told where imputations are kept ({Words.Count(keptCount)} here): it takes all of them. impute "
            + "analyze tells what is lost of each answer (fmi)");

    /// <summary>What comes next.</summary>
    public static void Next(Summary account, ImputationSet set, long filledCount)
    {
        if (filledCount == 0) account.Line("Next", "run the analysis on one of the tables: there is nothing to pool.");
        else if (set.Count > 1) Pooled(account);
    }

    private static void Pooled(Summary account) =>
        account.Line("Next", "run the analysis on each table, write its estimates and standard errors into one file, and pool them: "
            + "impute pool. Do not average the tables.");
}
