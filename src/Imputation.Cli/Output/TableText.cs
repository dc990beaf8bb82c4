using Imputation.Text;
using Spectre.Console;

namespace Imputation.Cli.Output;

/// <summary>A table as aligned text. Cells are text, never markup: a column may be called [red].</summary>
internal static class TableText
{
    public static void Write(TextWriter writer, int width, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Simple);
        foreach (string heading in headings)
        {
            var column = new TableColumn(new Spectre.Console.Text(heading.Trim('>', '<')))
            {
                Padding = new Padding(0, 0, 1, 0),
                NoWrap = !heading.EndsWith('<')
            };
            table.AddColumn(heading.StartsWith('>') ? column.RightAligned() : column);
        }
        foreach (IReadOnlyList<string> row in rows)
            table.AddRow(row.Select(cell => new Spectre.Console.Text(string.Join('\n', cell.Split('\n').Select(TextFormat.Printable)))));
        console.Write(table);
        foreach (string line in text.ToString().TrimEnd().Split('\n')) // without the blanks that pad every line
            if (line.Trim().Length > 0) writer.WriteLine(line.TrimEnd());
    }
}
