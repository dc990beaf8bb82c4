using Imputation.Numerics;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Patterns;

public class PatternStatisticsTests
{
    private static readonly string[] s_names = ["a", "b", "c", "d"];

    /// <summary>At 1E9 neighbouring numbers are 1E-7 apart, and the textbook's mean is a sum of a thousand of them.</summary>
    [Theory]
    [InlineData(1, 1000, 0, 1e-12)]
    [InlineData(2, 70_000, 0, 1e-12)]
    [InlineData(3, 1000, 1e9, 1e-6)]
    [InlineData(4, 1, 0, 1e-15)]
    public void Counts_AreThoseOfTheTextbook(int seed, int n, double offset, double tolerance)
    {
        double[,] values = NaiveStatistics.Rows(new Random(seed), n, 4, 0.3, offset);
        Dictionary<string, (int Count, double[] Mean, double[,] CoMoments)> naive = NaiveStatistics.Of(values);
        var statistics = PatternStatistics.Of(IncompleteMatrix.FromArray(values, s_names));
        Assert.Equal(n, statistics.RowCount);
        Assert.Equal(naive.Count, statistics.PatternCount);
        foreach (PatternMoments pattern in statistics.Ordered())
        {
            (int count, double[] mean, double[,] coMoments) = naive[statistics.Key(pattern)];
            Assert.Equal(count, pattern.Weight);
            for (int a = 0; a < mean.Length; a++)
            {
                Assert.InRange(Math.Abs(pattern.Mean[a] - mean[a]), 0, tolerance * (pattern.Observed[a] + 1));
                for (int b = 0; b < mean.Length; b++)
                    Assert.InRange(Math.Abs(pattern.CoMoment(a, b) - coMoments[a, b]), 0,
                        tolerance * count * (pattern.Observed[a] + 1) * (pattern.Observed[b] + 1));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void AnySplit_MergedInAnyOrder_IsTheWhole(int seed)
    {
        var random = new Random(seed);
        double[,] values = NaiveStatistics.Rows(random, 500 + random.Next(2000), 4, 0.3, offset: 10 * random.Next(3));
        var matrix = IncompleteMatrix.FromArray(values, s_names);
        double[] scale = [.. Enumerable.Range(0, 4).Select(j => SampleMoments.Of(matrix.Column(j)).PopulationDeviation)];
        var whole = PatternStatistics.Of(matrix);
        int parts = 2 + random.Next(9);
        int[] partOf = [.. Enumerable.Range(0, matrix.RowCount).Select(_ => random.Next(parts))];
        PatternStatistics[] counted = [.. Enumerable.Range(0, parts).Select(part =>
        {
            int[] rows = [.. Enumerable.Range(0, partOf.Length).Where(i => partOf[i] == part)];
            if (part % 2 == 0) return PatternStatistics.Of(matrix.Rows(rows), threads: 1);
            var byRow = new PatternStatistics(s_names);
            foreach (int i in rows) byRow.Add([.. Enumerable.Range(0, 4).Select(j => matrix[i, j])]);
            return byRow;
        })];
        for (int order = 0; order < 4; order++)
        {
            random.Shuffle(counted);
            var merged = new PatternStatistics(s_names);
            foreach (PatternStatistics part in counted) merged.Merge(part);
            Assert.InRange(NaiveStatistics.Difference(whole, merged, scale), 0, 1e-12);
        }
    }

    [Fact]
    public void Bits_DoNotDependOnThreads()
    {
        var matrix = IncompleteMatrix.FromArray(NaiveStatistics.Rows(new Random(9), 80_000, 4, 0.2), s_names);
        Assert.Equal(0, NaiveStatistics.Difference(PatternStatistics.Of(matrix, 1), PatternStatistics.Of(matrix, 8), [1, 1, 1, 1]));
    }

    [Fact]
    public void EqualValues_HaveCoMomentsOfZero_AndARareRowHasNone()
    {
        double[,] values = { { 0.1, 5 }, { 0.1, double.NaN }, { 0.1, double.NaN }, { 0.1, double.NaN } };
        IReadOnlyList<PatternMoments> patterns = PatternStatistics.Of(IncompleteMatrix.FromArray(values, ["a", "b"])).Ordered();
        Assert.Equal([0.1, 5], patterns[0].Mean);
        Assert.Equal(0, patterns[0].CoMoments.Length);
        Assert.Equal((3, 0.1, 0), (patterns[1].Weight, patterns[1].Mean[0], patterns[1].CoMoment(0, 0)));
    }

    [Fact]
    public void SelectedColumns_AreCountedAsIfTheyWereAll()
    {
        double[,] values = NaiveStatistics.Rows(new Random(11), 900, 4, 0.4);
        var table = IncompleteMatrix.FromArray(values, s_names);
        PatternStatistics selected = PatternStatistics.Of(table).Select(["d", "a"]),
            direct = PatternStatistics.Of(IncompleteMatrix.FromColumns([table.Columns[3], table.Columns[0]]));
        Assert.InRange(NaiveStatistics.Difference(direct, selected, [4, 1]), 0, 1e-12);
        Assert.Contains("'e'", Assert.Throws<ArgumentException>(() => PatternStatistics.Of(table).Select(["e"])).Message);
    }

    [Theory]
    [InlineData("111", 2, new double[] { 0, 0, 0 }, new double[] { 1, 2, 1, 0, 0, 1 }, "2 is larger")]              // |r| > 1
    [InlineData("111", 9, new double[] { 0, 0, 0 }, new double[] { 1, 0.9, 1, 0.9, -0.9, 1 }, "not positive semidefinite")]
    [InlineData("110", 9, new double[] { 0, 0 }, new double[] { -1, 0, 1 }, "-1 is less than 0")]
    [InlineData("100", 1, new double[] { 0 }, new double[] { 4 }, "4 for a single row")]
    [InlineData("100", 3, new double[] { double.NaN }, new double[] { 4 }, "NaN is not a finite number")]
    [InlineData("100", 3, new double[] { 1 }, new double[] { double.PositiveInfinity }, "finite")]
    public void NumbersThatNoRowsHave_AreRefused(string pattern, long n, double[] means, double[] coMoments, string why) =>
        Assert.Contains(why, Assert.Throws<ImputationDataException>(() =>
            new PatternStatistics(["a", "b", "c"]).AddPattern(pattern, n, means, coMoments)).Message);

    /// <summary>Co-moments of a relation that holds exactly (c = a + b), and of values far from 0, are within rounding.</summary>
    [Fact]
    public void SingularCoMoments_WithinRounding_AreTaken()
    {
        var statistics = new PatternStatistics(["a", "b", "c"]);
        statistics.AddPattern("111", 10, [1, 1, 2], [10, 3, 10, 13, 13, 26 * (1 - 2e-13)]);
        statistics.AddPattern("110", 10, [1e9, 1e9], [90, 90 * (1 + 2e-8), 90]);
        statistics.AddPattern("100", 10, [0.1], [-1e-28]);
        Assert.Equal(30, statistics.RowCount);
    }

    [Fact]
    public void OtherColumns_AreRefused_WithTheirNames()
    {
        var statistics = new PatternStatistics(["a", "b"]);
        Assert.Contains("b, a", Assert.Throws<ArgumentException>(() => statistics.Merge(new PatternStatistics(["b", "a"]))).Message);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new PatternStatistics(["a", "a"])).Message);
        Assert.Contains("'b'", Assert.Throws<ImputationDataException>(() => statistics.Add([1, double.NegativeInfinity])).Message);
        Assert.Contains("'1x'", Assert.Throws<ArgumentException>(() => statistics.AddPattern("1x", 1, [1], [0])).Message);
        Assert.Equal(0, statistics.RowCount);
    }
}
