using Imputation.Numerics;

namespace Imputation.Models.Normal;

/// <summary>The E-step over some of the patterns: expected first and second moments about μ, and the log-likelihood's parts.</summary>
/// <remarks>For a row with observed O and missing M, its completed deviation d has d_O = x_O − μ_O and d_M = B d_O
/// (<see cref="ConditionalNormal"/>); it contributes d to the first moment, and ddᵀ, plus C in the missing block, to the second.
/// A pattern kept as sums contributes the same from n, Σx and Σxxᵀ alone. An instance is a workspace for one thread at a time.</remarks>
internal sealed class NormalEStep
{
    private const int BatchRows = 64;

    private readonly int _p;
    private readonly int _stride;
    private readonly ConditionalNormal _conditional;
    private readonly double[] _batch;
    private readonly double[] _about;
    private readonly double[] _predicted;
    private readonly double[] _deviation;
    private readonly double[] _mean;
    private readonly double[] _pull;
    private int _batched;

    public NormalEStep(int p)
    {
        _p = p;
        _stride = CrossProduct.Stride(p);
        _conditional = new ConditionalNormal(p);
        _batch = new double[BatchRows * _stride];
        _about = new double[p * p];
        _predicted = new double[p * p];
        _deviation = new double[p];
        _mean = new double[p];
        _pull = new double[p];
        Sum = new double[p];
        Products = new double[p * _stride];
    }

    /// <summary>Distance between rows of <see cref="Products"/>.</summary>
    public int Stride => _stride;

    /// <summary>Σ E[x − μ | x_O] over the rows done.</summary>
    public double[] Sum { get; }

