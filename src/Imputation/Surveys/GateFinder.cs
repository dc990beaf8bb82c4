using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Surveys;

/// <summary>Finds questions that were asked of some rows only: columns that are missing where another column has certain values, and
/// observed elsewhere.</summary>
/// <remarks>One condition, or two: asked if A and B, or asked if A or B. What chance could do, or people who drop out, is not called a
/// gate: both sides need rows, the split has to be all but perfect, and far rarer under independence than the number of splits
/// tried.</remarks>
internal sealed class GateFinder
{
    /// <summary>Fewest rows on each side.</summary>
    private const int FewestRows = 8;

    /// <summary>Largest share of missing cells where the question was asked, for people leave questions out; and of answers where it was
    /// not.</summary>
    private const double MostUnanswered = 0.4, MostOutside = 0.1;

    /// <summary>Below this number of rows where it was not asked, no answer may be there.</summary>
    private const int FewForExceptions = 50;

    /// <summary>Natural logarithm of the largest probability under independence at which a first of two conditions is followed
    /// up.</summary>
    private const double Surprising = -7;

    /// <summary>Most rows that are looked at, evenly through the table.</summary>
    private const int MostRows = 20_000;

    private readonly Table _table;
    private readonly int[] _rows;
    private readonly GateCandidate[] _gates;

    /// <summary>A split of rows by a gate.</summary>
    /// <param name="Gate">The gate.</param>
    /// <param name="Asked">Classes in which the question is asked.</param>
    /// <param name="NotAskedRows">Rows of the other classes.</param>
    /// <param name="Outside">Answers among these.</param>
    /// <param name="AskedRows">Rows of the classes in which it is asked.</param>
    /// <param name="Unanswered">Missing cells among these.</param>
    private sealed record Split(GateCandidate Gate, bool[] Asked, int NotAskedRows, int Outside, int AskedRows, int Unanswered)
    {
        public int Exceptions => Outside + Unanswered;

        public bool[] NotAsked => Array.ConvertAll(Asked, a => !a);
    }

    private GateFinder(Table table)
    {
        _table = table;
        int n = table.RowCount, looked = Math.Min(n, MostRows);
        _rows = [.. Enumerable.Range(0, looked).Select(i => (int)((long)i * n / looked))];
        _gates = [.. table.Columns.SelectMany(c => GateCandidate.Of(c, _rows))];
    }

    /// <summary>The skip rules of those columns that are asked about.</summary>
    public static IReadOnlyList<SkipRule> Find(Table table, Func<string, bool> questions)
    {
        var finder = new GateFinder(table);
        var rules = new List<SkipRule>();
        foreach (Column question in table.Columns)
            if (questions(question.Name) && question.MissingCount >= FewestRows
                && question.Count - question.MissingCount >= FewestRows && finder.Find(question) is { } rule) rules.Add(rule);
        return WithoutCircles(rules);
    }

    private SkipRule? Find(Column question)
    {
        // 1 where there is no answer; a cell that says why there is none, such as 'refused', was asked.
        bool[] silent = [.. _rows.Select(row => question.Mask.Origin(row) is { } origin
            && !(origin.Label is not null && origin.Reason == MissingReason.Nonresponse))];
        bool[] all = [.. Enumerable.Repeat(true, silent.Length)];
        double trials = Math.Log(Math.Max(1, _gates.Length * Math.Max(1, _table.Columns.Count(c => c.MissingCount > 0))));
        int place = _table.Columns.Index().First(c => ReferenceEquals(c.Item, question)).Index;

        Split? single = Best(question, silent, all, trials, place);
        // Many unanswered cells where one condition says it was asked: perhaps there are two.
        bool enough = single is not null && single.Unanswered <= MostOutside * single.AskedRows;
        (SkipRule Rule, int Exceptions)? two = enough ? null : FindTwo(question, silent, trials, place);
        if (single is { } one && (two is null || 2 * two.Value.Exceptions > one.Exceptions))
            return new SkipRule(question.Name, SurveyRule.Parse(one.Gate.Rule(one.Asked)), isDeclared: false,
                $"'{question.Name}' is missing in {Rows(one.NotAskedRows, one.Outside)} with {one.Gate.Words(one.NotAsked)} and in "
                    + $"{None(one.Unanswered, one.AskedRows)} with {one.Gate.Words(one.Asked)}{Sample}: not asked.");
        return two?.Rule;
    }

