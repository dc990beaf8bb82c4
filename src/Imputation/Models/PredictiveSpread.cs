using Imputation.Numerics.Distributions;

namespace Imputation.Models;

/// <summary>Spread of the prediction of a missing cell about its conditional mean: Student's t, which allows for the uncertainty of the
/// estimates as well as for the spread of the conditional distribution.</summary>
/// <param name="Deviation">Scale of the t distribution, in the units of the column; 0 where the cell is determined.</param>
/// <param name="DegreesOfFreedom">Its degrees of freedom: infinite is the normal distribution; below 1 nothing can be said.</param>
internal readonly record struct PredictiveSpread(double Deviation, double DegreesOfFreedom)
{
    /// <summary>One degree of freedom, less what an estimate's distance from the maximum may take from it.</summary>
    private const double One = 0.999;

    /// <summary>Half the width of the central interval; NaN where there is none, because the estimates leave fewer than one degree of
    /// freedom or the data do not determine the prediction.</summary>
    /// <param name="confidence">Coverage, strictly between 0 and 1.</param>
    public double HalfWidth(double confidence) => Deviation == 0 ? 0
        : DegreesOfFreedom >= One && double.IsFinite(Deviation) ? Deviation * StudentQuantile.TwoSided(confidence, DegreesOfFreedom)
        : double.NaN;
}
