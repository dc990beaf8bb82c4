using System.Runtime.CompilerServices;
using Imputation.Numerics.Kernels;

namespace Imputation.Models.Gaussian;

/// <summary>The conditional distribution of the missing columns M given the observed ones O, for the patterns of a block in turn, and the
/// rows completed by their conditional means.</summary>
/// <remarks>K = Σ⁻¹; B and C as in <see cref="GaussianConditional"/>. Where Σ is well conditioned and no more columns are missing than
/// observed, C = K_MM⁻¹, for eight patterns at once (<see cref="BatchedSweep"/>) where these columns are few enough, and rows are completed
/// from K: with d the deviations from μ, 0 where missing, d_M = −C (K d)_M, since (K d)_M is then K_MO d_O. This reads whole rows of K,
/// gathers no columns, and does without B, whose |M|²|O| multiplications would be most of the work of a pattern with a single row.
/// Otherwise <see cref="GaussianConditional"/> is used and d_M = B d_O. An instance is a workspace for one thread at a time.</remarks>
internal sealed class BlockConditional
{
    private const int RowsAtOnce = 64;

    private static readonly double s_allBits = BitConverter.UInt64BitsToDouble(ulong.MaxValue);

    private readonly int _p;
    private readonly int _stride;
    private readonly GaussianConditional _conditional;
    private readonly double[] _precision;
    private readonly double[] _lanes;
    private readonly double[] _logDeterminants = new double[BatchedSweep.Lanes];
    private readonly double[] _covariance;
    private readonly double[] _coefficients;
    private readonly double[] _mask;
    private readonly double[] _mean;
    private readonly double[] _deviation;
    private readonly double[] _pull;
    private readonly int[] _observed;
    private GaussianParameters? _parameters;
    private PatternBlock? _block;
    private int _pattern;
    private int _lanesFirst, _lanesEnd; // the patterns of the block that are in the lanes
    private bool _fromPrecision;

    public BlockConditional(int p)
    {
        int most = Math.Min(p, BatchedSweep.MostOrder);
        _p = p;
        _stride = CrossProduct.Stride(p);
        _conditional = new GaussianConditional(p);
        // K with rows padded by zeros to whole registers, as the kernels require.
        _precision = new double[p * _stride];
        _lanes = new double[BatchedSweep.Length(most)];
        _covariance = new double[p * p];
        _coefficients = new double[p * _stride];
        _mask = new double[_stride];
        Array.Fill(_mask, s_allBits, 0, p);
        _mean = new double[_stride];
        _deviation = new double[_stride];
        _pull = new double[RowsAtOnce * p];
        _observed = new int[p];
    }

    /// <summary>Distance between rows of p numbers, padded to whole registers.</summary>
    public int Stride => _stride;

    /// <summary>log|Σ_OO|.</summary>
    public double LogDeterminantObserved { get; private set; }

    /// <summary>C, |M| × |M|, both triangles.</summary>
    public ReadOnlySpan<double> Covariance => _covariance.AsSpan(0, Missing.Length * Missing.Length);

    /// <summary>The factor of Σ_OO, rows |O| apart; computed only where the precision matrix is not accurate.</summary>
    public ReadOnlySpan<double> ObservedFactor => _conditional.ObservedFactor;

    /// <summary>M.</summary>
    public ReadOnlySpan<int> Missing => _block!.Missing(_pattern);

    /// <summary>For each column, all bits set where observed, none where missing or in the padding; <see cref="Stride"/> numbers.</summary>
    public ReadOnlySpan<double> Mask => _mask;

    /// <summary>Sets μ and Σ.</summary>
    public void Begin(GaussianParameters parameters)
    {
        _parameters = parameters;
        Leave();
        for (int i = 0; i < _p; i++) parameters.Precision.AsSpan(i * _p, _p).CopyTo(_precision.AsSpan(i * _stride));
    }

    /// <summary>Selects a pattern and computes C and log|Σ_OO|. False where a factorisation fails.</summary>
    public bool Select(PatternBlock block, int pattern)
    {
        GaussianParameters parameters = _parameters!;
        int m = block.MissingCount;
        if (_block != block)
        {
            // A new block: choose the method once, by the number of missing columns, which its patterns share.
            Leave();
            _fromPrecision = parameters.PrecisionIsAccurate && m <= block.ObservedCount;
        }
        else SetMask(s_allBits);
        // Only the missing columns of the mask change: those of the last pattern were set again, and this one's are cleared.
        (_block, _pattern) = (block, pattern);
        SetMask(0);
        if (!_fromPrecision)
        {
            block.Observed(pattern, _observed);
            if (!_conditional.Compute(parameters, Observed, Missing)) return false;
            _conditional.Covariance.CopyTo(_covariance);
            LogDeterminantObserved = _conditional.LogDeterminantObserved;
            return true;
        }
        if (m > BatchedSweep.MostOrder)
        {
            if (!_conditional.CovarianceFromPrecision(parameters, Missing)) return false;
            _conditional.Covariance.CopyTo(_covariance);
            LogDeterminantObserved = _conditional.LogDeterminantObserved;
            return true;
        }
        if (pattern < _lanesFirst || pattern >= _lanesEnd)
        {
            // Invert K_MM of this pattern and the next seven; lanes beyond the end of the block repeat its last pattern.
            (_lanesFirst, _lanesEnd) = (pattern, Math.Min(pattern + BatchedSweep.Lanes, block.Count));
            for (int lane = 0; lane < BatchedSweep.Lanes; lane++)
                BatchedSweep.Gather(_precision, _stride, block.Missing(Math.Min(_lanesFirst + lane, _lanesEnd - 1)), lane, _lanes);
            BatchedSweep.Invert(_lanes, m, _logDeterminants);
        }
        // The sweep leaves −K_MM⁻¹, and C = K_MM⁻¹. log|Σ_OO| = log|Σ| + log|K_MM|.
        BatchedSweep.ExtractNegative(_lanes, m, pattern - _lanesFirst, _covariance);
        LogDeterminantObserved = parameters.LogDeterminant + _logDeterminants[pattern - _lanesFirst];
        return !double.IsNaN(LogDeterminantObserved);
    }

