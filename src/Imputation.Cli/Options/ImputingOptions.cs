using System.CommandLine;
using System.Globalization;
using Imputation.Cli.Exits;
using Imputation.Cli.Output;
using Imputation.Files;

namespace Imputation.Cli.Options;

/// <summary>How a table is imputed several times: the same for <c>multiple</c> and <c>analyze</c>.</summary>
internal sealed class ImputingOptions
{
    private const string Method = "--method", TracesName = "--traces";

    private readonly Option<int> _count;

    private readonly Option<MultipleMethod> _method = new(Method)
    {
        Description = "Parameters of each imputation: emb, EM on a bootstrap sample of the rows (the default), or da, data augmentation "
            + "(posterior draws from a Markov chain).",
        HelpName = "emb|da",
        CustomParser = Values.MultipleMethod,
    };

    private readonly Option<int?> _chains = new("--chains")
    {
        Description = "With --method da: number of chains, each with its own start; default 4.",
        HelpName = "K",
        CustomParser = result => Values.Whole(1, "a number of chains", 1_000)(result),
    };

    private readonly Option<int?> _burnIn = new("--burn-in")
    {
        Description = "With --method da: burn-in, iterations of a chain before its first draw; by default chosen from the convergence "
            + "rate of EM.",
        HelpName = "N",
        CustomParser = result => Values.Whole(1, "a number of iterations", 1_000_000)(result),
    };

    private readonly Option<int?> _thinning = new("--thinning")
    {
        Description = "With --method da: thinning, iterations between two draws of a chain; by default chosen from the "
            + "convergence rate of EM.",
        HelpName = "N",
        CustomParser = result => Values.Whole(1, "a number of iterations", 1_000_000)(result),
    };

    private readonly Option<string?> _traces = new(TracesName)
    {
        Description = "With --method da: write the parameters of every iteration "
        + "of every chain as CSV; - is standard output.",
        HelpName = "FILE"
    };

    private readonly Option<bool> _matching = new("--pmm")
    {
        Description = "Predictive mean matching: fill with observed values of "
        + "rows with similar predictions, instead of draws from the normal distribution."
    };

    private readonly Option<int?> _donors = new("--donors")
    {
        Description = "With --pmm: number of donor rows from which a value is drawn; default 5.",
        HelpName = "K",
        CustomParser = result => Values.Whole(1, "a number of rows")(result),
    };

    /// <param name="pools">Whether the imputations are pooled, for which one is too few.</param>
    public ImputingOptions(bool pools) => _count = new Option<int>("--imputations", "-m")
    {
        Description = "Number of imputations.",
        HelpName = "M",
        CustomParser = pools ? Values.Imputations : Values.Whole(1, "a number of imputations"),
        DefaultValueFactory = _ => MultipleOptions.Default.Count,
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_count, _method, _matching, _donors, _chains, _burnIn, _thinning, _traces])
            command.Options.Add(option);
    }

    /// <summary>Checks for options that cannot be combined.</summary>
    /// <exception cref="UsageException">The message names the options.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_donors) is not null && !parsed.GetValue(_matching))
            throw new UsageException($"{_donors.Name} needs {_matching.Name}.");
        if (parsed.GetValue(_method) == MultipleMethod.DataAugmentation) return;
        if (((Option[])[_chains, _burnIn, _thinning, _traces]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })
            is { } option)
            throw new UsageException($"{option.Name} needs {Method} da: only data augmentation runs chains.");
    }

    /// <summary>The option among those given that needs all rows in memory; null where none does.</summary>
    public string? NeedsAllRows(ParseResult parsed) => parsed.GetValue(_matching) ? _matching.Name
        : parsed.GetValue(_method) == MultipleMethod.DataAugmentation ? $"{Method} da" : null;

    public int Count(ParseResult parsed) => parsed.GetValue(_count);

    /// <summary>Plans the file of traces, if there is to be one.</summary>
    public void Plan(ParseResult parsed, Outputs outputs) => outputs.Plan(TracesName, "traces of the chains", parsed.GetValue(_traces));

    /// <summary>Fills it.</summary>
    public static void FillTraces(Outputs outputs, ImputationSet? set, CancellationToken cancellation) =>
        outputs.Fill(TracesName, stream => TracesFile.Write(stream, set?.Chains?.Traces ?? [], cancellation));

    public MultipleOptions Read(ParseResult parsed, ModelOptions model, FillOptions filling) => new()
    {
        Count = Count(parsed),
        Method = parsed.GetValue(_method),
        PredictiveMeanMatching = parsed.GetValue(_matching),
        DataAugmentation = new DataAugmentationOptions
        {
            ChainCount = parsed.GetValue(_chains) ?? DataAugmentationOptions.Default.ChainCount,
            BurnIn = parsed.GetValue(_burnIn),
            Thinning = parsed.GetValue(_thinning),
        },
        Model = model,
        Fill = filling with { Donors = parsed.GetValue(_donors) ?? FillOptions.Default.Donors },
    };

    /// <summary>The settings that determine the imputations, by option name. Their number is not one of them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings(MultipleOptions options)
    {
        string Whole(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "by the rate of convergence";
        bool augments = options.Method == MultipleMethod.DataAugmentation;
        yield return new(Method, augments ? "da" : "emb");
        yield return new(_matching.Name, options.PredictiveMeanMatching ? "yes" : "no");
        yield return new(_donors.Name, options.PredictiveMeanMatching ? Whole(options.Fill.Donors) : "");
        if (!augments) yield break;
        yield return new(_chains.Name, Whole(options.DataAugmentation.ChainCount));
        yield return new(_burnIn.Name, Whole(options.DataAugmentation.BurnIn));
        yield return new(_thinning.Name, Whole(options.DataAugmentation.Thinning));
    }
}
