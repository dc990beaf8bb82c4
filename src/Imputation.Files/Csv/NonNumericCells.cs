using System.Text;

namespace Imputation.Files.Csv;

/// <summary>Cells of a column that are alike: how many, where the first is, and their texts, for the message that names them.</summary>
internal sealed class NonNumericCells
{
    /// <summary>More different texts than this are not marks for missing.</summary>
    private const int Kept = 20;

    private const int LongestShown = 40;

    private readonly List<byte[]> _texts = [];
    private bool _more;

    public int Count { get; private set; }

    /// <summary>Row of the first, from 1.</summary>
    public int FirstRow { get; private set; }

    public void Add(int row, ReadOnlySpan<byte> text)
    {
        if (Count++ == 0) FirstRow = row + 1;
        Keep(text);
    }

    /// <summary>Takes over the cells of later rows.</summary>
    public void Append(NonNumericCells next)
    {
        if (Count == 0) FirstRow = next.FirstRow;
        Count += next.Count;
        foreach (byte[] text in next._texts) Keep(text);
        _more |= next._more;    // then there are more texts than are kept, whichever they are
    }

    /// <summary>The texts that are kept, cut to a length that fits a message.</summary>
    public IReadOnlyList<string> Show(Encoding encoding) => [.. _texts.Select(text => encoding.GetString(text).ReplaceLineEndings(" "))
        .Select(text => text.Length <= LongestShown ? text : text[..LongestShown] + "...")];

    /// <summary>All texts; none where there are too many, or too long ones, for marks of missing.</summary>
    public IReadOnlyList<string> Marks(Encoding encoding)
    {
        string[] marks = [.. _texts.Select(encoding.GetString)];
        return _more || marks.Any(mark => mark.Length > LongestShown || mark.Any(char.IsControl)) ? []
            : [.. marks.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Whether a text is among those that are kept, in any case.</summary>
    public bool Contains(string text, Encoding encoding) => _texts.Any(kept => encoding.GetString(kept).Equals(text,
        StringComparison.OrdinalIgnoreCase));

    private void Keep(ReadOnlySpan<byte> text)
    {
        if (_more) return;
        foreach (byte[] seen in _texts)
            if (text.SequenceEqual(seen)) return;
        if (_texts.Count < Kept) _texts.Add(text.ToArray());
        else _more = true;
    }
}
