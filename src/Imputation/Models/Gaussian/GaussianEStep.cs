using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Gaussian;

/// <summary>The E-step over some of the patterns: expected first and second moments about μ, and the parts of the log-likelihood.</summary>
/// <remarks>Little and Rubin (2019, §11.2). The completed deviation d of a row with observed columns O and missing columns M has
/// d_O = x_O − μ_O and d_M = B d_O (<see cref="BlockConditional"/>). It contributes d to the first moment and ddᵀ, plus C in the missing
/// block, to the second. A pattern kept as sums contributes the same from n, Σx and Σxxᵀ alone, at a cost that does not depend on n.
/// Completed rows are collected in a batch, and ddᵀ is added for the whole batch by <see cref="CrossProduct"/>. An instance is a workspace
/// for one thread at a time.</remarks>
internal sealed class GaussianEStep
{
    private const int BatchRows = 64;

    private readonly int _stride;
    private readonly BlockConditional _conditional;
    private readonly double[] _batch;
    private readonly double[] _mean;
    private readonly double[] _deviation;
    private readonly double[] _about;
    private readonly double[] _predicted;
    private readonly double[] _roots = new double[BatchRows]; // square roots of the weights of the rows in the batch
    private int _batched;
    private double[] _cells = []; // of a block on a scratch

    public GaussianEStep(int p)
    {
        _stride = CrossProduct.Stride(p);
        _conditional = new BlockConditional(p);
        _batch = new double[BatchRows * _stride];
        _mean = new double[p];
        _deviation = new double[p];
        _about = new double[p * p + MaskedRows.Margin];
        _predicted = new double[p * _stride + MaskedRows.Margin];
        Sum = new double[_stride];
        Products = new double[_stride * _stride];
        CrossProducts = new double[p * _stride];
    }

    /// <summary>Distance between rows of <see cref="Products"/>.</summary>
    public int Stride => _stride;

    /// <summary>Σ E[x − μ | x_O] over the rows done.</summary>
    public double[] Sum { get; }

    /// <summary>Σ E[(x − μ)(x − μ)ᵀ | x_O] over the rows done, without <see cref="CrossProducts"/>; lower triangle.</summary>
    public double[] Products { get; }

    /// <summary>Σ E[(x − μ)(x − μ)ᵀ | x_O] of missing columns (rows) with observed ones (columns), for the patterns kept as sums. An
    /// element may be on either side of the diagonal; the total is the sum of both triangles.</summary>
    public double[] CrossProducts { get; }

    /// <summary>Whether <see cref="CrossProducts"/> contain anything.</summary>
    public bool HasCrossProducts { get; private set; }

    /// <summary>Σ log|Σ_OO| over the rows done.</summary>
    public double LogDeterminants { get; private set; }

    /// <summary>Σ (x_O − μ_O)ᵀ Σ_OO⁻¹ (x_O − μ_O) over the rows done, where the precision matrix is too inaccurate to compute it from
    /// <see cref="Products"/>; otherwise 0.</summary>
    public double Quadratics { get; private set; }

    /// <summary>Sets all sums to 0.</summary>
    public void Clear()
    {
        Array.Clear(Sum);
        Array.Clear(Products);
        if (HasCrossProducts) Array.Clear(CrossProducts);
        HasCrossProducts = false;
        LogDeterminants = Quadratics = 0;
        _batched = 0;
    }

    /// <summary>Copies the sums, the second moments as a packed lower triangle.</summary>
    public void CopyTo(EStepSums sums)
    {
        int p = sums.Sum.Length;
        Sum.AsSpan(0, p).CopyTo(sums.Sum);
        for (int i = 0, at = 0; i < p; at += ++i)
        {
            Span<double> row = sums.Products.AsSpan(at, i + 1);
            Products.AsSpan(i * _stride, i + 1).CopyTo(row);
            if (!HasCrossProducts) continue;
            // Element (i, j) of both triangles of the cross-products; there is none on the diagonal.
            AddScaled.To(row, 1, CrossProducts.AsSpan(i * _stride, i + 1));
            for (int j = 0; j < i; j++) row[j] += CrossProducts[j * _stride + i];
        }
        (sums.LogDeterminants, sums.Quadratics) = (LogDeterminants, Quadratics);
    }

