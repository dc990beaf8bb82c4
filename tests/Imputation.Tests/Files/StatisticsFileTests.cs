using System.Text;
using Imputation.Files;
using Imputation.Parquet;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Files;

public class StatisticsFileTests
{
    private const string Good = "pattern,n,mean a,mean b,co a a,co b a,co b b\n11,4,1,2,4,1,9\n10,1,5,,0,,\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsWritten_IsReadToTheLastBit(bool parquet)
    {
        var statistics = PatternStatistics.Of(IncompleteMatrix.FromArray(NaiveStatistics.Rows(new Random(1), 300, 4, 0.3, 1e6)));
        ITableFormat format = parquet ? new ParquetFormat() : new CsvFormat();
        var stream = new MemoryStream();
        format.Write(stream, StatisticsFile.ToTable(statistics), StatisticsFile.WriteOptions);
        stream.Position = 0;
        Table table = format.Read(stream, "x", StatisticsFile.ReadOptions);
        Assert.True(StatisticsFile.Is(table));
        Assert.Equal(["pattern", "n", "mean x1", "mean x2", "mean x3", "mean x4", "co x1 x1", "co x2 x1", "co x2 x2"],
            table.Columns.Take(9).Select(column => column.Name));
        Assert.Equal(0, NaiveStatistics.Difference(statistics, StatisticsFile.Of(table), [1, 1, 1, 1]), 1e-16); // the lower triangle's bits
    }

    [Fact]
    public void RepeatedPatterns_InAnyOrderOfColumns_AreMerged()
    {
        PatternStatistics twice = Read("n,co a a,pattern,mean a\n2,2,1,1\n2,2,1,3\n");
        Assert.Equal(4, twice.RowCount);
        Assert.Equal((2, 8), (twice.Ordered()[0].Mean[0], twice.Ordered()[0].CoMoment(0, 0))); // 2 + 2 + 4 (1 − 2)²
        Assert.Equal(5, Read(Good).RowCount);
    }

    /// <summary>A pattern of ones only is read as a number; of more than 15 columns as a number that a double just holds, or as
    /// text.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    public void PatternsThatLookLikeNumbers_AreText(int p)
    {
        var values = new double[20, p];
        for (int i = 0; i < 20; i++)
            for (int j = 0; j < p; j++) values[i, j] = (i >= 10 && j == p - 1 && p > 1) ? double.NaN : Math.Sin(i * (j + 1));
        var statistics = PatternStatistics.Of(IncompleteMatrix.FromArray(values));
        var stream = new MemoryStream();
        new CsvFormat().Write(stream, StatisticsFile.ToTable(statistics), StatisticsFile.WriteOptions);
        foreach (TableReadOptions options in new[] { StatisticsFile.ReadOptions, TableReadOptions.Default })
        {
            stream.Position = 0;
            PatternStatistics read = StatisticsFile.Of(new CsvFormat().Read(stream, "x", options));
            Assert.Equal(statistics.Ordered().Select(statistics.Key), read.Ordered().Select(read.Key));
        }
    }

    [Theory]
    [InlineData("11,4,", "11,2.5,", "file.csv, column 'n', row 1: 2.5;")]
    [InlineData("11,4,", "11,0,", "column 'n', row 1: 0;")]
    [InlineData("11,4,", "11,-3,", "column 'n', row 1: -3;")]
    [InlineData("11,4,", "11,,", "column 'n', row 1: the cell is missing")]
    [InlineData("11,4,", "12,4,", "column 'pattern', row 1: '12';")]
    [InlineData("11,4,", "111,4,", "column 'pattern', row 1: '111';")]
    [InlineData("11,4,1,2", "11,4,1,", "column 'mean b', row 1: the cell is empty, but pattern 11 has 1 for 'b'")]
    [InlineData("10,1,5,,", "10,1,5,7,", "column 'mean b', row 2: 7, but pattern 10 has 0 for 'b'")]
    [InlineData(",0,,\n", ",0,3,\n", "column 'co b a', row 2: 3, but pattern 10 has 0 for 'b'")]
    [InlineData("4,1,9", "4,,9", "column 'co b a', row 1: the cell is empty")]
    [InlineData("4,1,9", "4,7,9", "column 'co b a', row 1: 7 is larger")]
    [InlineData("4,1,9", "-4,1,9", "column 'co a a', row 1: -4 is less than 0")]
    [InlineData("4,1,9", "NaN,1,9", "column 'co a a', row 1: NaN")]
    [InlineData("5,,0", "5,,2", "column 'co a a', row 2: 2 for a single row")]
    [InlineData("co b b", "co c b", "'co c b'")]
    [InlineData("co b a,", "co b a x,", "'co b a x'")]
    [InlineData("mean a,mean b", "average a,mean b", "'average a'")]
    public void WhatNoRowsHave_IsRefused_WithFileRowColumnAndValue(string good, string bad, string said)
    {
        Assert.Contains(good, Good);
        string message = Assert.Throws<ImputationDataException>(() => Read(Good.Replace(good, bad, StringComparison.Ordinal))).Message;
        Assert.Contains(said, message);
        Assert.Contains("file.csv", message);
        Assert.Matches("again|Remove", message); // what to try
    }

    [Fact]
    public void CoMomentsThatAreNotPositiveSemidefinite_AreRefused()
    {
        string message = Assert.Throws<ImputationDataException>(() => Read("pattern,n,mean a,mean b,mean c,co a a,co b a,co b b,co c a,"
            + "co c b,co c c\n111,9,0,0,0,1,0.9,1,0.9,-0.9,1\n")).Message;
        Assert.Contains("row 1: pattern 111: the co-moments are not positive semidefinite", message);
    }

    [Fact]
    public void OtherColumns_AreRefused_WithBothFiles()
    {
        (string, PatternStatistics) a = ("a.stats.csv", new PatternStatistics(["x", "y"])),
            b = ("b.stats.csv", new PatternStatistics(["y", "x"]));
        string message = Assert.Throws<ImputationDataException>(() => StatisticsFile.Merge([a, b])).Message;
        foreach (string part in (string[])["a.stats.csv", "b.stats.csv", "--columns x,y"]) Assert.Contains(part, message);
        Assert.Contains("'co a a b'", Assert.Throws<ImputationDataException>(() => StatisticsFile.Headings(["b", "a b", "a", "a a"]))
            .Message);
    }

    [Fact]
    public void FilesOfStatistics_AreKnownByNameAndByContent()
    {
        Assert.True(StatisticsFile.IsNamed("x/part.stats.csv") && StatisticsFile.IsNamed("P.STATS.PARQUET"));
        Assert.False(StatisticsFile.IsNamed("stats.csv") || StatisticsFile.IsNamed("part.csv"));
        Assert.False(StatisticsFile.Is(Table.FromArray(["pattern", "n", "mean a"], new double[1, 3])));
    }

    private static PatternStatistics Read(string csv)
    {
        Table table;
        try
        {
            table = new CsvFormat().Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)), "file.csv", StatisticsFile.ReadOptions);
        }
        catch (ImputationDataException exception)
        {
            throw new InvalidOperationException(exception.Message); // the reader of statistics shall say it
        }
        return StatisticsFile.Of(table, "file.csv");
    }
}
