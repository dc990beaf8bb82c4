using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary><c>impute accumulate PART --out PART.stats.parquet</c>: the statistics of a part of a table, to be merged and fitted
/// elsewhere.</summary>
internal sealed class AccumulateCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly StreamingOptions _streaming = new();
    private readonly CommonOptions _common = new();

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "Output file for the statistics, a name that ends in .stats.parquet or .stats.csv; - is standard output.",
        HelpName = "PART.stats.parquet",
        Required = true,
    };

    private readonly Option<string?> _to = new("--to")
    {
        Description = "Format of the output; by default from its file extension, otherwise CSV.",
        HelpName = "FORMAT",
    };

    public Command Create()
    {
        var command = new DocumentedCommand("accumulate",
            "Count the rows of a part of a table by pattern of missing cells: number, means and co-moments. 'impute fit' merges such "
                + "files and fits the normal model to all rows. Name the columns, so that every part has the same.", """
            impute accumulate part1.csv --columns age,income --out part1.stats.parquet
            impute fit part1.stats.parquet part2.stats.parquet --out model.json
            """);
        _reading.AddTo(command, several: true);
        _streaming.AddTo(command);
        command.Options.Add(_out);
        command.Options.Add(_to);
        _common.AddTo(command, computes: false, json: false);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_out);
        using Outputs outputs = _reading.Outputs(parsed);
        ITableFormat format = Formats.ToWrite(parsed, _to.Name, parsed.GetValue(_to), path);
        if (format.WritesOnlyItsOwn)
            throw new UsageException($"{_out.Name}: statistics are no {format.Name} table; write .stats.csv or .stats.parquet (--to csv or "
                + "parquet).");
        outputs.Plan(_out.Name, "statistics", path);
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        bool limited = _streaming.IsWanted(parsed, _reading);
        using IFileRows? rows = limited ? _reading.Rows(parsed, _streaming, cancellation) : null;
        Table table = rows?.First ?? _reading.Read(parsed, cancellation);
        IReadOnlyList<NumericColumn> columns = Counted(table, _reading.Selection(parsed, table));
        var statistics = new PatternStatistics([.. columns.Select(c => c.Name)]);
        foreach (Table batch in rows?.Batches(cancellation) ?? (table.RowCount == 0 ? [] : [table]))
        {
            cancellation.ThrowIfCancellationRequested();
            statistics.Add(IncompleteMatrix.FromColumns([.. statistics.ColumnNames.Select(name => (NumericColumn)batch[name])]));
        }
        Table result = StatisticsFile.ToTable(statistics);
        TableWriteOptions writing = TableOutput.Writing(path, TableCompression.Snappy, format) with
        {
            MissingText = StatisticsFile.WriteOptions.MissingText,
        };
        outputs.Fill(_out.Name, stream => format.Write(stream, result, writing, cancellation));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.NameOf(parsed), statistics.RowCount, table.Columns.Count,
                _streaming.Describe(parsed, _reading));
            account.Line("Columns", $"{TextFormat.Count(columns.Count)} counted: {TextFormat.NameList(columns.Select(c => c.Name))}");
            string[] others = [.. table.Columns.Select(c => c.Name).Except(columns.Select(c => c.Name))];
            if (others.Length > 0) account.Line("", $"not counted: {TextFormat.NameList(others)}");
            account.Line("Patterns", TextFormat.Count(statistics.PatternCount));
            FitSummary.Findings(account, table.Findings);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitCode.Done;
    }

    /// <summary>The columns named, or all of numbers that are not identifiers; those that do not vary too, as they may in another
    /// part.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    private static IReadOnlyList<NumericColumn> Counted(Table table, ColumnSelection selection)
    {
        HashSet<string> counted = [.. new DiagnosticContext(table).ColumnUses.Where(use => use.Role is ColumnRole.Modelled
            or ColumnRole.Constant or ColumnRole.NothingObserved).Select(use => use.Name)];
        NumericColumn[] columns = [.. table.Columns.OfType<NumericColumn>().Where(c => selection.Include.Count > 0
            ? selection.Include.Contains(c.Name) : counted.Contains(c.Name) && !selection.Exclude.Contains(c.Name))];
        return columns.Length > 0 ? columns : throw new UsageException("the table has no column of numbers to count; name some with "
            + "--columns.");
    }
}
