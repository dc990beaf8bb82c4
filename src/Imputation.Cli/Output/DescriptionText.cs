using Imputation.Patterns;
using Imputation.Reports;
using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>A description for people: every column, and the patterns with the most rows.</summary>
internal static class DescriptionText
{
    private const int MostPatterns = 6;

    /// <summary>Columns beyond which a screen or two do not hold them: then those with the most missing cells are shown.</summary>
    private const int MostColumns = 20, FewColumns = 12;

    /// <summary>The amount of missing data.</summary>
    public static void Missing(Summary account, TableDescription description)
    {
        long cells = (long)description.RowCount * description.Columns.Count,
            missing = description.Columns.Sum(c => (long)c.Use.MissingCount);
        MissingOrigin[] marks = [.. description.Columns.SelectMany(c => c.Missing.Select(m => m.Origin)).Distinct()];
        string marked = marks.Length == 1 ? $", all marked by {marks[0]}" : "";
        account.Line("Missing",
            $"{TextFormat.Count(missing)} of {TextFormat.Count(cells, "cell")} ({TextFormat.Percent(missing, cells)}){marked}");
    }

    /// <summary>The columns, how their missing cells were marked, and the patterns.</summary>
    public static void Tables(Summary account, TableDescription description, bool full)
    {
        IReadOnlyList<ColumnDescription> shown = description.Columns;
        if (!full && shown.Count > MostColumns) shown = [.. shown.OrderByDescending(c => c.Use.MissingCount).Take(FewColumns)];
        account.Table(["column", "kind", ">observed", ">missing", ">%", ">mean", ">sd", ">min", ">max"], shown.Select(Row));
        if (shown.Count < description.Columns.Count)
            account.Line("", $"and {TextFormat.Count(description.Columns.Count - shown.Count)} more "
                + $"{(description.Columns.Count - shown.Count == 1 ? "column" : "columns")}, with at most "
                + $"{TextFormat.Count(description.Columns.Except(shown).Max(c => c.Use.MissingCount), "missing cell")} each; "
                + "--full shows all");
        account.Blank();
        foreach (var group in description.Columns.Where(c => c.Use.Role != ColumnRole.Modelled)
            .GroupBy(c => (c.Use.Role, c.Use.Note)))
            account.Line("Not modelled", $"{TextFormat.NameList(group.Select(c => c.Use.Name))}: "
                + (group.Key.Role is ColumnRole.PassThrough or ColumnRole.Excluded ? group.Key.Note
                : $"{FitSummary.Role(group.Key.Role).Replace(", not modelled", "")} ({group.Key.Note})"));
        if (description.Columns.SelectMany(c => c.Missing.Select(m => m.Origin)).Distinct().Count() > 1) Origins(account, description);
        if (description.Patterns is { } patterns) Patterns(account, description, patterns);
    }

    private static string[] Row(ColumnDescription column)
    {
        ColumnUse d = column.Use;
        return
        [
            TextFormat.Cut(d.Name), d.Kind.ToString().ToLowerInvariant(), TextFormat.Count(d.ObservedCount),
                TextFormat.Count(d.MissingCount),
            TextFormat.PercentNumber(d.MissingCount, d.ObservedCount + d.MissingCount),
            Cell(column.Statistics?.Mean, value => TextFormat.Aligned(value, 5)), Cell(column.Statistics?.StandardDeviation,
                value => TextFormat.Aligned(value, 4)),
            Cell(column.Statistics?.Minimum, value => TextFormat.Compact(value)), Cell(column.Statistics?.Maximum, value =>
                TextFormat.Compact(value)),
        ];
    }

    private static string Cell(double? value, Func<double, string> format) => value is { } number && !double.IsNaN(number)
        ? format(number) : "";

    /// <summary>How missing cells were marked: by column where columns differ, otherwise in one phrase.</summary>
    private static void Origins(Summary account, TableDescription description)
    {
        string label = "Marked by";
        foreach (var origin in description.Columns.SelectMany(c => c.Missing.Select(m => (c.Use.Name, m.Origin, m.Count)))
            .GroupBy(m => m.Origin))
        {
            string by = TextFormat.List([.. origin.Select(m => TextFormat.NameAndCount(m.Name, m.Count))], most: 12);
            account.Line(label, $"{origin.Key} in {TextFormat.Count(origin.Sum(m => (long)m.Count), "cell")}: {by}");
            label = "";
        }
    }

    private static void Patterns(Summary account, TableDescription description, MissingPatterns patterns)
    {
        account.Line("Patterns", $"{TextFormat.Count(patterns.Count)}{(patterns.MonotoneOrder() is null ? "" : ", monotone")}");
        IReadOnlyList<(string First, string Second)> never = description.NeverObservedTogether();
        if (never.Count > 0)
            account.Line("", $"never observed together: "
                + TextFormat.List([.. never.Select(pair => $"{TextFormat.Name(pair.First)} and {TextFormat.Name(pair.Second)}")],
                    most: 12));
        account.Blank();
        MissingPattern[] top = [.. patterns.OrderByDescending(pattern => pattern.RowCount).Take(MostPatterns)];
        account.Table([">rows", ">%", "missing<"], top.Select(pattern => new[]
        {
            TextFormat.Count(pattern.RowCount),
            TextFormat.PercentNumber(pattern.RowCount, description.RowCount),
            pattern.MissingIndices.Count == 0 ? "nothing" : TextFormat.NameList(pattern.MissingIndices.Select(j =>
                description.PatternColumns[j]),
                most: 20),
        }));
        if (patterns.Count > top.Length)
            account.Line("", $"and {TextFormat.Count(patterns.Count - top.Length)} more patterns, with "
                + $"{TextFormat.Count(description.RowCount - top.Sum(pattern => pattern.RowCount), "row")}; --json has all");
        account.Blank();
    }
}
