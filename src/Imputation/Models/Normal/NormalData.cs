using Imputation.Data;
using Imputation.Numerics;

namespace Imputation.Models.Normal;

/// <summary>The rows of one pattern on the standardised scale: as they are, or only their sums.</summary>
/// <param name="Observed">Indices of the observed columns; at least one.</param>
/// <param name="Missing">Indices of the missing columns.</param>
/// <param name="RowCount">Number of rows.</param>
/// <param name="Rows">The rows over all p columns in their order, 0 where missing, <see cref="CrossProduct.Stride"/> apart; or null where
/// the sums stand for them.</param>
/// <param name="Sum">Σ x, |O| numbers, or null where the rows are kept.</param>
/// <param name="Products">Σ xxᵀ, |O| × |O|, both triangles, or null where the rows are kept.</param>
/// <param name="Root">R with RᵀR = Σ (x − x̄)(x − x̄)ᵀ, |O| × |O|, upper triangle; made when it is first asked for, null where the rows are kept.</param>
internal sealed record PatternData(int[] Observed, int[] Missing, int RowCount, double[]? Rows, double[]? Sum, double[]? Products, Lazy<double[]>? Root);

/// <summary>A matrix made ready for EM: columns centred and scaled, rows grouped by pattern, rows with nothing observed left out.</summary>
internal sealed class NormalData
{
    private const int BatchRows = 256;

    private NormalData(IncompleteMatrix matrix, MissingPatterns patterns, double[] center, double[] scale, int[] observedCounts, PatternData[] data)
    {
        Matrix = matrix;
        Patterns = patterns;
        Center = center;
        Scale = scale;
        ObservedCounts = observedCounts;
        Data = data;
        RowCount = data.Sum(d => d.RowCount);
        ObservedCellCount = observedCounts.Sum(c => (long)c);
        LogJacobian = -observedCounts.Select((count, j) => count * Math.Log(scale[j])).Sum();
        LogJacobianSize = observedCounts.Select((count, j) => count * Math.Abs(Math.Log(scale[j]))).Sum();
    }

    /// <summary>Standardises and groups. A pattern is kept as sums where an E-step over them costs less than over its rows.</summary>
    /// <param name="matrix">Every column has at least two distinct values.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="sums">Overrides the choice between sums and rows, for tests.</param>
    public static NormalData From(IncompleteMatrix matrix, int threads = 0, bool? sums = null)
    {
        int p = matrix.ColumnCount;
        var patterns = MissingPatterns.Of(matrix);
        var center = new double[p];
        var scale = new double[p];
        var counts = new int[p];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads };
        ParallelWork.For(p, parallel, j => (center[j], scale[j], counts[j]) = Moments(matrix.Column(j)));
        for (int j = 0; j < p; j++)
        {
            if (!(scale[j] is > 1e-140 and < 1e140))
                throw new ImputationDataException($"Column '{matrix.ColumnNames[j]}': the values spread so {(scale[j] < 1 ? "little" : "far")} that their variance is not a number a computer holds well; expected a standard deviation between 1e-140 and 1e140. Give the column in other units.", matrix.ColumnNames[j]);
        }

        MissingPattern[] used = [.. patterns.Where(pattern => pattern.Observed.Length > 0)];
        bool[] asSums = [.. used.Select(pattern => sums ?? SumsAreCheaper(pattern, p))];

