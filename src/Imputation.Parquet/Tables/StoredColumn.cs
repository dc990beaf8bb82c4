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

    private StoredColumn(ParquetSource source, ColumnSchema schema, Column original, NumericColumn? filled)
    {
        _source = source;
        _schema = schema;
        _original = original;
        _filled = filled;
        (_type, Element) = (schema.Type, schema.Element);
        if (filled is null || schema.Type is not (PhysicalType.Int32 or PhysicalType.Int64) || schema.Logical.Kind == LogicalKind.Decimal)
            return;
        _type = filled.Kind == ColumnKind.Number ? PhysicalType.Double : Fits(filled) ? schema.Type : PhysicalType.Int64;
        if (_type != schema.Type || filled.Kind == ColumnKind.Number)
            Element = new SchemaElement(schema.Name)
            {
                Type = _type,
                Repetition = schema.Element.Repetition,
                FieldId = schema.Element.FieldId
            };
    }

    public SchemaElement Element { get; }

    public static StoredColumn For(ParquetSource source, ColumnSchema schema, Column original, Column current) =>
        new(source, schema, original, current.MissingCount < original.MissingCount ? (NumericColumn)current : null);

    public ColumnValues Values(int group, int start, int count)
    {
        ColumnValues stored = _source.Read(group, _schema);
        if (_filled is null) return stored;
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
        for (int i = 0; i < values.Length; i++)
        {
            if (!_original.IsMissing(start + i) || _filled!.IsMissing(start + i)) continue;
            values[i] = convert(_filled.Values[start + i]);
            if (stored.Present is { } present) present[i] = true;
        }
        return stored;
    }

    private static ColumnValues<TTo> Converted<TFrom, TTo>(ColumnValues<TFrom> values, Converter<TFrom, TTo> convert) =>
        new(Array.ConvertAll(values.Values, convert), values.Present);

    /// <summary>Whether every filled whole number fits the column's own integer type.</summary>
    private bool Fits(NumericColumn filled)
    {
        LogicalType logical = _schema.Logical;
        int bits = logical is { Kind: LogicalKind.Integer, BitWidth: > 0 } ? logical.BitWidth : _schema.Type == PhysicalType.Int32
            ? 32 : 64;
        double most = Math.Pow(2, logical.IsSigned ? bits - 1 : bits), least = logical.IsSigned ? -most : 0;
        ReadOnlySpan<double> values = filled.Values;
        for (int row = 0; row < values.Length; row++)
            if (_original.IsMissing(row) && (values[row] < least || values[row] >= most)) return false;
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
