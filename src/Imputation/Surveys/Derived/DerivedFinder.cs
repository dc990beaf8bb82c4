using Imputation.Data;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Surveys.Derived;

/// <summary>Finds columns that follow from others in every row, up to rounding: squares, products and ratios times a constant, roots,
/// logarithms, exponentials, numbers rounded or cut into groups, and levels of levels. Linear relations are not looked for here.</summary>
/// <remarks>Only where a cell of the relation is missing. Candidates are tried on a sample of rows, and left at the first that contradicts
/// them; what is left is verified in every row. What chance could do is not called a relation: under a target that has nothing to do with
/// the others the agreement has to be far rarer than the number of candidates tried.</remarks>
internal sealed class DerivedFinder
{
    /// <summary>Fewest rows in which all columns are observed.</summary>
    public const int FewestRows = 10;

    /// <summary>Rows that candidates are tried on first, evenly through those in which the target is observed; and the fewest of them in
    /// which the others are observed too.</summary>
    private const int SampleRows = 200, FewestInSample = 5;

    /// <summary>Most pairs of columns that are tried, for all targets together: all of them up to 100 columns. In wider tables each target
    /// is tried with the columns nearest to it in the file.</summary>
    private const int MostPairs = 600_000;

    private readonly NumericColumn[] _columns;
    private readonly int[] _places;     // of the columns in the table
    private readonly List<Candidate> _found = [];
    private readonly int _width;        // columns that each target is tried with
    private readonly double _trials;    // natural logarithm of the number of candidates

    /// <summary>A relation that holds.</summary>
    /// <param name="Target">Place of the target in the table.</param>
    /// <param name="Rank">The simpler the form, the smaller.</param>
    /// <param name="Derived">The relation.</param>
    public sealed record Candidate(int Target, int Rank, DerivedColumn Derived);

    private DerivedFinder(Table table, Func<string, bool> used)
    {
        (NumericColumn Column, int Place)[] all = [.. table.Columns.Index().Where(c => c.Item is NumericColumn { Categories: null } numbers
            && used(numbers.Name) && numbers.Count - numbers.MissingCount >= FewestRows && !numbers.IsConstant(out _))
            .Select(c => ((NumericColumn)c.Item, c.Index))];
        _columns = [.. all.Select(c => c.Column)];
        _places = [.. all.Select(c => c.Place)];
        int p = _columns.Length;
        _width = Math.Min(p, (int)Math.Sqrt(2.0 * MostPairs / Math.Max(1, p)));
        _trials = Math.Log(Math.Max(1, p * (double)_width * _width * 4));
    }

    /// <summary>The derived columns that the table has, besides those known.</summary>
    /// <param name="table">The table.</param>
    /// <param name="used">Columns that may be looked at.</param>
    /// <param name="known">Derived columns that are declared.</param>
    public static IReadOnlyList<DerivedColumn> Find(Table table, Func<string, bool> used, IReadOnlyList<DerivedColumn> known)
    {
        if (table.Columns.All(c => c.MissingCount == 0) || table.RowCount < FewestRows) return [];
        var finder = new DerivedFinder(table, used);
        for (int t = 0; t < finder._columns.Length; t++)
            if (known.All(d => d.Column != finder._columns[t].Name)) finder.Try(t);
        IEnumerable<Candidate> groups = GroupFinder.Find(table, c => used(c) && known.All(d => d.Column != c), finder._columns);
        return Chosen([.. finder._found, .. groups], known);
    }

    /// <summary>One relation for each column and each set of columns. A column further behind is rather derived from those before
    /// it.</summary>
    private static IReadOnlyList<DerivedColumn> Chosen(List<Candidate> candidates, IReadOnlyList<DerivedColumn> known)
    {
        var kept = new List<DerivedColumn>(known);
        HashSet<string> sets = [.. known.Select(Set)];
        foreach (Candidate candidate in candidates.OrderByDescending(c => c.Target).ThenBy(c => c.Rank))
        {
            DerivedColumn derived = candidate.Derived;
            if (kept.Exists(d => d.Column == derived.Column) || sets.Contains(Set(derived))
                || derived.Rule.Columns.Any(c => Depends(c, derived.Column))) continue;
            kept.Add(derived);
            sets.Add(Set(derived));
        }
        return kept.GetRange(known.Count, kept.Count - known.Count);

        bool Depends(string column, string on) => column == on
            || (kept.Find(d => d.Column == column)?.Rule.Columns.Any(c => Depends(c, on)) ?? false);
        static string Set(DerivedColumn derived) => string.Join('\n', derived.Rule.Columns.Append(derived.Column)
            .Order(StringComparer.Ordinal));
    }

