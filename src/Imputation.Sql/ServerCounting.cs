using Imputation.Models;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Sql;

/// <summary>The columns of a table whose rows its own server counts, by some rows of it; and the fit to what it counted.</summary>
/// <remarks>Columns that number the rows, weights and keys of groups are recognised by these rows, and not counted, as the fit of a table
/// leaves them out.</remarks>
internal sealed class ServerCounting
{
    private readonly IReadOnlyList<ColumnUse> _uses;
    private readonly IReadOnlyList<Finding> _findings;
    private readonly int _sampleCount;

    /// <param name="sample">Some rows.</param>
    /// <param name="selection">The columns asked for.</param>
    /// <exception cref="ImputationDataException">No column of numbers is left.</exception>
    public ServerCounting(Table sample, ColumnSelection selection)
    {
        var reading = SurveyReading.Of(sample, codebook: null, selection, findsDerived: false, groupEffects: false);
        _uses = TableEncoder.Uses(reading.Table, selection, categories: false);
        _findings = reading.Findings;
        _sampleCount = sample.RowCount;
        Columns = [.. _uses.Where(use => use.Role is ColumnRole.Modelled or ColumnRole.Constant or ColumnRole.NothingObserved)
            .Select(use => use.Name)];
        if (Columns.Count == 0) throw TableEncoder.NothingToModel(_uses, "column of numbers");
    }

    /// <summary>The columns to count; some of them may turn out to be constant.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Fits the model to what was counted, and gives the fit the account of all columns.</summary>
    public FittedModel Fit(PatternStatistics statistics, ModelOptions model, RunOptions run, CancellationToken cancellation)
    {
        FittedModel fit = (model with { Columns = ColumnSelection.Default }).Fit(statistics, run, cancellation);
        Dictionary<string, ColumnUse> fitted = fit.Report.ColumnUses.ToDictionary(use => use.Name, StringComparer.Ordinal);
        string by = _sampleCount < statistics.RowCount ? $"; recognised by the first {TextFormat.Count(_sampleCount, "row")}" : "";
        fit.Keep([.. _uses.Select(use => fitted.TryGetValue(use.Name, out ColumnUse? own) ? own with { Kind = use.Kind }
            : use.Role switch
            {
                ColumnRole.Excluded => use,
                ColumnRole.PassThrough => use with { Note = use.Note.Split("; ")[0] }, // its missing cells were not counted
                _ => use with { Note = use.Note + by },
            })]);
        fit.Keep(fit.Codebook, [.. _findings.Where(finding => finding.Code is "looks-like-weight" or "group" || by.Length == 0)]);
        return fit;
    }
}
