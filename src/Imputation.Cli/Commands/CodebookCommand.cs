using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Files.Json;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary><c>impute codebook IN --out F</c>: proposes what the columns mean, for a person to edit.</summary>
internal sealed class CodebookCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly CommonOptions _common = new();

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "Write the proposal as a Table Schema (JSON); - is standard output.",
        HelpName = "FILE",
        Required = true,
    };

    public Command Create()
    {
        var command = new DocumentedCommand("codebook",
            "Propose a codebook: measures, levels, missing codes and skip rules, with the evidence for each. Edit it, then give it to the "
            + "other commands with --codebook. A codebook that there is (Table Schema, REDCap data dictionary, DDI) is kept and completed: "
            + "give it with --codebook; what could not be translated is listed.", """
            impute codebook survey.csv --out survey.schema.json
            impute codebook export.csv --codebook DataDictionary.csv --out survey.schema.json
            impute fill survey.csv --codebook survey.schema.json --out survey.completed.csv
            """);
        _reading.AddTo(command, selects: false);
        command.Options.Add(_out);
        _common.AddTo(command, computes: false);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var outputs = new Outputs(_reading.Input(parsed));
        outputs.Plan(_out.Name, "codebook", parsed.GetValue(_out));
        outputs.Plan("--json", "copy of the codebook", _common.Json(parsed));
        outputs.Check();
        var terminal = new Terminal(_common.Quiet(parsed));
        Table table = _reading.Read(parsed, cancellation);
        Codebook? given = _reading.Codebook(parsed) ?? table.Source?.Codebook;
        var survey = SurveyReading.Of(table, given);
        Codebook codebook = CodebookProposal.Of(survey, given);
        outputs.Fill(_out.Name, stream => CodebookFile.Write(stream, codebook));
        outputs.Fill("--json", stream => CodebookFile.Write(stream, codebook));
        outputs.Commit(cancellation);
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.Input(parsed), table);
            foreach (CodebookField field in codebook.Fields)
            {
                account.Line(field.Name, (field.Measure is { } measure ? JsonText.Of(measure) : "?")
                    + (field.Universe is { } universe ? $", asked if {universe}" : "")
                    + (field.Derived is { } derived ? $", computed as {derived}" : "")
                    + (field.Missing.Count > 0 ? $", missing {TextFormat.List([.. field.Missing.Select(m => m.Value)])}" : "")
                    + (field.Evidence.Length > 0 ? $"\n{field.Evidence}" : "")
                    + (field.DerivedEvidence.Length > 0 ? $"\n{field.DerivedEvidence}" : ""));
            }
            // Those that were found are proposals, and above.
            FitSummary.Findings(account, survey.Findings.Where(f => f.Code is not ("suspicious-code" or "not-asked"
                or "group" or "looks-like-weight" or "derived-column")));
            FillSummary.Files(account, outputs.Files);
        }
        return ExitCode.Done;
    }
}
