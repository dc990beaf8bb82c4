using Imputation.Data;
using Imputation.Models;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Sql;

/// <summary>Rows that came in batches, counted in one pass: the statistics of the columns of numbers, and an account of every
/// column.</summary>
/// <remarks>Columns that number the rows, weights and keys of groups are recognised by the first batch, and left out of the statistics, as
/// the fit of a table leaves them out.</remarks>
internal sealed class CountedRows
{
    private readonly List<ColumnUse> _uses;
    private readonly Dictionary<string, ObservedCells> _observed;
    private readonly long[] _missing;

    private CountedRows(Table first, List<ColumnUse> uses, IReadOnlyList<Finding> findings)
    {
        First = first;
        _uses = uses;
        _missing = new long[first.Columns.Count];
        Findings = findings;
        string[] counted = [.. uses.Where(use => IsCounted(use.Role)).Select(use => use.Name)];
        if (counted.Length == 0) throw TableEncoder.NothingToModel(uses, "column of numbers");
        Statistics = new PatternStatistics(counted);
        _observed = counted.ToDictionary(name => name, _ => new ObservedCells(), StringComparer.Ordinal);
    }

    /// <summary>The first batch.</summary>
    public Table First { get; }

    /// <summary>The statistics.</summary>
    public PatternStatistics Statistics { get; private set; }

    /// <summary>Number of rows.</summary>
    public long RowCount { get; private set; }

    /// <summary>Number of batches.</summary>
    public int BatchCount { get; private set; }

    /// <summary>What the reading of the first batch found.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Counts rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="select">The columns asked for, given the first batch.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">No row, no column of numbers, or a value that cannot be used.</exception>
    public static CountedRows Of(IRowSource rows, Func<Table, ColumnSelection> select, int threads, CancellationToken cancellation)
    {
        CountedRows? counted = null;
        foreach (Table batch in rows.Batches(cancellation))
        {
            counted ??= From(batch, select(batch));
            counted.Add(batch, threads);
            cancellation.ThrowIfCancellationRequested();
        }
        return counted ?? throw NoRows(rows.Name);
    }

    /// <summary>No rows yet, of columns that are known by some rows, for a server to count; see <see cref="With"/>.</summary>
    /// <param name="sample">Some rows.</param>
    /// <param name="selection">The columns asked for.</param>
    public static CountedRows Known(Table sample, ColumnSelection selection) => From(sample, selection);

    /// <summary>Takes statistics of the columns that a server counted.</summary>
    public CountedRows With(PatternStatistics statistics)
    {
        Statistics = statistics;
        RowCount = statistics.RowCount;
        _observed.Clear();
        return this;
    }

    /// <summary>A source without rows.</summary>
    public static ImputationDataException NoRows(string name) => new($"{name} has no rows; there is nothing to fit.");

    /// <summary>Fits the model, which is of the counted columns, and gives the fit the account of all columns.</summary>
    public FittedModel Fit(ModelOptions model, RunOptions run, CancellationToken cancellation)
    {
        FittedModel fit = model.Fit(Statistics, run, cancellation);
        Dictionary<string, ColumnUse> fitted = fit.Report.ColumnUses.ToDictionary(use => use.Name, StringComparer.Ordinal);
        fit.Keep([.. _uses.Select((use, j) => fitted.TryGetValue(use.Name, out ColumnUse? own)
            ? own with { Kind = use.Kind, Values = _observed.GetValueOrDefault(use.Name)?.Values() } : NotCounted(use, _missing[j]))]);
        return fit;
    }

    private static CountedRows From(Table first, ColumnSelection selection)
    {
        var reading = SurveyReading.Of(first, codebook: null, selection, findsDerived: false, groupEffects: false);
        return new CountedRows(first, [.. TableEncoder.Uses(reading.Table, selection, categories: false, beside: true)], reading.Findings);
    }

    private static bool IsCounted(ColumnRole role) => role is ColumnRole.Modelled or ColumnRole.Constant or ColumnRole.NothingObserved;

    private void Add(Table batch, int threads)
    {
        NumericColumn[] columns = [.. Statistics.ColumnNames.Select(name => batch[name] as NumericColumn
            ?? throw new ImputationDataException($"Column '{name}' was numeric in the first rows and is not in later ones; cast it in the "
                + "query.", name))];
        Statistics.Add(IncompleteMatrix.FromColumns(columns), threads);
        foreach (NumericColumn column in columns) _observed[column.Name].Add(column);
        for (int j = 0; j < _missing.Length; j++) _missing[j] += batch.Columns[j].MissingCount;
        RowCount += batch.RowCount;
        BatchCount++;
    }

    /// <summary>A column that is not in the statistics, with its cells in all batches.</summary>
    private ColumnUse NotCounted(ColumnUse use, long missing)
    {
        string note = use.Note;
        if (use.Role == ColumnRole.PassThrough)
            note = use.Note.Split("; ")[0] + (missing == 0 ? "" : $"; {TextFormat.Count(missing, "missing cell")} "
                + (missing == 1 ? "stays missing" : "stay missing"));
        else if (use.Role != ColumnRole.Excluded && First.RowCount < RowCount)
            note += $"; recognised by the first {TextFormat.Count(First.RowCount, "row")}";
        return BatchCount == 0 ? use with { Note = note } : use with
        {
            Note = note,
            MissingCount = (int)Math.Min(int.MaxValue, missing),
            ObservedCount = (int)Math.Min(int.MaxValue, RowCount - missing),
        };
    }
}
