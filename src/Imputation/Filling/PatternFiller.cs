using Imputation.Models;

namespace Imputation.Filling;

/// <summary>Fills the missing cells of rows of one pattern. An instance is a workspace for one thread.</summary>
/// <remarks>First the cells that an exact relation determines from observed ones; they count as observed from there on. Then the
/// others from their conditional distribution. Where relations miss several cells, as many of them as there are such relations are
/// set so that these hold.</remarks>
internal sealed class PatternFiller
{
    private readonly IRowConditional _conditional;
    private readonly IReadOnlyList<RelationRow> _relations;
    private readonly CellRule[] _rules;
    private readonly FillMethod _method;
    private readonly ulong _seed;
    private readonly int[] _keys;
    private readonly DonorPool? _pool;
    private IReadOnlyList<(int Column, RelationRow Relation)> _determined = [];
    private IReadOnlyList<(int Column, RelationRow Relation)> _closed = [];
    private HashSet<int> _closes = [];
    private int[] _observed = [];
    private int[] _missing = [];
    private Bounds[] _bounds = [];

    /// <param name="conditional">The model's conditional distribution of a row's missing cells.</param>
    /// <param name="relations">Exact relations among the columns.</param>
    /// <param name="rules">Bounds and rounding of each column.</param>
    /// <param name="keys">Index of each column in the model, which keys its draws.</param>
    /// <param name="method">Mean, draw or predictive mean matching.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="pool">Donors to match with.</param>
    public PatternFiller(IRowConditional conditional, IReadOnlyList<RelationRow> relations, CellRule[] rules, int[] keys, FillMethod method,
        ulong seed, DonorPool? pool = null)
    {
        _conditional = conditional;
        _relations = relations;
        _rules = rules;
        _keys = keys;
        _method = method;
        _seed = seed;
        _pool = method == FillMethod.PredictiveMeanMatching ? pool : null;
    }

    /// <summary>Prepares for a pattern. False where the conditional distribution cannot be computed.</summary>
    public bool Begin(int[] observed, int[] missing)
    {
        (_determined, _closed) = RelationRow.SolveFor(_relations, missing);
        _closes = [.. _closed.Select(c => c.Column)];
        HashSet<int> known = [.. _determined.Select(d => d.Column)];

        // Bounded columns come first: their draws then depend on no other's.
        _missing = [.. missing.Where(j => !known.Contains(j)).OrderBy(j => _rules[j].IsBounded ? 0 : 1)];
        _observed = [.. observed.Concat(known).Order()];
        _bounds = Array.ConvertAll(_missing, j => _rules[j].Bounds);
        return _conditional.Begin(_observed, _missing, draws: _method != FillMethod.Mean);
    }

    /// <summary>Conditional standard deviation of a missing cell, in the units of the data; 0 where an exact relation determines
    /// it.</summary>
    public double Deviation(int column) => Array.IndexOf(_missing, column) is var a and >= 0 ? _conditional.Deviation(a) : 0;

    /// <summary>Spread of the prediction of a missing cell, for the row filled last unless it depends on the pattern alone; 0 where an
    /// exact relation determines it.</summary>
    public PredictiveSpread Prediction(int column) => Array.IndexOf(_missing, column) is var a and >= 0 ? _conditional.Prediction(a)
        : new PredictiveSpread(0, double.PositiveInfinity);

    /// <summary>Quantile of the conditional distribution of a missing cell, for the row filled last; NaN where an exact relation determines
    /// it.</summary>
    public double Quantile(int column, double probability) => Array.IndexOf(_missing, column) is var a and >= 0
        ? _conditional.Quantile(a, probability) : double.NaN;

    /// <summary>Probabilities of the values that a missing cell can have, for the row filled last; none where there are many.</summary>
    /// <param name="column">The column.</param>
    /// <param name="values">The values; set where they are not known yet.</param>
    public double[] Probabilities(int column, ref double[]? values)
    {
        int a = Array.IndexOf(_missing, column), count = a < 0 ? 0 : _conditional.LevelCount(a);
        if (count == 0) return [];
        values ??= [.. Enumerable.Range(0, count).Select(k => _conditional.LevelValue(a, k))];
        var probabilities = new double[count];
        _conditional.Probabilities(a, probabilities);
        return probabilities;
    }

    /// <summary>Fills one row, given and returned in the units of the data, with notes on its missing cells.</summary>
    /// <param name="row">Row number, which keys the draws.</param>
    /// <param name="x">The row's cells, all columns; missing ones are overwritten.</param>
    /// <param name="notes">Receives the notes of the missing cells.</param>
    /// <param name="donors">Receives the donors' rows (from 1) of those that are matched and 0 for the others; may be empty where nothing
    /// is matched.</param>
    public void Fill(long row, Span<double> x, Span<CellNotes> notes, Span<int> donors = default)
    {
        bool nothing = _observed.Length == 0;
        foreach ((int column, RelationRow relation) in _determined) x[column] = relation.ValueOf(column, x);
        _conditional.Given(x);

        int m = _missing.Length;
        bool truncated = false;
        if (_pool is not null) Match(row, nothing, x, notes, donors);
        else
        {
            Span<double> value = m <= 128 ? stackalloc double[m] : new double[m];
            if (_method == FillMethod.Draw) truncated = _conditional.Draw(row, _seed, _bounds, value);
            else
                for (int a = 0; a < m; a++) value[a] = _conditional.Mean(a);
            for (int a = 0; a < m; a++)
            {
                int j = _missing[a];
                notes[j] = (nothing ? CellNotes.NothingObserved : 0) | (truncated && _rules[j].IsBounded ? CellNotes.Truncated : 0)
                    | (_method == FillMethod.Mean && _conditional.IsUndecided(a) ? CellNotes.Undecided : 0);
                x[j] = _rules[j].Apply(value[a], ref notes[j]);
            }
        }
        foreach ((int column, RelationRow relation) in _closed)
        {
            notes[column] = (notes[column] & ~(CellNotes.Clamped | CellNotes.Rounded | CellNotes.Matched)) | CellNotes.Related;
            x[column] = _rules[column].ApplyToRelated(relation.ValueOf(column, x), ref notes[column]);
        }
        foreach ((int column, _) in _determined)
        {
            notes[column] = CellNotes.Determined;
            x[column] = _rules[column].ApplyToRelated(x[column], ref notes[column]);
        }
    }

    /// <summary>Fills one cell after the other with an observed value of its column, each matched on its prediction from the observed
    /// cells of the row and those filled before: so the cells of a row keep their association.</summary>
    private void Match(long row, bool nothing, Span<double> x, Span<CellNotes> notes, Span<int> donors)
    {
        for (int a = 0; a < _missing.Length; a++)
        {
            int j = _missing[a];
            double filled = _conditional.Next(a);
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
            _conditional.Fix(a, x[j]);
        }
        foreach ((int column, _) in _determined) donors[column] = 0;
    }
}
