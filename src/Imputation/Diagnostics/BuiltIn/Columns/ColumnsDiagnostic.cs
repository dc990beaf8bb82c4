using System.Globalization;
using Imputation.Numerics.Threading;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Columns;

/// <summary>Every column by itself: what it is, what is observed and missing in it and how that was marked, and how its values are
/// spread; columns that are empty, constant, identifiers, or equal to another.</summary>
/// <remarks>Standard deviations have the divisor n − 1; quantiles are those that R numbers 7 (Hyndman and Fan 1996, The American
/// Statistician 50, definition 7); skewness is g₁ = m₃ / m₂^(3/2), mₖ = Σ (x − x̄)ᵏ / n (Joanes and Gill 1998, The Statistician 47,
/// §2). SPSS and SAS print G₁ = g₁ √(n(n − 1)) / (n − 2).</remarks>
internal sealed class ColumnsDiagnostic : IMissingnessDiagnostic
{
    /// <summary>Rows from which on a column that is different in each of them, or counts them, is worth a word.</summary>
    private const int IdentifierRows = 20;

    private const int MostBars = 40;

    private static readonly double[] s_probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <inheritdoc/>
    public string Name => "columns";

    /// <inheritdoc/>
    public string Title => "Columns";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReadOnlyList<Column> columns = context.Table.Columns;
        ParallelOptions parallel = ParallelWork.Options(context.RunOptions.Threads, context.Cancellation);
        var summaries = new ColumnSummary[columns.Count];
        ParallelWork.For(columns.Count, parallel, j => summaries[j] = ColumnSummary.Of(columns[j], s_probabilities));
        IReadOnlyList<DuplicateColumn> duplicates =
            [.. DuplicateColumns.Find(columns, summaries, parallel).Where(d => context.ColumnUses[d.First].Role != ColumnRole.Excluded
                && context.ColumnUses[d.Second].Role != ColumnRole.Excluded)];

