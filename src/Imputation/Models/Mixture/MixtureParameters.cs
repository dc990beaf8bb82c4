using Imputation.Models.Gaussian;

namespace Imputation.Models.Mixture;

/// <summary>Weights, and for each component a normal distribution of the numbers and probabilities of the levels, on the standardised
/// scale. Immutable.</summary>
/// <param name="weights">k weights that add up to 1; kept.</param>
/// <param name="normals">k distributions of p numbers; empty where there are none; kept.</param>
/// <param name="levels">For each component the probabilities of all levels of all categories, with a 1 for "missing" after those of each
/// category; kept.</param>
internal sealed class MixtureParameters(double[] weights, GaussianParameters[] normals, double[][] levels)
{
    /// <summary>Smallest probability whose logarithm is taken.</summary>
    private const double Least = 1e-300;

    private double[][]? _logLevels;

    /// <summary>Number of components, k.</summary>
    public int Count => weights.Length;

    /// <summary>k weights.</summary>
    public double[] Weights => weights;

    /// <summary>The normal distribution of each component; empty without numbers.</summary>
    public GaussianParameters[] Normals => normals;

    /// <summary>Probabilities of the levels in each component.</summary>
    public double[][] Levels => levels;

    /// <summary>Their logarithms.</summary>
    public double[][] LogLevels => _logLevels ??= Array.ConvertAll(levels, p => Array.ConvertAll(p, LogOf));

    /// <summary>The logarithm of a weight or a probability, finite also for 0.</summary>
    public static double LogOf(double probability) => Math.Log(Math.Max(probability, Least));

    /// <summary>The same components in another order.</summary>
    public MixtureParameters Ordered(int[] order) => new([.. order.Select(c => weights[c])],
        normals.Length == 0 ? [] : [.. order.Select(c => normals[c])], [.. order.Select(c => levels[c])]);
}
