using Imputation.Models.Gaussian;
using Imputation.Numerics;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Normal;

/// <summary>The sample's mean and covariance where no cell is missing and the covariance is close to singular, or singular: its factor
/// comes from the rows by orthogonal reflections, which do not square the condition number.</summary>
internal static class CompleteFit
{
    /// <summary>Share of a column's variance that the columns before it leave, below which a factor of the covariance lacks
    /// digits.</summary>
    private const double LeastLeft = 1e-6;

    /// <summary>Whether one EM step does not give the maximum to all digits.</summary>
    public static bool IsNeeded(EmStep<GaussianParameters> step)
    {
        if (step.Degenerate) return true;
        int p = step.Next.Count;
        for (int j = 0; j < p; j++)
        {
            double pivot = step.Next.Factor[j * p + j];
            if (!(pivot * pivot > LeastLeft * step.Next.Covariance[j * p + j])) return true;
        }
        return false;
    }

    /// <summary>The sample's moments, with the log-likelihood −n/2 (p log 2π + log|Σ| + p); it is +∞ where the covariance is singular.
    /// </summary>
    public static EmFit<GaussianParameters> Solve(GaussianData data)
    {
        int p = data.ColumnCount, n = data.Patterns.RowCountOf(0);
        ReadOnlySpan<int> rows = data.Patterns.RowsOf(0);
        var mean = new double[p];
        var columns = new double[p][];
        var errors = new double[p];
        for (int j = 0; j < p; j++)
        {
            var values = new double[n];
            for (int i = 0; i < n; i++) values[i] = data.Matrix[rows[i], j];
            double center = SampleMoments.Of(values).Mean;
            for (int i = 0; i < n; i++) values[i] = (values[i] - center) / data.Scale[j];
            double rest = SampleMoments.Of(values).Mean; // what rounding left
            for (int i = 0; i < n; i++) values[i] -= rest;
            (columns[j], mean[j]) = (values, (center - data.Center[j]) / data.Scale[j] + rest);
            // The values are taken as they are: only the division above rounds, not the subtraction of close numbers.
            errors[j] = HouseholderQr.UnitRoundOff * Math.Sqrt(Dot.Product(values, values));
        }
        var covariance = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j <= i; j++) covariance[i * p + j] = covariance[j * p + i] = Dot.Product(columns[i], columns[j]) / n;

        // V = QR: the covariance VᵀV / n has the factor Rᵀ / √n, up to the signs of R's rows.
        var qr = new HouseholderQr(columns, errors);
        bool singular = qr.Kept.Count < p;
        var factor = new double[p * p];
        if (!singular)
        {
            double[,] triangle = qr.Triangle();
            for (int j = 0; j < p; j++)
                for (int i = j; i < p; i++) factor[i * p + j] = triangle[j, i] * Math.Sign(triangle[j, j]) / Math.Sqrt(n);
        }
        var sample = GaussianParameters.OfSample(mean, covariance, factor);
        double logLikelihood = singular ? double.PositiveInfinity
            : -0.5 * n * (p * Math.Log(2 * Math.PI) + sample.LogDeterminant + p) + data.LogJacobian;
        return new EmFit<GaussianParameters>
        {
            Parameters = sample,
            Next = sample,
            Objective = logLikelihood,
            LogLikelihood = logLikelihood,
            Outcome = EmOutcome.Converged,
            Trace = [],
            EStepCount = 1,
            ConvergenceRate = 0,
            EstimatedDistance = 0,
            FlatDirections = [],
            Runs = [new EmRun(0, logLikelihood, logLikelihood, EmOutcome.Converged, 0, 1, 0)],
            Traces = [[]],
            EndPoints = [new EmEndPoint<GaussianParameters>(sample, logLikelihood, logLikelihood, 1)],
            Saddles = [],
        };
    }
}
