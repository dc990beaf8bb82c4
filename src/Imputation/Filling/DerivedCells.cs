using Imputation.Data;
using Imputation.Numerics.Random;
using Imputation.Surveys.Derived;
using Imputation.Text;

namespace Imputation.Filling;

/// <summary>Keeps filled cells consistent with the columns that follow from others in the same row, and with the edits of a
/// codebook.</summary>
/// <remarks>Row by row. What observed cells determine comes first: a derived cell from its columns, and the one missing cell among these
/// from a derived one that was observed, or from an edit that is an equality. Where several are missing, one of them is set, given the
/// predicted others. Then cells that violate an inequality alone are moved to its border, and the derived cells are computed from
/// what was filled in.</remarks>
internal sealed class DerivedCells
{
    /// <summary>The count of draws that keys a value taken in place of one that was not possible.</summary>
    private const int AgainDraw = 1 << 21;

    private readonly FilledColumns _filled;
    private readonly FillMethod _method;
    private readonly ulong _seed;
    private readonly long _before; // rows of a larger table
    private readonly Func<int, int, (double[] Values, double[] Probabilities)?> _probabilities;
    private readonly RuleEvaluator _values;
    private readonly Relation[] _relations;
    private readonly EditRule[] _edits;
    private readonly bool[] _known;          // by column, of the row in hand: observed, or settled
    private readonly double[]?[] _observed;  // sorted, by column; found when first needed

    /// <param name="Derived">The derived column.</param>
    /// <param name="Target">Its index among the filled columns, −1 where it is none.</param>
    /// <param name="Inputs">The indices of the columns that it follows from.</param>
    private sealed record Relation(DerivedColumn Derived, int Target, int[] Inputs)
    {
        public int NotComputed { get; set; }

        public int FirstNotComputed { get; set; }

        public int Broken { get; set; }

        public int FirstBroken { get; set; }
    }

    /// <param name="survey">The table and its derived columns.</param>
    /// <param name="edits">Edits to keep.</param>
    /// <param name="filled">The filled cells.</param>
    /// <param name="method">How they were filled: with means, draws or matched values.</param>
    /// <param name="seed">Seed of draws.</param>
    /// <param name="probabilities">Given a column and the place of a missing cell, the levels and their probabilities.</param>
    public DerivedCells(SurveyReading survey, EditRule[] edits, FilledColumns filled, FillMethod method, ulong seed,
        Func<int, int, (double[] Values, double[] Probabilities)?> probabilities)
    {
        (_edits, _filled, _method, _seed, _probabilities) = (edits, filled, method, seed, probabilities);
        _before = survey.Table.RowsBefore;
        _values = new RuleEvaluator(filled.Cells);
        _relations = [.. survey.DerivedColumns.Select(d => new Relation(d, filled.IndexOf(d.Column),
            [.. d.Rule.Columns.Select(filled.IndexOf)]))];
        _known = new bool[filled.Columns.Length];
        _observed = new double[]?[filled.Columns.Length];
    }

    /// <summary>Settles every row in which a cell of a relation or an edit is missing.</summary>
    public void Settle()
    {
        if (_relations.Length == 0 && _edits.Length == 0) return;
        int[] columns = [.. _relations.SelectMany(r => r.Inputs.Append(r.Target))
            .Concat(_edits.SelectMany(e => e.Comparisons).SelectMany(c => c.Columns.Select(_filled.IndexOf)))
            .Distinct().Where(j => j >= 0 && _filled.Columns[j].MissingCount > 0)];
        if (columns.Length == 0) return;
        foreach (Relation relation in _relations) (relation.NotComputed, relation.Broken) = (0, 0);
        int n = _filled.Columns[0].Count;
        for (int row = 0; row < n; row++)
        {
            bool any = false;
            foreach (int j in columns)
            {
                _known[j] = _filled.IsGiven(j, row);
                any |= !_known[j];
            }
            if (!any) continue;
            for (int j = 0; j < _known.Length; j++) _known[j] |= _filled.Columns[j].MissingCount == 0;
            Settle(row);
        }
    }

