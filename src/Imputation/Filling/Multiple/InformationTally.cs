using Imputation.Numerics;

namespace Imputation;

/// <summary>Collects from the imputations, as they are made, the statistics for the advice on their number.</summary>
/// <remarks>For the mean of each column: with W its mean squared standard error, s²/n, and B the variance of the means between imputations,
/// r = (1 + 1/m)B/W, ν = (m − 1)(1 + 1/r)² and the fraction of missing information γ = (r + 2/(ν + 3))/(r + 1) (Rubin 1987, eq.
/// 3.1.10).</remarks>
public sealed class InformationTally
{
    private readonly string[] _columns;
    private readonly (double Mean, double Squared)[]?[] _estimates; // by imputation, of each column: mean and squared standard error

    /// <summary>A tally of the imputations of a set.</summary>
    public InformationTally(ImputationSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        _columns = [.. set.Fit.Columns.Where(name => set.Table[name] is NumericColumn { MissingCount: > 0 })];
        _estimates = new (double, double)[]?[set.Count];
    }

    /// <summary>Takes in an imputation. Different ones may be added from several threads at once.</summary>
    /// <param name="index">Its index (from 0).</param>
    /// <param name="completion">The imputation; not kept.</param>
    public void Add(int index, ImputationResult completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        _estimates[index] =
        [
            .. _columns.Select(name => SampleMoments.Of(((NumericColumn)completion.Table[name]).Values)).Select(m => (m.Mean,
                m.Variance / m.Count)),
        ];
    }

    /// <summary>The advice from the imputations added so far; null if it cannot be estimated: nothing missing, or fewer than two of
    /// them.</summary>
    /// <param name="variation">Coefficient of variation that a standard error may have, greater than 0.</param>
    public ImputationCountAdvice? Advise(double variation = ImputationCountAdvice.DefaultVariation)
    {
        (double Mean, double Squared)[][] made = [.. _estimates.OfType<(double, double)[]>()];
        return made.Length < 2 ? null : ImputationCountAdvice.From("mean",
            _columns.Select((name, j) => (name, Fraction([.. made.Select(e => e[j])]))), made.Length, variation);
    }

    private static double Fraction((double Mean, double Squared)[] estimates)
    {
        int m = estimates.Length;
        double within = estimates.Average(e => e.Squared), between = SampleMoments.Of([.. estimates.Select(e => e.Mean)]).Variance;
        if (!(within > 0)) return double.NaN;
        double r = (1 + 1.0 / m) * between / within;
        if (r == 0) return 0;
        double freedom = (m - 1) * Math.Pow(1 + 1 / r, 2);
        return Math.Min(1, (r + 2 / (freedom + 3)) / (r + 1));
    }
}
