using Imputation.Numerics.Kernels;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Imputation.Numerics.Linear;

/// <summary>Orthonormal directions v and their images Av under a symmetric matrix A, rotated so that the directions are approximate
/// eigenvectors (the Rayleigh–Ritz method), largest eigenvalue first.</summary>
/// <remarks>If each new direction is the part of the last image outside the span, this is Lanczos' method with full
/// orthogonalisation.</remarks>
internal sealed class RitzSpace
{
    /// <summary>Elements of every vector that are worked on together: few enough for those of all vectors to stay in the cache.</summary>
    private const int Piece = 1024;

    private readonly List<double[]> _directions = [], _images = [];
    private List<double> _measured = [];

    /// <summary>Number of directions.</summary>
    public int Count => _directions.Count;

    /// <summary>The directions; after <see cref="Solve"/>, the Ritz vectors.</summary>
    public IReadOnlyList<double[]> Directions => _directions;

    /// <summary>Their images, A times each direction.</summary>
    public IReadOnlyList<double[]> Images => _images;

    /// <summary>The Ritz values, as of the last <see cref="Solve"/>.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>The share of a direction's image that was computed from the matrix rather than inferred, from 0 to 1.</summary>
    public double Measured(int k) => _measured[k];

    /// <summary>The component of a vector orthogonal to the span, scaled to unit length, and its length before; null where it is only
    /// rounding.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="least">Share of the vector's length up to which the component counts as rounding.</param>
    /// <param name="besides">Another space to which the component is to be orthogonal.</param>
    public (double[] Unit, double Length)? Outside(double[] vector, double least = 1e-7, RitzSpace? besides = null)
    {
        var rest = (double[])vector.Clone();
        for (int pass = 0; pass < 2; pass++) // twice is enough to keep the basis orthogonal (Kahan; Parlett 1998)
        {
            foreach (double[] direction in besides?._directions ?? []) AddScaled.To(rest, -Dot.Product(direction, rest), direction);
            foreach (double[] direction in _directions) AddScaled.To(rest, -Dot.Product(direction, rest), direction);
        }
        double length = Math.Sqrt(Dot.Product(rest, rest));
        if (!(length > least * Math.Sqrt(Dot.Product(vector, vector)))) return null;
        for (int i = 0; i < rest.Length; i++) rest[i] /= length;
        return (rest, length);
    }

    /// <summary>Adds a unit vector that is orthogonal to the others, with its image. Both are copied.</summary>
    public void Add(double[] direction, double[] image)
    {
        _directions.Add((double[])direction.Clone());
        _images.Add((double[])image.Clone());
        _measured.Add(1);
        Correct(Count - 1);
    }

    /// <summary>Corrects the inferred images along direction k, whose image is measured: by symmetry, v_kᵀAv_j = v_jᵀAv_k.</summary>
    private void Correct(int k)
    {
        for (int j = 0; j < Count; j++)
        {
            if (j == k || _measured[j] == 1) continue;
            double wrong = Dot.Product(_directions[j], _images[k]) - Dot.Product(_directions[k], _images[j]);
            AddScaled.To(_images[j], (1 - _measured[j]) * wrong, _directions[k]);
        }
    }

    /// <summary>Adds a vector whose image is only inferred, with this error relative to its length. Leaves it out if the error exceeds
    /// <paramref name="trust"/> times its component outside the span.</summary>
    public void Infer(double[] vector, double[] image, double error, double trust)
    {
        if (Outside(vector) is not var (unit, length) || error * Math.Sqrt(Dot.Product(vector, vector)) > trust * length) return;
        // The image of the new component: that of the vector, less that of its components along the other directions.
        var rest = (double[])image.Clone();
        for (int k = 0; k < Count; k++) AddScaled.To(rest, -Dot.Product(_directions[k], vector), _images[k]);
        for (int i = 0; i < rest.Length; i++) rest[i] /= length;
        _directions.Add(unit);
        _images.Add(rest);
        _measured.Add(0);
    }

    /// <summary>Replaces an inferred image by a measured one.</summary>
    public void Measure(int k, double[] image)
    {
        (_images[k], _measured[k]) = (image, 1);
        Correct(k);
    }

    /// <summary>Treats all images so far as inferred.</summary>
    public void Distrust() => _measured = [.. _measured.Select(_ => 0.0)];

    /// <summary>The residual of a Ritz pair, Av − λv.</summary>
    public double[] Residual(int k)
    {
        var residual = (double[])_images[k].Clone();
        AddScaled.To(residual, -Values[k], _directions[k]);
        return residual;
    }

    /// <summary>Rotates the directions to the Ritz vectors, and their images with them.</summary>
    public void Solve()
    {
        int count = Count, length = _directions[0].Length;
        // The projected matrix VᵀAV, averaged with its transpose, since inferred images make it slightly unsymmetric.
        var projected = new double[count, count];
        for (int first = 0; first < length; first += Piece)
        {
            int size = Math.Min(Piece, length - first);
            double Product(int i, int j) => Dot.Product(_directions[i].AsSpan(first, size), _images[j].AsSpan(first, size));
            for (int i = 0; i < count; i++)
                for (int j = 0; j <= i; j++) projected[i, j] += 0.5 * (Product(i, j) + Product(j, i));
        }
        Evd<double> eigen = Matrix<double>.Build.Dense(count, count, (i, j) => projected[Math.Max(i, j), Math.Min(i, j)])
            .Evd(Symmetricity.Symmetric);

        // New direction k is Σ_i w_i v_i, with w a unit eigenvector of VᵀAV; its image is the same sum of images.
        var turns = new double[count * count];
        var values = new double[count];
        var measured = new List<double>();
        for (int at = 0; at < count; at++)
        {
            int k = count - 1 - at; // the library sorts eigenvalues ascending
            values[at] = eigen.EigenValues[k].Real;
            double share = 0;
            for (int i = 0; i < count; i++)
            {
                double turn = turns[at * count + i] = eigen.EigenVectors[i, k];
                share += _measured[i] * turn * turn;
            }
            measured.Add(share);
        }
        Rotate(_directions, turns);
        Rotate(_images, turns);
        (_measured, Values) = (measured, values);
    }

    /// <summary>Replaces vectors by sums of them, the weights of each sum being a row of a matrix. In place, piece by piece: of large
    /// vectors a second set would take as much memory as all else.</summary>
    private static void Rotate(List<double[]> vectors, double[] weights)
    {
        int count = vectors.Count, length = vectors[0].Length;
        double[] old = new double[count * Piece], rotated = new double[count * Piece];
        for (int first = 0; first < length; first += Piece)
        {
            int size = Math.Min(Piece, length - first);
            for (int i = 0; i < count; i++) vectors[i].AsSpan(first, size).CopyTo(old.AsSpan(i * Piece));
            Array.Clear(rotated);
            BlockProduct.Add(1, weights, count, 1, old, Piece, rotated, Piece, count, count, size);
            for (int i = 0; i < count; i++) rotated.AsSpan(i * Piece, size).CopyTo(vectors[i].AsSpan(first));
        }
    }
}
