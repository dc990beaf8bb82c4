using Imputation.Numerics.Kernels;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>Counts, means, standard deviations and correlations over the rows in which two columns are both observed; for every
/// pair.</summary>
/// <remarks>Each correlation has its own rows, and the means and standard deviations of those rows. Sums over all rows with a column,
/// less those over its rows in which the other is missing, give them: the cost is a cross-product of the matrix and a few additions
/// for each missing cell. Rows go in fixed pieces that are put together in order, so the bits do not depend on the threads.</remarks>
internal sealed class JointMoments
{
    private const int BatchRows = 128, PieceRows = 1 << 16, MostPieces = 32;

    private readonly int _stride;
    private readonly double[] _center, _scale;
    private readonly int[] _observed;
    private readonly Sums _sums;

    private JointMoments(double[] center, double[] scale, int[] observed, int stride, Sums sums)
    {
        (_center, _scale, _observed, _stride, _sums) = (center, scale, observed, stride, sums);
    }

    /// <summary>Sums up all rows, or some.</summary>
    /// <param name="matrix">The data.</param>
    /// <param name="center">p numbers near the means, so that no digits are lost.</param>
    /// <param name="scale">p numbers like the standard deviations.</param>
    /// <param name="rows">The rows, or null for all.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static JointMoments Of(IncompleteMatrix matrix, double[] center, double[] scale, int[]? rows, ParallelOptions parallel)
    {
        int n = rows?.Length ?? matrix.RowCount, p = matrix.ColumnCount, stride = CrossProduct.Stride(p);
        int size = Math.Max(PieceRows, (n + MostPieces - 1) / MostPieces), pieces = (n + size - 1) / size;
        var parts = new Sums[pieces];
        ParallelWork.For(pieces, parallel, piece =>
        {
            parts[piece] = new Sums(stride);
            for (int first = piece * size, end = Math.Min(n, first + size); first < end; first += BatchRows)
            {
                parallel.CancellationToken.ThrowIfCancellationRequested();
                parts[piece].Add(matrix, center, scale, rows, first, Math.Min(BatchRows, end - first));
            }
        });
        var sums = new Sums(stride);
        foreach (Sums part in parts) sums.Add(part);
        var observed = new int[p];
        for (int j = 0; j < p; j++) observed[j] = n - (int)sums.MissingWith[j * stride + j];
        return new JointMoments(center, scale, observed, stride, sums);
    }

    /// <summary>Rows in which both are observed.</summary>
    public int Count(int j, int k) => j == k ? _observed[j] : _observed[j] - (int)_sums.MissingWith[k * _stride + j];

    /// <summary>Mean of a column over its observed rows; NaN where there are none.</summary>
    public double Mean(int j) => _observed[j] == 0 ? double.NaN : _center[j] + _scale[j] * (_sums.Total[j] / _observed[j]);

    /// <summary>Standard deviation of a column over its observed rows, divisor n − 1; NaN for fewer than two.</summary>
    public double StandardDeviation(int j)
    {
        double count = _observed[j], mean = _sums.Total[j] / count;
        return count < 2 ? double.NaN : _scale[j] * Math.Sqrt(Math.Max(0, (Cross(j, j) - count * mean * mean) / (count - 1)));
    }

    /// <summary>Correlation over the rows in which both are observed; NaN for fewer than two, or where one does not vary there.</summary>
    public double Correlation(int j, int k)
    {
        double count = Count(j, k);
        if (count < 2) return double.NaN;
        double meanJ = (_sums.Total[j] - _sums.SumWithout[k * _stride + j]) / count,
            meanK = (_sums.Total[k] - _sums.SumWithout[j * _stride + k]) / count;
        double squareJ = (Cross(j, j) - _sums.SquaresWithout[k * _stride + j]) / count,
            squareK = (Cross(k, k) - _sums.SquaresWithout[j * _stride + k]) / count;
        double varianceJ = squareJ - meanJ * meanJ, varianceK = squareK - meanK * meanK;
        if (!(varianceJ > Rounding * Math.Max(squareJ, Cross(j, j) / _observed[j]))
            || !(varianceK > Rounding * Math.Max(squareK, Cross(k, k) / _observed[k]))) return double.NaN;
        return Math.Clamp((Cross(j, k) / count - meanJ * meanK) / Math.Sqrt(varianceJ) / Math.Sqrt(varianceK), -1, 1);
    }

    /// <summary>A variance this small against what it is the difference of is rounding.</summary>
    private const double Rounding = 1e-12;

    private double Cross(int j, int k) => _sums.Products[Math.Max(j, k) * _stride + Math.Min(j, k)];

    /// <summary>Sums over rows, z = (x − center) / scale, 0 where missing.</summary>
    private sealed class Sums(int stride)
    {
        private readonly double[] _batch = new double[BatchRows * stride];
        private readonly double[] _present = new double[stride], _squares = new double[stride];

        public double[] Total { get; } = new double[stride];

        /// <summary>Σ z zᵀ, lower triangle.</summary>
        public double[] Products { get; } = new double[stride * stride];

        /// <summary>In row k: over the rows in which k is missing, Σ z of each column, Σ z², and the count of observed cells; on the
        /// diagonal of the last the rows themselves.</summary>
        public double[] SumWithout { get; } = new double[stride * stride];

        public double[] SquaresWithout { get; } = new double[stride * stride];

        public double[] MissingWith { get; } = new double[stride * stride];

        public void Add(IncompleteMatrix matrix, double[] center, double[] scale, int[]? rows, int first, int count)
        {
            int p = matrix.ColumnCount;
            Array.Clear(_batch);
            for (int j = 0; j < p; j++)
            {
                ReadOnlySpan<double> column = matrix.Column(j);
                for (int r = 0; r < count; r++) _batch[r * stride + j] = (column[rows is null ? first + r : rows[first + r]]
                    - center[j]) / scale[j];
            }
            var missing = new List<int>();
            for (int r = 0; r < count; r++)
            {
                Span<double> z = _batch.AsSpan(r * stride, stride);
                missing.Clear();
                for (int j = 0; j < p; j++)
                {
                    if (!double.IsNaN(z[j])) continue;
                    z[j] = 0;
                    missing.Add(j);
                }
                AddScaled.To(Total, 1, z);
                if (missing.Count == 0) continue;
                _present.AsSpan(0, p).Fill(1);
                foreach (int k in missing) _present[k] = 0;
                for (int j = 0; j < p; j++) _squares[j] = z[j] * z[j];
                foreach (int k in missing)
                {
                    AddScaled.To(SumWithout.AsSpan(k * stride, stride), 1, z);
                    AddScaled.To(SquaresWithout.AsSpan(k * stride, stride), 1, _squares);
                    AddScaled.To(MissingWith.AsSpan(k * stride, stride), 1, _present);
                    MissingWith[k * stride + k]++;
                }
            }
            CrossProduct.Add(_batch, count, stride, Products);
        }

        public void Add(Sums other)
        {
            AddScaled.To(Total, 1, other.Total);
            AddScaled.To(Products, 1, other.Products);
            AddScaled.To(SumWithout, 1, other.SumWithout);
            AddScaled.To(SquaresWithout, 1, other.SquaresWithout);
            AddScaled.To(MissingWith, 1, other.MissingWith);
        }
    }
}
