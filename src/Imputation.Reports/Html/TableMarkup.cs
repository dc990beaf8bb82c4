using Imputation.Diagnostics;
using Imputation.Text;

namespace Imputation.Reports.Html;

/// <summary>A table of a diagnostic, in a box of its own in which it is scrolled where it has no room.</summary>
internal static class TableMarkup
{
    /// <summary>Most columns that are written.</summary>
    private const int MostColumns = 150;

    /// <summary>Most rows that are written.</summary>
    public const int MostRows = 100;

    /// <summary>A table behind the first is folded where it has more rows.</summary>
    private const int RowsUnfolded = 12;

    /// <summary>Longer texts in cells are cut, with the whole shown on pointing at them.</summary>
    private const int LongestText = 80;

    /// <summary>Longer words may be broken anywhere.</summary>
    private const int LongestWord = 24;

    public static void Write(Markup html, DiagnosticTable table, bool folded)
    {
        if (!folded || table.Rows.Count <= RowsUnfolded)
        {
            WriteBox(html, table);
            return;
        }
        using (html.In("details", ("class", "table")))
        {
            html.Element("summary", $"{table.Title} ({TextFormat.Count(table.Rows.Count)} rows)");
            WriteBox(html, table);
        }
    }

    private static void WriteBox(Markup html, DiagnosticTable table)
    {
        int columns = Math.Min(table.Columns.Count, MostColumns), rows = Math.Min(table.Rows.Count, MostRows);
        using (html.In("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", table.Title)))
        using (html.In("table"))
        {
            html.Element("caption", table.Title);
            using (html.In("thead"))
            using (html.In("tr"))
            {
                for (int j = 0; j < columns; j++) WriteText(html, "th", table.Columns[j].Name, IsNumeric(table.Columns[j]) ? "num" : null,
                    "col");
            }
            html.Break();
            using (html.In("tbody")) WriteRows(html, table, rows, columns);
        }
        string note = Note(table, rows, columns);
        if (note.Length > 0) html.Element("p", note, ("class", "note"));
        html.Break();
    }

    private static void WriteRows(Markup html, DiagnosticTable table, int rows, int columns)
    {
        bool[] numbers = [.. Enumerable.Range(0, columns).Select(j => table.Columns[j].Format == CellFormat.Number)];
        int[] ofColumns = [.. Enumerable.Range(0, columns).Select(j => !numbers[j] || table.UnitsByRow ? -1
            : NumberText.CommonDecimals(table.Rows.Take(rows).Select(r => Number(r, j))))];
        if (rows == 0)
        {
            using (html.In("tr"))
                html.Element("td", "no rows", ("colspan", Math.Max(1, columns)
                    .ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        foreach (IReadOnlyList<object?> row in table.Rows.Take(rows))
        {
            int ofRow = table.UnitsByRow ? NumberText.CommonDecimals(Enumerable.Range(0, columns).Where(j => numbers[j])
                .Select(j => Number(row, j))) : -1;
            using (html.In("tr"))
            {
                for (int j = 0; j < columns; j++)
                {
                    object? cell = j < row.Count ? row[j] : null;
                    int decimals = table.UnitsByRow && numbers[j] ? ofRow : ofColumns[j];
                    string text = cell is double number && decimals >= 0 && double.IsFinite(number)
                        ? NumberText.Fixed(number, decimals) : NumberText.Of(cell, table.Columns[j].Format);
                    string? style = IsNumeric(table.Columns[j]) && cell is not string ? "num" : null;
                    if (j == 0) WriteText(html, "th", text, style, "row");
                    else WriteText(html, "td", text, style, null);
                }
            }
            html.Break();
        }
    }

    /// <summary>The number in a cell; NaN where there is none.</summary>
    private static double Number(IReadOnlyList<object?> row, int column) => column < row.Count && row[column] is double number ? number
        : double.NaN;

    private static void WriteText(Markup html, string tag, string text, string? style, string? scope)
    {
        string shown = TextFormat.Cut(text, LongestText);
        if (style is null && shown.Split(' ').Any(word => word.Length > LongestWord)) style = "long";
        using (html.In(tag, ("scope", scope), ("class", style), ("title", shown != text ? text : null)))
        {
            if (style == "num" && tag == "td") html.Text(shown);
            else html.Element("bdi", shown);
        }
    }

    private static string Note(DiagnosticTable table, int rows, int columns)
    {
        string cut = table.Rows.Count > rows ? $"The first {rows} of {TextFormat.Count(table.Rows.Count)} rows are shown; the "
            + "JSON output contains all." : "";
        string narrow = table.Columns.Count > columns ? $"The first {columns} of {TextFormat.Count(table.Columns.Count)} columns "
            + "are shown." : "";
        return string.Join(" ", new[] { table.Note, cut, narrow }.Where(t => t.Length > 0));
    }

    private static bool IsNumeric(TableColumn column) => column.Format != CellFormat.Text;
}
