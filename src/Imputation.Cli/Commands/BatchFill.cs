using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Reports;

namespace Imputation.Cli.Commands;

/// <summary>Fills rows in batches and writes the files of the run: what <c>fill</c> and <c>apply</c> have in common where the table is not
/// in memory.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="outputs">The planned files.</param>
/// <param name="rows">The rows.</param>
/// <param name="fit">The model.</param>
/// <param name="filling">How cells are filled.</param>
/// <param name="run">Seed and threads.</param>
/// <param name="cancellation">Cancels.</param>
internal sealed class BatchFill(ParseResult parsed, Outputs outputs, IFileRows rows, FittedModel fit, FillOptions filling, RunOptions run,
    CancellationToken cancellation)
{
    private ImputationTotals? _totals;

    /// <summary>The columns of a batch that the model may see; null for all.</summary>
    public Func<Table, Table>? Offered { get; init; }

    /// <summary>Joins a filled table to the batch that it is from.</summary>
    public Func<Table, Table, Table>? Rejoined { get; init; }

    /// <summary>Refuses what was found while filling, before a file is in its place; null where nothing is refused.</summary>
    public Action<IReadOnlyList<Finding>>? Check { get; init; }

    /// <summary>What was filled; known when the table is written.</summary>
    public ImputationTotals Totals
    {
        get
        {
            if (_totals is null)
                foreach (Table _ in Filled()) { } // asked for before the table is written, as where it goes to standard output
            return _totals!;
        }
    }

    /// <summary>Writes the table, the ledger and the report.</summary>
    public void Write(TableOutput output, string ledger, string json, ModelSource? source, Func<RunMemory> memory)
    {
        if (output.IsTyped(parsed)) Widened = Imputer.Fractional(fit, rows, filling, cancellation);
        outputs.Fill(output.Name, stream => output.Write(parsed, stream, Filled(), Widened, cancellation));
        outputs.Fill(ledger, stream => LedgerFile.Write(stream, Results().SelectMany(part => part.Result.Cells), cancellation));
        outputs.Fill(json, stream => RunReport.Write(stream, fit, Totals, filling, run, source, memory()));
        outputs.Commit(cancellation);
    }

    /// <summary>Columns of whole numbers whose type the output has to change.</summary>
    public IReadOnlyList<string> Widened { get; private set; } = [];

    private IEnumerable<(Table Batch, ImputationResult Result)> Results()
    {
        long before = 0;
        foreach (Table batch in rows.Batches(cancellation))
        {
            yield return (batch, fit.Impute((Offered?.Invoke(batch) ?? batch).After(before), filling, run, cancellation));
            before += batch.RowCount;
        }
    }

    private IEnumerable<Table> Filled()
    {
        var totals = new ImputationTotals();
        foreach ((Table batch, ImputationResult result) in Results())
        {
            totals.Add(result);
            yield return Rejoined?.Invoke(batch, result.Table) ?? result.Table;
        }
        Check?.Invoke(totals.Findings);
        _totals = totals;
    }
}
