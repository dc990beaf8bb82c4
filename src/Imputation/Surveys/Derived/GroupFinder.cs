using Imputation.Data;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Surveys.Derived;

/// <summary>Finds columns whose values are groups of another's: a number cut at points, such as age and age group, or levels of levels,
/// such as city and region.</summary>
/// <remarks>
/// <para>Cut at points: in the order of the number, each group is one stretch. If the groups were dealt out to its m different values at
/// random, m₁, m₂, ... to each of G, this would have the probability G! ∏ mₖ! / m!; and that all rows of one value are in one group, ∏ᵥ Σₖ
/// qₖ^nᵥ, with qₖ the shares of the groups and nᵥ the rows of a value. Clusters, such as species that differ in size, are no groups: the
/// numbers go on over a point as they do inside a group. So the gap at a point must not be wider than those inside, and not every point
/// may be one towards which the numbers get rarer from both sides.</para>
/// <para>Levels of levels: the second probability alone.</para>
/// </remarks>
internal static class GroupFinder
{
    /// <summary>Most groups; and most levels of a column that is recoded.</summary>
    private const int MostGroups = 20, MostLevels = 50;

    /// <summary>Fewest rows in each group; where there are only two, which many things could separate, in each of them.</summary>
    private const int FewestInGroup = 3, FewestInTwo = 20;

    /// <summary>Rows that candidates are tried on first.</summary>
    private const int SampleRows = 400;

    /// <summary>Widest gap at a point, as a multiple of the widest gap inside a group.</summary>
    private const double WidestGap = 1.5;

    /// <summary>How much rarer the numbers of the third of a group that is next to a point are than those of the next third, at a point
    /// that lies between clusters. At a point chosen without regard to the numbers both sides are so in one of thirty cases.</summary>
    private const double Rarer = 1.5;

    /// <summary>The relations that hold.</summary>
    /// <param name="table">The table.</param>
    /// <param name="used">Columns that may be looked at.</param>
    /// <param name="numbers">Columns of numbers that groups may be cut from.</param>
    public static IEnumerable<DerivedFinder.Candidate> Find(Table table, Func<string, bool> used, IReadOnlyList<NumericColumn> numbers)
    {
        int[] sample = DerivedFinder.Spread(table.RowCount, SampleRows);
        var targets = new List<(Column Column, int Place, int[] Groups)>();
        foreach ((int place, Column column) in table.Columns.Index())
            if (used(column.Name) && Groups(column, sample, MostGroups) is { } groups) targets.Add((column, place, groups));
        if (targets.Count == 0) yield break;
        double trials = Math.Log((double)targets.Count * table.Columns.Count);

        foreach (NumericColumn number in numbers)
        {
            double[] x = Array.ConvertAll(sample, row => number[row]);
            int[] order = [.. Enumerable.Range(0, sample.Length).Where(i => !double.IsNaN(x[i])).OrderBy(i => x[i])];
            foreach ((Column column, int place, int[] groups) in targets)
            {
                if (ReferenceEquals(column, number) || (column.MissingCount == 0 && number.MissingCount == 0)) continue;
                if (Stretches(order, x, groups) && Cut(column, number, trials) is { } derived)
                    yield return new DerivedFinder.Candidate(place, 6, derived);
            }
        }
        foreach (Column source in table.Columns)
        {
            if (source.Categories is null || !used(source.Name) || Groups(source, sample, MostLevels) is not { } levels) continue;
            foreach ((Column column, int place, int[] groups) in targets)
            {
                if (ReferenceEquals(column, source) || (column.MissingCount == 0 && source.MissingCount == 0)) continue;
                if (IsFunction(levels, groups) && Recode(column, source, trials) is { } derived)
                    yield return new DerivedFinder.Candidate(place, 7, derived);
            }
        }
    }

