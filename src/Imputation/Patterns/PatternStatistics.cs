using Imputation.Numerics.Kernels;

namespace Imputation.Patterns;

/// <summary>The rows of one missing-data pattern as their weight, means and co-moments: the sufficient statistics of a Gaussian
/// model, from any source (memory, a stream, a database).</summary>
/// <remarks>Co-moments are about the pattern's own means, so that no digits are lost far from 0; parts are merged by Chan, Golub and
/// LeVeque (1983), eq. 2.1.</remarks>
internal sealed class PatternStatistics
{
    private readonly double[] _apart;

    /// <summary>The statistics of no rows.</summary>
    /// <param name="observed">Indices of the observed columns, ascending.</param>
    public PatternStatistics(int[] observed)
        : this(observed, 0, new double[observed.Length], new double[observed.Length * observed.Length]) { }

    /// <summary>Statistics that were counted elsewhere. The arrays are kept.</summary>
    /// <param name="observed">Indices of the observed columns, ascending.</param>
    /// <param name="weight">Number of rows, or the sum of their weights; 0 or more.</param>
    /// <param name="mean">|O| means.</param>
    /// <param name="coMoments">|O| × |O|, both triangles, positive semidefinite.</param>
    public PatternStatistics(int[] observed, double weight, double[] mean, double[] coMoments)
    {
        (Observed, Weight, Mean, CoMoments) = (observed, weight, mean, coMoments);
        _apart = new double[observed.Length];
    }

    /// <summary>Indices of the observed columns, O, ascending.</summary>
    public int[] Observed { get; }

    /// <summary>n: number of rows, or the sum of their weights.</summary>
    public double Weight { get; private set; }

    /// <summary>x̄: |O| means.</summary>
    public double[] Mean { get; }

    /// <summary>Σ w (x − x̄)(x − x̄)ᵀ, |O| × |O|, both triangles.</summary>
    public double[] CoMoments { get; }

    /// <summary>Adds a row.</summary>
    /// <param name="row">Its |O| observed cells.</param>
    /// <param name="weight">Weight of the row; 0 or more.</param>
    public void Add(ReadOnlySpan<double> row, double weight = 1) => Add(weight, row, []);

    /// <summary>Adds the rows of other statistics of the same pattern.</summary>
    public void Merge(PatternStatistics other)
    {
        if (!Observed.AsSpan().SequenceEqual(other.Observed))
            throw new ArgumentException("Statistics of different patterns cannot be merged.", nameof(other));
        Add(other.Weight, other.Mean, other.CoMoments);
    }

    /// <summary>One of the columns by itself.</summary>
    /// <param name="column">Its place among the observed columns.</param>
    public PatternStatistics Marginal(int column) => new([0], Weight, [Mean[column]], [CoMoments[column * Observed.Length + column]]);

    private void Add(double weight, ReadOnlySpan<double> mean, ReadOnlySpan<double> coMoments)
    {
        if (weight == 0) return;
        int o = Observed.Length;
        double total = Weight + weight, share = weight / total;
        for (int a = 0; a < o; a++) _apart[a] = mean[a] - Mean[a];
        if (!coMoments.IsEmpty) AddScaled.To(CoMoments, 1, coMoments);
        for (int a = 0; a < o; a++)
        {
            AddScaled.To(CoMoments.AsSpan(a * o, o), Weight * share * _apart[a], _apart);
            Mean[a] += share * _apart[a];
        }
        Weight = total;
    }
}
