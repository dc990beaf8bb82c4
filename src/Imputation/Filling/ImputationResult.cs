using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>How many cells of a column were filled, and how.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ColumnFill
{
    internal ColumnFill(string column, int filledCount, int clampedCount, int truncatedCount, int roundedCount, int determinedCount)
    {
        Column = column;
        FilledCount = filledCount;
        ClampedCount = clampedCount;
        TruncatedCount = truncatedCount;
        RoundedCount = roundedCount;
        DeterminedCount = determinedCount;
    }

    /// <summary>Column name.</summary>
    public string Column { get; internal init; }

    /// <summary>Cells filled.</summary>
    public int FilledCount { get; internal init; }

    /// <summary>Of these, means set to a bound.</summary>
    public int ClampedCount { get; internal init; }

    /// <summary>Of these, draws that had to be taken again from the truncated distribution.</summary>
    public int TruncatedCount { get; internal init; }

    /// <summary>Of these, changed by rounding.</summary>
    public int RoundedCount { get; internal init; }

    /// <summary>Of these, determined by an exact linear relation.</summary>
    public int DeterminedCount { get; internal init; }

    /// <summary>Of these, outside the range of the observed values that the model was fitted to.</summary>
    public int BeyondObservedCount { get; internal init; }

    /// <summary>Of these, means between two components of a mixture, where hardly any value is
    /// (<see cref="CellNotes.Undecided"/>).</summary>
    public int UndecidedCount { get; internal init; }

    /// <summary>Of these, computed from other cells of their rows.</summary>
    public int DerivedCount { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Column}: {FilledCount} cells filled")
        + Part(ClampedCount, "clamped") + Part(TruncatedCount, "truncated") + Part(RoundedCount, "rounded") + Part(DeterminedCount,
            "determined") + Part(DerivedCount, "derived") + Part(BeyondObservedCount, "beyond the observed range")
        + Part(UndecidedCount, "undecided");

    private static string Part(int count, string how) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} {how}");
}

/// <summary>A completed table, the model that completed it, and the ledger of filled cells.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ImputationResult
{
    internal ImputationResult(Table table, FittedModel fit, IReadOnlyList<ColumnUse> dispositions, IReadOnlyList<ColumnFill> fills,
        IReadOnlyList<Finding> findings, Func<IEnumerable<ImputedCell>> cells, Func<IEnumerable<CellProbability>>? probabilities = null)
    {
        Table = table;
        Fit = fit;
        ColumnUses = dispositions;
        Fills = fills;
        Findings = findings;
        Cells = new Lazily<ImputedCell>(cells);
        Probabilities = new Lazily<CellProbability>(probabilities ?? (() => []));
    }

    /// <summary>The table with missing cells filled; every observed cell, and the order of rows and columns, is unchanged.</summary>
    public Table Table { get; }

    /// <summary>The model that filled the cells.</summary>
    public FittedModel Fit { get; }

    /// <summary>Use of each column of this table, in its order.</summary>
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

    /// <summary>The probability of every value of the filled cells of categories and scales, by row, then by column; empty where the model
    /// gives none. Made as it is read.</summary>
    public IEnumerable<CellProbability> Probabilities { get; }

    /// <summary>Whether some filled cell has probabilities.</summary>
    internal bool HasProbabilities => Probabilities.Any();

    private sealed class Lazily<T>(Func<IEnumerable<T>> items) : IEnumerable<T>
    {
        public IEnumerator<T> GetEnumerator() => items().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Table.RowCount} rows, {FilledCount} cells filled in {Fills.Count} columns, {StillMissingCount} still missing, "
        + $"{Findings.Count + Fit.Report.Findings.Count} findings; {Fit}");
}
