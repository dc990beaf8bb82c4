using System.CommandLine;
using System.Text;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary><c>impute sql statistics</c> and <c>impute sql fill</c>: print a statement that is run where the rows are. Nothing is connected
/// to.</summary>
internal sealed class SqlCommand
{
    private readonly Option<SqlDialect> _dialect = new("--dialect")
    {
        Description = "SQL of the engine: postgresql, duckdb, spark (also Databricks), bigquery, snowflake, trino (also Athena) or "
            + "clickhouse.",
        HelpName = "NAME",
        CustomParser = Values.Dialect,
        Required = true,
    };

    private readonly Option<string> _table = new("--table")
    {
        Description = "The table: T, SCHEMA.T or CATALOG.SCHEMA.T, as the catalogue spells it, since names are quoted (Snowflake: in upper "
            + "case). A part with a point in it is in double quotes.",
        HelpName = "T",
        Required = true,
    };

    private readonly Option<string[]> _columns = new("--columns")
    {
        Description = "The columns of numbers, as the catalogue spells them. May repeat; give a name that contains a comma in a separate "
            + "option, in double quotes.",
        HelpName = "a,b",
        Required = true,
    };

    private readonly Option<string[]> _keep = new("--keep")
    {
        Description = "Other columns of the table to select as they are, such as a key. May repeat.",
        HelpName = "id",
    };

    private readonly Option<string?> _patterns = new("--patterns")
    {
        Description = "Statistics of the table (from 'impute sql statistics' or 'impute accumulate'): the patterns that are filled, 100 at "
            + "most. Without it all that the columns can have, for up to 6 columns.",
        HelpName = "T.stats.csv",
    };

    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "Model file of a normal model, from 'impute fit'; - is standard input.",
    };

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "Write the statement to a file; - is standard output.",
        HelpName = "FILE.sql",
        DefaultValueFactory = _ => "-",
    };

    public Command Create()
    {
        var command = new DocumentedCommand("sql",
            "Print SQL to run where the rows are, on a database or cluster: statistics for 'impute fit', and conditional means of a fitted "
                + "model. Nothing is connected to.", """
            impute sql statistics --dialect postgresql --table sales --columns age,income > statistics.sql
            psql --csv -f statistics.sql > sales.stats.csv
            impute fit sales.stats.csv --out model.json
            impute sql fill model.json --dialect postgresql --table sales --keep id > fill.sql
            """);
        command.Subcommands.Add(Statistics());
        command.Subcommands.Add(Fill());
        return command;
    }

    private Command Statistics()
    {
        var command = new DocumentedCommand("statistics",
            "Print one SELECT whose result is a table of statistics for 'impute fit': number of rows, means and co-moments by pattern of "
                + "missing cells, in one pass. At most 53 columns.", """
            impute sql statistics --dialect postgresql --table sales --columns age,income > statistics.sql
            impute sql statistics --dialect spark --table lake.sales --columns age,income,visits
            """);
        foreach (Option option in (Option[])[_dialect, _table, _columns, _out]) command.Options.Add(option);
        command.Runs((parsed, cancellation) => Write(parsed, cancellation, () => SqlStatements.Statistics(parsed.GetRequiredValue(_dialect),
            parsed.GetRequiredValue(_table), Names(parsed, _columns))));
        return command;
    }

    private Command Fill()
    {
        var command = new DocumentedCommand("fill",
            "Print one SELECT of the model's columns with conditional means in place of missing cells: numbers as they are, not rounded to "
                + "possible values, without bounds, exact relations and draws, for which 'impute apply' fills. At most 100 patterns and 1 "
                + "MB of SQL; a cell of another pattern stays NULL.", """
            impute sql fill model.json --dialect duckdb --table sales --keep id
            impute sql fill model.json --dialect bigquery --table project.data.sales --patterns sales.stats.csv
            """);
        command.Arguments.Add(_model);
        foreach (Option option in (Option[])[_dialect, _table, _keep, _patterns, Formats.Engine(), _out]) command.Options.Add(option);
        command.Runs((parsed, cancellation) => Write(parsed, cancellation, () => Fill(parsed, cancellation)));
        return command;
    }

    private string Fill(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_model);
        using Stream stream = Inputs.Open(path);
        FittedModel model = ModelFile.Read(stream, path == "-" ? "standard input" : path);
        PatternStatistics? patterns = parsed.GetValue(_patterns) is { } file
            ? StatisticsFile.Of(ReadingOptions.ReadStatistics(parsed, file, from: null, cancellation), file) : null;
        string sql = SqlStatements.Fill(model, parsed.GetRequiredValue(_dialect), parsed.GetRequiredValue(_table), Names(parsed, _keep),
            patterns);
        if (model.Report.Relations.Count > 0)
            Terminal.Say($"impute: note: {model.Report.Relations[0].Holds}; 'impute apply' fills from this relation, and the "
                + "statement from the model alone.");
        return sql;
    }

    private int Write(ParseResult parsed, CancellationToken cancellation, Func<string> statement)
    {
        using var outputs = new Outputs();
        outputs.Plan(_out.Name, "statement", parsed.GetRequiredValue(_out));
        outputs.Check();
        byte[] sql;
        try
        {
            sql = Encoding.UTF8.GetBytes(statement());
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Formats.WithoutParameter(exception));
        }
        outputs.Fill(_out.Name, stream => stream.Write(sql));
        outputs.Commit(cancellation);
        return ExitCode.Done;
    }

    private static string[] Names(ParseResult parsed, Option<string[]> option) =>
        [.. (parsed.GetValue(option) ?? []).SelectMany(TextFormat.OptionItems)];
}
