using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Imputation.Files;
using Imputation.Tests.Reports;

namespace Imputation.Tests.Cli;

/// <summary>impute cluster --report: the page has the model's numbers, and the rows' points.</summary>
public sealed class ClusterReportTests : IDisposable
{
    /// <summary>A name that would be markup.</summary>
    private const string Strange = "<b>&";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Three clusters in three columns of numbers, of which 'noise' separates nothing, and a category; holes in all.</summary>
    private string Input(int rows = 300)
    {
        var random = new Random(4);
        double Near(double centre, double spread) => centre
            + spread * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        string Cell(string text, double missing) => random.NextDouble() < missing ? "" : text;
        string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
        var text = new StringBuilder($"income,{Strange},noise,shop\n");
        for (int i = 0; i < rows; i++)
        {
            int kind = i % 6 < 3 ? 0 : i % 6 < 5 ? 1 : 2;
            text.Append(Cell(Number(Near(20000 + 10000 * kind, 2000)), 0.1)).Append(',')
                .Append(Cell(Number(Near(kind == 1 ? 5 : 1, 1)), 0.1)).Append(',').Append(Cell(Number(Near(0, 3)), 0.05)).Append(',')
                .Append(Cell(kind == 2 || random.NextDouble() < 0.2 ? "<i>web" : "town", 0.1)).Append('\n');
        }
        return _scratch.Write("in.csv", text.ToString());
    }

    private Page Report(string input, params string[] options)
    {
        Impute.Run(["cluster", input, "--report", _scratch.Path("r.html"), "--model-out", _scratch.Path("m.json"), "--out",
            _scratch.Path("s.csv"), "--restarts", "20", "--quiet", .. options]).Expect(0);
        return new Page(File.ReadAllBytes(_scratch.Path("r.html")));
    }

    private NormalMixtureFit Model()
    {
        using FileStream stream = File.OpenRead(_scratch.Path("m.json"));
        return (NormalMixtureFit)ModelFile.Read(stream);
    }

    /// <summary>The cells of a table by its caption: the first cell of each row, then the others by heading.</summary>
    private static (string Row, Dictionary<string, string> Cells)[] Table(Page page, string caption)
    {
        XElement table = page.All("table").Single(t => t.Element("caption")!.Value == caption);
        string[] headings = [.. table.Element("thead")!.Descendants("th").Select(h => h.Value)];
        return [.. table.Element("tbody")!.Elements("tr").Select(row => row.Elements().Select(c => c.Value).ToArray())
            .Select(cells => (cells[0], headings.Zip(cells).ToDictionary(c => c.First, c => c.Second)))];
    }

    /// <summary>A number as printed is that of the model, rounded to the printed digits.</summary>
    private static void Same(double expected, string printed)
    {
        string text = printed.Replace("\u202F%", "").Replace('\u2212', '-').Replace(",", "");
        if (printed.EndsWith('%')) expected *= 100;
        double unit = text.IndexOf('.') is >= 0 and var point ? Math.Pow(10, point + 1 - text.Length) : 1;
        if (printed.EndsWith('%') && text.StartsWith('<')) Assert.InRange(expected, 0, 0.1);
        else Assert.Equal(expected, double.Parse(text, CultureInfo.InvariantCulture), 0.5001 * unit + 5e-4 * Math.Abs(expected));
    }

