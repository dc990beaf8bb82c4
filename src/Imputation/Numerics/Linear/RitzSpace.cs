using Imputation.Numerics.Kernels;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Imputation.Numerics.Linear;

/// <summary>Orthonormal directions and what a symmetric matrix makes of each, turned so that the directions are approximate eigenvectors
/// (Rayleigh and Ritz), largest eigenvalue first.</summary>
/// <remarks>Where each direction is the image of the one before, outside of the span, this is Lanczos' method with full
/// orthogonalisation.</remarks>
internal sealed class RitzSpace
{
    private List<double[]> _directions = [], _images = [];
    private List<double> _measured = [];

    /// <summary>Number of directions.</summary>
    public int Count => _directions.Count;

    /// <summary>The directions; eigenvectors of the matrix in their span, once <see cref="Solve"/> was called.</summary>
    public IReadOnlyList<double[]> Directions => _directions;

    /// <summary>What the matrix makes of them.</summary>
    public IReadOnlyList<double[]> Images => _images;

    /// <summary>The eigenvalues that belong to them.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>How much of a direction's image was measured rather than inferred, from 0 to 1.</summary>
    public double Measured(int k) => _measured[k];

    /// <summary>The part of a vector outside of the span, at unit length, with the length it had; null where next to nothing is left.
    /// </summary>
    /// <param name="vector">The vector.</param>
    /// <param name="least">Share of its length below which a rest is taken for rounding.</param>
    /// <param name="besides">Another space that the part is to be outside of.</param>
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

    /// <summary>Adds a unit vector that is orthogonal to the others.</summary>
    public void Add(double[] direction, double[] image)
    {
        _directions.Add(direction);
        _images.Add(image);
        _measured.Add(1);
        Correct(Count - 1);
    }

    /// <summary>The matrix being symmetric, a measured image says what the inferred ones are along its direction.</summary>
    private void Correct(int k)
    {
        for (int j = 0; j < Count; j++)
        {
            if (j == k || _measured[j] == 1) continue;
            double wrong = Dot.Product(_directions[j], _images[k]) - Dot.Product(_directions[k], _images[j]);
            AddScaled.To(_images[j], (1 - _measured[j]) * wrong, _directions[k]);
        }
    }

    /// <summary>Adds a vector whose image is only inferred, with an error of this share of its length; leaves it out where its new part
    /// would hardly exceed the error.</summary>
    public void Infer(double[] vector, double[] image, double error, double trust)
    {
        if (Outside(vector) is not var (unit, length) || error * Math.Sqrt(Dot.Product(vector, vector)) > trust * length) return;
        var rest = (double[])image.Clone();
        for (int k = 0; k < Count; k++) AddScaled.To(rest, -Dot.Product(_directions[k], vector), _images[k]);
        for (int i = 0; i < rest.Length; i++) rest[i] /= length;
        _directions.Add(unit);
        _images.Add(rest);
        _measured.Add(0);
    }

    /// <summary>Puts a measured image in place of another.</summary>
    public void Measure(int k, double[] image)
    {
        (_images[k], _measured[k]) = (image, 1);
        Correct(k);
    }

    /// <summary>From here on no image counts as measured.</summary>
    public void Distrust() => _measured = [.. _measured.Select(_ => 0.0)];

    /// <summary>What the matrix makes of a direction beyond lengthening it.</summary>
    public double[] Residual(int k)
    {
        var residual = (double[])_images[k].Clone();
        AddScaled.To(residual, -Values[k], _directions[k]);
        return residual;
    }

    /// <summary>Turns the directions into eigenvectors.</summary>
    public void Solve()
    {
        double Symmetric(int i, int j) => 0.5 * (Dot.Product(_directions[i], _images[j]) + Dot.Product(_directions[j], _images[i]));
        Evd<double> eigen = Matrix<double>.Build.Dense(Count, Count, Symmetric).Evd(Symmetricity.Symmetric);
        int count = Count;
        var values = new double[count];
        List<double[]> directions = [], images = [];
        List<double> measured = [];
        for (int at = 0; at < count; at++)
        {
            int k = count - 1 - at; // the library has the smallest first
            values[at] = eigen.EigenValues[k].Real;
            double[] direction = new double[_directions[0].Length], image = new double[direction.Length];
            double share = 0;
            for (int i = 0; i < count; i++)
            {
                double turn = eigen.EigenVectors[i, k];
                AddScaled.To(direction, turn, _directions[i]);
                AddScaled.To(image, turn, _images[i]);
                share += _measured[i] * turn * turn;
            }
            directions.Add(direction);
            images.Add(image);
            measured.Add(share);
        }
        (_directions, _images, _measured, Values) = (directions, images, measured, values);
    }
}
