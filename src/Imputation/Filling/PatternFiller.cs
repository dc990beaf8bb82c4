using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Filling;

/// <summary>Fills the missing cells of rows of one pattern. An instance is a workspace for one thread.</summary>
/// <remarks>First the cells that an exact relation determines from observed ones; they count as observed from there on. Then the others from
/// their conditional distribution. Where relations miss several cells, as many of them as there are such relations are set so that these hold.</remarks>
internal sealed class PatternFiller
{
    private const int MostJointDraws = 50;
    private const int GibbsSweeps = 100;
    private const double MostDeviations = 4;

    private readonly GaussianParameters _parameters;
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly IReadOnlyList<RelationRow> _relations;
    private readonly CellRule[] _rules;
    private readonly FillMethod _method;
    private readonly ulong _seed;
    private readonly int[] _keys;
    private readonly DonorPool? _pool;
    private readonly GaussianConditional _conditional;
    private IReadOnlyList<(int Column, RelationRow Relation)> _determined = [];
    private IReadOnlyList<(int Column, RelationRow Relation)> _closed = [];
    private HashSet<int> _closes = [];
    private int[] _observed = [];
    private int[] _missing = [];
    private double[] _factor = [];
    private double[]? _precision;
    private int _bounded;

    /// <param name="parameters">Means 0 and correlations of the columns at hand.</param>
    /// <param name="center">Their means in the units of the data.</param>
    /// <param name="scale">Their standard deviations.</param>
    /// <param name="relations">Exact relations among them.</param>
    /// <param name="rules">Bounds and rounding of each.</param>
    /// <param name="keys">Index of each in the model, which keys its draws.</param>
    /// <param name="method">Mean or draw.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="pool">Donors to match with.</param>
    public PatternFiller(GaussianParameters parameters, double[] center, double[] scale, IReadOnlyList<RelationRow> relations, CellRule[] rules, int[] keys, FillMethod method, ulong seed, DonorPool? pool = null)
    {
        _parameters = parameters;
        _center = center;
        _scale = scale;
        _relations = relations;
        _rules = rules;
        _keys = keys;
        _method = method;
        _seed = seed;
        _pool = method == FillMethod.PredictiveMeanMatching ? pool : null;
        _conditional = new GaussianConditional(parameters.Count);
    }

