using Imputation.Numerics;
using Imputation.Patterns;

namespace Imputation.Models.Factor;

/// <summary>A matrix made ready for EM: observed cells only, as standard scores, row after row in the order of patterns. Rows with nothing
/// observed are left out.</summary>
internal sealed class FactorData
{
    private FactorData(IncompleteMatrix matrix, MissingPatterns patterns, double[] center, double[] scale, FactorPattern[] used,
        double[] cells, double[]? weights)
    {
        (Matrix, AllPatterns, Center, Scale, Patterns, Cells, RowWeights) = (matrix, patterns, center, scale, used, cells, weights);
        int p = matrix.ColumnCount;
        ObservedWeights = new double[p];
        var having = new List<(int Pattern, int Place)>[p];
        for (int j = 0; j < p; j++) having[j] = [];
        for (int k = 0; k < used.Length; k++)
        {
            for (int b = 0; b < used[k].Observed.Length; b++)
            {
                having[used[k].Observed[b]].Add((k, b));
                ObservedWeights[used[k].Observed[b]] += used[k].Weight;
            }
            Weight += used[k].Weight;
            RowCount += used[k].Rows.Length;
        }
        Having = Array.ConvertAll(having, list => list.ToArray());
        for (int j = 0; j < p; j++)
        {
            ObservedCellWeight += ObservedWeights[j];
            LogJacobian -= ObservedWeights[j] * Math.Log(scale[j]);
        }
    }

    /// <summary>Standardises and groups.</summary>
    /// <param name="matrix">Every column has at least two distinct values.</param>
    /// <param name="weights">Weight of each row; null where all weigh 1.</param>
    /// <exception cref="ImputationDataException">A column whose standard deviation a double does not hold well.</exception>
    public static FactorData From(IncompleteMatrix matrix, double[]? weights)
    {
        int p = matrix.ColumnCount;
        double[] center = new double[p], scale = new double[p];
        for (int j = 0; j < p; j++)
        {
            SampleMoments moments = SampleMoments.Of(matrix.Column(j));
            (center[j], scale[j]) = (moments.Mean, moments.PopulationDeviation);
            if (!(scale[j] is > 1e-140 and < 1e140))
                throw new ImputationDataException($"Column '{matrix.ColumnNames[j]}' varies too {(scale[j] < 1 ? "little" : "much")} for "
                    + "floating point; expected a standard deviation between 1e-140 and 1e140. Give the column in other units.",
                    matrix.ColumnNames[j]);
        }
        return From(matrix, weights, center, scale);
    }

    /// <summary>The same on a given scale.</summary>
    public static FactorData From(IncompleteMatrix matrix, double[]? weights, double[] center, double[] scale)
    {
        MissingPatterns patterns = MissingPatterns.Of(matrix);
        var used = new List<FactorPattern>();
        var cells = new List<double>();
        int row = 0;
        foreach (MissingPattern pattern in patterns)
        {
            if (pattern.Observed.Length == 0) continue;
            used.Add(new FactorPattern([.. pattern.Observed], pattern.Rows.ToArray(), row, cells.Count, weights));
            row += pattern.Rows.Length;
            foreach (int i in pattern.Rows)
                foreach (int j in pattern.Observed) cells.Add((matrix[i, j] - center[j]) / scale[j]);
        }
        return new FactorData(matrix, patterns, center, scale, [.. used], [.. cells], weights);
    }

    /// <summary>The same rows with weights, on the same scale; they share the memory of these.</summary>
    public FactorData Weighted(double[] weights) => new(Matrix, AllPatterns, Center, Scale,
        Array.ConvertAll(Patterns, k => new FactorPattern(k.Observed, k.Rows, k.First, k.FirstCell, weights)), Cells, weights);

    /// <summary>The data as they were given.</summary>
    public IncompleteMatrix Matrix { get; }

    /// <summary>Their patterns, that of rows with nothing observed included.</summary>
    public MissingPatterns AllPatterns { get; }

    /// <summary>Weight of each row of the matrix; null where all weigh 1.</summary>
    public double[]? RowWeights { get; }

    /// <summary>Mean of each column's observed cells.</summary>
    public double[] Center { get; }

    /// <summary>Standard deviation (divisor n) of each column's observed cells.</summary>
    public double[] Scale { get; }

    /// <summary>Patterns of the rows in which something is observed.</summary>
    public FactorPattern[] Patterns { get; }

    /// <summary>Observed cells, pattern after pattern and row after row.</summary>
    public double[] Cells { get; }

    /// <summary>For each column the patterns in which it is observed, and its place among their observed columns.</summary>
    public (int Pattern, int Place)[][] Having { get; }

    /// <summary>Number of rows with something observed.</summary>
    public int RowCount { get; }

    /// <summary>n: the sum of their weights.</summary>
    public double Weight { get; }

    /// <summary>Sum of the weights of each column's observed cells.</summary>
    public double[] ObservedWeights { get; }

    /// <summary>Sum of the weights of all observed cells.</summary>
    public double ObservedCellWeight { get; }

    /// <summary>Log-Jacobian of the standardisation: added to the log-likelihood of standard scores, it gives that of the data.</summary>
    public double LogJacobian { get; }

    /// <summary>Number of columns, p.</summary>
    public int ColumnCount => Center.Length;
}

/// <summary>Rows with the same columns observed.</summary>
internal sealed class FactorPattern
{
    /// <param name="observed">Observed columns, ascending.</param>
    /// <param name="rows">The rows of the matrix.</param>
    /// <param name="first">Number of the first of them in the order of patterns.</param>
    /// <param name="firstCell">Number of its first observed cell.</param>
    /// <param name="weights">Weight of each row of the matrix; null where all weigh 1.</param>
    public FactorPattern(int[] observed, int[] rows, int first, int firstCell, double[]? weights)
    {
        (Observed, Rows, First, FirstCell) = (observed, rows, first, firstCell);
        Weights = weights is null ? null : Array.ConvertAll(rows, row => weights[row]);
        Weight = Weights?.Sum() ?? rows.Length;
    }

    /// <summary>Observed columns, ascending.</summary>
    public int[] Observed { get; }

    /// <summary>The rows of the matrix.</summary>
    public int[] Rows { get; }

    /// <summary>Number of the first of them in the order of patterns.</summary>
    public int First { get; }

    /// <summary>Number of its first observed cell.</summary>
    public int FirstCell { get; }

    /// <summary>Weight of each row; null where all weigh 1.</summary>
    public double[]? Weights { get; }

    /// <summary>Sum of the rows' weights.</summary>
    public double Weight { get; }
}
