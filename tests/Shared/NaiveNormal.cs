using static Imputation.Tests.Shared.NaiveMatrix;

namespace Imputation.Tests.Shared;

/// <summary>Mean and covariance.</summary>
public sealed record NaiveParameters(double[] Mean, double[,] Covariance);

/// <summary>A prior with log density −½(ξ + p + 1) log|Σ| − ½ tr(Σ⁻¹Λ), or none.</summary>
public sealed record NaivePrior(double DegreesOfFreedom, double[,] CrossProducts);

/// <summary>The multivariate normal model on incomplete data, a row at a time, as the textbooks write it:
/// Little and Rubin (2019) §11.2, Schafer (1997) §5.2.4 and §5.3. Slow, and simple enough to be believed.</summary>
public static class NaiveNormal
{
    /// <summary>Observed-data log-likelihood, all constants: Σ log N(x_O; μ_O, Σ_OO).</summary>
    public static double LogLikelihood(double[,] data, NaiveParameters at, double[]? weights = null)
    {
        double sum = 0;
        for (int row = 0; row < data.GetLength(0); row++)
        {
            Split(data, row, out int[] observed, out _);
            if (observed.Length == 0) continue;
            double[,] cov = Part(at.Covariance, observed, observed);
            double[,] d = Column([.. observed.Select(j => data[row, j] - at.Mean[j])]);
            double[,] solved = Solve(cov, d);
            double distance = 0;
            for (int k = 0; k < observed.Length; k++) distance += d[k, 0] * solved[k, 0];
            sum -= 0.5 * (weights?[row] ?? 1) * (observed.Length * Math.Log(2 * Math.PI) + LogDeterminant(cov) + distance);
        }
        return sum;
    }

    /// <summary>Log prior density, up to a constant.</summary>
    public static double LogPrior(NaiveParameters at, NaivePrior? prior)
    {
        if (prior is null) return 0;
        int p = at.Mean.Length;
        return -0.5 * (prior.DegreesOfFreedom + p + 1) * LogDeterminant(at.Covariance)
            - 0.5 * Trace(Solve(at.Covariance, prior.CrossProducts));
    }

    /// <summary>E[x_M | x_O] and Cov[x_M | x_O] of one row, in the order of its missing columns.</summary>
    public static (double[] Mean, double[,] Covariance) Conditional(double[,] data, int row, NaiveParameters at)
    {
        Split(data, row, out int[] observed, out int[] missing);
        double[] mean = [.. missing.Select(j => at.Mean[j])];
        double[,] cov = Part(at.Covariance, missing, missing);
        if (observed.Length == 0 || missing.Length == 0) return (mean, cov);

        double[,] regression = Solve(Part(at.Covariance, observed, observed), Part(at.Covariance, observed, missing)); // Σ_OO⁻¹ Σ_OM
        double[,] explained = Multiply(Part(at.Covariance, missing, observed), regression);
        for (int a = 0; a < missing.Length; a++)
        {
            for (int k = 0; k < observed.Length; k++) mean[a] += regression[k, a] * (data[row, observed[k]] - at.Mean[observed[k]]);
            for (int b = 0; b < missing.Length; b++) cov[a, b] -= explained[a, b];
        }
        return (mean, cov);
    }

    /// <summary>One EM step; each row counts as often as its weight says, or once.</summary>
    public static NaiveParameters EmStep(double[,] data, NaiveParameters at, NaivePrior? prior = null, double[]? weights = null)
    {
        int n = data.GetLength(0), p = data.GetLength(1);
        double Weight(int row) => weights?[row] ?? 1;
        double total = weights?.Sum() ?? n;
        var deviation = new double[n, p]; // of the completed rows from the current mean
        var s = new double[p, p];
        for (int row = 0; row < n; row++)
        {
            Split(data, row, out int[] observed, out int[] missing);
            (double[] mean, double[,] cov) = Conditional(data, row, at);
            foreach (int j in observed) deviation[row, j] = data[row, j] - at.Mean[j];
            for (int a = 0; a < missing.Length; a++)
            {
                deviation[row, missing[a]] = mean[a] - at.Mean[missing[a]];
                for (int b = 0; b < missing.Length; b++) s[missing[a], missing[b]] += Weight(row) * cov[a, b];
            }
        }
        var shift = new double[p];
        for (int j = 0; j < p; j++)
        {
            for (int row = 0; row < n; row++) shift[j] += Weight(row) * deviation[row, j];
            shift[j] /= total;
        }
        double divisor = prior is null ? total : total + prior.DegreesOfFreedom + p + 1;
        for (int j = 0; j < p; j++)
        {
            for (int k = 0; k < p; k++)
            {
                for (int row = 0; row < n; row++) s[j, k] += Weight(row) * (deviation[row, j] - shift[j]) * (deviation[row, k] - shift[k]);
                s[j, k] = (s[j, k] + (prior?.CrossProducts[j, k] ?? 0)) / divisor;
            }
        }
        return new NaiveParameters([.. at.Mean.Zip(shift, (m, d) => m + d)], s);
    }

