using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>How far from their columns' means a model's predictions of the missing cells reach: where it is implausibly far, the parameters
/// are weakly identified, although an estimate of them exists.</summary>
/// <remarks>A covariance near singularity regresses missing cells on differences of observed ones that hardly vary, with coefficients of
/// any size; a row that is unusual in just this difference is then filled with a value far from all observed ones.</remarks>
internal static class PredictiveReach
{
    /// <summary>Standard deviations of a column's observed values within which its predictions are plausible.</summary>
    public const double Plausible = 8;

    /// <summary>Standard deviations of a prediction that count as its reach: 1 draw in 16,000 is further off.</summary>
    private const double Margin = 4;

    /// <summary>A row's own largest standard score may be carried over to its missing cells, and a fifth more. One predictor at the score z
    /// predicts within z r + 4 √(1 − r²) ≤ √(z² + 16), which is never more than this or <see cref="Plausible"/>.</summary>
    private const double CarriedOver = 1.2;

    /// <summary>Smallest share of a column's variance that is left given the columns before it, at which draws still have digits.</summary>
    private const double LeastLeft = 1e-9;

    /// <summary>Rows for each column, and condition number of the covariance, that leave no doubt.</summary>
    private const double ManyRows = 100, WellConditioned = 1e4;

    /// <summary>Why imputations from these parameters would be doubtful, as the end of a sentence; null where nothing speaks against
    /// them.</summary>
    /// <remarks>Many rows with a covariance far from singular need no look at each row.</remarks>
    public static string? WhyImplausible(GaussianData data, GaussianParameters parameters, ParallelOptions parallel)
    {
        if (IsNearSingular(parameters)) return "the covariance was nearly singular";
        if (!data.HasRows) return null; // how far predictions reach depends on the rows
        bool determined = data.RowCount >= ManyRows * data.ColumnCount && parameters.Condition < WellConditioned;
        return determined || Largest(data, parameters, parallel) <= 1 ? null
            : "values would be filled that are implausibly far from the observed ones";
    }

    private static bool IsNearSingular(GaussianParameters parameters)
    {
        int p = parameters.Count;
        for (int j = 0; j < p; j++)
        {
            double pivot = parameters.Factor[j * p + j];
            if (!(pivot * pivot > LeastLeft * parameters.Covariance[j * p + j])) return true;
        }
        return false;
    }

    /// <summary>Largest |E[x_j | x_O] − x̄_j| + 4 sd(x_j | x_O) over the missing cells, in standard deviations of the observed values
    /// of the column, as a share of what is plausible in the row: <see cref="Plausible"/>, or more where the row itself is further out.
    /// Infinite where nothing can be computed.</summary>
    private static double Largest(GaussianData data, GaussianParameters parameters, ParallelOptions parallel)
    {
        int p = data.ColumnCount;
        MissingPatterns patterns = data.Patterns;
        var ofRow = new double[data.Matrix.RowCount];
        int? failed = CompletedRows.Visit(data.Rows, patterns, parameters, parallel, (rows, conditional, cells, completed) =>
        {
            int o = cells.Length / rows.Length;
            ReadOnlySpan<int> missing = conditional.Missing;
            for (int r = 0; r < rows.Length; r++)
            {
                double own = 0, reach = 0;
                foreach (double z in cells.Slice(r * o, o)) own = Math.Max(own, Math.Abs(z));
                for (int a = 0; a < missing.Length; a++)
                {
                    double mean = parameters.Mean[missing[a]] + completed[r * conditional.Stride + missing[a]],
                        deviation = Math.Sqrt(Math.Max(0, conditional.Covariance[a * missing.Length + a]));
                    reach = Math.Max(reach, Math.Abs(mean) + Margin * deviation);
                }
                ofRow[rows[r]] = double.IsNaN(reach) ? double.PositiveInfinity : reach / Math.Max(Plausible, CarriedOver * own);
            }
        });
        if (failed is not null) return double.PositiveInfinity;

        double largest = ofRow.Max();
        // In a row with nothing observed the prediction is the mean.
        if (patterns.Count > 0 && patterns.MissingCountOf(patterns.Count - 1) == p)
            for (int j = 0; j < p; j++)
                largest = Math.Max(largest,
                    (Math.Abs(parameters.Mean[j]) + Margin * Math.Sqrt(parameters.Covariance[j * p + j])) / Plausible);
        return largest;
    }
}
