using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.LatentNormal;

/// <summary>The cavity of a site so precise that it cannot be taken out of the posterior distribution again. A workspace for one
/// thread.</summary>
/// <remarks>The cavity's variance is V_jj/(1 − V_jj τ). Of an interval as narrow as that of a level which a few rows in 100,000 have, V_jj
/// τ is 1 but for its last digits: the cavity would be noise, and the sites never agree. So it is computed from the prior and all other
/// sites, with B = 1 + T^½ P T^½ (Rasmussen and Williams 2006, §3.6.3), which a large τ does not harm.</remarks>
internal sealed class SiteCavity(int most)
{
    /// <summary>Share of the variance that is left below which this is needed; the usual way has six digits there.</summary>
    private const double Unreliable = 1e-5;

    private readonly double[] _matrix = new double[most * most];
    private readonly double[] _covariance = new double[most];
    private readonly double[] _value = new double[most];
    private readonly int[] _others = new int[most];

    /// <summary>The prior covariance P, lower triangle, rows <see cref="Stride"/> apart; for the caller to write.</summary>
    public double[] Prior { get; } = new double[most * most];

    /// <summary>Distance of rows of <see cref="Prior"/>.</summary>
    public int Stride => most;

    /// <summary>The prior mean; for the caller to write.</summary>
    public double[] PriorMean { get; } = new double[most];

    /// <summary>τ of every site; for the caller to write.</summary>
    public double[] Precision { get; } = new double[most];

    /// <summary>ν of every site; for the caller to write.</summary>
    public double[] Shift { get; } = new double[most];

    /// <summary>Whether a site is too precise to be taken out.</summary>
    public static bool IsNeeded(double variance, double precision) => 1 - variance * precision < Unreliable;

    /// <summary>Variance and mean of variable <paramref name="j"/> of <paramref name="k"/> under all sites but its own.</summary>
    public (double Variance, double Mean) Of(int j, int k)
    {
        int n = 0;
        for (int i = 0; i < k; i++)
            if (i != j && Precision[i] > 0) _others[n++] = i;
        for (int a = 0; a < n; a++)
        {
            int i = _others[a];
            double root = Math.Sqrt(Precision[i]);
            for (int b = 0; b < a; b++) _matrix[a * n + b] = root * Math.Sqrt(Precision[_others[b]]) * Prior[i * most + _others[b]];
            _matrix[a * n + a] = 1 + Precision[i] * Prior[i * most + i];
            _covariance[a] = root * Prior[Math.Max(i, j) * most + Math.Min(i, j)];
            _value[a] = (Shift[i] - Precision[i] * PriorMean[i]) / root;
        }
        if (!Cholesky.Factor(_matrix.AsSpan(0, n * n), n, n)) return (double.NaN, double.NaN);
        Span<double> x = _covariance.AsSpan(0, n), y = _value.AsSpan(0, n);
        Cholesky.SolveLower(_matrix, n, n, x, 1, 1);
        Cholesky.SolveLower(_matrix, n, n, y, 1, 1);
        return (Prior[j * most + j] - Dot.Product(x, x), PriorMean[j] + Dot.Product(x, y));
    }
}
