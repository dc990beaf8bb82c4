using System.Text;

namespace Imputation.Files.Spss;

/// <summary>What the extensions of a dictionary say. One that is malformed is ignored, as other programs do: none is needed to read the
/// data. All of them, known or not, are kept as bytes when the file is written again.</summary>
internal sealed class SpssExtensions
{
    private const int Integers = 3, Floats = 4, DisplayParameters = 11, LongNames = 13, VeryLongStrings = 14, CaseCounts = 16,
        Attributes = 18, EncodingName = 20, LongLabels = 21, LongMissing = 22;

    private readonly IReadOnlyDictionary<int, SpssExtension> _extensions;
    private readonly SpssCursor _file;

    /// <param name="extensions">By subtype.</param>
    /// <param name="file">The file, for its byte order and messages.</param>
    /// <param name="otherwise">The encoding of a file that names none.</param>
    public SpssExtensions(IReadOnlyDictionary<int, SpssExtension> extensions, SpssCursor file, Encoding? otherwise)
    {
        (_extensions, _file) = (extensions, file);
        int codePage = 0;
        if (Fields(Integers, 4, 8) is { } integers)
            (FloatFormat, codePage) = (file.Int32(integers.Span[16..]), file.Int32(integers.Span[28..]));
        string? name = extensions.TryGetValue(EncodingName, out SpssExtension? named)
            ? System.Text.Encoding.ASCII.GetString(named.Data.Span).Trim('\0', ' ') : null;
        Encoding = SpssEncoding.Of(name is "" ? null : name, codePage, otherwise, file.File);
        if (Fields(Floats, 8, 3) is { } floats)
            (SystemMissing, Highest, Lowest) = (file.Double(floats.Span), file.Double(floats.Span[8..]), file.Double(floats.Span[16..]));
        if (Fields(CaseCounts, 8, 2) is { } counts && file.Int64(counts.Span[8..]) is >= 0 and var count) CaseCount = count;
    }

    public Encoding Encoding { get; }

    /// <summary>1 for IEEE 754; 0 where the file does not say.</summary>
    public int FloatFormat { get; }

    public double SystemMissing { get; } = -double.MaxValue;

    public double Highest { get; } = double.MaxValue;

    public double Lowest { get; } = Math.BitIncrement(-double.MaxValue);

    /// <summary>Number of cases; −1 where it is not given.</summary>
    public long CaseCount { get; } = -1;

    /// <summary>A text without trailing blanks.</summary>
    public string Text(ReadOnlyMemory<byte> bytes) => Encoding.GetString(bytes.Span).TrimEnd(' ', '\0');

    public double Number(ReadOnlySpan<byte> eight) => _file.Double(eight);

