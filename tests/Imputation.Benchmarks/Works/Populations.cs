using Imputation.Numerics.Random;

namespace Imputation.Benchmarks.Works;

/// <summary>Multivariate normal populations to sample from.</summary>
internal static class Populations
{
    /// <summary>Key of the first factor, away from those of columns.</summary>
    private const int Factor = 1_000_000;

    /// <summary>A general factor with loadings from 0.5 to 0.8 and a second one with ±0.25: correlations from 0.2 to 0.7.</summary>
    public static void TwoFactors(ulong seed, int row, Span<double> scores)
    {
        double general = CounterRandom.Normal(seed, row, Factor, 0), second = CounterRandom.Normal(seed, row, Factor + 1, 0);
        for (int j = 0; j < scores.Length; j++)
        {
            double g = 0.5 + 0.3 * CounterRandom.Uniform(seed, -2, j, 0), s = j % 2 == 0 ? 0.25 : -0.25;
            scores[j] = g * general + s * second + Math.Sqrt(1 - g * g - s * s) * CounterRandom.Normal(seed, row, j, 0);
        }
    }

    /// <summary>Factors of four columns each, loadings of 0.9: columns of one factor correlate 0.81, the factors among each other
    /// 0.5.</summary>
    public static void CorrelatedFactors(ulong seed, int row, Span<double> scores)
    {
        double general = CounterRandom.Normal(seed, row, Factor, 0);
        for (int j = 0; j < scores.Length; j++)
        {
            double factor = Math.Sqrt(0.5) * (general + CounterRandom.Normal(seed, row, Factor + 1 + j / 4, 0));
            scores[j] = 0.9 * factor + Math.Sqrt(1 - 0.81) * CounterRandom.Normal(seed, row, j, 0);
        }
    }

    /// <summary>Waves of one measurement, each correlated 0.8 with the one before.</summary>
    public static void Waves(ulong seed, int row, Span<double> scores)
    {
        scores[0] = CounterRandom.Normal(seed, row, 0, 0);
        for (int j = 1; j < scores.Length; j++) scores[j] = 0.8 * scores[j - 1] + 0.6 * CounterRandom.Normal(seed, row, j, 0);
    }
}