    /// <summary>Prepares for a pattern. Returns the conditional standard deviation of each missing column, in the units of the data,
    /// 0 where it is determined; or null where the conditional distribution cannot be computed.</summary>
    public double[]? Begin(int[] observed, int[] missing)
    {
        (_determined, _closed) = RelationRow.SolveFor(_relations, missing);
        _closes = [.. _closed.Select(c => c.Column)];
        HashSet<int> known = [.. _determined.Select(d => d.Column)];

        // Bounded columns come first: their draws then depend on no other's.
        _missing = [.. missing.Where(j => !known.Contains(j)).OrderBy(j => _rules[j].IsBounded ? 0 : 1)];
        _observed = [.. observed.Concat(known).Order()];
        _bounded = _missing.Count(j => _rules[j].IsBounded);
        _precision = null;

        if (_missing.Length > 0 && _observed.Length > 0 && !_conditional.Compute(_parameters, _observed, _missing)) return null;
        int m = _missing.Length;
        if (_method != FillMethod.Mean)
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
    /// <param name="donors">Receives the donors' rows (from 1) of those that are matched and 0 for the others; may be empty where nothing is matched.</param>
    public void Fill(long row, Span<double> x, Span<CellNotes> notes, Span<int> donors = default)
    {
        bool nothing = _observed.Length == 0;
        foreach ((int column, RelationRow relation) in _determined) x[column] = relation.ValueOf(column, x);

        int o = _observed.Length, m = _missing.Length;
        Span<double> deviation = o <= 128 ? stackalloc double[o] : new double[o];
        Span<double> value = m <= 128 ? stackalloc double[m] : new double[m];
        for (int b = 0; b < o; b++) deviation[b] = (x[_observed[b]] - _center[_observed[b]]) / _scale[_observed[b]];
        if (nothing) value.Clear();
        else
        {
            for (int a = 0; a < m; a++) value[a] = Dot.Product(_conditional.Coefficients.Slice(a * o, o), deviation);
        }
        if (_pool is not null) Match(row, nothing, value, x, notes, donors);
        bool truncated = _method == FillMethod.Draw && Draw(row, value);

        for (int a = 0; a < m; a++)
        {
            if (_pool is not null) break;
            int j = _missing[a];
            notes[j] = (nothing ? CellNotes.NothingObserved : 0) | (truncated && _rules[j].IsBounded ? CellNotes.Truncated : 0);
            x[j] = _rules[j].Apply(_center[j] + _scale[j] * value[a], ref notes[j]);
        }
        foreach ((int column, RelationRow relation) in _closed)
        {
            notes[column] = (notes[column] & ~(CellNotes.Clamped | CellNotes.Rounded | CellNotes.Matched)) | CellNotes.Related;
            x[column] = _rules[column].Apply(relation.ValueOf(column, x), ref notes[column]);
        }
        foreach ((int column, _) in _determined)
        {
            notes[column] = CellNotes.Determined;
            x[column] = _rules[column].Apply(x[column], ref notes[column]);
        }
    }

    /// <summary>Fills one cell after the other with a value that occurs, each matched by its prediction from what is observed in the row and what
    /// was filled in it before: so cells of one row keep their association.</summary>
    private void Match(long row, bool nothing, Span<double> value, Span<double> x, Span<CellNotes> notes, Span<int> donors)
    {
        int m = value.Length;
        Span<double> z = m <= 128 ? stackalloc double[m] : new double[m]; // filled = mean + Lz
        for (int a = 0; a < m; a++)
        {
            int j = _missing[a];
            double predicted = value[a] + Dot.Product(_factor.AsSpan(a * m, a), z[..a]), filled = _center[j] + _scale[j] * predicted;
            notes[j] = nothing ? CellNotes.NothingObserved : CellNotes.None;
            donors[j] = 0;
            if (_closes.Contains(j))
            {
                x[j] = filled;
                continue;
            }
            (filled, int donor) = _pool!.Match(_keys[j], row, filled, _seed);
            if (donor >= 0)
            {
                notes[j] |= CellNotes.Matched;
                donors[j] = donor + 1;
            }
            x[j] = _rules[j].Apply(filled, ref notes[j]);

            // A donor further off than chance would have it says nothing of the other cells.
            z[a] = Math.Clamp(((x[j] - _center[j]) / _scale[j] - predicted) / _factor[a * m + a], -MostDeviations, MostDeviations);
        }
        foreach ((int column, _) in _determined) donors[column] = 0;
    }

    /// <summary>Replaces conditional means by a draw, truncated to the bounds. True where the first draw fell outside of them.</summary>
    private bool Draw(long row, Span<double> value)
    {
        int m = value.Length;
        double[] mean = value.ToArray();
        Span<double> z = m <= 128 ? stackalloc double[m] : new double[m]; // value = mean + Lz

        bool inside = false;
        int attempt = -1;
        while (!inside && ++attempt < MostJointDraws)
        {
            inside = true;
            for (int a = 0; a < _bounded; a++)
            {
                z[a] = CounterRandom.Normal(_seed, row, _keys[_missing[a]], attempt);
                value[a] = mean[a] + Dot.Product(_factor.AsSpan(a * m, a + 1), z[..(a + 1)]);
                inside &= value[a] >= Lower(_missing[a]) && value[a] <= Upper(_missing[a]);
            }
        }
        if (!inside) Gibbs(row, mean, value, z);

        for (int a = _bounded; a < m; a++)
        {
            z[a] = CounterRandom.Normal(_seed, row, _keys[_missing[a]], 0);
            value[a] = mean[a] + Dot.Product(_factor.AsSpan(a * m, a + 1), z[..(a + 1)]);
        }
        return attempt > 0;
    }

    /// <summary>Where joint draws rarely fall inside: Gibbs sampling of the bounded columns from their truncated full conditionals,
    /// the others integrated out (Geweke 1991).</summary>
    private void Gibbs(long row, double[] mean, Span<double> value, Span<double> z)
    {
        int m = mean.Length, k = _bounded;
        if (_precision is null)
        {
            var factor = new double[k * k];
            for (int a = 0; a < k; a++) _factor.AsSpan(a * m, a + 1).CopyTo(factor.AsSpan(a * k));
            Cholesky.Invert(factor, k, k, _precision = new double[k * k]);
        }
        for (int a = 0; a < k; a++) value[a] = Math.Clamp(mean[a], Lower(_missing[a]), Upper(_missing[a]));
        for (int sweep = 0; sweep < GibbsSweeps; sweep++)
        {
            for (int a = 0; a < k; a++)
            {
                int j = _missing[a];
                double q = _precision[a * k + a], pull = 0;
                for (int b = 0; b < k; b++)
                    if (b != a) pull += _precision[a * k + b] * (value[b] - mean[b]);
                double center = mean[a] - pull / q, deviation = 1 / Math.Sqrt(q);
                double u = CounterRandom.Uniform(_seed, row, _keys[j], MostJointDraws + sweep);
                value[a] = center + deviation * TruncatedNormal.Quantile(u, (Lower(j) - center) / deviation, (Upper(j) - center) / deviation);
            }
        }
        for (int a = 0; a < k; a++) z[a] = (value[a] - mean[a] - Dot.Product(_factor.AsSpan(a * m, a), z[..a])) / _factor[a * m + a];
    }

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
}
