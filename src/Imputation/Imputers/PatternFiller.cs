using Imputation.Models.Normal;
using Imputation.Numerics;

namespace Imputation.Imputers;

/// <summary>One exact relation in terms of model columns: Σ cⱼ xⱼ = constant.</summary>
internal sealed record IndexedRelation(int[] Columns, double[] Coefficients, double Constant);

/// <summary>Fills the missing cells of rows of one pattern. An instance is a workspace for one thread.</summary>
/// <remarks>First the cells that an exact relation determines from observed ones; they count as observed from there on. Then the others from
/// their conditional distribution. Where a relation misses several cells, the last of them is set so that the relation holds.</remarks>
internal sealed class PatternFiller
{
    private const int MostJointDraws = 50;
    private const int GibbsSweeps = 30;

    private readonly NormalParameters _parameters;
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly IReadOnlyList<IndexedRelation> _relations;
    private readonly FillRule[] _rules;
    private readonly ImputationMethod _method;
    private readonly ulong _seed;
    private readonly int[] _keys;
    private readonly ConditionalNormal _conditional;
    private readonly List<(int Column, IndexedRelation Relation)> _determined = [];
    private readonly List<(int Column, IndexedRelation Relation)> _closed = [];
    private int[] _observed = [];
    private int[] _missing = [];
    private double[] _factor = [];
    private double[]? _precision;
    private bool _bounded;

    /// <param name="parameters">Means 0 and correlations of the columns at hand.</param>
    /// <param name="center">Their means in the units of the data.</param>
    /// <param name="scale">Their standard deviations.</param>
    /// <param name="relations">Exact relations among them.</param>
    /// <param name="rules">Bounds and rounding of each.</param>
    /// <param name="keys">Index of each in the model, which keys its draws.</param>
    /// <param name="method">Mean or draw.</param>
    /// <param name="seed">Seed of the draws.</param>
    public PatternFiller(NormalParameters parameters, double[] center, double[] scale, IReadOnlyList<IndexedRelation> relations, FillRule[] rules, int[] keys, ImputationMethod method, ulong seed)
    {
        _parameters = parameters;
        _center = center;
        _scale = scale;
        _relations = relations;
        _rules = rules;
        _keys = keys;
        _method = method;
        _seed = seed;
        _conditional = new ConditionalNormal(parameters.Count);
    }

    /// <summary>Prepares for a pattern. Returns the conditional standard deviation of each missing column, in the units of the data,
    /// 0 where it is determined; or null where the conditional distribution cannot be computed.</summary>
    public double[]? Begin(int[] observed, int[] missing)
    {
        _determined.Clear();
        _closed.Clear();
        var open = new HashSet<int>(missing);
        bool found;
        do
        {
            found = false;
            foreach (IndexedRelation relation in _relations)
            {
                int[] unknown = [.. relation.Columns.Where(open.Contains)];
                if (unknown.Length != 1) continue;
                _determined.Add((unknown[0], relation));
                open.Remove(unknown[0]);
                found = true;
            }
        }
        while (found);
        foreach (IndexedRelation relation in _relations)
        {
            int last = relation.Columns.LastOrDefault(j => open.Contains(j) && _closed.All(c => c.Column != j), -1);
            if (last >= 0) _closed.Add((last, relation));
        }
        _missing = [.. missing.Where(open.Contains)];
        _observed = [.. observed.Concat(_determined.Select(d => d.Column)).Order()];
        _bounded = _missing.Any(j => _rules[j].IsBounded);
        _precision = null;

        if (_missing.Length > 0 && _observed.Length > 0 && !_conditional.Compute(_parameters, _observed, _missing)) return null;
        int m = _missing.Length;
        if (_method == ImputationMethod.Draw)
        {
            _factor = Covariance();
            if (!Cholesky.Factor(_factor, m, m)) return null;
        }
        double[] covariance = Covariance();
        return [.. missing.Select(j => Array.IndexOf(_missing, j) is var a and >= 0 ? _scale[j] * Math.Sqrt(Math.Max(0, covariance[a * m + a])) : 0)];
    }

