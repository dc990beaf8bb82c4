using System.Globalization;
using System.Text.Json;

namespace Imputation.Tests.Cli;

/// <summary>impute cluster: segments of rows with holes and codes.</summary>
public sealed class ClusterTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Two clusters about (0, 0) and (10, 10); every fifth y is −99.</summary>
    private string Input()
    {
        var random = new Random(2);
        double Near(double centre) => centre + random.NextDouble() + random.NextDouble() - 1;
        return _scratch.Write("in.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 120).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{Near(i % 2 * 10):F3},{(i % 5 == 0 ? -99 : Near(i % 2 * 10)):F3}\n"))));
    }

    private string[] Segments(params string[] options)
    {
        Impute.Run(["cluster", Input(), "--out", _scratch.Path("s.csv"), "--model-out", _scratch.Path("m.json"), .. options])
            .Expect(0);
        return File.ReadAllLines(_scratch.Path("s.csv"));
    }

    [Fact]
    public void Segments_AreThoseOfTheRows_CodesNotCounting()
    {
        string codebook = _scratch.Write("cb.json", """{ "fields": [ { "name": "y", "missingValues": ["", "-99", "-99.000"] } ] }""");
        foreach (string[] options in new string[][] { ["--missing", "-99.000"], ["--codebook", codebook] })
        {
            string[] lines = Segments(["--k", "1..3", .. options]);
            Assert.Equal("row,component,p1,p2,margin", lines[0]);
            Assert.Equal(121, lines.Length);
            string[] even = [.. lines.Skip(1).Where((_, i) => i % 2 == 0).Select(l => l.Split(',')[1])],
                odd = [.. lines.Skip(1).Where((_, i) => i % 2 == 1).Select(l => l.Split(',')[1])];
            Assert.Single(even.Distinct());
            Assert.Single(odd.Distinct());
            Assert.NotEqual(even[0], odd[0]);
        }
    }

    [Fact]
    public void TheTolerance_IsThatOfTheFit()
    {
        double Distance() => JsonDocument.Parse(File.ReadAllText(_scratch.Path("m.json"))).RootElement.GetProperty("remaining").GetDouble();
        Segments("--missing", "-99.000", "--tolerance", "1e-12", "--k", "2");
        Assert.InRange(Distance(), 0, 1e-12);
        Segments("--missing", "-99.000", "--tolerance", "1e-2", "--k", "2");
        Assert.InRange(Distance(), 1e-12, 1e-2);
    }

    [Fact]
    public void TheModelFile_FillsOtherRows()
    {
        Segments("--missing", "-99.000", "--k", "2");
        string fresh = _scratch.Write("new.csv", "x,y\n0.1,\n,10.2\n9.9,10.1\n");
        Impute.Run("apply", _scratch.Path("m.json"), fresh, "--out", _scratch.Path("done.csv")).Expect(0);
        double[][] rows = [.. File.ReadLines(_scratch.Path("done.csv")).Skip(1).Select(l => l.Split(',').Select(cell =>
            double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        Assert.InRange(rows[0][1], -1, 1); // each hole by the cluster that the other cell shows
        Assert.InRange(rows[1][0], 9, 11);
        Assert.Equal([9.9, 10.1], rows[2]);
    }
    /// <summary>The same rows have the same segments as when the model was fitted, and rows that were not there have theirs.</summary>
    [Fact]
    public void TheModelFile_HasSegmentsOfOtherRows()
    {
        Segments("--missing", "-99.000", "--k", "2", "--prior", "none");
        string fresh = _scratch.Write("new.csv", "y,x\n,0.1\n10.2,\n10.1,9.9\n"), segments = _scratch.Path("new-segments.csv");
        Impute.Run("apply", _scratch.Path("m.json"), fresh, "--out", _scratch.Path("done.csv"), "--segments", segments).Expect(0);
        string[][] rows = [.. File.ReadLines(segments).Select(line => line.Split(','))];
        Assert.Equal(["row", "component", "p1", "p2", "margin"], rows[0]);
        Assert.Equal(rows[2][1], rows[3][1]);
        Assert.NotEqual(rows[1][1], rows[2][1]);
        Assert.Equal(4, rows.Length);
        Assert.All(rows.Skip(1), row => Assert.Equal(1, double.Parse(row[2], CultureInfo.InvariantCulture)
            + double.Parse(row[3], CultureInfo.InvariantCulture), 1e-12));

        string normal = _scratch.Path("normal.json");
        Impute.Run("fit", _scratch.Write("t.csv", "x,y\n1,2\n2,5\n4,4\n3,\n0,1\n"), "--out", normal).Expect(0);
        Impute.Run("apply", normal, fresh, "--out", _scratch.Path("none.csv"), "--segments", segments).Expect(2)
            .Says("--segments", "the model 'normal' has none");
        Assert.False(File.Exists(_scratch.Path("none.csv")));
        Impute.Run("apply", _scratch.Path("m.json"), fresh, "--out", _scratch.Path("none.csv"), "--segments", segments, "--memory", "1GB")
            .Expect(2).Says("come in batches");
    }

    [Fact]
    public void ClassesHaveNoShape() => Impute.Run("cluster", _scratch.Write("c.csv", "a,b\nx,u\ny,v\nx,u\n"), "--classes", "--shape",
        "tied").Expect(2).Says("--shape is about covariances");
}
