using System.Data;
using System.Data.SqlTypes;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Data;

public class DataTablesTests
{
    private static readonly byte[] s_bytes = [1, 2, 3];

    /// <summary>One column of every type that a DataTable knows, with a value that is easily spoilt on the way.</summary>
    private static readonly (string Name, Type Type, object Value)[] s_types =
    [
        ("bool", typeof(bool), true),
        ("byte", typeof(byte), byte.MaxValue),
        ("sbyte", typeof(sbyte), sbyte.MinValue),
        ("int16", typeof(short), short.MinValue),
        ("uint16", typeof(ushort), ushort.MaxValue),
        ("int32", typeof(int), int.MinValue),
        ("uint32", typeof(uint), uint.MaxValue),
        ("int64", typeof(long), (1L << 53) + 1), // as a double it would read 2⁵³
        ("small int64", typeof(long), -(1L << 53)),
        ("uint64", typeof(ulong), ulong.MaxValue),
        ("single", typeof(float), 0.1f),
        ("double", typeof(double), 0.1),
        ("decimal", typeof(decimal), 0.1234567890123456789012345678m),
        ("money", typeof(decimal), 79228162514264337593543950335m),
        ("trailing zeros", typeof(decimal), 1.500m),
        ("char", typeof(char), 'ä'),
        ("string", typeof(string), ""),
        ("DateTime", typeof(DateTime), new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc).AddTicks(7)),
        ("DateTimeOffset", typeof(DateTimeOffset), new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(-9))),
        ("TimeSpan", typeof(TimeSpan), TimeSpan.FromTicks(1)),
        ("Guid", typeof(Guid), new Guid("00112233-4455-6677-8899-aabbccddeeff")),
        ("bytes", typeof(byte[]), s_bytes),
        ("object", typeof(object), 7),
        ("Uri", typeof(Uri), new Uri("urn:x")),
        ("SqlInt32", typeof(SqlInt32), new SqlInt32(5)),
    ];

    private static DataTable Everything()
    {
        var table = new DataTable("all", "urn:space");
        foreach ((string name, Type type, _) in s_types) table.Columns.Add(name, type);
        table.Rows.Add([.. s_types.Select(t => t.Value)]);
        table.Rows.Add([.. s_types.Select(_ => (object)DBNull.Value)]);
        return table;
    }

    [Fact]
    public void EveryType_ComesBack_ToTheLastDigit()
    {
        DataTable table = Everything();
        DataTable back = table.ToTable().ToDataTable();

        Assert.NotSame(table, back);
        Assert.Equal(("all", "urn:space"), (back.TableName, back.Namespace));
        Assert.Equal(table.Columns.Cast<DataColumn>().Select(c => (c.ColumnName, c.DataType, c.AllowDBNull)),
            back.Columns.Cast<DataColumn>().Select(c => (c.ColumnName, c.DataType, c.AllowDBNull)));
        Assert.Equal(table.Rows[0].ItemArray, back.Rows[0].ItemArray);
        Assert.Equal(table.Rows[1].ItemArray, back.Rows[1].ItemArray);
        Assert.Equal("1.500", ((decimal)back.Rows[0]["trailing zeros"]).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.All(back.Rows.Cast<DataRow>(), r => Assert.Equal(DataRowState.Unchanged, r.RowState));
    }

    [Fact]
    public void Kinds_FollowTypes()
    {
        Table table = Everything().ToTable();
        string[] Of(ColumnKind kind) => [.. table.Columns.Where(c => c.Kind == kind).Select(c => c.Name)];
        Assert.Equal(["byte", "sbyte", "int16", "uint16", "int32", "uint32", "small int64"], Of(ColumnKind.Integer));
        Assert.Equal(["single", "double", "decimal", "money", "trailing zeros"], Of(ColumnKind.Number));
        Assert.Equal(["string"], Of(ColumnKind.Text));
        Assert.All(table.Columns, c => Assert.Equal(1, c.MissingCount));
    }

    [Fact]
    public void FilledCells_AloneChange_InTheTypeOfTheirColumn()
    {
        DataTable table = Everything();
        DataTable back = Filled.With(Filled.With(table.ToTable(), ("decimal", 1, 2.25), ("single", 1, 0.1), ("double", 1, 0.1)),
            ColumnKind.Integer, ("byte", 1, 200), ("int32", 1, -5)).ToDataTable();

        Assert.Equal((2.25m, 0.1f, 0.1, (byte)200, -5), (back.Rows[1]["decimal"], back.Rows[1]["single"], back.Rows[1]["double"],
            back.Rows[1]["byte"], back.Rows[1]["int32"]));
        Assert.Equal(table.Rows[0].ItemArray, back.Rows[0].ItemArray);
        string[] filled = ["decimal", "single", "double", "byte", "int32"];
        Assert.All(back.Columns.Cast<DataColumn>(), c => Assert.Equal(!filled.Contains(c.ColumnName), back.Rows[1].IsNull(c)));
        // the original is as it was
        Assert.All(table.Rows[1].ItemArray, cell => Assert.Equal(DBNull.Value, cell is INullable { IsNull: true } ? DBNull.Value : cell));
    }

    [Fact]
    public void IntegerColumn_WithFractions_BecomesDouble()
    {
        DataTable back = Filled.With(Everything().ToTable(), ("int32", 1, 1.5)).ToDataTable();
        Assert.Equal(typeof(double), back.Columns["int32"]!.DataType);
        Assert.Equal([(double)int.MinValue, 1.5], back.Rows.Cast<DataRow>().Select(r => r["int32"]));
    }

    [Theory]
    [InlineData("byte", 256, ColumnKind.Integer, "256")]
    [InlineData("uint32", -1, ColumnKind.Integer, "-1")]
    [InlineData("decimal", 1e29, ColumnKind.Number, "1E+29")]
    [InlineData("single", 1e39, ColumnKind.Number, "1E+39")]
    public void FilledValue_ThatTheTypeCannotHold_IsRefused_WithItsPlace(string column, double value, ColumnKind kind, string text)
    {
        var error = Assert.Throws<ImputationDataException>(() => Filled.With(Everything().ToTable(), kind, (column, 1, value))
            .ToDataTable());
        Assert.Equal((column, 2L), (error.Column, error.Row));
        Assert.Contains(text, error.Message);
    }

    [Fact]
    public void Decimals_AreRoundedToTheirScale_WhenAsked()
    {
        var table = new DataTable { Columns = { { "price", typeof(decimal) }, { "x", typeof(double) } } };
        // Whole numbers of money are written with two decimals all the same.
        foreach ((object price, double x) in new (object, double)[] { (10.00m, 1), (20.00m, 2.5), (25.00m, 3), (DBNull.Value, 1.7),
            (41.00m, 4.8), (DBNull.Value, 3.3) }) table.Rows.Add(price, x);
        decimal[] Filled(FillOptions options) => [.. new[] { 3, 5 }.Select(row => (decimal)table.Impute(fill: options).Rows[row]["price"])];

        decimal[] free = Filled(FillOptions.Default), rounded = Filled(new FillOptions { Round = ["price"] });
        Assert.All(free, value => Assert.NotEqual(Math.Round(value, 2), value));
        Assert.Equal(free.Select(value => Math.Round(value, 2)), rounded);
        Assert.All(rounded, value => Assert.NotEqual(Math.Round(value), value));
        Assert.Equal(free.Select(value => Math.Round(value)), Filled(new FillOptions { Integer = ["price"] }));
    }

    [Fact]
    public void NaN_IsMissing_CountedApart_AndIsNaNAgainWhereNotFilled()
    {
        var table = new DataTable
        {
            Columns = { { "x", typeof(double) }, { "y", typeof(float) } },
            Rows = { { double.NaN, float.NaN }, { DBNull.Value, DBNull.Value }, { 1.0, 2f } }
        };
        Table read = table.ToTable();
        Assert.Equal([MissingOrigin.NotANumber, MissingOrigin.Empty, null], Enumerable.Range(0, 3).Select(read["x"].Mask.Origin));

        DataTable back = read.ToDataTable();
        Assert.Equal([double.NaN, DBNull.Value, 1.0], back.Rows.Cast<DataRow>().Select(r => r["x"]));
        Assert.Equal([float.NaN, DBNull.Value, 2f], back.Rows.Cast<DataRow>().Select(r => r["y"]));
        Assert.Equal(3.5, Filled.With(read, ("x", 0, 3.5)).ToDataTable().Rows[0]["x"]);
    }

    [Fact]
    public void Infinity_IsRefused_WithColumnAndRow()
    {
        var table = new DataTable { Columns = { { "x", typeof(double) } }, Rows = { { 1.0 }, { double.NegativeInfinity } } };
        var error = Assert.Throws<ImputationDataException>(table.ToTable);
        Assert.Equal(("x", 2L), (error.Column, error.Row));
        Assert.Contains("-Infinity", error.Message);
    }

    [Fact]
    public void DeletedRows_AreLeftOut()
    {
        var table = new DataTable { Columns = { { "x", typeof(int) } }, Rows = { { 1 }, { 2 }, { 3 } } };
        table.AcceptChanges();
        table.Rows[1].Delete();
        Assert.Equal([1, 3], table.ToTable().ToDataTable().Rows.Cast<DataRow>().Select(r => r["x"]));
    }

    [Fact]
    public void ColumnProperties_AreKept_KeysAndExpressionsAreNot()
    {
        var table = new DataTable
        {
            Columns = { { "id", typeof(int) }, { "name", typeof(string) }, { "day", typeof(DateTime) },
            { "twice", typeof(int), "id * 2" } }
        };
        table.PrimaryKey = [table.Columns["id"]!];
        table.Columns["name"]!.MaxLength = 4;
        table.Columns["name"]!.Caption = "Name of the patient";
        table.Columns["day"]!.DateTimeMode = DataSetDateTime.Utc;
        table.Rows.Add(7, "Ada", new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        DataTable back = table.ToTable().ToDataTable();
        Assert.Equal((false, 4, "Name of the patient", DataSetDateTime.Utc),
            (back.Columns["id"]!.AllowDBNull, back.Columns["name"]!.MaxLength, back.Columns["name"]!.Caption,
                back.Columns["day"]!.DateTimeMode));
        Assert.Equal(table.Rows[0].ItemArray, back.Rows[0].ItemArray);
        Assert.Equal(DateTimeKind.Utc, ((DateTime)back.Rows[0]["day"]).Kind);
        Assert.Empty(back.Constraints);
        Assert.Equal("", back.Columns["twice"]!.Expression);
    }

    [Fact]
    public void LaterChanges_AreNotSeen()
    {
        DataTable table = Everything();
        Table read = table.ToTable();
        table.Rows[0]["decimal"] = 5m;
        table.Columns.Remove("bool");
        table.TableName = "other";
        DataTable back = read.ToDataTable();
        Assert.Equal((0.1234567890123456789012345678m, true, "all"), (back.Rows[0]["decimal"], back.Rows[0]["bool"], back.TableName));
    }

    [Fact]
    public void NoRows_GiveAnEmptyTable_AndBack_AndNoColumnsAreRefused()
    {
        DataTable empty = Everything().Clone();
        Assert.Equal(empty.Columns.Count, empty.ToTable().ToDataTable().Columns.Count);
        Assert.Empty(empty.ToTable().ToDataTable().Rows);
        Assert.Contains("column", Assert.Throws<ArgumentException>(() => new DataTable().ToTable()).Message);
    }

    [Fact]
    public void AnyTable_BecomesADataTable()
    {
        var table = new Table([NumericColumn.Number("x", [1.5, double.NaN]), NumericColumn.Integer("n", [null, 3]),
            TextColumn.Create("t", ["a", null]), ObjectColumn.Create("b", typeof(bool), [true, null])]);
        DataTable back = table.ToDataTable();
        Assert.Equal([typeof(double), typeof(long), typeof(string), typeof(bool)], back.Columns.Cast<DataColumn>().Select(c => c.DataType));
        Assert.Equal([1.5, DBNull.Value, "a", true], back.Rows[0].ItemArray);
        Assert.Equal([DBNull.Value, 3L, DBNull.Value, DBNull.Value], back.Rows[1].ItemArray);
    }

    [Fact]
    public void ColumnsPickedFromATable_KeepTheirTypes_AndReplacedOnesDoNotTakeAnothersValues()
    {
        Table read = Everything().ToTable();
        var picked = new Table([read["decimal"], TextColumn.Create("int32", ["a", "b"]), NumericColumn.Number("money", [1, 2])],
            read.Source);
        DataTable back = picked.ToDataTable();
        Assert.Equal([0.1234567890123456789012345678m, "a", 1m], back.Rows[0].ItemArray);
        Assert.Equal([DBNull.Value, "b", 2m], back.Rows[1].ItemArray);
    }

    [Fact]
    public void Impute_FillsWhatTheTableFills_OnAirquality()
    {
        double[,] air = ReferenceCase.Mvn("airquality")!.Values;
        var table = new DataTable
        {
            Columns = { { "Ozone", typeof(int) }, { "Solar", typeof(short) }, { "Wind", typeof(decimal) },
            { "Temp", typeof(int) }, { "Note", typeof(string) } }
        };
        for (int row = 0; row < air.GetLength(0); row++)
            table.Rows.Add(double.IsNaN(air[row, 0]) ? DBNull.Value : (int)air[row, 0], double.IsNaN(air[row, 1]) ? DBNull.Value
                : (short)air[row, 1], (decimal)air[row, 2], (int)air[row, 3], $"day {row}");

        var fill = new FillOptions { Method = FillMethod.Mean, Integer = ["Solar"] };
        DataTable filled = table.Impute(fill: fill);
        ImputationResult done = table.ToTable().Impute(fill: fill);
        Assert.Equal([typeof(double), typeof(short), typeof(decimal), typeof(int), typeof(string)],
            filled.Columns.Cast<DataColumn>().Select(c => c.DataType));
        for (int row = 0; row < table.Rows.Count; row++)
        {
            DataRow before = table.Rows[row], after = filled.Rows[row];
            Assert.Equal(before.IsNull("Ozone") ? ((NumericColumn)done.Table["Ozone"]).Values[row] : (double)(int)before["Ozone"],
                after["Ozone"]);
            Assert.Equal(before.IsNull("Solar") ? (short)((NumericColumn)done.Table["Solar"]).Values[row] : before["Solar"],
                after["Solar"]);
            Assert.Equal((before["Wind"], before["Temp"], before["Note"]), (after["Wind"], after["Temp"], after["Note"]));
        }
        Assert.Equal(44, done.FilledCount); // airquality: 37 of Ozone, 7 of Solar
    }
}
