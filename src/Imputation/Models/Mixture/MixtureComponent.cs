using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>A component of a mixture, or a latent class. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class MixtureComponent
{
    internal MixtureComponent(double weight, double[] mean, SymmetricMatrix covariance,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> probabilities)
    {
        Weight = weight;
        Mean = Array.AsReadOnly(mean);
        Covariance = covariance;
        Probabilities = probabilities;
    }

    /// <summary>Its share of the rows.</summary>
    public double Weight { get; }

    /// <summary>Means of the numeric columns, in the units of the data and in the order of <see
    /// cref="NormalMixtureFit.Numbers"/>.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Their covariance, in the units of the data; by place or by column names.</summary>
    public SymmetricMatrix Covariance { get; }

    /// <summary>Of each category, by its name, the probability of each level.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Probabilities { get; }

    /// <summary>The component in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"weight {Weight:G4}, mean ({string.Join(", ", Mean.Select(m => m.ToString("G4", CultureInfo.InvariantCulture)))})");
}
