namespace Imputation.Tests.Models.Mixture;

/// <summary>The textbook EM for a mixture of normal distributions with missing cells, row by row, in the units of the data (Ghahramani and
/// Jordan 1994): what the fast steps are held against.</summary>
internal sealed record NaiveMixture(double[] Weights, double[][] Means, double[][,] Covariances)
{
    /// <summary>One step: the log-likelihood here, and the next parameters.</summary>
    public (double LogLikelihood, NaiveMixture Next) Step(double[,] x, MixtureShape shape)
    {
        int n = x.GetLength(0), p = x.GetLength(1), k = Weights.Length;
        double logLikelihood = 0, total = 0;
        var rows = new double[k];
        var first = new double[k, p];
        var filled = new List<(double[] Shares, double[][] Rows, double[][,] Spreads)>();
        for (int i = 0; i < n; i++)
        {
            int[] o = [.. Enumerable.Range(0, p).Where(j => !double.IsNaN(x[i, j]))], m = [.. Enumerable.Range(0, p).Except(o)];
            if (o.Length == 0) continue;
            total++;
            double[] density = new double[k];
            var completed = new double[k][];
            var spread = new double[k][,];
            for (int c = 0; c < k; c++)
            {
                double[,] observed = Pick(Covariances[c], o, o), inverse = Inverse(observed, out double logDeterminant);
                double[] d = [.. o.Select(j => x[i, j] - Means[c][j])];
                double quadratic = 0;
                for (int a = 0; a < d.Length; a++)
                    for (int b = 0; b < d.Length; b++) quadratic += d[a] * inverse[a, b] * d[b];
                density[c] = Weights[c] * Math.Exp(-0.5 * (quadratic + logDeterminant + o.Length * Math.Log(2 * Math.PI)));
                double[,] across = Pick(Covariances[c], m, o);
                completed[c] = [.. Enumerable.Range(0, p).Select(j => double.IsNaN(x[i, j]) ? Means[c][j] : x[i, j])];
                spread[c] = new double[p, p];
                for (int a = 0; a < m.Length; a++)
                {
                    for (int b = 0; b < o.Length; b++)
                        for (int e = 0; e < o.Length; e++) completed[c][m[a]] += across[a, b] * inverse[b, e] * d[e];
                    for (int f = 0; f < m.Length; f++)
                    {
                        spread[c][m[a], m[f]] = Covariances[c][m[a], m[f]];
                        for (int b = 0; b < o.Length; b++)
                            for (int e = 0; e < o.Length; e++) spread[c][m[a], m[f]] -= across[a, b] * inverse[b, e] * across[f, e];
                    }
                }
            }
            double sum = density.Sum();
            logLikelihood += Math.Log(sum);
            double[] shares = [.. density.Select(v => v / sum)];
            for (int c = 0; c < k; c++)
            {
                rows[c] += shares[c];
                for (int j = 0; j < p; j++) first[c, j] += shares[c] * completed[c][j];
            }
            filled.Add((shares, completed, spread));
        }
        double[][] means = [.. Enumerable.Range(0, k).Select(c => Enumerable.Range(0, p).Select(j => first[c, j] / rows[c]).ToArray())];
        double[][,] covariances = [.. Enumerable.Range(0, k).Select(c =>
        {
            var s = new double[p, p];
            foreach ((double[] shares, double[][] completed, double[][,] spreads) in filled)
                for (int a = 0; a < p; a++)
                    for (int b = 0; b < p; b++)
                        s[a, b] += shares[c] * ((completed[c][a] - means[c][a]) * (completed[c][b] - means[c][b]) + spreads[c][a, b]);
            return s;
        })];
        double[,] all = new double[p, p];
        foreach (double[,] s in covariances)
            for (int a = 0; a < p; a++)
                for (int b = 0; b < p; b++) all[a, b] += s[a, b] / total;
        for (int c = 0; c < k; c++)
        {
            double trace = Enumerable.Range(0, p).Sum(j => covariances[c][j, j]) / rows[c] / p;
            for (int a = 0; a < p; a++)
                for (int b = 0; b < p; b++)
                    covariances[c][a, b] = shape switch
                    {
                        MixtureShape.Full => covariances[c][a, b] / rows[c],
                        MixtureShape.Tied => all[a, b],
                        MixtureShape.Diagonal => a == b ? covariances[c][a, b] / rows[c] : 0,
                        _ => a == b ? trace : 0,
                    };
        }
        return (logLikelihood, new NaiveMixture([.. rows.Select(r => r / total)], means, covariances));
    }

    private static double[,] Pick(double[,] matrix, int[] rows, int[] columns)
    {
        var picked = new double[rows.Length, columns.Length];
        for (int a = 0; a < rows.Length; a++)
            for (int b = 0; b < columns.Length; b++) picked[a, b] = matrix[rows[a], columns[b]];
        return picked;
    }

    /// <summary>Gauss–Jordan elimination.</summary>
    private static double[,] Inverse(double[,] matrix, out double logDeterminant)
    {
        int n = matrix.GetLength(0);
        double[,] a = (double[,])matrix.Clone(), inverse = new double[n, n];
        for (int i = 0; i < n; i++) inverse[i, i] = 1;
        logDeterminant = 0;
        for (int i = 0; i < n; i++)
        {
            double pivot = a[i, i];
            logDeterminant += Math.Log(pivot);
            for (int j = 0; j < n; j++) (a[i, j], inverse[i, j]) = (a[i, j] / pivot, inverse[i, j] / pivot);
            for (int r = 0; r < n; r++)
            {
                double factor = a[r, i];
                if (r == i || factor == 0) continue;
                for (int j = 0; j < n; j++) (a[r, j], inverse[r, j]) = (a[r, j] - factor * a[i, j], inverse[r, j] - factor * inverse[i, j]);
            }
        }
        return inverse;
    }
}