    /// <summary>What could not be made consistent.</summary>
    public IEnumerable<Finding> Findings()
    {
        foreach (Relation relation in _relations)
        {
            DerivedColumn derived = relation.Derived;
            if (relation.NotComputed > 0)
                yield return new Finding(FindingSeverity.Warning, "derived-not-computed", $"'{derived.Column}' = {derived.Rule} has no "
                    + $"value in {TextFormat.Count(relation.NotComputed, "row")} in which it is missing, the first row "
                    + $"{relation.FirstNotComputed + 1}: a cell that it follows from stays empty or is out of range. What was predicted "
                    + "was kept.", [derived.Column, .. derived.Rule.Columns], "Check these rows.");
            if (relation.Broken > 0)
                yield return new Finding(FindingSeverity.Warning, "derived-not-kept", $"'{derived.Column}' = {derived.Rule} does not hold "
                    + $"in {TextFormat.Count(relation.Broken, "row")} with a filled cell, the first row "
                    + $"{relation.FirstBroken + 1}: what is observed, or bounds, leave no value.",
                    [derived.Column, .. derived.Rule.Columns], "Check these rows, or the rule.");
        }
    }

    private void Settle(int row)
    {
        Propagate(row);
        var failed = new HashSet<object>();
        while (SettleOne(row, failed)) Propagate(row);
        foreach (EditRule edit in _edits)
            foreach (Comparison comparison in edit.Comparisons)
                if (comparison.Operator is not ("==" or "!=")) Move(comparison, row);
        foreach (Relation relation in _relations)
            if (IsOpen(relation.Target, row) && !_known[relation.Target] && !Compute(relation, row) && relation.NotComputed++ == 0)
                relation.FirstNotComputed = row;
        foreach (Relation relation in _relations)
            if (!Holds(relation, row) && relation.Broken++ == 0) relation.FirstBroken = row;
    }

    /// <summary>Sets what follows from known cells alone.</summary>
    private void Propagate(int row)
    {
        bool changed;
        do
        {
            changed = false;
            foreach (Relation relation in _relations)
                if (IsOpen(relation.Target, row) && !_known[relation.Target] && Unknown(relation.Inputs, row).Length == 0)
                    changed |= _known[relation.Target] = Compute(relation, row);
            foreach (Relation relation in _relations.AsEnumerable().Reverse())
                if (IsKnown(relation, row) && Unknown(relation.Inputs, row) is [var only])
                    changed |= _known[only] = Solve(relation, only, row);
            foreach (Comparison equality in Equalities())
                if (Unknown(Indices(equality), row) is [var only]) changed |= _known[only] = Solve(equality, only, row);
        }
        while (changed);
    }

    /// <summary>Settles one relation or equality of which several cells are unknown, the others as they were predicted.</summary>
    private bool SettleOne(int row, HashSet<object> failed)
    {
        foreach (Relation relation in _relations)
            if (IsOpen(relation.Target, row) && !_known[relation.Target]) Compute(relation, row);
        foreach (Relation relation in _relations.AsEnumerable().Reverse())
        {
            if (!IsKnown(relation, row) || failed.Contains(relation)) continue;
            if (Unknown(relation.Inputs, row) is not { Length: > 0 } unknown) continue;
            if (unknown.OrderBy(IsDerived).Any(j => Solve(relation, j, row))) return Know(unknown);
            failed.Add(relation);
        }
        foreach (Comparison equality in Equalities())
        {
            if (failed.Contains(equality) || Unknown(Indices(equality), row) is not { Length: > 0 } unknown) continue;
            if (unknown.Where(j => !IsDerived(j)).Reverse().Any(j => Solve(equality, j, row))) return Know(unknown);
            failed.Add(equality);
        }
        return false;

        bool Know(int[] columns)
        {
            foreach (int j in columns) _known[j] = true;
            return true;
        }
    }

    private bool IsDerived(int j) => _relations.Any(r => r.Target == j);

    private bool IsOpen(int j, int row) => j >= 0 && _filled.IsOpen(j, row);

