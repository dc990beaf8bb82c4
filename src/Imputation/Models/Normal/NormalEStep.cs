using Imputation.Numerics;

namespace Imputation.Models.Normal;

/// <summary>The E-step over some of the patterns: expected first and second moments about μ, and the log-likelihood's parts.</summary>
/// <remarks>For a row with observed O and missing M, its completed deviation d has d_O = x_O − μ_O and d_M = B d_O
/// (<see cref="ConditionalNormal"/>); it contributes d to the first moment, and ddᵀ, plus C in the missing block, to the second.
/// Where Σ is well conditioned and few columns are missing, C = K_MM⁻¹ is made for several patterns side by side (<see cref="LaneSweep"/>),
/// and d_M = −C (K d)_M with d_M = 0 on the right. A pattern kept as sums contributes the same from n, Σx and Σxxᵀ alone.
/// An instance is a workspace for one thread at a time.</remarks>
internal sealed class NormalEStep
{
    private const int BatchRows = 64;

    private static readonly double s_allBits = BitConverter.UInt64BitsToDouble(ulong.MaxValue);

    private readonly int _p;
    private readonly int _stride;
    private readonly double[] _batch;
    private readonly int[] _observed;
    private readonly double[] _mean;
    private readonly double[] _deviation;
    private readonly double[] _pull;
    private readonly double[] _pulls;
    private readonly double[] _negative;
    private readonly double[] _mask;
    private readonly double[] _precision;
    private readonly double[] _lanes;
    private readonly double[] _logDeterminants = new double[LaneSweep.Lanes];
    private readonly ConditionalNormal _conditional;
    private readonly Lazy<double[]> _coefficients;
    private readonly Lazy<double[]> _about;
    private readonly Lazy<double[]> _predicted;
    private int _batched;

    public NormalEStep(int p)
    {
        _p = p;
        _stride = CrossProduct.Stride(p);
        _batch = new double[BatchRows * _stride];
        _observed = new int[p];
        int most = Math.Min(p, LaneSweep.MostOrder);
        _mean = new double[_stride];
        _mask = new double[_stride];
        Array.Fill(_mask, s_allBits, 0, p);
        _deviation = new double[p];
        _pull = new double[BatchRows * most];
        _pulls = new double[_stride];
        _negative = new double[most * most];
        _precision = new double[p * _stride];
        _lanes = new double[LaneSweep.Length(most)];
        _conditional = new ConditionalNormal(p);
        _coefficients = new Lazy<double[]>(() => new double[p * _stride]);
        _predicted = new Lazy<double[]>(() => new double[p * _stride + Spread.Margin]);
        _about = new Lazy<double[]>(() => new double[p * p + Spread.Margin]);
        Sum = new double[_stride];
        Products = new double[_stride * _stride];
        CrossProducts = new double[p * _stride];
    }

    /// <summary>Distance between rows of <see cref="Products"/>.</summary>
    public int Stride => _stride;

    /// <summary>Σ E[x − μ | x_O] over the rows done.</summary>
    public double[] Sum { get; }

    /// <summary>Σ E[(x − μ)(x − μ)ᵀ | x_O] over the rows done, but for <see cref="CrossProducts"/>; lower triangle.</summary>
    public double[] Products { get; }

    /// <summary>Of the patterns kept as sums, Σ E[(x − μ)(x − μ)ᵀ | x_O] of a missing column, the row, with an observed one; both triangles, to be added.</summary>
    public double[] CrossProducts { get; }

    /// <summary>Σ log|Σ_OO| over the rows done.</summary>
    public double LogDeterminants { get; private set; }

    /// <summary>Σ (x_O − μ_O)ᵀ Σ_OO⁻¹ (x_O − μ_O) over the rows done, where the precision is not accurate enough to get it from
    /// <see cref="Products"/>; otherwise 0.</summary>
    public double Quadratics { get; private set; }

    /// <summary>Forgets what was accumulated.</summary>
    public void Clear()
    {
        Array.Clear(Sum);
        Array.Clear(Products);
        Array.Clear(CrossProducts);
        LogDeterminants = Quadratics = 0;
        _batched = 0;
    }

    /// <summary>Adds the expected moments of blocks <paramref name="first"/> to <paramref name="end"/> − 1. False where a factorisation fails.</summary>
    public bool Add(NormalParameters parameters, PatternBlock[] blocks, int first, int end, CancellationToken cancellation)
    {
        for (int i = 0; i < _p; i++) parameters.Precision.AsSpan(i * _p, _p).CopyTo(_precision.AsSpan(i * _stride));
        for (int b = first; b < end; b++)
        {
            PatternBlock block = blocks[b];
            bool sideBySide = parameters.PrecisionIsAccurate && block.MissingCount <= Math.Min(block.ObservedCount, LaneSweep.MostOrder);
            for (int k = 0; k < block.Count; k += LaneSweep.Lanes)
            {
                int count = Math.Min(LaneSweep.Lanes, block.Count - k);
                if (!(sideBySide ? AddSideBySide(parameters, block, k, count) : AddOneByOne(parameters, block, k, count))) return false;
                cancellation.ThrowIfCancellationRequested();
            }
        }
        Flush();
        return true;
    }

