using Imputation.Cli.Output;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>The counts of rows that are filled batch by batch.</summary>
internal sealed class DatabaseFilling
{
    private readonly Dictionary<string, long> _filled = [], _missing = [];
    private readonly List<Finding> _findings = [];
    private long _clamped, _rounded, _determined;

    /// <summary>Number of rows so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>What was found in batches; of the same in several of them, the first.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Adds a batch.</summary>
    public void Add(ImputationResult batch)
    {
        foreach (ColumnFill column in batch.Fills)
        {
            _filled[column.Column] = _filled.GetValueOrDefault(column.Column) + column.FilledCount;
            _clamped += column.ClampedCount;
            _rounded += column.RoundedCount;
            _determined += column.DeterminedCount;
        }
        foreach (Column column in batch.Table.Columns)
            if (column.MissingCount > 0) _missing[column.Name] = _missing.GetValueOrDefault(column.Name) + column.MissingCount;
        string place = RowCount == 0 ? "" : $"From row {TextFormat.Count(RowCount + 1)}: ";
        foreach (Finding finding in batch.Findings)
            if (!_findings.Any(known => known.Code == finding.Code && known.Columns.SequenceEqual(finding.Columns)))
                _findings.Add(finding with { Sentence = place + finding.Sentence });
        RowCount += batch.Table.RowCount;
    }

    /// <summary>The summary.</summary>
    public void Account(Summary account, FillMethod method)
    {
        FitSummary.Findings(account, _findings.Where(finding => finding.Code != "cells-still-missing"));
        if (_filled.Count == 0) account.Line("Filled", "nothing: these columns have no missing cells");
        else account.Line("Filled", $"{TextFormat.Count(_filled.Values.Sum(), "cell")} with "
            + (method == FillMethod.Draw ? "draws from their conditional distributions" : "conditional means") + $"\n{By(_filled)}");
        foreach ((long count, string what) in new[] { (_clamped, method == FillMethod.Auto ? "set to the nearest possible value"
            : "clamped to bounds"), (_rounded, "rounded"), (_determined, "determined by an exact relation") })
            if (count > 0) account.Line("", $"of these {TextFormat.Count(count)} {what}");
        if (_missing.Count > 0)
            account.Line("Still missing", $"{TextFormat.Count(_missing.Values.Sum(), "cell")}: {By(_missing)}");
    }

    private static string By(Dictionary<string, long> counts) =>
        TextFormat.List([.. counts.Select(count => TextFormat.NameAndCount(count.Key, count.Value))]);
}