    /// <summary>Whether the derived cell is given; a column that is not filled may have one that is observed.</summary>
    private bool IsKnown(Relation relation, int row) => relation.Target >= 0 ? _known[relation.Target]
        : _filled.Cells(relation.Derived.Column)(row) is not null;

    private int[] Unknown(int[] columns, int row) => [.. columns.Where(j => j >= 0 && !_known[j] && _filled.IsOpen(j, row))];

    private int[] Indices(Comparison comparison) => [.. comparison.Columns.Select(_filled.IndexOf)];

    private IEnumerable<Comparison> Equalities() => _edits.SelectMany(e => e.Comparisons).Where(c => c.Operator == "==" && c.IsNumeric);

    /// <summary>Computes a derived cell from the others of the row. False where it has no value.</summary>
    private bool Compute(Relation relation, int row)
    {
        DerivedColumn derived = relation.Derived;
        return _values.Value(derived.Exact, row) is { } value && _filled.Compute(relation.Target, row, value, derived.Decimals);
    }

    private bool Holds(Relation relation, int row)
    {
        DerivedColumn derived = relation.Derived;
        if (_filled.Cells(derived.Column)(row) is not { } cell || _values.Value(derived.Exact, row) is not { } value) return true;
        if (derived.Agrees(cell, value)) return true;
        if (!_filled.Columns.Index().Any(c => c.Item.IsMissing(row) && (c.Index == relation.Target || relation.Inputs.Contains(c.Index))))
            return true; // observed, and reported as such
        return relation.Target >= 0 && _filled.Rules[relation.Target].Decimals is { } decimals && DerivedColumn.AsNumber(cell) is { } x
            && DerivedColumn.AsNumber(value) is { } y && Math.Abs(x - y) <= 0.5000001 * Math.Pow(10, -decimals);
    }

    /// <summary>Sets a cell so that a derived one, which is known, follows from it.</summary>
    private bool Solve(Relation relation, int j, int row)
    {
        DerivedColumn derived = relation.Derived;
        Column column = _filled.Columns[j];
        if (_filled.Cells(derived.Column)(row) is not { } target) return false;
        if (column is not NumericColumn { Categories: null })
            return SetLevel(j, row, level => _values.ValueWith(derived.Exact, row, column.Name, level) is { } value
                && derived.Agrees(target, value));

        IReadOnlyList<Interval>? set;
        if (derived.Exact is RuleCall { Function: "cut" } cut)
            set = Preimage.Of(cut.Operand, column.Name, [.. Preimage.Of(cut, level => RuleValues.AreEqual(target, level))], _values, row);
        else
        {
            if (DerivedColumn.AsNumber(target) is not { } x) return false;
            double half = 0.999999 * derived.Tolerance;
            set = Preimage.Of(derived.Exact, column.Name, [new Interval(x - half, x + half)], _values, row);
        }
        return set is not null && SetNumber(j, row, set, CellNotes.Implied, () => _values.Value(derived.Exact, row) is { } now
            && derived.Agrees(target, now));
    }

    private bool Solve(Comparison equality, int j, int row) => _filled.Columns[j] is NumericColumn { Categories: null }
        && Preimage.Of(equality.Difference, _filled.Columns[j].Name, [new Interval(0, 0)], _values, row) is { } set
        && SetNumber(j, row, set, CellNotes.Implied, () => equality.Holds(_values, row) == true);

    /// <summary>Moves the one filled cell of an inequality that does not hold to the nearest value with which it does.</summary>
    private void Move(Comparison inequality, int row)
    {
        if (!inequality.IsNumeric || inequality.Holds(_values, row) != false) return;
        int[] filled = [.. Indices(inequality).Where(j => j >= 0 && _filled.Columns[j].IsMissing(row))];
        if (filled is not [var j] || _known[j] || IsDerived(j) || _filled.Columns[j] is not NumericColumn { Categories: null }) return;
        if (Preimage.Of(inequality.Difference, _filled.Columns[j].Name, [inequality.Allowed], _values, row) is { } set)
            SetNumber(j, row, set, CellNotes.Clamped, () => inequality.Holds(_values, row) == true);
    }

