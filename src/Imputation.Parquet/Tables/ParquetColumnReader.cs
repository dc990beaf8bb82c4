using System.Numerics;
using System.Text;
using Imputation.Files;
using Imputation.Files.Csv;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Turns the stored values of a column into a table's column.</summary>
/// <remarks>Numbers are modelled: integers within ±2⁵³, floating-point numbers, decimals. Other values are not modelled: text is read
/// as text; dates, times, Booleans, identifiers and bytes as objects; and whole numbers beyond ±2⁵³, which are identifiers
/// too.</remarks>
/// <param name="schema">The column.</param>
/// <param name="firstRow">Number of rows of the file above the first of these, for messages.</param>
/// <param name="rows">Number of rows.</param>
/// <param name="file">Name of the file in messages.</param>
/// <param name="options">Read options.</param>
internal sealed class ParquetColumnReader(ColumnSchema schema, long firstRow, int rows, string file, TableReadOptions options)
{
    private const byte Empty = 1, NotANumber = 2;

    private readonly MissingMatcher _missing = new(options, schema.Name, Encoding.UTF8);

    /// <summary>Whether a value may not fit the usual type of the column's cells, so that all rows have to be seen before any is
    /// read.</summary>
    public bool HasTwoTypes => (schema.Type, schema.Logical.Kind) switch
    {
        (PhysicalType.Int32, LogicalKind.Decimal) or (PhysicalType.Int64, LogicalKind.Decimal)
            or (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray, LogicalKind.Decimal) => schema.Logical.Scale <= 0,
        (PhysicalType.Float or PhysicalType.Double, _) or (_, LogicalKind.Float16) => options.MayMix(schema.Name),
        (PhysicalType.Int64 or PhysicalType.Int96, _) => true,
        (PhysicalType.Int32, LogicalKind.Date or LogicalKind.Time) => true,
        (PhysicalType.ByteArray, LogicalKind.None) => true,
        _ => false,
    };

    /// <summary>The column, of the usual type if all values fit it.</summary>
    public Column Read(IEnumerable<ColumnValues> parts) => Read(parts, usual: true) ?? Read(parts, usual: false)!;

    /// <summary>The column with cells of the usual type, or null where a value does not fit it; or of the other type, which takes
    /// all.</summary>
    public Column? Read(IEnumerable<ColumnValues> parts, bool usual)
    {
        LogicalType logical = schema.Logical;
        return (schema.Type, logical.Kind) switch
        {
            (PhysicalType.Int32, LogicalKind.None or LogicalKind.Integer or LogicalKind.Null) =>
                Number(parts, ColumnKind.Integer, logical.IsSigned ? Integers : Each<int>(v => (uint)v)),
            (PhysicalType.Int64, LogicalKind.None or LogicalKind.Integer or LogicalKind.Null) => Long(parts, logical.IsSigned, usual),
            (PhysicalType.Float, _) => usual ? Number(parts, ColumnKind.Number, Singles)
                : Objects(parts, typeof(double), (float v) => (double)v),
            (PhysicalType.Double, _) => usual ? Number(parts, ColumnKind.Number, Doubles) : Objects(parts, typeof(double), (double v) => v),
            (PhysicalType.FixedLengthByteArray, LogicalKind.Float16) => usual
                ? Number(parts, ColumnKind.Number, Each<ReadOnlyMemory<byte>>(v => (double)BitConverter.ToHalf(v.Span)))
                : Objects(parts, typeof(double), (ReadOnlyMemory<byte> v) => (double)BitConverter.ToHalf(v.Span)),
            (PhysicalType.Int32, LogicalKind.Decimal) => Decimal<int>(parts, v => v, usual),
            (PhysicalType.Int64, LogicalKind.Decimal) => Decimal<long>(parts, v => v, usual),
            (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray, LogicalKind.Decimal) =>
                Decimal<ReadOnlyMemory<byte>>(parts, Unscaled, usual),
            _ => Other(parts, usual),
        };
    }

    /// <summary>Stored values as numbers, a nought for each null; false where a value does not fit.</summary>
    private delegate bool Converter(ColumnValues stored, Span<double> numbers);

    private NumericColumn? Number(IEnumerable<ColumnValues> parts, ColumnKind kind, Converter convert, int? decimals = null)
    {
        var values = new double[rows];
        var codes = new byte[rows];
        var origins = new List<MissingOrigin> { MissingOrigin.Empty, MissingOrigin.NotANumber };
        int done = 0;
        foreach (ColumnValues part in parts)
        {
            Span<double> numbers = values.AsSpan(done, part.Count);
            if (!convert(part, numbers) || !Mark(part.Present, numbers, codes.AsSpan(done, part.Count), origins, done)) return null;
            done += part.Count;
        }
        return NumericColumn.Create(schema.Name, kind, values, new MissingMask(codes, origins), decimals);
    }

