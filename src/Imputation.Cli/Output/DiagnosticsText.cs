using Imputation.Data;
using Imputation.Diagnostics;

namespace Imputation.Cli.Output;

/// <summary>What diagnostics saw, for people: verdicts, then what to do.</summary>
internal static class DiagnosticsText
{
    private const int MostFindings = 8;

    /// <summary>The diagnostic whose verdict the first lines of the summary say.</summary>
    private const string ToldAbove = "columns";

    /// <summary>Of each diagnostic its verdict; then what the user should hear of, the gravest first.</summary>
    public static void Verdicts(Account account, DiagnosticReport report, bool full)
    {
        account.Blank();
        foreach (DiagnosticEntry entry in report.Entries.Where(e => e.Result.Verdict.Length > 0 && e.Name != ToldAbove)) account.Line(Label(entry.Name), entry.Result.Verdict);
        Finding[] findings = [.. report.Findings.Where(f => full || f.Severity > FindingSeverity.Note)];
        if (findings.Length > 0) account.Blank();
        foreach (Finding finding in findings.Take(full ? int.MaxValue : MostFindings))
        {
            account.Line(finding.Severity.ToString(), string.Join('\n', new[] { finding.Sentence, full ? finding.Evidence : "", finding.Advice }.Where(text => text.Length > 0)));
        }
        int notes = report.Findings.Count - findings.Length, more = Math.Max(0, findings.Length - MostFindings);
        if (!full && notes + more > 0)
            account.Line("", $"and {Words.List([.. new[] { more > 0 ? Words.Count(more, "warning") + " more" : "", notes > 0 ? Words.Count(notes, "note") : "" }.Where(t => t.Length > 0)])}; --full shows all, with their evidence");
        account.Blank();
    }

    /// <summary>Every table of every diagnostic.</summary>
    public static void Tables(Account account, DiagnosticReport report)
    {
        foreach (DiagnosticEntry entry in report.Entries)
        {
            if (entry.Result.Tables.Count == 0 && entry.Result.Values.Count == 0) continue;
            account.Heading(entry.Title);
            foreach ((string name, double value) in entry.Result.Values) account.Line(name, double.IsNaN(value) ? "none" : Words.Number(value));
            foreach (DiagnosticTable table in entry.Result.Tables)
            {
                account.Blank();
                account.Text(table.Title);
                account.Table([.. table.Columns.Select(c => c.Format == CellFormat.Text ? c.Name : ">" + c.Name)], table.Rows.Select(row => row.Select((cell, j) => Cell(cell, table.Columns[j].Format)).ToArray()));
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
        string text => Words.Short(text),
        double number when double.IsNaN(number) => "",
        double number => format switch
        {
            CellFormat.Share => Words.Percent(number),
            CellFormat.PValue => Words.Probability(number),
            CellFormat.Count => Words.Count((long)number),
            _ => Words.Number(number, 5),
        },
        IConvertible whole when cell is int or long => Words.Count(whole.ToInt64(null)),
        _ => cell.ToString() ?? "",
    };

    /// <summary>A diagnostic's name as a label: t-tests is T tests.</summary>
    private static string Label(string name)
    {
        string words = name.Replace('-', ' ');
        return words.Length == 0 ? "" : Words.Short(char.ToUpperInvariant(words[0]) + words[1..], 15);
    }
}
