using Imputation.Models.Gaussian;
using Imputation.Numerics;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Imputation.Models.Normal;

/// <summary>Finds linear relations among columns that are exact, or that double precision cannot tell from exact ones, those included that
/// hold only where all their columns are observed.</summary>
/// <remarks>A relation among the columns R makes the likelihood unbounded, whatever the values of the other rows. R is part of some
/// row's observed set, so candidates come from the observed sets of the most frequent patterns: columns that add nothing to the rank
/// of a few rows that have the whole set, taken evenly from the file; or, after a fit, from the directions in which the variance is
/// almost 0. A candidate counts only when it holds in every row that has all of R, and these are too many or too different for
/// chance: see <see cref="IsEvidence"/>.</remarks>
internal static class RelationFinder
{
    /// <summary>Largest residual, in standard deviations of the dependent column, at which EM in double precision cannot tell a relation
    /// from an exact one: 1 − R² is then below <see cref="GaussianParameters.DegenerateTolerance"/>.</summary>
    internal const double Exactness = 3e-6;

    /// <summary>Rounding of a relation, relative to the largest of its terms.</summary>
    internal const double RoundOff = 1e-12;

    /// <summary>Digits of coefficients up to which a relation that holds to rounding was meant: 1, 2.54 or 0.45359237. With more, it may as
    /// well be a coincidence of rounding.</summary>
    private const int MostExactDigits = 10;

    private const int MostSets = 20;

    /// <summary>The relations, each once; the last column of each depends on the others.</summary>
    public static IReadOnlyList<LinearRelation> Find(GaussianData data)
    {
        if (!data.HasRows) return data.Relations; // a relation is one that holds in every row
        var relations = new List<LinearRelation>();
        var tried = new HashSet<string>();
        List<int> frequent = MostFrequent(data.Patterns);
        var candidates = new List<int[]>[frequent.Count];
        ParallelWork.For(candidates.Length, data.Parallel, i =>
        {
            int[] set = data.Patterns[frequent[i]].Observed;
            double[][] sample = Rows(data, set, 3 * set.Length + 20);
            candidates[i] = sample.Length < set.Length + 2 ? [] : Dependent(sample, set);
        });
        foreach (List<int[]> found in candidates)
            foreach (int[] columns in found)
                if (tried.Add(string.Join(',', columns)) && Verify(data, columns) is { } relation) relations.Add(relation);
        return Independent(data, [], relations);
    }

    /// <summary>Relations that the covariance of a fit points to and that <paramref name="known"/> do not imply: along its eigenvectors
    /// of eigenvalues below <paramref name="limit"/> times the largest there could be, reduced to as few columns each as can be.</summary>
    public static IReadOnlyList<LinearRelation> Find(GaussianData data, GaussianParameters fitted, double limit,
        IReadOnlyList<LinearRelation> known)
    {
        if (!data.HasRows) return [];
        int p = fitted.Count;
        double[][] directions = NullSpace(fitted, limit);
        var relations = new List<LinearRelation>();
        var solved = new bool[directions.Length];
        for (int j = p - 1; j >= 0; j--)
        {
            // Gauss–Jordan on the directions, later columns first: each then expresses one column by earlier ones.
            int pivot = -1;
            for (int k = 0; k < directions.Length; k++)
                if (!solved[k] && Math.Abs(directions[k][j]) > 1e-3
                    && (pivot < 0 || Math.Abs(directions[k][j]) > Math.Abs(directions[pivot][j]))) pivot = k;
            if (pivot < 0) continue;
            solved[pivot] = true;
            double scale = 1 / directions[pivot][j];
            for (int i = 0; i < p; i++) directions[pivot][i] *= scale;
            for (int k = 0; k < directions.Length; k++)
                if (k != pivot) AddScaled.To(directions[k], -directions[k][j], directions[pivot]);
        }
        foreach (double[] direction in directions)
        {
            int[] columns = [.. Enumerable.Range(0, p).Where(j => Math.Abs(direction[j]) > 1e-3)];
            if (columns.Length >= 2 && Verify(data, columns) is { } relation) relations.Add(relation);
        }
        return Independent(data, known, relations);
    }

    /// <summary>Those that neither the known ones nor the ones before imply, the shortest first.</summary>
    private static List<LinearRelation> Independent(GaussianData data, IReadOnlyList<LinearRelation> known, List<LinearRelation> found)
    {
        var basis = new List<double[]>(); // orthonormal, in units of standard deviations
        bool Adds(LinearRelation relation)
        {
            var direction = new double[data.ColumnCount];
            for (int k = 0; k < relation.Columns.Count; k++)
            {
                int j = data.Matrix.ColumnNames.Index().First(c => c.Item == relation.Columns[k]).Index;
                direction[j] = relation.Coefficients[k] * data.Scale[j];
            }
            double length = Math.Sqrt(Dot.Product(direction, direction));
            foreach (double[] b in basis) AddScaled.To(direction, -Dot.Product(b, direction), b);
            double rest = Math.Sqrt(Dot.Product(direction, direction));
            if (rest < 1e-6 * length) return false;
            for (int j = 0; j < direction.Length; j++) direction[j] /= rest;
            basis.Add(direction);
            return true;
        }
        foreach (LinearRelation relation in known) Adds(relation);
        return [.. found.OrderBy(r => r.Columns.Count).Where(Adds)];
    }

