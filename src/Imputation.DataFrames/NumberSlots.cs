using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Imputation.Data.Adapters;

namespace Imputation.DataFrames;

/// <summary>The numbers of a column in a frame's layout: values with 0 in null slots, and validity bits, least significant first.</summary>
/// <param name="Values">The values' bytes.</param>
/// <param name="Valid">The validity bits; empty where no slot is null.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="NullCount">Number of null slots.</param>
internal readonly record struct NumberSlots(byte[] Values, byte[] Valid, int Count, int NullCount)
{
    /// <summary>The most rows whose values of any type fit one array of bytes.</summary>
    public static readonly int MaxCount = Array.MaxLength / sizeof(decimal);

    /// <summary>The slots of a column's cells.</summary>
    /// <exception cref="ImputationDataException">A filled value that the type cannot hold.</exception>
    public static NumberSlots Of<T>(TypedCells cells) where T : unmanaged, INumber<T> =>
        cells.Column is NumericColumn column ? OfNumbers<T>(cells, column) : OfObjects<T>(cells);

    private static NumberSlots OfNumbers<T>(TypedCells cells, NumericColumn column) where T : unmanaged, INumber<T>
    {
        int count = column.Count, nulls = 0, next = 0;
        // A filled column keeps only the filled values. They are merged here one by one: its Values property would build and
        // keep the whole column.
        ReadOnlySpan<double> filled = column.FilledCells(0, count);
        bool isFilled = column.Original is NumericColumn && filled.Length == column.Original.MissingCount;
        NumericColumn before = isFilled ? (NumericColumn)column.Original! : column;
        ReadOnlySpan<double> observed = before.Values;
        ReadOnlySpan<byte> codes = before.Mask.Codes;
        (byte[] bytes, byte[] valid) = Empty<T>(count);
        Span<T> values = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        for (int row = 0; row < count; row++)
        {
            double value = isFilled && !codes.IsEmpty && codes[row] != 0 ? filled[next++] : observed[row];
            if (double.IsNaN(value) && cells.IsNull(row))
            {
                nulls++;
                continue;
            }
            values[row] = Convert<T>(cells, row, value);
            valid[row >> 3] |= (byte)(1 << (row & 7));
        }
        return new NumberSlots(bytes, nulls > 0 ? valid : [], count, nulls);
    }

    /// <summary>Whole numbers beyond 2⁵³, which a table keeps as objects.</summary>
    private static NumberSlots OfObjects<T>(TypedCells cells) where T : unmanaged
    {
        int count = cells.Column.Count;
        (byte[] bytes, byte[] valid) = Empty<T>(count);
        Span<T> values = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        for (int row = 0; row < count; row++)
        {
            if (cells.Value(row) is not T value) continue;
            values[row] = value;
            valid[row >> 3] |= (byte)(1 << (row & 7));
        }
        return new NumberSlots(bytes, cells.Column.MissingCount > 0 ? valid : [], count, cells.Column.MissingCount);
    }

    private static (byte[] Values, byte[] Valid) Empty<T>(int count) where T : unmanaged =>
        (new byte[count * Unsafe.SizeOf<T>()], new byte[(count + 7) / 8]);

    private static T Convert<T>(TypedCells cells, int row, double value) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(decimal)) return T.CreateTruncating(cells.Decimal(row, value));
        if (NumericTypes.IsFloating(typeof(T)))
        {
            var number = T.CreateTruncating(value);
            if (value != 0) number += T.Zero; // what is too small for a float is 0, never −0
            if (T.IsFinite(number) || double.IsNaN(value)) return number;
        }
        else
        {
            // Up to 2⁵³ the way to a long and back loses nothing; larger values and those that do not come back are looked at below.
            long whole = long.CreateSaturating(value);
            var number = T.CreateTruncating(whole);
            if (whole == value && Math.Abs(value) <= NumericColumn.LargestInteger && long.CreateSaturating(number) == whole) return number;
        }
        if (cells.Type == typeof(BigInteger)) throw cells.Refused(row, value, typeof(T));
        return (T)cells.Value(row)!; // refuses in words what the type cannot hold
    }
}
