using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Text;

namespace Imputation.Models.Normal;

/// <summary>Makes the <see cref="NormalRegression"/> of a fit.</summary>
internal static class RegressionBuilder
{
    private const string Intercept = "(Intercept)";

    /// <summary>The formula with its <c>.</c> replaced by columns of the model.</summary>
    /// <exception cref="ArgumentException">A name that is not a modelled column; the message says why it is not.</exception>
    public static RegressionFormula Resolve(NormalFit fit, RegressionFormula formula)
    {
        foreach (string name in formula.Predictors.Prepend(formula.Response).Except(fit.Columns))
        {
            if (fit.Report.ColumnUses.FirstOrDefault(d => d.Name == name) is { } left)
                throw new ArgumentException($"Column '{name}' is {NormalModel.Describe(left)} and so not in the model, which has "
                    + $"{TextFormat.Names(fit.Columns)}.", nameof(formula));
        }
        return formula.Resolve(fit.Columns);
    }

    public static NormalRegression Make(NormalFit fit, ObservedInformation information, RegressionFormula formula, double confidence)
    {
        if (!(confidence is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence,
            "The confidence must be strictly between 0 and 1, such as 0.95.");
        formula = Resolve(fit, formula);
        var index = fit.Columns.Select((name, j) => (name, j)).ToDictionary(pair => pair.name, pair => pair.j);
        int p = fit.Columns.Count, y = index[formula.Response], k = formula.Predictors.Count;
        int[] x = [.. formula.Predictors.Select(name => index[name])];
        double[] mean = fit.Moments.Mean;
        double[] correlation = fit.Moments.Standardised.Correlations, scale = fit.Moments.Standardised.Scale;
        double Correlation(int i, int j) => correlation[i * p + j];

        // On the scale where all variances are 1: V = Σ_xx⁻¹, β = Vσ_xy.
        var factor = new double[k * k];
        for (int a = 0; a < k; a++)
            for (int b = 0; b < k; b++) factor[a * k + b] = Correlation(x[a], x[b]);
        if (!Cholesky.Factor(factor, k, k, GaussianParameters.DegenerateTolerance))
            throw new ImputationDataException($"The predictors {TextFormat.Names(formula.Predictors)} are collinear: one is a linear "
                + $"combination of the others, and their coefficients are not identified. Leave one out.", formula.Predictors[^1]);
        var inverse = new double[k * k];
        Cholesky.Invert(factor, k, k, inverse);
        double[] beta = [.. Enumerable.Range(0, k).Select(a => Enumerable.Range(0, k).Sum(b => inverse[a * k + b] * Correlation(x[b], y)))];
        double explained = Enumerable.Range(0, k).Sum(a => beta[a] * Correlation(x[a], y)), residual = Math.Max(0, 1 - explained);

        var estimates = new double[k + 1];
        estimates[0] = mean[y];
        for (int a = 0; a < k; a++)
        {
            estimates[a + 1] = beta[a] * scale[y] / scale[x[a]];
            estimates[0] -= estimates[a + 1] * mean[x[a]];
        }

        double[][]? gradients = null;
        (double Variance, double Missing) residualVariance = (double.NaN, double.NaN);
        if (information.Space is { } space)
        {
            // With c = 1 for the response and −β for the predictors: dβ_a = tr(½(v_a cᵀ + c v_aᵀ) dΣ), v_a a row of V; dα = cᵀdμ where the
            // means are 0; dσ² = tr(ccᵀ dΣ).
            var c = new double[p];
            c[y] = 1;
            for (int a = 0; a < k; a++) c[x[a]] = -beta[a];
            double[] none = new double[p], zero = new double[p * p];
            gradients = new double[k + 1][];
            gradients[0] = space.Coordinates.Gradient([.. c.Select(v => v * scale[y])], zero);
            for (int a = 0; a < k; a++)
            {
                var v = new double[p];
                for (int b = 0; b < k; b++) v[x[b]] = inverse[a * k + b] * scale[y] / scale[x[a]];
                gradients[a + 1] = space.Coordinates.Gradient(none, v, c);
                AddScaled.To(gradients[0], -mean[x[a]], gradients[a + 1]);
            }
            residualVariance = space.Variance(space.Coordinates.Gradient(none, c, c));
        }

        var variances = new (double Variance, double Missing)[k + 1];
        var coefficients = new RegressionCoefficient[k + 1];
        for (int a = 0; a <= k; a++)
        {
            variances[a] = gradients is null ? (double.NaN, double.NaN) : information.Space!.Variance(gradients[a]);
            double error = Math.Sqrt(variances[a].Variance), z = double.IsFinite(error) ? estimates[a] / error : double.NaN;
            (double small, double degrees) = SmallSample(error, variances[a].Missing, information.RowCount, k + 1, p);
            bool limits = degrees >= 1;
            double half = limits ? StudentQuantile.TwoSided(confidence, degrees) * small : double.NaN;
            coefficients[a] = new RegressionCoefficient(a == 0 ? Intercept : formula.Predictors[a - 1], estimates[a], error, small,
                degrees, z, limits ? TailProbability.TwoSidedT(estimates[a] / small, degrees) : double.NaN,
                estimates[a] - half, estimates[a] + half, variances[a].Missing);
        }
        var joint = new double[k + 1, k + 1];
        for (int a = 0; a <= k; a++)
        {
            for (int b = 0; b <= k; b++)
            {
                joint[a, b] = a == b ? variances[a].Variance
                    : double.IsFinite(variances[a].Variance) && double.IsFinite(variances[b].Variance)
                        ? information.Space!.Inverse.Covariance(gradients![Math.Max(a, b)], gradients[Math.Min(a, b)])
                    : double.NaN;
            }
        }
        return new NormalRegression(formula, coefficients, joint, confidence)
        {
            ResidualDeviation = Math.Sqrt(residual) * scale[y],
            ResidualDeviationStandardError = Math.Sqrt(residualVariance.Variance) / (2 * Math.Sqrt(residual)) * scale[y],
            RSquared = Math.Clamp(explained, 0, 1),
            RowCount = information.RowCount,
            Findings = [.. Open(coefficients), .. Few(coefficients),
                .. information.Findings.Where(f => f.Code is not ("not-determined" or "not-a-maximum"))],
        };
    }

    /// <summary>Standard error and degrees of freedom in small samples (<see cref="NormalRegression"/>, remarks).</summary>
    private static (double StandardError, double DegreesOfFreedom) SmallSample(double error, double missing, int rowCount,
        int coefficientCount, int columnCount)
    {
        if (!double.IsFinite(error)) return (error, double.NaN);
        double effective = rowCount * (1 - missing), degrees = effective - coefficientCount - missing * (columnCount - coefficientCount);
        return (degrees >= 1 ? error * Math.Sqrt(effective / degrees) : double.NaN, degrees);
    }

    private static IEnumerable<Finding> Few(RegressionCoefficient[] coefficients)
    {
        RegressionCoefficient[] few = [.. coefficients.Where(c => c.DegreesOfFreedom < 1)];
        if (few.Length == 0) yield break;
        yield return new Finding(FindingSeverity.Warning, "too-few-degrees-of-freedom",
            $"There are no confidence limits for {TextFormat.Names(few.Select(c => c.Name))}: too little information is left for them "
                + $"(degrees of freedom {TextFormat.Number(few.Min(c => c.DegreesOfFreedom))}, and at least 1 is needed).",
            [.. few.Select(c => c.Name)], "Use fewer predictors or fewer other columns, or more rows.");
    }

    private static IEnumerable<Finding> Open(RegressionCoefficient[] coefficients)
    {
        string[] open = [.. coefficients.Where(c => double.IsPositiveInfinity(c.StandardError)).Select(c => c.Name)];
        if (open.Length > 0)
        {
            yield return new Finding(FindingSeverity.Warning, "not-determined",
                $"The data do not identify the coefficient{(open.Length > 1 ? "s" : "")} of {TextFormat.Names(open)}: other values "
                    + $"fit equally well, so the standard error is infinite and the estimate has no meaning.", open,
                "Leave out a predictor that is never observed together with another column of the regression, or use a ridge prior "
                    + "(ridge:1, or auto for the weakest that helps).");
        }
    }
}