    /// <summary>Eigenvectors of the correlation matrix, in units of standard deviations, whose eigenvalue is below the limit.</summary>
    public static double[][] NullSpace(GaussianParameters parameters, double limit)
    {
        int p = parameters.Count;
        double Deviation(int j) => Math.Sqrt(parameters.Covariance[j * p + j]);
        Evd<double> eigen = Matrix<double>.Build.Dense(p, p, (i, j) => parameters.Covariance[i * p + j] / (Deviation(i) * Deviation(j)))
            .Evd(Symmetricity.Symmetric);
        return [.. Enumerable.Range(0, p).Where(k => k == 0 || eigen.EigenValues[k].Real < limit).Select(k => eigen.EigenVectors.Column(k)
            .ToArray())];
    }

    /// <summary>The relation that gives the last of these columns by the others in every row that has them all, or null where there is
    /// none.</summary>
    public static LinearRelation? Verify(GaussianData data, int[] columns)
    {
        double[][] rows = Rows(data, columns, int.MaxValue);
        int k = columns.Length - 1;
        if (k < 1 || !IsEvidence(data, columns, rows)) return null;

        (double[] mean, double[] products) = Centred(rows, columns.Length);
        var factor = (double[])products.Clone();
        double[] beta = products.AsSpan(k * columns.Length, k).ToArray();
        if (!Cholesky.Factor(factor, k, columns.Length)) return null;
        Cholesky.SolveLower(factor, k, columns.Length, beta, 1, 1);
        Cholesky.SolveUpper(factor, k, columns.Length, beta, 1, 1);

        // On the user's scale: coefficients rounded to the fewest digits with which the relation is as exact as floating point lets it be.
        double[] slopes = [.. beta.Select((b, i) => b * data.Scale[columns[k]] / data.Scale[columns[i]])];
        int[] indices = RowIndices(data, columns, int.MaxValue);
        double size = 0;
        foreach (int i in indices) size = Math.Max(size, columns.Take(k).Select((j, c) => Math.Abs(slopes[c] * data.Matrix[i, j]))
            .Append(Math.Abs(data.Matrix[i, columns[k]])).Max());
        double roundOff = RoundOff * size, limit = Exactness * data.Scale[columns[k]];
        // A column that contributes no more than rounding has no part in the relation, which solved for it would give any number.
        int[] parts = [.. columns.Where((_, c) => c == k
            || Math.Abs(beta[c]) * data.Scale[columns[k]] * rows.Max(row => Math.Abs(row[c])) > roundOff)];
        if (parts.Length < columns.Length) return Verify(data, parts);
        for (int digits = 1; digits <= 17; digits++)
        {
            double[] rounded = digits == 17 ? slopes : [.. slopes.Select(s => Significant(s, digits))];
            double constant = 0, worst = Residual(data, indices, columns, rounded, 0);
            if (worst > roundOff)
            {
                constant = indices.Average(i => data.Matrix[i, columns[k]] - Predicted(data, i, columns, rounded));
                constant = Math.Abs(constant) <= roundOff ? 0 : digits == 17 ? constant : Significant(constant, 12);
                worst = Residual(data, indices, columns, rounded, constant);
            }
            if (worst <= (digits == 17 ? limit : Math.Min(limit, roundOff)))
                return new LinearRelation([.. columns.Select(j => data.Matrix.ColumnNames[j])], [.. rounded, -1], 0 - constant,
                    rows.Length, digits <= MostExactDigits && worst <= roundOff ? 0 : Unexplained(data, indices, columns, rounded,
                        constant));
        }
        return null;
    }

    /// <summary>For each column of the set that the ones before it determine in the sample: it, after those that do.</summary>
    private static List<int[]> Dependent(double[][] sample, int[] set)
    {
        var dependent = new List<int[]>();
        int count = set.Length;
        (_, double[] products) = Centred(sample, count);
        var independent = new List<int>();
        var factor = new double[count * count]; // of the independent columns' cross-products, rows as they are taken in
        for (int j = 0; j < count; j++)
        {
            int k = independent.Count;
            Span<double> row = factor.AsSpan(k * count, count);
            for (int a = 0; a < k; a++) row[a] = products[j * count + independent[a]];
            Cholesky.SolveLower(factor, k, count, row, 1, 1);
            double total = products[j * count + j], pivot = total - Dot.Product(row[..k], row[..k]);
            if (total > 0 && pivot > 1e-11 * total)
            {
                row[k] = Math.Sqrt(pivot);
                independent.Add(j);
                continue;
            }
            if (!(total > 0)) continue;
            double[] beta = row[..k].ToArray();
            Cholesky.SolveUpper(factor, k, count, beta, 1, 1);
            double scale = Math.Sqrt(total);
            int[] support = [.. Enumerable.Range(0, k).Where(a => Math.Abs(beta[a]) * Math.Sqrt(products[independent[a] * count
                + independent[a]]) > 1e-5 * scale)];
            if (support.Length > 0) dependent.Add([.. support.Select(a => set[independent[a]]), set[j]]);
        }
        return dependent;
    }

