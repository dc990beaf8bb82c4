using Apache.Arrow;
using Imputation.Files;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Imputation.DataFrames.Tests;

/// <summary>Frames as their users have them: every class of column, appended and filtered rows, Arrow, ML.NET's data views, and tables from
/// files.</summary>
public class FrameKindsTests
{
    private const int RowCount = 200;

    /// <summary>A column of each class. All but the vectors have nulls.</summary>
    private static DataFrame Mixed()
    {
        var random = new Random(5);
        double[] common = [.. Enumerable.Range(0, RowCount).Select(_ => random.NextDouble())];
        double Noisy(int row) => common[row] + random.NextDouble();
        T?[] Numbers<T>(Func<double, T> make) where T : struct =>
            [.. Enumerable.Range(0, RowCount).Select(row => random.Next(5) == 0 ? (T?)null : make(Noisy(row)))];
        return new DataFrame(
            new DoubleDataFrameColumn("double", Numbers(x => x)),
            new SingleDataFrameColumn("single", Numbers(x => (float)x)),
            new Int32DataFrameColumn("int", Numbers(x => (int)(1000 * x))),
            new Int64DataFrameColumn("long", Numbers(x => (long)(1e12 * x))),
            new DecimalDataFrameColumn("decimal", Numbers(x => (decimal)x + 0.00000000000000000001m)),
            new ByteDataFrameColumn("byte", Numbers(x => (byte)(100 * x))),
            new BooleanDataFrameColumn("bool", Numbers(x => x > 1)),
            new DateTimeDataFrameColumn("day", Numbers(x => new DateTime(2024, 1, 1).AddSeconds(1e6 * x))),
            new StringDataFrameColumn("text", [.. Enumerable.Range(0, RowCount).Select(row => row % 3 == 0 ? null! : $"ä{row % 4}")]),
            new VBufferDataFrameColumn<double>("vector", [.. Enumerable.Range(0, RowCount).Select(row => new VBuffer<double>(1, [row]))]));
    }

    private static readonly string[] s_numeric = ["double", "single", "int", "long", "decimal", "byte"];

    /// <summary>Numbers, and what is a category by itself.</summary>
    private static readonly string[] s_filled = [.. s_numeric, "bool", "text"];

    private static object? Cell(DataFrameColumn column, long row) => column[row] is VBuffer<double> v ? v.GetValues().ToArray()[0]
        : column[row];

    [Fact]
    public void EveryClassOfNumbers_IsFilledInPlace_AndEveryOtherClassIsKept()
    {
        DataFrame frame = Mixed();
        DataFrame filled = frame.Impute(fill: new FillOptions { Integer = ["int", "long", "byte"] });

        Assert.Equal(frame.Columns.Select(c => (c.Name, c.DataType, c.Length, c.GetType())),
            filled.Columns.Select(c => (c.Name, c.DataType, c.Length, c.GetType())));
        foreach (DataFrameColumn before in frame.Columns)
        {
            DataFrameColumn after = filled[before.Name];
            Assert.Equal(s_filled.Contains(before.Name) ? 0 : before.NullCount, after.NullCount);
            for (long row = 0; row < RowCount; row++)
            {
                object? cell = Cell(before, row);
                if (cell is not null) Assert.Equal(cell, Cell(after, row)); // boxed: the very same value of the very same type
                else Assert.Equal(s_filled.Contains(before.Name), Cell(after, row) is not null);
                if (before.Name == "text") Assert.Matches("^ä[0-3]$", (string)Cell(after, row)!);
            }
        }
        Assert.All(s_numeric, name => Assert.InRange(frame[name].NullCount, 10, RowCount / 2));
    }

    /// <summary>The lengths cover each place in the last byte of validity bits.</summary>
    [Fact]
    public void RowsAppendedBeforeAndAfter_KeepTheirNulls()
    {
        for (int length = 0; length < 20; length++)
        {
            var numbers = new DoubleDataFrameColumn("x", Enumerable.Range(0, length).Select(i => i % 3 == 0 ? (double?)null : i));
            var whole = new Int32DataFrameColumn("n", Enumerable.Range(0, length).Select(i => (int?)i));
            for (int i = 0; i < 10; i++)
            {
                numbers.Append(i % 2 == 0 ? null : -i);
                whole.Append(i);
            }
            DataFrame back = DataFrameTable.FromDataFrame(new DataFrame(numbers, whole)).ToDataFrame();
            double?[] expected = [.. numbers];
            Assert.Equal(expected, (PrimitiveDataFrameColumn<double>)back["x"]);

            // The new frame grows and changes like any other, with nulls in it or without.
            back.Append([null, 7], inPlace: true);
            back.Append([2.5, null], inPlace: true);
            back["x"][0] = 11.0;
            Assert.Equal([11.0, .. expected[1..], null, 2.5], (PrimitiveDataFrameColumn<double>)back["x"]);
            Assert.Equal([.. whole, 7, null], (PrimitiveDataFrameColumn<int>)back["n"]);
            Assert.Equal(1, back["n"].NullCount);

            // So does a column by itself.
            DataFrameColumnCollection columns = DataFrameTable.FromDataFrame(new DataFrame(numbers, whole)).ToDataFrame().Columns;
            foreach (double? value in (double?[])[null, 7])
            {
                ((PrimitiveDataFrameColumn<double>)columns["x"]).Append(value);
                ((PrimitiveDataFrameColumn<int>)columns["n"]).Append((int?)value);
            }
            Assert.Equal([.. expected, null, 7], (PrimitiveDataFrameColumn<double>)columns["x"]);
            Assert.Equal([.. whole, null, 7], (PrimitiveDataFrameColumn<int>)columns["n"]);
        }
    }

