using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>A coefficient of a <see cref="NormalRegression"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record RegressionCoefficient
{
    internal RegressionCoefficient(string name, double estimate, double standardError, double smallSampleStandardError,
        double degreesOfFreedom, double z, double pValue, double lower, double upper, double missingInformation)
    {
        Name = name;
        Estimate = estimate;
        StandardError = standardError;
        SmallSampleStandardError = smallSampleStandardError;
        DegreesOfFreedom = degreesOfFreedom;
        Z = z;
        PValue = pValue;
        Lower = lower;
        Upper = upper;
        MissingInformation = missingInformation;
    }

    /// <summary>The predictor's name, or <c>(Intercept)</c>.</summary>
    public string Name { get; internal init; }

    /// <summary>By how much the response changes where the predictor is higher by 1 and the others are the same; of the intercept, its
    /// value where all are 0.</summary>
    public double Estimate { get; internal init; }

    /// <summary>Its large-sample standard error; +∞ where the data do not determine it, NaN where there is none.</summary>
    public double StandardError { get; internal init; }

    /// <summary>The standard error that limits and <see cref="PValue"/> are made with: corrected for the parameters estimated, as least
    /// squares is; see the remarks of <see cref="NormalRegression"/>. NaN below one degree of freedom.</summary>
    public double SmallSampleStandardError { get; internal init; }

    /// <summary>Degrees of freedom of limits and <see cref="PValue"/>: those of least squares with complete data, fewer the more
    /// information is missing. Rarely whole; NaN without a finite standard error. Below 1 there are no limits.</summary>
    public double DegreesOfFreedom { get; internal init; }

    /// <summary>Estimate over large-sample standard error; NaN without a finite one.</summary>
    public double Z { get; internal init; }

    /// <summary>Two-sided, from Student's t of the estimate over <see cref="SmallSampleStandardError"/>; NaN where there are no
    /// limits.</summary>
    public double PValue { get; internal init; }

    /// <summary>Lower confidence limit; NaN below one degree of freedom.</summary>
    public double Lower { get; internal init; }

    /// <summary>Upper confidence limit; NaN below one degree of freedom.</summary>
    public double Upper { get; internal init; }

    /// <summary>Fraction of missing information, 1 − (variance with complete data) / (variance with these).</summary>
    public double MissingInformation { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {Estimate:G6} (se {SmallSampleStandardError:G4}, df {DegreesOfFreedom:G4}, {Limits})");

    private string Limits => double.IsNaN(Lower) ? "no limits"
        : string.Create(CultureInfo.InvariantCulture, $"{Lower:G6} to {Upper:G6}, p {PValue:G3}");
}
