namespace Imputation.Numerics.Linear;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.</summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>Eigenvalues, largest first, and unit eigenvectors in the columns of a matrix.</summary>
    /// <param name="matrix">n × n, both triangles; not changed.</param>
    /// <param name="n">Order.</param>
    /// <remarks>Each rotation makes one element 0; sweeps over all of them converge quadratically (Golub and Van Loan 2013,
    /// §8.5).</remarks>
    public static (double[] Values, double[] Vectors) Of(ReadOnlySpan<double> matrix, int n)
    {
        double[] a = matrix.ToArray(), v = new double[n * n];
        for (int i = 0; i < n; i++) v[i * n + i] = 1;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool rotated = false;
            for (int i = 0; i < n; i++)
            {
                for (int j = i + 1; j < n; j++)
                {
                    double x = a[i * n + j];
                    if (!(Math.Abs(x) > 1e-17 * (Math.Abs(a[i * n + i]) + Math.Abs(a[j * n + j])))) continue;
                    rotated = true;
                    double tau = (a[j * n + j] - a[i * n + i]) / (2 * x);
                    double t = (tau >= 0 ? 1 : -1) / (Math.Abs(tau) + Math.Sqrt(1 + tau * tau)), c = 1 / Math.Sqrt(1 + t * t), s = t * c;
                    for (int k = 0; k < n; k++) Rotate(ref a[k * n + i], ref a[k * n + j], c, s);
                    for (int k = 0; k < n; k++) Rotate(ref a[i * n + k], ref a[j * n + k], c, s);
                    for (int k = 0; k < n; k++) Rotate(ref v[k * n + i], ref v[k * n + j], c, s);
                }
            }
            if (!rotated) break;
        }
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[i * n + i])];
        double[] values = [.. order.Select(i => a[i * n + i])], vectors = new double[n * n];
        for (int k = 0; k < n; k++)
            for (int i = 0; i < n; i++) vectors[i * n + k] = v[i * n + order[k]];
        return (values, vectors);
    }

    private static void Rotate(ref double x, ref double y, double c, double s) => (x, y) = (c * x - s * y, s * x + c * y);
}
