using System.Globalization;
using Imputation.Diagnostics;
using Imputation.Reports.Charts;
using Imputation.Reports.Html;
using Imputation.Text;

namespace Imputation.Reports;

/// <summary>A report as a page: a summary first, then a section for each diagnostic.</summary>
internal sealed class PageWriter(Markup html, IReadOnlyList<DiagnosticEntry> entries, ReportHeading heading)
{
    /// <summary>Maximum number of findings of a kind in the summary; all of them are in their sections.</summary>
    private const int SummaryFindings = 50;

    /// <summary>Content security policy: the page may load nothing and run nothing, whatever its content.</summary>
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'";

    private static readonly string Style = ReadStyle();

    public void Write()
    {
        html.Raw("<!DOCTYPE html>\n");
        using (html.In("html", ("lang", "en")))
        {
            WriteHead();
            using (html.In("body"))
            {
                html.Element("a", "Skip to the verdicts", ("class", "skip"), ("href", "#summary"));
                html.Break();
                WriteHeader();
                using (html.In("main"))
                {
                    WriteSummary();
                    WriteContents();
                    for (int k = 0; k < entries.Count; k++) WriteSection(entries[k], k);
                }
                if (heading.Generator.Length > 0)
                {
                    using (html.In("footer")) html.Element("p", $"Produced by {heading.Generator}.");
                }
            }
        }
        html.Break();
    }

