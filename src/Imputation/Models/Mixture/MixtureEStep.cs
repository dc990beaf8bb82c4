using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;

namespace Imputation.Models.Mixture;

/// <summary>The E-step over some rows (Ghahramani and Jordan 1994): what a pattern needs is computed once for each component, then rows are
/// cheap. A workspace for one thread.</summary>
/// <remarks>With d_O = x_O − μ_O the shares r of the components follow from log π + log N(d_O; 0, Σ_OO) + Σ log θ. Of a pattern's rows only
/// Σ r, Σ r d_O and Σ r d_O d_Oᵀ are kept; with B and C as in <see cref="GaussianConditional"/> the moments of completed rows follow:
/// d_M = B d_O, and r C more for the missing part.</remarks>
internal sealed class MixtureEStep
{
    private readonly MixtureData _data;
    private readonly int _k, _p;
    private readonly GaussianConditional[] _conditionals;
    private readonly double[] _cells, _work, _densities, _logSums, _mean, _own;
    private readonly double[] _constants; // log π − ½(log|Σ_OO| + |O| log 2π) of the pattern
    private readonly double[] _weights, _first, _second; // of the pattern's rows
    private MixtureParameters _parameters = null!;
    private bool _tied;

    public MixtureEStep(MixtureData data, int k)
    {
        int p = _p = data.Layout.NumberCount, rows = MixtureData.BlockRows;
        (_data, _k) = (data, k);
        _conditionals = [.. Enumerable.Range(0, p == 0 ? 0 : k).Select(_ => new GaussianConditional(p))];
        (_cells, _work) = (new double[p * rows], new double[(p + 1) * rows]);
        (_densities, _logSums, _own) = (new double[k * rows], new double[rows], new double[rows]);
        (_constants, _weights, _first, _second, _mean) = (new double[k], new double[k], new double[k * p], new double[k * p * p],
            new double[p]);
        Sums = new MixtureSums(k, p, data.Layout.SlotCount);
    }

    /// <summary>The sums so far.</summary>
    public MixtureSums Sums { get; }

    /// <summary>Adds blocks. False where a factorisation fails.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="tied">Whether all components have the same covariance.</param>
    /// <param name="from">The first block.</param>
    /// <param name="to">The end.</param>
    /// <param name="assigned">Where given, the component of each row, instead of its shares.</param>
    /// <param name="shares">Where given, receives k shares for each row.</param>
    /// <param name="logDensities">Where given, receives the log density of each row.</param>
    public bool Add(MixtureParameters parameters, bool tied, int from, int to, int[]? assigned = null, double[]? shares = null,
        double[]? logDensities = null)
    {
        (_parameters, _tied) = (parameters, tied);
        MixturePattern? pattern = null;
        for (int b = from; b < to; b++)
        {
            MixtureBlock block = _data.Blocks[b];
            if (block.Pattern != pattern)
            {
                if (pattern is not null) Complete(pattern);
                if (!Prepare(pattern = block.Pattern)) return false;
            }
            Rows(block, assigned, shares, logDensities);
        }
        if (pattern is not null) Complete(pattern);
        return true;
    }

    private GaussianConditional Conditional(int c) => _conditionals[_tied ? 0 : c];

    /// <summary>What the pattern needs of each component.</summary>
    private bool Prepare(MixturePattern pattern)
    {
        int o = pattern.Observed.Length;
        Array.Clear(_weights);
        _first.AsSpan(0, _k * o).Clear();
        _second.AsSpan(0, _k * o * o).Clear();
        for (int c = 0; c < _k; c++)
        {
            _constants[c] = MixtureParameters.LogOf(_parameters.Weights[c]);
            if (_p == 0) continue;
            if ((c == 0 || !_tied) && !_conditionals[c].FromCovariance(_parameters.Normals[c], pattern.Observed, pattern.Missing))
                return false;
            _constants[c] -= 0.5 * (Conditional(c).LogDeterminantObserved + o * Math.Log(2 * Math.PI));
        }
        return true;
    }