    [Fact]
    public void SizesMeansSharesAndDeviations_AreTheModels()
    {
        string input = Input();
        Page page = Report(input, "--k", "1..4");
        NormalMixtureFit fit = Model();
        Assert.Equal(3, fit.Components.Count);
        int[] assigned = [.. File.ReadLines(_scratch.Path("s.csv")).Skip(1).Select(l => int.Parse(l.Split(',')[1],
            CultureInfo.InvariantCulture))];
        (string Row, Dictionary<string, string> Cells)[] sizes = Table(page, "Sizes of the components"), means = Table(page, "Means"),
            deviations = Table(page, "Standard deviations"), levels = Table(page, "Shares of levels");
        Assert.Equal(3, sizes.Length);
        Assert.Equal(fit.Numbers.Order(), means.Select(m => m.Row).Order());
        Assert.All(means, m => Assert.Single(Enumerable.Range(1, 3).Select(c => m.Cells[$"Component {c}"].Split('.') is [_, { } decimals]
            ? decimals.Length : 0).Distinct())); // a row has one unit
        Assert.Equal("noise", means[^1].Row); // those that separate the components come first
        Assert.Equal(["<i>web", "town"], levels.Select(l => l.Cells["Level"]).Order(StringComparer.Ordinal));
        for (int c = 0; c < 3; c++)
        {
            MixtureComponent component = fit.Components[c];
            Same(component.Weight, sizes[c].Cells["Weight"]);
            Same(assigned.Count(a => a == c + 1), sizes[c].Cells["Rows"]);
            string heading = $"Component {c + 1}";
            for (int j = 0; j < fit.Numbers.Count; j++)
            {
                Same(component.Mean[j], means.Single(m => m.Row == fit.Numbers[j]).Cells[heading]);
                Same(Math.Sqrt(component.Covariance[j, j]), deviations.Single(d => d.Row == fit.Numbers[j]).Cells[heading]);
            }
            foreach ((string level, double share) in component.Probabilities["shop"])
                Same(share, levels.Single(l => l.Cells["Level"] == level).Cells[heading]);
        }
    }

    [Fact]
    public void Names_AreText_AndAPageIsTheSameEachTime()
    {
        string input = Input();
        Page page = Report(input, "--k", "3"), again = Report(input, "--k", "3", "--threads", "1");
        Assert.Equal(page.Bytes, again.Bytes);
        Assert.DoesNotContain("<b>&", page.Text);
        Assert.DoesNotContain("<i>", page.Text);
        Assert.Contains("&lt;b&gt;&amp;", page.Text);
        Assert.Contains(page.All("figure"), f => f.Descendants("span").First().Value is "income and " + Strange
            or Strange + " and income");
    }

    [Fact]
    public void Points_AreTheRowsWithBothCells_OfAtMostSomeHundreds()
    {
        Page page = Report(Input(), "--k", "3");
        NumericColumn[] columns = [.. CsvTable.Read(_scratch.Path("in.csv")).Columns.OfType<NumericColumn>()];
        XElement[] figures = [.. page.All("figure").Where(f => f.Descendants("figcaption").Single().Value.Contains(" and ")
            && Page.Classes(f).Contains("xy"))];
        Assert.Equal(3, figures.Length);
        foreach (XElement figure in figures)
        {
            string title = figure.Descendants("span").First().Value;
            string[] pair = title.Split(" and ");
            NumericColumn x = columns.Single(c => c.Name == pair[0]), y = columns.Single(c => c.Name == pair[1]);
            int both = Enumerable.Range(0, x.Count).Count(i => !x.IsMissing(i) && !y.IsMissing(i));
            Assert.InRange(both, 1, x.Count - 1);
            Assert.Equal(both, Marks(figure).Length);
            Assert.Contains($"{both} rows", figure.Value);
            Assert.Contains($"{x.Count - both} with a hole", figure.Value);
            // told apart by colour and by shape
            Assert.Equal(3, Marks(figure).Select(m => m.Attribute("class")!.Value).Distinct().Count());
            Assert.Equal(2, Marks(figure).Select(m => m.Name.LocalName).Distinct().Count());
        }

        Page many = Report(Input(2000), "--k", "3");
        Assert.All(many.All("figure").Where(f => Page.Classes(f).Contains("xy")), figure => Assert.Equal(500, Marks(figure).Length));
    }

