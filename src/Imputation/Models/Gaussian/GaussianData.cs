using Imputation.Numerics;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>A matrix made ready for EM: columns centred and scaled, rows grouped by pattern, rows with nothing observed left out.</summary>
internal sealed class GaussianData
{
    /// <summary>Work of an E-step, and how much more of it than over the sample, from which on a sample pays.</summary>
    private const double WorthSampling = 3e6, SampleGain = 4;

    private readonly Source? _source;
    private readonly Lazy<GaussianData?> _sample;
    private IncompleteMatrix? _streamed; // some of the rows, where they came in batches

    /// <summary>Rows, where the data have rows.</summary>
    private sealed record Source(IncompleteMatrix Matrix, StandardisedRows Rows);

    private GaussianData(Source? source, IReadOnlyList<string> columnNames, MissingPatterns patterns, double[] center, double[] scale,
        PatternBlock[] blocks, ParallelOptions parallel)
    {
        _source = source;
        ColumnNames = columnNames;
        Patterns = patterns;
        TotalRowCount = patterns.RowCount;
        Center = center;
        Scale = scale;
        ObservedWeights = new double[center.Length];
        Blocks = blocks;
        Parallel = parallel;
        foreach (PatternBlock block in blocks)
        {
            Cost += block.Cost;
            RowCount = (int)Math.Min(int.MaxValue, (long)RowCount + block.RowCount);
            for (int k = 0; k < block.Count; k++)
            {
                double weight = block.WeightOf(k);
                Weight += weight;
                foreach (ref double observed in ObservedWeights.AsSpan()) observed += weight;
                foreach (int j in block.Missing(k)) ObservedWeights[j] -= weight;
            }
        }
        for (int j = 0; j < scale.Length; j++)
        {
            double log = ObservedWeights[j] * Math.Log(scale[j]);
            ObservedCellWeight += ObservedWeights[j];
            LogJacobian -= log;
            LogJacobianSize += Math.Abs(log);
        }
        _sample = new Lazy<GaussianData?>(Sampled);
    }

    /// <summary>Standardises and groups. A pattern is kept as sums where an E-step over them costs less than over its rows.</summary>
    /// <param name="matrix">Every column has at least two distinct values.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="sums">Overrides the choice between sums and rows, for tests.</param>
    /// <exception cref="ImputationDataException">A column whose standard deviation a double does not hold well.</exception>
    public static GaussianData From(IncompleteMatrix matrix, int threads = 0, bool? sums = null)
    {
        int p = matrix.ColumnCount;
        var center = new double[p];
        var scale = new double[p];
        var parallel = ParallelWork.Options(threads);
        MissingPatterns patterns = MissingPatterns.Of(matrix, parallel);
        ParallelWork.For(p, parallel, j =>
        {
            SampleMoments moments = SampleMoments.Of(matrix.Column(j));
            (center[j], scale[j]) = (moments.Mean, moments.PopulationDeviation);
        });
        CheckScale(scale, matrix.ColumnNames);
        var rows = new StandardisedRows(matrix, center, scale);
        PatternBlock[] blocks = PatternBlocks.Make(rows, patterns, parallel, sums);
        return new GaussianData(new Source(matrix, rows), matrix.ColumnNames, patterns, center, scale, blocks, parallel);
    }

    /// <summary>The same without rows: of each pattern the number of its rows, their means and co-moments are all that is known.</summary>
    /// <param name="statistics">Every column varies.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <exception cref="ImputationDataException">A column whose standard deviation a double does not hold well.</exception>
    public static GaussianData From(PatternStatistics statistics, int threads = 0)
    {
        IReadOnlyList<PatternMoments> patterns = statistics.Ordered();
        PatternMoments[] columns = statistics.Columns();
        double[] center = [.. columns.Select(c => c.Mean[0])], scale = [.. columns.Select(c => Math.Sqrt(c.CoMoment(0, 0) / c.Weight))];
        CheckScale(scale, statistics.ColumnNames);
        return new GaussianData(null, statistics.ColumnNames, MissingPatterns.Of(center.Length, patterns), center, scale,
            PatternBlocks.From(patterns, center, scale), ParallelWork.Options(threads))
        {
            TotalRowCount = statistics.RowCount,
        };
    }

    /// <summary>The same from rows that came in batches.</summary>
    /// <param name="frequent">Statistics of frequent patterns.</param>
    /// <param name="rare">Blocks of the rows of rare patterns, standardised or to be.</param>
    /// <param name="patterns">The patterns of all rows.</param>
    /// <param name="rowCount">Number of rows, those with nothing observed included.</param>
    /// <param name="center">Mean of each column's observed cells.</param>
    /// <param name="scale">Their standard deviation (divisor n).</param>
    /// <param name="sample">Some of the rows.</param>
    /// <param name="parallel">Threads.</param>
    /// <exception cref="ImputationDataException">A column whose standard deviation a double does not hold well.</exception>
    public static GaussianData From(PatternStatistics frequent, IReadOnlyList<PatternBlock> rare, MissingPatterns patterns, long rowCount,
        double[] center, double[] scale, IncompleteMatrix sample, ParallelOptions parallel)
    {
        CheckScale(scale, frequent.ColumnNames);
        return new GaussianData(null, frequent.ColumnNames, patterns, center, scale,
            [.. PatternBlocks.From(frequent.Ordered(), center, scale), .. rare], parallel)
        {
            TotalRowCount = rowCount,
            _streamed = sample,
        };
    }

    private static void CheckScale(double[] scale, IReadOnlyList<string> names)
    {
        for (int j = 0; j < scale.Length; j++)
        {
            if (!(scale[j] is > 1e-140 and < 1e140))
                throw new ImputationDataException($"Column '{names[j]}': the values vary so "
                    + $"{(scale[j] < 1 ? "little" : "much")} that their variance cannot be represented in floating "
                    + "point; expected a standard deviation between 1e-140 and 1e140. Give the column in other units.", names[j]);
        }
    }

