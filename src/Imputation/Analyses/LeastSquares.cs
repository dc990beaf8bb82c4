using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Text;

namespace Imputation.Analyses;

/// <summary>Least squares on centred and scaled columns, and the way back to the units of the data.</summary>
internal static class LeastSquares
{
    /// <summary>A predictor of which the others leave less, in standard deviations, has a coefficient that rests on the last digits of the
    /// data; R's <c>lm</c> drops it.</summary>
    private const double NearlyNothing = 1e-7;

    /// <param name="formula">Resolved.</param>
    /// <param name="columns">The response and the predictors; none where there are no rows.</param>
    /// <exception cref="ImputationDataException">Too few rows, or a constant response.</exception>
    public static LinearRegression Fit(RegressionFormula formula, IReadOnlyList<CenteredColumn> columns)
    {
        if (columns.Count == 0) throw TooFew(formula, 0, formula.Predictors.Count + 1);
        CenteredColumn response = columns[0];
        CenteredColumn[] predictors = [.. columns.Skip(1)];
        int n = response.Values.Length;

        var qr = new HouseholderQr([.. predictors.Select(c => (double[])c.Values.Clone())], Array.ConvertAll(predictors, c => c.Rounding));
        CenteredColumn[] kept = [.. qr.Kept.Select(j => predictors[j])];
        int k = kept.Length, freedom = n - k - 1;
        if (freedom < 1) throw TooFew(formula, n, predictors.Count(c => n == 1 || !c.IsConstant) + 1);
        if (response.IsConstant)
            throw new ImputationDataException($"Column '{response.Name}' is constant ({TextFormat.Exact(response.Mean)}) in the "
                + $"{n} rows of the regression. Choose another response.", response.Name);

        double[] projected = [.. response.Values];
        qr.Project(projected);
        double explained = Dot.Product(projected.AsSpan(0, k), projected.AsSpan(0, k)), residual = Dot.Product(projected.AsSpan(k),
            projected.AsSpan(k));
        double[,] r = qr.Triangle(), inverse = Inverse(r);
        HouseholderQr.SolveUpper(r, projected, k);

        // Back to the units of the data: bⱼ = bⱼ* s_y / sⱼ; the intercept is ȳ − Σ bⱼ x̄ⱼ, and ȳ does not depend on the slopes' estimates.
        double variance = residual / freedom * response.Scale * response.Scale;
        (double[] meanSlopes, double[,] slopes, double ofMean) = response.Roots is null ? ([], Crossed(inverse), 1.0 / n)
            : Sandwich(response, kept, projected.AsSpan(0, k), inverse, residual / freedom);
        var coefficients = new double[k + 1];
        var covariance = new double[k + 1, k + 1];
        coefficients[0] = response.Mean;
        covariance[0, 0] = variance * ofMean;
        for (int j = 0; j < k; j++)
        {
            coefficients[j + 1] = projected[j] / kept[j].Scale * response.Scale;
            coefficients[0] -= coefficients[j + 1] * kept[j].Mean;
            for (int l = 0; l <= j; l++)
            {
                covariance[j + 1, l + 1] = covariance[l + 1, j + 1] = slopes[j, l] / kept[j].Scale / kept[l].Scale * variance;
            }
        }
        for (int j = 0; j < k; j++)
        {
            // The slopes' covariance with the response's mean is 0 where the rows weigh the same.
            double sum = 0, withMean = response.Roots is null ? 0 : meanSlopes[j] / kept[j].Scale * variance;
            for (int l = 0; l < k; l++) sum += covariance[j + 1, l + 1] * kept[l].Mean;
            covariance[0, j + 1] = covariance[j + 1, 0] = withMean - sum;
            covariance[0, 0] += (sum - 2 * withMean) * kept[j].Mean;
        }
        return new LinearRegression(formula, [LinearRegression.Intercept, .. kept.Select(c => c.Name)], coefficients, covariance,
            Root(r, kept, n), n)
        {
            ResidualStandardDeviation = Math.Sqrt(variance),
            RSquared = explained / (explained + residual),
            LogLikelihood = -0.5 * n * (Math.Log(2 * Math.PI) + Math.Log(residual / n) + 2 * Math.Log(response.Scale) + 1),
            NearlyDetermined = [.. qr.Kept.Where(j => qr.Remainder(j) < NearlyNothing).Select(j => (predictors[j].Name,
                qr.Remainder(j) * qr.Remainder(j)))],
            Dropped = [.. Enumerable.Range(0, predictors.Length).Except(qr.Kept).Select(j => Dropped(j, predictors, qr))],
        };
    }

    /// <summary>R⁻¹R⁻ᵀ: the inverse of the predictors' cross-products.</summary>
    private static double[,] Crossed(double[,] inverse)
    {
        int k = inverse.GetLength(0);
        var product = new double[k, k];
        for (int j = 0; j < k; j++)
            for (int l = 0; l <= j; l++)
            {
                for (int i = j; i < k; i++) product[j, l] += inverse[j, i] * inverse[l, i];
                product[l, j] = product[j, l];
            }
        return product;
    }

