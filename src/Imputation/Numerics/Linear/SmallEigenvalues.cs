using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;

namespace Imputation.Numerics.Linear;

/// <summary>The smallest eigenvalues of a symmetric matrix and their vectors, by Lanczos' method on the inverse.</summary>
/// <remarks>Eigenvectors already found are locked: the search for the next one stays orthogonal to them, so that multiple eigenvalues
/// are found as often as they occur.</remarks>
internal static class SmallEigenvalues
{
    private const int MostSteps = 400;

    /// <summary>Residual of an eigenpair, relative to the eigenvalue, at which it is accepted.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>Share of an image outside the span below which it is rounding: the span is then invariant.</summary>
    private const double Closed = 1e-13;

    /// <summary>The smallest eigenvalue, and all others below a limit, ascending up to rounding.</summary>
    /// <param name="factor">Factor of A + <paramref name="shift"/> I, lower triangle.</param>
    /// <param name="n">Order of A.</param>
    /// <param name="shift">What was added to the diagonal.</param>
    /// <param name="limit">All eigenvalues below it are returned.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <returns>Eigenvalues and vectors of unit length; at least one.</returns>
    public static IReadOnlyList<(double Value, double[] Vector)> Below(double[] factor, int n, double shift, double limit,
        CancellationToken cancellation)
    {
        var locked = new RitzSpace();
        var found = new List<(double Value, double[] Vector)>();
        while (found.Count < n)
        {
            (double value, double[] vector) = Smallest(factor, n, shift, locked, cancellation);
            if (found.Count > 0 && value >= limit) break;
            found.Add((value, vector));
            locked.Add(vector, vector);
            if (value >= limit) break;
        }
        return found;
    }

    private static (double Value, double[] Vector) Smallest(double[] factor, int n, double shift, RitzSpace locked,
        CancellationToken cancellation)
    {
        var space = new RitzSpace();
        // A random start has a component along every eigenvector; a fixed seed makes it the same in every run.
        double[] next = [.. Enumerable.Range(0, n).Select(i => CounterRandom.Uniform(1, i, locked.Count, 0) - 0.5)];
        int most = Math.Min(n - locked.Count, MostSteps), look = 3;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            bool closed = space.Count == most;
            if (!closed && space.Outside(next, Closed, locked) is var (direction, _))
            {
                // The next Krylov vector, (A + shift I)⁻¹ times the last: small eigenvalues of A are the largest of the inverse.
                next = (double[])direction.Clone();
                Cholesky.SolveLower(factor, n, n, next, 1, 1);
                Cholesky.SolveUpper(factor, n, n, next, 1, 1);
                space.Add(direction, next);
            }
            else closed = true;
            if (!closed && space.Count < look) continue;

            // The eigenproblem of the span is solved only at 3 directions and each time their number has grown by a third.
            space.Solve();
            double value = space.Values[0];
            (double[] Unit, double Length)? residual = locked.Outside(space.Residual(0), Closed);
            if (closed || residual is null || residual.Value.Length <= Tolerance * Math.Abs(value))
                // An eigenvalue 1 / (λ + shift) of the inverse belongs to λ of A.
                return (1 / value - shift, Unit(space.Directions[0]));
            look += Math.Max(2, look / 3);
        }
    }

    private static double[] Unit(double[] vector)
    {
        double length = Math.Sqrt(Dot.Product(vector, vector));
        return Array.ConvertAll(vector, x => x / length);
    }
}
