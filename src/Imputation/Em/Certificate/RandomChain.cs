using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Em.Certificate;

/// <summary>Lanczos vectors from a random one orthogonal to a space: they find an eigenvalue missed in that space, or exclude it.</summary>
/// <remarks>The k-th vector's component along an eigenvector of eigenvalue λ is that of the first times p(λ), a polynomial known from
/// the vectors' lengths and products. No component exceeds 1, and that of the first vector is seldom smaller than a fifth of its
/// average; so there is no eigenvalue where p is large (van Dorsselaer, Hochstenbach and van der Vorst 2001).</remarks>
internal sealed class RandomChain(int count)
{
    /// <summary>Share of the average component below which the first vector's is left to chance.</summary>
    private const double Unlucky = 0.2;

    private readonly List<(double Product, double Length)> _links = [];
    private double[]? _next = RandomUnit(count);
    private (double[] Vector, double[] Image)? _last;

    /// <summary>Number of vectors measured.</summary>
    public int Count => _links.Count;

    /// <summary>By how much the matrix, which should be symmetric, was not along two successive vectors.</summary>
    public double Asymmetry { get; private set; }

    /// <summary>The vector to measure next, or null where nothing is left.</summary>
    public double[]? Next(RitzSpace space) => _next is null ? null : space.Outside(_next)?.Unit;

    /// <summary>Takes in the image of a vector which has become part of the space.</summary>
    public void Add(RitzSpace space, double[] vector, double[] image)
    {
        if (_last is var (before, itsImage))
            Asymmetry = Math.Max(Asymmetry, Math.Abs(Dot.Product(before, image) - Dot.Product(vector, itsImage)));
        _last = (vector, image);
        double length;
        (_next, length) = space.Outside(image) is var (unit, l) ? (unit, l) : (null, 0);
        _links.Add((Dot.Product(vector, image), length));
    }

    /// <summary>Whether an eigenvalue outside of the space, this large or larger, would have shown itself.</summary>
    public bool Excludes(double value)
    {
        double p = 1, before = 0, lengthBefore = 0;
        foreach ((double product, double length) in _links)
        {
            (p, before) = (((value - product) * p - lengthBefore * before) / length, p);
            lengthBefore = length;
        }
        return _next is null || p > Math.Sqrt(count) / Unlucky;
    }

    /// <summary>The same random vector of unit length every time.</summary>
    public static double[] RandomUnit(int count)
    {
        var random = new Random(20190601);
        var v = new double[count];
        for (int i = 0; i < count; i++) v[i] = random.NextDouble() - 0.5;
        double length = Math.Sqrt(Dot.Product(v, v));
        for (int i = 0; i < count; i++) v[i] /= length;
        return v;
    }
}
