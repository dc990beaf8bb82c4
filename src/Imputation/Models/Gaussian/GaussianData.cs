using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>A matrix made ready for EM: columns centred and scaled, rows grouped by pattern, rows with nothing observed left out.</summary>
internal sealed class GaussianData
{
    /// <summary>Rows of a sample: enough for 1 less the rate of EM to a tenth, and rather too high a rate; more for more columns, and for
    /// much more data.</summary>
    private const int FewestSampled = 8192, SampledPerColumn = 100, OneSampledOf = 32;

    /// <summary>Work of an E-step, and how much more of it than over the sample, from which on a sample pays.</summary>
    private const double WorthSampling = 3e6, SampleGain = 4;

    private readonly Lazy<GaussianData?> _sample;

    private GaussianData(IncompleteMatrix matrix, StandardisedRows rows, MissingPatterns patterns, double[] center, double[] scale,
        int[] observedCounts, int rowCount, PatternBlock[] blocks, ParallelOptions parallel)
    {
        Matrix = matrix;
        Rows = rows;
        Patterns = patterns;
        Center = center;
        Scale = scale;
        ObservedCounts = observedCounts;
        Blocks = blocks;
        RowCount = rowCount;
        Parallel = parallel;
        for (int j = 0; j < scale.Length; j++)
        {
            double log = observedCounts[j] * Math.Log(scale[j]);
            ObservedCellCount += observedCounts[j];
            LogJacobian -= log;
            LogJacobianSize += Math.Abs(log);
        }
        foreach (PatternBlock block in blocks) Cost += block.Cost;
        _sample = new Lazy<GaussianData?>(Sampled);
    }

    /// <summary>Standardises and groups. A pattern is kept as sums where an E-step over them costs less than over its rows.</summary>
    /// <param name="matrix">Every column has at least two distinct values.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="sums">Overrides the choice between sums and rows, for tests.</param>
    public static GaussianData From(IncompleteMatrix matrix, int threads = 0, bool? sums = null)
    {
        int p = matrix.ColumnCount;
        var center = new double[p];
        var scale = new double[p];
        var counts = new int[p];
        var parallel = ParallelWork.Options(threads);
        MissingPatterns patterns = MissingPatterns.Of(matrix, parallel);
        ParallelWork.For(p, parallel, j => (center[j], scale[j], counts[j]) = Moments(matrix.Column(j)));
        for (int j = 0; j < p; j++)
        {
            if (!(scale[j] is > 1e-140 and < 1e140))
                throw new ImputationDataException($"Column '{matrix.ColumnNames[j]}': the values spread so "
                    + $"{(scale[j] < 1 ? "little" : "far")} that their variance cannot be represented in floating point; expected a "
                    + "standard deviation between 1e-140 and 1e140. Give the column in other units.", matrix.ColumnNames[j]);
        }

        var rows = new StandardisedRows(matrix, center, scale);
        PatternBlock[] blocks = PatternBlocks.Make(rows, patterns, parallel, sums);
        return new GaussianData(matrix, rows, patterns, center, scale, counts, RowsOf(blocks), blocks, parallel);
    }

    /// <summary>The same rows, some counting several times and some not at all, on the same scale; they share the memory of
    /// these.</summary>
    /// <param name="weights">How often each row of the matrix counts; rows with nothing observed do not count anyway.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    public GaussianData Weighted(int[] weights, int threads)
    {
        var parallel = ParallelWork.Options(threads);
        PatternBlock[] blocks = PatternBlocks.Weighted(Blocks, Rows, Patterns, weights, parallel);
        var counts = new int[ColumnCount];
        int rowCount = 0;
        foreach (PatternBlock block in blocks)
        {
            for (int k = 0; k < block.Count; k++)
            {
                int weight = (int)block.WeightOf(k);
                rowCount += weight;
                for (int j = 0; j < counts.Length; j++) counts[j] += weight;
                foreach (int j in block.Missing(k)) counts[j] -= weight;
            }
        }
        return new GaussianData(Matrix, Rows, Patterns, Center, Scale, counts, rowCount, blocks, parallel);
    }

