using System.CommandLine;

namespace Imputation.Cli.Options;

/// <summary>How many imputations, and of what kind.</summary>
internal sealed class ImputingOptions
{
    private readonly Option<int> _count = new("-m")
    {
        Description = "Number of imputations.",
        HelpName = "20",
        CustomParser = Values.Imputations,
        DefaultValueFactory = _ => 20,
    };

    public void AddTo(Command command) => command.Options.Add(_count);

    public int Count(ParseResult parsed) => parsed.GetValue(_count);
}
