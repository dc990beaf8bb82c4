namespace Imputation.Models.Normal;

/// <summary>The parts of an <see cref="ObservedInformation"/>.</summary>
internal sealed class InformationParts
{
    public required IReadOnlyList<string> Columns { get; init; }

    public required int RowCount { get; init; }

    public required string[] Names { get; init; }

    /// <summary>Covariance of two of the estimates, in the units of the data.</summary>
    public required Func<int, int, double> Covariance { get; init; }

    public required double[] MeanErrors { get; init; }

    public required double[] DeviationErrors { get; init; }

    public required double[] MeanMissing { get; init; }

    public required double[,] CovarianceErrors { get; init; }

    public required double[,] CorrelationErrors { get; init; }

    public required double[,] CovarianceMissing { get; init; }

    public required double[,] CorrelationMissing { get; init; }

    public required WorstLinearFunction Worst { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public InformationSpace? Space { get; init; }
}
