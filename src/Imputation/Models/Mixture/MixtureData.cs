using Imputation.Numerics;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Models.Mixture;

/// <summary>A table made ready for a mixture: numbers centred and scaled, categories as places of their levels, rows grouped by the
/// pattern of their numbers; rows with nothing observed are left out.</summary>
/// <remarks>Within a pattern the observed numbers are column by column. Without numbers, rows with the same levels are one row with a
/// weight.</remarks>
internal sealed class MixtureData
{
    /// <summary>Rows of a block; its shares of components stay in the cache.</summary>
    public const int BlockRows = 4 * LaneDistances.Rows;

    private readonly double[][] _numbers;
    private readonly int[][] _slots;
    private readonly IncompleteMatrix? _matrix;

    private MixtureData(MixtureLayout layout, IncompleteMatrix? matrix, double[][] numbers, int[][] slots, int rowCount,
        double[] center, double[] scale, double[] deviations, double[]? weights)
    {
        (Layout, _matrix, _numbers, _slots, TableRowCount) = (layout, matrix, numbers, slots, rowCount);
        (Center, Scale, Deviations, RowWeights) = (center, scale, deviations, weights);
        int p = numbers.Length;
        bool[] used = [.. Enumerable.Range(0, rowCount).Select(row => weights is not { } w || w[row] > 0)];
        MissingPatterns? patterns = matrix is null ? null : MissingPatterns.Of(matrix);
        var rows = new List<int>();
        var counts = new List<double>();
        var made = new List<MixturePattern>();
        int cells = 0;
        for (int k = 0; k < (patterns?.Count ?? 1); k++)
        {
            MissingPattern pattern = patterns is null ? new MissingPattern([], [], default) : patterns[k];
            int first = rows.Count;
            if (p == 0) Distinct(used, rows, counts);
            else
                foreach (int row in pattern.Rows)
                {
                    if (!used[row] || (pattern.Observed.Length == 0 && !AnyLevel(row))) continue;
                    rows.Add(row);
                    counts.Add(weights?[row] ?? 1);
                }
            if (rows.Count == first) continue;
            made.Add(new MixturePattern(pattern.Observed, pattern.Missing, first, rows.Count - first, cells));
            cells += pattern.Observed.Length * (rows.Count - first);
        }
        (Patterns, Rows, RowCounts) = ([.. made], [.. rows], [.. counts]);
        Weight = RowCounts.Sum();

        Cells = new double[cells];
        Slots = [.. slots.Select(s => rows.Select(row => s[row]).ToArray())];
        ObservedWeights = new double[p];
        var blocks = new List<MixtureBlock>();
        foreach (MixturePattern pattern in Patterns)
        {
            for (int a = 0; a < pattern.Observed.Length; a++)
            {
                int j = pattern.Observed[a];
                Span<double> column = Cells.AsSpan(pattern.FirstCell + a * pattern.Count, pattern.Count);
                for (int r = 0; r < column.Length; r++)
                {
                    column[r] = (numbers[j][Rows[pattern.First + r]] - center[j]) / scale[j];
                    ObservedWeights[j] += RowCounts[pattern.First + r];
                }
            }
            for (int r = 0; r < pattern.Count; r += BlockRows)
                blocks.Add(new MixtureBlock(pattern, r, Math.Min(BlockRows, pattern.Count - r)));
        }
        Blocks = [.. blocks];
        for (int j = 0; j < p; j++) LogJacobian -= ObservedWeights[j] * Math.Log(scale[j]);
    }

    /// <summary>Makes the columns of a table ready.</summary>
    /// <param name="layout">Numbers and categories.</param>
    /// <param name="columns">The columns, numbers with at least two distinct values.</param>
    /// <param name="oneScale">Whether all numbers have one scale, so that their units keep their meaning.</param>
    /// <param name="weights">Weight of each row; null where all weigh 1.</param>
    public static MixtureData From(MixtureLayout layout, IReadOnlyList<Column> columns, bool oneScale, double[]? weights)
    {
        NumericColumn[] numeric = [.. columns.Where((_, j) => !layout.IsCategory(j)).Cast<NumericColumn>()];
        double[] center = new double[numeric.Length], deviations = new double[numeric.Length];
        for (int j = 0; j < numeric.Length; j++)
        {
            SampleMoments moments = SampleMoments.Of(numeric[j].Array);
            (center[j], deviations[j]) = (moments.Mean, moments.PopulationDeviation);
            if (!(deviations[j] is > 1e-140 and < 1e140))
                throw new ImputationDataException($"Column '{numeric[j].Name}': the values vary so "
                    + $"{(deviations[j] < 1 ? "little" : "much")} that their variance cannot be represented in floating point; expected a "
                    + "standard deviation between 1e-140 and 1e140. Give the column in other units.", numeric[j].Name);
        }
        double common = oneScale && numeric.Length > 0 ? Math.Sqrt(deviations.Average(s => s * s)) : 0;
        int[][] slots = [.. columns.Where((_, j) => layout.IsCategory(j)).Select((c, place) => SlotsOf(layout, place, c,
            layout.Levels[Array.FindIndex(Enumerable.Range(0, columns.Count).ToArray(),
                j => layout.IsCategory(j) && layout.Place[j] == place)]!))];
        return new MixtureData(layout, numeric.Length == 0 ? null : IncompleteMatrix.FromColumns(numeric),
            [.. numeric.Select(c => c.Array)], slots, columns[0].Count, center,
            oneScale ? [.. deviations.Select(_ => common)] : deviations, deviations, weights);
    }

