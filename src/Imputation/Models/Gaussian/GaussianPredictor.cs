using Imputation.Numerics.Kernels;

namespace Imputation.Models.Gaussian;

/// <summary>Predictions of observed cells from the other observed cells of their rows. A workspace for one thread.</summary>
/// <remarks>With K = Σ⁻¹ and d the row less μ, its missing part replaced by the conditional mean, the prediction of observed cell j
/// leaves j out: d_j − (K d)_j / P_jj, P = Σ_OO⁻¹ having the diagonal K_jj − K_jM K_MM⁻¹ K_Mj.</remarks>
internal sealed class GaussianPredictor(GaussianParameters parameters, double[] center, double[] scale) : ICellPredictor
{
    private readonly int _p = parameters.Count;
    private readonly GaussianConditional _conditional = new(parameters.Count);
    private readonly double[] _diagonal = new double[parameters.Count]; // of P
    private readonly double[] _deviation = new double[parameters.Count];
    private readonly double[] _row = new double[parameters.Count];
    private int[] _observed = [];
    private int[] _missing = [];

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing)
    {
        (_observed, _missing) = (observed.ToArray(), missing.ToArray());
        int m = missing.Length;
        if (m > 0 && !_conditional.Compute(parameters, observed, missing)) return false;
        var pull = new double[m];
        foreach (int j in observed)
        {
            ReadOnlySpan<double> row = parameters.Precision.AsSpan(j * _p, _p);
            for (int a = 0; a < m; a++) pull[a] = row[missing[a]];
            double lost = 0;
            for (int a = 0; a < m; a++) lost += pull[a] * Dot.Product(_conditional.Covariance.Slice(a * m, m), pull);
            _diagonal[j] = Math.Max(row[j] - lost, 1); // a variance of 1 is the largest that can be left
        }
        return true;
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        int o = _observed.Length;
        Span<double> deviation = _deviation.AsSpan(0, o);
        for (int b = 0; b < o; b++) _row[_observed[b]] = deviation[b] = (cells[_observed[b]] - center[_observed[b]]) / scale[_observed[b]];
        for (int a = 0; a < _missing.Length; a++) _row[_missing[a]] = Dot.Product(_conditional.Coefficients.Slice(a * o, o), deviation);
    }

    /// <inheritdoc/>
    public double LeavingOut(int column) =>
        center[column] + scale[column] * (_row[column] - Dot.Product(parameters.Precision.AsSpan(column * _p, _p),
            _row) / _diagonal[column]);
}
