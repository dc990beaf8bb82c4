using Imputation.Models.Gaussian;
using Imputation.Text;

namespace Imputation.Models.LatentNormal;

/// <summary>How far the evidence of expectation propagation is from the integral that it approximates, in a sample of rows.</summary>
/// <param name="Checked">Number of rows integrated.</param>
/// <param name="Rows">Number of rows in which it is an approximation: two or more intervals.</param>
/// <param name="Mean">Mean of its logarithm minus that of the integral.</param>
/// <param name="Largest">Largest difference of a row, without its sign.</param>
/// <param name="StandardError">Standard error of <paramref name="Mean"/>: of the sample, and of the integration.</param>
internal sealed record EvidenceError(int Checked, double Rows, double Mean, double Largest, double StandardError)
{
    /// <summary>Points of the lattice, and the most one-dimensional distributions that are evaluated.</summary>
    private const int Points = 1024, MostEvaluations = 400_000;

    private const int FewestRows = 8, MostRows = 100;

    /// <summary>The error over all rows.</summary>
    public double Total => Rows * Mean;

    /// <summary>Compares the two in rows taken evenly from the data; null where no row has two intervals.</summary>
    public static EvidenceError? Of(GaussianParameters parameters, LatentData data)
    {
        int q = data.LatentCount;
        (LatentGroup Group, int Unit)[] units = [.. data.Groups.Where(g => g.Intervals.Length > 1)
            .SelectMany(g => Enumerable.Range(g.First, g.Count).Where(u => data.Weights[u] > 0).Select(u => (g, u)))];
        double rows = units.Sum(u => data.Weights[u.Unit]), cost = units.Sum(u => data.Weights[u.Unit] * u.Group.Intervals.Length) / rows;
        if (units.Length == 0) return null;
        int count = Math.Min(units.Length, (int)Math.Clamp(MostEvaluations / (Points * cost), FewestRows, MostRows));

        var factors = new LatentFactors(q);
        var propagation = new ExpectationPropagation(q);
        double[] deviations = new double[q];
        var differences = new List<double>();
        double integration = 0, before = 0;
        LatentGroup? begun = null;
        foreach ((LatentGroup group, int unit) in units)
        {
            // By weight: where many rows are alike they are taken as often as they count.
            double after = before + data.Weights[unit] / rows;
            int times = (int)Math.Floor(after * count + 0.5) - (int)Math.Floor(before * count + 0.5);
            before = after;
            if (times == 0) continue;
            if (!ReferenceEquals(begun, group) && !factors.Begin(parameters, group.Points, group.Intervals, group.Missing)) return null;
            begun = group;
            factors.Posterior(parameters, propagation, data.Lower(unit), data.Upper(unit), [], 1e-8, deviations);
            (double log, double error) = factors.IntegratedLogMass(Points, (ulong)unit);
            if (double.IsNaN(log)) return null;
            differences.AddRange(Enumerable.Repeat(factors.LogMass - log, times));
            integration += times * error * error;
        }
        double mean = differences.Average(), n = differences.Count,
            spread = n < 2 ? 0 : differences.Sum(d => (d - mean) * (d - mean)) / (n - 1) / n;
        return new EvidenceError(differences.Count, rows, mean, differences.Max(Math.Abs), Math.Sqrt(spread + integration / (n * n)));
    }

    /// <summary>The error in a sentence.</summary>
    public string Sentence => $"In {TextFormat.Count(Checked)} of these rows, against integration, it is "
        + $"{(Math.Abs(Mean) < 2 * StandardError ? "not clearly off" : Mean < 0 ? "too low" : "too high")}: by "
        + $"{TextFormat.Number(Math.Abs(Mean), 2)} a row on average, at most {TextFormat.Number(Largest, 2)}; over all "
        + $"{TextFormat.Count((long)Math.Round(Rows))} by about {TextFormat.Number(Math.Abs(Total), 2)} ± "
        + $"{TextFormat.Number(2 * StandardError * Rows, 2)}.";
}
