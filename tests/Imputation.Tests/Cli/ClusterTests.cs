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
}
