using System.CommandLine;
using Imputation.Imputers;
using Imputation.Imputers.Multiple;
using Imputation.Models.Normal;

namespace Imputation.Cli.Options;

/// <summary>How a table is imputed several times.</summary>
internal sealed class ImputingOptions
{
    public const string Method = "--method";

    private readonly Option<int> _count = new("--imputations", "-m")
    {
        Description = "Number of imputations.",
        HelpName = "M",
        CustomParser = Values.Imputations,
        DefaultValueFactory = _ => MultipleOptions.Default.Count,
    };

    private readonly Option<MultipleMethod> _method = new(Method)
    {
        Description = "Where each imputation's model comes from: emb, a resample of the rows (the default), or da, a Markov chain (data augmentation).",
        HelpName = "emb|da",
        CustomParser = Values.MultipleMethod,
    };

    private readonly Option<bool> _matching = new("--pmm") { Description = "Fill with values that occur, of rows with much the same prediction (predictive mean matching), rather than with draws from the normal distribution." };

    private readonly Option<int?> _donors = new("--donors")
    {
        Description = "With --pmm, from how many such rows a value is drawn; default 5.",
        HelpName = "K",
        CustomParser = result => Values.Whole(1, "a number of rows")(result),
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_count, _method, _matching, _donors]) command.Options.Add(option);
    }

    /// <summary>Finds what does not go together.</summary>
    /// <exception cref="UsageException">It is said which options.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_donors) is not null && !parsed.GetValue(_matching)) throw new UsageException($"{_donors.Name} goes with {_matching.Name}.");
    }

    public int Count(ParseResult parsed) => parsed.GetValue(_count);

    public MultipleOptions Read(ParseResult parsed, CommonOptions common, NormalOptions model, ImputationOptions filling) => new()
    {
        Count = Count(parsed),
        Method = parsed.GetValue(_method),
        Matching = parsed.GetValue(_matching),
        Donors = parsed.GetValue(_donors) ?? MultipleOptions.Default.Donors,
        Seed = common.Seed(parsed),
        Threads = common.Threads(parsed),
        Model = model,
        Imputation = filling,
    };
}
