using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;
using MathNet.Numerics.LinearAlgebra;

namespace Imputation.Numerics.Linear;

/// <summary>The smallest eigenvalues of a symmetric matrix and their vectors, by Lanczos' method on the inverse.</summary>
/// <remarks>With full orthogonalisation; vectors found are locked and the next is sought apart from them, so that equal eigenvalues are all
/// found.</remarks>
internal static class SmallEigenvalues
{
    private const int MostSteps = 400;

    private const double Tolerance = 1e-10;

    /// <summary>The smallest eigenvalue, and all others below a limit, ascending up to rounding.</summary>
    /// <param name="factor">Factor of A + <paramref name="shift"/> I, lower triangle.</param>
    /// <param name="n">Order of A.</param>
    /// <param name="shift">What was added to the diagonal.</param>
    /// <param name="limit">Eigenvalues below it are all wanted.</param>
    /// <param name="cancellation">Ends the search with an exception.</param>
    /// <returns>Eigenvalues and vectors of unit length; at least one.</returns>
    public static IReadOnlyList<(double Value, double[] Vector)> Below(double[] factor, int n, double shift, double limit,
        CancellationToken cancellation)
    {
        var found = new List<(double Value, double[] Vector)>();
        while (found.Count < n)
        {
            (double value, double[] vector) = Smallest(factor, n, shift, found, cancellation);
            if (found.Count > 0 && value >= limit) break;
            found.Add((value, vector));
            if (value >= limit) break;
        }
        return found;
    }

    private static (double Value, double[] Vector) Smallest(double[] factor, int n, double shift,
        List<(double Value, double[] Vector)> locked, CancellationToken cancellation)
    {
        var basis = new List<double[]>();
        List<double> diagonal = [], beside = [];
        double[] next = [.. Enumerable.Range(0, n).Select(i => CounterRandom.Uniform(1, i, locked.Count, 0) - 0.5)];
        double length = Orthogonalised(next, locked, basis);
        int most = Math.Min(n - locked.Count, MostSteps), look = 3;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < n; i++) next[i] /= length;
            basis.Add(next);
            double[] image = (double[])next.Clone();
            Cholesky.SolveLower(factor, n, n, image, 1, 1);
            Cholesky.SolveUpper(factor, n, n, image, 1, 1);
            diagonal.Add(Dot.Product(image, next));
            next = image;
            length = Orthogonalised(next, locked, basis);
            bool closed = basis.Count == most || length <= 1e-13 * Math.Abs(diagonal.Max()); // what was spanned is mapped into itself
            if (basis.Count >= look || closed)
            {
                (double value, double[] weights) = Largest(diagonal, beside);
                if (closed || length * Math.Abs(weights[^1]) <= Tolerance * Math.Abs(value))
                {
                    var vector = new double[n];
                    for (int k = 0; k < basis.Count; k++) AddScaled.To(vector, weights[k], basis[k]);
                    double unit = Math.Sqrt(Dot.Product(vector, vector));
                    for (int i = 0; i < n; i++) vector[i] /= unit;
                    return (1 / value - shift, vector);
                }
                look += Math.Max(2, look / 3);
            }
            beside.Add(length);
        }
    }

    /// <summary>The largest eigenvalue of a tridiagonal matrix, and its vector.</summary>
    private static (double Value, double[] Vector) Largest(List<double> diagonal, List<double> beside)
    {
        int k = diagonal.Count;
        if (k == 1) return (diagonal[0], [1]);
        var evd = Matrix<double>.Build.Dense(k, k, (i, j) => i == j ? diagonal[i] : Math.Abs(i - j) == 1 ? beside[Math.Min(i, j)] : 0)
            .Evd(Symmetricity.Symmetric);
        return (evd.EigenValues[k - 1].Real, evd.EigenVectors.Column(k - 1).ToArray()); // ascending
    }

    /// <summary>Takes from a vector what is along others, twice; its length then.</summary>
    private static double Orthogonalised(double[] vector, List<(double Value, double[] Vector)> locked, List<double[]> basis)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            foreach ((_, double[] other) in locked) AddScaled.To(vector, -Dot.Product(vector, other), other);
            foreach (double[] other in basis) AddScaled.To(vector, -Dot.Product(vector, other), other);
        }
        return Math.Sqrt(Dot.Product(vector, vector));
    }
}