        string[] identifiers = [.. columns.Where((c, j) => IsIdentifier(c, summaries[j], context.ColumnUses[j])).Select(c => c.Name)];
        string[] counting = [.. columns.Where((c, j) => Counts(c, summaries[j], context.ColumnUses[j])).Select(c => c.Name)];
        string[] empty = context.Table.RowCount == 0 ? [] : [.. columns.Where(c => c.MissingCount == c.Count).Select(c => c.Name)];
        string[] constant = [.. columns.Where((_, j) => summaries[j].Distinct == 1 && summaries[j].Count > 1).Select(c => c.Name)];
        long cells = (long)context.Table.RowCount * columns.Count, missing = columns.Sum(c => (long)c.MissingCount);
        return new DiagnosticResult
        {
            Verdict = Verdict(context.Table, cells, missing),
            Findings = [.. context.Table.Findings, .. Findings(context, summaries, empty, constant, identifiers, counting, duplicates)],
            Values =
            [
                new("rows", context.Table.RowCount), new("columns", columns.Count), new("cells", cells), new("missingCells", missing),
                new("missingShare", cells == 0 ? double.NaN : (double)missing / cells),
                new("columnsWithMissing", columns.Count(c => c.MissingCount > 0)), new("emptyColumns", empty.Length),
                    new("constantColumns", constant.Length),
                new("identifierColumns", identifiers.Length + counting.Length), new("duplicateColumns", duplicates.Count),
            ],
            Tables = [.. Tables(context, summaries, duplicates)],
            Charts = missing == 0 ? [] : [Bars(context.Table)],
            Method = "Standard deviation (sd): divisor n − 1. Quantiles: linear between the sorted values at (n − 1)q (type 7 of R). "
                + "Skewness: third central moment over the second to the power 1.5, divisor n; "
                + "0 for a symmetric column, positive where the long tail is on the right.",
        };
    }

    private static string Verdict(Table table, long cells, long missing)
    {
        string size = $"{TextFormat.Count(table.RowCount, "row")}, {TextFormat.Count(table.Columns.Count, "column")}";
        if (missing == 0) return cells == 0 ? size + "." : $"{size}; nothing is missing.";
        Column most = table.Columns.MaxBy(c => c.MissingCount)!;
        int holed = table.Columns.Count(c => c.MissingCount > 0);
        return $"{size}; {TextFormat.Count(missing)} of {TextFormat.Count(cells, "cell")} ({TextFormat.Percent(missing, cells)}) "
            + $"are missing, {(holed == 1 ? "all" : $"in {TextFormat.Count(holed, "column")}, most")} in '{most.Name}' "
                + $"({TextFormat.Percent(most.MissingCount, most.Count)} of its cells).";
    }

    private static IEnumerable<Finding> Findings(DiagnosticContext context, ColumnSummary[] summaries, string[] empty, string[] constant,
        string[] identifiers, string[] counting, IReadOnlyList<DuplicateColumn> duplicates)
    {
        IReadOnlyList<Column> columns = context.Table.Columns;
        if (empty.Length > 0)
        {
            yield return new Finding(FindingSeverity.Warning, "nothing-observed",
                $"{Subject(empty)} {(empty.Length == 1 ? "has" : "have")} no observed value.", empty,
                "Nothing can be estimated, and the cells stay missing. Check how the file was read, or leave the column out (--exclude).");
        }
        if (duplicates.Count > 0)
        {
            yield return new Finding(FindingSeverity.Warning, "duplicate-columns",
                TextFormat.List(duplicates, 3, d => $"'{columns[d.Second].Name}' holds the same values as '{columns[d.First].Name}' in "
                    + $"all {TextFormat.Count(d.Rows, "row")} in which both are observed") + ".",
                [.. duplicates.SelectMany(d => new[] { columns[d.First].Name, columns[d.Second].Name }).Distinct()],
                "A duplicate adds no information and makes the covariance singular. Keep one of the two (--exclude); if one is "
                    + "observed where the other is missing, copy the values first.");
        }
        if (constant.Length > 0)
        {
            string always = constant.Length > 1 ? ""
                : $" ({Convert.ToString(summaries.First(s => s.Distinct == 1 && s.Count > 1).Common, CultureInfo.InvariantCulture)})";
            yield return new Finding(FindingSeverity.Note, "constant-column",
                $"{Subject(constant)} {(constant.Length == 1 ? "is" : "are")} constant{always}.", constant,
                "A constant column carries no information about other columns and is not modelled.");
        }
        if (identifiers.Length > 0)
        {
            yield return new Finding(FindingSeverity.Note, "identifier",
                $"{Subject(identifiers)} {(identifiers.Length == 1 ? "looks" : "look")} like an identifier: every value is "
                    + $"unique.", identifiers,
                "It is not modelled and is written unchanged. To model it, name it among the columns of the model.");
        }
        if (counting.Length > 0)
        {
            yield return new Finding(FindingSeverity.Note, "row-number",
                $"{Subject(counting)} {(counting.Length == 1 ? "looks like a row number" : "look like row numbers")}: consecutive "
                    + $"whole numbers, each once. The model treats {(counting.Length == 1 ? "it" : "them")} as a measurement.", counting,
                "If it only identifies the row, leave it out (--exclude).");
        }
        string[] text = [.. columns.Where((c, j) => c is not NumericColumn && c.MissingCount is > 0 && c.MissingCount < c.Count
            && context.ColumnUses[j].Role is not (ColumnRole.Excluded or ColumnRole.Modelled)).Select(c => c.Name)];
        if (text.Length > 0)
        {
            yield return new Finding(FindingSeverity.Note, "text-not-filled",
                $"{Subject(text)} {(text.Length == 1 ? "is" : "are")} not numeric and not modelled; their missing cells stay "
                    + $"missing.", text,
                "Code the categories as numbers or indicator columns to fill them or to use them as predictors.");
        }
    }

    private static IEnumerable<DiagnosticTable> Tables(DiagnosticContext context, ColumnSummary[] summaries,
        IReadOnlyList<DuplicateColumn> duplicates)
    {
        IReadOnlyList<Column> columns = context.Table.Columns;
        yield return new DiagnosticTable("Columns",
            [new("Column", CellFormat.Text), new("Type", CellFormat.Text), new("Observed", CellFormat.Count),
                new("Missing", CellFormat.Count),
                new("Missing share", CellFormat.Share),
                new("Marked as", CellFormat.Text), new("Distinct", CellFormat.Count), new("In the model", CellFormat.Text)],
            [.. columns.Select((c, j) => (IReadOnlyList<object?>)
                [c.Name, c.Kind.ToString().ToLowerInvariant(), summaries[j].Count, c.MissingCount, c.Count == 0 ? null
                    : (double)c.MissingCount / c.Count, Marks(c), summaries[j].Distinct, Role(context.ColumnUses[j])])])
        {
            Note = "Marked as: how missing cells are marked in the source, with counts if there are several marks. Distinct: number "
                + "of distinct observed values."
        };

        int[] numbers = [.. Enumerable.Range(0, columns.Count).Where(j => columns[j] is NumericColumn && summaries[j].Count > 0)];
        if (numbers.Length > 0)
        {
            yield return new DiagnosticTable("Observed numbers",
                [new("Column", CellFormat.Text), new("Observed", CellFormat.Count), new("Mean"), new("Sd"), new("Minimum"), new("5 %"),
                    new("25 %"), new("Median"),
                    new("75 %"), new("95 %"), new("Maximum"), new("Skewness")],
                [.. numbers.Select(j => (IReadOnlyList<object?>)
                    [columns[j].Name, summaries[j].Count, summaries[j].Statistics!.Mean, summaries[j].Statistics!.StandardDeviation,
                        summaries[j].Statistics!.Minimum,
                        .. summaries[j].Quantiles.Select(q => (object?)q), summaries[j].Statistics!.Maximum, summaries[j].Skewness])]);
        }
        if (duplicates.Count > 0)
        {
            yield return new DiagnosticTable("Duplicate columns", [new("Column", CellFormat.Text), new("Equal to", CellFormat.Text),
                new("Rows with both", CellFormat.Count)],
                [.. duplicates.Select(d => (IReadOnlyList<object?>)[columns[d.Second].Name, columns[d.First].Name, d.Rows])]);
        }
    }

    /// <summary>The columns by their missing share, the most first.</summary>
    private static BarChart Bars(Table table)
    {
        Column[] sorted = [.. table.Columns.OrderByDescending(c => c.MissingCount)]; // stable: ties as in the table
        Column[] shown = sorted.Length <= MostBars ? sorted : [.. sorted.Where(c => c.MissingCount > 0).Take(MostBars)];
        int left = sorted.Skip(shown.Length).Count(c => c.MissingCount > 0);
        string some = sorted.Length == shown.Length ? ""
            : $" {TextFormat.Count(shown.Length)} of {TextFormat.Count(sorted.Length, "column")} are shown; "
                + $"{(left > 0 ? $"{TextFormat.Count(left)} more have missing cells" : "no other has missing cells")}.";
        return new BarChart("Missing share of each column", "Share of the rows in which the column is missing",
            [.. shown.Select(c => c.Name)], [.. shown.Select(c => (double)c.MissingCount / c.Count)])
        {
            Format = CellFormat.Share,
            Description = $"Columns in order of decreasing missing share; the first is '{shown[0].Name}' with "
                + $"{TextFormat.Percent(shown[0].MissingCount, shown[0].Count)}.{some}",
        };
    }

    private static string Marks(Column column)
    {
        (string Origin, int Count)[] origins = [.. column.Mask.Origins.Zip(column.Mask.CountByOrigin(), (o, c) => (o.ToString(), c))
            .Where(o => o.c > 0)];
        return origins.Length == 1 ? origins[0].Origin : TextFormat.List(origins, 8, o => $"{o.Origin} {TextFormat.Count(o.Count)}", ", ");
    }

    private static string Role(ColumnUse disposition)
    {
        string role = disposition.Role switch
        {
            ColumnRole.Modelled or ColumnRole.Collinear => "yes",
            ColumnRole.Constant => "no: constant",
            ColumnRole.NothingObserved => "no: no observed value",
            ColumnRole.Identifier => "no: identifier",
            ColumnRole.Excluded => "no: excluded",
            _ => "no: not numeric",
        };
        return disposition.Role == ColumnRole.PassThrough && disposition.Note.StartsWith("digits", StringComparison.Ordinal)
            ? $"no: {disposition.Note}" : role;
    }

    private static bool IsIdentifier(Column column, ColumnSummary summary, ColumnUse disposition) =>
        disposition.Role == ColumnRole.Identifier || (column is not NumericColumn && column.MissingCount == 0
            && column.Count >= IdentifierRows && summary.Distinct == column.Count);

    private static bool Counts(Column column, ColumnSummary summary, ColumnUse disposition) =>
        disposition.Role is ColumnRole.Modelled && column.Kind == ColumnKind.Integer && column.MissingCount == 0
            && column.Count >= IdentifierRows && summary.Distinct == column.Count
        && summary.Statistics!.Maximum - summary.Statistics.Minimum == column.Count - 1;

    private static string Subject(string[] names) => $"{(names.Length == 1 ? "Column" : "Columns")} {TextFormat.Names(names)}";
}
