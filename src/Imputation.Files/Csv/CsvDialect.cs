using System.Text;

namespace Imputation.Files.Csv;

/// <summary>How a CSV file is written.</summary>
/// <param name="Delimiter">Separator of cells.</param>
/// <param name="DecimalComma">Whether numbers have a decimal comma.</param>
/// <param name="Start">Position of the header: after a byte order mark and a line such as sep=;</param>
/// <param name="Text">Encoding of the bytes: UTF-8, or Latin-1 where they are not UTF-8.</param>
/// <param name="HasHint">Whether there is such a line.</param>
internal sealed record CsvDialect(char Delimiter, bool DecimalComma, int Start, Encoding Text, bool HasHint = false);
