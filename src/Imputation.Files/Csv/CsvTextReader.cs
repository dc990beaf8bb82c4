using CsvHelper;

namespace Imputation.Files.Csv;

/// <summary>Takes the cells of one column as text. A quoted text is text even where it spells one of the usual marks of missing.</summary>
internal sealed class CsvTextReader(string name, MissingMatcher missing, CsvDialect dialect, int rowCount)
{
    private readonly OriginCodes _origins = new(dialect.Text);
    private readonly string?[] _values = new string?[rowCount];
    private readonly byte[] _codes = new byte[rowCount];
    private readonly Dictionary<string, string> _pool = [];
    private int _row;

    /// <summary>Takes a field of the reader's current record as the next cell.</summary>
    public void Add(CsvReader reader, int field)
    {
        ReadOnlySpan<byte> text = reader.GetSpan(field), trimmed = text.Trim(" \t"u8);
        bool quoted = reader.GetRawSpan(field).TrimStart(" \t"u8) is [(byte)'"', ..];
        if (trimmed.IsEmpty) Miss(MissingKind.Empty, trimmed);
        else if (CsvNumber.TryParse(trimmed, dialect.DecimalComma, out double value) && missing.IsCode(value))
            Miss(MissingKind.Code, trimmed);
        else if (missing.IsMarker(trimmed, declaredOnly: quoted, out MissingKind kind)) Miss(kind, trimmed);
        else _values[_row++] = Pooled(text);
    }

    public TextColumn Finish() => TextColumn.Create(name, _values, new MissingMask(_codes, _origins.Origins));

    private void Miss(MissingKind kind, ReadOnlySpan<byte> text) => _codes[_row++] = _origins.Code(kind, text);

    /// <summary>One string for equal texts, as long as the column has few distinct ones.</summary>
    private string Pooled(ReadOnlySpan<byte> text)
    {
        const int most = 4096, longest = 64;
        if (text.Length > longest) return dialect.Text.GetString(text);
        Span<char> chars = stackalloc char[longest];
        chars = chars[..dialect.Text.GetChars(text, chars)];
        var lookup = _pool.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(chars, out string? known)) return known;
        string value = new(chars);
        if (_pool.Count < most) _pool.Add(value, value);
        return value;
    }
}
