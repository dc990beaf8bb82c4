using System.Globalization;
using Imputation.Data;
using Imputation.Text;

namespace Imputation.Surveys;

/// <summary>Applies what a codebook declares to a table: missing codes, levels, measures, universes; and counts what contradicts
/// it.</summary>
internal static class CodebookApplication
{
    /// <summary>The table as declared.</summary>
    /// <param name="table">The table.</param>
    /// <param name="codebook">The codebook.</param>
    /// <param name="findings">Receives what contradicts it.</param>
    public static Table Apply(Table table, Codebook codebook, List<Finding> findings)
    {
        string[] absent = [.. codebook.Fields.Where(f => !table.TryGetColumn(f.Name, out _)).Select(f => f.Name)];
        if (absent.Length > 0)
            findings.Add(new Finding(FindingSeverity.Note, "codebook-columns-absent",
                $"The codebook describes {TextFormat.Names(absent)}, which the table does not have.", absent));

        var changed = new Dictionary<string, Column>();
        foreach (CodebookField field in codebook.Fields)
        {
            if (!table.TryGetColumn(field.Name, out Column? column)) continue;
            Column declared = Levelled(Coded(column, field), field, findings);
            SayNotAsked(declared, findings);
            if (!ReferenceEquals(declared, column)) changed[field.Name] = declared;
            CheckBounds(declared, field, findings);
        }
        var roles = new Dictionary<string, (ColumnRole, string)>();
        foreach (CodebookField field in codebook.Fields)
            if (Role(field.Measure) is { } role) roles[field.Name] = role;
        if (changed.Count > 0) table = table.With(changed);
        if (roles.Count > 0) table = table.With(roles);
        return SurveyWeights.Apply(table, codebook, findings);
    }

    /// <summary>The role of a column that is no measurement; null of any other.</summary>
    private static (ColumnRole, string)? Role(Measure? measure) => measure switch
    {
        Measure.Identifier => (ColumnRole.Identifier, "an identifier, as the codebook says"),
        Measure.Weight => (ColumnRole.Weight, "rows count by it"),
        Measure.Group => (ColumnRole.Group, "a key of groups, as the codebook says: not modelled as a number"),
        Measure.PassThrough => (ColumnRole.PassThrough, "handed through, as the codebook says"),
        _ => null,
    };

    /// <summary>The column with its declared codes missing, each with its label and reason.</summary>
    private static Column Coded(Column column, CodebookField field)
    {
        if (field.Missing.Count == 0) return column;
        var origins = new List<MissingOrigin>(column.Mask.Origins.Select(o =>
            Code(field, o.Text) is { } code ? o with { Reason = code.Reason, Label = code.Label } : o));
        byte[] codes = column.Mask.Codes.Length > 0 ? (byte[])column.Mask.Codes.Clone() : new byte[column.Count];
        double[]? numbers = null;
        bool any = !origins.SequenceEqual(column.Mask.Origins);
        for (int row = 0; row < column.Count; row++)
        {
            if (codes[row] != 0 || column.Value(row) is not { } value) continue;
            string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            if (Code(field, text) is not { } code) continue;
            var origin = new MissingOrigin(value is string ? MissingKind.Marker : MissingKind.Code, text)
            { Reason = code.Reason, Label = code.Label };
            int known = origins.IndexOf(origin);
            if (known < 0 && origins.Count == byte.MaxValue) continue;
            if (known < 0) (known, _) = (origins.Count, 0);
            if (known == origins.Count) origins.Add(origin);
            codes[row] = (byte)(known + 1);
            any = true;
            if (column is NumericColumn numeric) (numbers ??= numeric.Values.ToArray())[row] = double.NaN;
        }
        if (!any) return column;
        var mask = new MissingMask(codes, origins);
        return column is NumericColumn { } same && numbers is not null
            ? same.Coded(numbers, mask)
            : column.With(mask, column.Categories);
    }

    /// <summary>Cells with a code that says that the question was not asked stay empty.</summary>
    private static void SayNotAsked(Column column, List<Finding> findings)
    {
        MissingOrigin[] origins = [.. column.Mask.Origins.Where(o => o.Reason == MissingReason.NotAsked)];
        int cells = column.Mask.CountByOrigin().Where((_, k) => column.Mask.Origins[k].Reason == MissingReason.NotAsked).Sum();
        if (cells > 0)
            findings.Add(new Finding(FindingSeverity.Note, "not-asked", $"{TextFormat.Count(cells, "cell")} of '{column.Name}' "
                + $"{(cells == 1 ? "was" : "were")} not asked, as {TextFormat.List([.. origins.Select(o => o.ToString())])} says, and "
                + $"{(cells == 1 ? "stays" : "stay")} empty.", [column.Name]));
    }