    /// <summary>A column's cells as groups, −1 where missing; null of one that has none, or too many.</summary>
    private static int[]? Groups(Column column, int[] rows, int most)
    {
        if (column.Categories is null && column is not NumericColumn) return null;
        var index = new Dictionary<object, int>();
        var groups = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            if (column.Value(rows[i]) is not { } value) groups[i] = -1;
            else if (value is not (string or double or long)) return null;
            else if (index.TryGetValue(value, out int k)) groups[i] = k;
            else if (index.Count == most) return null;
            else groups[i] = index[value] = index.Count;
        }
        return index.Count > 1 ? groups : null;
    }

    /// <summary>Whether each group is one stretch of the numbers, in the rows looked at.</summary>
    /// <param name="order">Rows by their number.</param>
    /// <param name="x">The numbers.</param>
    /// <param name="groups">The groups, −1 where missing.</param>
    private static bool Stretches(int[] order, double[] x, int[] groups)
    {
        ulong done = 0;
        int group = -1;
        double last = double.NaN;
        foreach (int i in order)
        {
            int k = groups[i];
            if (k < 0) continue;
            if (k != group)
            {
                if ((done & 1UL << k) != 0 || x[i] == last) return false;
                done |= 1UL << k;
                group = k;
            }
            last = x[i];
        }
        return (done & (done - 1)) != 0; // more than one group
    }

    private static bool IsFunction(int[] levels, int[] groups)
    {
        int[] of = [.. Enumerable.Repeat(-1, MostLevels)];
        int some = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i] < 0 || groups[i] < 0) continue;
            ref int group = ref of[levels[i]];
            if (group < 0) group = groups[i];
            else if (group != groups[i]) return false;
            some++;
        }
        return some >= DerivedFinder.FewestRows;
    }

    private static DerivedColumn? Cut(Column column, NumericColumn number, double trials)
    {
        int[] rows = [.. Enumerable.Range(0, column.Count).Where(row => !column.IsMissing(row) && !number.IsMissing(row))];
        if (rows.Length < DerivedFinder.FewestRows || Groups(column, rows, MostGroups) is not { } groups) return null;
        double[] x = Array.ConvertAll(rows, row => number[row]);
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        Array.Sort((double[])x.Clone(), order);
        if (!Stretches(order, x, groups)) return null;

        // Different values, with their rows; borders between groups, and gaps inside them.
        var values = new List<int>(); // rows of each value
        var ends = new List<(double Last, double First, int Group)> { (double.NaN, x[order[0]], groups[order[0]]) };
        var distinct = new List<int> { 0 }; // values of each group
        double widest = 0;
        for (int i = 0; i < order.Length; i++)
        {
            bool begins = i == 0 || x[order[i]] != x[order[i - 1]];
            if (begins) values.Add(0);
            values[^1]++;
            if (i > 0 && groups[order[i]] != groups[order[i - 1]])
            {
                ends.Add((x[order[i - 1]], x[order[i]], groups[order[i]]));
                distinct.Add(0);
            }
            else if (begins && i > 0) widest = Math.Max(widest, x[order[i]] - x[order[i - 1]]);
            if (begins) distinct[^1]++;
        }
        int count = ends.Count;
        int[] sizes = [.. ends.Select(e => groups.Count(g => g == e.Group))];
        if (values.Count <= count || Array.Exists(sizes, s => s < (count == 2 ? FewestInTwo : FewestInGroup))) return null;
        if (ends.Skip(1).Any(e => e.First - e.Last > WidestGap * widest)) return null;
        double[] sorted = Array.ConvertAll(order, i => x[i]);
        int[] starts = [.. ends.Select(e => Array.IndexOf(sorted, e.First)), rows.Length];
        if (Enumerable.Range(1, count - 1).All(k => IsDip(sorted, starts[k - 1], starts[k], starts[k + 1]))) return null;
        double likely = Chance.LogFactorial(count) + distinct.Sum(Chance.LogFactorial) - Chance.LogFactorial(values.Count)
            + Pure(values, sizes, rows.Length);
        if (likely + trials > Chance.MostLikely) return null;

        string[] levels = [.. ends.Select(e => Literal(column, rows[Array.IndexOf(groups, e.Group)]))];
        double[] points = [.. ends.Skip(1).Select(e => Point(e.Last, e.First))];
        string rule = $"cut({RuleText.Name(number.Name)}, {levels[0]}"
            + string.Concat(points.Select((p, k) => $", {TextFormat.Exact(p)}, {levels[k + 1]}")) + ")";
        return SurveyRuleOf(column, rule, $"'{column.Name}' groups '{number.Name}' by {(count == 2 ? "the border" : "the borders")} "
            + $"{TextFormat.List(points, 6, TextFormat.Exact, ", ")} in all {TextFormat.Count(rows.Length, "row")} where both are "
            + "observed: it is recomputed, not predicted.");
    }

    /// <summary>Whether the numbers get rarer from both sides towards the border between two groups.</summary>
    private static bool IsDip(double[] sorted, int from, int border, int to)
    {
        int below = (border - from) / 3, above = (to - border) / 3;
        if (below == 0 || above == 0) return false;
        double middle = (sorted[border - 1] + sorted[border]) / 2;
        return middle - sorted[border - 1 - below] > Rarer * (sorted[border - 1 - below] - sorted[border - 1 - 2 * below])
            && sorted[border + above] - middle > Rarer * (sorted[border + 2 * above] - sorted[border + above]);
    }

    /// <summary>The roundest number above one and not above another.</summary>
    private static double Point(double last, double first)
    {
        if (last < 0 && first >= 0) return 0;
        double rounded = last == 0 || first == 0 ? first : TargetValues.Roundest(last, first).Value;
        return rounded > last && rounded <= first ? rounded : first;
    }

    private static DerivedColumn? Recode(Column column, Column source, double trials)
    {
        int[] rows = [.. Enumerable.Range(0, column.Count).Where(row => !column.IsMissing(row) && !source.IsMissing(row))];
        if (rows.Length < DerivedFinder.FewestRows || Groups(column, rows, MostGroups) is not { } groups
            || Groups(source, rows, MostLevels) is not { } levels || !IsFunction(levels, groups)) return null;
        int count = groups.Max() + 1, from = levels.Max() + 1;
        if (from <= count) return null;
        int[] sizes = [.. Enumerable.Range(0, count).Select(k => groups.Count(g => g == k))],
            values = [.. Enumerable.Range(0, from).Select(k => levels.Count(l => l == k))];
        if (Pure(values, sizes, rows.Length) + trials > Chance.MostLikely) return null;
        IEnumerable<string> pairs = Enumerable.Range(0, from).Select(k => rows[Array.IndexOf(levels, k)]).Select(row =>
            $", {Literal(source, row)}, {Literal(column, row)}");
        return SurveyRuleOf(column, $"recode({RuleText.Name(source.Name)}{string.Concat(pairs)})", "Each of the "
            + $"{TextFormat.Count(from, "level")} of '{source.Name}' has one of the {TextFormat.Count(count)} values of '{column.Name}' in "
            + $"all {TextFormat.Count(rows.Length, "row")} where both are observed: '{column.Name}' is recomputed, not predicted.");
    }

    /// <summary>Natural logarithm of the probability that all rows of a value are in one group, under independence.</summary>
    private static double Pure(IEnumerable<int> values, int[] sizes, int total) => values.Where(rows => rows > 1).GroupBy(rows => rows)
        .Sum(same => same.Count() * LogPure(same.Key, sizes, total));

    private static double LogPure(int rows, int[] sizes, int total)
    {
        double[] logs = [.. sizes.Select(size => rows * Math.Log(size / (double)total))];
        double largest = logs.Max();
        return largest + Math.Log(logs.Sum(l => Math.Exp(l - largest)));
    }

    private static string Literal(Column column, int row) => RuleValues.Literal(column.Value(row) is long whole ? (double)whole
        : column.Value(row)!);

    private static DerivedColumn SurveyRuleOf(Column column, string rule, string evidence) =>
        new(column.Name, SurveyRule.Parse(rule), isDeclared: false, evidence);
}
