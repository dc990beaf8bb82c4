using System.Globalization;
using Imputation.Models.Gaussian;
using Imputation.Numerics;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Models.Normal;

/// <summary>Makes the <see cref="ObservedInformation"/> of a fit.</summary>
internal static class InformationBuilder
{
    /// <summary>Standard errors of estimates from the maximum, in the combination of parameters where they are most, from which on they are
    /// not taken for a maximum.</summary>
    private const double FarFromMaximum = 0.02;

    /// <summary>The information of a fit in data whose columns are the fit's, in their order.</summary>
    /// <exception cref="InvalidOperationException">More columns than <see cref="ObservedInformation.MostColumns"/>.</exception>
    public static ObservedInformation Make(NormalFit fit, IncompleteMatrix matrix, int threads, CancellationToken cancellation)
    {
        int p = fit.Columns.Count;
        if (p > ObservedInformation.MostColumns)
            throw new InvalidOperationException($"The model has {p} columns, with {p * (p + 3) / 2} parameters, too many for "
                + $"standard errors; expected at most {ObservedInformation.MostColumns} columns. Fit the columns of interest and "
                + $"their predictors.");
        if (fit.Report.Outcome == EmOutcome.Unbounded)
            return None(fit, matrix, "the likelihood has no maximum: EM was stopped on the way to a singular covariance");
        if (GaussianRows.Of(fit, new Table(matrix.Columns), [.. Enumerable.Range(0, matrix.RowCount)]) is not { } fitted
            || fitted.Scale.Length < p)
            return None(fit, matrix, "the fitted covariance is numerically singular: some column is nearly a combination of others");

        (double weight, double[] products) = Prior(fit, fitted);
        InformationSums sums = InformationSums.Of(fitted, weight, products, threads, cancellation);
        if (sums.RowCount == 0) return None(fit, matrix, "no row has anything observed");
        var coordinates = new InformationCoordinates(fitted.Parameters, sums.RowCount, sums.RowCount + weight);
        int q = coordinates.Count;
        double[] information = coordinates.Information(sums), score = coordinates.Score(sums);
        var space = new InformationSpace(coordinates, InformationInverse.Of(information, q, cancellation), fitted.Scale);
        return Described(fit, space, information, Math.Sqrt(space.Inverse.Variance(score)), sums, threads, cancellation);
    }

    /// <summary>The prior's w and L⁻¹ΛL⁻ᵀ on the scale of the fitted standard deviations.</summary>
    private static (double Weight, double[] Products) Prior(NormalFit fit, GaussianRows fitted)
    {
        int p = fitted.Scale.Length;
        var products = new double[p * p];
        CovariancePrior prior = fit.Report.Prior;
        double df = prior.DegreesOfFreedom;
        switch (prior.Kind)
        {
            case CovariancePriorKind.None or CovariancePriorKind.Auto:
                return (0, products);
            case CovariancePriorKind.Ridge:
                for (int j = 0; j < p; j++) products[j * p + j] =
                    df * SampleMoments.Of(fitted.Matrix.Column(j)).Variance / (fitted.Scale[j] * fitted.Scale[j]);
                break;
            case CovariancePriorKind.InverseWishart:
                double[,] given = prior.CrossProducts!.Values;
                for (int j = 0; j < p; j++)
                    for (int k = 0; k < p; k++) products[j * p + k] = given[j, k] / (fitted.Scale[j] * fitted.Scale[k]);
                break;
        }
        for (int side = 0; side < 2; side++)
        {
            Cholesky.SolveLower(fitted.Parameters.Factor, p, p, products, p, p);
            for (int i = 0; i < p; i++)
                for (int j = 0; j < i; j++) (products[i * p + j], products[j * p + i]) = (products[j * p + i], products[i * p + j]);
        }
        return (df + p + 1, products);
    }

