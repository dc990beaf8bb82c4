using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Normal.MarkovChains;

/// <summary>Patterns with the same number of missing columns, and the rows that the I-step completes for them: the original rows, or
/// rotated ones.</summary>
/// <remarks>The P-step needs only the sum and the cross-products of the n completed rows of a pattern. For Q orthogonal with first
/// row 1ᵀ/√n, both follow from QX: its first row is √n x̄, the next |O| rows are R, with RᵀR the cross-products about x̄, and the
/// others are 0. The noise QZ of the missing columns has the same distribution as Z. In the rows where QX is 0 only the
/// cross-products of the noise matter; they are Wishart with n − 1 − |O| degrees of freedom and |M| rows made from Bartlett's factor
/// replace them. So p + 1 rows replace any number of rows, and the draws have exactly the distribution that they have when every row
/// is completed.</remarks>
internal sealed class DataAugmentationBlock
{
    private const int BatchRows = 256;

    private readonly int[] _counts;

    private DataAugmentationBlock(PatternBlock rows, int[] counts)
    {
        Rows = rows;
        _counts = counts;
    }

    /// <summary>The rows that the I-step completes, their observed cells.</summary>
    public PatternBlock Rows { get; }

    /// <summary>Number of rows of the data of a pattern.</summary>
    public int CountOf(int pattern) => _counts[pattern];

    /// <summary>Whether a pattern's rows are rotated: √n x̄, then R.</summary>
    public bool IsRotated(int pattern) => _counts[pattern] != Rows.RowCountOf(pattern);

    /// <summary>Rotates the patterns of a block that have more than p + 1 rows.</summary>
    /// <param name="block">The patterns, kept as rows or as sums.</param>
    /// <param name="data">The data of the patterns.</param>
    /// <param name="rotate">Whether to rotate; false in a test that compares both.</param>
    public static DataAugmentationBlock From(PatternBlock block, GaussianData data, bool rotate = true)
    {
        int columnCount = data.ColumnCount, o = block.ObservedCount, m = block.MissingCount;
        int[] counts = [.. Enumerable.Range(0, block.Count).Select(block.RowCountOf)];
        var starts = new int[block.Count + 1];
        for (int k = 0; k < block.Count; k++) starts[k + 1] = starts[k] + (rotate && counts[k] > columnCount + 1 ? o + 1 : counts[k]);
        var cells = new double[checked(starts[^1] * o + MaskedRows.Margin)];
        var missing = new int[block.Count * m];
        double cost = 0;
        for (int k = 0; k < block.Count; k++)
        {
            block.Missing(k).CopyTo(missing.AsSpan(k * m));
            int kept = starts[k + 1] - starts[k];
            Span<double> target = cells.AsSpan(starts[k] * o, kept * o);
            if (block.AreSums)
            {
                if (kept == counts[k]) Read(data, block, k, target);
                else FromSums(block, k, target);
            }
            else if (kept == counts[k]) block.Rows(k).CopyTo(target);
            else Rotate(block.Rows(k), o, target);
            cost += Cost(columnCount, m, kept == counts[k] ? kept : columnCount + 1);
        }
        int[] patterns = [.. Enumerable.Range(0, block.Count).Select(block.IndexOf)];
        return new DataAugmentationBlock(new PatternBlock(columnCount, patterns, missing, starts, cells, 0, cost, null), counts);
    }

    /// <summary>Cost of a pattern in an I-step, in units of a multiplication.</summary>
    private static double Cost(int p, double m, double rows) =>
        150 + Math.Pow(Math.Min(m, p - m), 3) / 4 + 4 * m * m + m * m * m / 6 + rows * (60 + 2 * m * p + 5 * m * m + 10 * m + 0.5 * p * p);

    /// <summary>Reads the rows of a pattern from the data matrix, where the block kept only their sums.</summary>
    private static void Read(GaussianData data, PatternBlock block, int pattern, Span<double> target)
    {
        int o = block.ObservedCount;
        var observed = new int[o];
        block.Observed(pattern, observed);
        data.Rows.CopyTo(data.Patterns.RowsOf(block.IndexOf(pattern)), observed, target, o);
    }

    /// <summary>Rotated rows from the sum of the rows and the root of their cross-products about their mean.</summary>
    private static void FromSums(PatternBlock block, int pattern, Span<double> target)
    {
        int o = block.ObservedCount;
        AddScaled.To(target[..o], 1 / Math.Sqrt(block.RowCountOf(pattern)), block.Sum(pattern));
        block.Root(pattern).CopyTo(target[o..]);
    }

    private static void Rotate(ReadOnlySpan<double> rows, int o, Span<double> target)
    {
        int n = rows.Length / o;
        Span<double> mean = target[..o], root = target[o..];
        for (int r = 0; r < n; r++) AddScaled.To(mean, 1.0 / n, rows.Slice(r * o, o));
        var batch = new double[Math.Min(BatchRows, n) * o];
        for (int first = 0; first < n; first += BatchRows)
        {
            int count = Math.Min(BatchRows, n - first);
            for (int r = 0; r < count; r++)
                for (int a = 0; a < o; a++) batch[a * count + r] = rows[(first + r) * o + a] - mean[a];
            TriangularRoot.Add(root, o, batch.AsSpan(0, count * o), count);
        }
        double length = Math.Sqrt(n);
        for (int a = 0; a < o; a++) mean[a] *= length;
    }
}
