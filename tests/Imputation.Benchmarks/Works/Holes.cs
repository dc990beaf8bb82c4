using Imputation.Numerics.Random;

namespace Imputation.Benchmarks.Works;

/// <summary>Ways in which cells go missing, each by chance alone.</summary>
internal static class Holes
{
    /// <summary>Every cell for itself.</summary>
    public static Hole AtRandom(double share) => (seed, row, column) => CounterRandom.Uniform(seed, row, column, 1) < share;

    /// <summary>A given number of patterns, the first without holes, the others with holes in that share of cells, all different.</summary>
    public static Hole Patterns(int count, double share) => (seed, row, column) =>
    {
        // The pattern's number is written into its first columns in binary, where that costs no pattern all of its cells.
        int pattern = (int)(count * CounterRandom.Uniform(seed, row, 0, 2)), bits = 1;
        while (1 << bits < count) bits++;
        return pattern > 0 && (column < bits ? (pattern >> column & 1) == 1 : CounterRandom.Uniform(seed, -3 - pattern, column, 1) < share);
    };

    /// <summary>Two files matched: the first third of columns always there, the second third in one file, the last in the other,
    /// all of them in a few rows.</summary>
    public static Hole TwoFiles(int columns, double both) => (seed, row, column) =>
    {
        double u = CounterRandom.Uniform(seed, row, 0, 2);
        return u >= both && (u < (1 + both) / 2 ? 3 * column / columns == 1 : 3 * column / columns == 2);
    };

    /// <summary>A questionnaire in blocks of which everyone gets two, and every two someone.</summary>
    public static Hole TwoBlocksOf(int blocks, int columns) => (seed, row, column) =>
    {
        int first = (int)(blocks * CounterRandom.Uniform(seed, row, 0, 2));
        int second = (first + 1 + (int)((blocks - 1) * CounterRandom.Uniform(seed, row, 1, 2))) % blocks;
        int block = blocks * column / columns;
        return block != first && block != second;
    };

    /// <summary>At each wave some leave for good, and a few cells within are missing besides: nearly monotone.</summary>
    public static Hole Dropout(double leave, double within) => (seed, row, column) =>
        CounterRandom.Uniform(seed, row, 0, 2) > Math.Pow(1 - leave, column) || CounterRandom.Uniform(seed, row, column, 1) < within;

    /// <summary>The first columns measured in few rows, the others missing in that share of cells.</summary>
    public static Hole Costly(int columns, double measured, double others) => (seed, row, column) =>
        column < columns ? CounterRandom.Uniform(seed, row, 0, 2) >= measured : CounterRandom.Uniform(seed, row, column, 1) < others;
}