    /// <summary>Finds the missing cells; false where the column holds infinities and may.</summary>
    private bool Mark(ReadOnlySpan<bool> present, Span<double> numbers, Span<byte> codes, List<MissingOrigin> origins, int first)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            double value = numbers[i];
            if (!present.IsEmpty && !present[i])
            {
                numbers[i] = double.NaN;
                codes[i] = Empty;
            }
            else if (double.IsNaN(value))
            {
                codes[i] = NotANumber;
            }
            else if (double.IsInfinity(value))
            {
                // No measurement; a column that is not to be modelled may have them.
                return options.MayMix(schema.Name) ? false : throw Infinite(first + i, value);
            }
            else if (_missing.IsCode(value))
            {
                codes[i] = Code(origins, value);
                numbers[i] = double.NaN;
            }
        }
        return true;
    }

    private static Converter Each<T>(Func<T, double> number, Func<T, bool>? fits = null) => (stored, numbers) =>
    {
        T[] values = ((ColumnValues<T>)stored).Values;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (stored.IsNull(i)) continue;
            if (fits?.Invoke(values[i]) == false) return false;
            numbers[i] = number(values[i]);
        }
        return true;
    };

    private static bool Doubles(ColumnValues stored, Span<double> numbers)
    {
        ((ColumnValues<double>)stored).Values.AsSpan(0, numbers.Length).CopyTo(numbers);
        return true;
    }

    private static bool Singles(ColumnValues stored, Span<double> numbers)
    {
        ReadOnlySpan<float> values = ((ColumnValues<float>)stored).Values.AsSpan(0, numbers.Length);
        for (int i = 0; i < values.Length; i++) numbers[i] = values[i];
        return true;
    }

    private static bool Integers(ColumnValues stored, Span<double> numbers)
    {
        ReadOnlySpan<int> values = ((ColumnValues<int>)stored).Values.AsSpan(0, numbers.Length);
        for (int i = 0; i < values.Length; i++) numbers[i] = values[i];
        return true;
    }

    /// <summary>64-bit integers that a double represents uniquely.</summary>
    private static bool Longs(ColumnValues stored, Span<double> numbers)
    {
        ReadOnlySpan<long> values = ((ColumnValues<long>)stored).Values.AsSpan(0, numbers.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is < -NumericColumn.LargestInteger or > NumericColumn.LargestInteger) return false;
            numbers[i] = values[i];
        }
        return true;
    }

    private static byte Code(List<MissingOrigin> origins, double value) =>
        MissingMask.Code(origins, new MissingOrigin(MissingKind.Code, CsvText.Of(value)));

    private ImputationDataException Infinite(int row, double value) => new(
        $"{file}: column '{schema.Name}', row {firstRow + row + 1}: {(value > 0 ? "+" : "-")}Infinity is not a measurement; expected a "
            + "finite number or null. Correct it, or leave the column out (--exclude).", schema.Name, firstRow + row + 1);

    /// <summary>64-bit integers; those that a double cannot represent uniquely are identifiers.</summary>
    private Column? Long(IEnumerable<ColumnValues> parts, bool signed, bool usual)
    {
        if (usual)
            return Number(parts, ColumnKind.Integer, signed ? Longs
                : Each<long>(v => v, v => (ulong)v <= NumericColumn.LargestInteger));
        return signed ? Objects(parts, typeof(long), (long v) => v) : Objects(parts, typeof(ulong), (long v) => (ulong)v);
    }

    private BigInteger Unscaled(ReadOnlyMemory<byte> value) => value.Length <= Decimals.MostBytes
        ? Decimals.Unscaled(value.Span)
        : throw new ImputationDataException($"{file}: column '{schema.Name}' has a decimal of {value.Length} bytes; expected at most "
            + $"{Decimals.MostBytes} (307 digits).", schema.Name);

    private Column? Decimal<T>(IEnumerable<ColumnValues> parts, Func<T, BigInteger> unscaled, bool usual)
    {
        int scale = schema.Logical.Scale;
        if (scale is < -1000 or > 1000) throw new ImputationDataException($"{file}: column '{schema.Name}' is a decimal of scale {scale}.",
            schema.Name);
        if (scale > 0) return Number(parts, ColumnKind.Number, Each<T>(v => Decimals.ToDouble(unscaled(v), scale)), scale);
        BigInteger power = BigInteger.Pow(10, -scale);
        return usual
            ? Number(parts, ColumnKind.Integer, Each<T>(v => (double)(unscaled(v) * power),
                v => BigInteger.Abs(unscaled(v)) * power <= NumericColumn.LargestInteger))
            : Text<T>(parts, v => (unscaled(v) * power).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private Column? Other(IEnumerable<ColumnValues> parts, bool usual)
    {
        LogicalType logical = schema.Logical;
        switch (schema.Type, logical.Kind)
        {
            case (PhysicalType.Boolean, _):
                object no = false, yes = true;
                return Objects(parts, typeof(bool), (bool v) => v ? yes : no);
            case (PhysicalType.Int32, LogicalKind.Date):
                return OneOf(parts, usual, typeof(DateOnly), v => ParquetTime.Date(v), typeof(int), (int v) => v);
            case (PhysicalType.Int32, LogicalKind.Time):
                return OneOf(parts, usual, typeof(TimeOnly), v => ParquetTime.Time(v, TimeUnit.Millis), typeof(int), (int v) => v);
            case (PhysicalType.Int64, LogicalKind.Time):
                return OneOf(parts, usual, typeof(TimeOnly), v => ParquetTime.Time(v, logical.Unit), typeof(long), (long v) => v);
            case (PhysicalType.Int64, LogicalKind.Timestamp):
                return OneOf(parts, usual, typeof(DateTime), v => ParquetTime.Timestamp(v, logical.Unit, logical.IsUtc), typeof(long),
                    (long v) => v);
            case (PhysicalType.Int96, _):
                return OneOf(parts, usual, typeof(DateTime), v => ParquetTime.Int96(v.Span), typeof(byte[]),
                    (ReadOnlyMemory<byte> v) => v.ToArray());
            case (PhysicalType.FixedLengthByteArray, LogicalKind.Uuid) when schema.Element.TypeLength == 16:
                return Objects(parts, typeof(Guid), (ReadOnlyMemory<byte> v) => new Guid(v.Span, bigEndian: true));
            case (_, LogicalKind.String or LogicalKind.Enum or LogicalKind.Json) when schema.Type is PhysicalType.ByteArray
                or PhysicalType.FixedLengthByteArray:
                return Text(parts, Shared(Characters));
            case (PhysicalType.ByteArray, LogicalKind.None) when usual:
                return Cells(parts, Shared(v => IsText(v) ? Characters(v) : null)) is { } texts ? TextOf(texts) : null;
            case (PhysicalType.Int32, _):
                return Objects(parts, typeof(int), (int v) => v);
            case (PhysicalType.Int64, _):
                return Objects(parts, typeof(long), (long v) => v);
            default:
                return Objects(parts, typeof(byte[]), Shared(v => v.ToArray()));
        }
    }

    /// <summary>Older writers do not mark the byte arrays that are text.</summary>
    private static bool IsText(ReadOnlyMemory<byte> value)
    {
        foreach (byte b in value.Span)
            if (b < 32 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) return false;
        return System.Text.Unicode.Utf8.IsValid(value.Span);
    }

    private static string Characters(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);

    /// <summary>What a dictionary holds is made once and shared by the rows, however many: always where it is long, and else while there
    /// are not too many to remember.</summary>
    private static Func<ReadOnlyMemory<byte>, T> Shared<T>(Func<ReadOnlyMemory<byte>, T> make)
    {
        const int most = 1 << 16, lengthy = 64;
        var made = new Dictionary<ReadOnlyMemory<byte>, T>();
        return value =>
        {
            if (made.TryGetValue(value, out T? known)) return known;
            T fresh = make(value);
            if (made.Count < most || value.Length > lengthy) made.Add(value, fresh);
            return fresh;
        };
    }

    private TextColumn Text<T>(IEnumerable<ColumnValues> parts, Func<T, string> text) => TextOf(Cells<T>(parts, text)!);

    private TextColumn TextOf(object?[] cells) => TextColumn.Create(schema.Name, Array.ConvertAll(cells, cell => (string?)cell));

    private ObjectColumn Objects<T>(IEnumerable<ColumnValues> parts, Type type, Func<T, object> cell) =>
        ObjectColumn.Create(schema.Name, type, Cells(parts, cell)!);

    /// <summary>Values of a type that may not hold all of them, or else the stored numbers.</summary>
    private ObjectColumn? OneOf<T>(IEnumerable<ColumnValues> parts, bool usual, Type type, Func<T, object?> cell, Type otherwise,
        Func<T, object> stored)
    {
        if (!usual) return Objects(parts, otherwise, stored);
        return Cells(parts, cell) is { } cells ? ObjectColumn.Create(schema.Name, type, cells) : null;
    }

    /// <summary>The cells, null where the value is; or no cells where one cannot be made of its value.</summary>
    private object?[]? Cells<T>(IEnumerable<ColumnValues> parts, Func<T, object?> cell)
    {
        var cells = new object?[rows];
        int row = 0;
        foreach (ColumnValues part in parts)
        {
            T[] stored = ((ColumnValues<T>)part).Values;
            for (int i = 0; i < part.Count; i++, row++)
            {
                if (part.IsNull(i)) continue;
                if ((cells[row] = cell(stored[i])) is null) return null;
            }
        }
        return cells;
    }
}
