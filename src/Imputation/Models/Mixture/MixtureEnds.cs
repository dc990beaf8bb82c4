using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Text;

namespace Imputation.Models.Mixture;

/// <summary>What the ends of a mixture's runs are like: how far apart, proper or not, and whether components coincide.</summary>
/// <remarks>With free covariances the likelihood is unbounded: a component on few rows, or on tied values, has as much of it as it likes.
/// An end is proper where every component's covariance, in units of the columns' observed variances, has no eigenvalue below 1e-3, and
/// every component has the weight of at least p + 1 rows. Where a prior bounds the objective few rows are no harm, and it is often
/// highest where a component that the data do not need has hardly any.</remarks>
/// <param name="data">The data.</param>
/// <param name="isBounded">Whether a prior bounds the objective.</param>
internal sealed class MixtureEnds(MixtureData data, bool isBounded)
{
    /// <summary>Least eigenvalue of a proper component.</summary>
    public const double LeastEigenvalue = 1e-3;

    /// <summary>Two components this close are one.</summary>
    private const double Coincident = 1e-3;

    /// <summary>Why an end is improper; null where it is proper.</summary>
    public string? WhyImproper(MixtureParameters point)
    {
        int p = data.Layout.NumberCount;
        if (!isBounded && FewRows(point) is { } few) return few;
        var scaled = new double[p * p];
        for (int c = 0; c < point.Count; c++)
        {
            double rows = point.Weights[c] * data.Weight;
            if (p == 0) continue;
            for (int i = 0; i < p; i++)
                for (int j = 0; j <= i; j++)
                    scaled[i * p + j] = point.Normals[c].Covariance[i * p + j] * Unit(i) * Unit(j) - (i == j ? LeastEigenvalue : 0);
            // All eigenvalues exceed the least one where the matrix less it is positive definite.
            if (!Cholesky.Factor(scaled, p, p))
                return $"a component of {TextFormat.Compact(rows, 3)} rows is flat: its covariance has an eigenvalue below "
                    + $"{TextFormat.Compact(LeastEigenvalue, 3)} of the columns' variances";
        }
        return null;
    }

    /// <summary>That a component has fewer than p + 1 rows; null where none has.</summary>
    public string? FewRows(MixtureParameters point)
    {
        double rows = point.Weights.Min() * data.Weight;
        int least = data.Layout.NumberCount + 1;
        return rows >= least ? null
            : $"a component has the weight of {TextFormat.Compact(rows, 3)} rows, fewer than {TextFormat.Count(least)}";
    }

    private double Unit(int j) => data.Scale[j] / data.Deviations[j];

    /// <summary>Distance of two mixtures whose components correspond: the largest change of a mean, in standard deviations of the component
    /// given the columns before it and by themselves, of a covariance, relatively, and of the roots of weights and probabilities.</summary>
    public static double DistanceInOrder(MixtureParameters from, MixtureParameters to)
    {
        double largest = 0;
        for (int c = 0; c < from.Count; c++) largest = Math.Max(largest, Distance(from, c, to, c));
        return largest;
    }

    /// <summary>The same up to the order of the components: each goes to the nearest one that is left.</summary>
    public static double Distance(MixtureParameters a, MixtureParameters b)
    {
        var left = Enumerable.Range(0, b.Count).ToList();
        double largest = 0;
        for (int c = 0; c < a.Count; c++)
        {
            (double distance, int nearest) = left.Select(d => (Distance(a, c, b, d), d)).Min();
            left.Remove(nearest);
            largest = Math.Max(largest, distance);
        }
        return largest;
    }

    private static double Distance(MixtureParameters from, int c, MixtureParameters to, int d)
    {
        double largest = 2 * Math.Abs(Math.Sqrt(from.Weights[c]) - Math.Sqrt(to.Weights[d]));
        return Math.Max(largest, ComponentDistance(from, c, to, d));
    }

    private static double ComponentDistance(MixtureParameters from, int c, MixtureParameters to, int d)
    {
        double largest = 0;
        double[] own = from.Levels[c], other = to.Levels[d];
        for (int s = 0; s < own.Length; s++) largest = Math.Max(largest, 2 * Math.Abs(Math.Sqrt(own[s]) - Math.Sqrt(other[s])));
        if (from.Normals.Length == 0) return largest;
        GaussianParameters a = from.Normals[c], b = to.Normals[d];
        for (int i = 0; i < a.Count; i++)
            largest = Math.Max(largest, Math.Abs(b.Mean[i] - a.Mean[i]) / Math.Sqrt(a.Covariance[i * a.Count + i]));
        return Math.Max(largest, GaussianCoordinates.Distance(a, b));
    }

    /// <summary>Where two components coincide, the mixture with them moved apart; else null.</summary>
    /// <remarks>There the likelihood is flat in the direction that separates them, and EM never leaves by itself: to the end of the run
    /// such a mixture has a component fewer.</remarks>
    public MixtureParameters? Apart(MixtureParameters end)
    {
        for (int c = 0; c < end.Count; c++)
            for (int d = c + 1; d < end.Count; d++)
                if (ComponentDistance(end, c, end, d) < Coincident) return Apart(end, c, d);
        return null;
    }

    private MixtureParameters Apart(MixtureParameters end, int c, int d)
    {
        var normals = (GaussianParameters[])end.Normals.Clone();
        double[][] levels = [.. end.Levels.Select(own => (double[])own.Clone())];
        double[] weights = (double[])end.Weights.Clone();
        weights[c] = weights[d] = (end.Weights[c] + end.Weights[d]) / 2;
        for (int category = 0; category < data.Layout.CategoryCount; category++)
        {
            Sway(levels[c].AsSpan(data.Layout.Starts[category], data.Layout.LevelCount(category)), 1.3);
            Sway(levels[d].AsSpan(data.Layout.Starts[category], data.Layout.LevelCount(category)), 1 / 1.3);
        }
        if (normals.Length == 0) return new MixtureParameters(weights, normals, levels);
        int p = normals[c].Count;
        double[] direction = [.. Enumerable.Range(0, p).Select(i => 1 + 0.37 * (i % 5))];
        for (int step = 0; step < 30; step++)
        {
            var image = new double[p];
            for (int i = 0; i < p; i++) image[i] = Dot.Product(normals[c].Covariance.AsSpan(i * p, p), direction);
            double length = Math.Sqrt(Dot.Product(image, image));
            for (int i = 0; i < p; i++) direction[i] = image[i] / length;
        }
        var along = new double[p];
        for (int i = 0; i < p; i++) along[i] = Dot.Product(normals[c].Covariance.AsSpan(i * p, p), direction);
        double deviation = Math.Sqrt(Dot.Product(along, direction));
        (normals[c], normals[d]) = (Moved(normals[c], 0.7), Moved(normals[d], -0.7));
        return new MixtureParameters(weights, normals, levels);

        // Alternately up and down, then again adding up to 1.
        static void Sway(Span<double> probabilities, double by)
        {
            double sum = 0;
            for (int l = 0; l < probabilities.Length; l++) sum += probabilities[l] *= l % 2 == 0 ? by : 1 / by;
            foreach (ref double probability in probabilities) probability /= sum;
        }

        GaussianParameters Moved(GaussianParameters normal, double by) => GaussianParameters.FromFactor(
            [.. normal.Mean.Select((m, i) => m + by * deviation * direction[i])], normal.Factor)!;
    }
}
