using System.Globalization;
using Imputation.Text;

namespace Imputation;

/// <summary>What was filled in a table, added up over the batches in which its rows came.</summary>
public sealed class ImputationTotals
{
    private readonly Dictionary<string, ColumnFill> _fills = [];
    private readonly List<(Finding Finding, int Batches)> _findings = [];
    private readonly Dictionary<string, List<(MissingOrigin Origin, long Count)>> _marks = [];
    private long[] _stillMissing = [];
    private int _batches;

    /// <summary>The totals of one result.</summary>
    public static ImputationTotals Of(ImputationResult result)
    {
        var totals = new ImputationTotals();
        totals.Add(result);
        return totals;
    }

    /// <summary>Number of rows.</summary>
    public long RowCount { get; private set; }

    /// <summary>Use of each column, in the table's order, with its observed and missing cells.</summary>
    public IReadOnlyList<ColumnUse> ColumnUses { get; private set; } = [];

    /// <summary>Counts for each column with a filled cell, in column order.</summary>
    public IReadOnlyList<ColumnFill> Fills => [.. ColumnUses.Where(use => _fills.ContainsKey(use.Name)).Select(use => _fills[use.Name])];

    /// <summary>Number of cells filled.</summary>
    public long FilledCount => Fills.Sum(fill => (long)fill.FilledCount);

    /// <summary>Number of cells of each column that are still missing, in the table's order.</summary>
    public IReadOnlyList<long> StillMissing => _stillMissing;

    /// <summary>Findings about the filling. Of several that say the same of the same columns the first, and in how many batches there were
    /// more.</summary>
    public IReadOnlyList<Finding> Findings => [.. _findings.Select(f => f.Batches == 1 ? f.Finding : f.Finding with
    {
        Sentence = f.Finding.Sentence + string.Create(CultureInfo.InvariantCulture, $" This is said of one batch of rows; it holds, with "
            + $"other numbers, in {f.Batches} of {_batches}."),
    })];

    /// <summary>How the cells that were missing before were marked, by column.</summary>
    internal IReadOnlyList<(MissingOrigin Origin, long Count)> MarksOf(string column) => _marks.GetValueOrDefault(column, []);

    /// <summary>Adds a result.</summary>
    /// <exception cref="ArgumentException">It has other columns than those before.</exception>
    public void Add(ImputationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_batches > 0 && !result.ColumnUses.Select(use => use.Name).SequenceEqual(ColumnUses.Select(use => use.Name)))
            throw new ArgumentException($"The results have other columns: {TextFormat.Names(result.ColumnUses.Select(u => u.Name))}, and "
                + $"before {TextFormat.Names(ColumnUses.Select(u => u.Name))}.", nameof(result));
        ColumnUses = _batches == 0 ? result.ColumnUses : [.. result.ColumnUses.Zip(ColumnUses, (now, before) => before with
        {
            ObservedCount = Sum(before.ObservedCount, now.ObservedCount),
            MissingCount = Sum(before.MissingCount, now.MissingCount),
        })];
        _batches++;
        RowCount += result.Table.RowCount;
        foreach (ColumnFill fill in result.Fills) _fills[fill.Column] = _fills.TryGetValue(fill.Column, out ColumnFill? sum) ? Sum(sum,
            fill) : fill;
        Array.Resize(ref _stillMissing, result.Table.Columns.Count);
        for (int j = 0; j < _stillMissing.Length; j++)
        {
            Column column = result.Table.Columns[j];
            _stillMissing[j] += column.MissingCount;
            AddMarks(column.Name, (column.Original ?? column).Mask);
        }
        foreach (Finding finding in result.Findings)
        {
            int known = _findings.FindIndex(f => f.Finding.Code == finding.Code && f.Finding.Columns.SequenceEqual(finding.Columns));
            if (known < 0) _findings.Add((finding, 1));
            else _findings[known] = (_findings[known].Finding, _findings[known].Batches + 1);
        }
    }

    private void AddMarks(string column, MissingMask mask)
    {
        if (mask.MissingCount == 0) return;
        if (!_marks.TryGetValue(column, out List<(MissingOrigin Origin, long Count)>? marks)) _marks.Add(column, marks = []);
        foreach ((int k, int count) in mask.CountByOrigin().Index())
        {
            int known = marks.FindIndex(mark => mark.Origin == mask.Origins[k]);
            if (known < 0) marks.Add((mask.Origins[k], count));
            else marks[known] = (marks[known].Origin, marks[known].Count + count);
        }
    }

    private static ColumnFill Sum(ColumnFill a, ColumnFill b) => new(a.Column, Sum(a.FilledCount, b.FilledCount),
        Sum(a.ClampedCount, b.ClampedCount), Sum(a.TruncatedCount, b.TruncatedCount), Sum(a.RoundedCount, b.RoundedCount),
        Sum(a.DeterminedCount, b.DeterminedCount))
    {
        DerivedCount = Sum(a.DerivedCount, b.DerivedCount),
        BeyondObservedCount = Sum(a.BeyondObservedCount, b.BeyondObservedCount),
        UndecidedCount = Sum(a.UndecidedCount, b.UndecidedCount),
    };

    private static int Sum(int a, int b) => (int)Math.Min(int.MaxValue, (long)a + b);

    /// <summary>The totals in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowCount} rows, {FilledCount} cells filled in {Fills.Count} columns, {_stillMissing.Sum()} still missing");
}