    private void WriteHead()
    {
        html.Break();
        using (html.In("head"))
        {
            html.Leaf("meta", ("charset", "utf-8"));
            html.Leaf("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
            html.Leaf("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
            html.Leaf("meta", ("name", "color-scheme"), ("content", "light dark"));
            if (heading.Generator.Length > 0) html.Leaf("meta", ("name", "generator"), ("content", heading.Generator));
            html.Element("title", heading.Kind.Length == 0 ? heading.Title
                : $"{heading.Title} – {char.ToLowerInvariant(heading.Kind[0])}{heading.Kind[1..]}");
            using (html.In("style")) html.Raw(Style);
        }
        html.Break();
    }

    private void WriteHeader()
    {
        using (html.In("header"))
        {
            if (heading.Kind.Length > 0) html.Element("p", heading.Kind, ("class", "kicker"));
            using (html.In("h1")) html.Element("bdi", heading.Title);
            if (heading.Lead.Length > 0) html.Element("p", heading.Lead, ("class", "lead"));
            if (heading.Lines.Count > 0)
            {
                using (html.In("dl", ("class", "facts")))
                {
                    foreach ((string label, string value) in heading.Lines)
                    {
                        using (html.In("div"))
                        {
                            html.Element("dt", label);
                            using (html.In("dd")) html.Element("bdi", value);
                        }
                    }
                }
            }
        }
        html.Break();
    }

    private void WriteSummary()
    {
        using (html.In("section", ("id", "summary"), ("aria-labelledby", "summary-title"), ("tabindex", "-1")))
        {
            html.Element("h2", "Verdicts", ("id", "summary-title"));
            if (entries.Count == 0) html.Element("p", "No diagnostic was run.");
            else
            {
                using (html.In("ul", ("class", "verdicts")))
                {
                    for (int k = 0; k < entries.Count; k++) WriteVerdict(entries[k], k);
                }
            }
            html.Element("h3", "Main findings");
            Finding[] findings = [.. entries.SelectMany(e => e.Result.Findings).OrderByDescending(f => f.Severity)],
                serious = [.. findings.Where(f => f.Severity != FindingSeverity.Note)],
                notes = [.. findings.Where(f => f.Severity == FindingSeverity.Note)];
            if (serious.Length == 0) html.Element("p", "No problems and no warnings.");
            WriteFindings(serious.Take(SummaryFindings));
            if (serious.Length > SummaryFindings)
                html.Element("p", $"{TextFormat.Count(serious.Length - SummaryFindings)} more in the sections below.",
                    ("class", "note"));
            if (notes.Length > 0)
            {
                using (html.In("details"))
                {
                    html.Element("summary", notes.Length == 1 ? "1 note"
                        : $"{TextFormat.Count(notes.Length)} notes");
                    WriteFindings(notes.Take(SummaryFindings));
                    if (notes.Length > SummaryFindings)
                        html.Element("p", $"{TextFormat.Count(notes.Length - SummaryFindings)} more in the sections below.",
                            ("class", "note"));
                }
            }
        }
        html.Break();
    }

    private void WriteVerdict(DiagnosticEntry entry, int index)
    {
        (string word, string style) = State(entry);
        using (html.In("li", ("class", style)))
        {
            WriteBadge(word);
            using (html.In("div"))
            {
                html.Element("a", entry.Title, ("href", $"#{Id(index)}"));
                string verdict = entry.Result.Verdict.Length > 0 ? entry.Result.Verdict : entry.Result.Findings.FirstOrDefault()?.Sentence
                    ?? (entry.WasRun ? "" : "Not run.");
                if (verdict.Length > 0) html.Element("p", verdict);
            }
        }
        html.Break();
    }

    private void WriteContents()
    {
        if (entries.Count == 0) return;
        using (html.In("nav", ("aria-labelledby", "contents-title")))
        {
            html.Element("h2", "Contents", ("id", "contents-title"));
            using (html.In("ol"))
            {
                using (html.In("li", ("class", "top"))) html.Element("a", "Verdicts", ("href", "#summary"));
                for (int k = 0; k < entries.Count; k++)
                {
                    using (html.In("li")) html.Element("a", entries[k].Title, ("href", $"#{Id(k)}"));
                }
            }
        }
        html.Break();
    }

    private void WriteSection(DiagnosticEntry entry, int index)
    {
        DiagnosticResult result = entry.Result;
        string title = $"{Id(index)}-title";
        using (html.In("section", ("id", Id(index)), ("aria-labelledby", title),
            ("class", entry.WasRun ? "diagnostic" : "diagnostic idle")))
        {
            html.Element("h2", entry.Title, ("id", title));
            if (!entry.WasRun) html.Element("p", "This diagnostic was not completed.", ("class", "note"));
            if (result.Verdict.Length > 0) html.Element("p", result.Verdict, ("class", "verdict"));
            WriteFindings(result.Findings.OrderByDescending(f => f.Severity));
            if (result.Charts.Count > 0)
            {
                using (html.In("div", ("class", "charts")))
                {
                    foreach (Chart chart in result.Charts) ChartMarkup.Write(html, chart);
                }
            }
            for (int t = 0; t < result.Tables.Count; t++) TableMarkup.Write(html, result.Tables[t], folded: t > 0);
            WriteValues(result);
            if (result.Method.Length > 0)
            {
                using (html.In("p", ("class", "method")))
                {
                    html.Element("b", "Method.");
                    html.Text(" " + result.Method);
                }
            }
        }
        html.Break();
    }

    private void WriteFindings(IEnumerable<Finding> findings)
    {
        Finding[] all = [.. findings];
        if (all.Length == 0) return;
        using (html.In("ul", ("class", "findings")))
        {
            foreach (Finding finding in all)
            {
                using (html.In("li", ("class", StyleOf(finding.Severity))))
                {
                    WriteBadge(Word(finding.Severity));
                    using (html.In("div"))
                    {
                        html.Element("p", finding.Sentence, ("class", "sentence"));
                        if (finding.Evidence.Length > 0) html.Element("p", finding.Evidence, ("class", "evidence"));
                        if (finding.Advice.Length > 0)
                        {
                            using (html.In("p", ("class", "advice")))
                            {
                                html.Element("b", "What to do:");
                                html.Text(" " + finding.Advice);
                            }
                        }
                    }
                }
                html.Break();
            }
        }
    }

    private void WriteValues(DiagnosticResult result)
    {
        if (result.Values.Count == 0) return;
        using (html.In("details", ("class", "values")))
        {
            html.Element("summary", "All values");
            using (html.In("dl"))
            {
                foreach ((string name, double value) in result.Values)
                {
                    using (html.In("div"))
                    {
                        html.Element("dt", TextFormat.Spoken(name));
                        html.Element("dd", double.IsNaN(value) ? "none" : value.ToString("R", CultureInfo.InvariantCulture));
                    }
                }
            }
        }
    }

    private void WriteBadge(string word) => html.Element("span", word, ("class", "badge"));

    private static string Id(int index) => string.Create(CultureInfo.InvariantCulture, $"d{index + 1}");

    /// <summary>The gravest thing that a diagnostic found.</summary>
    private static (string Word, string Style) State(DiagnosticEntry entry)
    {
        if (!entry.WasRun) return entry.Result.Findings.Any(f => f.Severity > FindingSeverity.Note) ? ("Failed", "warning")
            : ("Not run", "idle");
        if (HadNothingToDo(entry)) return ("Not run", "idle");
        FindingSeverity worst = entry.Result.Findings.Select(f => f.Severity).DefaultIfEmpty(FindingSeverity.Note).Max();
        return worst == FindingSeverity.Note ? ("No warning", "fine") : (Word(worst), StyleOf(worst));
    }

    /// <summary>Run, but with no verdict and one note only: that it cannot be applied here.</summary>
    private static bool HadNothingToDo(DiagnosticEntry entry) =>
        entry.Result is { Verdict.Length: 0, Findings: [{ Severity: FindingSeverity.Note }], Tables.Count: 0, Charts.Count: 0 };

    private static string Word(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Problem => "Problem",
        FindingSeverity.Warning => "Warning",
        _ => "Note",
    };

    private static string StyleOf(FindingSeverity severity) => Word(severity).ToLowerInvariant();

    private static string ReadStyle()
    {
        using Stream stream = typeof(PageWriter).Assembly.GetManifestResourceStream("Imputation.Reports.Html.report.css")
            ?? throw new InvalidOperationException("The report's style sheet is not in the assembly.");
        using var reader = new StreamReader(stream);
        return "\n" + reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
