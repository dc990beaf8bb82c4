using Imputation.Models.Gaussian;

namespace Imputation.Models.Mixture;

/// <summary>The M-step, with a prior to the posterior mode.</summary>
internal static class MixtureMStep
{
    /// <summary>Rows of a component below which it has vanished.</summary>
    private const double Vanished = 1e-6;

    /// <summary>Variance of a component, in standard units, below which it has shrunk to a point: far below what is proper, and where the
    /// likelihood is still more than rounding.</summary>
    private const double Point = 1e-9;

    /// <summary>The next parameters; null where a component vanished, shrank to a point, or has a covariance that is not
    /// positive definite.</summary>
    public static MixtureParameters? Maximise(MixtureParameters current, MixtureSums sums, MixtureLayout layout, MixtureShape shape,
        MixturePrior prior)
    {
        int k = current.Count, p = layout.NumberCount;
        double n = sums.Weights.Sum();
        foreach (double rows in sums.Weights)
            if (!(rows > Vanished)) return null;
        double[] weights = Array.ConvertAll(sums.Weights, rows => rows / n);
        double[][] levels = [.. Enumerable.Range(0, k).Select(c => Levels(current, sums, layout, c))];
        if (p == 0) return new MixtureParameters(weights, [], levels);

        // μ ← μ + E[x − μ], and Σ ← (S + Λ) / (n + ξ + p + 1), S about the new mean; tied components have one S together.
        bool tied = shape == MixtureShape.Tied;
        var means = new double[k][];
        double[][] squares = [.. Enumerable.Range(0, tied ? 1 : k).Select(_ => new double[p * p])];
        for (int c = 0; c < k; c++)
        {
            means[c] = new double[p];
            double[] square = squares[tied ? 0 : c];
            ReadOnlySpan<double> first = sums.First.AsSpan(c * p, p), second = sums.Second.AsSpan(c * p * p, p * p);
            for (int i = 0; i < p; i++)
            {
                means[c][i] = current.Normals[c].Mean[i] + first[i] / sums.Weights[c];
                for (int j = 0; j <= i; j++) square[i * p + j] += second[i * p + j] - first[i] * first[j] / sums.Weights[c];
            }
        }
        double[][] covariances = [.. squares.Select((square, c) => Shaped(square, tied ? n : sums.Weights[c], p, shape, prior))];
        var normals = new GaussianParameters[k];
        for (int c = 0; c < k; c++)
        {
            double[] covariance = covariances[tied ? 0 : c];
            for (int i = 0; i < p; i++)
                if (!(covariance[i * p + i] > Point)) return null;
            if (GaussianParameters.Create(means[c], covariance) is not { } normal) return null;
            normals[c] = normal;
        }
        return new MixtureParameters(weights, normals, levels);
    }

    /// <summary>The covariance of that shape from sums of squares and products, lower triangle; both triangles.</summary>
    private static double[] Shaped(double[] square, double rows, int p, MixtureShape shape, MixturePrior prior)
    {
        var covariance = new double[p * p];
        double n = rows + prior.Weight, trace = 0;
        bool products = shape is MixtureShape.Full or MixtureShape.Tied;
        for (int i = 0; i < p; i++)
        {
            trace += covariance[i * p + i] = (square[i * p + i] + prior.CrossProducts[i]) / n;
            for (int j = 0; j < i && products; j++)
                covariance[i * p + j] = covariance[j * p + i] = square[i * p + j] / n;
        }
        if (shape == MixtureShape.Spherical)
            for (int i = 0; i < p; i++) covariance[i * p + i] = trace / p;
        return covariance;
    }

    /// <summary>Expected shares of the levels; a missing cell counts for each level by its probability.</summary>
    private static double[] Levels(MixtureParameters current, MixtureSums sums, MixtureLayout layout, int component)
    {
        var probabilities = new double[layout.SlotCount];
        ReadOnlySpan<double> counts = sums.Levels.AsSpan(component * layout.SlotCount, layout.SlotCount);
        for (int c = 0; c < layout.CategoryCount; c++)
        {
            int start = layout.Starts[c], missing = layout.Starts[c + 1] - 1;
            double rows = 0;
            for (int s = start; s <= missing; s++) rows += counts[s];
            for (int s = start; s < missing; s++)
                probabilities[s] = (counts[s] + counts[missing] * current.Levels[component][s]) / rows;
            probabilities[missing] = 1;
        }
        return probabilities;
    }
}
