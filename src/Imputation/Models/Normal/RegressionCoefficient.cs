using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>A coefficient of a <see cref="NormalRegression"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record RegressionCoefficient
{
    internal RegressionCoefficient(string name, double estimate, double standardError, double z, double pValue, double lower,
        double upper, double missingInformation)
    {
        Name = name;
        Estimate = estimate;
        StandardError = standardError;
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

    /// <summary>Its standard error; +∞ where the data do not determine it, NaN where there is none.</summary>
    public double StandardError { get; internal init; }

    /// <summary>Estimate over standard error; NaN without a finite one.</summary>
    public double Z { get; internal init; }

    /// <summary>Two-sided, from the normal distribution.</summary>
    public double PValue { get; internal init; }

    /// <summary>Lower confidence limit.</summary>
    public double Lower { get; internal init; }

    /// <summary>Upper confidence limit.</summary>
    public double Upper { get; internal init; }

    /// <summary>Fraction of missing information, 1 − (variance with complete data) / (variance with these).</summary>
    public double MissingInformation { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {Estimate:G6} (se {StandardError:G4}, 95 % {Lower:G6} to {Upper:G6}, p {PValue:G3})");
}
