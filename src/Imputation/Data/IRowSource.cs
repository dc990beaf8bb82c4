namespace Imputation;

/// <summary>The rows of a table that come in batches, as often as they are asked for: a table that does not fit into memory, several files
/// that are one table, or the answer to a query.</summary>
public interface IRowSource
{
    /// <summary>What the rows come from, in messages: the name of a file or of a query, never a password.</summary>
    string Name { get; }

    /// <summary>Number of rows; null where it is not known before they are read.</summary>
    long? RowCount => null;

    /// <summary>Most rows that there can be, by which room for them is looked for; null where that is not known before they are read.
    /// Asked for once, where rows do not fit into memory, so that it may take a moment.</summary>
    long? MostRowCount => RowCount;

    /// <summary>The rows from the first to the last, in an order that is the same each time. A batch need not be kept once the next is
    /// asked for.</summary>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Tables with at least one row and the same columns, by name, order and kind.</returns>
    /// <exception cref="ImputationDataException">The rows cannot be read, or a batch has other columns; the message names the
    /// place.</exception>
    IEnumerable<Table> Batches(CancellationToken cancellation = default);
}