    /// <summary>By way of −K_MM⁻¹ of as many patterns as there are lanes.</summary>
    private bool AddSideBySide(NormalParameters parameters, PatternBlock block, int first, int count)
    {
        int m = block.MissingCount;
        for (int lane = 0; lane < LaneSweep.Lanes; lane++)
            LaneSweep.Gather(_precision, _stride, block.Missing(first + Math.Min(lane, count - 1)), lane, _lanes);
        LaneSweep.Invert(_lanes, m, _logDeterminants);
        ReadOnlySpan<double> negative = _negative.AsSpan(0, m * m);
        for (int lane = 0; lane < count; lane++)
        {
            int k = first + lane, n = block.RowCountOf(k);
            ReadOnlySpan<int> missing = block.Missing(k);
            LogDeterminants += n * (parameters.LogDeterminant + _logDeterminants[lane]);
            LaneSweep.Scatter(_lanes, lane, missing, _negative, -n, Products, _stride);
            Mask(missing, 0);
            if (block.AreSums)
            {
                // B = −C K_MO
                Span<double> coefficients = _coefficients.Value.AsSpan(0, m * _stride), pulls = _pulls.AsSpan(0, _stride);
                coefficients.Clear();
                for (int a = 0; a < m; a++)
                {
                    Spread.Collect(_precision.AsSpan(missing[a] * _stride, _stride), _mask, pulls);
                    for (int b = 0; b < m; b++) AddScaled.To(coefficients.Slice(b * _stride, _stride), negative[b * m + a], pulls);
                }
                AddSums(parameters, block, k, coefficients);
            }
            else AddRows(parameters, block, k, negative);
            Mask(missing, s_allBits);
        }
        return !double.IsNaN(LogDeterminants);
    }

    /// <summary>By way of Σ_OO, or of K_MM where it is large.</summary>
    private bool AddOneByOne(NormalParameters parameters, PatternBlock block, int first, int count)
    {
        for (int k = first; k < first + count; k++)
        {
            block.Observed(k, _observed);
            ReadOnlySpan<int> missing = block.Missing(k);
            if (!_conditional.Compute(parameters, _observed.AsSpan(0, block.ObservedCount), missing)) return false;
            int n = block.RowCountOf(k), m = block.MissingCount;
            LogDeterminants += n * _conditional.LogDeterminantObserved;
            ReadOnlySpan<double> covariance = _conditional.Covariance;
            for (int a = 0; a < m; a++)
            {
                Span<double> row = Products.AsSpan(missing[a] * _stride, _stride);
                for (int b = 0; b <= a; b++) row[missing[b]] += n * covariance[a * m + b];
            }
            if (block.AreSums)
            {
                Mask(missing, 0);
                int o = block.ObservedCount;
                for (int a = 0; a < m; a++) _conditional.Coefficients.Slice(a * o, o).CopyTo(_coefficients.Value.AsSpan(a * _stride));
                AddSums(parameters, block, k, _coefficients.Value);
                Mask(missing, s_allBits);
                if (!parameters.PrecisionIsAccurate) AddQuadratics(parameters, block, k);
            }
            else AddRows(parameters, block, k);
        }
        return true;
    }

    /// <summary>Takes a pattern's rows in by way of K and −C.</summary>
    private void AddRows(NormalParameters parameters, PatternBlock block, int pattern, ReadOnlySpan<double> negative)
    {
        ReadOnlySpan<int> missing = block.Missing(pattern);
        int o = block.ObservedCount, m = missing.Length;
        Span<double> mean = _mean.AsSpan(0, _stride);
        parameters.Mean.CopyTo(mean);
        foreach (int j in missing) mean[j] = 0;
        for (ReadOnlySpan<double> cells = block.Rows(pattern); cells.Length > 0;)
        {
            int count = Math.Min(cells.Length / o, BatchRows - _batched);
            Span<double> rows = _batch.AsSpan(_batched * _stride, count * _stride);
            Spread.Deviations(cells, count, missing, _mask, mean, _p, _stride, rows);
            PickedProducts.Multiply(_precision, _stride, missing, rows, count, _pull);
            Spread.Fill(negative, _pull, missing, count, _stride, rows);
            _batched += count;
            if (_batched == BatchRows) Flush();
            cells = cells[(count * o)..];
        }
    }

