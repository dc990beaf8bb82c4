using System.Globalization;
using Imputation.Surveys.Codes;
using Imputation.Text;

namespace Imputation;

/// <summary>Proposes a codebook for a table, with the evidence for each guess. A person edits it; nothing is recoded by a
/// proposal.</summary>
public static class CodebookProposal
{
    /// <summary>Most values of a column of whole numbers that may be a scale.</summary>
    private const int ScaleValues = 12;

    /// <summary>Share of zeros from which an amount is proposed as semicontinuous.</summary>
    private const double ManyZeros = 0.2;

    /// <summary>The codebook of a table, one field for each column.</summary>
    public static Codebook Of(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var survey = SurveyReading.Of(table);
        Dictionary<string, SkipRule> rules = survey.SkipRules.ToDictionary(r => r.Column);
        Dictionary<string, DerivedColumn> derived = survey.DerivedColumns.ToDictionary(d => d.Column);
        Dictionary<string, CodeFinder.Suspect> codes = survey.Suspects.ToDictionary(s => s.Column.Name);
        return new Codebook(survey.Table.Columns.Select(column =>
        {
            CodeFinder.Suspect? suspect = codes.GetValueOrDefault(column.Name);
            SkipRule? rule = rules.GetValueOrDefault(column.Name);
            (Measure? measure, Categories? categories, string evidence) = Measured(column, suspect);
            string[] parts = [evidence, suspect is null ? "" : $"{TextFormat.List(suspect.Codes, 6, c => $"{c.Text} in "
                + $"{TextFormat.Count(c.Count, "row")}", ", ")}, apart from the other values ({suspect.Range}): codes for missing?",
                rule?.Evidence ?? ""];
            return new CodebookField(column.Name)
            {
                Measure = measure,
                Categories = categories,
                Missing = [.. (suspect?.Codes ?? []).Select(c => new MissingCode(c.Text))],
                Universe = rule?.Universe,
                Derived = derived.GetValueOrDefault(column.Name)?.Rule,
                DerivedEvidence = derived.GetValueOrDefault(column.Name)?.Evidence ?? "",
                Evidence = string.Join(" ", parts.Where(p => p.Length > 0)),
            };
        }));
    }

    private static (Measure?, Categories?, string) Measured(Column column, CodeFinder.Suspect? suspect)
    {
        int observed = column.Count - column.MissingCount;
        if (observed == 0) return (null, null, "Nothing is observed.");
        if (column.Categories is { } levels)
            return (levels.Levels.Count == 2 ? Measure.Binary : Measure.Nominal, levels,
                $"{TextFormat.Count(levels.Levels.Count, "level")} in {TextFormat.Count(observed, "answer")}"
                    + (levels.Levels.Count > 2 ? "; ordinal if they have an order: put them into it and set categoriesOrdered." : "."));
        if (column is not NumericColumn numbers)
            return (Measure.PassThrough, null, $"{column.Kind.ToString().ToLowerInvariant()}: names or describes.");

        HashSet<double> missing = [.. (suspect?.Codes ?? []).Select(c => c.Value)];
        double[] values = [.. numbers.Array.Where(x => !double.IsNaN(x) && !missing.Contains(x))];
        if (values.Length == 0) return (null, null, "");
        double[] distinct = [.. values.Distinct().Order()];
        bool whole = values.All(x => x == Math.Floor(x));
        string range = string.Create(CultureInfo.InvariantCulture, $"from {distinct[0]} to {distinct[^1]}");
        if (whole && distinct.Length == values.Length && values.Length == column.Count && values.Length > ScaleValues
            && values.SequenceEqual(values.Order())) return (Measure.Identifier, null, "Whole numbers, all different, ascending.");
        if (whole && distinct.Length == 2)
            return (Measure.Binary, Levels(distinct), $"Two whole numbers, {distinct[0]} and {distinct[1]}.");
        if (whole && distinct.Length <= ScaleValues && distinct.Length * 3 <= values.Length)
            return (Measure.Ordinal, Levels(distinct, ordered: true),
                $"{distinct.Length} whole numbers {range}: a scale? nominal if they have no order, count if they count something.");
        if (whole && distinct[0] >= 0) return (Measure.Count, null, $"Whole numbers {range}.");
        double zeros = values.Count(x => x == 0) / (double)values.Length;
        return distinct[0] >= 0 && zeros >= ManyZeros
            ? (Measure.Semicontinuous, null, $"{TextFormat.Percent(zeros)} zeros, the others up to "
                + $"{distinct[^1].ToString("G6", CultureInfo.InvariantCulture)}.")
            : (Measure.Continuous, null, $"{TextFormat.Count(distinct.Length, "different number")} {range}.");
    }

    private static Categories Levels(double[] values, bool ordered = false) => new(values.Select(v => new Category(v)), ordered);
}
