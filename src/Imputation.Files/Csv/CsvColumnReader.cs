using System.Text;
using CsvHelper;

namespace Imputation.Files.Csv;

/// <summary>Reads the cells of one column as numbers, row by row, and determines the type of the column at the end.</summary>
/// <remarks>Readers of different rows write to the same arrays, each to its own part of them.</remarks>
internal sealed class CsvColumnReader(CsvColumnArrays column, MissingMatcher missing, CsvDialect dialect, int firstRow)
{
    private readonly byte _decimalSign = dialect.DecimalComma ? (byte)',' : (byte)'.';
    private readonly OriginCodes _origins = new(dialect.Text);
    private CsvOddCells? _odd;
    private readonly double[] _values = column.Values;
    private readonly byte[] _codes = column.Codes;
    private int _row = firstRow;
    private int _numbers, _reals, _leadingZeros, _beyond;
    private int _shortest = int.MaxValue, _longest;
    private int _largeBefore, _fractionsBefore; // those of readers that were only counted

    /// <summary>Whether there were more spellings of missing than there are codes for them.</summary>
    public bool Overflowed => _origins.Overflowed;

    private int InFile => column.RowsBefore + _row;

    /// <summary>Takes a field of the reader's current record as the next cell.</summary>
    public void Add(CsvReader reader, int field)
    {
        ReadOnlySpan<byte> text = reader.GetRawSpan(field);
        if (CsvNumber.TryParsePlain(text, _decimalSign, out double value, out CsvShape shape)) Number(value, shape, text);
        else if (text.IsEmpty) Miss(MissingKind.Empty, text);
        else AddOther(reader, field);
    }

    /// <summary>A cell that is quoted, padded, missing, or a number of a rarer kind.</summary>
    private void AddOther(CsvReader reader, int field)
    {
        ReadOnlySpan<byte> text = reader.GetSpan(field).Trim(" \t"u8);     // blanks within quotes
        CsvShape shape = CsvNumber.ShapeOf(text, _decimalSign);
        if (shape != CsvShape.Text && TryParse(reader, field, text, out double value) && double.IsFinite(value))
        {
            Number(value, shape, text);
            return;
        }
        if (text.IsEmpty) Miss(MissingKind.Empty, text);
        else if (missing.IsMarker(text, declaredOnly: false, out MissingKind kind)) Miss(kind, text);
        else Odd(text);
    }

    private bool TryParse(CsvReader reader, int field, ReadOnlySpan<byte> text, out double value) =>
        dialect.DecimalComma ? CsvNumber.TryParse(text, true, out value) : reader.TryParse(field, out value);

    private void Number(double value, CsvShape shape, ReadOnlySpan<byte> text)
    {
        if (missing.IsCode(value))
        {
            Miss(MissingKind.Code, text);
            return;
        }
        _values[_row++] = value;
        _numbers++;
        if (shape == CsvShape.Real)
        {
            _reals++;
            return;
        }
        if (text.Length > 1 && text[0] == '0') _leadingZeros++;
        if (Math.Abs(value) >= NumericColumn.LargestInteger) _beyond++;     // 2⁵³ may have been 2⁵³ + 1
        _shortest = Math.Min(_shortest, text.Length);
        _longest = Math.Max(_longest, text.Length);
    }

    private void Miss(MissingKind kind, ReadOnlySpan<byte> text)
    {
        _codes[_row] = _origins.Code(kind, text);
        _values[_row++] = double.NaN;
    }

    private void Odd(ReadOnlySpan<byte> text)
    {
        const int longest = 64;
        _odd ??= new CsvOddCells();
        _values[_row] = double.NaN;
        Span<char> chars = stackalloc char[longest];
        if (IsInfinity(text)) _odd.Infinities.Add(InFile, text);
        else if (text.Length <= longest && CsvStyledNumber.TryParse(chars[..dialect.Text.GetChars(text, chars)], (char)_decimalSign,
            dialect.Thousands, out double value, out CsvNumberStyle style, out bool certain))
        {
            if (missing.IsCode(value))
            {
                Miss(MissingKind.Code, text);
                return;
            }
            _values[_row] = value;
            _odd.AddStyled(InFile, text, value, style, certain);
        }
        else _odd.AddText(InFile, text, dialect);
        _row++;
    }

    /// <summary>Inf, -Infinity, ∞ and the like, and numbers beyond all doubles.</summary>
    private bool IsInfinity(ReadOnlySpan<byte> text)
    {
        if (CsvNumber.TryParse(text, dialect.DecimalComma, out _)) return true;     // finite ones were taken before
        ReadOnlySpan<byte> bare = text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        return Ascii.EqualsIgnoreCase(bare, "inf"u8) || Ascii.EqualsIgnoreCase(bare, "infinity"u8) || bare.SequenceEqual("∞"u8);
    }