    /// <summary>The place of the level of each cell.</summary>
    private static int[] SlotsOf(MixtureLayout layout, int place, Column column, MixtureLevels levels)
    {
        Dictionary<string, int> known = levels.Levels.Index().ToDictionary(l => l.Item, l => l.Index);
        int none = layout.LevelCount(place), start = layout.Starts[place];
        int[] own = [.. column.Levels.Levels.Select(l => known.TryGetValue(LevelMatching.Text(l), out int k) ? k : none)];
        return Array.ConvertAll(column.Levels.AsNumbers(column).Array, x => start + (double.IsNaN(x) ? none : own[(int)x]));
    }

    /// <summary>The same rows with other weights, such as counts of a resample.</summary>
    /// <param name="weights">Weight of each row of the table, 0 or more; they replace any others.</param>
    public MixtureData Weighted(double[] weights) =>
        new(Layout, _matrix, _numbers, _slots, TableRowCount, Center, Scale, Deviations, weights);

    /// <summary>The same with some observed cells hidden.</summary>
    /// <param name="hidden">For each column of the table whether the cell of each row is hidden.</param>
    /// <param name="weight">Weight of the cells hidden.</param>
    public MixtureData Hiding(bool[][] hidden, out double weight)
    {
        double[][] numbers = Array.ConvertAll(_numbers, x => (double[])x.Clone());
        int[][] slots = Array.ConvertAll(_slots, x => (int[])x.Clone());
        int p = numbers.Length;
        weight = 0;
        for (int j = 0; j < hidden.Length; j++)
        {
            int place = Layout.Place[j];
            for (int row = 0; row < TableRowCount; row++)
            {
                if (!hidden[j][row]) continue;
                if (Layout.IsCategory(j)) slots[place][row] = Layout.Starts[place + 1] - 1;
                else numbers[place][row] = double.NaN;
                weight += RowWeights?[row] ?? 1;
            }
        }
        IncompleteMatrix? matrix = p == 0 ? null : IncompleteMatrix.FromColumns([.. numbers.Select((x, j) =>
            NumericColumn.Create(_matrix!.ColumnNames[j], ColumnKind.Number, x))]);
        return new MixtureData(Layout, matrix, numbers, slots, TableRowCount, Center, Scale, Deviations, RowWeights);
    }

    /// <summary>So many rows, spread evenly at random over the table, each with its weight; these where there are no more.</summary>
    public MixtureData Sample(int count)
    {
        if (count >= Rows.Length || RowCounts.Length < TableRowCount / 2) return this;
        var weights = new double[TableRowCount];
        double step = (double)Rows.Length / count;
        int[] ordered = [.. Rows.Order()];
        for (int i = 0; i < count; i++)
        {
            int row = ordered[(int)((i + CounterRandom.Uniform(1, i, 0, 0)) * step)];
            weights[row] = RowWeights?[row] ?? 1;
        }
        return Weighted(weights);
    }

    /// <summary>Numbers and categories.</summary>
    public MixtureLayout Layout { get; }

    /// <summary>Rows of the table.</summary>
    public int TableRowCount { get; }

    /// <summary>Weights of the rows of the table; null where all weigh 1.</summary>
    public double[]? RowWeights { get; }

    /// <summary>The table's row of each row here.</summary>
    public int[] Rows { get; }

    /// <summary>The weight of each row here.</summary>
    public double[] RowCounts { get; }

    /// <summary>n: their sum.</summary>
    public double Weight { get; }

    /// <summary>Mean of each number's observed cells.</summary>
    public double[] Center { get; }

    /// <summary>What numbers are divided by.</summary>
    public double[] Scale { get; }

    /// <summary>Standard deviation (divisor n) of each number's observed cells.</summary>
    public double[] Deviations { get; }

    /// <summary>Weight of each number's observed cells.</summary>
    public double[] ObservedWeights { get; }

    /// <summary>−Σ log s over observed numbers: what the log-likelihood of the data has more than that of the standardised data.</summary>
    public double LogJacobian { get; }

    /// <summary>Patterns of the numbers.</summary>
    public MixturePattern[] Patterns { get; }

    /// <summary>Observed numbers: of each pattern one column after another.</summary>
    public double[] Cells { get; }

    /// <summary>For each category the place of each row's level.</summary>
    public int[][] Slots { get; }

    /// <summary>Pieces of the patterns.</summary>
    public MixtureBlock[] Blocks { get; }

    private bool AnyLevel(int row)
    {
        for (int c = 0; c < _slots.Length; c++)
            if (_slots[c][row] != Layout.Starts[c + 1] - 1) return true;
        return false;
    }

    /// <summary>Rows that differ, in the order in which they first occur.</summary>
    private void Distinct(bool[] used, List<int> rows, List<double> counts)
    {
        var known = new Dictionary<string, int>();
        var key = new char[_slots.Length];
        for (int row = 0; row < TableRowCount; row++)
        {
            if (!used[row] || !AnyLevel(row)) continue;
            for (int c = 0; c < key.Length; c++) key[c] = (char)_slots[c][row];
            if (known.TryAdd(new string(key), rows.Count))
            {
                rows.Add(row);
                counts.Add(0);
            }
            counts[known[new string(key)]] += RowWeights?[row] ?? 1;
        }
    }
}

/// <summary>Rows with the same numbers observed.</summary>
/// <param name="Observed">O, indices of numbers.</param>
/// <param name="Missing">M.</param>
/// <param name="First">The first of its rows.</param>
/// <param name="Count">Their number.</param>
/// <param name="FirstCell">The first of their cells.</param>
internal sealed record MixturePattern(int[] Observed, int[] Missing, int First, int Count, int FirstCell);

/// <summary>Some rows of a pattern.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="First">The first row, counted in the pattern.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct MixtureBlock(MixturePattern Pattern, int First, int Count);
