namespace Imputation.Statistics;

/// <summary>What chance could do, and is not called a rule.</summary>
internal static class Chance
{
    /// <summary>Natural logarithm of the largest probability under independence, times the number of candidates tried.</summary>
    public const double MostLikely = -14;

    /// <summary>log n!</summary>
    public static double LogFactorial(int n) => MathNet.Numerics.SpecialFunctions.FactorialLn(n);
}
