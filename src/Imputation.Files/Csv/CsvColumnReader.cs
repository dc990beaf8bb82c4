using System.Text;
using CsvHelper;

namespace Imputation.Files.Csv;

/// <summary>Reads the cells of one column as numbers, row by row, and determines the type of the column at the end.</summary>
/// <remarks>Readers of different rows write to the same arrays, each to its own part of them.</remarks>
internal sealed class CsvColumnReader(CsvColumnArrays column, MissingMatcher missing, CsvDialect dialect, int firstRow)
{
    private readonly byte _decimalSign = dialect.DecimalComma ? (byte)',' : (byte)'.';
    private readonly OriginCodes _origins = new(dialect.Text);
    private readonly NonNumericCells _texts = new();
    private readonly NonNumericCells _infinities = new();
    private readonly double[] _values = column.Values;
    private readonly byte[] _codes = column.Codes;
    private int _row = firstRow;
    private int _numbers, _reals, _leadingZeros, _beyond, _decimalCommas;
    private int _shortest = int.MaxValue, _longest;

    /// <summary>Whether there were more spellings of missing than there are codes for them.</summary>
    public bool Overflowed => _origins.Overflowed;

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
        bool infinite = IsInfinity(text);
        (infinite ? _infinities : _texts).Add(_row, text);
        if (!infinite && !dialect.DecimalComma && CsvNumber.TryParse(text, true, out _)) _decimalCommas++;
        _values[_row++] = double.NaN;
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
        _texts.Append(next._texts);
        _infinities.Append(next._infinities);
        _numbers += next._numbers;
        _reals += next._reals;
        _leadingZeros += next._leadingZeros;
        _beyond += next._beyond;
        _decimalCommas += next._decimalCommas;
        _shortest = Math.Min(_shortest, next._shortest);
        _longest = Math.Max(_longest, next._longest);
        _row = next._row;
    }

    /// <summary>The column, or null where it is text and has to be read again as such.</summary>
    /// <remarks>All numbers: a numeric column, unless they are identifiers. Few numbers: text. Mostly numbers: the others are typing
    /// errors, and an exception names them.</remarks>
    /// <exception cref="ImputationDataException">Most cells are numbers and some are not, or infinite.</exception>
    public NumericColumn? Finish(TableReadOptions options)
    {
        string name = column.Name;
        bool numeric = options.NumericColumns.Contains(name);
        bool mixed = !numeric && options.MayMix(name);
        if (!numeric && LookLikeIdentifiers()) return null;

        int odd = _texts.Count + _infinities.Count, observed = _numbers + odd;
        if (odd > 0)
        {
            if (mixed) return null;
            if (_decimalCommas > 0 && 2 * (_numbers + _infinities.Count + _decimalCommas) > observed)
                throw _texts.DecimalComma(name, _decimalCommas, observed, dialect.Text);
            if (2 * (_numbers + _infinities.Count) <= observed) return null;
            throw _texts.Count > 0 ? _texts.NotNumbers(name, _numbers + _infinities.Count, observed, dialect) : _infinities.Infinite(name,
                dialect.Text);
        }
        bool whole = _numbers > 0 && _reals == 0 && _beyond == 0;
        return NumericColumn.Create(name, whole ? ColumnKind.Integer : ColumnKind.Number, _values,
            new MissingMask(_codes, _origins.Origins));
    }

    /// <summary>Digits that identify something: 01234 and other postal codes (leading zeros in digits of one length, or in at least half of
    /// the cells; a single 05 among ages is a number), and whole numbers that a double cannot distinguish from their neighbours.</summary>
    private bool LookLikeIdentifiers() =>
        _numbers > 0 && _reals == 0
        && (_beyond > 0 || (_leadingZeros > 0 && (_shortest == _longest || 2 * _leadingZeros >= _numbers)));
}
