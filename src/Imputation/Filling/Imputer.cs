using System.Globalization;
using Imputation.Data;
using Imputation.Filling;
using Imputation.Models;
using Imputation.Models.Registry;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation;

/// <summary>Fills the missing cells of a table from a model.</summary>
public static class Imputer
{
    /// <summary>Fits a model to the table and fills its missing cells.</summary>
    /// <param name="table">The table; it is not changed.</param>
    /// <param name="model">The model and how it is fitted; by default the normal model under <see cref="CovariancePrior.Auto"/>:
    /// maximum likelihood where it has an answer, otherwise the weakest ridge prior that gives one. The findings of the fit name the
    /// prior taken.</param>
    /// <param name="fill">How cells are filled; by default with conditional means in a form that occurs:
    /// <see cref="FillMethod.Auto"/>.</param>
    /// <param name="run">Seed of random starts and of draws, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">Nothing to fit, or, under <paramref name="model"/>, a likelihood without a maximum:
    /// the message names the columns and what to do.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table does not have.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImputationResult Impute(this Table table, ModelOptions? model = null, FillOptions? fill = null,
        RunOptions? run = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        fill = Complete(fill, table);
        run ??= RunOptions.Default;
        run.Validate();
        model ??= ModelRegistry.Default.DefaultOptions;
        SurveyReading survey = model.Read(table);
        PreparedFit fit = model.Prepare(survey, run, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return Impute(fit.Model, survey, fill, run, fit.Patterns, null, cancellation);
    }

