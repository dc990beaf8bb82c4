using System.Diagnostics;

namespace Imputation;

/// <summary>Complete-case analysis: the estimates from the rows in which no column of the formula is missing.</summary>
/// <remarks>It ignores the information in the other rows, and is biased where missingness depends on the response (Little and Rubin
/// 2019, §3.2). It is here for comparison.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record CompleteCases
{
    internal CompleteCases(LinearRegression regression, Moments summary)
    {
        Regression = regression;
        Summary = summary;
    }

    /// <summary>The regression of those rows.</summary>
    public LinearRegression Regression { get; internal init; }

    /// <summary>Their means and correlations.</summary>
    public Moments Summary { get; internal init; }

    /// <summary>Number of those rows.</summary>
    public int RowCount => Regression.RowCount;

    /// <inheritdoc/>
    public override string ToString() => $"{Regression}";
}
