using Imputation.Data;

namespace Imputation.Surveys;

/// <summary>A column by whose values a question can have been asked or not: its cells as few classes, and how a set of classes reads as a
/// rule.</summary>
internal sealed class GateCandidate
{
    /// <summary>Most classes; a column with more values is no gate but by a border.</summary>
    private const int MostClasses = 12;

    private GateCandidate(Column column, int[] classes, int count, Func<bool[], string> rule, Func<bool[], string> words, bool isBorder)
    {
        (Column, Classes, Count, Rule, Words, IsBorder) = (column, classes, count, rule, words, isBorder);
    }

    /// <summary>The column.</summary>
    public Column Column { get; }

    /// <summary>The class of each row looked at; −1 where the cell is missing.</summary>
    public int[] Classes { get; }

    /// <summary>Number of classes.</summary>
    public int Count { get; }

    /// <summary>The rule that holds in some of the classes.</summary>
    public Func<bool[], string> Rule { get; }

    /// <summary>These classes in words: <c>drink_any = No</c>.</summary>
    public Func<bool[], string> Words { get; }

    /// <summary>Whether the classes are the two sides of 0, a weaker sign of a questionnaire's rule than levels are.</summary>
    public bool IsBorder { get; }

    /// <summary>The ways in which a column can be a gate: by its levels, or by being above 0.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">The rows that are looked at.</param>
    public static IEnumerable<GateCandidate> Of(Column column, int[] rows)
    {
        if (ByLevels(column, rows) is { } levels) yield return levels;
        else if (column is NumericColumn numbers && AboveZero(numbers, rows) is { } border) yield return border;
    }

    /// <summary>A gate at a border of whole numbers: asked below it, or from it on.</summary>
    public static GateCandidate At(NumericColumn column, int[] rows, double border)
    {
        int[] classes = Classify(column, rows, x => x < border ? 0 : 1);
        string name = RuleText.Name(column.Name), value = RuleText.Number(border);
        return new GateCandidate(column, classes, 2, asked => asked[0] ? $"{name} < {value}" : $"{name} >= {value}",
            some => $"{column.Name} {(some[0] ? "below" : "of at least")} {value}", isBorder: true);
    }

    private static GateCandidate? ByLevels(Column column, int[] rows)
    {
        var index = new Dictionary<object, int>();
        var classes = new int[rows.Length];
        for (int i = 0; i < classes.Length; i++)
        {
            if (column.Value(rows[i]) is not { } value)
            {
                classes[i] = -1;
                continue;
            }
            if (!index.TryGetValue(value, out int k))
            {
                if (index.Count == MostClasses || (column.Kind == ColumnKind.Number && value is double x
                    && x != Math.Floor(x))) return null;
                index[value] = k = index.Count;
            }
            classes[i] = k;
        }
        if (index.Count < 2) return null;
        string[] literals = [.. index.Keys.Select(RuleValues.Literal)],
            texts = [.. index.Keys.Select(RuleValues.Text)];
        string name = RuleText.Name(column.Name);
        return new GateCandidate(column, classes, index.Count, asked => Some(literals, asked) is [var one] ? $"{name} == {one}"
                : $"{name} in ({string.Join(", ", Some(literals, asked))})",
            some => $"{column.Name} = {string.Join(" or ", Some(texts, some))}", isBorder: false);
    }

    private static GateCandidate? AboveZero(NumericColumn column, int[] rows)
    {
        int zeros = 0, negative = 0;
        foreach (int row in rows)
        {
            double x = column[row];
            negative += x < 0 ? 1 : 0;
            zeros += x == 0 ? 1 : 0;
        }
        // A few negative values are codes, such as -9: not above 0 either.
        if (zeros == 0 || negative > zeros / 4) return null;
        string name = RuleText.Name(column.Name);
        return new GateCandidate(column, Classify(column, rows, x => x > 0 ? 1 : 0), 2,
            asked => asked[1] ? $"{name} > 0" : $"{name} == 0", some => $"{column.Name} {(some[1] ? "above" : "=")} 0", isBorder: true);
    }

    private static int[] Classify(NumericColumn column, int[] rows, Func<double, int> of)
    {
        var classes = new int[rows.Length];
        for (int i = 0; i < classes.Length; i++) classes[i] = column[rows[i]] is var x && double.IsNaN(x) ? -1 : of(x);
        return classes;
    }

    private static string[] Some(string[] all, bool[] which) => [.. all.Where((_, k) => which[k])];
}
