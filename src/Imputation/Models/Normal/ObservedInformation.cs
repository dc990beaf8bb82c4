using System.Diagnostics;
using System.Globalization;
using Imputation.Models.Normal;

namespace Imputation;

/// <summary>Precision of a fit: standard errors from the observed-data information, and fractions of missing information.
/// Immutable.</summary>
/// <remarks>The observed information is the negative second derivative of the observed-data log-likelihood with respect to means and
/// covariances, at the estimate (exact, not by differences; <see cref="NormalInference.Information(NormalFit, CancellationToken)"/>).
/// Its inverse is the large-sample covariance of the estimates, valid where cells are missing at random (Little and Rubin 2019, §9.1;
/// Kenward and Molenberghs 1998); of correlations and standard deviations it is taken by the delta method. Under a prior the
/// curvature is that of the log posterior, prior included, and the standard errors are those of an approximately normal posterior
/// about its mode.
/// <para>A fraction of missing information is 1 − (variance with complete data) / (variance with these), complete data having the
/// same rows: 0 where the missing cells cost nothing, close to 1 where next to everything about a parameter is missing. Rows with
/// nothing observed do not count.</para>
/// <para>A standard error is +∞, and the fraction 1, where the data do not determine the parameter at all; NaN where there is none,
/// because the estimate is not at a maximum along it. <see cref="Findings"/> say which and why.</para></remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ObservedInformation
{
    /// <summary>Most columns for which the information is made: 64 have 2,144 parameters, and their covariance matrix takes 37 MB. Fit
    /// fewer of the columns where there are more.</summary>
    public const int MostColumns = 64;

    internal ObservedInformation(NormalFit fit, InformationParts parts)
    {
        Fit = fit;
        Columns = parts.Columns;
        RowCount = parts.RowCount;
        ParameterNames = parts.Names;
        Covariance = new SymmetricMatrix(parts.Names, parts.Covariance);
        MeanStandardErrors = Array.AsReadOnly(parts.MeanErrors);
        DeviationStandardErrors = Array.AsReadOnly(parts.DeviationErrors);
        CovarianceStandardErrors = new SymmetricMatrix(parts.Columns, parts.CovarianceErrors);
        CorrelationStandardErrors = new SymmetricMatrix(parts.Columns, parts.CorrelationErrors);
        MeanMissingInformation = Array.AsReadOnly(parts.MeanMissing);
        CovarianceMissingInformation = new SymmetricMatrix(parts.Columns, parts.CovarianceMissing);
        CorrelationMissingInformation = new SymmetricMatrix(parts.Columns, parts.CorrelationMissing);
        Worst = parts.Worst;
        Findings = parts.Findings;
        Space = parts.Space;
    }

    /// <summary>Names of the p modelled columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Rows with something observed.</summary>
    public int RowCount { get; }

    /// <summary>The q = p(p + 3)/2 parameters in words, in the order of <see cref="Covariance"/>: p means, then the lower triangle of the
    /// covariance matrix by rows.</summary>
    /// <value>Such as <c>mean of 'age'</c>, <c>variance of 'age'</c>, <c>covariance of 'bmi' and 'age'</c>.</value>
    public IReadOnlyList<string> ParameterNames { get; }

    /// <summary>Large-sample covariance matrix of all estimates.</summary>
    /// <value>q × q, in the order of <see cref="ParameterNames"/>, in the units of the data. Where a parameter is not determined its
    /// variance is +∞ or NaN and its covariances are NaN. An element is computed when it is asked for.</value>
    public SymmetricMatrix Covariance { get; }

    /// <summary>Standard errors of the means.</summary>
    /// <value>p numbers, in the units of the data.</value>
    public IReadOnlyList<double> MeanStandardErrors { get; }

    /// <summary>Standard errors of variances and covariances.</summary>
    /// <value>p × p, symmetric, in the units of the data.</value>
    public SymmetricMatrix CovarianceStandardErrors { get; }

    /// <summary>Standard errors of correlations, by the delta method.</summary>
    /// <value>p × p, symmetric, 0 on the diagonal. Near ±1 a correlation is far from normal: make limits on Fisher's scale, artanh
    /// r, whose standard error is this over 1 − r².</value>
    public SymmetricMatrix CorrelationStandardErrors { get; }

    /// <summary>Standard errors of the standard deviations, by the delta method.</summary>
    /// <value>p numbers, in the units of the data.</value>
    public IReadOnlyList<double> DeviationStandardErrors { get; }

    /// <summary>Fraction of missing information about each mean.</summary>
    /// <value>p numbers between 0 and 1.</value>
    public IReadOnlyList<double> MeanMissingInformation { get; }

    /// <summary>Fraction of missing information about each variance and covariance; that about a standard deviation is its
    /// variance's.</summary>
    /// <value>p × p, symmetric, between 0 and 1.</value>
    public SymmetricMatrix CovarianceMissingInformation { get; }

    /// <summary>Fraction of missing information about each correlation.</summary>
    /// <value>p × p, symmetric, between 0 and 1, 0 on the diagonal.</value>
    public SymmetricMatrix CorrelationMissingInformation { get; }

    /// <summary>The function of the parameters about which the most information is missing.</summary>
    public WorstLinearFunction Worst { get; }

    /// <summary>Findings for the user: parameters that are not determined, estimates not at a maximum, the effect of a prior.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The fit that the standard errors are of.</summary>
    internal NormalFit Fit { get; }

    /// <summary>The information in its coordinates; null where there is none.</summary>
    internal InformationSpace? Space { get; }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowCount} rows, {Columns.Count} columns, largest fraction of missing information {Worst.Fraction:F4}, "
        + $"{Findings.Count} findings");
}
