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

    /// <summary>The codebook of a table: the fields that are given, completed by what they leave open, and a field for every other
    /// column. What is proposed has its evidence; what is given has none.</summary>
    /// <param name="table">The table.</param>
    /// <param name="given">What is known of its columns; by default what the file itself says, as SPSS files do.</param>
    /// <exception cref="ImputationDataException">A rule of the codebook cannot be evaluated.</exception>
    public static Codebook Of(Table table, Codebook? given = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        given ??= table.Source?.Codebook;
        return Of(SurveyReading.Of(table, given), given);
    }

    /// <summary>The same of a table that was read by what is given.</summary>
    internal static Codebook Of(SurveyReading survey, Codebook? given)
    {
        Dictionary<string, SkipRule> rules = survey.SkipRules.ToDictionary(r => r.Column);
        Dictionary<string, DerivedColumn> derived = survey.DerivedColumns.ToDictionary(d => d.Column);
        Dictionary<string, CodeFinder.Suspect> codes = survey.Suspects.ToDictionary(s => s.Column.Name);
        CodebookField Complete(CodebookField field) => !survey.Table.TryGetColumn(field.Name, out Column? column) ? field
            : Completed(field, column, survey.Table.Roles.GetValueOrDefault(field.Name),
                survey.Findings.FirstOrDefault(f => IsOfRole(f) && f.Columns[0] == field.Name)?.Sentence,
                codes.GetValueOrDefault(field.Name),
                rules.GetValueOrDefault(field.Name), derived.GetValueOrDefault(field.Name));
        IEnumerable<CodebookField> known = (given?.Confirmed().Fields ?? []).Select(Complete),
            others = survey.Table.Columns.Where(c => given?[c.Name] is null).Select(c => Complete(new CodebookField(c.Name)));
        return new Codebook(known.Concat(others), given?.Edits) { Findings = given?.Findings ?? [] };
    }

    /// <summary>A field with proposals for what it does not say.</summary>
    private static CodebookField Completed(CodebookField field, Column column, (ColumnRole Role, string Note) role,
        string? said, CodeFinder.Suspect? suspect, SkipRule? rule, DerivedColumn? derived)
    {
        var evidence = new List<string>();
        bool isOpen = field is { Measure: null, Categories: null };
        if (isOpen)
        {
            (Measure? measure, Categories? categories, string why) = OfRole(role.Role) is { } found
                ? (found, null, said ?? $"{role.Note}.")
                : Measured(column, suspect);
            field = field with { Measure = measure, Categories = categories };
            evidence.Add(why);
        }
        if (suspect is not null && field.Missing.Count == 0 && (isOpen || field.Categories is null))
        {
            field = field with { Missing = [.. suspect.Codes.Select(c => new MissingCode(c.Text))] };
            evidence.Add($"{TextFormat.List(suspect.Codes, 6, c => $"{c.Text} in {TextFormat.Count(c.Count, "row")}", ", ")}, "
                + $"apart from the other values ({suspect.Range}): codes for missing?");
        }
        if (rule is not null && field.Universe is null)
        {
            field = field with { Universe = rule.Universe };
            evidence.Add(rule.Evidence);
        }
        if (derived is not null && field.Derived is null) field = field with { Derived = derived.Rule, DerivedEvidence = derived.Evidence };
        return field with { Evidence = string.Join(" ", evidence.Where(e => e.Length > 0)) };
    }

    /// <summary>Whether a finding says why a column is a key or a weight.</summary>
    private static bool IsOfRole(Finding finding) => finding.Code is "group" or "looks-like-weight";

    private static Measure? OfRole(ColumnRole role) => role switch
    {
        ColumnRole.Identifier => Measure.Identifier,
        ColumnRole.Weight => Measure.Weight,
        ColumnRole.Group => Measure.Group,
        _ => null,
    };

    private static (Measure?, Categories?, string) Measured(Column column, CodeFinder.Suspect? suspect)
    {
        int observed = column.Count - column.MissingCount;
        if (observed == 0) return (null, null, "Nothing is observed.");
        if (column.Categories is { IsOrdered: true } ordered)
            return (Measure.Ordinal, ordered,
                $"{TextFormat.Count(ordered.Levels.Count, "level")} numbered in their names, with which other columns go.");
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
