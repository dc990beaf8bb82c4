using Imputation.Numerics.Kernels;

namespace Imputation.Patterns;

/// <summary>The rows of one missing-data pattern as their weight, means and co-moments: the sufficient statistics of a Gaussian
/// model, from any source (memory, a stream, a database).</summary>
/// <remarks>Co-moments are about the pattern's own means, so that no digits are lost far from 0; parts are merged by Chan, Golub and
/// LeVeque (1983), eq. 2.1. A rare row is its own mean, with no co-moments.</remarks>
internal sealed class PatternMoments
{
    private const int MostOnStack = 256;

    private double[]? _coMoments; // null as long as all are 0

    /// <summary>The statistics of no rows.</summary>
    /// <param name="observed">Indices of the observed columns, ascending.</param>
    public PatternMoments(int[] observed) : this(observed, 0, new double[observed.Length], []) { }

    /// <summary>Statistics that were counted elsewhere. The arrays are kept.</summary>
    /// <param name="observed">Indices of the observed columns, ascending.</param>
    /// <param name="weight">Number of rows, or the sum of their weights; 0 or more.</param>
    /// <param name="mean">|O| means.</param>
    /// <param name="coMoments">|O| × |O|, both triangles, positive semidefinite; empty where all are 0.</param>
    public PatternMoments(int[] observed, double weight, double[] mean, double[] coMoments)
    {
        (Observed, Weight, Mean) = (observed, weight, mean);
        _coMoments = coMoments.Length == 0 ? null : coMoments;
    }

    /// <summary>Indices of the observed columns, O, ascending.</summary>
    public int[] Observed { get; }

    /// <summary>n: number of rows, or the sum of their weights.</summary>
    public double Weight { get; private set; }

    /// <summary>x̄: |O| means.</summary>
    public double[] Mean { get; }

    /// <summary>Σ w (x − x̄)(x − x̄)ᵀ, |O| × |O|, both triangles; empty where all are 0, as for a single row.</summary>
    public ReadOnlySpan<double> CoMoments => _coMoments;

    /// <summary>One co-moment, by the places of two columns among the observed ones.</summary>
    public double CoMoment(int a, int b) => _coMoments is null ? 0 : _coMoments[a * Observed.Length + b];

    /// <summary>Adds a row.</summary>
    /// <param name="row">Its |O| observed cells.</param>
    /// <param name="weight">Weight of the row; 0 or more.</param>
    public void Add(ReadOnlySpan<double> row, double weight = 1) => Add(weight, row, []);

    /// <summary>Adds the rows of other statistics of the same pattern.</summary>
    public void Merge(PatternMoments other)
    {
        if (!Observed.AsSpan().SequenceEqual(other.Observed))
            throw new ArgumentException("Statistics of different patterns cannot be merged.", nameof(other));
        Add(other.Weight, other.Mean, other.CoMoments);
    }

    /// <summary>Some of the columns.</summary>
    /// <param name="places">Their places among the observed ones.</param>
    /// <param name="names">What they are called in the result: its <see cref="Observed"/>.</param>
    public PatternMoments Marginal(int[] places, int[] names)
    {
        int o = places.Length;
        var part = new double[_coMoments is null ? 0 : o * o];
        for (int a = 0; a < o && part.Length > 0; a++)
            for (int b = 0; b < o; b++) part[a * o + b] = CoMoment(places[a], places[b]);
        return new PatternMoments(names, Weight, Array.ConvertAll(places, a => Mean[a]), part);
    }

    /// <summary>Adds rows by their moments.</summary>
    /// <param name="weight">Number of rows, or the sum of their weights.</param>
    /// <param name="mean">|O| means.</param>
    /// <param name="coMoments">|O| × |O|, both triangles; empty where all are 0.</param>
    public void Add(double weight, ReadOnlySpan<double> mean, ReadOnlySpan<double> coMoments)
    {
        if (weight == 0) return;
        int o = Observed.Length;
        if (!coMoments.IsEmpty) AddScaled.To(_coMoments ??= new double[o * o], 1, coMoments);
        if (Weight == 0)
        {
            mean.CopyTo(Mean);
            Weight = weight;
            return;
        }
        double total = Weight + weight, share = weight / total;
        Span<double> apart = o <= MostOnStack ? stackalloc double[o] : new double[o];
        for (int a = 0; a < o; a++) apart[a] = mean[a] - Mean[a];
        _coMoments ??= new double[o * o];
        for (int a = 0; a < o; a++)
        {
            AddScaled.To(_coMoments.AsSpan(a * o, o), Weight * share * apart[a], apart);
            Mean[a] += share * apart[a];
        }
        Weight = total;
    }
}
