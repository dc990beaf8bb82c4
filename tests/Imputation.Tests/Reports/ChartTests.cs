using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Imputation.Diagnostics;
using Imputation.Reports.Charts;

namespace Imputation.Tests.Reports;

/// <summary>That a chart's drawing has the marks that its data have, where they belong, and that no data break it.</summary>
public sealed class ChartTests
{
    [Fact]
    public void EveryPoint_HasAMark_AndEveryIntervalALine()
    {
        var page = Draw(new XyChart("t", "x", "y",
        [
            new("a", SeriesKind.Points, [1, 2, 3], [1, 4, 9]) { Lower = [0, 3, 8], Upper = [2, 5, 10] },
            new("b", SeriesKind.Points, [1, 2], [2, 3]), new("c", SeriesKind.Line, [1, 2, 3], [0, 1, 2]),
                new("d", SeriesKind.Area, [1, 2, 3], [1, 2, 1]), new("e", SeriesKind.Reference, [1, 3], [1, 3]),
        ]));
        Assert.Equal(5, page.OfClass("mark").Length);
        Assert.Equal(3, page.OfClass("mark").Count(m => m.Name == "circle")); // the second series has marks of another shape
        Assert.Equal(3, page.OfClass("interval").Length);
        Assert.Equal(2, page.OfClass("line").Length); // of the area too
        Assert.Single(page.OfClass("area"));
        Assert.Single(page.OfClass("reference"));
        double[] x = [.. page.OfClass("mark").Where(m => m.Name == "circle").Select(m => Number(m, "cx"))],
            y = [.. page.OfClass("mark").Where(m => m.Name == "circle").Select(m => Number(m, "cy"))];
        Assert.Equal(x[2] - x[1], x[1] - x[0], 0.02); // 1, 2, 3: even steps
        Assert.Equal((y[0] - y[1]) / 3, (y[1] - y[2]) / 5, 0.02); // 1, 4, 9, upwards
    }

    [Fact]
    public void PointsThatAreNotNumbers_AreLeftOut_AndTheLineBreaks()
    {
        var page = Draw(new XyChart("t", "x", "y", [new("a", SeriesKind.Line, [1, 2, 3, 4, 5], [1, 2, double.NaN, 4, 5]),
            new("b", SeriesKind.Points, [1, double.PositiveInfinity, 1e305], [1, 2, 3])]));
        Assert.Equal(2, page.OfClass("line").Single().Attribute("d")!.Value.Count(c => c == 'M'));
        Assert.Single(page.OfClass("mark"));
        Assert.Contains("3 points with non-finite values not drawn.", page.Xml.Root!.Value);
    }

    [Fact]
    public void ALineOfOnePoint_IsSeen() => Assert.Equal(2,
        Draw(new XyChart("t", "x", "y", [new("a", SeriesKind.Line, [1, 2, 3], [1, double.NaN, 3])])).OfClass("mark").Length);

