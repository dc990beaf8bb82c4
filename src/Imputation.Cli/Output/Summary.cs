using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>A summary: labels on the left, text on the right, wrapped to the width of the terminal.</summary>
internal sealed class Summary(TextWriter writer, int width, bool wraps)
{
    private const int Margin = 16;

    /// <summary>Widest table in parts where nobody looks through a terminal.</summary>
    private const int WidestTable = 120;

    /// <summary>A label with its text. Later lines of the text, and text that does not fit, are aligned under the first; a label that
    /// does not fit stands before the text.</summary>
    public void Line(string label, string text)
    {
        if (label.Length >= Margin) (label, text) = ("", $"{label}: {text}");
        foreach (string paragraph in text.Split('\n'))
        {
            foreach (string line in Wrap(TextFormat.Printable(paragraph), Math.Max(20, width - Margin)))
            {
                writer.WriteLine((label.PadRight(Margin) + line.Replace('\u00A0', ' ')).TrimEnd());
                label = "";
            }
        }
    }

    /// <summary>A table; a heading that starts with &gt; marks a right-aligned column, one that ends with &lt; a column whose cells
    /// are wrapped to the terminal. No other cell is wrapped, and none if the output is not a terminal.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows) =>
        TableText.Write(writer, wraps && headings.Any(heading => heading.EndsWith('<')) ? width : int.MaxValue / 2, headings, rows);

    /// <summary>A table with no line wider than the terminal or <see cref="WidestTable"/>: columns that do not fit follow in further
    /// tables, each with the first column repeated. Cells may have several lines.</summary>
    public void TableInParts(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [.. rows];
        int most = wraps ? width : Math.Max(width, WidestTable);
        int Width(int j) => 2 + all.Select(row => row[j]).Append(headings[j].Trim('>', '<')).SelectMany(cell => cell.Split('\n'))
            .Max(line => line.Length);
        for (int first = 1, end; first < headings.Count || first == 1; first = end)
        {
            int sum = Width(0);
            for (end = first; end < headings.Count && (end == first || sum + Width(end) <= most); end++) sum += Width(end);
            int[] part = [0, .. Enumerable.Range(first, Math.Max(0, end - first))];
            TableText.Write(writer, int.MaxValue / 2, [.. part.Select(j => headings[j])],
                all.Select(row => (IReadOnlyList<string>)[.. part.Select(j => row[j])]));
            if (end >= headings.Count) break;
        }
    }

    /// <summary>Text over the whole width.</summary>
    public void Text(string text)
    {
        foreach (string line in text.Split('\n').SelectMany(paragraph => Wrap(TextFormat.Printable(paragraph), width)))
            writer.WriteLine(line.Replace('\u00A0', ' ').TrimEnd());
    }

    /// <summary>A heading with a line under it.</summary>
    public void Heading(string text)
    {
        Text(text);
        writer.WriteLine(new string('-', Math.Min(text.Length, width)));
    }

    public void Blank() => writer.WriteLine();

    /// <summary>Breaks at blanks; a word longer than the width gets a line of its own. Later lines of a paragraph keep its
    /// indent.</summary>
    internal static IEnumerable<string> Wrap(string text, int width)
    {
        string indent = new(' ', text.Length - text.TrimStart(' ').Length);
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? indent + word : line + " " + word;
        }
        yield return line;
    }
}
