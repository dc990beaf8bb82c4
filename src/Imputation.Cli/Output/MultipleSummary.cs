using Imputation.Files;
using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>Summary of multiple imputation.</summary>
internal static class MultipleSummary
{
    /// <summary>The whole summary.</summary>
    public static void Write(Summary account, string input, string how, MultipleRun run, CovariancePrior prior, IImputationStore? store,
        IEnumerable<OutputFile> files)
    {
        int kept = store?.KeptCount ?? 0;
        FillSummary.Input(account, input, run.Set.Table, how);
        FitSummary.Columns(account, run.First.ColumnUses);
        FitSummary.Fit(account, run.Set.Fit, prior);
        FitSummary.Findings(account, run.Findings);
        Imputed(account, run.Set, run.First.FilledCount, kept);
        Chains(account, run.Set.Chains);
        if (kept == 0) Advice(account, run.Information.Advise());
        else NoAdvice(account, kept);
        if (store is ImputationFolder folder) account.Line("Files", Described(folder));
        if (store is StackedImputations stacked) account.Line("Files", $"imputations: {stacked.Path}");
        FillSummary.Files(account, files);
        Next(account, run.Set, run.First.FilledCount);
    }

    /// <summary>Warns, on standard error, of imputations of other runs in the folder.</summary>
    public static void OtherRuns(ImputationFolder? folder)
    {
        if (folder?.FilesOfOtherRuns() is not { Count: > 0 } others) return;
        bool one = others.Count == 1;
        string found = one ? $"{others[0]}, which is"
            : $"{TextFormat.Count(others.Count)} files from {others[0]} to {others[^1]}, which are";
        Terminal.Say($"impute: note: '{folder.Path}' also contains {found} not from this run: an analysis of all files there "
            + $"would mix runs. Remove {(one ? "it" : "them")}, or name another folder.");
    }

    /// <summary>The number of filled cells and imputations, the method, and the imputations kept from an earlier run.</summary>
    public static void Imputed(Summary account, ImputationSet set, long filledCount, int keptCount)
    {
        if (filledCount == 0)
        {
            account.Line("Imputed", $"nothing: these columns have no missing cells; the {TextFormat.Count(set.Count, "table")} are "
                + "identical");
            return;
        }
        string parameters = set.Options.Method == MultipleMethod.BootstrapEm ? "from bootstrap EM (each fitted to a resample of the rows)"
            : "from data augmentation (posterior draws from Markov chains)";
        string with = set.Options.PredictiveMeanMatching
            ? $"observed values of {TextFormat.Count(set.Options.Fill.Donors, "donor")} each (predictive mean matching)"
            : "draws from their conditional distributions";
        account.Line("Imputed", $"{TextFormat.Count(set.Count, "time")} {TextFormat.Count(filledCount, "cell")}, with {with}, parameters "
            + $"{parameters}, seed {set.RunOptions.Seed}");
        if (keptCount > 0) account.Line("", $"{TextFormat.Count(keptCount)} of these were kept from an earlier run");
    }

    /// <summary>The chains that the parameters were drawn from, and whether they can be trusted.</summary>
    public static void Chains(Summary account, DataAugmentationResult? chains)
    {
        if (chains is null) return;
        double largest = chains.LargestRHat, limit = DataAugmentationResult.SettledRHat,
            alike = chains.Worst?.Autocorrelation(chains.Thinning) ?? double.NaN;
        string agree = double.IsNaN(largest) ? "" : $"; largest R-hat {TextFormat.Fixed(largest, 3)} "
            + (largest <= limit ? $"(up to {TextFormat.Compact(limit)}: the chains agree)"
            : $"(above {TextFormat.Compact(limit)}: the chains disagree, see above)");
        string likeness = double.IsNaN(alike) ? "" : $"; autocorrelation {TextFormat.Fixed(Math.Round(alike, 2) + 0.0, 2)} over "
            + $"{TextFormat.Count(chains.Thinning, "iteration")} for the worst linear function of the parameters";
        account.Line("Chains", $"{TextFormat.Count(chains.ChainCount)}, burn-in {TextFormat.Count(chains.BurnIn, "iteration")}, thinning "
            + $"{TextFormat.Count(chains.Thinning)}{agree}{likeness}");
    }

    /// <summary>The advice on the number of imputations.</summary>
    public static void Advice(Summary account, ImputationCountAdvice? advice)
    {
        if (advice is not null) account.Line("Enough?", advice.ToString().Replace(" %", "\u00A0%"));
    }

    /// <summary>Explains why there is no advice on the number of imputations: those kept from an earlier run are not read again, and
    /// the few new ones would mislead.</summary>
    public static void NoAdvice(Summary account, int keptCount) =>
        account.Line("Enough?", $"not computed: it needs all imputations, and {TextFormat.Count(keptCount)} were kept from an earlier run. "
            + "impute analyze reports the fraction of missing information (fmi) of each estimate");

    /// <summary>The next step for the user.</summary>
    public static void Next(Summary account, ImputationSet set, long filledCount)
    {
        if (filledCount == 0) account.Line("Next", "run the analysis on one of the tables: there is nothing to pool.");
        else if (set.Count > 1) Pooled(account);
    }

    /// <summary>The first and the last file.</summary>
    private static string Described(ImputationFolder folder) =>
        Path.Combine(folder.Path, folder.FileNames[0]) + (folder.FileNames.Count == 1 ? "" : $" to {folder.FileNames[^1]}");

    private static void Pooled(Summary account) =>
        account.Line("Next", "run the analysis on each table, write its estimates and standard errors into one file, and pool them: "
            + "impute pool. Do not average the tables.");
}
