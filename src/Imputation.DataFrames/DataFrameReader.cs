using System.Numerics;
using Imputation.Data.Adapters;
using Microsoft.Data.Analysis;

namespace Imputation.DataFrames;

/// <summary>Columns of a frame as columns of a table: numbers from the frame's buffers, without a boxed object per cell.</summary>
internal static class DataFrameReader
{
    /// <summary>The column, and the information to build a column of the same type again.</summary>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    public static (Column Column, TypedColumn Origin) Read(DataFrameColumn column) => column switch
    {
        PrimitiveDataFrameColumn<double> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<float> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<decimal> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<sbyte> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<byte> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<short> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<ushort> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<int> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<uint> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<long> numbers => Numbers(numbers),
        PrimitiveDataFrameColumn<ulong> numbers => Numbers(numbers),
        StringDataFrameColumn or ArrowStringDataFrameColumn =>
            (TextColumn.Create(column.Name, [.. (IEnumerable<string?>)column]), new TypedColumn(column.Name, typeof(string),
                AllowsNull: true)),
        _ => Objects(column),
    };

    private static (Column Column, TypedColumn Origin) Numbers<T>(PrimitiveDataFrameColumn<T> column) where T : unmanaged, INumber<T>
    {
        int count = (int)column.Length, row = 0, scale = 0;
        bool isInteger = NumericTypes.IsInteger(typeof(T));
        var values = new double[count];
        var codes = new byte[count];
        decimal[]? decimals = typeof(T) == typeof(decimal) ? new decimal[count] : null;
        // A null slot of the data holds an arbitrary number, usually 0; only the validity bits, least significant first,
        // distinguish it from a value.
        foreach ((ReadOnlyMemory<T> data, ReadOnlyMemory<byte> bits) in column.GetReadOnlyDataBuffers()
            .Zip(column.GetReadOnlyNullBitMapBuffers()))
        {
            ReadOnlySpan<T> cells = data.Span;
            ReadOnlySpan<byte> valid = bits.Span;
            for (int k = 0; k < cells.Length; k++, row++)
            {
                if ((valid[k >> 3] & (1 << (k & 7))) == 0)
                {
                    values[row] = double.NaN;
                    codes[row] = 1;
                    continue;
                }
                // A double cannot distinguish whole numbers beyond 2⁵³: such a column is not modelled.
                if (isInteger && long.CreateSaturating(cells[k]) is > NumericColumn.LargestInteger or < -NumericColumn.LargestInteger)
                    return Objects(column);
                values[row] = double.CreateTruncating(cells[k]);
                if (double.IsNaN(values[row])) codes[row] = 2;
                if (decimals is null) continue;
                decimals[row] = decimal.CreateTruncating(cells[k]);
                scale = Math.Max(scale, decimals[row].Scale);
            }
        }
        return (NumericColumn.Create(column.Name, isInteger ? ColumnKind.Integer : ColumnKind.Number, values,
                new MissingMask(codes, [MissingOrigin.Empty, MissingOrigin.NotANumber]), decimals is null ? null : scale),
            new TypedColumn(column.Name, typeof(T), AllowsNull: true) { Decimals = decimals });
    }

    /// <summary>Columns of any other kind: a table keeps their cells as objects anyway.</summary>
    private static (Column Column, TypedColumn Origin) Objects(DataFrameColumn column)
    {
        var builder = new ColumnBuilder(column.Name, column.DataType, allowsNull: true);
        for (long row = 0; row < column.Length; row++) builder.Add(column[row]);
        return builder.Build();
    }
}
