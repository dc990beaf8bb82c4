using Imputation.Numerics.Random;

namespace Imputation.Models.Stack;

/// <summary>The conditional distribution of a row's missing cells under a combination of models. A workspace for one thread.</summary>
internal sealed class StackRow(StackConditional over, StackRow.Part[] parts) : IRowConditional
{
    /// <summary>Quantiles that stand for a distribution.</summary>
    private const int QuantileCount = 99;

    /// <summary>Keys the choice of a model, away from the draws of cells.</summary>
    private const int PartDraw = 1 << 22;

    private int[] _missing = [];
    private double[][] _weights = []; // of each missing cell, for each part

    /// <summary>A model and its workspace.</summary>
    public sealed class Part(StackPart part)
    {
        private readonly double[] _cells = new double[part.Width];
        private int[] _places = []; // of each missing cell among the part's missing ones

        /// <summary>The model.</summary>
        public StackPart Of => part;

        /// <summary>Its conditional distribution.</summary>
        public IRowConditional Row { get; } = part.Conditional.Workspace();

        /// <summary>Whether the conditional distribution can be computed for the pattern.</summary>
        public bool IsUsable { get; private set; }

        public void Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws)
        {
            int[] seen = part.Own(observed), lacking = part.Own(missing);
            Array.Sort(seen);
            _places = new int[missing.Length];
            for (int a = 0; a < missing.Length; a++) _places[a] = Array.IndexOf(lacking, part.Places[missing[a]]);
            IsUsable = Row.Begin(seen, lacking, draws);
        }

        public void Given(ReadOnlySpan<double> cells)
        {
            part.Copy(cells, _cells);
            Row.Given(_cells);
        }

        /// <summary>The index of a missing cell for the part.</summary>
        public int Place(int a) => _places[a];

        /// <summary>A quantile, the uncertainty of the estimates included where the model knows it.</summary>
        public double Quantile(int a, double probability)
        {
            int at = _places[a];
            if (!part.Conditional.IsNormalByPattern) return Row.Quantile(at, probability);
            double half = Row.Prediction(at).HalfWidth(Math.Abs(2 * probability - 1));
            return double.IsNaN(half) ? Row.Quantile(at, probability) : Row.Mean(at) + Math.Sign(probability - 0.5) * half;
        }