    /// <summary>The same rows with weights, on the same scale; they share the memory of these.</summary>
    /// <remarks>Weights are real numbers: counts of a resample, responsibilities of a mixture's component, weights of a survey.</remarks>
    /// <param name="weights">Weight of each row of the matrix, 0 or more; rows with nothing observed do not count anyway.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    public GaussianData Weighted(double[] weights, int threads)
    {
        var parallel = ParallelWork.Options(threads);
        PatternBlock[] blocks = PatternBlocks.Weighted(Blocks, Rows, Patterns, weights, parallel);
        return new GaussianData(_source, ColumnNames, Patterns, Center, Scale, blocks, parallel) { RowWeights = weights };
    }

    /// <summary>The weight of each row of the matrix; null where all weigh 1.</summary>
    public double[]? RowWeights { get; private init; }

    private Source Given => _source ?? throw new InvalidOperationException("These data are pattern statistics; they have no rows.");

    /// <summary>Whether the data have rows: not where they are pattern statistics.</summary>
    public bool HasRows => _source is not null;

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The data as they were given.</summary>
    public IncompleteMatrix Matrix => Given.Matrix;

    /// <summary>The same on the standardised scale.</summary>
    public StandardisedRows Rows => Given.Rows;

    /// <summary>All patterns, that of rows with nothing observed included. Without rows, of each the number of rows only.</summary>
    public MissingPatterns Patterns { get; }

    /// <summary>Number of columns, p.</summary>
    public int ColumnCount => Center.Length;

    /// <summary>Number of rows with something observed; 2³¹ − 1 where they are more.</summary>
    public int RowCount { get; }

    /// <summary>Number of rows, those with nothing observed included.</summary>
    public long TotalRowCount { get; private init; }

    /// <summary>n: the sum of the weights of these rows, their number where none has a weight.</summary>
    public double Weight { get; }

    /// <summary>Sum of the weights of the observed cells: their number where no row has a weight.</summary>
    public double ObservedCellWeight { get; }

    /// <summary>The same of the missing cells in rows with something observed.</summary>
    public double MissingCellWeight => Weight * ColumnCount - ObservedCellWeight;

    /// <summary>Mean of each column's observed cells.</summary>
    public double[] Center { get; }

    /// <summary>Standard deviation (divisor n) of each column's observed cells.</summary>
    public double[] Scale { get; }

    /// <summary>Sum of the weights of each column's observed cells: their number where no row has a weight.</summary>
    public double[] ObservedWeights { get; }

    /// <summary>Log-Jacobian of the standardisation, −Σ log s over observed cells: added to the log-likelihood of the standardised
    /// data, it gives that of the data.</summary>
    public double LogJacobian { get; }

    /// <summary>The same with every term taken as positive: the scale of its rounding error.</summary>
    public double LogJacobianSize { get; }

    /// <summary>The rows in which something is observed, by pattern.</summary>
    public PatternBlock[] Blocks { get; }

    /// <summary>Rows taken at random, on the same scale; null where an E-step over all of them costs little, or not much more.</summary>
    public GaussianData? Subsample => _sample.Value;

    /// <summary>Parameters on the scale of the data, put onto the standardised one; null where the covariance is not positive
    /// definite.</summary>
    public GaussianParameters? Standardised(double[] mean, double[,] covariance) =>
        GaussianParameters.Standardised(mean, covariance, Center, Scale);

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

    /// <summary>Cost of an E-step, in units of a multiplication.</summary>
    public double Cost { get; }

    /// <summary>Threads, and cancellation.</summary>
    public ParallelOptions Parallel { get; }

    /// <summary>Whether the rows came in batches and are not kept as they were.</summary>
    public bool IsStreamed => _streamed is not null;

    /// <summary>Some of the rows of data that came in batches; null of others.</summary>
    public GaussianData? Sample => _streamed is null ? null : Over(_streamed);

    /// <summary>Linear relations that hold in every row of data that came in batches.</summary>
    public IReadOnlyList<LinearRelation> Relations { get; set; } = [];

    private GaussianData? Sampled()
    {
        if (_streamed is not null)
            return Cost < WorthSampling || TotalRowCount < SampleGain * _streamed.RowCount ? null : Worthwhile(_streamed);
        if (!HasRows) return null;
        int count = RowSample.Count(Matrix.RowCount, ColumnCount);
        if (Cost < WorthSampling || Matrix.RowCount / count < SampleGain) return null;
        return Worthwhile(Matrix.Rows([.. Enumerable.Range(0, count).Select(i => (int)RowSample.Taken(i, Matrix.RowCount, count))],
            Parallel));
    }

    /// <summary>Some of the rows as data, on the same scale; null where an E-step over them does not cost much less.</summary>
    private GaussianData? Worthwhile(IncompleteMatrix matrix) =>
        Over(matrix) is var sample && SampleGain * sample.Cost < Cost ? sample : null;

    private GaussianData Over(IncompleteMatrix matrix)
    {
        var rows = new StandardisedRows(matrix, Center, Scale);
        var patterns = MissingPatterns.Of(matrix, Parallel);
        PatternBlock[] blocks = PatternBlocks.Make(rows, patterns, Parallel, null);
        return new GaussianData(new Source(matrix, rows), ColumnNames, patterns, Center, Scale, blocks, Parallel);
    }

    private static double[] Transformed(double[] values, Func<double, int, double> function)
    {
        var transformed = new double[values.Length];
        for (int j = 0; j < values.Length; j++) transformed[j] = function(values[j], j);
        return transformed;
    }
}