    /// <summary>Two conditions: one that alone settles some rows, and one that splits the rest.</summary>
    private (SkipRule Rule, int Exceptions)? FindTwo(Column question, bool[] silent, double trials, int place)
    {
        (Split First, Split Second, bool Both)? best = null;
        int total = silent.Length, silentTotal = silent.Count(s => s);
        foreach (GateCandidate gate in _gates)
        {
            if (ReferenceEquals(gate.Column, question)) continue;
            (int[] missing, int[] rows) = Tally(gate, silent, null);
            foreach (bool both in new[] { true, false })
            {
                // asked if A and B: no answer wherever A does not hold; asked if A or B: an answer wherever A holds.
                bool[] settled = [.. rows.Index().Select(k => k.Item > 0 && (both ? missing[k.Index] == k.Item
                    : missing[k.Index] <= MostUnanswered * k.Item))];
                int count = rows.Where((_, k) => settled[k]).Sum(), silentCount = missing.Where((_, k) => settled[k]).Sum();
                if (count < FewestRows || settled.All(s => s)) continue;
                if (LogChoose(count, silentCount) + LogChoose(total - count, silentTotal - silentCount) - LogChoose(total, silentTotal)
                    > Surprising) continue;
                bool[] rest = [.. gate.Classes.Select(k => k >= 0 && !settled[k])];
                if (Best(question, silent, rest, trials + Math.Log(2 * _gates.Length), place, gate.Column) is not { } second) continue;
                var first = new Split(gate, both ? Array.ConvertAll(settled, s => !s) : settled, both ? count : 0, 0, both ? 0 : count,
                    both ? 0 : silentCount);
                if (best is null || second.Exceptions < best.Value.Second.Exceptions
                    || (second.Exceptions == best.Value.Second.Exceptions && count > Settled(best.Value))) best = (first, second, both);
            }
        }
        if (best is not { } found) return null;
        string rule = $"{found.First.Gate.Rule(found.First.Asked)} {(found.Both ? "and" : "or")} "
            + found.Second.Gate.Rule(found.Second.Asked);
        (Split a, Split b) = (found.First, found.Second);
        string evidence = found.Both
            ? $"'{question.Name}' is missing in all {TextFormat.Count(a.NotAskedRows, "row")} with {a.Gate.Words(a.NotAsked)}, and of the "
                + $"others in {Rows(b.NotAskedRows, b.Outside)} with {b.Gate.Words(b.NotAsked)} and in {None(b.Unanswered, b.AskedRows)} "
                + $"with {b.Gate.Words(b.Asked)}{Sample}: not asked."
            : $"'{question.Name}' is missing in {Rows(b.NotAskedRows, b.Outside)} with {a.Gate.Words(a.NotAsked)} and "
                + $"{b.Gate.Words(b.NotAsked)}, and in {None(a.Unanswered + b.Unanswered, a.AskedRows + b.AskedRows)} elsewhere{Sample}: "
                + "not asked.";
        return (new SkipRule(question.Name, SurveyRule.Parse(rule), isDeclared: false, evidence), a.Exceptions + b.Exceptions);
    }

    private string Sample => _rows.Length < _table.RowCount ? $" (of {TextFormat.Count(_rows.Length)} rows looked at)" : "";

    private static int Settled((Split First, Split Second, bool Both) found) => found.First.NotAskedRows + found.First.AskedRows;

    /// <summary>The best split of some rows by one gate; null where none is good enough.</summary>
    private Split? Best(Column question, bool[] silent, bool[] rows, double trials, int place, Column? but = null)
    {
        Split? best = null;
        int bestApart = 0;
        foreach (GateCandidate gate in _gates.Concat(Borders(question, silent, rows)))
        {
            if (ReferenceEquals(gate.Column, question) || ReferenceEquals(gate.Column, but)) continue;
            if (Of(gate, silent, rows, trials) is not { } split) continue;
            // Fewer exceptions, then levels before borders, then the nearest column before the question.
            int at = _table.Columns.Index().First(c => ReferenceEquals(c.Item, gate.Column)).Index;
            int apart = at < place ? place - at : 10_000 + at - place;
            if (best is null || (split.Exceptions, gate.IsBorder ? 1 : 0, apart).CompareTo(
                (best.Exceptions, best.Gate.IsBorder ? 1 : 0, bestApart)) < 0) (best, bestApart) = (split, apart);
        }
        return best;
    }

