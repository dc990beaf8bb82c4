using System.Text;

namespace Imputation.Files.Csv;

/// <summary>How a CSV file is written.</summary>
/// <param name="Delimiter">Separator of cells.</param>
/// <param name="DecimalComma">Whether numbers have a decimal comma.</param>
/// <param name="Layout">Where the names and the rows are.</param>
/// <param name="Text">Encoding of the bytes: UTF-8, or Latin-1 where they are not UTF-8.</param>
/// <param name="Thousands">The thousands separator that was declared; null where it is detected by column.</param>
internal sealed record CsvDialect(char Delimiter, bool DecimalComma, CsvLayout Layout, Encoding Text, char? Thousands = null);
