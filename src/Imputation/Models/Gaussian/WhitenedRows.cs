using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Gaussian;

/// <summary>Incomplete rows in coordinates in which complete ones would be independent with variance 1.</summary>
/// <remarks>With Σ = LLᵀ and d̂ the row less μ, its missing part replaced by the conditional mean, w = L⁻¹d̂. Then
/// <code>
/// w ~ N(0, P)      P = I − QQᵀ      wᵀw = (x_O − μ_O)ᵀ Σ_OO⁻¹ (x_O − μ_O)
/// </code>
/// with Q an orthonormal basis of the columns M of L⁻¹: values at the missing cells change L⁻¹d only within the span of Q, so that w
/// is the projection by P of L⁻¹d with any values there, such as 0. P has rank |O|. An instance is a workspace for one
/// thread.</remarks>
internal sealed class WhitenedRows
{
    private readonly int _p;
    private readonly double[] _columns; // of L⁻¹, one after another
    private readonly double[] _basis;   // Q, its vectors one after another
    private int[] _observed = [];
    private int _missing;

    /// <param name="parameters">μ = 0 and Σ.</param>
    public WhitenedRows(GaussianParameters parameters)
    {
        int p = _p = parameters.Count;
        _basis = new double[p * p];
        _columns = new double[p * p];
        var rows = new double[p * p]; // the identity, solved for
        for (int j = 0; j < p; j++) rows[j * p + j] = 1;
        Cholesky.SolveLower(parameters.Factor, p, p, rows, p, p);
        for (int i = 0; i < p; i++)
            for (int j = 0; j <= i; j++) _columns[j * p + i] = rows[i * p + j];
    }

    /// <summary>Q: one vector of p numbers after another, as many as there are missing columns.</summary>
    public ReadOnlySpan<double> Basis => _basis.AsSpan(0, _missing * _p);

    /// <summary>Prepares for a pattern: Gram–Schmidt, each vector twice (Kahan; Parlett 1998, §6.9).</summary>
    public void Begin(int[] observed, int[] missing)
    {
        _observed = observed;
        _missing = 0;
        foreach (int j in missing)
        {
            Span<double> q = _basis.AsSpan(_missing * _p, _p);
            _columns.AsSpan(j * _p, _p).CopyTo(q);
            for (int pass = 0; pass < 2; pass++) Project(q);
            double length = 1 / Math.Sqrt(Dot.Product(q, q));
            foreach (ref double x in q) x *= length;
            _missing++;
        }
    }

    /// <summary>Writes w of a row and returns wᵀw.</summary>
    /// <param name="deviations">The row less μ; cells of missing columns are not read.</param>
    /// <param name="w">p numbers.</param>
    public double Row(ReadOnlySpan<double> deviations, Span<double> w)
    {
        w.Clear();
        foreach (int j in _observed) AddScaled.To(w[j..], deviations[j], _columns.AsSpan(j * _p + j, _p - j));
        Project(w);
        return Dot.Product(w, w);
    }

    /// <summary>P, p × p.</summary>
    public double[] Projection()
    {
        var projection = new double[_p * _p];
        for (int i = 0; i < _p; i++) projection[i * _p + i] = 1;
        for (int k = 0; k < _missing; k++)
        {
            ReadOnlySpan<double> q = _basis.AsSpan(k * _p, _p);
            for (int i = 0; i < _p; i++) AddScaled.To(projection.AsSpan(i * _p, _p), -q[i], q);
        }
        return projection;
    }

    private void Project(Span<double> x)
    {
        for (int k = 0; k < _missing; k++)
        {
            ReadOnlySpan<double> q = _basis.AsSpan(k * _p, _p);
            AddScaled.To(x, -Dot.Product(q, x), q);
        }
    }
}