    /// <summary>Borders of whole numbers beyond which there is no answer.</summary>
    private IEnumerable<GateCandidate> Borders(Column question, bool[] silent, bool[] rows)
    {
        foreach (Column column in _table.Columns)
        {
            if (ReferenceEquals(column, question) || column is not NumericColumn { Kind: ColumnKind.Integer } numbers) continue;
            double lowSilent = double.PositiveInfinity, highSilent = double.NegativeInfinity, low = double.PositiveInfinity,
                high = double.NegativeInfinity;
            for (int row = 0; row < rows.Length; row++)
            {
                if (!rows[row] || numbers[_rows[row]] is not (var x and not double.NaN)) continue;
                if (silent[row]) (lowSilent, highSilent) = (Math.Min(lowSilent, x), Math.Max(highSilent, x));
                else (low, high) = (Math.Min(low, x), Math.Max(high, x));
            }
            if (!double.IsFinite(high)) continue;
            if (highSilent > high) yield return GateCandidate.At(numbers, _rows, Next(numbers, high));
            if (lowSilent < low) yield return GateCandidate.At(numbers, _rows, low);
        }
    }

    /// <summary>The smallest value of a column above another.</summary>
    private double Next(NumericColumn column, double value)
    {
        double next = double.PositiveInfinity;
        foreach (int row in _rows)
            if (column[row] is var x && x > value) next = Math.Min(next, x);
        return next;
    }

    private static Split? Of(GateCandidate gate, bool[] silent, bool[] rows, double trials)
    {
        (int[] missing, int[] counts) = Tally(gate, silent, rows);
        var asked = new bool[gate.Count];
        int notAskedRows = 0, outside = 0, askedRows = 0, unanswered = 0;
        for (int k = 0; k < gate.Count; k++)
        {
            asked[k] = 2 * missing[k] <= counts[k] || counts[k] == 0;
            // A level of some size that is neither nearly always missing nor nearly always observed: no rule of a questionnaire.
            if (counts[k] >= FewestRows && missing[k] is var m && m > MostUnanswered * counts[k]
                && m < (1 - MostOutside) * counts[k]) return null;
            if (asked[k]) (askedRows, unanswered) = (askedRows + counts[k], unanswered + missing[k]);
            else (notAskedRows, outside) = (notAskedRows + counts[k], outside + counts[k] - missing[k]);
        }
        if (notAskedRows < FewestRows || askedRows < FewestRows) return null;
        if (unanswered > MostUnanswered * askedRows || outside > (notAskedRows < FewForExceptions ? 0
            : MostOutside * notAskedRows)) return null;
        int total = notAskedRows + askedRows, silentTotal = notAskedRows - outside + unanswered;
        double likely = LogChoose(notAskedRows, outside) + LogChoose(askedRows, unanswered) - LogChoose(total, silentTotal);
        // A border was chosen among all values, a set of levels among all sets.
        double choices = gate.IsBorder ? Math.Log(100) : gate.Count * Math.Log(2);
        return likely + trials + choices > Chance.MostLikely ? null
            : new Split(gate, asked, notAskedRows, outside, askedRows, unanswered);
    }

    /// <summary>Missing cells and rows by class.</summary>
    private static (int[] Missing, int[] Rows) Tally(GateCandidate gate, bool[] silent, bool[]? rows)
    {
        int[] missing = new int[gate.Count], counts = new int[gate.Count];
        for (int row = 0; row < silent.Length; row++)
        {
            int k = gate.Classes[row];
            if (k < 0 || (rows is not null && !rows[row])) continue;
            counts[k]++;
            if (silent[row]) missing[k]++;
        }
        return (missing, counts);
    }

    /// <summary>Two columns may gate each other where each is missing with a value of the other: the later question gives way.</summary>
    private static List<SkipRule> WithoutCircles(List<SkipRule> rules)
    {
        var kept = new List<SkipRule>();
        foreach (SkipRule rule in rules)
            if (!rule.Universe.Columns.Any(c => Depends(c, rule.Column, []))) kept.Add(rule);
        return kept;

        bool Depends(string column, string on, HashSet<string> seen) => column == on
            || (seen.Add(column) && kept.Where(r => r.Column == column).Any(r => r.Universe.Columns.Any(c => Depends(c, on, seen))));
    }

    private static string Rows(int rows, int exceptions) => exceptions == 0 ? $"all {TextFormat.Count(rows, "row")}"
        : $"{TextFormat.Count(rows - exceptions)} of {TextFormat.Count(rows, "row")}";

    private static string None(int some, int rows) => some == 0 ? $"none of {TextFormat.Count(rows)}"
        : $"{TextFormat.Count(some)} of {TextFormat.Count(rows)}";

    private static double LogChoose(int n, int k) => Chance.LogFactorial(n) - Chance.LogFactorial(k) - Chance.LogFactorial(n - k);
}
