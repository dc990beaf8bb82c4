using System.Text;

namespace Imputation.Files.Csv;

/// <summary>The cells of a column that are not numbers: how many, where the first is, and some of their texts, for the message that names
/// them.</summary>
internal sealed class NonNumericCells
{
    private const int Kept = 5;
    private const int LongestShown = 40;

    private readonly List<byte[]> _texts = [];
    private int _firstRow;
    private bool _more;

    public int Count { get; private set; }

    public void Add(int row, ReadOnlySpan<byte> text)
    {
        if (Count++ == 0) _firstRow = row + 1;
        Keep(text);
    }

    /// <summary>Takes over the odd cells of later rows.</summary>
    public void Append(NonNumericCells next)
    {
        if (Count == 0) _firstRow = next._firstRow;
        Count += next.Count;
        foreach (byte[] text in next._texts) Keep(text);
        _more |= next._more;    // then there are more texts than are kept, whichever they are
    }

    private void Keep(ReadOnlySpan<byte> text)
    {
        if (_more) return;
        foreach (byte[] seen in _texts)
            if (text.SequenceEqual(seen)) return;
        if (_texts.Count < Kept) _texts.Add(text.ToArray());
        else _more = true;
    }

    public ImputationDataException NotNumbers(string column, int numbers, int observed, CsvDialect dialect)
    {
        string first = Show(_texts[0], dialect.Text);
        string commas = dialect.DecimalComma && CsvNumber.TryParse(_texts[0], false, out _)
            ? " It has a decimal point, but a decimal comma was specified."
            : "";
        return new ImputationDataException(
            $"Column '{column}', row {_firstRow}: '{first}' is not a number, though {numbers} of the column's {observed} observed cells "
                + $"are.{commas} "
            + $"Correct {(Count == 1 ? "the cell" : $"the {Count} such cells")}, or, if it is a code for missing, declare it: --missing-in "
                + $"\"{column}={All(dialect.Text)}\" (--missing for all columns). "
            + $"If the column mixes numbers and text on purpose, leave it out: --exclude \"{column}\".", column, _firstRow);
    }

    public ImputationDataException Infinite(string column, Encoding encoding) => new(
        $"Column '{column}', row {_firstRow}: '{Show(_texts[0], encoding)}' is infinite or beyond the largest double, 1.8e308, and not a "
            + "measurement; expected a finite number or a mark for missing. "
        + $"Correct {(Count == 1 ? "the cell" : $"the {Count} such cells")}, or, if it is a code for missing, declare it: --missing "
            + $"\"{All(encoding)}\".", column, _firstRow);

    public ImputationDataException DecimalComma(string column, int commas, int observed, Encoding encoding) => new(
        $"Column '{column}', row {_firstRow}: '{Show(_texts[0], encoding)}' is not a number with a decimal point, and {commas} of the "
            + $"column's {observed} observed cells look like numbers with a comma. "
        + "If the comma is the decimal mark, use --decimal-comma. Thousands separators are not supported; remove them.", column, _firstRow);

    private string All(Encoding encoding) => string.Join(',', _texts.Select(t => Show(t, encoding))) + (_more ? ",..." : "");

    private static string Show(byte[] text, Encoding encoding)
    {
        string s = encoding.GetString(text).ReplaceLineEndings(" ");
        return s.Length <= LongestShown ? s : s[..LongestShown] + "...";
    }
}