    /// <summary>Fills one row, given and returned in the units of the data, with notes on its missing cells.</summary>
    /// <param name="row">Row number, which keys the draws.</param>
    /// <param name="x">The row's cells, all columns; missing ones are overwritten.</param>
    /// <param name="notes">Receives the notes of the missing cells.</param>
    public void Fill(long row, Span<double> x, Span<CellNotes> notes)
    {
        bool nothing = _observed.Length == 0;
        foreach ((int column, IndexedRelation relation) in _determined) x[column] = Solve(relation, column, x);

        int o = _observed.Length, m = _missing.Length;
        Span<double> deviation = o <= 128 ? stackalloc double[o] : new double[o];
        Span<double> value = m <= 128 ? stackalloc double[m] : new double[m];
        for (int b = 0; b < o; b++) deviation[b] = (x[_observed[b]] - _center[_observed[b]]) / _scale[_observed[b]];
        if (nothing) value.Clear();
        else
        {
            for (int a = 0; a < m; a++) value[a] = Dot.Product(_conditional.Coefficients.Slice(a * o, o), deviation);
        }
        bool truncated = _method == ImputationMethod.Draw && Draw(row, value);

        for (int a = 0; a < m; a++)
        {
            int j = _missing[a];
            notes[j] = (nothing ? CellNotes.NothingObserved : 0) | (truncated && _rules[j].IsBounded ? CellNotes.Truncated : 0);
            x[j] = _rules[j].Apply(_center[j] + _scale[j] * value[a], ref notes[j]);
        }
        foreach ((int column, IndexedRelation relation) in _closed)
        {
            notes[column] = (notes[column] & ~(CellNotes.Clamped | CellNotes.Rounded)) | CellNotes.Related;
            x[column] = _rules[column].Apply(Solve(relation, column, x), ref notes[column]);
        }
        foreach ((int column, _) in _determined)
        {
            notes[column] = CellNotes.Determined;
            x[column] = _rules[column].Apply(x[column], ref notes[column]);
        }
    }

    /// <summary>Replaces conditional means by a draw, truncated to the bounds. True where the first draw fell outside of them.</summary>
    private bool Draw(long row, Span<double> value)
    {
        int m = value.Length;
        double[] mean = value.ToArray();
        for (int attempt = 0; attempt < MostJointDraws; attempt++)
        {
            bool inside = true;
            mean.CopyTo(value);
            for (int k = 0; k < m; k++)
            {
                double z = CounterRandom.Normal(_seed, row, _keys[_missing[k]], attempt);
                for (int a = k; a < m; a++) value[a] += _factor[a * m + k] * z;
                inside &= !_bounded || Inside(_missing[k], value[k]); // nothing later moves value[k]
            }
            if (inside) return attempt > 0;
        }

        // Joint draws rarely fall inside: Gibbs sampling from the truncated full conditionals (Geweke 1991).
        if (_precision is null)
        {
            _precision = new double[m * m];
            Cholesky.Invert((double[])_factor.Clone(), m, m, _precision);
        }
        for (int a = 0; a < m; a++) value[a] = Math.Clamp(mean[a], Lower(_missing[a]), Upper(_missing[a]));
        for (int sweep = 0; sweep < GibbsSweeps; sweep++)
        {
            for (int a = 0; a < m; a++)
            {
                int j = _missing[a];
                double q = _precision[a * m + a], pull = 0;
                for (int b = 0; b < m; b++)
                    if (b != a) pull += _precision[a * m + b] * (value[b] - mean[b]);
                double center = mean[a] - pull / q, deviation = 1 / Math.Sqrt(q);
                double u = CounterRandom.Uniform(_seed, row, _keys[j], MostJointDraws + sweep);
                value[a] = center + deviation * TruncatedNormal.Quantile(u, (Lower(j) - center) / deviation, (Upper(j) - center) / deviation);
            }
        }
        return true;
    }

    private bool Inside(int column, double value) => value >= Lower(column) && value <= Upper(column);

    private double Lower(int column) => (_rules[column].Bounds.Lower - _center[column]) / _scale[column];

    private double Upper(int column) => (_rules[column].Bounds.Upper - _center[column]) / _scale[column];

    private double[] Covariance()
    {
        if (_observed.Length > 0) return _conditional.Covariance.ToArray();
        int m = _missing.Length, p = _parameters.Count;
        var covariance = new double[m * m];
        for (int a = 0; a < m; a++)
            for (int b = 0; b < m; b++) covariance[a * m + b] = _parameters.Covariance[_missing[a] * p + _missing[b]];
        return covariance;
    }

    /// <summary>The value of one column by the relation; rounded to 15 digits, which takes off what adding decimal fractions leaves.</summary>
    private static double Solve(IndexedRelation relation, int column, ReadOnlySpan<double> x)
    {
        double sum = relation.Constant, own = 0, size = Math.Abs(relation.Constant);
        for (int k = 0; k < relation.Columns.Length; k++)
        {
            if (relation.Columns[k] == column)
            {
                own = relation.Coefficients[k];
                continue;
            }
            double term = relation.Coefficients[k] * x[relation.Columns[k]];
            sum -= term;
            size = Math.Max(size, Math.Abs(term));
        }
        double value = sum / own;
        if (value == 0 || size == 0) return value;
        int digits = 14 - (int)Math.Floor(Math.Log10(size / Math.Abs(own)));
        return digits is >= 0 and <= 15 ? Math.Round(value, digits) : value;
    }
}
