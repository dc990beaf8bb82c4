using Imputation.Numerics.Distributions;

namespace Imputation.Models.LatentNormal;

/// <summary>Probabilities of intervals of a normal variable, and how infinite ends are written.</summary>
internal static class LevelMath
{
    /// <summary>What stands for ∞ in a model file, which holds finite numbers only: no score is as large.</summary>
    private const double Infinite = 1e300;

    /// <summary>Probabilities of adjoining intervals under N(mean, deviation²); they add up to 1.</summary>
    public static void Intervals(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double mean, double deviation, Span<double> target)
    {
        double sum = 0;
        for (int k = 0; k < lower.Length; k++)
        {
            target[k] = Mass((lower[k] - mean) / deviation, (upper[k] - mean) / deviation);
            sum += target[k];
        }
        for (int k = 0; k < lower.Length; k++) target[k] /= sum;
    }

    /// <summary>P(α &lt; Z ≤ β); by the lower tail on the right side, where Φ keeps its digits.</summary>
    private static double Mass(double alpha, double beta) => alpha > 0
        ? TruncatedNormal.Cumulative(-alpha) - TruncatedNormal.Cumulative(-beta)
        : TruncatedNormal.Cumulative(beta) - TruncatedNormal.Cumulative(alpha);

    /// <summary>Ends as model files keep them.</summary>
    public static double[] Written(double[] ends) => Array.ConvertAll(ends, x => Math.Clamp(x, -Infinite, Infinite));

    /// <summary>Ends as they were.</summary>
    public static double[] Read(double[] ends) => Array.ConvertAll(ends, x => x <= -Infinite ? double.NegativeInfinity
        : x >= Infinite ? double.PositiveInfinity : x);
}