    /// <param name="fit">The fit.</param>
    /// <param name="space">The information's inverse.</param>
    /// <param name="covariance">q × q numbers whose content is no longer needed; reused for the covariance of the parameters.</param>
    /// <param name="fromMaximum">Standard errors to the maximum.</param>
    /// <param name="sums">The sums from which the information was computed.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    private static ObservedInformation Described(NormalFit fit, InformationSpace space, double[] covariance, double fromMaximum,
        InformationSums sums, int threads, CancellationToken cancellation)
    {
        InformationCoordinates coordinates = space.Coordinates;
        InformationInverse inverse = space.Inverse;
        int p = coordinates.ColumnCount, q = coordinates.Count;

        // T C Tᵀ: each row of C is carried over, and then each column.
        inverse.Inverse.CopyTo(covariance, 0);
        ParallelOptions parallel = ParallelWork.Options(threads, cancellation);
        for (int side = 0; side < 2; side++)
        {
            ParallelWork.For(q, parallel, () => new double[2 * p * p], (i, work) =>
            {
                coordinates.ToParameters(covariance.AsSpan(i * q, q), work);
                return work;
            });
            for (int i = 0; i < q; i++)
                for (int j = 0; j < i; j++) (covariance[i * q + j], covariance[j * q + i]) = (covariance[j * q + i], covariance[i * q + j]);
        }
        double[][] open = [.. inverse.Undetermined.Select(pair => Moved(coordinates, pair.Vector))];

        double[] r = coordinates.Correlations, scale = space.Scale;
        var units = new double[q];
        var determined = new double[q];
        var variances = new double[q];
        var missing = new double[q];
        for (int i = 0; i < q; i++)
        {
            (int a, int b) = Columns(i, p);
            units[i] = i < p ? scale[i] : scale[a] * scale[b];
            double complete = CompleteVariance(coordinates, i);
            determined[i] = inverse.Determined(k => open[k][i], complete);
            (variances[i], missing[i]) = InformationSpace.Measured(covariance[i * q + i], complete, determined[i]);
        }
        var meanErrors = new double[p];
        var deviationErrors = new double[p];
        double[,] covarianceErrors = new double[p, p], covarianceMissing = new double[p, p], correlationErrors = new double[p, p],
            correlationMissing = new double[p, p];
        for (int a = 0; a < p; a++)
        {
            meanErrors[a] = Math.Sqrt(variances[a]) * scale[a];
            int diagonal = p + InformationSums.Pair(a, a);
            deviationErrors[a] = Math.Sqrt(variances[diagonal]) * scale[a] / 2;
            for (int b = 0; b <= a; b++)
            {
                int at = p + InformationSums.Pair(a, b), other = p + InformationSums.Pair(b, b);
                covarianceErrors[a, b] = covarianceErrors[b, a] = Math.Sqrt(variances[at]) * units[at];
                covarianceMissing[a, b] = covarianceMissing[b, a] = missing[at];
                if (a == b) continue;

                // dr = dσ_ab − ½ r (dσ_aa + dσ_bb), on the scale where both variances are 1.
                double half = -0.5 * r[a * p + b], left = 1 - r[a * p + b] * r[a * p + b];
                double variance = covariance[at * q + at] + half * half * (covariance[diagonal * q + diagonal]
                    + covariance[other * q + other] + 2 * covariance[diagonal * q + other])
                    + 2 * half * (covariance[at * q + diagonal] + covariance[at * q + other]);
                double complete = left * left / coordinates.CovarianceWeight;
                double known = inverse.Determined(k => open[k][at] + half * (open[k][diagonal] + open[k][other]), complete);
                (variance, double fraction) = InformationSpace.Measured(variance, complete, known);
                correlationErrors[a, b] = correlationErrors[b, a] = Math.Sqrt(variance);
                correlationMissing[a, b] = correlationMissing[b, a] = fraction;
            }
        }
        string[] names = Names(fit.Columns);
        WorstLinearFunction worst = Worst(space, fit.Columns, names, units);
        return new ObservedInformation(fit, new InformationParts
        {
            Columns = fit.Columns,
            RowCount = sums.RowCount,
            Names = names,
            Covariance = (i, j) => determined[i] == 1 && determined[j] == 1 ? covariance[i * q + j] * units[i] * units[j] : i == j
                ? determined[i] : double.NaN,
            MeanErrors = meanErrors,
            DeviationErrors = deviationErrors,
            MeanMissing = missing[..p],
            CovarianceErrors = covarianceErrors,
            CovarianceMissing = covarianceMissing,
            CorrelationErrors = correlationErrors,
            CorrelationMissing = correlationMissing,
            Worst = worst,
            Findings = InformationFindings.Of(fit, names, determined, worst, fromMaximum > FarFromMaximum ? fromMaximum : 0, sums),
            Space = space,
        });
    }

    /// <summary>Of standardised parameters: 1/n of a mean, (1 + r²)/N of a covariance.</summary>
    private static double CompleteVariance(InformationCoordinates coordinates, int parameter)
    {
        int p = coordinates.ColumnCount;
        if (parameter < p) return 1 / coordinates.MeanWeight;
        (int a, int b) = Columns(parameter, p);
        double r = coordinates.Correlations[a * p + b];
        return (1 + r * r) / coordinates.CovarianceWeight;
    }

    private static WorstLinearFunction Worst(InformationSpace space, IReadOnlyList<string> columns, string[] names, double[] units)
    {
        (double value, double[] vector) = space.Inverse.Worst;
        int q = vector.Length;
        double[] direction = Moved(space.Coordinates, vector), coefficients = space.Coordinates.Coefficients(vector);

        // How a parameter moves by the function's standard error, in its own: their correlation with complete data.
        double[] moves = [.. direction.Select((d, i) => d / Math.Sqrt(CompleteVariance(space.Coordinates, i)))];
        int[] most = [.. Enumerable.Range(0, q).OrderByDescending(i => Math.Abs(moves[i])).Take(4)];
        double sign = Math.Sign(moves[most[0]]), largest = Math.Abs(moves[most[0]]);
        double fraction = value < -InformationInverse.NoInformation ? double.NaN : value < InformationInverse.NoInformation ? 1
            : Math.Clamp(1 - value, 0, 1);
        return new WorstLinearFunction(
            fraction,
            [.. coefficients.Select((c, i) => sign * c / units[i])],
            [.. direction.Select((d, i) => sign * d * units[i])],
            Description());

        string Description()
        {
            if (fraction < 1e-8) return "no information is missing";
            if (largest < 0.1)
            {
                // A combination, as of columns that nearly determine each other, that nearly cancels in each parameter: the columns that
                // weigh in it.
                var weights = new double[space.Scale.Length];
                for (int i = 0; i < q; i++)
                {
                    (int a, int b) = Columns(i, weights.Length);
                    (weights[a], weights[b]) = (Math.Max(weights[a], Math.Abs(coefficients[i])),
                        Math.Max(weights[b], Math.Abs(coefficients[i])));
                }
                {
                    double least = 0.2 * weights.Max();
                    var names = Enumerable.Range(0, weights.Length).Where(j => weights[j] > least).Select(j => columns[j]);
                    return $"a combination of the covariances of {TextFormat.Names(names)} that no single mean or covariance shows";
                }
            }
            string[] parts = [.. most.Where(i => Math.Abs(moves[i]) > 0.3 * largest)
                .Select((i, k) => string.Create(CultureInfo.InvariantCulture,
                    $"{names[i]} ({(k == 0 ? "correlation " : "")}{(sign * moves[i] < 0 ? "−" : "+")}{Math.Abs(moves[i]):0.00})"))];
            return $"a combination that goes with the {string.Join(", the ", parts)}";
        }
    }

    private static double[] Moved(InformationCoordinates coordinates, double[] vector)
    {
        var moved = (double[])vector.Clone();
        coordinates.ToParameters(moved, new double[2 * coordinates.ColumnCount * coordinates.ColumnCount]);
        return moved;
    }

    /// <summary>The columns of a parameter: the same twice of a mean or a variance.</summary>
    private static (int Row, int Column) Columns(int parameter, int p)
    {
        if (parameter < p) return (parameter, parameter);
        int pair = parameter - p, row = 0;
        while (pair > row) pair -= ++row;
        return (row, pair);
    }

    private static string[] Names(IReadOnlyList<string> columns)
    {
        int p = columns.Count;
        return [.. Enumerable.Range(0, p * (p + 3) / 2).Select(i =>
        {
            (int a, int b) = Columns(i, p);
            return i < p ? $"mean of '{columns[a]}'" : a == b ? $"variance of '{columns[a]}'"
                : $"covariance of '{columns[a]}' and '{columns[b]}'";
        })];
    }

    /// <summary>All NaN, and why.</summary>
    private static ObservedInformation None(NormalFit fit, IncompleteMatrix matrix, string why)
    {
        int p = fit.Columns.Count, q = p * (p + 3) / 2;
        double[] vector = [.. Enumerable.Repeat(double.NaN, p)], all = [.. Enumerable.Repeat(double.NaN, q)];
        var square = new double[p, p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) square[i, j] = double.NaN;
        return new ObservedInformation(fit, new InformationParts
        {
            Columns = fit.Columns,
            RowCount = matrix.RowCount,
            Names = Names(fit.Columns),
            Covariance = (_, _) => double.NaN,
            MeanErrors = vector,
            DeviationErrors = vector,
            MeanMissing = vector,
            CovarianceErrors = square,
            CovarianceMissing = square,
            CorrelationErrors = square,
            CorrelationMissing = square,
            Worst = new WorstLinearFunction(double.NaN, all, all, "not known: there is no maximum"),
            Findings = [new Finding(FindingSeverity.Problem, "no-standard-errors", $"There are no standard errors: {why}.",
                [.. fit.Report.Relations.SelectMany(relation => relation.Columns).Distinct()],
                "Leave out one of the collinear columns, or use a ridge prior (ridge:1, or auto for the weakest "
                    + "that helps).")],
        });
    }
}