    /// <summary>The data as they were given.</summary>
    public IncompleteMatrix Matrix { get; }

    /// <summary>The same on the standardised scale.</summary>
    public StandardisedRows Rows { get; }

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

    /// <summary>The rows in which something is observed, by pattern.</summary>
    public PatternBlock[] Blocks { get; }

    /// <summary>Rows taken at random, on the same scale; null where an E-step over all of them costs little, or not much more.</summary>
    public GaussianData? Subsample => _sample.Value;

    /// <summary>Parameters on the scale of the data, put onto the standardised one; null where the covariance is not positive
    /// definite.</summary>
    public GaussianParameters? Standardised(double[] mean, double[,] covariance)
    {
        int p = ColumnCount;
        var scaled = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) scaled[i * p + j] = covariance[i, j] / (Scale[i] * Scale[j]);
        return GaussianParameters.Create(Transformed(mean, (m, j) => (m - Center[j]) / Scale[j]), scaled);
    }

    /// <summary>Means on the scale of the data.</summary>
    public double[] MeanOf(GaussianParameters parameters) => Transformed(parameters.Mean, (m, j) => Center[j] + Scale[j] * m);

    /// <summary>The covariance on the scale of the data.</summary>
    public double[,] CovarianceOf(GaussianParameters parameters)
    {
        int p = parameters.Count;
        var covariance = new double[p, p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) covariance[i, j] = parameters.Covariance[i * p + j] * (Scale[i] * Scale[j]);
        return covariance;
    }

    /// <summary>What an E-step costs, in multiplications or what takes as long.</summary>
    public double Cost { get; }

    /// <summary>Threads, and what cancels.</summary>
    public ParallelOptions Parallel { get; }

    private GaussianData? Sampled()
    {
        int count = Math.Max(Math.Max(FewestSampled, SampledPerColumn * ColumnCount), RowCount / OneSampledOf),
            step = Matrix.RowCount / count;
        if (Cost < WorthSampling || step < SampleGain) return null;
        var taken = new int[count];
        // one of each few: spread over the file, and not in step with it
        for (int i = 0; i < count; i++) taken[i] = i * step + (int)(CounterRandom.Uniform(1, i, 0, 0) * step);
        IncompleteMatrix matrix = Matrix.Rows(taken, Parallel);
        var rows = new StandardisedRows(matrix, Center, Scale);
        var patterns = MissingPatterns.Of(matrix, Parallel);
        var counts = new int[ColumnCount];
        for (int j = 0; j < counts.Length; j++) counts[j] = matrix.Columns[j].Count - matrix.Columns[j].MissingCount;
        PatternBlock[] blocks = PatternBlocks.Make(rows, patterns, Parallel, null);
        var sample = new GaussianData(matrix, rows, patterns, Center, Scale, counts, RowsOf(blocks), blocks, Parallel);
        return SampleGain * sample.Cost < Cost ? sample : null;
    }

    private static double[] Transformed(double[] values, Func<double, int, double> function)
    {
        var transformed = new double[values.Length];
        for (int j = 0; j < values.Length; j++) transformed[j] = function(values[j], j);
        return transformed;
    }

    private static int RowsOf(PatternBlock[] blocks)
    {
        int rows = 0;
        foreach (PatternBlock block in blocks) rows += block.RowCount;
        return rows;
    }

    /// <summary>Count, mean and standard deviation (divisor n) of the numbers in a column; exact to rounding for any offset.</summary>
    private static (double Mean, double Deviation, int Count) Moments(ReadOnlySpan<double> column)
    {
        double shift = double.NaN;
        foreach (double x in column)
        {
            shift = x;
            if (!double.IsNaN(x)) break;
        }
        (int count, double sum) = ObservedMoments.Sum(column, shift);
        double offset = sum / count;
        (double squares, double rest) = ObservedMoments.Squares(column, shift, offset); // may overflow: From says so
        return (shift + offset, Math.Sqrt((squares - rest * rest / count) / count), count);
    }
}