    [Fact]
    public void FilledFrame_IsFilteredSummedAndGrouped_LikeAnyOther()
    {
        DataFrame filled = Mixed().Impute(fill: new FillOptions { Integer = ["int"] });
        var doubles = (PrimitiveDataFrameColumn<double>)filled["double"];
        double[] values = [.. doubles.Select(x => x!.Value)];
        Assert.Equal(values.Sum(), (double)doubles.Sum(), 1e-9);

        DataFrame large = filled.Filter(doubles.ElementwiseGreaterThan(1.0));
        Assert.Equal(values.Where(x => x > 1), ((PrimitiveDataFrameColumn<double>)large["double"]).Select(x => x!.Value));
        DataFrame again = large.Impute();
        Assert.Equal(large["double"].Cast<object>(), again["double"].Cast<object>());

        DataFrame groups = filled.GroupBy("bool").Sum("double");
        Assert.Equal(2, groups.Rows.Count);
        Assert.Equal(Enumerable.Range(0, RowCount).Where(row => filled["bool"][row] is not null).Sum(row => values[row]),
            (double)groups["double"].Sum(), 1e-9);
    }

    [Fact]
    public void ArrowRecordBatches_GoInAndOut()
    {
        RecordBatch batch = new RecordBatch.Builder()
            .Append("x", true, columns => columns.Double(a => Fill(a, 1.5, 5)))
            .Append("n", true, columns => columns.Int64(a => Fill(a, 3L, 7)))
            .Append("whole", false, columns => columns.Int32(a => a.AppendRange(Enumerable.Range(0, 60).Select(i => i * i % 7))))
            .Append("flag", true, columns => columns.Boolean(a => Enumerable.Range(0, 60).ToList()
                .ForEach(i => { if (i % 4 == 0) a.AppendNull(); else a.Append(i % 3 == 0); })))
            .Append("text", true, columns => columns.String(a => Enumerable.Range(0, 60).ToList()
                .ForEach(i => { if (i % 4 == 0) a.AppendNull(); else a.Append(i % 5 == 0 ? "" : $"ä{i}"); })))
            .Build();
        DataFrame frame = DataFrame.FromArrowRecordBatch(batch);
        DataFrame filled = frame.Impute(fill: new FillOptions { Integer = ["n"] });
        Assert.Equal((0L, 0L), (filled["x"].NullCount, filled["n"].NullCount));
        Assert.IsType<ArrowStringDataFrameColumn>(filled["text"]);

        RecordBatch back = Assert.Single(filled.ToArrowRecordBatches());
        var x = (DoubleArray)back.Column("x");
        var n = (Int64Array)back.Column("n");
        var text = (StringArray)back.Column("text");
        var whole = (Int32Array)back.Column("whole");
        for (int i = 0; i < 60; i++)
        {
            if (i % 6 != 0) Assert.Equal((1.5 * (i + i % 5), 3L * (i + i % 7)), (x.GetValue(i), n.GetValue(i)));
            Assert.Equal(i * i % 7, whole.GetValue(i));
            Assert.True(x.IsValid(i) && n.IsValid(i));
            Assert.Equal(i % 4 == 0 ? null : i % 5 == 0 ? "" : $"ä{i}", text.GetString(i));
            Assert.NotNull(filled["flag"][i]);
            if (i % 4 != 0) Assert.Equal(frame["flag"][i], filled["flag"][i]); // not what Arrow has: the package takes bits for bytes
        }

        static void Fill<T, TArray, TBuilder>(PrimitiveArrayBuilder<T, TArray, TBuilder> a, T unit, int period)
            where T : struct, System.Numerics.INumber<T> where TArray : IArrowArray where TBuilder
                : PrimitiveArrayBuilder<T, TArray, TBuilder>
        {
            for (int i = 0; i < 60; i++)
            {
                if (i % 6 == 0) a.AppendNull();
                else a.Append(unit * T.CreateChecked(i + i % period));
            }
        }
    }