    private static MissingCode? Code(CodebookField field, string text)
    {
        foreach (MissingCode code in field.Missing)
        {
            if (code.Value == text) return code;
            if (double.TryParse(code.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double x)
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double y) && x == y) return code;
        }
        return null;
    }

    private static Column Levelled(Column column, CodebookField field, List<Finding> findings)
    {
        if (field.Categories is not { } declared)
            return field.Measure is Measure.Ordinal or Measure.Binary or Measure.Nominal
                ? column.AsCategorical(new Categories(Categories.Of(column).Levels, field.Measure == Measure.Ordinal)) : column;
        // A codebook writes the levels of a column of numbers as numbers or as text.
        var levels = new Categories(declared.Levels.Select(l => column is NumericColumn && l.Value is string text
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) ? l with { Value = x }
            : column is TextColumn && l.Value is double number ? l with { Value = number.ToString("R", CultureInfo.InvariantCulture) } : l),
            declared.IsOrdered || field.Measure == Measure.Ordinal);
        if (column is TextColumn cells) levels = AsWritten(levels, cells);
        Category[] unknown = [.. Categories.Of(column).Levels.Where(l => levels.IndexOf(l.Value) < 0)];
        if (unknown.Length == 0) return column.AsCategorical(levels);
        int rows = Enumerable.Range(0, column.Count).Count(row => column.Value(row) is { } value && levels.IndexOf(value) < 0);
        string values = $"{TextFormat.List([.. unknown.Select(l => l.ToString())], 6)} ({TextFormat.Count(rows, "row")})";
        // Often only the ends of a scale have a label.
        findings.Add(levels.Span(unknown)
            ? new Finding(FindingSeverity.Note, "values-between-levels", $"'{column.Name}' has {values} between the levels that the "
                + "codebook names: they are points of the scale too.", [column.Name])
            : new Finding(FindingSeverity.Warning, "values-not-in-codebook",
                $"'{column.Name}' has {TextFormat.Count(unknown.Length, "value")} that {(unknown.Length == 1 ? "is" : "are")} not among "
                    + $"its levels in the codebook: {values}.",
                [column.Name], "Declare them as missing codes or as levels."));
        return column.AsCategorical(levels);
    }

    /// <summary>The levels with their labels as values, and their values as labels, where the cells have the labels: programs export
    /// either.</summary>
    private static Categories AsWritten(Categories levels, TextColumn column)
    {
        HashSet<string> labels = [.. levels.Levels.Select(l => l.Label ?? "")];
        if (labels.Count < levels.Levels.Count || labels.Contains("")) return levels;
        string[] written = [.. Categories.Of(column).Levels.Select(l => (string)l.Value)];
        return written.Any(labels.Contains) && !written.Any(text => levels.IndexOf(text) >= 0)
            ? new Categories(levels.Levels.Select(l => new Category(l.Label!, RuleValues.Text(l.Value))), levels.IsOrdered) : levels;
    }

    private static void CheckBounds(Column column, CodebookField field, List<Finding> findings)
    {
        if (!field.Bounds.Any || column is not NumericColumn numbers) return;
        int outside = 0, first = -1;
        for (int row = 0; row < numbers.Count; row++)
        {
            if (!(numbers[row] < field.Bounds.Lower || numbers[row] > field.Bounds.Upper)) continue;
            outside++;
            if (first < 0) first = row;
        }
        if (outside > 0)
            findings.Add(new Finding(FindingSeverity.Warning, "observed-outside-codebook", string.Create(CultureInfo.InvariantCulture,
                $"{TextFormat.Count(outside, "observed value")} of '{column.Name}' {(outside == 1 ? "lies" : "lie")} outside "
                    + $"{field.Bounds.Lower} to {field.Bounds.Upper}, the range in the codebook; the first is {numbers[first]} in row "
                    + $"{first + 1}. {(outside == 1 ? "It was" : "They were")} not changed."),
                [column.Name], "Correct them, or declare missing codes."));
    }
}
