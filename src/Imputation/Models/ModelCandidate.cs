using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>One of the models that were compared. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ModelCandidate
{
    internal ModelCandidate(string name, ModelOptions options) => (Name, Options) = (name, options);

    /// <summary>The model's name, as on the command line: <c>mixture:2</c>.</summary>
    public string Name { get; }

    /// <summary>The model and how it is fitted.</summary>
    public ModelOptions Options { get; }

    /// <summary>The criterion; smaller is better. NaN where the model could not be fitted.</summary>
    public double Score { get; internal init; } = double.NaN;

    /// <summary>Loss in predicting hidden cells, 1 for a prediction by nothing but the distribution of the column's other cells: of numbers
    /// the continuous ranked probability score (Gneiting and Raftery 2007), of categories the Brier score, each over that of the column,
    /// and the mean over columns. NaN where no cells were hidden.</summary>
    public double Loss { get; internal init; } = double.NaN;

    /// <summary>Standard error of the difference between <see cref="Loss"/> and that of the first candidate; NaN where no cells were
    /// hidden.</summary>
    public double LossError { get; internal init; } = double.NaN;

    /// <summary>Root mean square error of hidden numbers in standard deviations of their columns, each column counting the same; NaN where
    /// none were hidden.</summary>
    public double NumberError { get; internal init; } = double.NaN;

    /// <summary>Mean Brier score of hidden categories, between 0 and 2, each column counting the same; NaN where none were
    /// hidden.</summary>
    public double BrierScore { get; internal init; } = double.NaN;

    /// <summary>Mean log density of a hidden cell given the others of its row, in the units of the data; NaN where none were hidden, and of
    /// models without a density, such as the latent normal on normal scores.</summary>
    public double LogScore { get; internal init; } = double.NaN;

    /// <summary>Squared error of hidden cells over that of the column's own distribution, the mean of the columns.</summary>
    internal double SquaredError { get; init; } = double.NaN;

    /// <summary>Number of free parameters; 0 where the model was not fitted to all cells.</summary>
    public int ParameterCount { get; internal init; }

    /// <summary>Why the model is not to be taken; empty where it may be.</summary>
    public string Failure { get; internal init; } = "";

    /// <summary>Whether the model could be fitted, and converged to a proper end.</summary>
    public bool IsSound => Failure.Length == 0 && double.IsFinite(Score);

    /// <summary>The candidate in one line.</summary>
    public override string ToString() => Failure.Length > 0 ? $"{Name}: {Failure}"
        : string.Create(CultureInfo.InvariantCulture, $"{Name}: score {Score:F4}");
}
