using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Analysis;

namespace Imputation.DataFrames.Tests;

/// <summary>What must hold of every frame. A failure prints the smallest frame found and a replay seed.</summary>
public class DataFrameProperties
{
    private static void ForAll<T>(Action<T?[]> claim) where T : struct =>
        Prop.ForAll(ArbMap.Default.ArbFor<T?[]>(), claim).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(20261120, 7));

    private static void ComesBack<T>(T?[] values, Func<T, bool>? allowed = null) where T : unmanaged
    {
        if (values.Any(v => v is { } x && allowed?.Invoke(x) == false)) return;
        var column = new PrimitiveDataFrameColumn<T>("c", values);
        DataFrame back = DataFrameTable.FromDataFrame(new DataFrame(column)).ToDataFrame();
        Assert.Equal(values, ((PrimitiveDataFrameColumn<T>)back["c"]).ToArray());
        Assert.Equal(values.Count(v => v is null), back["c"].NullCount);
    }

    [Fact]
    public void EveryFrame_ComesBack()
    {
        ForAll<double>(v => ComesBack(v, x => !double.IsInfinity(x)));
        ForAll<float>(v => ComesBack(v, x => !float.IsInfinity(x)));
        ForAll<decimal>(v => ComesBack(v));
        ForAll<sbyte>(v => ComesBack(v));
        ForAll<byte>(v => ComesBack(v));
        ForAll<short>(v => ComesBack(v));
        ForAll<ushort>(v => ComesBack(v));
        ForAll<int>(v => ComesBack(v));
        ForAll<uint>(v => ComesBack(v));
        ForAll<long>(v => ComesBack(v));
        ForAll<ulong>(v => ComesBack(v));
        ForAll<bool>(v => ComesBack(v));
        ForAll<char>(v => ComesBack(v));
        ForAll<DateTime>(v => ComesBack(v));
    }

    [Fact]
    public void EveryText_ComesBack() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?[]>(), values =>
            Assert.Equal(values, ((StringDataFrameColumn)DataFrameTable.FromDataFrame(new DataFrame(new StringDataFrameColumn("c", values))).ToDataFrame()["c"]).ToArray()))
        .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(20261120, 7));
}
