using Microsoft.Data.Analysis;
using Microsoft.ML.Data;

namespace Imputation.DataFrames.Tests;

public class DataFrameTests
{
    private static readonly DateTime s_day = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc).AddTicks(7);

    /// <summary>A column of every class: a value that is easily spoilt on the way, a null, and what a null is easily taken for.</summary>
    private static DataFrameColumn[] Everything() =>
    [
        new DoubleDataFrameColumn("double", [0.1, null, 0]),
        new PrimitiveDataFrameColumn<double>("plain double", [0.1, null, 0]),
        new SingleDataFrameColumn("float", [0.1f, null, 0]),
        new DecimalDataFrameColumn("decimal", [0.1234567890123456789012345678m, null, 0]),
        new SByteDataFrameColumn("sbyte", [sbyte.MinValue, null, 0]),
        new ByteDataFrameColumn("byte", [byte.MaxValue, null, 0]),
        new Int16DataFrameColumn("short", [short.MinValue, null, 0]),
        new UInt16DataFrameColumn("ushort", [ushort.MaxValue, null, 0]),
        new Int32DataFrameColumn("int", [int.MinValue, null, 0]),
        new UInt32DataFrameColumn("uint", [uint.MaxValue, null, 0]),
        new Int64DataFrameColumn("long", [(1L << 53) + 1, null, 0]), // as a double it would read 2⁵³
        new Int64DataFrameColumn("small long", [1L << 53, null, 0]),
        new UInt64DataFrameColumn("ulong", [ulong.MaxValue, null, 0]),
        new BooleanDataFrameColumn("bool", [true, null, false]),
        new CharDataFrameColumn("char", ['ä', null, '\0']),
        new DateTimeDataFrameColumn("DateTime", [s_day, null, default(DateTime)]),
        new StringDataFrameColumn("string", ["ä", null!, ""]),
        Arrow("arrow", "ä€", null, ""),
        new PrimitiveDataFrameColumn<Guid>("guid", [new Guid("00112233-4455-6677-8899-aabbccddeeff"), null, Guid.Empty]),
        new VBufferDataFrameColumn<float>("vector", [new VBuffer<float>(2, [1, 2]), default, new VBuffer<float>(1, [0])]),
    ];

    private static ArrowStringDataFrameColumn Arrow(string name, params string?[] values)
    {
        byte[] text = [.. values.SelectMany(v => System.Text.Encoding.UTF8.GetBytes(v ?? ""))];
        int[] lengths = [.. values.Select(v => System.Text.Encoding.UTF8.GetByteCount(v ?? ""))];
        byte[] offsets = [.. Enumerable.Range(0, values.Length + 1).SelectMany(k => BitConverter.GetBytes(lengths[..k].Sum()))];
        var valid = new byte[(values.Length + 7) / 8];
        for (int row = 0; row < values.Length; row++)
            if (values[row] is not null) valid[row / 8] |= (byte)(1 << (row % 8));
        return new ArrowStringDataFrameColumn(name, text, offsets, valid, values.Length, values.Count(v => v is null));
    }

    private static object?[] Cells(DataFrameColumn column) =>
        [.. Enumerable.Range(0, (int)column.Length).Select(row => column[row] is VBuffer<float> v ? v.DenseValues().ToArray()
            : column[row])];

    [Fact]
    public void EveryColumn_ComesBack_OfItsKind_ToTheLastDigit()
    {
        DataFrameColumn[] columns = Everything();
        DataFrame back = DataFrameTable.FromDataFrame(new DataFrame(columns)).ToDataFrame();

        Assert.Equal(columns.Select(c => (c.Name, c.DataType, c.Length, c.NullCount)),
            back.Columns.Select(c => (c.Name, c.DataType, c.Length, c.NullCount)));
        for (int j = 0; j < columns.Length; j++)
        {
            Assert.Equal(Cells(columns[j]), Cells(back.Columns[j]));
            Assert.NotSame(columns[j], back.Columns[j]);
        }
        Assert.IsType<ArrowStringDataFrameColumn>(back["arrow"]);
        Assert.Equal(["ä€", null, ""], Cells(back["arrow"]));
        Assert.Equal(DateTimeKind.Utc, ((DateTime)back["DateTime"][0]).Kind);
    }

    [Fact]
    public void Nulls_AreMissing_AndZerosAreNot()
    {
        Table table = DataFrameTable.FromDataFrame(new DataFrame(Everything()));
        Assert.All(table.Columns.Where(c => c.Name != "vector"),
            c => Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(c.IsMissing)));
        string[] Of(ColumnKind kind) => [.. table.Columns.Where(c => c.Kind == kind).Select(c => c.Name)];
        Assert.Equal(["double", "plain double", "float", "decimal"], Of(ColumnKind.Number));
        Assert.Equal(["sbyte", "byte", "short", "ushort", "int", "uint", "small long"], Of(ColumnKind.Integer));
        Assert.Equal(["string", "arrow"], Of(ColumnKind.Text));
    }

    [Fact]
    public void NaN_IsMissing_CountedApart_AndIsNaNAgainWhereNotFilled()
    {
        Table table = DataFrameTable.FromDataFrame(new DataFrame(new DoubleDataFrameColumn("x", [double.NaN, null, 1])));
        Assert.Equal([MissingOrigin.NotANumber, MissingOrigin.Empty, null], Enumerable.Range(0, 3).Select(table["x"].Mask.Origin));
        DataFrame back = table.ToDataFrame();
        Assert.Equal([double.NaN, null, 1.0], Cells(back["x"]));
        Assert.Equal(1, back["x"].NullCount);
    }

    [Fact]
    public void Infinity_IsRefused_WithColumnAndRow()
    {
        var error = Assert.Throws<ImputationDataException>(() =>
            DataFrameTable.FromDataFrame(new DataFrame(new SingleDataFrameColumn("x", [1f, float.PositiveInfinity]))));
        Assert.Equal(("x", 2L), (error.Column, error.Row));
    }

    [Fact]
    public void ManyRows_KeepTheirValidityBits()
    {
        string?[] texts = [.. Enumerable.Range(0, 1003).Select(i => i % 3 == 0 ? null : i % 5 == 0 ? "" : $"ä{i}")];
        double?[] numbers = [.. Enumerable.Range(0, 1003).Select(i => i % 7 == 0 ? (double?)null : i)];
        DataFrame back = DataFrameTable.FromDataFrame(new DataFrame(Arrow("t", texts), new DoubleDataFrameColumn("x", numbers)))
            .ToDataFrame();
        Assert.Equal(texts, Cells(back["t"]));
        Assert.Equal(numbers.Cast<object?>(), Cells(back["x"]));
        Assert.Equal((335, 144), (back["t"].NullCount, back["x"].NullCount)); // ceil(1003 / 3), ceil(1003 / 7)
    }

    [Fact]
    public void NoRows_GiveAnEmptyFrame_AndBack()
    {
        DataFrame back = DataFrameTable.FromDataFrame(new DataFrame(new DoubleDataFrameColumn("x"), new StringDataFrameColumn("s", 0),
            Arrow("t"))).ToDataFrame();
        Assert.Equal((0, 3), (back.Rows.Count, back.Columns.Count));
        Assert.Contains("column", Assert.Throws<ArgumentException>(() => DataFrameTable.FromDataFrame(new DataFrame())).Message);
    }

    [Fact]
    public void AnyTable_BecomesAFrame_AndWhatAFrameCannotHoldIsNamed()
    {
        var table = new Table([NumericColumn.Number("x", [1.5, double.NaN]), NumericColumn.Integer("n", [null, 3]),
            TextColumn.Create("t", ["a", null]), ObjectColumn.Create("d", typeof(TimeSpan), [TimeSpan.Zero, null])]);
        DataFrame frame = table.ToDataFrame();
        Assert.Equal([typeof(double), typeof(long), typeof(string), typeof(TimeSpan)], frame.Columns.Select(c => c.DataType));
        Assert.Equal([1, 1, 1, 1], frame.Columns.Select(c => (int)c.NullCount));

        var error = Assert.Throws<ArgumentException>(() => new Table([ObjectColumn.Create("raw", typeof(byte[]), [new byte[1]])])
            .ToDataFrame());
        Assert.Contains("'raw'", error.Message);
        Assert.Contains("Byte[]", error.Message);
    }

    private static DataFrame Patients(int count)
    {
        double?[] x = [.. Enumerable.Range(0, count).Select(i => i % 4 == 0 ? (double?)null : i % 9 == 0 ? double.NaN
            : 100 + i + 5 * Math.Sin(3 * i))];
        int?[] n = [.. Enumerable.Range(0, count).Select(i => i % 5 == 0 ? (int?)null : 2 * i + i % 3)];
        return new DataFrame(new PrimitiveDataFrameColumn<double>("x", x), new Int32DataFrameColumn("n", n),
            new DecimalDataFrameColumn("price", [.. Enumerable.Range(0, count).Select(i => (decimal?)(i * i % 17 + 0.10m))]),
            new StringDataFrameColumn("name", [.. Enumerable.Range(0, count).Select(i => $"P{i}")]));
    }

    [Fact]
    public void Impute_FillsWhatTheTableFills_AndLeavesTheFrameAlone()
    {
        DataFrame frame = Patients(60);
        var means = new FillOptions { Method = FillMethod.Mean };
        DataFrame filled = frame.Impute(fill: means);
        Table table = DataFrameTable.FromDataFrame(frame).Impute(fill: means).Table;

        // n got fractions
        Assert.Equal([typeof(double), typeof(double), typeof(decimal), typeof(string)], filled.Columns.Select(c => c.DataType));
        Assert.All(filled.Columns, c => Assert.Equal(0, c.NullCount));
        for (int row = 0; row < 60; row++)
        {
            Assert.Equal(((NumericColumn)table["x"]).Values[row], filled["x"][row]);
            Assert.Equal(((NumericColumn)table["n"]).Values[row], filled["n"][row]);
            if (frame["x"][row] is double x && !double.IsNaN(x)) Assert.Equal(x, filled["x"][row]);
            if (frame["n"][row] is int n) Assert.Equal((double)n, filled["n"][row]);
            Assert.Equal((frame["price"][row], frame["name"][row]), (filled["price"][row], filled["name"][row]));
        }
        Assert.NotEqual(0.0, filled["x"][0]); // the slot of a null holds 0
        Assert.Equal((15, 12), (frame["x"].NullCount, frame["n"].NullCount));
    }

    [Fact]
    public void Impute_OfNamedIntegers_KeepsTheirType()
    {
        DataFrame filled = Patients(60).Impute(fill: new FillOptions { Integer = ["n"] });
        Assert.IsAssignableFrom<PrimitiveDataFrameColumn<int>>(filled["n"]);
        Assert.Equal(0, filled["n"].NullCount);
    }

    [Fact]
    public void Impute_OfAFilledFrame_ChangesNothing_AndSharesNothing()
    {
        DataFrame once = Patients(60).Impute();
        DataFrame twice = once.Impute();
        for (int j = 0; j < once.Columns.Count; j++)
        {
            Assert.Equal(Cells(once.Columns[j]), Cells(twice.Columns[j]));
            Assert.NotSame(once.Columns[j], twice.Columns[j]);
        }
        twice.Columns["x"][0] = -1.0;
        Assert.NotEqual(-1.0, once["x"][0]);
    }

    [Fact]
    public void FilledValue_ThatTheTypeCannotHold_IsRefused_WithItsPlace()
    {
        sbyte?[] tight = [.. Enumerable.Range(0, 40).Select(i => i == 39 ? (sbyte?)null : (sbyte)(3 * i + i % 2))];
        double?[] wide = [.. Enumerable.Range(0, 40).Select(i => (double?)(i == 39 ? 300 : i))];
        var frame = new DataFrame(new SByteDataFrameColumn("tight", tight), new DoubleDataFrameColumn("wide", wide));
        var error = Assert.Throws<ImputationDataException>(() => frame.Impute(fill: new FillOptions
        {
            Method = FillMethod.Mean,
            Integer = ["tight"],
        }));
        Assert.Equal(("tight", 40L), (error.Column, error.Row));
        Assert.Contains("SByte", error.Message);
    }
}