    /// <summary>Takes a pattern's rows in by way of B.</summary>
    private void AddRows(NormalParameters parameters, PatternBlock block, int pattern)
    {
        ReadOnlySpan<int> observed = _observed.AsSpan(0, block.ObservedCount), missing = block.Missing(pattern);
        int o = observed.Length;
        Span<double> deviation = _deviation.AsSpan(0, o);
        for (ReadOnlySpan<double> cells = block.Rows(pattern); cells.Length > 0; cells = cells[o..])
        {
            Span<double> row = _batch.AsSpan(_batched * _stride, _stride);
            for (int b = 0; b < o; b++) row[observed[b]] = deviation[b] = cells[b] - parameters.Mean[observed[b]];
            for (int a = 0; a < missing.Length; a++) row[missing[a]] = Dot.Product(_conditional.Coefficients.Slice(a * o, o), deviation);
            if (!parameters.PrecisionIsAccurate)
            {
                Cholesky.SolveLower(_conditional.ObservedFactor, o, o, deviation, 1, 1);
                Quadratics += Dot.Product(deviation, deviation);
            }
            if (++_batched == BatchRows) Flush();
        }
    }

    private void Flush()
    {
        CrossProduct.Add(_batch, _batched, _stride, Products);
        for (int r = 0; r < _batched; r++) AddScaled.To(Sum, 1, _batch.AsSpan(r * _stride, _stride));
        _batched = 0;
    }

    private void Mask(ReadOnlySpan<int> missing, double value)
    {
        foreach (int j in missing) _mask[j] = value;
    }

    /// <summary>Takes a pattern's sums in.</summary>
    /// <param name="parameters">μ and Σ.</param>
    /// <param name="block">The block.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="coefficients">B, rows <see cref="_stride"/> apart.</param>
    private void AddSums(NormalParameters parameters, PatternBlock block, int pattern, ReadOnlySpan<double> coefficients)
    {
        int o = block.ObservedCount, m = block.MissingCount;
        double n = block.RowCountOf(pattern);
        ReadOnlySpan<int> missing = block.Missing(pattern);
        ReadOnlySpan<double> sum = block.Sum(pattern), products = block.Products(pattern);
        Span<double> about = _about.Value, allPredicted = _predicted.Value, mean = _mean.AsSpan(0, o), deviation = _deviation.AsSpan(0, o);
        block.Observed(pattern, _observed);
        for (int a = 0; a < o; a++)
        {
            mean[a] = parameters.Mean[_observed[a]];
            deviation[a] = sum[a] - n * mean[a];
        }

        // A = Σ (x − μ)(x − μ)ᵀ over the rows, from Σxxᵀ and Σx. The products of predictions come from this same A: its rounding then does
        // not meet the small eigenvalues of Σ.
        for (int a = 0; a < o; a++)
        {
            Span<double> row = about.Slice(a * o, o);
            products.Slice(a * o, o).CopyTo(row);
            AddScaled.To(row, -mean[a], sum);
            AddScaled.To(row, -deviation[a], mean);
            Sum[_observed[a]] += deviation[a];
        }
        for (int a = 0; a < o; a++) Spread.AddTo(about.Slice(a * o), _mask, Products.AsSpan(_observed[a] * _stride, _stride));

        // P = BA with what is observed, PBᵀ among what is missing.
        ThinProduct.Multiply(coefficients, m, about, o, _stride, allPredicted);
        for (int a = 0; a < m; a++)
        {
            Sum[missing[a]] += Dot.Product(coefficients.Slice(a * _stride, o), deviation);
            ReadOnlySpan<double> predicted = allPredicted.Slice(a * _stride, o);
            Spread.AddTo(allPredicted[(a * _stride)..], _mask, CrossProducts.AsSpan(missing[a] * _stride, _stride));
            Span<double> row = Products.AsSpan(missing[a] * _stride, _stride);
            for (int b = 0; b <= a; b++) row[missing[b]] += Dot.Product(predicted, coefficients.Slice(b * _stride, o));
        }
    }

    /// <summary>Σ ‖L⁻¹(x − μ)‖² = ‖L⁻¹Rᵀ‖² + n‖L⁻¹(x̄ − μ)‖², R being the root of the cross-products about the pattern's own mean x̄.</summary>
    private void AddQuadratics(NormalParameters parameters, PatternBlock block, int pattern)
    {
        int o = block.ObservedCount;
        double n = block.RowCountOf(pattern);
        ReadOnlySpan<double> root = block.Root(pattern), sum = block.Sum(pattern);
        Span<double> solved = _about.Value.AsSpan(0, o * o), deviation = _deviation.AsSpan(0, o);
        for (int a = 0; a < o; a++)
            for (int b = 0; b < o; b++) solved[a * o + b] = b <= a ? root[b * o + a] : 0;
        Cholesky.SolveLower(_conditional.ObservedFactor, o, o, solved, o, o);
        for (int a = 0; a < o; a++) deviation[a] = sum[a] / n - parameters.Mean[_observed[a]];
        Cholesky.SolveLower(_conditional.ObservedFactor, o, o, deviation, 1, 1);
        Quadratics += Dot.Product(solved, solved) + n * Dot.Product(deviation, deviation);
    }
}
