using System.Diagnostics;
using System.Globalization;
using Imputation.Analyses;
using Imputation.Text;

namespace Imputation;

/// <summary>A linear regression fitted by least squares to the rows in which all of its columns have values. Immutable; made by
/// <see cref="Fit"/>.</summary>
/// <remarks>
/// <para>b = (XᵀX)⁻¹Xᵀy with an intercept, by a QR decomposition of the centred and scaled columns (Golub and Van Loan 2013, §5.3.2),
/// never through XᵀX; s² = RSS / (n − k − 1) with k slopes; Cov(b) = s²(XᵀX)⁻¹ (Draper and Smith 1998, §5.1). The same as R's
/// <c>lm</c>.</para>
/// <para>Rows count by their weights where the table was read with weights; the standard errors are then linearised ones (Binder 1983), as
/// of a sample whose rows were drawn one by one.</para>
/// <para>Of one table that was filled in, the standard errors are too small: they take filled cells for measured ones. Fit several and pool
/// them, as
/// <see cref="Analysis.Pooled(IEnumerable{Table}, RegressionFormula, double, Table?, CancellationToken)"/> does.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class LinearRegression
{
    private readonly string[] _names;
    private readonly double[] _coefficients;
    private readonly double[,] _covariance;
    private readonly double[,] _root;

    internal LinearRegression(RegressionFormula formula, string[] names, double[] coefficients, double[,] covariance, double[,] root,
        int rowCount)
    {
        Formula = formula;
        RowCount = rowCount;
        _names = names;
        _coefficients = coefficients;
        _covariance = covariance;
        _root = root;
        Coefficients = Array.AsReadOnly(coefficients);
        StandardErrors = Array.AsReadOnly([.. names.Select((_, j) => Math.Sqrt(covariance[j, j]))]);
        Covariance = new SymmetricMatrix(names, covariance);
    }

    /// <summary>The name of the intercept among the <see cref="Names"/>.</summary>
    public const string Intercept = "(Intercept)";

    /// <summary>Fits a regression to the rows of a table in which the response and all predictors have values.</summary>
    /// <param name="table">The table; other columns do not matter.</param>
    /// <param name="formula">The response, a column of numbers, and its predictors: numbers, or categories, which have a coefficient
    /// <c>column=level</c> for each level but the first.</param>
    /// <exception cref="ArgumentException">The formula names a column that the table does not have, or a response that is not numeric; the
    /// message says which.</exception>
    /// <exception cref="ImputationDataException">No more rows than coefficients, a response that is always the same, or a category with
    /// more than 50 levels.</exception>
    public static LinearRegression Fit(Table table, RegressionFormula formula)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(formula);
        var design = Design.Of(formula, table);
        return LeastSquares.Fit(design.Formula, CompleteRows.Of(design.Over(table), design.Names));
    }

    /// <summary>The fitted formula.</summary>
    public RegressionFormula Formula { get; }

    /// <summary>Rows that it was fitted to, n.</summary>
    public int RowCount { get; }

    /// <summary>Names of the coefficients: <see cref="Intercept"/>, then the predictors that have one, in the order of the
    /// formula; of a category its levels but the first, such as <c>sex=male</c>.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Predictors without a coefficient: constant, or a combination of those before them, so that their coefficients are not
    /// identified.</summary>
    public IReadOnlyList<DroppedPredictor> Dropped { get; internal init; } = [];

    /// <summary>Predictors that those before them all but determine, and the share of their variance that is left.</summary>
    internal IReadOnlyList<(string Name, double Unexplained)> NearlyDetermined { get; init; } = [];

    /// <summary>The coefficients, in the order of <see cref="Names"/>.</summary>
    /// <value>Units of the response for a unit of the predictor.</value>
    public IReadOnlyList<double> Coefficients { get; }

    /// <summary>Standard errors of the coefficients.</summary>
    /// <value>In the order of <see cref="Names"/>.</value>
    public IReadOnlyList<double> StandardErrors { get; }

    /// <summary>Covariance of the coefficients, s²(XᵀX)⁻¹.</summary>
    /// <value>In the order of <see cref="Names"/>.</value>
    public SymmetricMatrix Covariance { get; }

    /// <summary>The coefficients; for reading only.</summary>
    internal double[] CoefficientValues => _coefficients;

    /// <summary>A coefficient and its standard error by name (exact, case-sensitive).</summary>
    /// <exception cref="ArgumentException">No such coefficient; the message lists those there are.</exception>
    public (double Estimate, double StandardError) this[string name] => Array.IndexOf(_names, name) is >= 0 and var j
        ? (_coefficients[j], Math.Sqrt(_covariance[j, j]))
        : throw new ArgumentException($"There is no coefficient '{name}'; there are {TextFormat.Names(_names)}.", nameof(name));

    /// <summary>n − k − 1: rows less coefficients.</summary>
    public int DegreesOfFreedom => RowCount - _names.Length;

    /// <summary>s = √(RSS / (n − k − 1)): residual standard deviation, in the units of the response.</summary>
    public required double ResidualStandardDeviation { get; init; }

    /// <summary>R²: the share of the response's variation that the predictors account for; 0 to 1.</summary>
    public required double RSquared { get; init; }

    /// <summary>−n/2 (log 2π + log(RSS/n) + 1), the maximum of the likelihood with normal residuals, all constants included; +∞ where
    /// nothing is left over.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>RSS / n: the residual variance at which the likelihood has its maximum. <see cref="ResidualStandardDeviation"/> has the
    /// divisor n − k − 1.</summary>
    public double MaximumLikelihoodVariance => ResidualStandardDeviation * ResidualStandardDeviation * DegreesOfFreedom / RowCount;

    /// <summary>The log-likelihood of these rows at other parameters, such as those averaged over imputations, which <see cref="Pool.D3"/>
    /// needs.</summary>
    /// <param name="coefficients">In the order of <see cref="Names"/>.</param>
    /// <param name="residualVariance">Greater than 0; where variances are averaged, average
    /// <see cref="MaximumLikelihoodVariance"/>.</param>
    /// <remarks>−n/2 log(2πσ²) − (RSS + |X(b − b̂)|²) / (2σ²); it needs no data.</remarks>
    /// <exception cref="ArgumentException">A wrong number of coefficients, or a variance that is not above 0.</exception>
    public double LogLikelihoodAt(IReadOnlyList<double> coefficients, double residualVariance)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        if (coefficients.Count != _names.Length)
            throw new ArgumentException($"There are {coefficients.Count} coefficients; expected {_names.Length}: "
                + $"{TextFormat.Names(_names)}.", nameof(coefficients));
        if (!(residualVariance > 0))
            throw new ArgumentException($"The residual variance is {TextFormat.Exact(residualVariance)}; expected a number "
                + "greater than 0.", nameof(residualVariance));
        double squares = RowCount * MaximumLikelihoodVariance;
        for (int i = 0; i < _names.Length; i++)
        {
            double element = 0;
            for (int j = 0; j < _names.Length; j++) element += _root[i, j] * (coefficients[j] - _coefficients[j]);
            squares += element * element;
        }
        return -0.5 * (RowCount * Math.Log(2 * Math.PI * residualVariance) + squares / residualVariance);
    }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Formula}: {RowCount} rows, R² {RSquared:F4}; "
        + $"{string.Join(", ", Names.Zip(Coefficients, Named))}");

    private static string Named(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value:G6}");
}