    /// <summary>O.</summary>
    public ReadOnlySpan<int> Observed => _observed.AsSpan(0, _block!.ObservedCount);

    /// <summary>B, |M| × |O|, rows <see cref="Stride"/> apart; sets <see cref="Observed"/> too.</summary>
    public ReadOnlySpan<double> Coefficients()
    {
        int m = Missing.Length, o = _block!.ObservedCount;
        if (!_fromPrecision)
        {
            for (int a = 0; a < m; a++) _conditional.Coefficients.Slice(a * o, o).CopyTo(_coefficients.AsSpan(a * _stride));
        }
        else
        {
            // B = −C K_MO: row a of K_MO, packed, is added to every row b of B with weight −C_ba.
            _block.Observed(_pattern, _observed);
            _coefficients.AsSpan(0, m * _stride).Clear();
            for (int a = 0; a < m; a++)
            {
                MaskedRows.Collect(_precision.AsSpan(Missing[a] * _stride, _stride), _mask, _deviation);
                for (int b = 0; b < m; b++) AddScaled.To(_coefficients.AsSpan(b * _stride, _stride), -_covariance[b * m + a], _deviation);
            }
        }
        return _coefficients.AsSpan(0, m * _stride);
    }

    /// <summary>Writes the deviations from μ of rows of the pattern, with the missing cells at their conditional means.</summary>
    /// <param name="cells">Their observed cells, row after row, with <see cref="MaskedRows.Margin"/> more numbers behind them in the same
    /// array.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="rows">Receives them, <see cref="Stride"/> apart.</param>
    /// <param name="weight">The multiple of μ that is subtracted: 1, or the sum of the weights where a row is a combination of
    /// rows.</param>
    public void Complete(ReadOnlySpan<double> cells, int count, Span<double> rows, double weight = 1)
    {
        ReadOnlySpan<int> missing = Missing;
        int o = _block!.ObservedCount, m = missing.Length;
        if (!_fromPrecision)
        {
            Span<double> deviation = _deviation.AsSpan(0, o);
            // d_O = x_O − μ_O to its columns and packed; then d_M = B d_O.
            for (int r = 0; r < count; r++)
            {
                Span<double> row = rows.Slice(r * _stride, _stride);
                for (int b = 0; b < o; b++) row[_observed[b]] = deviation[b] = cells[r * o + b] - weight * _parameters!.Mean[_observed[b]];
                for (int a = 0; a < m; a++) row[missing[a]] = Dot.Product(_conditional.Coefficients.Slice(a * o, o), deviation);
            }
            return;
        }
        // μ with 0 at the missing columns, so that d is 0 there.
        _parameters!.Mean.CopyTo(_mean, 0);
        foreach (int j in missing) _mean[j] = 0;
        if (weight != 1) for (int j = 0; j < _p; j++) _mean[j] *= weight;
        // A batch of rows small enough to stay in the cache through the three steps: d, 0 where missing; the products (K d)_M
        // of each row; d_M = −C (K d)_M.
        for (; count > 0; count -= RowsAtOnce)
        {
            int now = Math.Min(count, RowsAtOnce);
            MaskedRows.Deviations(cells, now, missing, _mask, _mean, _p, _stride, rows);
            GatheredProduct.Multiply(_precision, _stride, missing, rows, now, _pull);
            MaskedRows.FillNegative(_covariance, _pull, missing, now, _stride, rows);
            if (now == count) return;
            cells = cells[(now * o)..];
            rows = rows[(now * _stride)..];
        }
    }

    /// <summary>Releases the block and resets the mask.</summary>
    public void Leave()
    {
        if (_block is not null) SetMask(s_allBits);
        _block = null;
        _lanesFirst = _lanesEnd = 0;
    }

    private void SetMask(double value) => Set(_mask, Missing, value);

    /// <summary>Not inlined, for the reason given at <see cref="MaskedRows"/>'s AddSquare.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Set(double[] numbers, ReadOnlySpan<int> places, double value)
    {
        foreach (int j in places) numbers[j] = value;
    }
}
