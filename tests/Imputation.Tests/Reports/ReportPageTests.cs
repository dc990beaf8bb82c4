using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Reports;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Reports;

public sealed class ReportPageTests
{
    private static readonly string[] s_strangeNames =
    [
        "<script>alert(1)</script>", "\"&<>'", "]]>", "--><b>", "ctl\u0000\u0001\t\r\n\u001b[31m\u007f\u0085", "שם העמודה",
            "\u202Eevil\u2066", "\uD800 alone", "\uFFFE",
        "😀 漢字", new string('x', 200), "", " ", "</style>", "{{7*7}}", "javascript:alert(1)",
    ];

    [Fact]
    public void APage_IsWellFormed_AndSaysAllThatIsInTheReport()
    {
        Table table = CsvTable.Read(Repository.Example("bfi.csv"));
        DiagnosticReport report = FabricatedReport.Of(table);
        var page = new Page(report, FabricatedReport.Heading("bfi.csv", table));
        string text = page.Xml.Root!.Value;
        foreach (DiagnosticEntry entry in report.Entries)
        {
            Assert.Contains(entry.Title, text);
            Assert.Contains(entry.Result.Verdict, text);
            Assert.Contains(entry.Result.Method, text);
            Assert.All(entry.Result.Charts, c => Assert.Contains(c.Title, text));
            Assert.All(entry.Result.Tables, t => Assert.Contains(t.Title, text));
        }
        Assert.All(report.Findings, f => Assert.Contains(f.Sentence, text));
        Assert.All(report.Findings, f => Assert.Contains(f.Advice, text));
        Assert.All(report.Findings, f => Assert.Contains(f.Evidence, text));
        Assert.Contains("Produced by impute 0.1.0.", text);
    }

