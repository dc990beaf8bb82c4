using System.Diagnostics;
using System.Globalization;
using Imputation.Numerics.Distributions;

namespace Imputation;

/// <summary>A test of several parameters at once, pooled over imputations. Immutable; made by <see cref="Pool"/> and
/// <see cref="PooledVector"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PooledTest
{
    internal PooledTest(double statistic, int numerator, double denominator, double relativeIncrease)
    {
        Statistic = statistic;
        NumeratorDegreesOfFreedom = numerator;
        DenominatorDegreesOfFreedom = denominator;
        RelativeIncrease = relativeIncrease;
        PValue = FTail.Probability(statistic, numerator, denominator);
    }

    /// <summary>The statistic, F if the hypothesis is true; about 1 then, larger otherwise.</summary>
    public double Statistic { get; }

    /// <summary>Number of tested parameters, k.</summary>
    public int NumeratorDegreesOfFreedom { get; }

    /// <summary>Degrees of freedom of the denominator, rarely whole; infinite where the imputations agree.</summary>
    public double DenominatorDegreesOfFreedom { get; }

    /// <summary>r, the average over the tested parameters of how much the missing cells increase the variance.</summary>
    public double RelativeIncrease { get; }

    /// <summary>The p-value: the probability of a statistic at least as large under the hypothesis.</summary>
    public double PValue { get; }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"F = {Statistic:G5} on {NumeratorDegreesOfFreedom} and {DenominatorDegreesOfFreedom:G5} degrees of freedom, p {PValue:G3}");
}
