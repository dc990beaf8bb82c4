using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Reports;

namespace Imputation.Cli.Commands;

/// <summary><c>impute cluster IN --k 1..6 --out SEGMENTS.csv</c>: the component of every row, under the mixture chosen among
/// several.</summary>
internal sealed class ClusterCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly DiagnosingOptions _diagnosing = new();
    private readonly FittingOptions _fitting = new();
    private readonly CommonOptions _common = new();

    private readonly Option<(int From, int To)> _k = new("--k")
    {
        Description = "Number of components, or a range from which it is chosen.",
        HelpName = "1..6",
        CustomParser = Values.Range,
        DefaultValueFactory = _ => (1, 6),
    };

    private readonly Option<MixtureCriterion> _by = new("--by")
    {
        Description = "What the number is chosen by: bic, icl (components must be apart), or hidden (log density of hidden cells).",
        HelpName = "bic|icl|hidden",
        CustomParser = Values.Criterion,
        DefaultValueFactory = _ => MixtureCriterion.Bic,
    };

    private readonly Option<bool> _classes = new("--classes")
    {
        Description = "Latent classes: categories only, whole numbers of few values being codes.",
    };

    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = "Write row, component, probability of each component, and margin (the largest probability less the next) as CSV; - "
            + "is standard output.",
        HelpName = "SEGMENTS.csv",
    };

    private readonly Option<string?> _modelOut = new("--model-out")
    {
        Description = "Write the fitted model as JSON, for 'impute apply'.",
        HelpName = "M.json",
    };

    public Command Create()
    {
        var command = new DocumentedCommand("cluster",
            "Find segments: fit mixtures of normal distributions (categories independent within a component) to all rows, incomplete ones "
                + "too, and give the component of every row.", """
            impute cluster customers.csv --k 1..6 --out segments.csv --report segments.html
            impute cluster customers.csv --k 3 --shape tied --by icl --out segments.csv --model-out model.json
            """);
        _reading.AddTo(command);
        foreach (Option option in (Option[])[_k, _by, _classes, _out, _modelOut]) command.Options.Add(option);
        _diagnosing.AddReportTo(command);
        _fitting.AddTo(command, clusters: true);
        _common.AddTo(command, computes: true);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_classes)) _fitting.RefuseShape(parsed, "latent classes (--classes) are of categories");
        using var outputs = new Outputs(_reading.Input(parsed));
        outputs.Plan(_out.Name, "segments", parsed.GetValue(_out));
        outputs.Plan(_modelOut.Name, "model", parsed.GetValue(_modelOut));
        outputs.Plan("--report", "report", _diagnosing.Report(parsed));
        outputs.Plan("--json", "copy of the model", _common.Json(parsed));
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        Table table = _reading.Read(parsed, cancellation);
        ModelOptions With(ModelOptions model) => _fitting.Read(parsed, model, _reading.Selection(parsed, table), _reading.Codebook(parsed),
            table);
        (int from, int to) = parsed.GetValue(_k);
        MixtureCriterion by = parsed.GetValue(_by);
        RunOptions run = _common.Run(parsed, progress);
        MixtureChoice choice = progress.Run(() => parsed.GetValue(_classes)
            ? LatentClass.Choose(table, from, to, by, (LatentClassOptions)With(new LatentClassOptions()), run, cancellation)
            : NormalMixture.Choose(table, from, to, by, (NormalMixtureOptions)With(new NormalMixtureOptions
            {
                Shape = _fitting.Shape(parsed)
            }), run, cancellation));
        NormalMixtureFit fit = choice.Best;
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        if (_common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, [.. table.Findings, .. fit.Report.Findings]);
        double[,] shares = fit.Responsibilities(table);

        outputs.Fill(_out.Name, stream => SegmentsFile.Write(stream, shares, cancellation));
        outputs.Fill(_modelOut.Name, stream => ModelFile.Write(stream, fit, ModelSource.Of(table)));
        ReportHeading heading = Diagnosis.Heading(_reading.Input(parsed), table, fit, run.Seed);
        heading = heading with { Kind = "Cluster report", Lead = "Components are numbered from 1, the largest first." };
        outputs.Fill("--report", stream => MixturePage.Write(stream, table, choice, shares, heading));
        outputs.Fill("--json", stream => ModelFile.Write(stream, fit, ModelSource.Of(table)));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.Input(parsed), table);
            FitSummary.Columns(account, fit.Report.ColumnUses);
            ClusterSummary.Candidates(account, choice);
            FitSummary.Fit(account, fit, fit.Report.Prior);
            FitSummary.Findings(account, [.. table.Findings, .. fit.Report.Findings]);
            ClusterSummary.Components(account, fit, shares);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }
}
