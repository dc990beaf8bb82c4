using System.Text;

namespace Imputation.Files.Csv;

/// <summary>How a CSV file is written.</summary>
/// <param name="Delimiter">What separates cells.</param>
/// <param name="DecimalComma">Whether numbers have a decimal comma.</param>
/// <param name="Start">Where the header begins: after a byte order mark and a line such as sep=;</param>
/// <param name="Text">What the bytes say as text: UTF-8, or Latin-1 where they are not UTF-8.</param>
/// <param name="HasHint">Whether there is such a line.</param>
internal sealed record CsvDialect(char Delimiter, bool DecimalComma, int Start, Encoding Text, bool HasHint = false);