        // Sums of a large pattern are made in pieces of fixed size, added in their order: the same bits on any number of threads.
        (int Pattern, int First)[] pieces = [.. used.SelectMany((pattern, k) =>
            Enumerable.Range(0, asSums[k] ? (pattern.RowCount + PieceRows - 1) / PieceRows : 1).Select(i => (k, i * PieceRows)))];
        var made = new PatternData[pieces.Length];
        ParallelWork.For(pieces.Length, parallel, i =>
        {
            (int k, int first) = pieces[i];
            made[i] = asSums[k] ? Sums(matrix, used[k], first, center, scale) : AllRows(matrix, used[k], center, scale);
        });
        var data = new List<PatternData>(used.Length);
        for (int i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].First == 0)
            {
                data.Add(made[i]);
                continue;
            }
            PatternData whole = data[^1], piece = made[i];
            AddScaled.To(whole.Sum, 1, piece.Sum);
            AddScaled.To(whole.Products, 1, piece.Products);
            data[^1] = whole with { RowCount = whole.RowCount + piece.RowCount };
        }
        for (int k = 0; k < data.Count; k++)
        {
            if (data[k].Sum is not { } sum) continue;
            MissingPattern pattern = used[k];
            data[k] = data[k] with { Root = new Lazy<double[]>(() => Root(matrix, pattern, sum, center, scale)) };
        }
        return new NormalData(matrix, patterns, center, scale, counts, [.. data]);
    }

    private const int PieceRows = 1 << 15;

    /// <summary>The data as they were given.</summary>
    public IncompleteMatrix Matrix { get; }

    /// <summary>All patterns, that of rows with nothing observed included.</summary>
    public MissingPatterns Patterns { get; }

    /// <summary>Number of columns, p.</summary>
    public int ColumnCount => Center.Length;

    /// <summary>Number of rows with something observed.</summary>
    public int RowCount { get; }

    /// <summary>Number of observed cells.</summary>
    public long ObservedCellCount { get; }

    /// <summary>Number of missing cells in rows with something observed.</summary>
    public long MissingCellCount => (long)RowCount * ColumnCount - ObservedCellCount;

    /// <summary>Mean of each column's observed cells.</summary>
    public double[] Center { get; }

    /// <summary>Standard deviation (divisor n) of each column's observed cells.</summary>
    public double[] Scale { get; }

    /// <summary>Number of observed cells of each column.</summary>
    public int[] ObservedCounts { get; }

    /// <summary>What to add to the log-likelihood of the standardised data to get that of the data: −Σ log s over observed cells.</summary>
    public double LogJacobian { get; }

    /// <summary>The same with every term counted positive: what rounding is relative to.</summary>
    public double LogJacobianSize { get; }

    /// <summary>The patterns in which something is observed.</summary>
    public PatternData[] Data { get; }

    /// <summary>Count, mean and standard deviation (divisor n) of the numbers in a column; exact to rounding for any offset.</summary>
    private static (double Mean, double Deviation, int Count) Moments(ReadOnlySpan<double> column)
    {
        double shift = double.NaN, sum = 0;
        int count = 0;
        foreach (double x in column)
        {
            if (double.IsNaN(x)) continue;
            if (count++ == 0) shift = x;
            sum += x - shift;
        }
        double offset = sum / count, squares = 0, rest = 0; // squares may overflow: From says so
        foreach (double x in column)
        {
            if (double.IsNaN(x)) continue;
            double d = x - shift - offset;
            squares += d * d;
            rest += d;
        }
        return (shift + offset, Math.Sqrt((squares - rest * rest / count) / count), count);
    }

    /// <summary>Compares the multiplications of an E-step over a pattern's sums with those over its rows.</summary>
    private static bool SumsAreCheaper(MissingPattern pattern, int p)
    {
        double o = pattern.Observed.Length, m = pattern.Missing.Length;
        return pattern.RowCount * (o * m + 0.5 * p * p) > o * o + o * o * m + o * m * m;
    }

    private static PatternData AllRows(IncompleteMatrix matrix, MissingPattern pattern, double[] center, double[] scale)
    {
        int stride = CrossProduct.Stride(matrix.ColumnCount);
        var rows = new double[pattern.RowCount * stride];
        Standardise(matrix, pattern, 0, pattern.RowCount, center, scale, rows, stride, pattern.Observed);
        return new PatternData(pattern.Observed, pattern.Missing, pattern.RowCount, rows, null, null, null);
    }

    private static PatternData Sums(IncompleteMatrix matrix, MissingPattern pattern, int first, double[] center, double[] scale)
    {
        int o = pattern.Observed.Length, stride = CrossProduct.Stride(o), end = Math.Min(first + PieceRows, pattern.RowCount);
        var batch = new double[BatchRows * stride];
        var total = new double[o * stride];
        var sum = new double[o];
        for (int start = first; start < end; start += BatchRows)
        {
            int count = Math.Min(BatchRows, end - start);
            Standardise(matrix, pattern, start, count, center, scale, batch, stride);
            CrossProduct.Add(batch, count, o, stride, total);
            for (int r = 0; r < count; r++) AddScaled.To(sum, 1, batch.AsSpan(r * stride, o));
        }
        var products = new double[o * o];
        for (int a = 0; a < o; a++)
            for (int b = 0; b <= a; b++) products[a * o + b] = products[b * o + a] = total[a * stride + b];
        return new PatternData(pattern.Observed, pattern.Missing, end - first, null, sum, products, null);
    }

    private static double[] Root(IncompleteMatrix matrix, MissingPattern pattern, double[] sum, double[] center, double[] scale)
    {
        int o = pattern.Observed.Length;
        var root = new double[o * o];
        var rows = new double[BatchRows * o];
        var columns = new double[BatchRows * o];
        for (int start = 0; start < pattern.RowCount; start += BatchRows)
        {
            int count = Math.Min(BatchRows, pattern.RowCount - start);
            Standardise(matrix, pattern, start, count, center, scale, rows, o);
            for (int r = 0; r < count; r++)
                for (int a = 0; a < o; a++) columns[a * count + r] = rows[r * o + a] - sum[a] / pattern.RowCount;
            TriangularRoot.Add(root, o, columns, count);
        }
        return root;
    }

    /// <summary>Writes the observed cells of some rows, each at its place among the observed ones, or at the place given.</summary>
    private static void Standardise(IncompleteMatrix matrix, MissingPattern pattern, int first, int count, double[] center, double[] scale, Span<double> target, int stride, int[]? places = null)
    {
        ReadOnlySpan<int> rows = pattern.Rows.Slice(first, count);
        for (int a = 0; a < pattern.Observed.Length; a++)
        {
            int j = pattern.Observed[a];
            ReadOnlySpan<double> column = matrix.Column(j);
            double shift = center[j], unit = scale[j];
            int place = places is null ? a : places[a];
            for (int r = 0; r < rows.Length; r++) target[r * stride + place] = (column[rows[r]] - shift) / unit;
        }
    }
}