    /// <summary>Adds the expected moments of blocks <paramref name="first"/> to <paramref name="end"/> − 1. False where a factorisation
    /// fails.</summary>
    public bool Add(GaussianParameters parameters, PatternBlock[] blocks, int first, int end, CancellationToken cancellation)
    {
        _conditional.Begin(parameters);
        for (int b = first; b < end; b++)
        {
            PatternBlock block = blocks[b].Loaded(ref _cells);
            for (int k = 0; k < block.Count; k++)
            {
                double n = block.WeightOf(k);
                if (n == 0) continue;
                if (!_conditional.Select(block, k)) return false;
                LogDeterminants += n * _conditional.LogDeterminantObserved;
                // Each of the pattern's rows, n by weight, has the same residual covariance: nC to the missing block.
                MaskedRows.AddSquare(_conditional.Covariance, _conditional.Missing, n, Products, _stride);
                if (block.AreSums) AddSums(parameters, block, k);
                else AddRows(parameters, block, k);
                if (k % 64 == 0) cancellation.ThrowIfCancellationRequested();
            }
        }
        Flush();
        _conditional.Leave(); // a workspace outlives the data
        return true;
    }

    private void AddRows(GaussianParameters parameters, PatternBlock block, int pattern)
    {
        int rowCount = block.RowCountOf(pattern), o = block.ObservedCount;
        ReadOnlySpan<double> cells = block.Rows(pattern), rootWeights = block.RootWeights(pattern);
        for (int first = 0; first < rowCount;)
        {
            int count = Math.Min(rowCount - first, BatchRows - _batched);
            // As many rows as the batch has room for, completed in place.
            Span<double> rows = _batch.AsSpan(_batched * _stride, count * _stride);
            _conditional.Complete(cells[(first * o)..], count, rows);
            first += count;
            if (rootWeights.IsEmpty) _roots.AsSpan(_batched, count).Fill(1);
            else count = Weigh(rows, rootWeights.Slice(first - count, count));
            // Σ d_Oᵀ Σ_OO⁻¹ d_O row by row, only where the caller cannot compute it from the products at the end.
            for (int r = 0; !parameters.PrecisionIsAccurate && r < count; r++) AddQuadratic(rows.Slice(r * _stride, _stride));
            _batched += count;
            if (_batched == BatchRows) Flush();
        }
    }

    /// <summary>Multiplies completed rows by the roots of their weights and removes rows of weight 0. Returns the number kept.</summary>
    private int Weigh(Span<double> rows, ReadOnlySpan<double> rootWeights)
    {
        int kept = 0;
        for (int r = 0; r < rootWeights.Length; r++)
        {
            double root = rootWeights[r];
            if (root == 0) continue;
            Span<double> to = rows.Slice(kept * _stride, _stride);
            if (kept < r) rows.Slice(r * _stride, _stride).CopyTo(to);
            if (root != 1)
                foreach (ref double x in to) x *= root;
            _roots[_batched + kept++] = root;
        }
        return kept;
    }

    private void Flush()
    {
        // With √w d in the batch, its cross-products are Σ w ddᵀ, and Σ √w (√w d) = Σ w d.
        CrossProduct.Add(_batch, _batched, _stride, Products);
        for (int r = 0; r < _batched; r++) AddScaled.To(Sum, _roots[r], _batch.AsSpan(r * _stride, _stride));
        _batched = 0;
    }

