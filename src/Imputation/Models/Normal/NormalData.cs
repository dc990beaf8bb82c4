using Imputation.Data;
using Imputation.Numerics;

namespace Imputation.Models.Normal;

/// <summary>A matrix made ready for EM: columns centred and scaled, rows grouped by pattern, rows with nothing observed left out.</summary>
internal sealed class NormalData
{
    private NormalData(IncompleteMatrix matrix, MissingPatterns patterns, double[] center, double[] scale, int[] observedCounts, PatternBlock[] blocks)
    {
        Matrix = matrix;
        Patterns = patterns;
        Center = center;
        Scale = scale;
        ObservedCounts = observedCounts;
        Blocks = blocks;
        RowCount = blocks.Sum(b => b.RowCount);
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

        return new NormalData(matrix, patterns, center, scale, counts, PatternBlocks.Make(matrix, patterns, center, scale, parallel, sums));
    }

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

    /// <summary>The rows in which something is observed, by pattern.</summary>
    public PatternBlock[] Blocks { get; }

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
}