    /// <summary>Sets a number into a set: the number that is filled in already, where it is in there, or else the nearest; a draw
    /// outside an interval gives way to an observed value inside, where there is any.</summary>
    private bool SetNumber(int j, int row, IReadOnlyList<Interval> set, CellNotes note, Func<bool> holds)
    {
        CellRule rule = _filled.Rules[j];
        var bounds = new Interval(rule.Bounds.Lower, rule.Bounds.Upper);
        Interval[] possible = [.. set.Select(s => s.Intersect(bounds)).Where(s => !s.IsEmpty)];
        if (possible.Length == 0 || Array.Exists(possible, s => double.IsNaN(s.Lower) || double.IsNaN(s.Upper))) return false;
        double filled = _filled[j, row];
        if (Array.Exists(possible, s => s.Contains(filled))) return true;

        var column = (NumericColumn)_filled.Columns[j];
        int written = column.WrittenDecimals, decimals = rule.Decimals ?? Math.Min(written, DerivedRules.MostDecimals);
        double step = Math.Pow(10, -decimals);
        Interval nearest = possible.MinBy(s => Math.Abs(s.Nearest(filled, step) - filled));
        double value = nearest.Nearest(filled, step);
        if (_method != FillMethod.Mean && nearest.Upper > nearest.Lower && note == CellNotes.Implied
            && Inside(j, column, nearest, row) is { } other) value = other;
        // As many decimals as the column is written with, where such a number is as good.
        foreach (double rounded in (double[])[DecimalPlaces.Rounded(value, decimals), DecimalPlaces.Rounded(value - step / 2, decimals),
            DecimalPlaces.Rounded(value + step / 2, decimals)])
        {
            if (nearest.Contains(rounded)
                || (Math.Abs(rounded - value) <= 1e-9 * Math.Max(1e-6, Math.Abs(value)) && bounds.Contains(rounded)))
            {
                value = rounded;
                break;
            }
        }
        return double.IsFinite(value) && (rule.Decimals is not { } asked || DecimalPlaces.Rounded(value, asked) == value)
            && _filled.TrySet(j, row, value, note, holds);
    }

    /// <summary>One of the observed values inside an interval, each as likely as any other; null where there is none.</summary>
    private double? Inside(int j, NumericColumn column, Interval interval, int row)
    {
        double[] sorted = _observed[j] ??= [.. column.Array.Where(x => !double.IsNaN(x)).Order()];
        (int from, int to) = interval.Places(sorted);
        return to > from ? sorted[from + (int)(CounterRandom.Uniform(_seed, _before + row, j, AgainDraw) * (to - from))] : null;
    }

    /// <summary>Sets the most probable of the possible levels, or of draws one by their probabilities, where the one that is filled in is
    /// not possible.</summary>
    private bool SetLevel(int j, int row, Func<RuleCell, bool> isPossible)
    {
        Column column = _filled.Columns[j];
        Categories levels = column.Levels;
        bool Possible(double k) => isPossible(RuleValues.Cell(levels.Levels[(int)k].Value, levels));
        if (Possible(_filled[j, row])) return true;
        (double[] values, double[] probabilities) = _probabilities(j, _filled.PlaceOf(j, row))
            ?? ([.. Enumerable.Range(0, levels.Levels.Count).Select(k => (double)k)], [.. Enumerable.Repeat(1.0, levels.Levels.Count)]);
        int[] possible = [.. Enumerable.Range(0, values.Length).Where(k => Possible(values[k]))];
        if (possible.Length == 0) return false;
        int chosen = possible.MaxBy(k => probabilities[k]);
        if (_method != FillMethod.Mean && possible.Sum(k => probabilities[k]) is > 0 and var total)
        {
            double u = CounterRandom.Uniform(_seed, _before + row, j, AgainDraw) * total;
            chosen = possible[^1];
            foreach (int k in possible)
            {
                u -= probabilities[k];
                if (u >= 0) continue;
                chosen = k;
                break;
            }
        }
        _filled.Set(j, row, values[chosen], CellNotes.Implied);
        return true;
    }
}