    private void AddSums(GaussianParameters parameters, PatternBlock block, int pattern)
    {
        int o = block.ObservedCount;
        double n = block.WeightOf(pattern);
        ReadOnlySpan<double> sum = block.Sum(pattern), products = block.Products(pattern), coefficients = _conditional.Coefficients(),
            mask = _conditional.Mask;
        ReadOnlySpan<int> observed = _conditional.Observed, missing = _conditional.Missing;
        Span<double> mean = _mean.AsSpan(0, o), deviation = _deviation.AsSpan(0, o);
        for (int a = 0; a < o; a++)
        {
            // First moment of the observed columns: Σ (x_O − μ_O) = Σx_O − nμ_O.
            mean[a] = parameters.Mean[observed[a]];
            deviation[a] = sum[a] - n * mean[a];
            Sum[observed[a]] += deviation[a];
        }

        // A = Σ (x_O − μ_O)(x_O − μ_O)ᵀ = Σxxᵀ − μ(Σx)ᵀ − (Σx − nμ)μᵀ over the rows. The products of predictions below are computed
        // from this same A, so that its rounding errors are consistent and are not multiplied by the small eigenvalues of Σ.
        for (int a = 0; a < o; a++)
        {
            Span<double> row = _about.AsSpan(a * o, o);
            products.Slice(a * o, o).CopyTo(row);
            AddScaled.To(row, -mean[a], sum);
            AddScaled.To(row, -deviation[a], mean);
        }
        // A is packed; its rows are spread to the observed columns.
        for (int a = 0; a < o; a++) MaskedRows.AddTo(_about.AsSpan(a * o), mask, Products.AsSpan(observed[a] * _stride, _stride));

        // P = BA: second moments of the missing columns with the observed ones; PBᵀ = BABᵀ: those among the missing ones.
        HasCrossProducts = true;
        ThinProduct.Multiply(coefficients, missing.Length, _about, o, _stride, _predicted);
        for (int a = 0; a < missing.Length; a++)
        {
            // First moment of a missing column: B Σ (x_O − μ_O).
            Sum[missing[a]] += Dot.Product(coefficients.Slice(a * _stride, o), deviation);
            MaskedRows.AddTo(_predicted.AsSpan(a * _stride), mask, CrossProducts.AsSpan(missing[a] * _stride, _stride));
            ReadOnlySpan<double> predicted = _predicted.AsSpan(a * _stride, o);
            Span<double> row = Products.AsSpan(missing[a] * _stride, _stride);
            for (int b = 0; b <= a; b++) row[missing[b]] += Dot.Product(predicted, coefficients.Slice(b * _stride, o));
        }

        if (!parameters.PrecisionIsAccurate)
        {
            // Σ ‖L⁻¹(x − μ)‖² = ‖L⁻¹Rᵀ‖² + n‖L⁻¹(x̄ − μ)‖², with L the factor of Σ_OO and RᵀR the cross-products about the pattern's
            // own mean x̄.
            ReadOnlySpan<double> root = block.Root(pattern);
            Span<double> solved = _about.AsSpan(0, o * o);
            for (int a = 0; a < o; a++)
                for (int b = 0; b < o; b++) solved[a * o + b] = b <= a ? root[b * o + a] : 0;
            Cholesky.SolveLower(_conditional.ObservedFactor, o, o, solved, o, o);
            // Σ (x − μ) / n = x̄ − μ.
            for (int a = 0; a < o; a++) deviation[a] /= n;
            Cholesky.SolveLower(_conditional.ObservedFactor, o, o, deviation, 1, 1);
            Quadratics += Dot.Product(solved, solved) + n * Dot.Product(deviation, deviation);
        }
    }

    /// <summary>Adds ‖L⁻¹d_O‖² for a row of deviations, with L the factor of Σ_OO.</summary>
    private void AddQuadratic(ReadOnlySpan<double> row)
    {
        ReadOnlySpan<int> observed = _conditional.Observed;
        Span<double> deviation = _deviation.AsSpan(0, observed.Length);
        for (int b = 0; b < deviation.Length; b++) deviation[b] = row[observed[b]];
        Cholesky.SolveLower(_conditional.ObservedFactor, deviation.Length, deviation.Length, deviation, 1, 1);
        Quadratics += Dot.Product(deviation, deviation);
    }
}