    [Fact]
    public void Candidates_AreAllThere_AndTheChosenIsMarked()
    {
        Page page = Report(Input(), "--k", "1..4", "--by", "icl");
        (string Row, Dictionary<string, string> Cells)[] candidates = Table(page, "Candidates");
        Assert.Equal(["1", "2", "3", "4"], candidates.Select(c => c.Row));
        Assert.Equal("3", Assert.Single(candidates, c => c.Cells["Outcome"].Contains("chosen")).Row);
        XElement curve = page.All("figure").Single(f => f.Descendants("span").First().Value == "ICL by number of components");
        Assert.Equal(4, Marks(curve).Length);
        Assert.Equal(["1", "2", "3", "4"], curve.Descendants("text").Where(t => Page.Classes(t).Contains("tick"))
            .Select(t => t.Value).Where(t => t.Length == 1));
    }

    [Fact]
    public void UnsoundCandidates_AreMarked()
    {
        Page page = Report(Input(), "--k", "2..4", "--max-iterations", "60", "--tolerance", "1e-14", "--no-acceleration");
        (string Row, Dictionary<string, string> Cells)[] unsound = [.. Table(page, "Candidates")
            .Where(c => c.Cells["Outcome"].Contains("MaxIterations"))];
        Assert.NotEmpty(unsound);
        XElement curve = page.All("figure").Single(f => f.Descendants("span").First().Value == "BIC by number of components");
        Assert.Contains("not converged or improper", curve.Value);
        Assert.Equal(3, Marks(curve).Length);
        Assert.Equal(["2", "3", "4"], curve.Descendants("text").Where(t => Page.Classes(t).Contains("tick")) // no halves of components
            .Select(t => t.Value).Where(t => t.Length <= 3));
    }

    [Fact]
    public void OneComponent_OneColumn_AndOnlyCategories_HavePages()
    {
        string[] titles(Page page) => [.. page.All("h2").Select(h => h.Value)];
        Page one = Report(Input(), "--k", "1");
        Assert.DoesNotContain(one.All("figure"), f => f.Value.Contains("by number of components"));
        Assert.Equal("100\u202F%", Assert.Single(Table(one, "Sizes of the components")).Cells["Weight"]);

        string column = _scratch.Write("x.csv", "x\n" + string.Concat(Enumerable.Range(0, 80).Select(i => $"{(i % 2 * 50) + i % 7}\n")));
        Page single = Report(column, "--k", "2");
        Assert.Equal(2, single.OfClass("area").Length);
        Assert.Contains("Pairs of columns", titles(one));
        Assert.Contains("Distribution", titles(single));

        Page classes = Report(Input(), "--classes", "--k", "2");
        Assert.DoesNotContain("Means", titles(classes));
        Assert.Contains("Levels", titles(classes));
        NormalMixtureFit fit = Model();
        foreach ((_, Dictionary<string, string> cells) in Table(classes, "Shares of levels"))
            Same(fit.Components[1].Probabilities["shop"][cells["Level"]], cells["Component 2"]);
    }

    [Fact]
    public void LevelsOfManyColumns_AreAllThere()
    {
        string input = _scratch.Write("codes.csv", string.Join(',', Enumerable.Range(0, 50).Select(j => $"c{j}")) + "\n"
            + string.Concat(Enumerable.Range(0, 90).Select(i => string.Join(',', Enumerable.Range(0, 50).Select(j =>
            "abc"[(i * 7 + j * (i % 2)) % 3])) + "\n")));
        Page page = Report(input, "--classes", "--k", "2");
        XElement[] tables = [.. page.All("table").Where(t => t.Element("caption")!.Value.StartsWith("Shares of levels",
            StringComparison.Ordinal))];
        Assert.Equal(2, tables.Length);
        Assert.Equal(150, tables.Sum(t => t.Element("tbody")!.Elements("tr").Count()));
        Assert.DoesNotContain("rows are shown", page.Xml.Root!.Value);
    }

    private static XElement[] Marks(XElement figure) => [.. figure.Descendants().Where(e => Page.Classes(e).Contains("mark"))];
}