    /// <summary>Long names by short ones.</summary>
    public Dictionary<string, string> Names()
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string shortName, string name) in Pairs(LongNames)) names[shortName] = name;
        return names;
    }

    /// <summary>Widths of the strings that have several segments, by short name of the first.</summary>
    public Dictionary<string, int> Widths()
    {
        var widths = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string text) in Pairs(VeryLongStrings))
            if (int.TryParse(text.Trim('\0', ' '), out int width) && width > SpssWidths.Segment) widths[name] = width;
        return widths;
    }

    /// <summary>Level of measurement of each variable record; empty where it is not given.</summary>
    /// <param name="records">Number of records; the segments of a string count.</param>
    public SpssMeasure[] Measures(int records)
    {
        if (!_extensions.TryGetValue(DisplayParameters, out SpssExtension? extension) || extension.Size != 4) return [];
        int fields = extension.Count == 3L * records ? 3 : extension.Count == 2L * records ? 2 : 0;
        if (fields == 0) return [];
        var measures = new SpssMeasure[records];
        for (int i = 0; i < records; i++)
            measures[i] = (SpssMeasure)Math.Clamp(_file.Int32(extension.Data.Span[(4 * fields * i)..]), 0, 3);
        return measures;
    }

    /// <summary>Roles by long name, from the attribute <c>$@Role</c>: records are <c>name:attribute('value'\n...)...</c>, with / in
    /// between.</summary>
    public Dictionary<string, SpssRole> Roles()
    {
        var roles = new Dictionary<string, SpssRole>(StringComparer.OrdinalIgnoreCase);
        if (!_extensions.TryGetValue(Attributes, out SpssExtension? extension)) return roles;
        string text = Encoding.GetString(extension.Data.Span);
        int at = 0;
        while (at < text.Length && text.IndexOf(':', at) is > 0 and var colon)
        {
            string name = text[at..colon];
            at = colon + 1;
            while (at < text.Length && text[at] != '/')
            {
                if (text.IndexOf('(', at) is not (>= 0 and var open)) return roles;
                int close = open; // the first ) after a line end, since a value may have one too
                do close = text.IndexOf(')', close + 1);
                while (close > 0 && text[close - 1] != '\n');
                if (close < 0) return roles;
                if (text.AsSpan(at..open).Equals("$@Role", StringComparison.OrdinalIgnoreCase)
                    && int.TryParse(text.AsSpan((open + 1)..close).Trim("'\n"), out int role) && role is >= 0 and <= 5)
                    roles[name] = (SpssRole)role;
                at = close + 1;
            }
            at++;
        }
        return roles;
    }

    /// <summary>Labels of the values of strings of more than 8 bytes, by long name.</summary>
    public Dictionary<string, List<SpssValueLabel>> ValueLabels()
    {
        var all = new Dictionary<string, List<SpssValueLabel>>(StringComparer.OrdinalIgnoreCase);
        Parse(LongLabels, data =>
        {
            string name = Text(data.Bytes(data.Int32("a name"), "a name"));
            _ = data.Int32("a width");
            var labels = new List<SpssValueLabel>();
            for (int count = data.Int32("labels"); count > 0; count--)
                labels.Add(new SpssValueLabel(Text(data.Bytes(data.Int32("a value"), "a value")),
                    Text(data.Bytes(data.Int32("a label"), "a label"))));
            all[name] = labels;
        });
        return all;
    }

    /// <summary>User-missing values of strings of more than 8 bytes, by long name.</summary>
    public Dictionary<string, List<string>> MissingTexts()
    {
        var all = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        Parse(LongMissing, data =>
        {
            string name = Text(data.Bytes(data.Int32("a name"), "a name"));
            int count = data.Bytes(1, "values").Span[0], length = data.Int32("a value");
            var texts = new List<string>();
            for (int i = 0; i < count; i++)
            {
                // The first writers of this record gave the length before each value.
                if (i > 0 && data.PeekInt32() == length) _ = data.Int32("a value");
                texts.Add(Text(data.Bytes(length, "a value")));
            }
            all[name] = texts;
        });
        return all;
    }

    /// <summary>The data of an extension that has as many fields of that size as it should, or more.</summary>
    private ReadOnlyMemory<byte>? Fields(int subtype, int size, int count) =>
        _extensions.TryGetValue(subtype, out SpssExtension? extension) && extension.Size == size && extension.Count >= count
            ? extension.Data : (ReadOnlyMemory<byte>?)null;

    private IEnumerable<(string Name, string Value)> Pairs(int subtype)
    {
        if (!_extensions.TryGetValue(subtype, out SpssExtension? extension)) yield break;
        foreach (string pair in Encoding.GetString(extension.Data.Span).Split('\t', StringSplitOptions.RemoveEmptyEntries))
            if (pair.TrimStart('\0').Split('=', 2) is [var name, var value]) yield return (name, value);
    }

    private void Parse(int subtype, Action<SpssCursor> record)
    {
        if (!_extensions.TryGetValue(subtype, out SpssExtension? extension)) return;
        SpssCursor data = _file.Over(extension.Data);
        try
        {
            while (data.Remaining > 0) record(data);
        }
        catch (ImputationDataException)
        {
            // The rest of a malformed extension is ignored.
        }
    }
}
