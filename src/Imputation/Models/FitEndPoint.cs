using System.Diagnostics;
using System.Globalization;
using Imputation.Models;

namespace Imputation;

/// <summary>One of the distinct points where starts ended.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public record FitEndPoint
{
    internal FitEndPoint(double objective, double logLikelihood, int startCount)
    {
        Objective = objective;
        LogLikelihood = logLikelihood;
        StartCount = startCount;
    }

    /// <summary>Objective there.</summary>
    public double Objective { get; internal init; }

    /// <summary>Log-likelihood there.</summary>
    public double LogLikelihood { get; internal init; }

    /// <summary>Number of starts that ended there.</summary>
    public int StartCount { get; internal init; }

    /// <summary>The parameters there, for model files.</summary>
    internal virtual IReadOnlyList<ModelParameter> Parameters => [];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"objective {Objective:F4}, log-likelihood {LogLikelihood:F4}, reached from {StartCount} starts");
}
