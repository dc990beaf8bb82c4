using System.Numerics;
using System.Text;
using Imputation.Files;
using Imputation.Files.Csv;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Turns the stored values of a column, row group by row group, into a table's column.</summary>
/// <remarks>Numbers are modelled: integers within ±2⁵³, floating-point numbers, decimals. Other values are not modelled: text is read
/// as text; dates, times, Booleans, identifiers and bytes as objects; and whole numbers beyond ±2⁵³, which are identifiers
/// too.</remarks>
internal sealed class ParquetColumnReader(ColumnSchema schema, int rows, string file, TableReadOptions options)
{
    private const byte Empty = 1, NotANumber = 2;

    private readonly MissingMatcher _missing = new(options, schema.Name, Encoding.UTF8);

    public Column Read(IEnumerable<ColumnValues> groups)
    {
        LogicalType logical = schema.Logical;
        return (schema.Type, logical.Kind) switch
        {
            (PhysicalType.Int32, LogicalKind.None or LogicalKind.Integer or LogicalKind.Null) =>
                Number<int>(groups, ColumnKind.Integer, logical.IsSigned ? v => v : v => (uint)v),
            (PhysicalType.Int64, LogicalKind.None or LogicalKind.Integer or LogicalKind.Null) => Long(groups, logical.IsSigned),
            (PhysicalType.Float, _) => Number<float>(groups, ColumnKind.Number, v => v),
            (PhysicalType.Double, _) => Number<double>(groups, ColumnKind.Number, v => v),
            (PhysicalType.FixedLengthByteArray, LogicalKind.Float16) => Number<ReadOnlyMemory<byte>>(groups, ColumnKind.Number,
                v => (double)BitConverter.ToHalf(v.Span)),
            (PhysicalType.Int32, LogicalKind.Decimal) => Decimal<int>(groups, v => v),
            (PhysicalType.Int64, LogicalKind.Decimal) => Decimal<long>(groups, v => v),
            (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray, LogicalKind.Decimal) =>
                Decimal<ReadOnlyMemory<byte>>(groups, Unscaled),
            _ => Other(groups),
        };
    }

    private Column Number<T>(IEnumerable<ColumnValues> groups, ColumnKind kind, Func<T, double> number, int? decimals = null) =>
        NumberWhere(groups, kind, number, _ => true, decimals)!;

    /// <summary>A column of numbers, or null where a value does not fit: the column is then read again with another type.</summary>
    private Column? NumberWhere<T>(IEnumerable<ColumnValues> groups, ColumnKind kind, Func<T, double> number, Func<T, bool> fits,
        int? decimals = null)
    {
        var values = new double[rows];
        var codes = new byte[rows];
        var origins = new List<MissingOrigin> { MissingOrigin.Empty, MissingOrigin.NotANumber };
        int row = 0;
        foreach (ColumnValues group in groups)
        {
            T[] stored = ((ColumnValues<T>)group).Values;
            for (int i = 0; i < stored.Length; i++, row++)
            {
                if (group.IsNull(i))
                {
                    values[row] = double.NaN;
                    codes[row] = Empty;
                    continue;
                }
                if (!fits(stored[i])) return null;
                double value = number(stored[i]);
                if (double.IsNaN(value)) codes[row] = NotANumber;
                else if (double.IsInfinity(value)) return Infinite(groups, number, row, value);
                else if (_missing.IsCode(value))
                {
                    codes[row] = Code(origins, value);
                    value = double.NaN;
                }
                values[row] = value;
            }
        }
        return NumericColumn.Create(schema.Name, kind, values, new MissingMask(codes, origins), decimals);
    }

    private static byte Code(List<MissingOrigin> origins, double value)
    {
        var origin = new MissingOrigin(MissingKind.Code, CsvText.Of(value));
        int at = origins.IndexOf(origin);
        if (at < 0 && origins.Count < byte.MaxValue)
        {
            at = origins.Count;
            origins.Add(origin);
        }
        return (byte)(at < 0 ? byte.MaxValue : at + 1);
    }

    /// <summary>An infinity is no measurement; a column that is not to be modelled may have them.</summary>
    private ObjectColumn Infinite<T>(IEnumerable<ColumnValues> groups, Func<T, double> number, int row, double value) =>
        options.MayMix(schema.Name)
        ? Objects(groups, typeof(double), (T v) => number(v))
        : throw new ImputationDataException(
            $"{file}: column '{schema.Name}', row {row + 1}: {(value > 0 ? "+" : "-")}Infinity is not a measurement; expected a finite "
                + "number or null. Correct it, or leave the column out (--exclude).", schema.Name, row + 1);

    /// <summary>64-bit integers; those that a double cannot represent uniquely are identifiers.</summary>
    private Column Long(IEnumerable<ColumnValues> groups, bool signed)
    {
        Func<long, bool> fits = signed ? v => v is >= -NumericColumn.LargestInteger and <= NumericColumn.LargestInteger : v =>
            (ulong)v <= NumericColumn.LargestInteger;
        if (NumberWhere<long>(groups, ColumnKind.Integer, v => v, fits) is { } numbers) return numbers;
        return signed ? Objects(groups, typeof(long), (long v) => v) : Objects(groups, typeof(ulong), (long v) => (ulong)v);
    }

