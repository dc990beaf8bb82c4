using System.Net;
using System.Text.RegularExpressions;
using CsvHelper;

namespace Imputation.Files.Codebooks;

/// <summary>Reads the rows of REDCap data dictionaries: CSV with the columns of the file that REDCap offers, or of its API, in any
/// order.</summary>
internal static partial class RedcapRecords
{
    /// <summary>The columns that are read, with the letters of their names in the file and in the API.</summary>
    private static readonly Dictionary<string, Column> s_columns = new()
    {
        ["variablefieldname"] = Column.Name,
        ["fieldname"] = Column.Name,
        ["formname"] = Column.Form,
        ["fieldtype"] = Column.Type,
        ["fieldlabel"] = Column.Label,
        ["choicescalculationsorsliderlabels"] = Column.Choices,
        ["choicesorcalculations"] = Column.Choices,
        ["selectchoicesorcalculations"] = Column.Choices,
        ["textvalidationtypeorshowslidernumber"] = Column.Validation,
        ["textvalidationtype"] = Column.Validation,
        ["textvalidationmin"] = Column.Minimum,
        ["textvalidationmax"] = Column.Maximum,
        ["identifier"] = Column.Identifier,
        ["branchinglogicshowfieldonlyif"] = Column.Logic,
        ["branchinglogic"] = Column.Logic,
        ["fieldannotation"] = Column.Annotation,
    };

    private enum Column { Name, Form, Type, Label, Choices, Validation, Minimum, Maximum, Identifier, Logic, Annotation }

    /// <summary>The separator of a data dictionary; null of any other file.</summary>
    public static char? Separator(string text)
    {
        foreach (char separator in (char[])[',', ';', '\t'])
        {
            using CsvReader reader = Reader(text, separator, _ => { });
            try
            {
                if (!reader.Read()) continue;
                Dictionary<Column, int> columns = Columns(reader);
                if (columns.ContainsKey(Column.Name) && columns.ContainsKey(Column.Type)) return separator;
            }
            catch (CsvFormatException)
            {
                // No record that could be a header.
            }
        }
        return null;
    }

    /// <summary>The rows of a data dictionary.</summary>
    /// <param name="text">The file.</param>
    /// <param name="separator">Its separator.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ImputationDataException">A row that cannot be read; the message names its line.</exception>
    public static IReadOnlyList<RedcapRecord> Read(string text, char separator, string name)
    {
        CsvMalformedReason? malformed = null;
        using CsvReader reader = Reader(text, separator, reason => malformed = reason);
        var records = new List<RedcapRecord>();
        try
        {
            reader.Read();
            int width = reader.FieldCount;
            Dictionary<Column, int> columns = Columns(reader);
            while (reader.Read())
            {
                long line = reader.LineNumber;
                string where = $"{name}, line {line}";
                if (malformed is CsvMalformedReason.UnterminatedQuote or CsvMalformedReason.TextAfterClosingQuote)
                    throw new ImputationDataException($"{where}: "
                        + (malformed == CsvMalformedReason.UnterminatedQuote ? "a quoted cell is not closed"
                            : "text follows a closing quote")
                        + ". Close the quote; inside quoted text a quote is written twice (\"\").");
                string[] cells = [.. Enumerable.Range(0, reader.FieldCount).Select(j => reader.GetString(j).Trim())];
                if (cells.All(cell => cell.Length == 0)) continue;
                // Spreadsheets leave empty cells at the end away.
                if (cells.Length > width && cells[width..].Any(cell => cell.Length > 0))
                    throw new ImputationDataException($"{where}: {cells.Length} cells, expected {width} as in the header. Text that "
                        + $"contains '{separator}' must be quoted.");
                // R writes NA into cells that are empty.
                string Cell(Column column) => columns.TryGetValue(column, out int j) && j < cells.Length && cells[j] != "NA" ? cells[j]
                    : "";
                string field = Cell(Column.Name), type = Cell(Column.Type).ToLowerInvariant();
                if (field.Length == 0) throw new ImputationDataException($"{where}: the name of the field is empty.");
                if (type.Length == 0)
                    throw new ImputationDataException($"{where}: field '{field}' has no field type; expected text, radio, dropdown, "
                        + "checkbox, yesno, truefalse, slider, calc, notes, file, sql or descriptive.", field);
                records.Add(new RedcapRecord(line, field, type)
                {
                    Form = Cell(Column.Form),
                    Label = Plain(Cell(Column.Label)),
                    Choices = Cell(Column.Choices),
                    Validation = Cell(Column.Validation).ToLowerInvariant(),
                    Minimum = Cell(Column.Minimum),
                    Maximum = Cell(Column.Maximum),
                    IsIdentifier = Cell(Column.Identifier).ToLowerInvariant() is "y" or "yes" or "1" or "true",
                    Logic = Cell(Column.Logic),
                    Annotation = Cell(Column.Annotation),
                });
            }
        }
        catch (CsvFormatException exception)
        {
            throw new ImputationDataException($"{name}: no CSV that can be read. {exception.Message}", inner: exception);
        }
        return records;
    }

    /// <summary>A label as one line without the markup that REDCap allows in it.</summary>
    public static string Plain(string label) => TranslationAccount.OneLine(label.Contains('<') || label.Contains('&')
        ? WebUtility.HtmlDecode(Markup().Replace(label, " ")) : label);

    private static Dictionary<Column, int> Columns(CsvReader reader)
    {
        var columns = new Dictionary<Column, int>();
        for (int j = 0; j < reader.FieldCount; j++)
        {
            string letters = string.Concat(reader.GetString(j).Where(char.IsAsciiLetter)).ToLowerInvariant();
            if (s_columns.TryGetValue(letters, out Column column)) columns.TryAdd(column, j);
        }
        return columns;
    }

    private static CsvReader Reader(string text, char separator, Action<CsvMalformedReason> malformed) => CsvReader.FromText(text,
        new CsvReaderOptions
        {
            Separator = separator,
            DetectSeparatorHint = false,
            HasHeader = false,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MalformedData = CsvMalformedDataHandling.Recover,
            OnMalformedRecord = record => malformed(record.Reason),
        });

    [GeneratedRegex("</?[a-zA-Z][^<>]*>")]
    private static partial Regex Markup();
}