    /// <summary>Σ E[(x − μ)(x − μ)ᵀ | x_O] over the rows done; lower triangle.</summary>
    public double[] Products { get; }

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
        LogDeterminants = Quadratics = 0;
        _batched = 0;
    }

    /// <summary>Adds the expected moments of patterns <paramref name="first"/> to <paramref name="end"/> − 1. False where a factorisation fails.</summary>
    public bool Add(NormalParameters parameters, PatternData[] patterns, int first, int end, CancellationToken cancellation)
    {
        for (int k = first; k < end; k++)
        {
            PatternData pattern = patterns[k];
            bool fewRows = HasFewRows(pattern) && parameters.PrecisionIsAccurate;
            if (!(fewRows ? _conditional.FromPrecision(parameters, pattern.Observed, pattern.Missing, coefficients: false) : _conditional.Compute(parameters, pattern.Observed, pattern.Missing)))
                return false;
            LogDeterminants += pattern.RowCount * _conditional.LogDeterminantObserved;
            AddResidualCovariance(pattern);
            if (pattern.Rows is not null) AddRows(parameters, pattern, fewRows, cancellation);
            else AddSums(parameters, pattern);
            if (k % 64 == 0) cancellation.ThrowIfCancellationRequested();
        }
        Flush();
        return true;
    }

    private void AddResidualCovariance(PatternData pattern)
    {
        int[] missing = pattern.Missing;
        ReadOnlySpan<double> covariance = _conditional.Covariance;
        for (int a = 0; a < missing.Length; a++)
        {
            Span<double> row = Products.AsSpan(missing[a] * _stride, _p);
            for (int b = 0; b <= a; b++) row[missing[b]] += pattern.RowCount * covariance[a * missing.Length + b];
        }
    }

    /// <summary>Whether predicting the rows by way of K costs less than making B for them first.</summary>
    private static bool HasFewRows(PatternData pattern) => pattern.Rows is not null && 2 * pattern.RowCount <= pattern.Observed.Length && pattern.Missing.Length <= pattern.Observed.Length;

    private void AddRows(NormalParameters parameters, PatternData pattern, bool fewRows, CancellationToken cancellation)
    {
        int[] observed = pattern.Observed, missing = pattern.Missing;
        int o = observed.Length, m = missing.Length;

        // μ, 0 where missing: rows of deviations are then 0 there too, ready for their predictions.
        Span<double> mean = _mean.AsSpan(0, _p);
        parameters.Mean.CopyTo(mean);
        foreach (int j in missing) mean[j] = 0;
        Span<double> deviation = _deviation.AsSpan(0, o), pull = _pull.AsSpan(0, m);
        for (int r = 0; r < pattern.RowCount; r++)
        {
            Span<double> row = _batch.AsSpan(_batched * _stride, _p);
            pattern.Rows.AsSpan(r * _stride, _p).CopyTo(row);
            AddScaled.To(row, -1, mean);
            if (fewRows)
            {
                for (int a = 0; a < m; a++) pull[a] = Dot.Product(parameters.Precision.AsSpan(missing[a] * _p, _p), row);
                for (int a = 0; a < m; a++) row[missing[a]] = -Dot.Product(_conditional.Covariance.Slice(a * m, m), pull);
            }
            else
            {
                for (int a = 0; a < o; a++) deviation[a] = row[observed[a]];
                for (int a = 0; a < m; a++) row[missing[a]] = Dot.Product(_conditional.Coefficients.Slice(a * o, o), deviation);
            }
            AddScaled.To(Sum, 1, row);
            if (!parameters.PrecisionIsAccurate)
            {
                Cholesky.SolveLower(_conditional.ObservedFactor, o, o, deviation, 1, 1);
                Quadratics += Dot.Product(deviation, deviation);
            }
            if (++_batched == BatchRows)
            {
                Flush();
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private void Flush()
    {
        CrossProduct.Add(_batch, _batched, _p, _stride, Products);
        _batched = 0;
    }

    private void AddSums(NormalParameters parameters, PatternData pattern)
    {
        int[] observed = pattern.Observed, missing = pattern.Missing;
        int o = observed.Length, m = missing.Length;
        double n = pattern.RowCount;
        ReadOnlySpan<double> sum = pattern.Sum, products = pattern.Products, coefficients = _conditional.Coefficients;

        // A = Σ (x − μ)(x − μ)ᵀ over the rows, from Σxxᵀ and Σx; P = BA.
        Span<double> deviation = _deviation.AsSpan(0, o);
        for (int a = 0; a < o; a++) deviation[a] = sum[a] - n * parameters.Mean[observed[a]];
        for (int a = 0; a < o; a++)
        {
            double mean = parameters.Mean[observed[a]];
            for (int b = 0; b < o; b++)
                _about[a * o + b] = products[a * o + b] - mean * sum[b] - deviation[a] * parameters.Mean[observed[b]];
        }
        for (int a = 0; a < m; a++)
        {
            Span<double> row = _predicted.AsSpan(a * o, o);
            row.Clear();
            for (int b = 0; b < o; b++) AddScaled.To(row, coefficients[a * o + b], _about.AsSpan(b * o, o));
        }

        for (int a = 0; a < o; a++)
        {
            Sum[observed[a]] += deviation[a];
            Span<double> row = Products.AsSpan(observed[a] * _stride, _p);
            for (int b = 0; b <= a; b++) row[observed[b]] += _about[a * o + b];
        }
        for (int a = 0; a < m; a++)
        {
            Sum[missing[a]] += Dot.Product(coefficients.Slice(a * o, o), deviation);
            ReadOnlySpan<double> predicted = _predicted.AsSpan(a * o, o);
            for (int b = 0; b < o; b++)
            {
                int i = Math.Max(missing[a], observed[b]), j = Math.Min(missing[a], observed[b]);
                Products[i * _stride + j] += predicted[b];
            }
            for (int b = 0; b <= a; b++)
                Products[missing[a] * _stride + missing[b]] += Dot.Product(predicted, coefficients.Slice(b * o, o));
        }

        if (!parameters.PrecisionIsAccurate)
        {
            // Σ ‖L⁻¹(x − μ)‖² = ‖L⁻¹Rᵀ‖² + n‖L⁻¹(x̄ − μ)‖², R being the root of the cross-products about the pattern's own mean x̄.
            ReadOnlySpan<double> root = pattern.Root!.Value;
            Span<double> solved = _about.AsSpan(0, o * o);
            for (int a = 0; a < o; a++)
                for (int b = 0; b < o; b++) solved[a * o + b] = b <= a ? root[b * o + a] : 0;
            Cholesky.SolveLower(_conditional.ObservedFactor, o, o, solved, o, o);
            for (int a = 0; a < o; a++) deviation[a] /= n;
            Cholesky.SolveLower(_conditional.ObservedFactor, o, o, deviation, 1, 1);
            Quadratics += Dot.Product(solved, solved) + n * Dot.Product(deviation, deviation);
        }
    }
}