    private BigInteger Unscaled(ReadOnlyMemory<byte> value) => value.Length <= Decimals.MostBytes
        ? Decimals.Unscaled(value.Span)
        : throw new ImputationDataException($"{file}: column '{schema.Name}' has a decimal of {value.Length} bytes; expected at most "
            + $"{Decimals.MostBytes} (307 digits).", schema.Name);

    private Column Decimal<T>(IEnumerable<ColumnValues> groups, Func<T, BigInteger> unscaled)
    {
        int scale = schema.Logical.Scale;
        if (scale is < -1000 or > 1000) throw new ImputationDataException($"{file}: column '{schema.Name}' is a decimal of scale {scale}.",
            schema.Name);
        if (scale > 0) return Number<T>(groups, ColumnKind.Number, v => Decimals.ToDouble(unscaled(v), scale), scale);
        BigInteger power = BigInteger.Pow(10, -scale);
        return NumberWhere<T>(groups, ColumnKind.Integer, v => (double)(unscaled(v) * power),
            v => BigInteger.Abs(unscaled(v)) * power <= NumericColumn.LargestInteger)
            ?? Text<T>(groups, v => (unscaled(v) * power).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private Column Other(IEnumerable<ColumnValues> groups)
    {
        LogicalType logical = schema.Logical;
        switch (schema.Type, logical.Kind)
        {
            case (PhysicalType.Boolean, _):
                object no = false, yes = true;
                return Objects(groups, typeof(bool), (bool v) => v ? yes : no);
            case (PhysicalType.Int32, LogicalKind.Date):
                return OrElse(groups, typeof(DateOnly), v => ParquetTime.Date(v), typeof(int), (int v) => v);
            case (PhysicalType.Int32, LogicalKind.Time):
                return OrElse(groups, typeof(TimeOnly), v => ParquetTime.Time(v, TimeUnit.Millis), typeof(int), (int v) => v);
            case (PhysicalType.Int64, LogicalKind.Time):
                return OrElse(groups, typeof(TimeOnly), v => ParquetTime.Time(v, logical.Unit), typeof(long), (long v) => v);
            case (PhysicalType.Int64, LogicalKind.Timestamp):
                return OrElse(groups, typeof(DateTime), v => ParquetTime.Timestamp(v, logical.Unit, logical.IsUtc), typeof(long),
                    (long v) => v);
            case (PhysicalType.Int96, _):
                return OrElse(groups, typeof(DateTime), v => ParquetTime.Int96(v.Span), typeof(byte[]),
                    (ReadOnlyMemory<byte> v) => v.ToArray());
            case (PhysicalType.FixedLengthByteArray, LogicalKind.Uuid) when schema.Element.TypeLength == 16:
                return Objects(groups, typeof(Guid), (ReadOnlyMemory<byte> v) => new Guid(v.Span, bigEndian: true));
            case (_, LogicalKind.String or LogicalKind.Enum or LogicalKind.Json) when schema.Type is PhysicalType.ByteArray
                or PhysicalType.FixedLengthByteArray:
            case (PhysicalType.ByteArray, LogicalKind.None) when groups.All(group => Present<ReadOnlyMemory<byte>>(group).All(IsText)):
                return Text(groups);
            case (PhysicalType.Int32, _):
                return Objects(groups, typeof(int), (int v) => v);
            case (PhysicalType.Int64, _):
                return Objects(groups, typeof(long), (long v) => v);
            default:
                return Objects(groups, typeof(byte[]), Shared(v => v.ToArray()));
        }
    }

    /// <summary>Older writers do not mark the byte arrays that are text.</summary>
    private static bool IsText(ReadOnlyMemory<byte> value)
    {
        foreach (byte b in value.Span)
            if (b < 32 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) return false;
        return System.Text.Unicode.Utf8.IsValid(value.Span);
    }

    private TextColumn Text(IEnumerable<ColumnValues> groups) => Text(groups, Shared(value => Encoding.UTF8.GetString(value.Span)));

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

    private TextColumn Text<T>(IEnumerable<ColumnValues> groups, Func<T, string> text) =>
        TextColumn.Create(schema.Name, Array.ConvertAll(Cells<T>(groups, text), cell => (string?)cell));

    private ObjectColumn Objects<T>(IEnumerable<ColumnValues> groups, Type type, Func<T, object> cell) =>
        ObjectColumn.Create(schema.Name, type, Cells(groups, cell));

    /// <summary>Values of a type that cannot hold all of them: where one does not fit, the stored numbers take their place.</summary>
    private ObjectColumn OrElse<T>(IEnumerable<ColumnValues> groups, Type type, Func<T, object?> cell, Type otherwise,
        Func<T, object> stored)
    {
        bool fit = true;
        object?[] cells = Cells(groups, (T v) =>
        {
            object? made = cell(v);
            fit &= made is not null;
            return made;
        });
        return fit ? ObjectColumn.Create(schema.Name, type, cells) : Objects(groups, otherwise, stored);
    }

    private object?[] Cells<T>(IEnumerable<ColumnValues> groups, Func<T, object?> cell)
    {
        var cells = new object?[rows];
        int row = 0;
        foreach (ColumnValues group in groups)
        {
            T[] stored = ((ColumnValues<T>)group).Values;
            for (int i = 0; i < stored.Length; i++, row++)
                if (!group.IsNull(i)) cells[row] = cell(stored[i]);
        }
        return cells;
    }

    private static IEnumerable<T> Present<T>(ColumnValues group) => ((ColumnValues<T>)group).Values.Where((_, row) => !group.IsNull(row));
}
