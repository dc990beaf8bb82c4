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
        Description = "Where each imputation's model comes from: emb, a resample of the rows (the default), or da, a Markov chain (data "
            + "augmentation).",
        HelpName = "emb|da",
        CustomParser = Values.MultipleMethod,
    };

    private readonly Option<int?> _chains = new("--chains")
    {
        Description = "With --method da, number of chains, each from a start of its own; default 4.",
        HelpName = "K",
        CustomParser = result => Values.Whole(1, "a number of chains", 1_000)(result),
    };

    private readonly Option<int?> _burnIn = new("--burn-in")
    {
        Description = "With --method da, iterations of a chain before its first draw; by default as many as the fit's rate of convergence "
            + "calls for.",
        HelpName = "N",
        CustomParser = result => Values.Whole(1, "a number of iterations", 1_000_000)(result),
    };

    private readonly Option<int?> _thinning = new("--thinning")
    {
        Description = "With --method da, iterations from a draw of a chain to its next; by default as many as the fit's rate of "
            + "convergence calls for.",
        HelpName = "N",
        CustomParser = result => Values.Whole(1, "a number of iterations", 1_000_000)(result),
    };

    private readonly Option<string?> _traces = new(TracesName)
    {
        Description = "With --method da, write the parameters of every iteration "
        + "of every chain as CSV; - is standard output.",
        HelpName = "FILE"
    };

    private readonly Option<bool> _matching = new("--pmm")
    {
        Description = "Fill with values that occur, of rows with much the same "
        + "prediction (predictive mean matching), rather than with draws from the normal distribution."
    };

    private readonly Option<int?> _donors = new("--donors")
    {
        Description = "With --pmm, from how many such rows a value is drawn; default 5.",
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

    /// <summary>Finds what does not go together.</summary>
    /// <exception cref="UsageException">It is said which options.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_donors) is not null && !parsed.GetValue(_matching))
            throw new UsageException($"{_donors.Name} goes with {_matching.Name}.");
        if (parsed.GetValue(_method) == MultipleMethod.DataAugmentation) return;
        if (((Option[])[_chains, _burnIn, _thinning, _traces]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })
            is { } option)
            throw new UsageException($"{option.Name} goes with {Method} da: only data augmentation runs chains.");
    }

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
        Augmentation = new DataAugmentationOptions
        {
            ChainCount = parsed.GetValue(_chains) ?? DataAugmentationOptions.Default.ChainCount,
            BurnIn = parsed.GetValue(_burnIn),
            Thinning = parsed.GetValue(_thinning),
        },
        Model = model,
        Fill = filling with { Donors = parsed.GetValue(_donors) ?? FillOptions.Default.Donors },
    };

    /// <summary>What imputations depend on of all this, by the names of options. How many there are is not part of it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings(MultipleOptions options)
    {
        string Whole(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "by the rate of convergence";
        bool augments = options.Method == MultipleMethod.DataAugmentation;
        yield return new(Method, augments ? "da" : "emb");
        yield return new(_matching.Name, options.PredictiveMeanMatching ? "yes" : "no");
        yield return new(_donors.Name, options.PredictiveMeanMatching ? Whole(options.Fill.Donors) : "");
        if (!augments) yield break;
        yield return new(_chains.Name, Whole(options.Augmentation.ChainCount));
        yield return new(_burnIn.Name, Whole(options.Augmentation.BurnIn));
        yield return new(_thinning.Name, Whole(options.Augmentation.Thinning));
    }
}
