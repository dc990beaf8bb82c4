using System.Diagnostics;

namespace Imputation;

/// <summary>The answer of the rows in which nothing of the formula is missing: what an analysis without imputation gives.</summary>
/// <remarks>It leaves out what the other rows know, and is off target where rows are incomplete for reasons that have to do with the
/// response (Little and Rubin 2019, §3.2). It is here for comparison.</remarks>
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
