using System.Globalization;
using System.Numerics;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>A column of the Parquet file that the table was read from: its stored values, with the filled cells put in.</summary>
internal sealed class StoredColumn : IParquetColumn
{
    private readonly ParquetSource _source;
    private readonly ColumnSchema _schema;
    private readonly Column _original;
    private readonly NumericColumn? _filled;
    private readonly PhysicalType _type;

    private StoredColumn(ParquetSource source, ColumnSchema schema, Column original, NumericColumn? filled, PhysicalType type)
    {
        _source = source;
        _schema = schema;
        _original = original;
        _filled = filled;
        _type = type;
        Element = type == schema.Type ? schema.Element : new SchemaElement(schema.Name)
        {
            Type = type,
            Repetition = schema.Element.Repetition,
            FieldId = schema.Element.FieldId
        };
    }

    public SchemaElement Element { get; }

    /// <summary>A column, of a wider type where filled values do not fit its own.</summary>
    public static StoredColumn For(ParquetSource source, ColumnSchema schema, Column original, Column current)
    {
        NumericColumn? filled = Filled(original, current);
        PhysicalType type = schema.Type;
        if (filled is not null && IsInteger(schema))
            type = filled.Kind == ColumnKind.Number ? PhysicalType.Double : Fits(schema, original, filled) ? type : PhysicalType.Int64;
        return new(source, schema, original, filled, type);
    }

    /// <summary>Some rows of a column of which others have been written: of the type that was chosen for all.</summary>
    public static StoredColumn For(ParquetSource source, ColumnSchema schema, Column original, Column current, bool widened)
    {
        NumericColumn? filled = Filled(original, current);
        if (!IsInteger(schema) || filled is null) return new(source, schema, original, filled, TypeOf(schema, widened));
        if (!widened && filled.Kind == ColumnKind.Number)
            throw new ImputationDataException($"Column '{schema.Name}' holds whole numbers and was filled with fractions, but rows above "
                + "were written as whole numbers.", schema.Name);
        if (!widened && !Fits(schema, original, filled))
            throw new ImputationDataException($"Column '{schema.Name}': a filled value does not fit the column's type, "
                + $"{schema.Type.ToString().ToUpperInvariant()}. Give the column bounds (--bounds), or write CSV.", schema.Name);
        return new(source, schema, original, filled, TypeOf(schema, widened));
    }

    public ColumnValues Values(int group, int start, int count)
    {
        ColumnValues stored = _source.Read(_schema, group);
        if (_filled is null && _type == _schema.Type) return stored;
        // + 0.0: a negative value too small for the type is filled in as 0, not as −0.
        // A column can be wider than it was, and then takes in observed cells too.
        return (stored, _type) switch
        {
            (ColumnValues<int> v, PhysicalType.Int32) => Filled(v, start, x => unchecked((int)Whole(x, int.MaxValue))),
            (ColumnValues<int> v, PhysicalType.Int64) => Filled(Converted(v, Widen), start, x => (long)x),
            (ColumnValues<int> v, PhysicalType.Double) => Filled(Converted(v, x => (double)Widen(x)), start, x => x),
            (ColumnValues<long> v, PhysicalType.Int64) => Filled(v, start, x => Whole(x, long.MaxValue)),
            (ColumnValues<long> v, PhysicalType.Double) => Filled(Converted(v, x => (double)x), start, x => x),
            (ColumnValues<float> v, _) => Filled(v, start, x => (float)(Finite(x, (float)x) + 0.0)),
            (ColumnValues<double> v, _) => Filled(v, start, x => x),
            (ColumnValues<ReadOnlyMemory<byte>> v, _) when _schema.Logical.Kind == LogicalKind.Float16 =>
                Filled(v, start, x => BitConverter.GetBytes((Half)(Finite(x, (double)(Half)x) + 0.0))),
            (ColumnValues<ReadOnlyMemory<byte>> v, _) => Filled(v, start, x => Decimals.ToBytes(Unscaled(x), FixedLength)
                ?? throw TooLarge(x)),
            _ => throw new InvalidOperationException($"Filled cells in a column of {_schema.Type}."),
        };
    }

    private static NumericColumn? Filled(Column original, Column current) =>
        current.MissingCount < original.MissingCount ? (NumericColumn)current : null;

    private static bool IsInteger(ColumnSchema schema) =>
        schema.Type is PhysicalType.Int32 or PhysicalType.Int64 && schema.Logical.Kind != LogicalKind.Decimal;

    private static PhysicalType TypeOf(ColumnSchema schema, bool widened) =>
        widened && IsInteger(schema) ? PhysicalType.Double : schema.Type;

    private int? FixedLength => _schema.Type == PhysicalType.FixedLengthByteArray ? _schema.Element.TypeLength : null;

    private long Widen(int value) => _schema.Logical.IsSigned ? value : (uint)value;

    /// <summary>How a filled value is stored: the number itself, or a decimal's digits.</summary>
    private long Whole(double value, long most)
    {
        if (_schema.Logical.Kind != LogicalKind.Decimal) return (long)value;
        BigInteger unscaled = Unscaled(value);
        return BigInteger.Abs(unscaled) <= most ? (long)unscaled : throw TooLarge(value);
    }

    private ColumnValues<T> Filled<T>(ColumnValues<T> stored, int start, Func<double, T> convert)
    {
        T[] values = stored.Values;
        for (int i = 0; _filled is not null && i < values.Length; i++)
        {
            if (!_original.IsMissing(start + i) || _filled.IsMissing(start + i)) continue;
            values[i] = convert(_filled.Values[start + i]);
            if (stored.Present is { } present) present[i] = true;
        }
        return stored;
    }

    private static ColumnValues<TTo> Converted<TFrom, TTo>(ColumnValues<TFrom> values, Converter<TFrom, TTo> convert) =>
        new(Array.ConvertAll(values.Values, convert), values.Present);

    /// <summary>Whether every filled whole number fits the column's own integer type.</summary>
    private static bool Fits(ColumnSchema schema, Column original, NumericColumn filled)
    {
        LogicalType logical = schema.Logical;
        int bits = logical is { Kind: LogicalKind.Integer, BitWidth: > 0 } ? logical.BitWidth : schema.Type == PhysicalType.Int32
            ? 32 : 64;
        double most = Math.Pow(2, logical.IsSigned ? bits - 1 : bits), least = logical.IsSigned ? -most : 0;
        ReadOnlySpan<double> values = filled.Values;
        for (int row = 0; row < values.Length; row++)
            if (original.IsMissing(row) && (values[row] < least || values[row] >= most)) return false;
        return true;
    }

    private BigInteger Unscaled(double value)
    {
        BigInteger unscaled = Decimals.FromDouble(value, _schema.Logical.Scale);
        int precision = _schema.Logical.Precision;
        return precision is <= 0 or > 1000 || BigInteger.Abs(unscaled) < BigInteger.Pow(10, precision) ? unscaled : throw TooLarge(value);
    }

    private double Finite(double value, double converted) => double.IsFinite(converted) ? converted : throw TooLarge(value);

    private ImputationDataException TooLarge(double value) => new(
        string.Create(CultureInfo.InvariantCulture, $"Column '{_schema.Name}': the filled value {value} does not fit the column's type, "
            + $"{Described}. Give the column bounds (--bounds), or write CSV."), _schema.Name);

    private string Described => _schema.Logical switch
    {
        { Kind: LogicalKind.Decimal } decimals => $"DECIMAL({decimals.Precision}, {decimals.Scale})",
        { Kind: LogicalKind.Float16 } => "FLOAT16",
        _ => _schema.Type.ToString().ToUpperInvariant(),
    };
}
