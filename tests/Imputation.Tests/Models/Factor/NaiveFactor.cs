using Imputation.Models.Factor;
using static Imputation.Tests.Shared.NaiveMatrix;

namespace Imputation.Tests.Models.Factor;

/// <summary>One EM step of factor analysis as in the textbooks (Rubin and Thayer 1982), row by row through Σ_OO⁻¹.</summary>
internal static class NaiveFactor
{
    public sealed record Next(double[] Mean, double[,] Loadings, double[] Uniquenesses, double LogLikelihood)
    {
        public double[] Loading(int j) => [.. Enumerable.Range(0, Loadings.GetLength(1)).Select(a => Loadings[j, a])];
    }

    public static Next Step(double[,] data, FactorParameters at, double[] ridgeSquares, double ridge)
    {
        int n = data.GetLength(0), p = at.ColumnCount, q = at.FactorCount;
        double[,] covariance = new double[p, p], loadings = new double[p, q];
        for (int i = 0; i < p; i++)
        {
            for (int a = 0; a < q; a++) loadings[i, a] = at.Loading(i)[a];
            for (int j = 0; j < p; j++)
                covariance[i, j] = Enumerable.Range(0, q).Sum(a => at.Loading(i)[a] * at.Loading(j)[a]) + (i == j ? at.Uniquenesses[i] : 0);
        }
        var moments = new double[p][,];
        var crosses = new double[p][,];
        double[] squares = new double[p], counts = new double[p];
        for (int j = 0; j < p; j++)
        {
            (moments[j], crosses[j]) = (new double[q + 1, q + 1], new double[q + 1, 1]);
            for (int a = 1; a <= q; a++) moments[j][a, a] = ridge;
            (squares[j], counts[j]) = (ridgeSquares[j], ridge);
        }
        double logLikelihood = 0;
        int[] factors = [.. Enumerable.Range(0, q)];
        for (int row = 0; row < n; row++)
        {
            int[] o = [.. Enumerable.Range(0, p).Where(j => !double.IsNaN(data[row, j]))];
            if (o.Length == 0) continue;
            double[,] block = Part(covariance, o, o), lambda = Part(loadings, o, factors);
            double[,] d = Column([.. o.Select(j => data[row, j] - at.Mean[j])]);
            double[,] solved = Solve(block, d), z = Multiply(Transpose(lambda), solved);
            double[,] explained = Multiply(Transpose(lambda), Solve(block, lambda));
            logLikelihood -= 0.5 * (o.Length * Math.Log(2 * Math.PI) + LogDeterminant(block) + Multiply(Transpose(d), solved)[0, 0]);
            double[] extended = [1, .. factors.Select(a => z[a, 0])];
            foreach (int j in o)
            {
                double x = data[row, j];
                squares[j] += (x - at.Mean[j]) * (x - at.Mean[j]);
                counts[j]++;
                for (int a = 0; a <= q; a++)
                {
                    crosses[j][a, 0] += extended[a] * (x - at.Mean[j]);
                    for (int b = 0; b <= q; b++)
                        moments[j][a, b] += extended[a] * extended[b]
                            + (a > 0 && b > 0 ? (a == b ? 1 : 0) - explained[a - 1, b - 1] : 0);
                }
            }
        }
        double[] mean = new double[p], uniquenesses = new double[p];
        for (int j = 0; j < p; j++)
        {
            double[,] beta = Solve(moments[j], crosses[j]);
            mean[j] = at.Mean[j] + beta[0, 0];
            for (int a = 0; a < q; a++) loadings[j, a] = beta[a + 1, 0];
            uniquenesses[j] = (squares[j] - Multiply(Transpose(beta), crosses[j])[0, 0]) / counts[j];
        }
        return new Next(mean, loadings, uniquenesses, logLikelihood);
    }
}
