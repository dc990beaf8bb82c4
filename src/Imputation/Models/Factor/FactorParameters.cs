using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Imputation.Models.Factor;

/// <summary>Parameters of a factor model: x_j = μ_j + λ_jᵀz + e_j, z ~ N(0, I), e_j ~ N(0, ψ_j).</summary>
/// <param name="mean">μ, p numbers; kept.</param>
/// <param name="loadings">Λ, p × q, row after row; kept.</param>
/// <param name="uniquenesses">ψ, p numbers greater than 0; kept.</param>
internal sealed class FactorParameters(double[] mean, double[] loadings, double[] uniquenesses)
{
    private FactorMetric? _metric;

    /// <summary>Number of columns, p.</summary>
    public int ColumnCount => Mean.Length;

    /// <summary>Number of factors, q.</summary>
    public int FactorCount { get; } = loadings.Length / mean.Length;

    /// <summary>μ.</summary>
    public double[] Mean { get; } = mean;

    /// <summary>Λ, row after row.</summary>
    public double[] Loadings { get; } = loadings;

    /// <summary>ψ.</summary>
    public double[] Uniquenesses { get; } = uniquenesses;

    /// <summary>λ_j.</summary>
    public ReadOnlySpan<double> Loading(int j) => Loadings.AsSpan(j * FactorCount, FactorCount);

    /// <summary>Variance of a column, λ_jᵀλ_j + ψ_j.</summary>
    public double Variance(int j)
    {
        double sum = Uniquenesses[j];
        foreach (double x in Loading(j)) sum += x * x;
        return sum;
    }

    /// <summary>The complete-data information here, which the E-step from here gives; null before it.</summary>
    public FactorMetric? Metric
    {
        get => Volatile.Read(ref _metric);
        set => Interlocked.CompareExchange(ref _metric, value, null);
    }

    /// <summary>The same model with factors that are independent given the data and ordered by what the data say of them: ΛᵀΨ⁻¹Λ is
    /// diagonal and decreasing. The largest loading of each factor is positive.</summary>
    public FactorParameters Canonical()
    {
        int p = ColumnCount, q = FactorCount;
        if (q == 0) return this; // the decomposition of an empty matrix is an error
        var information = new DenseMatrix(q);
        for (int j = 0; j < p; j++)
            for (int a = 0; a < q; a++)
                for (int b = 0; b < q; b++) information[a, b] += Loading(j)[a] * Loading(j)[b] / Uniquenesses[j];
        Matrix<double> axes = information.Evd(Symmetricity.Symmetric).EigenVectors; // by ascending eigenvalues
        var rotated = new double[p * q];
        for (int a = 0; a < q; a++)
        {
            double largest = 0;
            for (int j = 0; j < p; j++)
            {
                double x = 0;
                for (int b = 0; b < q; b++) x += Loading(j)[b] * axes[b, q - 1 - a];
                rotated[j * q + a] = x;
                if (Math.Abs(x) > Math.Abs(largest)) largest = x;
            }
            if (largest < 0)
                for (int j = 0; j < p; j++) rotated[j * q + a] = -rotated[j * q + a];
        }
        return new FactorParameters(Mean, rotated, Uniquenesses);
    }
}
