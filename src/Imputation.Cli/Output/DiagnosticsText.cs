using Imputation.Diagnostics;
using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>The results of diagnostics as text: verdicts, then advice.</summary>
internal static class DiagnosticsText
{
    private const int MostFindings = 5;

    /// <summary>Verdicts up to this length are always shown in full.</summary>
    private const int ShortVerdict = 100;

    /// <summary>Longer verdicts are shortened even where there is a warning, since the warning repeats the matter.</summary>
    private const int LongVerdict = 200;

    /// <summary>A clause shorter than this is too short to be shown alone.</summary>
    private const int ShortClause = 40;

    /// <summary>Width at which the text of a cell is wrapped.</summary>
    private const int CellWidth = 60;

    /// <summary>Findings about failures; all of them are shown.</summary>
    private static readonly string[] s_failures = ["plugin-failed", "diagnostic-failed"];

    /// <summary>The diagnostic whose verdict is in the first lines of the summary.</summary>
    private const string ToldAbove = "columns";

    /// <summary>The verdict of each diagnostic; then the findings that the user should see, the most severe first.</summary>
    public static void Verdicts(Summary account, DiagnosticReport report, bool full)
    {
        account.Blank();
        foreach (DiagnosticEntry entry in report.Entries.Where(e => e.Result.Verdict.Length > 0 && e.Name != ToldAbove))
            account.Line(Label(entry.Name), full || entry.Result.Verdict.Length <= (entry.Result.Findings.Any(f =>
                f.Severity > FindingSeverity.Note) ? LongVerdict : ShortVerdict) ? entry.Result.Verdict : Start(entry.Result.Verdict,
                    ".;:"));
        NotRun(account, report);

        Finding[] findings = [.. report.Findings.Where(f => full || f.Severity > FindingSeverity.Note).OrderByDescending(f => f.Severity)
            .ThenByDescending(IsFailure)];
        Finding[] shown = full ? findings : [.. findings.Where((f, k) => k < MostFindings || IsFailure(f))];
        if (shown.Length > 0) account.Blank();
        foreach (var group in shown.GroupBy(f => (f.Severity, Advice: full || f.Advice.Length == 0 ? f.ToString() : f.Advice)))
        {
            IEnumerable<string> texts = group.SelectMany(f => new[] { f.Sentence, full ? f.Evidence : "" })
                .Append(full ? group.First().Advice : Start(group.First().Advice, "."));
            account.Line(group.Key.Severity.ToString(), string.Join('\n', texts.Where(text => text.Length > 0)));
        }
        int notes = report.Findings.Count - findings.Length, more = findings.Length - shown.Length;
        if (!full && notes + more > 0)
        {
            string[] hidden = [more > 0 ? $"{TextFormat.Count(more)} more {(more == 1 ? "warning" : "warnings")}" : "",
                notes > 0 ? TextFormat.Count(notes, "note") : ""];
            account.Line("", $"and {TextFormat.List([.. hidden.Where(t => t.Length > 0)])}; --full shows all, with the evidence");
        }
        account.Blank();
    }

    /// <summary>The diagnostics without a result, grouped by the reason.</summary>
    private static void NotRun(Summary account, DiagnosticReport report)
    {
        string label = "Not run";
        foreach (var group in report.Entries.Where(e => e.Result.Verdict.Length == 0).Select(e => (e.Name, Reason: Reason(e)))
            .Where(e => e.Reason.Length > 0).GroupBy(e => e.Reason))
        {
            account.Line(label, $"{TextFormat.List([.. group.Select(e => Label(e.Name))])}: {group.Key}");
            label = "";
        }
    }

    /// <summary>Why a diagnostic was not run; empty where it was run, or failed (then there is a warning).</summary>
    private static string Reason(DiagnosticEntry entry)
    {
        if (entry.Result.Findings.FirstOrDefault() is not { Severity: FindingSeverity.Note } finding
            || (entry.WasRun && entry.Result.Findings.Count > 1)) return "";
        string reason = finding.Sentence.StartsWith(entry.Title, StringComparison.Ordinal) ? finding.Sentence[entry.Title.Length..]
            : finding.Sentence;
        foreach (string start in (string[])[":", " not run", " not applicable", ",", ".", " because"])
            if (reason.StartsWith(start, StringComparison.Ordinal)) reason = reason[start.Length..];
        return reason.Trim();
    }

    private static bool IsFailure(Finding finding) => s_failures.Contains(finding.Code);

    /// <summary>The text before the first of these marks that is outside brackets and quotes and not too close to the start.</summary>
    internal static string Start(string text, string marks)
    {
        int depth = 0;
        bool quoted = false;
        for (int i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '\'' && (quoted ? !char.IsLetterOrDigit(text[i + 1]) : text[i - 1] is ' ' or '(')) quoted = !quoted;
            if (quoted) continue;
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && i >= ShortClause && marks.Contains(text[i]) && text[i + 1] == ' ') return text[..i] + ".";
        }
        return text;
    }

    /// <summary>Every table of every diagnostic; the numbers of one that has none.</summary>
    public static void Tables(Summary account, DiagnosticReport report)
    {
        foreach (DiagnosticEntry entry in report.Entries)
        {
            if (entry.Result.Tables.Count == 0 && entry.Result.Values.Count == 0) continue;
            account.Heading(entry.Title);
            if (entry.Result.Tables.Count == 0)
                account.Table(["Number", ">Value"], entry.Result.Values.Select(v => new[] { TextFormat.Spoken(v.Key), double.IsNaN(v.Value)
                    ? "none" : TextFormat.Compact(v.Value) }));
            foreach (DiagnosticTable table in entry.Result.Tables)
            {
                account.Blank();
                account.Text(table.Title);
                account.TableInParts([.. table.Columns.Select(c => c.Format == CellFormat.Text ? c.Name : ">" + c.Name)],
                    table.Rows.Select(row => row.Select((cell, j) => Cell(cell, table.Columns[j].Format)).ToArray()));
                if (table.Note.Length > 0) account.Text(table.Note);
            }
            if (entry.Result.Method.Length > 0) account.Text(entry.Result.Method);
            account.Blank();
        }
    }

    /// <summary>A cell as its column has it.</summary>
    internal static string Cell(object? cell, CellFormat format) => cell switch
    {
        null => "",
        bool yes => yes ? "yes" : "no",
        string text => string.Join('\n', Summary.Wrap(TextFormat.Printable(text), CellWidth).Select(line => TextFormat.Cut(line,
            CellWidth))),
        double number when double.IsNaN(number) => "",
        double number => format switch
        {
            CellFormat.Share => TextFormat.PercentNumber(number),
            CellFormat.PValue => TextFormat.Probability(number),
            CellFormat.Count => TextFormat.Count((long)number),
            _ => TextFormat.Compact(number, 5),
        },
        IConvertible whole when cell is int or long => TextFormat.Count(whole.ToInt64(null)),
        _ => cell.ToString() ?? "",
    };

    /// <summary>A diagnostic's name as a label: t-tests is T tests.</summary>
    private static string Label(string name)
    {
        string words = name.Replace('-', ' ');
        return words.Length == 0 ? "" : TextFormat.Cut(char.ToUpperInvariant(words[0]) + words[1..], 15);
    }
}