    /// <summary>Covariances of the response's mean and of the slopes where rows have weights, over the residual variance: linearised
    /// (Binder 1983), <c>n/(n − 1) A⁻¹ Σ sᵢsᵢᵀ A⁻¹</c> with the scores <c>sᵢ = wᵢeᵢ(1, xᵢ)</c> of centred predictors, whose
    /// cross-products A are those of the mean and of the slopes apart.</summary>
    private static (double[] MeanSlopes, double[,] Slopes, double Mean) Sandwich(CenteredColumn response, CenteredColumn[] kept,
        ReadOnlySpan<double> slopes, double[,] inverse, double variance)
    {
        int n = response.Values.Length, k = kept.Length;
        double[] residuals = [.. response.Values], cross = new double[k];
        var meat = new double[k, k];
        for (int j = 0; j < k; j++) AddScaled.To(residuals, -slopes[j], kept[j].Values);
        double mean = 0;
        for (int i = 0; i < n; i++)
        {
            double root = response.Roots![i], square = residuals[i] * residuals[i];
            mean += root * root * square;
            for (int j = 0; j < k; j++)
            {
                cross[j] += root * square * kept[j].Values[i];
                for (int l = 0; l <= j; l++) meat[j, l] = meat[l, j] += square * kept[j].Values[i] * kept[l].Values[i];
            }
        }
        double[,] bread = Crossed(inverse);
        double unit = n / (n - 1.0) / variance;
        var sides = new double[k, k];
        var covariance = new double[k, k];
        var meanSlopes = new double[k];
        for (int j = 0; j < k; j++)
            for (int l = 0; l < k; l++)
            {
                for (int i = 0; i < k; i++) sides[j, l] += bread[j, i] * meat[i, l];
                meanSlopes[j] += bread[j, l] * cross[l] / n * unit;
            }
        for (int j = 0; j < k; j++)
            for (int l = 0; l < k; l++)
            {
                for (int i = 0; i < k; i++) covariance[j, l] += sides[j, i] * bread[i, l] * unit;
            }
        return (meanSlopes, covariance, mean / n / n * unit);
    }

    private static double[,] Inverse(double[,] r)
    {
        int k = r.GetLength(0);
        var inverse = new double[k, k];
        var column = new double[k];
        for (int j = 0; j < k; j++)
        {
            Array.Clear(column);
            column[j] = 1;
            HouseholderQr.SolveUpper(r, column, j + 1);
            for (int i = 0; i <= j; i++) inverse[i, j] = column[i];
        }
        return inverse;
    }

    /// <summary>A root of XᵀX, intercept first, for coefficients in the units of the data: |Xd|² = n(d₀ + Σ dⱼx̄ⱼ)² + |R S d|² with S the
    /// scales.</summary>
    private static double[,] Root(double[,] r, CenteredColumn[] kept, int n)
    {
        var root = new double[kept.Length + 1, kept.Length + 1];
        root[0, 0] = Math.Sqrt(n);
        for (int j = 0; j < kept.Length; j++)
        {
            root[0, j + 1] = root[0, 0] * kept[j].Mean;
            for (int i = 0; i <= j; i++) root[i + 1, j + 1] = r[i, j] * kept[j].Scale;
        }
        return root;
    }

    private static DroppedPredictor Dropped(int j, CenteredColumn[] predictors, HouseholderQr qr)
    {
        CenteredColumn column = predictors[j];
        if (column.IsConstant)
            return new DroppedPredictor(column.Name, $"'{column.Name}' has no coefficient: it is constant "
                + $"({TextFormat.Exact(column.Mean)}).", []);
        double[] combination = qr.Combination(j);
        double most = combination.Select(Math.Abs).DefaultIfEmpty(0).Max();
        string[] others = [.. qr.Kept.Take(combination.Length).Where((_, i) => Math.Abs(combination[i]) > 1e-6 * most)
            .Select(i => predictors[i].Name)];
        return new DroppedPredictor(column.Name, $"'{column.Name}' has no coefficient: it is an exact linear combination of "
            + $"{TextFormat.Names(others)}. Leave one of them out.", others);
    }

    private static ImputationDataException TooFew(RegressionFormula formula, int rows, int coefficients) => new(
        $"{(rows == 0 ? "No row has" : rows == 1 ? "Only 1 row has" : $"Only {rows} rows have")} values in all columns of {formula}: with "
            + $"{coefficients} coefficient{(coefficients == 1 ? "" : "s")} to estimate, "
        + $"a regression needs at least {coefficients + 1} rows, and many more for precise estimates. Use fewer "
            + $"predictors.", formula.Response);
}
