using System.Text;

namespace Imputation.Files.Csv;

/// <summary>Decides which cells of one column are missing.</summary>
internal sealed class MissingMatcher
{
    private static readonly byte[][] Defaults = [.. TableReadOptions.DefaultMissingMarkers.Select(Encoding.UTF8.GetBytes)];

    private readonly byte[][] _usual;
    private readonly double[] _codes;
    private readonly byte[][] _texts;

    public MissingMatcher(TableReadOptions options, string column, Encoding encoding)
    {
        IEnumerable<string> declared = options.MissingMarkers;
        if (options.MissingByColumn.TryGetValue(column, out IReadOnlyList<string>? own)) declared = declared.Concat(own);
        if (options.Codebook?[column] is { } field) declared = declared.Concat(field.Missing.Select(code => code.Value));
        string[] not = [.. options.NotMissing, .. options.NotMissingByColumn.GetValueOrDefault(column, [])];
        _usual = not.Length == 0 ? Defaults
            : [.. Defaults.Where(mark => !not.Contains(Encoding.UTF8.GetString(mark), StringComparer.OrdinalIgnoreCase))];
        var codes = new List<double>();
        var texts = new List<byte[]>();
        foreach (string text in declared.Select(t => t.Trim()).Where(t => t.Length > 0))
        {
            // A code is given as numbers are written in commands, with a point, or as they are written in the file.
            if ((CsvNumber.TryParse(text, false, out double code) || (options.DecimalComma && CsvNumber.TryParse(text, true, out code)))
                && double.IsFinite(code))
                codes.Add(code);
            else
                texts.Add(encoding.GetBytes(text));
        }
        _codes = [.. codes];
        _texts = [.. texts];
    }

    /// <summary>Whether a number is a code for missing.</summary>
    public bool IsCode(double value) => _codes.Length > 0 && Array.IndexOf(_codes, value) >= 0;

    /// <summary>Whether a text, not empty, means missing.</summary>
    /// <param name="text">The cell without quotes and surrounding blanks.</param>
    /// <param name="declaredOnly">Whether only the texts that the caller declared count, not the usual ones.</param>
    /// <param name="kind">Kind of the missing mark.</param>
    public bool IsMarker(ReadOnlySpan<byte> text, bool declaredOnly, out MissingKind kind)
    {
        kind = Ascii.EqualsIgnoreCase(text, "NaN"u8) ? MissingKind.NotANumber : MissingKind.Marker;
        return Contains(_texts, text) || (!declaredOnly && Contains(_usual, text));
    }

    private static bool Contains(byte[][] texts, ReadOnlySpan<byte> text)
    {
        foreach (byte[] candidate in texts)
            if (candidate.Length == text.Length && (text.SequenceEqual(candidate) || Ascii.EqualsIgnoreCase(text, candidate))) return true;
        return false;
    }
}