    /// <summary>Tries every form of every column and pair of columns for one target.</summary>
    private void Try(int t)
    {
        NumericColumn target = _columns[t];
        int p = _columns.Length, from = Math.Clamp(t - _width / 2, 0, p - _width), to = from + _width;
        bool alone = target.MissingCount == 0;
        if (alone && !Enumerable.Range(from, to - from).Any(j => _columns[j].MissingCount > 0)) return;

        int[] rows = Sample(target);
        var y = new TargetValues(Array.ConvertAll(rows, row => target[row]));
        double[][] x = new double[p][];
        for (int j = from; j < to; j++) x[j] = Array.ConvertAll(rows, row => _columns[j][row]);
        for (int i = from; i < to; i++)
        {
            if (i == t) continue;
            bool missing = !alone || _columns[i].MissingCount > 0;
            if (missing)
                foreach (PowerForm form in PowerForm.OfOne) Try(form, t, i, i, y, x);
            for (int j = from; j < to; j++)
            {
                if (j == t || j == i || !(missing || _columns[j].MissingCount > 0)) continue;
                foreach (PowerForm form in PowerForm.OfTwo)
                    if (i < j || !form.IsSymmetric) Try(form, t, i, j, y, x);
            }
        }
    }

    private void Try(PowerForm form, int t, int i, int j, TargetValues y, double[][] x)
    {
        if (y.Agreement(form, x[i], x[j], FewestInSample) is null) return;
        // Every row in which all are observed.
        NumericColumn target = _columns[t], a = _columns[i], b = _columns[j];
        int[] rows = [.. Enumerable.Range(0, target.Count).Where(row => !target.IsMissing(row) && !a.IsMissing(row) && !b.IsMissing(row))];
        double[] first = Array.ConvertAll(rows, row => a[row]), second = Array.ConvertAll(rows, row => b[row]);
        var all = new TargetValues(Array.ConvertAll(rows, row => target[row]));
        if (all.Agreement(form, first, second, FewestRows) is not { } agreement) return;
        if (all.Likelihood(form, first, second, agreement) + _trials > Chance.MostLikely) return;
        if (agreement.IsExact && all.IsLinear(first, second)) return;
        (string rule, string words) = form.Rule(RuleText.Name(a.Name), RuleText.Name(b.Name), agreement, all.Unit);
        if (rule.Length == 0) return;
        string evidence = $"'{target.Name}' = {words} in all {TextFormat.Count(agreement.Count, "row")} where all are observed: it is "
            + "recomputed, not predicted.";
        _found.Add(new Candidate(_places[t], form.Rank, new DerivedColumn(target.Name, SurveyRule.Parse(rule), isDeclared: false,
            evidence)));
    }

    /// <summary>Some of n places, one in each of equal stretches: not always the same one, for files have periods.</summary>
    public static int[] Spread(int n, int most)
    {
        int taken = Math.Min(n, most);
        return [.. Enumerable.Range(0, taken).Select(i => (int)((i + (taken < n ? i * 0.6180339887498949 % 1 : 0)) * n / taken))
            .Distinct()];
    }

    /// <summary>Rows in which a column is observed, evenly through the table.</summary>
    private static int[] Sample(NumericColumn column)
    {
        int[] places = Spread(column.Count - column.MissingCount, SampleRows);
        var rows = new List<int>(places.Length);
        for (int row = 0, seen = 0; rows.Count < places.Length && row < column.Count; row++)
            if (!column.IsMissing(row) && seen++ == places[rows.Count]) rows.Add(row);
        return [.. rows];
    }
}
