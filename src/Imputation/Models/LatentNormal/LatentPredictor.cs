using Imputation.Numerics.Linear;

namespace Imputation.Models.LatentNormal;

/// <summary>Predictions of observed cells from the other observed cells of their rows. A workspace for one thread.</summary>
/// <remarks>An interval counts as its site: a measurement of the latent variable with the error variance 1/τ̃. With S the covariance of
/// values and measurements and r their deviations from the mean, the others predict z_j − μ_j to be r_j − (S⁻¹r)_j / (S⁻¹)_jj, with
/// variance 1/(S⁻¹)_jj less the error of j itself. The sites of the others were found with j known, which matters little.</remarks>
internal sealed class LatentPredictor(LatentNormalFit fit, int[] keys) : ICellPredictor
{
    private readonly LatentPosterior _posterior = new(fit, keys);
    private readonly Dictionary<int, (double Mean, double Deviation)> _predicted = [];
    private int[] _observed = [];

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing)
    {
        _observed = observed.ToArray();
        _posterior.Begin([]);
        return true;
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        _predicted.Clear();
        if (!_posterior.Given(_observed, cells)) return;
        int[] latents = _posterior.Factors.Observed;
        int c = _posterior.Factors.PointCount, q = fit.Layout.Count;
        // Those that say something; a site without precision does not.
        int[] used = [.. Enumerable.Range(0, latents.Length).Where(a => a < c || _posterior.Propagation.SitePrecision[a - c] > 1e-8)];
        int n = used.Length;
        double[] matrix = new double[n * n], inverse = new double[n * n], residual = new double[n], noise = new double[n];
        for (int a = 0; a < n; a++)
        {
            int j = latents[used[a]];
            for (int b = 0; b <= a; b++) matrix[a * n + b] = fit.Latent.Covariance[j * q + latents[used[b]]];
            residual[a] = _posterior.Deviations[used[a]];
            if (used[a] < c) continue;
            double precision = _posterior.Propagation.SitePrecision[used[a] - c];
            noise[a] = 1 / precision;
            residual[a] = _posterior.Propagation.SiteShift[used[a] - c] / precision - fit.Latent.Mean[j];
            matrix[a * n + a] += noise[a];
        }
        if (!Cholesky.Factor(matrix, n, n)) return;
        Cholesky.Invert(matrix, n, n, inverse);
        for (int a = 0; a < n; a++)
        {
            double pull = Numerics.Kernels.Dot.Product(inverse.AsSpan(a * n, n), residual), diagonal = inverse[a * n + a];
            int j = latents[used[a]];
            _predicted[j] = (fit.Latent.Mean[j] + residual[a] - pull / diagonal, Math.Sqrt(Math.Max(1 / diagonal - noise[a], 1e-12)));
        }
    }

    /// <inheritdoc/>
    public double LeavingOut(int column)
    {
        int j = keys[column], first = fit.Layout.First[j], count = fit.Layout.Margins[j].LatentCount, q = fit.Layout.Count;
        double[] mean = new double[count], deviation = new double[count];
        for (int k = 0; k < count; k++)
            (mean[k], deviation[k]) = _predicted.TryGetValue(first + k, out var known) ? known
                : (fit.Latent.Mean[first + k], Math.Sqrt(fit.Latent.Covariance[(first + k) * q + first + k]));
        return fit.Layout.Margins[j].Fill(mean, deviation);
    }
}