        /// <summary>Draws all cells, those that the model lacks excepted.</summary>
        public (double[] Values, bool Outside) Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds)
        {
            var own = new List<Bounds>(bounds.Length);
            for (int a = 0; a < bounds.Length; a++)
                if (_places[a] >= 0) own.Add(bounds[a]);
            var values = new double[own.Count];
            return (values, Row.Draw(row, seed, own.ToArray(), values));
        }
    }

    /// <inheritdoc/>
    public double LogDensity => double.NaN;

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws)
    {
        _missing = missing.ToArray();
        foreach (Part part in parts) part.Begin(observed, missing, draws);
        _weights = Array.ConvertAll(_missing, j =>
        {
            double[] weights = Array.ConvertAll(parts, p => p.IsUsable ? p.Of.Weights[j] : 0);
            double sum = weights.Sum();
            // None with a weight can be computed: the first that can.
            if (!(sum > 0) && Array.FindIndex(parts, p => p.IsUsable && p.Of.Places[j] >= 0) is >= 0 and var first)
                weights[first] = sum = 1;
            return Array.ConvertAll(weights, w => w / sum);
        });
        return _weights.All(w => w.Sum() > 0);
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        foreach (Part part in parts)
            if (part.IsUsable) part.Given(cells);
    }

    /// <inheritdoc/>
    public double Mean(int a) => IsCategory(a) ? Best(a) : Weighted(a, (part, at) => part.Row.Mean(at));

    /// <inheritdoc/>
    public double Deviation(int a)
    {
        if (IsCategory(a)) return double.NaN;
        double mean = Mean(a);
        return Math.Sqrt(Weighted(a, (part, at) => Math.Pow(part.Row.Deviation(at), 2) + Math.Pow(part.Row.Mean(at) - mean, 2)));
    }

    /// <inheritdoc/>
    public double Quantile(int a, double probability) => IsCategory(a) ? double.NaN
        : Weighted(a, (part, _) => part.Quantile(a, probability));

    /// <inheritdoc/>
    /// <remarks>Twice the mean of the quantiles' losses.</remarks>
    public double Crps(int a, double value)
    {
        double sum = 0;
        for (int k = 0; k < QuantileCount; k++)
        {
            double p = (k + 0.5) / QuantileCount, off = value - Quantile(a, p);
            sum += off > 0 ? p * off : (p - 1) * off;
        }
        return 2 * sum / QuantileCount;
    }

    /// <inheritdoc/>
    public bool IsUndecided(int a) => Weighted(a, (part, at) => part.Row.IsUndecided(at) ? 1 : 0) > 0.5;

    /// <inheritdoc/>
    public int LevelCount(int a) => Array.FindIndex(_weights[a], w => w > 0) is >= 0 and var first && IsCategory(a)
        ? LevelCount(first, a) : Enumerable.Range(0, parts.Length).Max(m => LevelCount(m, a));

    /// <inheritdoc/>
    public double LevelValue(int a, int level)
    {
        int count = LevelCount(a), first = Enumerable.Range(0, parts.Length).First(m => LevelCount(m, a) == count);
        return parts[first].Row.LevelValue(parts[first].Place(a), level);
    }

    /// <inheritdoc/>
    /// <remarks>Where only some of the models have probabilities of a number's values, they are those of these models.</remarks>
    public void Probabilities(int a, Span<double> target)
    {
        target.Clear();
        var own = new double[target.Length];
        double sum = 0;
        for (int m = 0; m < parts.Length; m++)
        {
            if (LevelCount(m, a) != own.Length) continue;
            parts[m].Row.Probabilities(parts[m].Place(a), own);
            for (int k = 0; k < own.Length; k++) target[k] += _weights[a][m] * own[k];
            sum += _weights[a][m];
        }
        foreach (ref double p in target) p /= sum;
    }

    /// <inheritdoc/>
    /// <remarks>Each cell comes from one of the models; with one random number for the row, cells whose weights are alike come from the
    /// same, and keep their association.</remarks>
    public bool Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values)
    {
        double u = CounterRandom.Uniform(seed, row, PartDraw, 0);
        var drawn = new (double[] Values, bool Outside)?[parts.Length];
        bool outside = false;
        for (int a = 0; a < _missing.Length; a++)
        {
            double[] weights = _weights[a];
            int m = Array.FindIndex(weights, w => w > 0), last = Array.FindLastIndex(weights, w => w > 0);
            for (double sum = weights[m]; sum < u && m < last; sum += weights[m]) m++;
            (double[] own, bool fell) = drawn[m] ??= parts[m].Draw(row, seed, bounds);
            values[a] = own[parts[m].Place(a)];
            outside |= fell;
        }
        return outside;
    }

    /// <inheritdoc/>
    public double Next(int a)
    {
        if (!IsCategory(a)) return Weighted(a, (part, at) => part.Row.Next(at));
        var votes = new double[LevelCount(a)];
        for (int m = 0; m < parts.Length; m++)
            if (_weights[a][m] > 0) votes[(int)parts[m].Row.Next(parts[m].Place(a))] += _weights[a][m];
        return Array.IndexOf(votes, votes.Max());
    }

    /// <inheritdoc/>
    public void Fix(int a, double value)
    {
        foreach (Part part in parts)
        {
            if (!part.IsUsable || part.Place(a) < 0) continue;
            // A cell is fixed after it was asked for.
            if (!(part.Of.Weights[_missing[a]] > 0)) part.Row.Next(part.Place(a));
            part.Row.Fix(part.Place(a), value);
        }
    }

    private int LevelCount(int m, int a) => _weights[a][m] > 0 ? parts[m].Row.LevelCount(parts[m].Place(a)) : 0;

    private bool IsCategory(int a) => over.Columns[_missing[a]] is not NumericColumn { Categories: null };

    private double Best(int a)
    {
        var p = new double[LevelCount(a)];
        Probabilities(a, p);
        return Array.IndexOf(p, p.Max());
    }

    private double Weighted(int a, Func<Part, int, double> value)
    {
        double sum = 0;
        for (int m = 0; m < parts.Length; m++)
            if (_weights[a][m] > 0) sum += _weights[a][m] * value(parts[m], parts[m].Place(a));
        return sum;
    }
}
