using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Sql;

namespace Imputation.Cli.Commands;

/// <summary>The rows of a database that a run is about.</summary>
/// <param name="Session">The connection.</param>
/// <param name="Text">The query.</param>
/// <param name="Table">The table, where one was named.</param>
/// <param name="Shape">A table of no rows with its columns.</param>
/// <param name="BatchCells">Most cells of a batch.</param>
internal sealed record DatabaseQuery(PostgreSqlSession Session, string Text, PostgreSqlTable? Table, Table Shape, int BatchCells)
{
    /// <summary>The rows in messages.</summary>
    public string Said => Table?.Said ?? "the query";

    /// <summary>The rows.</summary>
    public IRowSource Rows => Session.Rows(Text, Said, Math.Clamp(BatchCells / Shape.Columns.Count, 1, DbRowSource.DefaultBatchRows));

    /// <summary>The rows that the options ask for.</summary>
    public static DatabaseQuery Of(DatabaseOptions options, StreamingOptions streaming, ParseResult parsed, PostgreSqlSession session,
        CancellationToken cancellation)
    {
        PostgreSqlTable? table = options.Table(parsed) is { } name ? PostgreSqlTable.Of(session, name, cancellation) : null;
        string text = table?.Query() ?? options.Query(parsed)!, said = table?.Said ?? "the query";
        return new DatabaseQuery(session, text, table, session.Shape(text, said, cancellation), streaming.BatchCells(parsed));
    }
}
