using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Reports;

namespace Imputation.Cli.Commands;

/// <summary><c>impute pool ESTIMATES</c>: one answer from the answers that the completed tables gave, by Rubin's rules.</summary>
internal sealed class PoolCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly CommonOptions _common = new();

    private readonly Option<double?> _freedom = new("--df")
    {
        Description = "Complete-data degrees of freedom, such as rows minus coefficients; by default the column df or df.residual, "
            + "or infinite (large sample).",
        HelpName = "N",
        CustomParser = Values.DegreesOfFreedom,
    };

    private readonly Option<double> _confidence = new("--confidence")
    {
        Description = "Coverage of the confidence intervals.",
        HelpName = "0.95",
        CustomParser = Values.Share,
        DefaultValueFactory = _ => 0.95,
    };

    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = "Write the pooled estimates as CSV; - is "
        + "standard output.",
        HelpName = "OUT.csv"
    };

    public Command Create()
    {
        var command = new DocumentedCommand("pool",
            "Pool the estimates of several completed tables by Rubin's rules. The table has columns imputation, term, estimate, "
            + "std.error and, optionally, df or df.residual, and y.level (levels of the outcome).", """
            impute pool estimates.csv
            impute pool estimates.csv --df 96 --out pooled.csv --json pooled.json
            """);
        _reading.AddTo(command, selects: false);
        foreach (Option option in (Option[])[_freedom, _confidence, _out]) command.Options.Add(option);
        _common.AddTo(command, computes: false);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var outputs = new Outputs(_reading.Input(parsed));
        string? path = parsed.GetValue(_out);
        if (path is { Length: > 0 } && Formats.Of(parsed, _out.Name, null, path).Name != "csv")
            throw new UsageException($"{_out.Name} '{path}': pooled estimates are written as CSV; name a file that ends in .csv.");
        outputs.Plan(_out.Name, "pooled estimates", path);
        outputs.Plan("--json", "report", _common.Json(parsed));
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        Table table = _reading.Read(parsed, cancellation, EstimateTable.ReadOptions);
        EstimateTable estimates = EstimateTable.Of(table, parsed.GetValue(_freedom));
        IReadOnlyList<PooledTerm> terms = estimates.Pool(parsed.GetValue(_confidence));
        if (estimates.Imputations.Contains("0"))
            Terminal.Say("impute: note: imputation 0 is pooled like the others. In mice's long files it is the incomplete data; if so "
                + "here, remove its rows.");

        outputs.Fill(_out.Name, stream => PooledFile.Write(stream, terms, path!.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t'
            : ',', cancellation));
        outputs.Fill("--json", stream => PooledReport.Write(stream, terms));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.Input(parsed), table);
            PoolSummary.Write(account, terms);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitCode.Done;
    }
}