    /// <summary>Fills the missing cells of a table from a model fitted before, to this or to other rows.</summary>
    /// <remarks>Columns are matched by name, in any order. Columns that the model does not have are not filled and stay as they are;
    /// model columns that the table does not have are treated as unobserved and are not added. Patterns never seen in the fit are as good
    /// as any.</remarks>
    /// <param name="model">The fitted model.</param>
    /// <param name="table">The table; it is not changed.</param>
    /// <param name="fill">How cells are filled; by default with conditional means in a form that occurs:
    /// <see cref="FillMethod.Auto"/>.</param>
    /// <param name="run">Seed of draws, and threads; nothing is fitted, so there is no progress to report.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">The table has none of the model's columns, or has one of them of another kind;
    /// or the model has no usable covariance, its likelihood having had no maximum.</exception>
    /// <exception cref="ArgumentException">An option names a column that the table does not have.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImputationResult Impute(this FittedModel model, Table table, FillOptions? fill = null, RunOptions? run = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(table);
        return Impute(model, model.Read(table), fill, run, null, null, cancellation);
    }

    /// <summary>Fills rows that come in batches from a model fitted before: each batch when it is asked for, none kept.</summary>
    /// <remarks>Cells, draws and the numbers of rows are those that the table would have as a whole; what belongs to the rows together (a
    /// group's constants, donors) is looked for within a batch.</remarks>
    /// <param name="model">The fitted model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="fill">How cells are filled; not by <see cref="FillMethod.PredictiveMeanMatching"/>, whose donors are all rows.</param>
    /// <param name="run">Seed of draws, and threads.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>A result for each batch, in order.</returns>
    /// <exception cref="ImputationDataException">As for a table.</exception>
    /// <exception cref="ArgumentException">An option names a column that the rows do not have, or asks for donors.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IEnumerable<ImputationResult> Impute(this FittedModel model, IRowSource rows, FillOptions? fill = null,
        RunOptions? run = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        if (fill?.Method == FillMethod.PredictiveMeanMatching)
            throw new ArgumentException("Rows in batches cannot be filled by predictive mean matching, whose donors are all rows; "
                + "take another method, or read the table into memory.", nameof(fill));
        return Batches();

        IEnumerable<ImputationResult> Batches()
        {
            long before = 0;
            foreach (Table batch in rows.Batches(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return Impute(model, batch.After(before), fill, run, cancellation);
                before += batch.RowCount;
            }
        }
    }

    /// <summary>The same where more is known already.</summary>
    /// <param name="model">The model.</param>
    /// <param name="survey">The table, read.</param>
    /// <param name="fill">How to fill.</param>
    /// <param name="run">Seed and threads.</param>
    /// <param name="patterns">The patterns of the model's columns in the table; null to find them.</param>
    /// <param name="pool">Donors to match with; null to predict them from <paramref name="model"/>.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static ImputationResult Impute(FittedModel model, SurveyReading survey, FillOptions? fill, RunOptions? run,
        MissingPatterns? patterns, DonorPool? pool, CancellationToken cancellation)
    {
        Table table = survey.Table;
        fill = Complete(fill, table);
        IReadOnlyDictionary<string, Bounds> given = fill.Bounds;
        fill = Bounded(fill, survey);
        run ??= RunOptions.Default;
        run.Validate();
        RequireMaximum(model);

        var frame = ModelFrame.Of(model, table, patterns);
        if (fill.Method == FillMethod.PredictiveMeanMatching) pool ??= DonorPool.From(model, frame, fill, run.Threads, cancellation);
        var filling = new TableFilling(model, survey, fill, run, frame, pool, cancellation);
        Dictionary<string, Column> filled = filling.Run();
        Table completed = filled.Count == 0 ? table : table.With(filled);
        // What the reading found is in the fit's report where it was made for the fit.
        IReadOnlyList<Finding> findings = [.. patterns is null ? survey.Findings : [],
            .. Findings(model, table, completed, fill, given, filling, patterns is null ? frame.Patterns : null)];
        return new ImputationResult(completed, model, filling.ColumnUses, filling.Fills, findings, () => filling.Ledger(completed),
            () => filling.Probabilities(completed));
    }

    /// <summary>The columns of whole numbers that the model fills with fractions in some batch: those that it may, where a cell is
    /// missing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="fill">How cells are filled.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static IReadOnlyList<string> Fractional(FittedModel model, IRowSource rows, FillOptions fill, CancellationToken cancellation)
    {
        string[]? may = null;
        HashSet<string> missing = [];
        foreach (Table batch in rows.Batches(cancellation))
        {
            may ??= MayBeFractional(model, batch, fill);
            missing.UnionWith(may.Where(name => batch[name].MissingCount > 0));
            if (missing.Count == may.Length) break;
        }
        return [.. missing];
    }

    private static string[] MayBeFractional(FittedModel model, Table table, FillOptions fill) =>
        [.. table.Columns.Where(c => c.Kind == ColumnKind.Integer && model.Columns.Contains(c.Name)
            && (fill.Fill.Count == 0 || fill.Fill.Contains(c.Name))
            && (fill.Method == FillMethod.Auto
                ? CellRule.For(c, fill, model.Report.ColumnUses.FirstOrDefault(use => use.Name == c.Name)?.Values,
                    model.Codebook?[c.Name]?.Measure)
                : CellRule.For(c, fill)).Decimals != 0).Select(c => c.Name)];

    /// <summary>The options, checked, and with them the columns of the table that can hold nothing but whole numbers.</summary>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table does not have.</exception>
    internal static FillOptions Complete(FillOptions? fill, Table table)
    {
        fill ??= FillOptions.Default;
        string[] whole = [.. (table.Source?.IntegerColumns ?? []).Where(name => table.TryGetColumn(name, out Column? column)
            && column is { Kind: ColumnKind.Integer, MissingCount: > 0 } && !fill.Integer.Contains(name))];
        if (whole.Length > 0) fill = fill with { Integer = [.. fill.Integer, .. whole] };
        CellRule.Validate(fill, table);
        return fill;
    }

    /// <summary>The options with the ranges that the codebook declares; those of the options go before them.</summary>
    /// <exception cref="ArgumentException">No number with the decimals asked for lies within a range.</exception>
    internal static FillOptions Bounded(FillOptions fill, SurveyReading survey)
    {
        CodebookField[] declared = [.. (survey.Codebook?.Fields ?? []).Where(f => f.Bounds.Any && !fill.Bounds.ContainsKey(f.Name)
            && survey.Table.TryGetColumn(f.Name, out Column? column) && column is NumericColumn { Categories: null, MissingCount: > 0 })];
        if (declared.Length == 0) return fill;
        fill = fill with
        {
            Bounds = fill.Bounds.Concat(declared.Select(f => KeyValuePair.Create(f.Name, f.Bounds))).ToDictionary(b => b.Key, b => b.Value)
        };
        CellRule.Validate(fill, survey.Table);
        return fill;
    }

    /// <exception cref="ImputationDataException">The model's likelihood had no maximum.</exception>
    internal static void RequireMaximum(FittedModel fit)
    {
        if (fit.Report.Outcome == EmOutcome.Unbounded)
        {
            Finding cause = fit.Report.Findings.FirstOrDefault(f => f.Code is "unbounded" or "near-singular") ?? fit.Report.ImproperEnd
                ?? new Finding(FindingSeverity.Problem, "unbounded", "The likelihood of this model had no maximum.", [],
                    "Fit it with a ridge prior.");
            throw new ImputationDataException(cause.ToString(), cause.Columns.Count > 0 ? cause.Columns[^1] : null);
        }
    }

    private static int EmptyRowCount(MissingPatterns patterns)
    {
        int count = 0;
        for (int k = 0; k < patterns.Count; k++)
            if (patterns.MissingCountOf(k) == patterns.ColumnCount) count += patterns.RowCountOf(k);
        return count;
    }

    /// <param name="fit">The model.</param>
    /// <param name="table">The table.</param>
    /// <param name="completed">The table, filled.</param>
    /// <param name="options">How it was filled.</param>
    /// <param name="bounds">The ranges asked for; what lies outside those of a codebook is reported where it is read.</param>
    /// <param name="filling">The filled cells.</param>
    /// <param name="unseen">The patterns of rows that the model was not fitted to in the same call; null where the fit has its own findings
    /// about them.</param>
    private static List<Finding> Findings(FittedModel fit, Table table, Table completed, FillOptions options,
        IReadOnlyDictionary<string, Bounds> bounds, TableFilling filling, MissingPatterns? unseen)
    {
        List<Finding> findings = [.. table.Findings];
        if (table.Columns.Any(c => c.MissingCount > 0) && fit.CautionInPredicting is { } caution) findings.Add(caution);
        string[] absent = [.. fit.Columns.Where(name => !table.TryGetModelled(name, out _))
            .Select(name => fit.Codebook?.GroupMeans.FirstOrDefault(e => e.Name == name)?.Key ?? name).Distinct()];
        if (absent.Length > 0)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "columns-absent",
                $"The table has no column {TextFormat.Names(absent)}, which the model uses: treated as missing in every row, and not "
                    + $"added to the table.",
                    absent, "Check the column names."));
        }
        if (unseen is not null && EmptyRowCount(unseen) is > 0 and var empty)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "empty-rows",
                $"{TextFormat.Count(empty, "row has", "rows have")} no observed value in the modelled columns and "
                    + $"{(empty == 1 ? "is" : "are")} filled with the column means, or draws around them.", []));
        }
        foreach ((string name, Bounds range) in bounds)
        {
            int outside = 0;
            foreach (double value in ((NumericColumn)table[name]).Values)
                if (value < range.Lower || value > range.Upper) outside++;
            if (outside > 0)
            {
                findings.Add(new Finding(FindingSeverity.Warning, "observed-outside-bounds", string.Create(CultureInfo.InvariantCulture,
                    $"{outside} observed values of '{name}' lie outside the bounds {range.Lower} to {range.Upper}; they were not "
                        + $"changed."), [name], "Check the bounds, or declare these values missing."));
            }
        }
        string[] fractional = [.. completed.Columns.Where(c => c.Kind == ColumnKind.Number && c.Original?.Kind == ColumnKind.Integer)
            .Select(c => c.Name)];
        if (fractional.Length > 0)
        {
            findings.Add(new Finding(FindingSeverity.Note, "integers-became-numbers",
                $"{TextFormat.Names(fractional)} {(fractional.Length == 1 ? "has" : "have")} whole numbers; the filled values have "
                    + $"decimals.", fractional,
                    "Declare them as integer columns to round the filled values."));
        }
        findings.AddRange(filling.Findings);
        string[] kept = [.. completed.Columns.Where(c => c.MissingCount > 0 && options.Fill.Count > 0 && !options.Fill.Contains(c.Name))
            .Select(c => c.Name)];
        if (kept.Length > 0)
        {
            findings.Add(new Finding(FindingSeverity.Note, "not-asked-to-fill",
                $"{TextFormat.Names(kept)} {(kept.Length == 1 ? "keeps its" : "keep their")} missing cells: not among the columns to fill.",
                kept));
        }
        string[] open = [.. filling.ColumnUses.Where(d => d.MissingCount > 0 && d.Role is ColumnRole.PassThrough or ColumnRole.Excluded
            && completed[d.Name].MissingCount > 0 && !kept.Contains(d.Name)).Select(d => d.Name)];
        string[] dates = [.. open.Where(name => DateText.AreDates(table[name]))];
        if (open.Length > 0)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "cells-still-missing",
                $"{TextFormat.Names(open)} still {(open.Length == 1 ? "has" : "have")} missing cells: "
                + $"{(open.Length == 1 ? "it is" : "they are")} not part of the model."
                + (dates.Length == 0 ? "" : $" {(dates.Length < open.Length ? TextFormat.Names(dates) + ": dates" : "Dates")} are not "
                    + "filled."), open,
                dates.Length == 0 ? "" : "To have dates filled, turn them into numbers first, such as days since a fixed day."));
        }
        return findings;
    }
}
