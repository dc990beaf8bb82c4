using System.CommandLine;
using Imputation.Analyses;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Reports;

namespace Imputation.Cli.Commands;

/// <summary><c>impute analyze IN FORMULA</c>: a regression, means and correlations from incomplete data, pooled over imputations.</summary>
internal sealed class AnalyzeCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly ImputingOptions _imputing = new(pools: true);
    private readonly FillingOptions _filling = new();
    private readonly FittingOptions _fitting = new();
    private readonly CommonOptions _common = new();

    private readonly Argument<string> _formula = new("FORMULA")
    {
        Description = "Regression formula, such as \"income ~ age + "
        + "education\"; . on the right means all other columns. A category has a coefficient for each level but the first."
    };

    private readonly Option<bool> _long = new("--long")
    {
        Description = "The table already contains the imputations, stacked as by "
        + "mice: .imp is the number of the imputation (0 is the incomplete table), .id that of the row."
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
        Description = "Write the pooled coefficients as CSV; - is "
        + "standard output.",
        HelpName = "OUT.csv"
    };

    public Command Create()
    {
        var command = new DocumentedCommand("analyze",
            "Linear regression, means and correlations by multiple imputation, pooled by Rubin's rules, with the complete-case results "
            + "for comparison.", """
            impute analyze survey.csv "income ~ age + education"
            impute analyze survey.csv "income ~ age + education" -m 50 --seed 7 --out coefficients.csv --json analysis.json
            impute analyze survey.csv "income ~ age + education" --pmm --bounds "age=0..110"
            impute analyze survey.csv '`household income` ~ .' --exclude id
            impute analyze imputations.csv "income ~ age + education" --long
            """);
        _reading.AddTo(command);
        command.Arguments.Add(_formula);
        _imputing.AddTo(command);
        foreach (Option option in (Option[])[_long, _confidence, _out]) command.Options.Add(option);
        _filling.AddRangesTo(command);
        _fitting.AddTo(command);
        _common.AddTo(command, computes: true);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        RegressionFormula formula = Formula(parsed.GetRequiredValue(_formula));
        bool isLong = parsed.GetValue(_long);
        if (isLong) RefuseUseless(parsed);
        _imputing.Check(parsed);
        using var outputs = new Outputs(_reading.Input(parsed));
        string? path = parsed.GetValue(_out);
        if (path is { Length: > 0 } && Formats.Of(parsed, _out.Name, null, path).Name != "csv")
            throw new UsageException($"{_out.Name} '{path}': coefficients are written as CSV; name a file that ends in .csv.");
        outputs.Plan(_out.Name, "pooled coefficients", path);
        _imputing.Plan(parsed, outputs);
        outputs.Plan("--json", "analysis", _common.Json(parsed));
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        Table table = _reading.Read(parsed, cancellation, isLong ? LongKinds(formula) : null);
        foreach (string name in formula.Predictors.Prepend(formula.Response)) _ = ColumnNames.One(_formula.Name, name, table);
        ColumnNames.RequireNumeric(_formula.Name, formula.Response, table, "the response of a regression has to be a number. Code it as "
            + "numbers first, such as 0 and 1 for two groups");
        (PooledAnalysis analysis, Imputed imputed) = progress.Run(() => isLong
            ? Long(table, formula, parsed.GetValue(_confidence), cancellation)
            : Multiple(parsed, table, formula, progress, cancellation));
        ImputationSet? set = imputed.Set;
        Finding[] before = [.. table.Findings.Concat(set?.Fit.Report.Findings ?? []).Concat(imputed.Findings).Concat(set?.Findings ?? [])
            .Distinct()];
        if (_common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(set?.Fit, [.. before, .. analysis.Findings]);

        IReadOnlyList<PooledTerm> terms = [.. analysis.Coefficients.Names.Zip(analysis.Coefficients.Coefficients,
            (name, pooled) => new PooledTerm(name, pooled))];
        outputs.Fill(_out.Name, stream => PooledFile.Write(stream, terms, path!.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t'
            : ',', cancellation));
        ImputingOptions.FillTraces(outputs, set, cancellation);
        outputs.Fill("--json", stream => AnalysisReport.Write(stream, analysis, set, ModelSource.Of(table), imputed.Findings));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.Input(parsed), table);
            if (set is null) FitSummary.Findings(account, before);
            else
            {
                FitSummary.Columns(account, set.Fit.Report.ColumnUses);
                FitSummary.Fit(account, set.Fit, _fitting.Prior(parsed));
                FitSummary.Findings(account, before);
            }
            AnalysisSummary.Write(account, analysis, set);
            FillSummary.Files(account, outputs.Files);
        }
        return set is null ? ExitCode.Done : ExitStatus.Code(set.Fit, writes: false);
    }

    private (PooledAnalysis, Imputed) Multiple(ParseResult parsed, Table table, RegressionFormula formula, Progress progress,
        CancellationToken cancellation)
    {
        ColumnSelection selection = _reading.Selection(parsed, table);
        ModelOptions model = _fitting.Read(parsed, selection, _reading.Codebook(parsed), table);
        SurveyReading survey = model.Read(table);
        formula = Design.Of(formula, survey.Table, selection).Formula;
        FillOptions filling = _filling.Read(parsed, table, _reading.Codebook(parsed));
        Imputed imputed = formula.Predictors.Prepend(formula.Response).All(name => survey.Table[name].MissingCount == 0)
            ? Imputed.Unneeded(survey, _imputing.Count(parsed))
            : Imputed.Of(survey, _imputing.Read(parsed, model, filling), _common.Run(parsed, progress), cancellation);
        return (Analysis.Pooled(imputed.Tables, formula, parsed.GetValue(_confidence), survey.Table, cancellation), imputed);
    }

    private static (PooledAnalysis, Imputed) Long(Table table, RegressionFormula formula, double confidence, CancellationToken cancellation)
    {
        LongImputations imputations = LongImputations.Of(table);
        if (imputations.Count < 2)
            throw new ImputationDataException($"Column '.imp' has {(imputations.Count == 0 ? "no imputation" : "only one imputation")}; "
                + "only the variation between imputations shows the uncertainty of filled cells. Expected at least 2; 20 is a good number.",
                ".imp");
        return (Analysis.Pooled(imputations.Count, k => imputations[k], formula, confidence, imputations.Incomplete, cancellation),
            new Imputed([], null));
    }

    private static RegressionFormula Formula(string text)
    {
        try
        {
            return RegressionFormula.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>Rows may have any names; the columns of the formula have to be numbers, the others may have any content.</summary>
    private static TableReadOptions LongKinds(RegressionFormula formula) =>
        new()
        {
            MixedColumns = [".id"],
            NumericColumns = [".imp", formula.Response, .. formula.Predictors],
            OtherColumnsMayMix = true, // such as p-values written <0.001
        };

    /// <exception cref="UsageException">An option for imputing was given, but the input is imputed already.</exception>
    private static void RefuseUseless(ParseResult parsed)
    {
        HashSet<string> useful = ["--long", "--confidence", "--out", "--json", "--quiet", "--from", "--missing", "--missing-in",
            "--no-missing", "--delimiter", "--decimal-comma", "--thousands", "--no-header", "--header-lines", "--skip-lines", "--sheet"];
        if (parsed.CommandResult.Command.Options.FirstOrDefault(o => !useful.Contains(o.Name)
            && parsed.GetResult(o) is { Implicit: false }) is { } option)
            throw new UsageException($"{option.Name} is for imputing, but with --long the table already contains the imputations; omit "
                + "one of the two.");
    }
}