    [Fact]
    public void Names_StandWhereTheyCoverNeitherPointsNorEachOther()
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())],
            y = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())];
        XElement[] names =
            Draw(new XyChart("t", "x", "y", [new("a", SeriesKind.Points, x,
            y) { Labels = [.. Enumerable.Range(0, 60).Select(i => $"name {i}")] }])).OfClass("name");
        Assert.True(names.Length > 30, $"{names.Length} of 60 names are written.");
        var boxes = names.Select(n => (X: Number(n, "x"), Y: Number(n, "y"), W: 0.9 * TextSize.Width(n.Value, 11))).ToArray();
        for (int i = 0; i < boxes.Length; i++)
            for (int k = 0; k < i; k++)
                Assert.False(Math.Abs(boxes[i].Y - boxes[k].Y) < 9 && boxes[i].X < boxes[k].X + boxes[k].W && boxes[k].X < boxes[i].X
                    + boxes[i].W, $"{names[i].Value} covers {names[k].Value}");
    }

    [Fact]
    public void EveryCategory_HasABar_AsLongAsItsValue()
    {
        var page = Draw(new BarChart("t", "share", ["a", "b", "c", "none"], [0.1, 0.2, 0.4, double.NaN]) { Format = CellFormat.Share });
        double[] widths = [.. page.OfClass("bar").Select(b => Number(b, "width"))];
        Assert.Equal(3, widths.Length);
        Assert.Equal(2, widths[1] / widths[0], 0.01);
        Assert.Equal(4, widths[2] / widths[0], 0.01);
        Assert.Equal(["10.0\u202F%", "20.0\u202F%", "40.0\u202F%", "none"], page.OfClass("value").Select(v => v.Value));
    }

    [Fact]
    public void EveryCell_HasAShade()
    {
        var page = Draw(new HeatMap("t", "r", ["a", "b"], ["a", "b", "c"], new double[,] { { 1, -0.5, 0.25 }, { -1, double.NaN, 0 } },
            -1, 1));
        XElement[] cells = page.OfClass("cell");
        Assert.Equal(5, cells.Length);
        Assert.Equal(["1", "0.5", "0.25", "1", "0"], cells.Select(c => c.Attribute("fill-opacity")!.Value));
        Assert.Equal([false, true, false, true, false], cells.Select(c => Page.Classes(c).Contains("neg")));
        Assert.Single(page.OfClass("none"));
        Assert.Equal(["1.00", "−0.50", "0.25", "−1.00", "0.00"], page.OfClass("number").Select(n => n.Value));
        Assert.Equal("a × b: −0.5", cells[1].Element("title")!.Value);
    }

    [Fact]
    public void AHeatMapOfManyColumns_ShadesEveryCellOnce()
    {
        const int p = 200;
        var values = new double[p, p];
        var random = new Random(1);
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) values[i, j] = i == 3 && j == 4 ? double.NaN : random.NextDouble() * 2 - 1;
        string[] names = [.. Enumerable.Range(0, p).Select(j => $"column {j}")];
        var page = Draw(new HeatMap("t", "r", names, names, values, -1, 1));
        double covered = page.OfClass("cells").Sum(path => Regex.Matches(path.Attribute("d")!.Value, @"M\S+ \S+?h([\d.]+)")
            .Sum(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))) / 3.6;
        Assert.Equal(p * p - 1, covered, 1.0);
        Assert.True(page.Bytes.Length < 1_500_000, $"{page.Bytes.Length} bytes");
    }

    [Fact]
    public void EveryPattern_HasItsMissingCells_AndABarAsLongAsItsRows()
    {
        var page = Draw(new PatternMap("t", ["a", "b", "c"], [new("111", 60), new("101", 30), new("000", 10)], 2, 5));
        XElement[] patterns = page.OfClass("pattern");
        Assert.Equal([0, 1, 3], patterns.Select(p => Cells(p, "missing")));
        Assert.Equal([3, 2, 0], patterns.Select(p => Cells(p, "observed")));
        double[] widths = [.. page.OfClass("bar").Select(b => Number(b, "width"))];
        Assert.Equal(2, widths[0] / widths[1], 0.01);
        Assert.Equal("30 rows (28.6\u202F%): missing b.", patterns[1].Element("title")!.Value);
        Assert.Contains("2 rarer patterns with 5 rows not shown.", page.Xml.Root!.Value);

        static int Cells(XElement pattern, string style) => pattern.Elements("path").Where(p => p.Attribute("class")!.Value == style)
            .Sum(p => p.Attribute("d")!.Value.Count(c => c == 'M'));
    }

    [Fact]
    public void EveryMerge_IsDrawn_AndNoBranchesCross()
    {
        var page = Draw(new Dendrogram("t", "height", ["a", "b", "c", "d"], [new(0, 2, 0.1), new(1, 3, 0.3), new(4, 5, 0.9)]));
        Assert.Equal(3, page.OfClass("merge").Length);
        Assert.Equal(["a", "c", "b", "d"], page.OfClass("category").Select(t => t.Value));
    }

    [Fact]
    public void MergesThatAreNoTree_AreLeftOut() =>
        Assert.Single(Draw(new Dendrogram("t", "h", ["a", "b", "c"], [new(0, 7, 1), new(0, 0, 1), new(0, 1, double.NaN), new(0, 1, 0.5),
            new(0, 2, 1), new(-1, 2, 1)])).OfClass("merge"));

    [Fact]
    public void ATreeAsDeepAsItHasLeaves_IsDrawn()
    {
        const int leaves = 3000;
        DendrogramMerge[] merges = [.. Enumerable.Range(0, leaves - 1).Select(k => new DendrogramMerge(k == 0 ? 0 : leaves + k - 1,
            k + 1, k))];
        Assert.Equal(leaves - 1, Draw(new Dendrogram("t", "h", [.. Enumerable.Range(0, leaves).Select(l => $"{l}")], merges))
            .OfClass("merge").Length);
    }

    [Fact]
    public void AChartOfAUser_IsToldInWords()
    {
        var page = Draw(new OwnChart("Own title") { Description = "What is to be seen." });
        Assert.Empty(page.All("svg"));
        Assert.Contains("Own title", page.Xml.Root!.Value);
        Assert.Contains("What is to be seen.", page.Xml.Root.Value);
    }

    public static TheoryData<string, Chart> OddCharts()
    {
        var odd = new TheoryData<string, Chart>
        {
            { "no series", new XyChart("t", "", "", []) },
            { "empty series", new XyChart("t", "x", "y", [new("", SeriesKind.Line, [], []), new("a", SeriesKind.Area, [], []),
                new("b", SeriesKind.Points, [], []), new("r", SeriesKind.Reference, [], [])]) },
            { "one point", new XyChart("t", "x", "y", [new("a", SeriesKind.Area, [5], [5])]) },
            { "equal values", new XyChart("t", "x", "y", [new("a", SeriesKind.Points, [5, 5], [0, 0])]) },
            { "differences at the last digit", new XyChart("t", "x", "y",
                [new("a", SeriesKind.Points, [1e12, 1e12 + 0.001], [1, 1 + 1e-15])]) },
            { "huge range", new XyChart("t", "x", "y", [new("a", SeriesKind.Points, [1e-8, 1e12], [-1e300, 1e300])]) },
            { "smallest numbers", new XyChart("t", "x", "y", [new("a", SeriesKind.Line, [0, double.Epsilon], [1e-308, 2e-308])]) },
            { "nothing finite", new XyChart("t", "x", "y", [new("a", SeriesKind.Points, [double.NaN], [double.PositiveInfinity])]) },
            { "more x than y", new XyChart("t", "x", "y", [new("a", SeriesKind.Points, [1, 2, 3], [1]) { Lower = [1], Upper = [],
                Labels = [] }]) },
            { "only a reference", new XyChart("t", "x", "y", [new("", SeriesKind.Reference, [0, 1], [0, 1])]) },
            { "forty series", new XyChart("t", "x", "y", [.. Enumerable.Range(0, 40)
                .Select(k => new ChartSeries($"series {k}", (SeriesKind)(k % 4), [1, 2], [k, k]))]) },
            { "no bars", new BarChart("t", "", [], []) },
            { "zero bars", new BarChart("t", "v", ["a", "b"], [0, 0]) },
            { "odd bars", new BarChart("t", "v", ["a", "b", "c", "d"], [-1, double.NegativeInfinity, double.NaN, 1e300]) },
            { "fewer values", new BarChart("t", "v", ["a", "b"], [1]) },
            { "no cells", new HeatMap("t", "", [], [], new double[0, 0], -1, 1) },
            { "no columns of cells", new HeatMap("t", "v", ["a"], [], new double[1, 0], 0, 0) },
            { "a scale of nothing", new HeatMap("t", "v", ["a"], ["b"], new double[,] { { 3 } }, 3, 3) },
            { "a scale below zero", new HeatMap("t", "v", ["a"], ["b"], new double[,] { { -3 } }, -5, 0) },
            { "a scale that is none", new HeatMap("t", "v", ["a"], ["b"], new double[,] { { double.PositiveInfinity } }, double.NaN,
                double.NaN) },
            { "fewer names", new HeatMap("t", "v", ["a"], ["b"], new double[5, 5], -1, 1) },
            { "no patterns", new PatternMap("t", ["a"], []) },
            { "no columns", new PatternMap("t", [], [new("", 3)]) },
            { "patterns of no rows", new PatternMap("t", ["a", "b"], [new("1", 0), new("0110", 0)]) },
            { "no leaves", new Dendrogram("t", "", [], []) },
            { "a leaf", new Dendrogram("t", "h", ["a"], []) },
            { "equal heights", new Dendrogram("t", "h", ["a", "b", "c"], [new(0, 1, 0), new(3, 2, 0)]) },
        };
        return odd;
    }

    [Theory]
    [MemberData(nameof(OddCharts))]
    public void NoData_BreakADrawing(string name, Chart chart)
    {
        var page = Draw(chart);
        Assert.Single(page.All("svg"));
        foreach (XAttribute attribute in page.All("svg").Descendants().Attributes().Where(a => a.Name.LocalName is "x" or "y" or "width"
            or "height" or "cx" or "cy" or "r" or "d" or "x1" or "x2" or "y1" or "y2" or "viewBox"))
            Assert.False(Regex.IsMatch(attribute.Value, "NaN|Infinity|∞|E", RegexOptions.None), $"{name}: {attribute}");
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(-1, 1)]
    [InlineData(1e-8, 1e12)]
    [InlineData(-52301.25, -52301.2)]
    [InlineData(1e9, 1000000003)]
    [InlineData(3, 3)]
    [InlineData(0, 1e-12)]
    [InlineData(-1e300, 1e300)]
    public void Ticks_AreRound_InOrder_AndTellableApart(double minimum, double maximum)
    {
        Axis axis = Axis.Over([minimum, maximum]).Drawn(0, 100);
        Assert.InRange(axis.Ticks.Length, 2, 12);
        Assert.All(axis.Ticks, t => Assert.InRange(axis[t], -0.01, 100.01));
        Assert.Equal(axis.Ticks.Order(), axis.Ticks);
        Assert.Equal(axis.Ticks.Length, axis.Labels().Distinct().Count());
        Assert.InRange(axis[minimum], 0, 100);
        Assert.InRange(axis[maximum], 0, 100);
    }

    private static Page Draw(Chart chart) => new(FabricatedReport.Of(chart));

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value,
        CultureInfo.InvariantCulture);

    private sealed record OwnChart(string Title) : Chart(Title);
}