    [Fact]
    public void ThePage_AsksForNothing_AndRunsNothing()
    {
        var page = new Page(FabricatedReport.Of(Strange()));
        Assert.Empty(page.All("script"));
        Assert.Empty(page.All("link"));
        Assert.Empty(page.All("img"));
        Assert.DoesNotContain("http:", page.Text);
        Assert.DoesNotContain("https:", page.Text);
        Assert.DoesNotContain("@import", page.Text);
        Assert.DoesNotMatch(@"url\((?!#)", page.Text);
        foreach (XAttribute attribute in page.Xml.Descendants().Attributes())
        {
            Assert.DoesNotContain(attribute.Name.LocalName, new[] { "src", "style", "data", "action", "srcset" });
            Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal), attribute.ToString());
            if (attribute.Name.LocalName == "href") Assert.StartsWith("#", attribute.Value);
        }
        Assert.Contains(page.All("meta"), m => m.Attribute("http-equiv")?.Value == "Content-Security-Policy"
            && m.Attribute("content")!.Value.StartsWith("default-src 'none'", StringComparison.Ordinal));
    }

    [Fact]
    public void StrangeNames_AreText_WhereverTheyStand()
    {
        var page = new Page(Everywhere(s_strangeNames), new ReportHeading(string.Concat(s_strangeNames))
        {
            Generator = s_strangeNames[0],
            Lead = s_strangeNames[1],
            Lines = [new(s_strangeNames[2], s_strangeNames[3])]
        });
        Assert.DoesNotContain("<script", page.Text);
        Assert.Contains("&lt;script", page.Text);
        Assert.Single(page.All("style"));
        Assert.DoesNotContain(page.All("b"), b => b.Value is not ("What to do:" or "Method."));
        string text = page.Xml.Root!.Value;
        Assert.Contains("<script>alert(1)</script>", text);
        Assert.Contains("\"&<>'", text);
        Assert.Contains("ctl␀␁", text);
        Assert.Contains("😀 漢字", text);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain(text, c => c is '\u202E' or '\u2066');
    }

    [Fact]
    public void Anchors_LeadToAnElement_AndIdsAreUnique()
    {
        var page = new Page(FabricatedReport.Of(Strange()));
        string[] ids = [.. page.Xml.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(page.All("a"), a => Assert.Contains(a.Attribute("href")!.Value[1..], ids));
        Assert.All(page.Xml.Descendants().Attributes().Where(a => a.Name.LocalName is "aria-labelledby")
            .SelectMany(a => a.Value.Split(' ')), id => Assert.Contains(id, ids));
        Assert.All(page.Xml.Descendants().Attributes("clip-path"),
            a => Assert.Contains(Regex.Match(a.Value, @"^url\(#(.+)\)$").Groups[1].Value, ids));
    }

    [Fact]
    public void ScreenReaders_FindLandmarksHeadingsCaptionsAndTitles()
    {
        var page = new Page(FabricatedReport.Of(CsvTable.Read(Repository.Example("airquality.csv"))),
            new ReportHeading("airquality.csv") { Generator = "impute" });
        foreach (string landmark in new[] { "header", "main", "nav", "footer", "h1" }) Assert.Single(page.All(landmark));
        Assert.Equal("en", page.Xml.Root!.Attribute("lang")!.Value);
        Assert.Equal("#summary", page.All("body").Single().Elements().First().Attribute("href")!.Value); // the skip link comes first

        int level = 0;
        foreach (XElement heading in page.Xml.Descendants().Where(e => Regex.IsMatch(e.Name.LocalName, "^h[1-6]$")))
        {
            int next = heading.Name.LocalName[1] - '0';
            Assert.True(next <= level + 1, $"{heading.Name} '{heading.Value}' after h{level}");
            level = next;
        }
        Assert.NotEmpty(page.All("svg"));
        Assert.All(page.All("svg"), svg =>
        {
            Assert.Equal("img", svg.Attribute("role")!.Value);
            Assert.Equal(["title", "desc"], svg.Elements().Take(2).Select(e => e.Name.LocalName));
            Assert.All(svg.Elements().Take(2), e => Assert.NotEqual("", e.Value.Trim()));
        });
        Assert.All(page.All("table"), t => Assert.NotEqual("", t.Element("caption")!.Value));
        Assert.All(page.All("th"), th => Assert.Contains(th.Attribute("scope")!.Value, new[] { "row", "col" }));
        Assert.All(page.OfClass("scroll"), box => Assert.True(box.Attribute("tabindex")!.Value == "0"
            && box.Attribute("aria-label")!.Value.Length > 0));
    }

    [Fact]
    public void TheGravestFindings_ComeFirst()
    {
        var page = new Page(FabricatedReport.Of(CsvTable.Read(Repository.Example("airquality.csv"))));
        XElement summary = page.All("section").First();
        string[] severities = [.. summary.Descendants("li").Where(li => li.Parent!.Attribute("class")!.Value == "findings")
            .Select(li => li.Attribute("class")!.Value)];
        Assert.Equal(["problem", "warning", "warning", "warning", "note"], severities);
    }

    [Fact]
    public void TheSameReport_GivesTheSameBytes()
    {
        Table table = FabricatedReport.Wide(50, 8);
        Assert.Equal(new Page(FabricatedReport.Of(table)).Bytes, new Page(FabricatedReport.Of(table)).Bytes);
    }

    [Fact]
    public void LongTables_AreCut_AndSaySo()
    {
        var table = new DiagnosticTable("Long", [new("Name", CellFormat.Text), new("Value", CellFormat.Count)],
            [.. Enumerable.Range(0, 1234).Select(i => (IReadOnlyList<object?>)[$"row {i}", i])]);
        var page = new Page(Report(new DiagnosticResult { Tables = [table] }));
        Assert.Equal(ReportPage.TableRows + 1, page.All("tr").Count());
        Assert.Contains("100 of 1,234 rows", page.Xml.Root!.Value);
    }

    [Fact]
    public void Cells_AreWrittenAsTheirColumnSays()
    {
        (object? Value, CellFormat Format, string Text)[] cells =
        [
            (null, CellFormat.Number, ""), (double.NaN, CellFormat.Number, ""), (-0.0, CellFormat.Count, "0"),
                (1234567, CellFormat.Count, "1,234,567"), (-5, CellFormat.Count, "−5"),
            (0.1234, CellFormat.Share, "12.3\u202F%"), (0.0, CellFormat.Share, "0\u202F%"), (1e-9, CellFormat.Share, "<\u202F0.1\u202F%"),
                (0.99999, CellFormat.Share, ">\u202F99.9\u202F%"),
            (0.0, CellFormat.PValue, "<\u202F10⁻³⁰⁰"), (3.14e-7, CellFormat.PValue, "3.1\u202F×\u202F10⁻⁷"),
                (0.04567, CellFormat.PValue, "0.046"), (true, CellFormat.Text, "yes"), ("a", CellFormat.Number, "a"),
            (double.NegativeInfinity, CellFormat.Number, "−∞"), (1e12, CellFormat.Number, "10¹²"),
        ];
        var page = new Page(Report(new DiagnosticResult
        {
            Tables = [.. cells.Select(c => new DiagnosticTable("Cell", [new("Name", CellFormat.Text), new("Value", c.Format)],
                [["x", c.Value]]))],
        }));
        Assert.Equal(cells.Select(c => c.Text), page.All("td").Select(td => td.Value));
    }

    [Fact]
    public void ColumnsOfNumbers_HaveTheSameDecimals()
    {
        var table = new DiagnosticTable("Numbers", [new("Name", CellFormat.Text), new("Mean")], [["a", 12.5], ["b", 3.0], ["c", -0.25]]);
        Assert.Equal(["12.50", "3.00", "−0.25"], new Page(Report(new DiagnosticResult { Tables = [table] })).All("td")
            .Select(td => td.Value));
    }

    [Fact]
    public void SmallNumbers_BelowALargeOne_KeepThreeDigits()
    {
        // A mean of 1.0018 and a standard deviation of 0.477 were "1" and "0" where another column of the data has a mean of 2971.1.
        var table = new DiagnosticTable("Numbers", [new("Name", CellFormat.Text), new("Mean"), new("Sd")],
            [["a", 2971.1234, 431.77], ["b", 1.0018, 0.477], ["c", 15.0, 3.0]]);
        Assert.Equal(["2971.12", "431.770", "1.00", "0.477", "15.00", "3.000"], Cells(table));
    }

    [Fact]
    public void NumbersOfVeryDifferentSizes_HaveDecimalsOfTheirOwn()
    {
        var table = new DiagnosticTable("Numbers", [new("Name", CellFormat.Text), new("Mean")],
            [["a", 123456.7], ["b", 0.004771], ["c", 1.0018], ["d", -3.2e-9]]);
        Assert.Equal(["123,457", "0.004771", "1.002", "−3.2\u202F×\u202F10⁻⁹"], Cells(table));
    }

    [Theory]
    [InlineData(7.0)]
    [InlineData(0.3)]
    [InlineData(99.97)]
    [InlineData(5123.4567)]
    [InlineData(2e6 + 1.0 / 3)]
    public void EveryNumberOfAColumn_KeepsThreeDigits_WhateverElseIsInIt(double other)
    {
        foreach (double value in new[] { 0.00123456, 0.0999951, 0.477123, 1.0018, 9.996, 12.3456, 431.77, 2971.1234, 123456.7 })
        {
            var table = new DiagnosticTable("Numbers", [new("Name", CellFormat.Text), new("Mean")], [["a", other], ["b", value]]);
            double shown = double.Parse(Cells(table)[1], NumberStyles.Number, CultureInfo.InvariantCulture);
            // half a unit of the third digit
            Assert.InRange(Math.Abs(shown - value), 0, 0.005001 * Math.Pow(10, Math.Floor(Math.Log10(value))));
        }
    }

    private static string[] Cells(DiagnosticTable table) =>
        [.. new Page(Report(new DiagnosticResult { Tables = [table] })).All("td").Select(td => td.Value)];

    [Fact]
    public void AnEmptyReport_IsAPageToo()
    {
        var page = new Page(FabricatedReport.Of(Table.FromArray(["x"], new double[0, 1]), []));
        Assert.Contains("No diagnostic was run.", page.Xml.Root!.Value);
        new Page(Report(new DiagnosticResult
        {
            Tables = [new DiagnosticTable("", [], []),
            new DiagnosticTable("t", [new("a")], [[], [1, 2, 3]])]
        }));
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Colours_AreTellableFromThePaper(string theme)
    {
        string css = Regex.Match(new Page(FabricatedReport.Of([])).Text, "<style>(.*)</style>", RegexOptions.Singleline).Groups[1].Value;
        string part = theme == "light" ? css[..css.IndexOf("@media", StringComparison.Ordinal)]
            : css[css.IndexOf("prefers-color-scheme: dark", StringComparison.Ordinal)..];
        string Colour(string name) => Regex.Match(part, $@"--{name}: #([0-9a-f]{{6}})").Groups[1].Value;

        // WCAG 2.2, 1.4.3: 4.5 for text; 1.4.11: 3 for what must be seen in graphics.
        foreach (string text in new[] { "ink", "muted", "accent", "problem", "warning", "fine" })
            foreach (string ground in new[] { "paper", "faint" })
                Assert.True(Contrast(Colour(text), Colour(ground)) >= 4.5,
                    $"{text} on {ground}: {Contrast(Colour(text), Colour(ground)):0.00}");
        foreach (string fill in new[] { "pos", "neg" }) Assert.True(Contrast(Colour("ink"), Colour(fill)) >= 4.5,
            $"ink on {fill}: {Contrast(Colour("ink"), Colour(fill)):0.00}");
        foreach (string mark in new[] { "s0", "s1", "s2", "s3", "s4", "s5", "bar", "missing" })
            Assert.True(Contrast(Colour(mark), Colour("paper")) >= 3, $"{mark}: {Contrast(Colour(mark), Colour("paper")):0.00}");
        Assert.True(Contrast(Colour("missing"), Colour("observed")) >= 3,
            $"missing on observed: {Contrast(Colour("missing"), Colour("observed")):0.00}");
    }

    /// <summary>A report in which some texts stand at every place that takes text.</summary>
    private static DiagnosticReport Everywhere(string[] names) => FabricatedReport.Of(Table.FromArray(["x"], new double[,] { { 1 } }),
    [
        .. names.Select((name, k) => new DiagnosticEntry(name, name, new DiagnosticResult
        {
            Verdict = name,
            Method = name,
            Findings = [new Finding((FindingSeverity)(k % 3), name, name, [name], name) { Evidence = name }],
            Values = [new(name, k)],
            Tables = [new DiagnosticTable(name, [new(name, CellFormat.Text), new(name)], [[name, name]]) { Note = name }],
            Charts =
            [
                new XyChart(name, name, name, [new(name, SeriesKind.Points, [1, 2], [3, 4]) { Labels = [name, name] },
                    new(name, SeriesKind.Line, [1, 2], [3, 4])]) { Description = name },
                new BarChart(name, name, [name], [1]), new HeatMap(name, name, [name], [name], new double[,] { { 1 } }, -1, 1),
                new PatternMap(name, [name], [new("1", 2), new("0", 1)]), new Dendrogram(name, name, [name, name], [new(0, 1, 1)]),
                    new OwnChart(name) { Description = name },
            ],
        }, WasRun: k % 2 == 0)),
    ]);

    private static DiagnosticReport Report(DiagnosticResult result) => FabricatedReport.Of(Table.FromArray(["x"], new double[,] { { 1 } }),
        [new DiagnosticEntry("one", "One", result)]);

    private static Table Strange()
    {
        Table wide = FabricatedReport.Wide(60, 10, 0.3);
        string[] names = ["<script>alert(1)</script>", "\"&<>'", "a\u0001b", "שם", "العمود", new string('x', 200), "h", "漢字", "😀", "ok"];
        return new Table(wide.Columns.Select((c, j) => NumericColumn.Number(names[j], ((NumericColumn)c).Values)));
    }

    private static double Contrast(string one, string two)
    {
        double a = Luminance(one), b = Luminance(two);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    /// <summary>Relative luminance of WCAG 2.2.</summary>
    private static double Luminance(string colour)
    {
        double Channel(int k)
        {
            double c = Convert.ToInt32(colour.Substring(2 * k, 2), 16) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Channel(0) + 0.7152 * Channel(1) + 0.0722 * Channel(2);
    }

    private sealed record OwnChart(string Title) : Chart(Title);
}
