using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>Draws of data augmentation and the convergence diagnostics of its chains. Immutable.</summary>
/// <remarks>Do not average the draws into one imputation: each makes its own completed table, and estimates are pooled over the
/// tables.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DataAugmentationResult
{
    /// <summary>R̂ up to which chains are taken to have settled: 1.05.</summary>
    public const double SettledRHat = 1.05;

    internal DataAugmentationResult() { }

    /// <summary>Names of the p modelled columns, in the order of means and covariances.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The prior under which was drawn: that of the fit, or <see cref="CovariancePrior.Jeffreys"/> where that had none.</summary>
    public required CovariancePrior Prior { get; init; }

    /// <summary>Number of chains.</summary>
    public required int ChainCount { get; init; }

    /// <summary>Iterations of a chain up to its first draw, that one included.</summary>
    public required int BurnIn { get; init; }

    /// <summary>Iterations from a draw of a chain to its next.</summary>
    public required int Thinning { get; init; }

    /// <summary>Iterations that each chain made: up to the last draw, and 200 after the burn-in at least, so that R̂ can be
    /// computed.</summary>
    public required int IterationCount { get; init; }

    /// <summary>The rate of EM that burn-in and thinning were chosen by: the largest fraction of missing information; NaN where it is not
    /// known.</summary>
    public required double ConvergenceRate { get; init; }

    /// <summary>The m draws of the parameters.</summary>
    public required IReadOnlyList<DataAugmentationDraw> Draws { get; init; }

    /// <summary>Every iteration of every chain: of means, of covariances (only variances, or none, where all would take more than 64
    /// MB), and last, where cells are missing and it could be found, of the worst linear function.</summary>
    public required IReadOnlyList<DataAugmentationTrace> Traces { get; init; }

    /// <summary>The trace of the worst linear function, or null.</summary>
    public DataAugmentationTrace? Worst => Traces is [.., { Kind: DataAugmentationTraceKind.WorstLinearFunction } last] ? last : null;

    /// <summary>The largest R̂ of all traces: up to <see cref="SettledRHat"/> where the chains have settled; NaN where there is
    /// none.</summary>
    public double LargestRHat => Traces.Where(t => !double.IsNaN(t.RHat)).Select(t => t.RHat).DefaultIfEmpty(double.NaN).Max();

    /// <summary>Findings for the user: chains that have not settled, a burn-in too short, draws that resemble each other, the
    /// prior.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Draws.Count} draws from {ChainCount} chains, burn-in {BurnIn}, thinning {Thinning}, largest R-hat {LargestRHat:F3}");
}
