using Imputation.Data;
using Imputation.Em;
using Imputation.Models.Normal;

namespace Imputation.Tests.Models;

/// <summary>Models for tests of what is done with a model.</summary>
internal static class Fitted
{
    /// <summary>A model of known parameters, as if it had been fitted.</summary>
    public static NormalFit Model(string[] columns, double[] mean, double[,] covariance) => new()
    {
        Columns = columns,
        Mean = mean,
        Covariance = covariance,
        LogLikelihood = -100,
        Objective = -100,
        RowCount = 100,
        CompleteRowCount = 100,
        ObservedCellCount = 100 * columns.Length,
        MissingCellCount = 0,
        PatternCount = 1,
        Outcome = EmOutcome.Converged,
        Path = NormalPath.Complete,
        Iterations = 1,
        Evaluations = 1,
        Rate = 0,
        Remaining = 0,
        ScoreNorm = 0,
        Prior = NormalPrior.None,
        Trace = [],
        Runs = [],
        EndPoints = [],
        Relations = [],
        Dispositions = [.. columns.Select(name => new ColumnDisposition(name, ColumnKind.Number, ColumnRole.Modelled, 100, 0))],
        Findings = [],
    };
}
