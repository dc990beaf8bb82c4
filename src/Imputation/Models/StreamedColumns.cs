using System.Globalization;
using Imputation.Data;

namespace Imputation.Models;

/// <summary>The use of each column of a table that comes in batches: decided by the first of them, counted over all.</summary>
internal sealed class StreamedColumns
{
    private readonly IReadOnlyList<ColumnUse> _first;
    private readonly ObservedTally?[] _tallies;
    private readonly long[] _observed, _missing;

    /// <param name="first">The use of each column by the first batch.</param>
    public StreamedColumns(IReadOnlyList<ColumnUse> first)
    {
        _first = first;
        _tallies = [.. first.Select(use => use.Role is ColumnRole.Modelled or ColumnRole.Constant or ColumnRole.NothingObserved
            && use.Kind is ColumnKind.Number or ColumnKind.Integer ? new ObservedTally() : null)];
        (_observed, _missing) = (new long[first.Count], new long[first.Count]);
    }

    /// <summary>Counts a batch.</summary>
    public void Add(Table batch)
    {
        for (int j = 0; j < _first.Count; j++)
        {
            Column column = batch.Columns[j];
            _missing[j] += column.MissingCount;
            _observed[j] += column.Count - column.MissingCount;
            if (_tallies[j] is { } tally && column is NumericColumn numeric) tally.Add(numeric);
        }
    }

    /// <summary>The use of each column by all batches.</summary>
    public IReadOnlyList<ColumnUse> Uses() => [.. _first.Select((use, j) => (_tallies[j] is { } tally ? Use(use, tally, _missing[j])
        : use) with
    {
        ObservedCount = (int)Math.Min(int.MaxValue, _observed[j]),
        MissingCount = (int)Math.Min(int.MaxValue, _missing[j]),
    })];

    private static ColumnUse Use(ColumnUse first, ObservedTally tally, long missing)
    {
        if (tally.Count == 0) return first with { Role = ColumnRole.NothingObserved, Note = TableEncoder.NothingObserved };
        if (tally.Lowest < tally.Highest)
            return first with { Role = ColumnRole.Modelled, Note = "", Constant = double.NaN, Values = tally.Result() };
        return first with
        {
            Role = ColumnRole.Constant,
            Note = TableEncoder.Always(tally.Lowest.ToString("R", CultureInfo.InvariantCulture), missing > 0),
            Constant = tally.Lowest,
        };
    }
}
