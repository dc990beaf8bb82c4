using System.Buffers.Binary;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Imputation.Data.Adapters;
using Microsoft.Data.Analysis;
using Microsoft.ML.Data;

namespace Imputation.DataFrames;

/// <summary>Fresh columns of a frame. Cloning the old ones would not do: it loses empty strings, and filling their nulls rounds.</summary>
internal static class DataFrameColumns
{
    /// <summary>A column of the cells.</summary>
    /// <param name="cells">Its cells.</param>
    /// <param name="like">The class that the column had in the frame it came from, if it did.</param>
    public static DataFrameColumn Build(TypedCells cells, Type? like)
    {
        string name = cells.Column.Name;
        return Type.GetTypeCode(cells.Type) switch
        {
            _ when cells.Type.IsEnum => Other(cells),
            _ when NumericTypes.IsNumber(cells.Type) && cells.Column.Count > NumberSlots.MaxCount => Other(cells),
            // A frame has no column of big integers; as numbers of a table they are within ±2⁵³, which a long holds.
            _ when cells.Type == typeof(BigInteger) && cells.Column is NumericColumn && NumberSlots.Of<long>(cells) is var s =>
                Writable(new Int64DataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.Double when NumberSlots.Of<double>(cells) is var s =>
                Writable(new DoubleDataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.Single when NumberSlots.Of<float>(cells) is var s =>
                Writable(new SingleDataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.Decimal when NumberSlots.Of<decimal>(cells) is var s =>
                Writable(new DecimalDataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.SByte when NumberSlots.Of<sbyte>(cells) is var s =>
                Writable(new SByteDataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.Byte when NumberSlots.Of<byte>(cells) is var s =>
                Writable(new ByteDataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.Int16 when NumberSlots.Of<short>(cells) is var s =>
                Writable(new Int16DataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.UInt16 when NumberSlots.Of<ushort>(cells) is var s =>
                Writable(new UInt16DataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.Int32 when NumberSlots.Of<int>(cells) is var s =>
                Writable(new Int32DataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.UInt32 when NumberSlots.Of<uint>(cells) is var s =>
                Writable(new UInt32DataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.Int64 when NumberSlots.Of<long>(cells) is var s =>
                Writable(new Int64DataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.UInt64 when NumberSlots.Of<ulong>(cells) is var s =>
                Writable(new UInt64DataFrameColumn(name, s.Values, s.Valid, s.Count, s.NullCount)),
            TypeCode.Boolean => new BooleanDataFrameColumn(name, Values<bool>(cells)),
            TypeCode.Char => new CharDataFrameColumn(name, Values<char>(cells)),
            TypeCode.DateTime => new DateTimeDataFrameColumn(name, Values<DateTime>(cells)),
            TypeCode.String when like == typeof(ArrowStringDataFrameColumn) => ArrowText(cells),
            TypeCode.String => new StringDataFrameColumn(name, Rows(cells).Select(row => (string)cells.Value(row)!)),
            _ => Other(cells),
        };
    }

    /// <summary>The column, able to grow: one made with validity bits throws at the first appended row unless a cell was assigned
    /// before.</summary>
    private static PrimitiveDataFrameColumn<T> Writable<T>(PrimitiveDataFrameColumn<T> column) where T : unmanaged
    {
        if (column.NullCount > 0) column[0] = column[0];
        return column;
    }

    /// <summary>Vectors, and values of any type without references: a <see cref="Guid"/>, a <see cref="TimeSpan"/>.</summary>
    private static DataFrameColumn Other(TypedCells cells)
    {
        bool vectors = cells.Type.IsGenericType && cells.Type.GetGenericTypeDefinition() == typeof(VBuffer<>);
        if (!vectors && (!cells.Type.IsValueType || (bool)Generic(nameof(HasReferences), cells.Type).Invoke(null, [])!))
            throw new ArgumentException($"Column '{cells.Column.Name}' has type {cells.Type.Name}, which a DataFrame column cannot hold; "
                + "leave it out, or convert it to text.");
        return (DataFrameColumn)Generic(vectors ? nameof(Vectors) : nameof(Primitive), vectors ? cells.Type.GetGenericArguments()[0]
            : cells.Type)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [cells], culture: null)!;
    }

    private static MethodInfo Generic(string method, Type type) => typeof(DataFrameColumns).GetMethod(method,
        BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);

    private static bool HasReferences<T>() => RuntimeHelpers.IsReferenceOrContainsReferences<T>();

    private static PrimitiveDataFrameColumn<T> Primitive<T>(TypedCells cells) where T : unmanaged =>
        new(cells.Column.Name, Values<T>(cells));

    private static VBufferDataFrameColumn<T> Vectors<T>(TypedCells cells) =>
        new(cells.Column.Name, Rows(cells).Select(row => (VBuffer<T>?)cells.Value(row) ?? default));

    /// <summary>UTF-8, offsets and validity bits, least significant first. Appending one string after another would take "" for
    /// null.</summary>
    private static ArrowStringDataFrameColumn ArrowText(TypedCells cells)
    {
        int count = cells.Column.Count;
        using var text = new MemoryStream();
        var offsets = new byte[sizeof(int) * (count + 1)];
        var valid = new byte[(count + 7) / 8];
        for (int row = 0; row < count; row++)
        {
            if (cells.Value(row) is string value)
            {
                text.Write(Encoding.UTF8.GetBytes(value));
                valid[row / 8] |= (byte)(1 << (row % 8));
            }
            if (text.Length > Array.MaxLength)
                throw new ArgumentException($"Column '{cells.Column.Name}' has more text than an ArrowStringDataFrameColumn can hold.");
            BinaryPrimitives.WriteInt32LittleEndian(offsets.AsSpan(sizeof(int) * (row + 1)), (int)text.Length);
        }
        return new ArrowStringDataFrameColumn(cells.Column.Name, text.ToArray(), offsets, valid, count, cells.Column.MissingCount);
    }

    private static IEnumerable<T?> Values<T>(TypedCells cells) where T : struct => Rows(cells).Select(row => (T?)cells.Value(row));

    private static IEnumerable<int> Rows(TypedCells cells) => Enumerable.Range(0, cells.Column.Count);
}