    [Fact]
    public void FilledFrame_IsADataView_AndADataViewBecomesAFrame()
    {
        // NaN: a missing value in ML.NET
        var numbers = new SingleDataFrameColumn("x", Enumerable.Range(0, 50).Select(i => i % 7 == 0 ? float.NaN : i + 0.25f * (i % 3)));
        var target = new DoubleDataFrameColumn("y", Enumerable.Range(0, 50).Select(i => i % 5 == 0 ? (double?)null : 2 * i + i % 4));
        IDataView view = new DataFrame(numbers, target).Impute();

        DataViewSchema.Column x = view.Schema["x"], y = view.Schema["y"];
        var seen = new List<(float, double)>();
        using (DataViewRowCursor cursor = view.GetRowCursor([x, y]))
        {
            ValueGetter<float> getX = cursor.GetGetter<float>(x);
            ValueGetter<double> getY = cursor.GetGetter<double>(y);
            while (cursor.MoveNext())
            {
                float a = 0;
                double b = 0;
                getX(ref a);
                getY(ref b);
                seen.Add((a, b));
            }
        }
        Assert.Equal(50, seen.Count);
        for (int i = 0; i < 50; i++)
        {
            if (i % 7 != 0) Assert.Equal(i + 0.25f * (i % 3), seen[i].Item1);
            if (i % 5 != 0) Assert.Equal(2.0 * i + i % 4, seen[i].Item2);
            Assert.True(float.IsFinite(seen[i].Item1) && double.IsFinite(seen[i].Item2));
        }

        DataFrame fromView = ((IDataView)new DataFrame(numbers.Clone(), new DoubleDataFrameColumn("y", seen.Select(s => s.Item2))))
            .ToDataFrame(-1);
        DataFrame filled = fromView.Impute();
        Assert.Equal(50, filled.Rows.Count);
        for (int i = 0; i < 50; i++)
        {
            var cell = (float)filled["x"][i];
            Assert.True(float.IsFinite(cell));
            if (i % 7 != 0) Assert.Equal(i + 0.25f * (i % 3), cell);
        }
    }

    [Fact]
    public void ColumnOfBigIntegers_BecomesOneOfLongs()
    {
        var rows = new System.Data.DataTable { Columns = { { "total", typeof(System.Numerics.BigInteger) } } };
        rows.Rows.Add(new System.Numerics.BigInteger(7));
        rows.Rows.Add(DBNull.Value);
        rows.Rows.Add(new System.Numerics.BigInteger(-12));
        Assert.Equal([7L, null, -12L], Assert.IsType<Int64DataFrameColumn>(rows.ToTable().ToDataFrame()["total"]));
    }

    [Fact]
    public void FewRows_AreFilled_ThoughTheirLikelihoodHasNoMaximum()
    {
        var frame = new DataFrame(
            new DoubleDataFrameColumn("age", new double?[] { 34, 51, null, 62, 45 }),
            new DoubleDataFrameColumn("pressure", new double?[] { 121, null, 135, 144, 128 }),
            new DoubleDataFrameColumn("weight", new double?[] { 71, 80, 77, null, 69 }));
        Assert.Equal(0, frame.Impute().Columns.Sum(c => c.NullCount));
    }

    [Fact]
    public void FilledFloats_TooSmallForAFloat_AreZero_NotMinusZero()
    {
        float?[] values = [-0f, null, .. Enumerable.Range(0, 30).Select(i => (float?)(i % 7))];
        var frame = new DataFrame(new SingleDataFrameColumn("x", values),
            new DoubleDataFrameColumn("y", Enumerable.Range(0, 32).Select(i => (double)(i % 5))));
        DataFrame filled = frame.Impute(fill: new FillOptions { Bounds = new Dictionary<string, Bounds> { ["x"] = new(-1e-50, -1e-50) } });
        Assert.Equal([true, false], ((SingleDataFrameColumn)filled["x"]).Take(2).Select(x => float.IsNegative(x!.Value)));
    }

    /// <summary>The package's own LoadCsv throws on NA.</summary>
    [Fact]
    public void SurveyFileWithNa_BecomesAFrame_AndIsFilled()
    {
        Table table = CsvTable.Read(Path.Combine(AppContext.BaseDirectory, "Data", "bfi.csv"));
        DataFrame frame = table.ToDataFrame();
        Assert.Equal((2800L, 28), (frame.Rows.Count, frame.Columns.Count));
        Assert.All(frame.Columns, c => Assert.IsType<Int64DataFrameColumn>(c));
        Assert.Equal(731, frame.Columns.Sum(c => c.NullCount)); // as many cells read NA

        DataFrame filled = frame.Impute();
        NumericColumn expected = (NumericColumn)table.Impute().Table["N1"];
        Assert.Equal(0, filled.Columns.Sum(c => c.NullCount));
        Assert.Equal(expected.Values.ToArray(), ((PrimitiveDataFrameColumn<long>)filled["N1"]).Select(x => (double)x!.Value));
    }
}
