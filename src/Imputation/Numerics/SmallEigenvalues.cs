using MathNet.Numerics.LinearAlgebra;

namespace Imputation.Numerics;

/// <summary>The smallest eigenvalues of a symmetric matrix and their vectors, by inverse iteration on a few vectors at once.</summary>
internal static class SmallEigenvalues
{
    private const int MostIterations = 300, FewestVectors = 4;

    /// <summary>The smallest eigenvalue, and all others below a limit, ascending.</summary>
    /// <param name="factor">Factor of A + <paramref name="shift"/> I, lower triangle.</param>
    /// <param name="n">Order of A.</param>
    /// <param name="shift">What was added to the diagonal.</param>
    /// <param name="limit">Eigenvalues below it are all wanted.</param>
    /// <param name="cancellation">Ends the search with an exception.</param>
    /// <returns>Eigenvalues and vectors of unit length; at least one.</returns>
    public static IReadOnlyList<(double Value, double[] Vector)> Below(double[] factor, int n, double shift, double limit, CancellationToken cancellation)
    {
        for (int count = Math.Min(n, FewestVectors); ; count = Math.Min(n, 2 * count))
        {
            (double Value, double[] Vector)[] found = Iterate(factor, n, shift, limit, count, cancellation);
            if (count < n && found[^1].Value < limit) continue; // there may be more
            return [.. found.Where((pair, k) => k == 0 || pair.Value < limit)];
        }
    }

    private static (double Value, double[] Vector)[] Iterate(double[] factor, int n, double shift, double limit, int count, CancellationToken cancellation)
    {
        double[][] basis = [.. Enumerable.Range(0, count).Select(k => Enumerable.Range(0, n).Select(i => CounterRandom.Uniform(1, i, k, 0) - 0.5).ToArray())];
        Orthonormalise(basis);
        var block = new double[n * count];
        for (int iteration = 1; ; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < n; i++)
                for (int k = 0; k < count; k++) block[i * count + k] = basis[k][i];
            Cholesky.SolveLower(factor, n, n, block, count, count);
            Cholesky.SolveUpper(factor, n, n, block, count, count);
            double[][] image = [.. Enumerable.Range(0, count).Select(k => Enumerable.Range(0, n).Select(i => block[i * count + k]).ToArray())];

            // Rayleigh and Ritz: the inverse within the space of the basis.
            var within = Matrix<double>.Build.Dense(count, count, (a, b) => 0.5 * (Dot.Product(basis[a], image[b]) + Dot.Product(basis[b], image[a])));
            var evd = within.Evd(Symmetricity.Symmetric);
            int[] order = [.. Enumerable.Range(0, count).OrderByDescending(k => evd.EigenValues[k].Real)]; // largest of the inverse first
            double[][] Turned(double[][] vectors) => [.. order.Select(k =>
            {
                var sum = new double[n];
                for (int a = 0; a < count; a++) AddScaled.To(sum, evd.EigenVectors[a, k], vectors[a]);
                return sum;
            })];
            double[][] ritz = Turned(basis);
            image = Turned(image);
            double[] inverse = [.. order.Select(k => evd.EigenValues[k].Real)];
            bool settled = Enumerable.Range(0, count).All(k => (k > 0 && 1 / inverse[k] - shift >= limit) || Residual(image[k], ritz[k], inverse[k]) < 1e-9 * inverse[k]);
            if (settled || iteration == MostIterations) return [.. Enumerable.Range(0, count).Select(k => (1 / inverse[k] - shift, ritz[k]))];
            basis = image;
            Orthonormalise(basis);
        }
    }

    private static double Residual(double[] image, double[] vector, double value)
    {
        double sum = 0;
        for (int i = 0; i < image.Length; i++) sum += (image[i] - value * vector[i]) * (image[i] - value * vector[i]);
        return Math.Sqrt(sum);
    }

    private static void Orthonormalise(double[][] vectors)
    {
        for (int k = 0; k < vectors.Length; k++)
        {
            Scale(vectors[k]);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < k; j++) AddScaled.To(vectors[k], -Dot.Product(vectors[k], vectors[j]), vectors[j]);
                Scale(vectors[k]);
            }
        }
    }

    private static void Scale(double[] vector)
    {
        double length = Math.Sqrt(Dot.Product(vector, vector));
        for (int i = 0; i < vector.Length; i++) vector[i] /= length;
    }
}
