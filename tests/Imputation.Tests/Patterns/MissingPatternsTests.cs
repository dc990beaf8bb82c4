using Imputation.Patterns;

namespace Imputation.Tests.Patterns;

public class MissingPatternsTests
{
    /// <summary>Random masks in which patterns repeat: rows copy one of 40 masks, each cell of which is missing with the given
    /// chance.</summary>
    private static double[,] Masked(int n, int p, double missing, int seed)
    {
        var random = new Random(seed);
        bool[][] masks = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, p).Select(_ => random.NextDouble() < missing)
            .ToArray())];
        var values = new double[n, p];
        for (int row = 0; row < n; row++)
        {
            bool[] mask = masks[random.Next(masks.Length)];
            for (int j = 0; j < p; j++) values[row, j] = mask[j] ? double.NaN : random.NextDouble();
        }
        return values;
    }

    [Theory]
    [InlineData(1, 0.5, 300)]
    [InlineData(2, 0.5, 300)]
    [InlineData(63, 0.02, 300)]
    [InlineData(64, 0.02, 300)]
    [InlineData(65, 0.02, 300)]
    [InlineData(128, 0.3, 300)]
    [InlineData(200, 0.01, 300)]
    [InlineData(1000, 0.002, 300)]
    [InlineData(8, 0.2, 50_000)]  // in parts, each by a thread
    [InlineData(65, 0.02, 50_000)]
    public void Patterns_AreThoseOfANaiveGrouping(int p, double missing, int n)
    {
        double[,] values = Masked(n, p, missing, seed: p);
        MissingPatterns patterns = MissingPatterns.Of(IncompleteMatrix.FromArray(values));

        string Mask(int row) => string.Concat(Enumerable.Range(0, p).Select(j => double.IsNaN(values[row, j]) ? '0' : '1'));
        var naive = Enumerable.Range(0, n).GroupBy(Mask)
            // observed before missing, from the left
            .OrderBy(g => g.Key.Count(c => c == '0')).ThenByDescending(g => g.Key, StringComparer.Ordinal)
            .ToArray();

        Assert.Equal((p, n, naive.Length), (patterns.ColumnCount, patterns.RowCount, patterns.Count));
        for (int k = 0; k < naive.Length; k++)
        {
            Assert.Equal(naive[k].Key, patterns[k].ToString());
            Assert.Equal([.. naive[k]], patterns[k].Rows.ToArray());
            Assert.Equal(naive[k].Count(), patterns[k].RowCount);
            Assert.Equal(Enumerable.Range(0, p).Where(j => naive[k].Key[j] == '1'), patterns[k].ObservedIndices);
            Assert.Equal(Enumerable.Range(0, p).Where(j => naive[k].Key[j] == '0'), patterns[k].MissingIndices);
            Assert.All(naive[k], row => Assert.Equal(k, patterns.PatternOf(row)));
        }
    }

    [Fact]
    public void Patterns_GrowWithoutBound_WhenEveryRowDiffers()
    {
        // Row r misses the columns of the bits of r: 4,096 patterns of 12 columns.
        var values = new double[4096, 12];
        for (int row = 0; row < 4096; row++)
            for (int j = 0; j < 12; j++) values[row, j] = (row >> j & 1) == 1 ? double.NaN : 1;
        MissingPatterns patterns = MissingPatterns.Of(IncompleteMatrix.FromArray(values));
        Assert.Equal(4096, patterns.Count);
        Assert.Equal("111111111111", patterns[0].ToString());
        Assert.Equal("000000000000", patterns[4095].ToString());
        Assert.Empty(patterns[4095].ObservedIndices);
    }

    [Fact]
    public void Order_DoesNotDependOnTheOrderOfRows()
    {
        double[,] values = Masked(50, 7, 0.4, seed: 3);
        var reversed = new double[50, 7];
        for (int row = 0; row < 50; row++)
            for (int j = 0; j < 7; j++) reversed[49 - row, j] = values[row, j];
        Assert.Equal(
            MissingPatterns.Of(IncompleteMatrix.FromArray(values)).Select(q => q.ToString()),
            MissingPatterns.Of(IncompleteMatrix.FromArray(reversed)).Select(q => q.ToString()));
    }

    [Fact]
    public void NoRows_GiveNoPatterns() =>
        Assert.Empty(MissingPatterns.Of(IncompleteMatrix.FromArray(new double[0, 3])));

    [Theory]
    [InlineData("111 110 100", "0 1 2")]
    [InlineData("111 011 010", "1 2 0")] // columns in another order
    [InlineData("111 000", "0 1 2")] // a row with nothing observed breaks no order
    [InlineData("111", "0 1 2")]
    [InlineData("110 101", null)] // file matching
    [InlineData("10 01", null)]
    [InlineData("1111 1100 0011", null)]
    public void MonotoneOrder_IsFound_WhereThereIsOne(string masks, string? expected)
    {
        IReadOnlyList<int>? order = MissingPatterns.Of(Matrix(masks)).MonotoneOrder();
        Assert.Equal(expected, order is null ? null : string.Join(' ', order));
    }

    [Fact]
    public void MonotoneOrder_IsFound_ExactlyWhereSomePermutationIsMonotone()
    {
        int[][] permutations = [.. Permutations([0, 1, 2, 3])];
        int monotone = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            string[] masks = [.. Enumerable.Range(0, 3).Select(_ => string.Concat(Enumerable.Range(0, 4).Select(_ => random.Next(2))))];
            bool exists = permutations.Any(order => masks.All(mask => !string.Concat(order.Select(j => mask[j])).Contains("01",
                StringComparison.Ordinal)));
            IReadOnlyList<int>? found = MissingPatterns.Of(Matrix(string.Join(' ', masks))).MonotoneOrder();
            Assert.Equal(exists, found is not null);
            if (found is null) continue;
            monotone++;
            Assert.All(masks, mask => Assert.DoesNotContain("01", string.Concat(found.Select(j => mask[j]))));
        }
        Assert.InRange(monotone, 20, 380); // both cases occurred
    }

    [Theory]
    [InlineData("110 101", "1-2")]
    [InlineData("100 010 001", "0-1 0-2 1-2")]
    [InlineData("111", "")]
    [InlineData("110 000", "0-2 1-2")]
    public void NeverObservedTogether_NamesThePairs(string masks, string expected) =>
        Assert.Equal(expected, string.Join(' ', MissingPatterns.Of(Matrix(masks)).NeverObservedTogether()
            .Select(q => $"{q.First}-{q.Second}")));

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void NeverObservedTogether_AgreesWithANaiveSearch(int p)
    {
        double[,] values = Masked(12, p, 0.8, seed: p);
        var naive = new List<(int, int)>();
        for (int j = 0; j < p; j++)
            for (int k = j + 1; k < p; k++)
                if (!Enumerable.Range(0, 12).Any(row => !double.IsNaN(values[row, j]) && !double.IsNaN(values[row, k]))) naive.Add((j, k));
        Assert.NotEmpty(naive);
        Assert.Equal(naive, MissingPatterns.Of(IncompleteMatrix.FromArray(values)).NeverObservedTogether());
    }

    /// <summary>A matrix with a row for each mask, 1 observed, 0 missing.</summary>
    private static IncompleteMatrix Matrix(string masks)
    {
        string[] rows = masks.Split(' ');
        var values = new double[rows.Length, rows[0].Length];
        for (int row = 0; row < rows.Length; row++)
            for (int j = 0; j < rows[0].Length; j++) values[row, j] = rows[row][j] == '1' ? row + j : double.NaN;
        return IncompleteMatrix.FromArray(values);
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest => (int[])[first, .. rest]));
}
