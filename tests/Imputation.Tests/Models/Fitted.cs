namespace Imputation.Tests.Models;

/// <summary>Models for tests of what is done with a model.</summary>
internal static class Fitted
{
    /// <summary>A model of known parameters, as if it had been fitted.</summary>
    public static NormalFit Model(string[] columns, double[] mean, double[,] covariance) => new(mean, covariance)
    {
        Columns = columns,
        Report = new FitReport
        {
            LogLikelihood = -100,
            Objective = -100,
            RowCount = 100,
            CompleteRowCount = 100,
            ObservedCellCount = 100 * columns.Length,
            MissingCellCount = 0,
            PatternCount = 1,
            Outcome = EmOutcome.Converged,
            Method = FitMethod.Complete,
            IterationCount = 1,
            EStepCount = 1,
            ConvergenceRate = 0,
            EstimatedDistance = 0,
            ScoreNorm = 0,
            Prior = CovariancePrior.None,
            Trace = [],
            Runs = [],
            EndPoints = [],
            Relations = [],
            ColumnUses = [.. columns.Select(name => new ColumnUse(name, ColumnKind.Number, ColumnRole.Modelled, 100, 0))],
            Findings = [],
        },
    };
}
