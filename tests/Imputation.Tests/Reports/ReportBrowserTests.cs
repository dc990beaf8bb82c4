using System.Globalization;
using System.Text.Json.Nodes;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Reports;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Reports;

/// <summary>Report pages in a real browser, where there is one: Debian's package chromium, or the one that CHROMIUM names.</summary>
public sealed class ReportBrowserTests
{
    [BrowserTheory]
    [InlineData("bfi.csv")]
    [InlineData("airquality.csv")]
    [InlineData("200 columns")]
    [InlineData("nothing missing")]
    [InlineData("strange names")]
    public async Task ThePage_IsShownWithoutErrorsOrRequests_AtEveryWidth_WithItsMarks(string data)
    {
        using var scratch = new Scratch();
        Table table = Data(data);
        DiagnosticReport report = FabricatedReport.Of(table);
        string file = scratch.Path("report.html"), address = new Uri(file).AbsoluteUri;
        using (FileStream stream = File.Create(file)) ReportPage.Write(stream, report, FabricatedReport.Heading(data, table));

        await Visit(address, data, browser => CheckMarks(browser, report));
    }

    [BrowserTheory]
    [InlineData("1..3")]
    [InlineData("1")]
    public async Task ThePageOfAMixture_IsShownWithoutErrorsOrRequests_AtEveryWidth(string k)
    {
        using var scratch = new Scratch();
        string file = scratch.Path("report.html");
        Impute.Run("cluster", Repository.Example("airquality.csv"), "--k", k, "--restarts", "10", "--report", file, "--quiet").Expect(0);
        await Visit(new Uri(file).AbsoluteUri, k, _ => Task.CompletedTask);
    }

