using Imputation.Properties;
using Microsoft.Data.Analysis;

namespace Imputation.DataFrames.Tests;

/// <summary>Every frame comes back from a table as it was. A failure prints the smallest frame found and a replay seed.</summary>
public class DataFrameProperties
{
    private static void ComesBack<T>(T?[] values) where T : unmanaged
    {
        var column = new PrimitiveDataFrameColumn<T>("c", values);
        DataFrame back = DataFrameTable.FromDataFrame(new DataFrame(column)).ToDataFrame();
        Assert.Equal(values, ((PrimitiveDataFrameColumn<T>)back["c"]).ToArray());
        Assert.Equal(values.Count(v => v is null), back["c"].NullCount);
    }

    /// <summary>Infinity is refused, as another test shows.</summary>
    [Holds]
    public void Doubles_ComeBack(double?[] values) => ComesBack<double>([.. values.Where(v => v is not { } x || !double.IsInfinity(x))]);

    [Holds]
    public void Floats_ComeBack(float?[] values) => ComesBack<float>([.. values.Where(v => v is not { } x || !float.IsInfinity(x))]);

    [Holds]
    public void Decimals_ComeBack(decimal?[] values) => ComesBack(values);

    [Holds]
    public void SBytes_ComeBack(sbyte?[] values) => ComesBack(values);

    [Holds]
    public void Bytes_ComeBack(byte?[] values) => ComesBack(values);

    [Holds]
    public void Shorts_ComeBack(short?[] values) => ComesBack(values);

    [Holds]
    public void UShorts_ComeBack(ushort?[] values) => ComesBack(values);

    [Holds]
    public void Ints_ComeBack(int?[] values) => ComesBack(values);

    [Holds]
    public void UInts_ComeBack(uint?[] values) => ComesBack(values);

    [Holds]
    public void Longs_ComeBack(long?[] values) => ComesBack(values);

    [Holds]
    public void ULongs_ComeBack(ulong?[] values) => ComesBack(values);

    [Holds]
    public void Booleans_ComeBack(bool?[] values) => ComesBack(values);

    [Holds]
    public void Characters_ComeBack(char?[] values) => ComesBack(values);

    [Holds]
    public void Times_ComeBack(DateTime?[] values) => ComesBack(values);

    [Holds]
    public void Texts_ComeBack(string?[] values) =>
        Assert.Equal(values, ((StringDataFrameColumn)DataFrameTable.FromDataFrame(new DataFrame(new StringDataFrameColumn("c", values)))
            .ToDataFrame()["c"]).ToArray());
}