    private void Rows(MixtureBlock block, int[]? assigned, double[]? shares, double[]? logDensities)
    {
        MixturePattern pattern = block.Pattern;
        const int stride = MixtureData.BlockRows, unit = LaneDistances.Rows;
        int o = pattern.Observed.Length, first = pattern.First + block.First, padded = (block.Count + unit - 1) / unit * unit;
        for (int a = 0; a < o; a++)
        {
            Span<double> column = _cells.AsSpan(a * stride, padded);
            _data.Cells.AsSpan(pattern.FirstCell + a * pattern.Count + block.First, block.Count).CopyTo(column);
            column[block.Count..].Clear();
        }
        for (int c = 0; c < _k; c++)
        {
            // log π − ½(…) − ½ d_OᵀΣ_OO⁻¹d_O, then the levels.
            Span<double> density = _densities.AsSpan(c * stride, padded);
            density.Clear();
            if (o > 0) LaneDistances.Add(Conditional(c).ObservedFactor, Mean(c, pattern.Observed), _cells, stride, padded, _work, density);
            double constant = _constants[c];
            for (int r = 0; r < density.Length; r++) density[r] = constant - 0.5 * density[r];
            double[] logs = _parameters.LogLevels[c];
            foreach (int[] slots in _data.Slots)
                for (int r = 0; r < block.Count; r++) density[r] += logs[slots[first + r]];
        }
        if (assigned is null) LaneSoftmax.Replace(_densities, _k, stride, padded, _logSums);
        else
            for (int c = 0; c < _k; c++)
                for (int r = 0; r < block.Count; r++) _densities[c * stride + r] = assigned[first + r] == c ? 1 : 0;

        Span<double> rows = _own.AsSpan(0, padded);
        _data.RowCounts.AsSpan(first, block.Count).CopyTo(rows);
        rows[block.Count..].Clear();
        for (int r = 0; r < block.Count; r++)
        {
            Sums.LogLikelihood += rows[r] * _logSums[r];
            Sums.Size += rows[r] * Math.Abs(_logSums[r]);
            if (logDensities is not null) logDensities[first + r] = _logSums[r];
            for (int c = 0; c < _k && shares is not null; c++) shares[(first + r) * _k + c] = _densities[c * stride + r];
        }
        for (int c = 0; c < _k; c++)
        {
            Span<double> share = _densities.AsSpan(c * stride, padded);
            double sum = 0;
            for (int r = 0; r < share.Length; r++) sum += share[r] *= rows[r];
            _weights[c] += sum;
            if (o > 0) LaneMoments.Add(share, Mean(c, pattern.Observed), _cells, stride, padded, _work, _first.AsSpan(c * o, o),
                _second.AsSpan(c * o * o, o * o));
            Span<double> levels = Sums.Levels.AsSpan(c * _data.Layout.SlotCount, _data.Layout.SlotCount);
            foreach (int[] slots in _data.Slots)
                for (int r = 0; r < block.Count; r++) levels[slots[first + r]] += share[r];
        }
    }

    private ReadOnlySpan<double> Mean(int c, int[] observed)
    {
        for (int a = 0; a < observed.Length; a++) _mean[a] = _parameters.Normals[c].Mean[observed[a]];
        return _mean.AsSpan(0, observed.Length);
    }

    /// <summary>Adds the moments of the pattern's completed rows to the sums.</summary>
    private void Complete(MixturePattern pattern)
    {
        int[] observed = pattern.Observed, missing = pattern.Missing;
        int o = observed.Length, m = missing.Length, p = _p;
        for (int c = 0; c < _k; c++)
        {
            Sums.Weights[c] += _weights[c];
            if (p == 0) continue;
            Span<double> first = Sums.First.AsSpan(c * p, p), second = Sums.Second.AsSpan(c * p * p, p * p);
            ReadOnlySpan<double> s = _first.AsSpan(c * o, o), square = _second.AsSpan(c * o * o, o * o);
            for (int a = 0; a < o; a++)
            {
                first[observed[a]] += s[a];
                for (int b = 0; b <= a; b++) second[observed[a] * p + observed[b]] += square[a * o + b];
            }
            if (m > 0) CompleteMissing(Conditional(c), _weights[c], s, square, observed, missing, first, second);
        }
    }

    private void CompleteMissing(GaussianConditional conditional, double weight, ReadOnlySpan<double> s, ReadOnlySpan<double> square,
        int[] observed, int[] missing, Span<double> first, Span<double> second)
    {
        int o = observed.Length, m = missing.Length, p = _p;
        ReadOnlySpan<double> coefficients = conditional.Coefficients, covariance = conditional.Covariance;
        Span<double> row = _work.AsSpan(0, o); // a row of B S
        for (int a = 0; a < m; a++)
        {
            ReadOnlySpan<double> b = coefficients.Slice(a * o, o);
            first[missing[a]] += Dot.Product(b, s);
            row.Clear();
            for (int i = 0; i < o; i++)
            {
                AddScaled.To(row[..(i + 1)], b[i], square.Slice(i * o, i + 1));
                row[i] += Dot.Product(square.Slice(i * o, i), b[..i]); // the upper triangle, which is the lower one's row
            }
            for (int i = 0; i < o; i++)
                second[Math.Max(missing[a], observed[i]) * p + Math.Min(missing[a], observed[i])] += row[i];
            for (int e = 0; e <= a; e++)
                second[missing[a] * p + missing[e]] += Dot.Product(row, coefficients.Slice(e * o, o)) + weight * covariance[a * m + e];
        }
    }
}
