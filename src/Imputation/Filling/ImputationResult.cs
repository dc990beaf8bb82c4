namespace Imputation;

/// <summary>How many cells of a column were filled, and how.</summary>
/// <param name="Column">Column name.</param>
/// <param name="FilledCount">Cells filled.</param>
/// <param name="ClampedCount">Of these, means set to a bound.</param>
/// <param name="TruncatedCount">Of these, draws that had to be taken again from the truncated distribution.</param>
/// <param name="RoundedCount">Of these, changed by rounding.</param>
/// <param name="DeterminedCount">Of these, determined by an exact linear relation.</param>
public sealed record ColumnFill(string Column, int FilledCount, int ClampedCount, int TruncatedCount, int RoundedCount,
    int DeterminedCount);

/// <summary>A completed table, the model that completed it, and the ledger of filled cells.</summary>
public sealed class ImputationResult
{
    internal ImputationResult(Table table, FittedModel fit, IReadOnlyList<ColumnUse> dispositions, IReadOnlyList<ColumnFill> fills,
        IReadOnlyList<Finding> findings, Func<IEnumerable<ImputedCell>> cells)
    {
        Table = table;
        Fit = fit;
        ColumnUses = dispositions;
        Fills = fills;
        Findings = findings;
        Cells = new Ledger(cells);
    }

    /// <summary>The table with missing cells filled; every observed cell, and the order of rows and columns, as it was.</summary>
    public Table Table { get; }

    /// <summary>The model that filled the cells.</summary>
    public FittedModel Fit { get; }

    /// <summary>What was done with each column of this table, in its order.</summary>
    public IReadOnlyList<ColumnUse> ColumnUses { get; }

    /// <summary>Counts for each column with a filled cell, in column order.</summary>
    public IReadOnlyList<ColumnFill> Fills { get; }

    /// <summary>Number of cells filled.</summary>
    public long FilledCount => Fills.Sum(f => (long)f.FilledCount);

    /// <summary>Number of cells still missing.</summary>
    public long StillMissingCount => Table.Columns.Sum(c => (long)c.MissingCount);

    /// <summary>Findings about the filling; the findings about the fit are in <see cref="FitReport.Findings"/>.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Every filled cell, by row, then by column. Made as it is read; reading it twice gives the same.</summary>
    public IEnumerable<ImputedCell> Cells { get; }

    private sealed class Ledger(Func<IEnumerable<ImputedCell>> cells) : IEnumerable<ImputedCell>
    {
        public IEnumerator<ImputedCell> GetEnumerator() => cells().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
