namespace Imputation.Models;

/// <summary>How far the uncertainty of a model's estimates widens its predictions of missing cells.</summary>
internal interface IPredictionErrors
{
    /// <summary>Whether the widening depends on the row's pattern alone, and not on its observed values.</summary>
    bool IsByPattern { get; }

    /// <summary>The widening for rows of a pattern; null where it cannot be computed. An instance is for one thread.</summary>
    /// <param name="observed">Observed columns, counted in the model.</param>
    /// <param name="missing">Missing columns, counted in the model.</param>
    IPatternErrors? For(int[] observed, int[] missing);
}

/// <summary>How far the uncertainty of the estimates widens the predictions of rows of one pattern.</summary>
internal interface IPatternErrors
{
    /// <summary>Degrees of freedom of the prediction of the a-th missing cell.</summary>
    double DegreesOfFreedom(int a);

    /// <summary>Scale of the prediction's t distribution over the conditional standard deviation of the a-th missing cell.</summary>
    /// <param name="a">Index of the missing cell.</param>
    /// <param name="deviations">The row's observed cells, in standard deviations from their means; not read where
    /// <see cref="IPredictionErrors.IsByPattern"/>.</param>
    double Factor(int a, ReadOnlySpan<double> deviations);
}