    /// <summary>Merges the reader of the rows that follow.</summary>
    public void Append(CsvColumnReader next)
    {
        _origins.Append(next._origins, _codes.AsSpan(_row, next._row - _row));
        AddCounts(next);
        _row = next._row;
    }

    /// <summary>Counts the cells of a later batch, which has arrays of its own, so that <see cref="Finish"/> is about them too.</summary>
    public void Count(CsvColumnReader next)
    {
        AddCounts(next);
        _largeBefore += next.LargeCount() + next._largeBefore;
        _fractionsBefore += next.FractionCount() + next._fractionsBefore;
    }

    private void AddCounts(CsvColumnReader next)
    {
        if (next._odd is not null) (_odd ??= new CsvOddCells()).Append(next._odd);
        _numbers += next._numbers;
        _reals += next._reals;
        _leadingZeros += next._leadingZeros;
        _beyond += next._beyond;
        _shortest = Math.Min(_shortest, next._shortest);
        _longest = Math.Max(_longest, next._longest);
    }

    /// <summary>The column, or why it is none of numbers.</summary>
    /// <remarks>All numbers: a numeric column, unless they are identifiers. Few numbers: text. Mostly numbers: the others are typing
    /// errors or marks for missing, and the column is refused.</remarks>
    /// <param name="options">Read options.</param>
    /// <param name="given">How numbers are written by all rows of the file, of which these are some; null to find out.</param>
    public CsvColumnResult Finish(TableReadOptions options, CsvNumberStyle? given = null)
    {
        string name = column.Name;
        bool numeric = options.NumericColumns.Contains(name);
        bool mixed = !numeric && options.MayMix(name);
        if (_odd is null)
            return !numeric && LookLikeIdentifiers() ? CsvColumnResult.Text : new CsvColumnResult(Numbers(whole: _reals == 0));

        CsvNumberStyle? style = given ?? AcceptedStyle(options);
        int styled = style is null ? 0 : _odd.Styled.Count, numbers = _numbers + styled + _odd.Infinities.Count;
        var odd = new CsvColumnProblem(name, _odd, style, numbers, _numbers + _odd.Count, dialect);
        if (styled == _odd.Count)
        {
            bool whole = _reals == 0 && FractionCount() + _fractionsBefore == 0;
            return new CsvColumnResult(Numbers(whole)) { Style = style, Finding = odd.StyleFinding(options) };
        }
        if (mixed) return CsvColumnResult.Text;
        if (odd.HoldsLists) return CsvColumnResult.Text with { Finding = odd.ListFinding() };
        if (odd.MayHaveDecimalCommas || (numeric && options.NumbersAreGiven) || 2 * numbers > odd.Observed
            || (style is null && _odd.GroupedCount > 0 && 2 * (numbers + _odd.Styled.Count) > odd.Observed))
            return CsvColumnResult.Text with { Problem = odd };
        Finding? signs = style is null && _odd.Styled.Count > 0 ? odd.SignFinding(_numbers) : null;
        return CsvColumnResult.Text with { Texts = _odd.Texts, Finding = signs };
    }

    /// <summary>The style of the styled numbers, if it is one, and the plain numbers fit it.</summary>
    private CsvNumberStyle? AcceptedStyle(TableReadOptions options)
    {
        if (_odd!.Style is not { } style || _odd.StylesDiffer || (style.Sign.Length > 0 && _numbers > 0)) return null;
        if (style.Group.Length == 0 || options.Thousands is not null) return style;
        if (_odd.HasDecimalComma && !_odd.IsCertain) return null;
        return LargeCount() + _largeBefore == _odd.GroupedCount ? style : null;
    }

    private NumericColumn Numbers(bool whole) => NumericColumn.Create(column.Name,
        whole && _beyond == 0 && (_numbers > 0 || _odd is not null) ? ColumnKind.Integer : ColumnKind.Number, _values,
        new MissingMask(_codes, _origins.Origins));

    /// <summary>Number of values that thousands separators are for.</summary>
    private int LargeCount()
    {
        int large = 0;
        foreach (double value in _values.AsSpan())
            if (Math.Abs(value) >= 1000) large++;
        return large;
    }

    /// <summary>Number of values that are no whole numbers, or too large to be known as such.</summary>
    private int FractionCount()
    {
        int fractions = 0;
        foreach (double value in _values.AsSpan())
            if (Math.Abs(value) >= NumericColumn.LargestInteger || (!double.IsNaN(value) && value != Math.Floor(value))) fractions++;
        return fractions;
    }

    /// <summary>Digits that identify something: 01234 and other postal codes (leading zeros in digits of one length, or in at least half of
    /// the cells; a single 05 among ages is a number), and whole numbers that a double cannot distinguish from their neighbours.</summary>
    private bool LookLikeIdentifiers() =>
        _numbers > 0 && _reals == 0
        && (_beyond > 0 || (_leadingZeros > 0 && (_shortest == _longest || 2 * _leadingZeros >= _numbers)));
}
