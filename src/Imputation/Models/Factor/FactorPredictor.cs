namespace Imputation.Models.Factor;

/// <summary>Predictions of observed cells from the other observed cells of their rows. A workspace for one thread.</summary>
/// <remarks>Without cell j the residual of x_j is (d_j − λ_jᵀz) / (1 − h_j), h_j = λ_jᵀM⁻¹λ_j / ψ_j being what the cell itself
/// contributes.</remarks>
internal sealed class FactorPredictor(FactorParameters parameters, double[] center, double[] scale) : ICellPredictor
{
    private readonly FactorPosterior _posterior = new(parameters);
    private readonly double[] _deviations = new double[parameters.ColumnCount];
    private int[] _observed = [];

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing) => _posterior.Begin(_observed = observed.ToArray());

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        for (int b = 0; b < _observed.Length; b++)
            _deviations[b] = (cells[_observed[b]] - center[_observed[b]]) / scale[_observed[b]];
        _posterior.Given(_deviations.AsSpan(0, _observed.Length));
    }

    /// <inheritdoc/>
    public double LeavingOut(int column)
    {
        int q = parameters.FactorCount;
        ReadOnlySpan<double> loading = parameters.Loading(column);
        double psi = parameters.Uniquenesses[column], rest = _deviations[Array.IndexOf(_observed, column)], spread = 0;
        double residual = rest;
        for (int a = 0; a < q; a++)
        {
            residual -= loading[a] * _posterior.Mean[a];
            for (int b = 0; b < q; b++) spread += loading[a] * _posterior.Covariance[a * q + b] * loading[b];
        }
        // The others leave at most the column's variance, 1, to cell j: ψ / (1 − h) ≤ 1.
        return center[column] + scale[column] * (rest - residual / Math.Max(1 - spread / psi, psi));
    }
}
