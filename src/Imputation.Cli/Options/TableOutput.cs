using System.CommandLine;
using Imputation.Cli.Output;
using Imputation.Data;
using Imputation.Files;

namespace Imputation.Cli.Options;

/// <summary>Where a completed table goes, and as what: the same for <c>fill</c> and <c>apply</c>.</summary>
internal sealed class TableOutput
{
    private readonly Option<string> _out = new("--out", "-o") { Description = "Write the completed table here; - is standard output.", HelpName = "OUT", Required = true };

    private readonly Option<string?> _to = new("--to")
    {
        Description = "Format of the output; by default what its name ends in, otherwise CSV.",
        HelpName = "FORMAT",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_out);
        command.Options.Add(_to);
    }

    public void Plan(ParseResult parsed, Outputs outputs)
    {
        _ = Format(parsed);
        outputs.Plan(_out.Name, "completed table", Path(parsed));
    }

    public void Fill(ParseResult parsed, Outputs outputs, Table table, CancellationToken cancellation)
    {
        var options = new TableWriteOptions { Delimiter = Path(parsed).EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',' };
        outputs.Fill(_out.Name, stream => Format(parsed).Write(stream, table, options, cancellation));
    }

    private ITableFormat Format(ParseResult parsed) => Formats.Of(_to.Name, parsed.GetValue(_to), Path(parsed));

    private string Path(ParseResult parsed) => parsed.GetRequiredValue(_out);
}