    /// <summary>Available-case means and variances (divisor: the number observed), no correlation: the usual start.</summary>
    public static NaiveParameters Start(double[,] data)
    {
        int p = data.GetLength(1);
        var mean = new double[p];
        var cov = new double[p, p];
        for (int j = 0; j < p; j++)
        {
            double[] x = Observed(data, j);
            mean[j] = x[0] + x.Average(v => v - x[0]);
            cov[j, j] = x.Average(v => (v - mean[j]) * (v - mean[j]));
        }
        return new NaiveParameters(mean, cov);
    }

    /// <summary>Plain EM until a step is shorter than <paramref name="tolerance"/> standard deviations.</summary>
    public static NaiveParameters Fit(double[,] data, NaivePrior? prior = null, NaiveParameters? start = null, double tolerance = 1e-13,
        int maxIterations = 100_000)
    {
        NaiveParameters at = start ?? Start(data);
        for (int k = 0; k < maxIterations; k++)
        {
            NaiveParameters next = EmStep(data, at, prior);
            double distance = Distance(at, next);
            at = next;
            if (distance < tolerance) break;
        }
        return at;
    }

    /// <summary>Largest difference of two points: means in standard deviations, covariances relative to sdⱼ sdₖ, of the second
    /// point.</summary>
    public static double Distance(NaiveParameters a, NaiveParameters b)
    {
        double largest = 0;
        for (int j = 0; j < b.Mean.Length; j++)
        {
            double sd = Math.Sqrt(b.Covariance[j, j]);
            largest = Worse(largest, (a.Mean[j] - b.Mean[j]) / sd);
            for (int k = 0; k <= j; k++)
                largest = Worse(largest, (a.Covariance[j, k] - b.Covariance[j, k]) / (sd * Math.Sqrt(b.Covariance[k, k])));
        }
        return largest;

        // NaN counts as infinitely far, so that it can hide in no comparison.
        static double Worse(double largest, double difference) => double.IsNaN(difference) ? double.PositiveInfinity
            : Math.Max(largest, Math.Abs(difference));
    }

    /// <summary>A ridge prior of ξ degrees of freedom: Λ = ξ diag(s²), s² the observed variances with divisor (number observed −
    /// 1).</summary>
    public static NaivePrior Ridge(double[,] data, double degreesOfFreedom)
    {
        int p = data.GetLength(1);
        var lambda = new double[p, p];
        for (int j = 0; j < p; j++)
        {
            double[] x = Observed(data, j);
            double mean = x[0] + x.Average(v => v - x[0]);
            lambda[j, j] = degreesOfFreedom * x.Sum(v => (v - mean) * (v - mean)) / (x.Length - 1);
        }
        return new NaivePrior(degreesOfFreedom, lambda);
    }

    /// <summary>The noninformative prior |Σ|^(−(p+1)/2): ξ = 0, Λ = 0.</summary>
    public static NaivePrior Jeffreys(double[,] data) => new(0, new double[data.GetLength(1), data.GetLength(1)]);

    /// <summary>√(sᵀ I⁻¹ s), s the score by central differences, I the information of n complete rows; a prior adds to both.</summary>
    /// <remarks>With Σ = L Lᵀ, moves are taken as μ + L e and L (I + E) Lᵀ, e and E small: there the information is n for each element of e
    /// and (w/2) tr(E E) for E, w = n or n + ξ + p + 1, whatever Σ is, so with dℓ = g·e + tr(G E) the norm is √(g·g/n + (2/w) tr(G
    /// G)).</remarks>
    public static double ScoreNorm(double[,] data, NaiveParameters at, NaivePrior? prior = null)
    {
        int n = data.GetLength(0), p = at.Mean.Length;
        double w = prior is null ? n : n + prior.DegreesOfFreedom + p + 1;
        double[,] l = Cholesky(at.Covariance);
        double Objective(NaiveParameters point) => LogLikelihood(data, point) + LogPrior(point, prior);
        double MeanMoved(int j, double by) =>
            Objective(at with { Mean = [.. at.Mean.Select((m, i) => m + by * l[i, j])] });
        double CovarianceMoved(int j, int k, double by)
        {
            double[,] e = Identity(p);
            e[j, k] += by;
            if (j != k) e[k, j] += by;
            return Objective(at with { Covariance = Multiply(Multiply(l, e), Transpose(l)) });
        }

        const double h = 1e-5;
        double sum = 0;
        for (int j = 0; j < p; j++)
        {
            double g = (MeanMoved(j, h) - MeanMoved(j, -h)) / (2 * h);
            sum += g * g / n;
            for (int k = 0; k <= j; k++)
            {
                double slope = (CovarianceMoved(j, k, h) - CovarianceMoved(j, k, -h)) / (2 * h);
                // Off the diagonal the slope is 2 Gⱼₖ, and Gⱼₖ² occurs twice in the trace.
                sum += 2.0 / w * (j == k ? slope * slope : slope * slope / 2);
            }
        }
        return Math.Sqrt(sum);
    }

    private static double[] Observed(double[,] data, int column) =>
        [.. Enumerable.Range(0, data.GetLength(0)).Select(row => data[row, column]).Where(v => !double.IsNaN(v))];

    private static void Split(double[,] data, int row, out int[] observed, out int[] missing)
    {
        int[] columns = [.. Enumerable.Range(0, data.GetLength(1))];
        observed = [.. columns.Where(j => !double.IsNaN(data[row, j]))];
        missing = [.. columns.Where(j => double.IsNaN(data[row, j]))];
    }
}
