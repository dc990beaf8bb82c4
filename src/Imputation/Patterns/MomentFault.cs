using System.Globalization;
using Imputation.Numerics.Linear;

namespace Imputation.Patterns;

/// <summary>Why the moments of a pattern cannot be those of any rows.</summary>
/// <param name="First">The column with the fault, an index among all; −1 where it is in all co-moments together.</param>
/// <param name="Second">The other column of a co-moment; −1 for a mean.</param>
/// <param name="Why">The value, and what was expected.</param>
internal sealed record MomentFault(int First, int Second, string Why)
{
    /// <summary>Rounding error of a mean, relative to it, several times as large as any engine makes it. A variance that is smaller than
    /// its square cannot be told from 0.</summary>
    private const double MeanRounding = 1e-13;

    /// <summary>Rounding error of a correlation near 0, and, for each standard deviation that the mean is from 0, of one far from
    /// it: covar_pop of PostgreSQL and DuckDB on x + 1E9 with a standard deviation of 3 is within 4E-8.</summary>
    private const double Rounding = 1e-12, RoundingFarFromZero = 2e-15;

    /// <summary>The first fault; null where there is none.</summary>
    public static MomentFault? Of(PatternMoments pattern)
    {
        int o = pattern.Observed.Length;
        double n = pattern.Weight, far = 0;
        double[] mean = pattern.Mean, size = new double[o];
        for (int a = 0; a < o; a++)
        {
            int j = pattern.Observed[a];
            if (!double.IsFinite(mean[a])) return new MomentFault(j, -1, $"{Text(mean[a])} is not a finite number.");
            for (int b = 0; b <= a; b++)
                if (!double.IsFinite(pattern.CoMoment(a, b)))
                    return new MomentFault(j, pattern.Observed[b], $"{Text(pattern.CoMoment(a, b))} is not a finite number.");
            double squares = pattern.CoMoment(a, a), rounding = n * Math.Pow(MeanRounding * mean[a], 2);
            if (squares < -rounding)
                return new MomentFault(j, j, $"{Text(squares)} is less than 0; expected a sum of squares about the mean.");
            if (n == 1 && squares > rounding)
                return new MomentFault(j, j, $"{Text(squares)} for a single row; expected 0.");
            if (squares > rounding) far = Math.Max(far, Math.Abs(mean[a]) / Math.Sqrt(squares / n));
            size[a] = Math.Sqrt(Math.Max(0, squares) + rounding);
        }
        double tolerance = o * (Rounding + RoundingFarFromZero * far);
        var correlations = new double[o * o];
        for (int a = 0; a < o; a++)
        {
            correlations[a * o + a] = 1 + tolerance;
            for (int b = 0; b < a; b++)
            {
                double c = pattern.CoMoment(a, b), most = size[a] * size[b];
                if (Math.Abs(c) > most * (1 + tolerance))
                    return new MomentFault(pattern.Observed[a], pattern.Observed[b], $"{Text(c)} is larger than the sums of squares of "
                        + $"the two columns allow; expected at most {Text(most)} in size.");
                correlations[a * o + b] = most == 0 ? 0 : c / most;
            }
        }
        return o < 3 || Cholesky.Factor(correlations, o, o) ? null : new MomentFault(-1, -1, "the co-moments are not positive semidefinite "
            + "beyond rounding; no rows have such.");
    }

    /// <summary>The place in words.</summary>
    public string Where(IReadOnlyList<string> columns) => First < 0 ? "co-moments"
        : Second < 0 ? $"mean of '{columns[First]}'" : $"co-moment of '{columns[First]}' and '{columns[Second]}'";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