    /// <summary>Whether the rows are enough for a relation among these columns not to hold in them by chance: at least two different ones
    /// beyond those that determine it; or, of columns with few different values (dummies, small integers), many rows, in which every value
    /// of each column that the data have occurs.</summary>
    private static bool IsEvidence(GaussianData data, int[] columns, double[][] rows)
    {
        if (rows.Length < columns.Length + 2) return false;
        if (rows.Take(10_000).Select(row => string.Join(' ', row)).Distinct().Count() >= columns.Length + 2) return true;
        return rows.Length >= columns.Length + 30 && columns.Index().All(c =>
        {
            HashSet<double> seen = [.. rows.Select(row => row[c.Index])];
            for (int i = 0; i < data.Matrix.RowCount; i++)
                if (data.Matrix[i, c.Item] is var x && !double.IsNaN(x) && !seen.Contains((x - data.Center[c.Item]) / data.Scale[c.Item]))
                    return false;
            return true;
        });
    }

    private static (double[] Mean, double[] Products) Centred(double[][] rows, int count)
    {
        var mean = new double[count];
        foreach (double[] row in rows) AddScaled.To(mean, 1.0 / rows.Length, row);
        var products = new double[count * count];
        var d = new double[count];
        foreach (double[] row in rows)
        {
            for (int i = 0; i < count; i++) d[i] = row[i] - mean[i];
            for (int i = 0; i < count; i++) AddScaled.To(products.AsSpan(i * count, count), d[i], d);
        }
        return (mean, products);
    }

    /// <summary>Standardised rows that have all the columns, up to a maximum number.</summary>
    private static double[][] Rows(GaussianData data, int[] columns, int most)
    {
        int[] indices = RowIndices(data, columns, most);
        var rows = new double[indices.Length][];
        for (int r = 0; r < rows.Length; r++)
        {
            rows[r] = new double[columns.Length];
            for (int a = 0; a < columns.Length; a++)
                rows[r][a] = (data.Matrix[indices[r], columns[a]] - data.Center[columns[a]]) / data.Scale[columns[a]];
        }
        return rows;
    }

    /// <summary>The patterns of at least two columns with the most rows, the first of equals before the others.</summary>
    private static List<int> MostFrequent(MissingPatterns patterns)
    {
        var most = new List<int>(MostSets + 1);
        for (int k = 0; k < patterns.Count; k++)
        {
            if (patterns.ColumnCount - patterns.MissingCountOf(k) < 2) continue;
            int count = patterns.RowCountOf(k), at = most.Count;
            while (at > 0 && patterns.RowCountOf(most[at - 1]) < count) at--;
            if (at == MostSets) continue;
            most.Insert(at, k);
            if (most.Count > MostSets) most.RemoveAt(MostSets);
        }
        return most;
    }

    private static int[] RowIndices(GaussianData data, int[] columns, int most)
    {
        int[] having = data.Patterns.HavingAll(columns);
        long total = 0, seen = 0;
        foreach (int k in having) total += data.Patterns.RowCountOf(k);
        var indices = new List<int>((int)Math.Min(total, most));
        foreach (int k in having)
        {
            // Evenly through them all: the first rows of a sorted file are all alike.
            foreach (int row in data.Patterns.RowsOf(k))
                if (total <= most || seen++ * most / total >= indices.Count) indices.Add(row);
        }
        return [.. indices];
    }

    private static double Residual(GaussianData data, int[] rows, int[] columns, double[] slopes, double constant) =>
        rows.Max(i => Math.Abs(data.Matrix[i, columns[^1]] - Predicted(data, i, columns, slopes) - constant));

    /// <summary>1 − R² of the last column.</summary>
    private static double Unexplained(GaussianData data, int[] rows, int[] columns, double[] slopes, double constant)
    {
        double residual = 0;
        foreach (int i in rows)
        {
            double rest = data.Matrix[i, columns[^1]] - Predicted(data, i, columns, slopes) - constant;
            residual += rest * rest;
        }
        return residual / SampleMoments.Of(Array.ConvertAll(rows, i => data.Matrix[i, columns[^1]])).SumOfSquares;
    }

    private static double Predicted(GaussianData data, int row, int[] columns, double[] slopes)
    {
        double sum = 0;
        for (int k = 0; k < slopes.Length; k++) sum += slopes[k] * data.Matrix[row, columns[k]];
        return sum;
    }

    private static double Significant(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value)) return value;
        double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) + 1 - digits);
        return unit < 1 ? Math.Round(value * Math.Round(1 / unit)) / Math.Round(1 / unit) : Math.Round(value / unit) * unit;
    }
}