    /// <summary>Opens a page in both themes on a phone and on a desk.</summary>
    private static async Task Visit(string address, string data, Func<Browser, Task> check)
    {
        await using Browser browser = await Browser.Start(Browser.Find()!);
        foreach (string scheme in new[] { "light", "dark" })
        {
            await browser.Theme(scheme);
            foreach ((int width, int height) in new[] { (390, 844), (1280, 900) })
            {
                await browser.Resize(width, height);
                await browser.Open(address);
                string where = string.Create(CultureInfo.InvariantCulture, $"{data}, {scheme}, {width} px");
                Assert.True(await browser.Evaluate("innerWidth") is { } inner && inner.GetValue<int>() == width, where);
                double page = (await browser.Evaluate("document.documentElement.scrollWidth"))!.GetValue<double>();
                Assert.True(page <= width, $"{where}: the page is {page} px wide.");
                Assert.Equal("", (await browser.Evaluate(Spilling))!.GetValue<string>());
                Assert.Equal(scheme == "dark",
                    (await browser.Evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))!.GetValue<bool>());
                Assert.Equal(scheme == "dark" ? "rgb(20, 24, 28)" : "rgb(255, 255, 255)",
                    (await browser.Evaluate("getComputedStyle(document.body).backgroundColor"))!.GetValue<string>());
                double font = (await browser.Evaluate(SmallestLetters))!.GetValue<double>();
                Assert.True(font >= 9, $"{where}: letters of {font} px.");
                await check(browser);
                Assert.Empty(browser.Complaints());
                Assert.Equal([address], browser.Requests());
            }
        }
    }

    [BrowserTheory]
    [InlineData("none.png")]
    public async Task TheTest_SeesErrorsAndRequests(string picture)
    {
        using var scratch = new Scratch();
        string file = scratch.Write("bad.html", $"<!DOCTYPE html><title>x</title><img src='{picture}'><script>nowhere()</script><div "
            + "style='width:3000px'>x</div>");
        await using Browser browser = await Browser.Start(Browser.Find()!);
        await browser.Resize(390, 844);
        await browser.Open(new Uri(file).AbsoluteUri);
        Assert.Contains(browser.Requests(), r => r.EndsWith(picture, StringComparison.Ordinal));
        Assert.Contains(browser.Complaints(), c => c.Contains("nowhere", StringComparison.Ordinal));
        Assert.True((await browser.Evaluate("document.documentElement.scrollWidth"))!.GetValue<double>() > 390);
    }

    /// <summary>Each figure in the page's order: the number of its visible marks by their class, as the browser has them.</summary>
    private static async Task CheckMarks(Browser browser, DiagnosticReport report)
    {
        JsonArray figures = (await browser.Evaluate("""
            [...document.querySelectorAll('figure')].map(f => {
              const count = s => [...f.querySelectorAll(s)].filter(e => !e.classList.contains('key')
                && e.getClientRects().length > 0).length;
              const box = f.querySelector('svg')?.getBoundingClientRect();
              return { title: f.querySelector('.title').textContent, mark: count('.mark'), line: count('.line'), area: count('.area'),
                interval: count('.interval'),
                bar: count('.bar'), cell: count('.cell, .none'), cells: count('.cells'), pattern: count('.pattern'),
                  merge: count('.merge'), width: box?.width ?? 0, height: box?.height ?? 0 };
            })
            """))!.AsArray();
        Chart[] charts = [.. report.Entries.SelectMany(e => e.Result.Charts)];
        Assert.Equal(charts.Select(c => c.Title), figures.Select(f => f!["title"]!.GetValue<string>().Replace('\uFFFD', '\u202E')
            .Replace('␁', '\u0001')));
        for (int k = 0; k < charts.Length; k++)
        {
            int Count(string what) => figures[k]![what]!.GetValue<int>();
            Assert.True(figures[k]!["width"]!.GetValue<double>() > 100 && figures[k]!["height"]!.GetValue<double>() > 20,
                $"{charts[k].Title} is too small to be seen.");
            switch (charts[k])
            {
                case XyChart xy:
                    Assert.Equal(xy.Series.Where(s => s.Kind == SeriesKind.Points).Sum(s => s.X.Count), Count("mark"));
                    Assert.Equal(xy.Series.Count(s => s.Kind is SeriesKind.Line or SeriesKind.Area), Count("line"));
                    Assert.Equal(xy.Series.Count(s => s.Kind == SeriesKind.Area), Count("area"));
                    Assert.Equal(xy.Series.Sum(s => s.Lower.Count), Count("interval"));
                    break;
                case BarChart bars: Assert.Equal(bars.Values.Count(double.IsFinite), Count("bar")); break;
                case HeatMap heat:
                    if (heat.Values.Length <= 2500) Assert.Equal(heat.Values.Length, Count("cell"));
                    else Assert.True(Count("cells") > 1);
                    break;
                case PatternMap map:
                    Assert.Equal(map.Patterns.Count, Count("pattern"));
                    Assert.Equal(map.Patterns.Count, Count("bar"));
                    break;
                case Dendrogram tree: Assert.Equal(tree.Merges.Count, Count("merge")); break;
            }
        }
    }

    /// <summary>Elements that reach beyond the window outside of a box that scrolls them.</summary>
    private const string Spilling = """
        [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll > *') && !e.closest('svg *')
          && !e.classList.contains('skip') && e.tagName !== 'CAPTION'
          && e.getClientRects().length > 0 && e.getBoundingClientRect().right > innerWidth + 0.5)
            .map(e => e.tagName + '.' + e.className).slice(0, 5).join(' ')
        """;

    /// <summary>The size of the smallest letters on the screen, drawings that are scaled included.</summary>
    private const string SmallestLetters = """
        Math.min(...[...document.querySelectorAll('main *')].filter(e => e.getClientRects().length > 0
          && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))

            .map(e => parseFloat(getComputedStyle(e).fontSize) * (e.ownerSVGElement ? e.ownerSVGElement.getBoundingClientRect().width
              / e.ownerSVGElement.viewBox.baseVal.width : 1)))
        """;

    private static Table Data(string name)
    {
        if (name.EndsWith(".csv", StringComparison.Ordinal)) return CsvTable.Read(Repository.Example(name));
        if (name == "200 columns") return FabricatedReport.Wide(300, 200);
        if (name == "nothing missing") return FabricatedReport.Wide(50, 4, 0);
        Table wide = FabricatedReport.Wide(80, 8, 0.3);
        string[] names = ["<script>alert(1)</script>", "\"&<>'", "a\u0001b", "שם העמודה", "\u202Eevil", new string('x', 200), "漢字 😀",
            "<img src=x onerror=alert(1)>"];
        return new Table(wide.Columns.Select((c, j) => NumericColumn.Number(names[j], ((NumericColumn)c).Values)));
    }
}
