using Imputation.Numerics.Kernels;

namespace Imputation.Models.Factor;

/// <summary>The uncertainty of predictions from counts of observed cells.</summary>
/// <remarks>A column's mean and loadings are a regression on the factors, estimated from the n_j rows in which it is observed, with d_j =
/// 1 + q n_j / (n_j + r) coefficients, a ridge of r rows taking its part of q: variance σ² · n_j / ν · (1 + d_j / n_j), ν = n_j − d_j
/// degrees of freedom, for a row with the average leverage.
/// <para>σ² is the conditional variance without what the ridge puts into ψ_j. Its rows leave the column's whole variance to ψ_j, and no
/// coefficient is fitted to them, so that they neither need a correction for coefficients nor are degrees of freedom. At the estimate S_j
/// is about n_j I and λ_jᵀλ_j + ψ_j the column's variance, hence (see <see cref="FactorEm"/>)
/// <code>
/// (n_j + r) ψ_j = R_j + r (ψ_j + 2 λ_jᵀλ_j),  R_j = n_j ψ_j − 2 r λ_jᵀλ_j
/// </code>
/// with R_j the squared residuals of the rows. However strong a correlation, R_j ≥ n_j (r / (n_j + r))² of the column's variance, as the
/// ridge keeps loadings small. Equal uniquenesses are one variance, with the residuals and degrees of freedom of all
/// columns.</para></remarks>
internal sealed class FactorErrors : IPredictionErrors
{
    /// <summary>Ratio of uniquenesses up to which they are equal: they went through the units of the data.</summary>
    private const double Rounding = 1 + 1e-9;

    private readonly FactorParameters _parameters;
    private readonly double[] _leverage; // d_j / n_j
    private readonly double[] _rows; // n_j, or all of them, ...
    private readonly double[] _degrees; // ... and degrees of freedom
    private readonly double[] _added; // what the ridge puts into ψ_j

    /// <param name="parameters">The estimate.</param>
    /// <param name="observedCounts">Observed cells of each of the model's columns.</param>
    /// <param name="ridge">r.</param>
    public FactorErrors(FactorParameters parameters, long[] observedCounts, double ridge)
    {
        int p = parameters.ColumnCount, q = parameters.FactorCount;
        (_parameters, _leverage, _added) = (parameters, new double[p], new double[p]);
        (_rows, _degrees) = (new double[p], new double[p]);
        var squares = new double[p];
        for (int j = 0; j < p; j++)
        {
            double n = observedCounts[j], coefficients = 1 + q * n / (n + ridge), psi = parameters.Uniquenesses[j];
            double variance = parameters.Variance(j), shrunk = ridge / (n + ridge);
            (_rows[j], _degrees[j], _leverage[j]) = (n, n - coefficients, coefficients / n);
            squares[j] = n * Math.Max(psi - 2 * ridge * (variance - psi) / n, shrunk * shrunk * variance);
        }
        if (parameters.Uniquenesses.Max() <= Rounding * parameters.Uniquenesses.Min())
        {
            Array.Fill(squares, squares.Sum());
            Array.Fill(_rows, _rows.Sum());
            Array.Fill(_degrees, _degrees.Sum());
        }
        for (int j = 0; j < p; j++) _added[j] = ridge > 0 ? Math.Max(0, parameters.Uniquenesses[j] - squares[j] / _rows[j]) : 0;
    }

    /// <inheritdoc/>
    public bool IsByPattern => true;

    /// <inheritdoc/>
    public IPatternErrors For(int[] observed, int[] missing) => new Pattern(this, observed, missing);

    private sealed class Pattern(FactorErrors errors, int[] observed, int[] missing) : IPatternErrors
    {
        private FactorPosterior? _posterior; // a fill without limits asks for nothing

        public double DegreesOfFreedom(int a) => errors._degrees[missing[a]];

        public double Factor(int a, ReadOnlySpan<double> deviations)
        {
            int j = missing[a];
            double share = errors._added[j] > 0 ? errors._added[j] / Variance(j) : 0;
            return Math.Sqrt((1 - share) * errors._rows[j] / errors._degrees[j] * (1 + errors._leverage[j]));
        }

        /// <summary>Conditional variance of a column given the observed ones.</summary>
        private double Variance(int j)
        {
            FactorParameters parameters = errors._parameters;
            if (_posterior is null && !(_posterior = new FactorPosterior(parameters)).Begin(observed)) return double.NaN;
            ReadOnlySpan<double> loading = parameters.Loading(j);
            double variance = parameters.Uniquenesses[j];
            for (int k = 0, q = loading.Length; k < q; k++)
                variance += loading[k] * Dot.Product(_posterior.Covariance.AsSpan(k * q, q), loading);
            return variance;
        }
    }
}
