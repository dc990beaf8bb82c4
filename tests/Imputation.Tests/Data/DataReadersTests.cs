using System.Data;
using System.Data.Common;
using System.Numerics;

namespace Imputation.Tests.Data;

public class DataReadersTests
{
    private static DataTable Rows() => new()
    {
        Columns = { { "id", typeof(long) }, { "price", typeof(decimal) }, { "x", typeof(double) }, { "n", typeof(short) },
            { "name", typeof(string) }, { "day", typeof(DateTime) }, { "raw", typeof(byte[]) } },
        Rows =
        {
            { (1L << 53) + 1, 0.1234567890123456789012345678m, 0.1, (short)3, "a", new DateTime(2024, 2, 29), new byte[] { 1, 2, 3 } },
            { 2L, DBNull.Value, double.NaN, DBNull.Value, DBNull.Value, DBNull.Value, DBNull.Value },
            { DBNull.Value, 1.50m, DBNull.Value, (short)-4, "", new DateTime(1, 1, 1), Array.Empty<byte>() },
        },
    };

    private static void AssertSame(DataTable expected, DataTable actual)
    {
        Assert.Equal(expected.Columns.Cast<DataColumn>().Select(c => (c.ColumnName, c.DataType)),
            actual.Columns.Cast<DataColumn>().Select(c => (c.ColumnName, c.DataType)));
        Assert.Equal(expected.Rows.Cast<DataRow>().Select(r => r.ItemArray), actual.Rows.Cast<DataRow>().Select(r => r.ItemArray));
    }

    private static DataTable Loaded(DbDataReader reader)
    {
        var table = new DataTable();
        table.Load(reader);
        return table;
    }

    [Fact]
    public void Rows_ComeBack_TheVerySame()
    {
        Table table = Rows().CreateDataReader().ToTable();
        Assert.Equal([MissingOrigin.NotANumber, MissingOrigin.Empty],
            Enumerable.Range(1, 2).Select(row => table["x"].Mask.Origin(row)!.Value));
        AssertSame(Rows(), Loaded(table.ToDataReader()));
        AssertSame(Rows(), table.ToDataTable());
    }

    [Fact]
    public async Task Async_ReadsTheSame()
    {
        Table table = await Rows().CreateDataReader().ToTableAsync();
        AssertSame(Rows(), Loaded(table.ToDataReader()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Rows().CreateDataReader().ToTableAsync(new CancellationToken(true)));
        Assert.ThrowsAny<OperationCanceledException>(() => Rows().CreateDataReader().ToTable(new CancellationToken(true)));
    }

    [Fact]
    public void Reader_IsReadFromWhereItStands_AndLeftOpen_AtItsResult()
    {
        using DataTableReader reader = new([Rows(), Rows()]);
        reader.Read();
        Assert.Equal(2, reader.ToTable().RowCount);
        Assert.False(reader.IsClosed);
        Assert.True(reader.NextResult());
        Assert.Equal(3, reader.ToTable().RowCount);
    }

    [Fact]
    public void FilledCells_ReachBulkCopy_InTheTypeOfTheirColumn()
    {
        Table table = Rows().CreateDataReader().ToTable();
        Table completed = Filled.With(Filled.With(table, ("price", 1, 2.25), ("x", 1, 7.5), ("x", 2, 8.5)), ColumnKind.Integer,
            ("n", 1, 9));
        DataTable loaded = Loaded(completed.ToDataReader());
        Assert.Equal([2L, 2.25m, 7.5, (short)9, DBNull.Value, DBNull.Value, DBNull.Value], loaded.Rows[1].ItemArray);
        Assert.Equal(Rows().Rows[0].ItemArray, loaded.Rows[0].ItemArray);

        DbDataReader fractional = Filled.With(table, ("n", 1, 1.5)).ToDataReader();
        Assert.Equal(typeof(double), fractional.GetFieldType(fractional.GetOrdinal("n")));
    }

    [Fact]
    public void TypedGetters_GiveTheCellsOwnType_AndNoOther()
    {
        using DbDataReader reader = Rows().CreateDataReader().ToTable().ToDataReader();
        Assert.True(reader.HasRows);
        Assert.True(reader.Read());
        Assert.Equal(((1L << 53) + 1, 0.1234567890123456789012345678m, 0.1, (short)3, "a", new DateTime(2024, 2, 29)),
            (reader.GetInt64(0), reader.GetDecimal(1), reader.GetDouble(2), reader.GetInt16(3), reader.GetString(4),
                reader.GetDateTime(5)));
        Assert.Equal(3, reader.GetBytes(6, 0, null, 0, 0));
        var buffer = new byte[4];
        Assert.Equal(2, reader.GetBytes(6, 1, buffer, 1, 9));
        Assert.Equal([0, 2, 3, 0], buffer);
        Assert.Equal(0, reader.GetBytes(6, 9, buffer, 0, 1)); // past the end
        Assert.Equal(1, reader.GetChars(4, 0, new char[2], 0, 2));
        Assert.Equal(reader.GetValue(1), reader["PRICE"]);
        Assert.Contains("Int16", Assert.Throws<InvalidCastException>(() => reader.GetInt32(3)).Message);

        Assert.True(reader.Read());
        Assert.True(reader.IsDBNull(1));
        Assert.False(reader.IsDBNull(2)); // a NaN that came in as one
        Assert.Contains("price", Assert.Throws<InvalidCastException>(() => reader.GetDecimal(1)).Message);
        Assert.Null(reader.GetFieldValue<short?>(3));
        var values = new object[9];
        Assert.Equal(7, reader.GetValues(values));
        Assert.Equal([2L, DBNull.Value], values[..2]);
    }

    [Fact]
    public void Names_AreFoundExactly_ThenWhateverTheirCase()
    {
        DbDataReader reader = new Table([NumericColumn.Number("a", [1]), NumericColumn.Number("A", [2])]).ToDataReader();
        Assert.Equal((0, 1), (reader.GetOrdinal("a"), reader.GetOrdinal("A")));
        Assert.Contains("'b'", Assert.Throws<IndexOutOfRangeException>(() => reader.GetOrdinal("b")).Message);
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetFieldType(2));
    }

    [Fact]
    public void Cells_AreReadOnlyBetweenFirstAndLastRow()
    {
        DbDataReader reader = Rows().ToTable().ToDataReader();
        Assert.Throws<InvalidOperationException>(() => reader.GetValue(0));
        for (int row = 0; row < 3; row++) Assert.True(reader.Read());
        Assert.False(reader.Read());
        Assert.False(reader.Read());
        Assert.Throws<InvalidOperationException>(() => reader.IsDBNull(0));
        reader.Close();
        Assert.True(reader.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => reader.Read());
    }

    [Fact]
    public void SchemaTable_SaysNamesTypesAndNulls()
    {
        var table = new DataTable { Columns = { { "a", typeof(int) }, { "b", typeof(string) } }, Rows = { { 1, "x" } } };
        table.Columns["a"]!.AllowDBNull = false;
        DataTable schema = table.ToTable().ToDataReader().GetSchemaTable()!;
        Assert.Equal([("a", 0, typeof(int), false), ("b", 1, typeof(string), true)],
            schema.Rows.Cast<DataRow>().Select(r => ((string)r["ColumnName"], (int)r["ColumnOrdinal"], (Type)r["DataType"],
                (bool)r["AllowDBNull"])));
        Assert.Equal(["a", "b"], table.ToTable().ToDataReader().GetColumnSchema().Select(c => c.ColumnName));
    }

    [Fact]
    public void AnyTable_CanBeRead_AndEnumerated()
    {
        Table table = Table.FromArray(["x", "y"], new[,] { { 1.5, double.NaN }, { 2, 3 } });
        DbDataReader reader = table.ToDataReader();
        object[] records = [.. reader.Cast<IDataRecord>().Select(r => r["y"])];
        Assert.Equal([DBNull.Value, 3.0], records); // no database has asked for NaN
    }

    [Fact]
    public void MixedNumbers_OfLooselyTypedDatabases_StayNumbers()
    {
        static Table Read(Type announced, params object[] cells) => new LooseReader(announced, cells).ToTable();
        Table doubles = Read(typeof(long), 1L, 2.5, DBNull.Value, 3L);
        Assert.Equal((ColumnKind.Number, typeof(double)), (doubles["v"].Kind, doubles.ToDataReader().GetFieldType(0)));
        Assert.Equal([1.0, 2.5, double.NaN, 3.0], ((NumericColumn)doubles["v"]).Values.ToArray());

        Table decimals = Read(typeof(int), 1, 0.1234567890123456789012345678m, (byte)4);
        Assert.Equal([1m, 0.1234567890123456789012345678m, 4m], decimals.ToDataTable().Rows.Cast<DataRow>().Select(r => r[0]));

        Table integers = Read(typeof(short), (short)1, DBNull.Value, 70000);
        Assert.Equal((ColumnKind.Integer, typeof(long)), (integers["v"].Kind, integers.ToDataReader().GetFieldType(0)));
        Assert.Equal([1L, DBNull.Value, 70000L], integers.ToDataTable().Rows.Cast<DataRow>().Select(r => r[0]));
    }

    [Fact]
    public void MixedTypes_AreHandedThrough_AsTheyAre()
    {
        object[] cells = [1L, "two", DBNull.Value, 0.1m, (1L << 53) + 1];
        Table table = new LooseReader(typeof(long), cells).ToTable();
        Assert.Equal((ColumnKind.Other, typeof(object)), (table["v"].Kind, Assert.IsType<ObjectColumn>(table["v"]).Type));
        Assert.Equal(cells, table.ToDataTable().Rows.Cast<DataRow>().Select(r => r[0]));

        object[] big = [1, double.NaN, DBNull.Value, ulong.MaxValue];
        Assert.Equal([1.0, double.NaN, DBNull.Value, ulong.MaxValue], new LooseReader(typeof(int), big).ToTable().ToDataTable()
            .Rows.Cast<DataRow>().Select(r => r[0]));
    }

    [Fact]
    public void ProviderTypes_AreHandedThrough()
    {
        var period = new Period(1, 2);
        Table table = new LooseReader(typeof(Period), [period, DBNull.Value]).ToTable();
        Assert.Equal(typeof(Period), Assert.IsType<ObjectColumn>(table["v"]).Type);
        using DbDataReader reader = table.ToDataReader();
        Assert.True(reader.Read());
        Assert.Same(period, reader.GetFieldValue<Period>(0));
    }

    /// <summary>What Npgsql says of numeric(38,10) and of 'NaN'::numeric.</summary>
    [Theory]
    [InlineData(false, "Numeric value does not fit in a System.Decimal")]
    [InlineData(true, "Numeric NaN not supported by System.Decimal")]
    public void ValueThatTheProviderCannotHandOver_IsNamed(bool isCast, string message)
    {
        var reader = new LooseReader(typeof(decimal), [1m, isCast ? new InvalidCastException(message) : new OverflowException(message)]);
        var error = Assert.Throws<ImputationDataException>(() => reader.ToTable());
        Assert.Equal(("v", 2L), (error.Column, error.Row));
        Assert.Contains(message, error.Message);
        Assert.Contains("Cast", error.Message);
    }

    [Theory]
    [InlineData("a", "a", "named 'a'")]
    [InlineData("a", "", "Column 2 of the query has no name")]
    public void QueryColumns_NeedNames_EachItsOwn(string first, string second, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new LooseReader(typeof(int), [1], first, second).ToTable())
            .Message);

    [Fact]
    public void Objects_ReachBulkCopy()
    {
        var rows = Enumerable.Range(0, 30).Select(i => new { X = i % 4 == 0 ? (double?)null : i, Y = 2.0 * i + i % 3 }).ToArray();
        DataTable loaded = Loaded(ObjectTable.FromObjects(rows).Impute().Table.ToDataReader());
        Assert.Equal(30, loaded.Rows.Count);
        Assert.DoesNotContain(loaded.Rows.Cast<DataRow>(), r => r.IsNull("X"));
    }

    [Fact]
    public void ColumnOfBigIntegers_IsANumber_AndComesBackAsTheSame()
    {
        // DuckDB's sum of integers.
        Table table = new LooseReader(typeof(BigInteger), [new BigInteger(7), DBNull.Value, new BigInteger(-12)], "total").ToTable();
        Assert.Equal(ColumnKind.Integer, table["total"].Kind);
        Assert.Equal([7, double.NaN, -12], ((NumericColumn)table["total"]).Values.ToArray());
        DataTable back = Loaded(table.ToDataReader());
        Assert.Equal(typeof(BigInteger), back.Columns[0].DataType);
        Assert.Equal([new BigInteger(7), DBNull.Value, new BigInteger(-12)], back.Rows.Cast<DataRow>().Select(r => r[0]));
    }

    [Fact]
    public void ColumnOfBigIntegers_IsFilled_WholeAsBigIntegers_OtherwiseAsDoubles()
    {
        Table table = Sums();
        Table whole = table.Impute(fill: new FillOptions { Integer = ["total"] }).Table;
        DataTable back = Loaded(whole.ToDataReader());
        Assert.Equal(typeof(BigInteger), back.Columns["total"]!.DataType);
        Assert.Equal(new BigInteger(((NumericColumn)whole["total"]).Values[2]), back.Rows[2]["total"]);
        Table means = table.Impute(fill: new FillOptions { Method = FillMethod.Mean }).Table;
        Assert.Equal(typeof(double), Loaded(means.ToDataReader()).Columns["total"]!.DataType);

        static Table Sums()
        {
            var sums = new DataTable { Columns = { { "x", typeof(double) }, { "total", typeof(BigInteger) } } };
            for (int i = 0; i < 30; i++) sums.Rows.Add((double)i, i == 2 ? DBNull.Value : new BigInteger(10 * i + i % 3));
            return sums.CreateDataReader().ToTable();
        }
    }

    [Theory]
    [InlineData(typeof(long))]
    [InlineData(typeof(BigInteger))]
    public void WholeNumbers_ThatADoubleDoesNotTellApart_AreHandedThrough_WhateverTheirType(Type type)
    {
        object Number(long value) => type == typeof(long) ? value : new BigInteger(value);
        object[] cells = [Number(3), DBNull.Value, Number((1L << 53) + 1)];
        Table table = new LooseReader(type, cells, "n").ToTable();
        Assert.Equal(ColumnKind.Other, table["n"].Kind);
        Assert.Equal(cells, Loaded(table.ToDataReader()).Rows.Cast<DataRow>().Select(r => r[0]));
    }

    [Fact]
    public void BigIntegers_AmongOtherNumbers_WidenTheColumn()
    {
        object[] Read(Type announced, params object[] cells) => [.. Loaded(new LooseReader(announced, cells, "n").ToTable().ToDataReader())
            .Rows.Cast<DataRow>().Select(r => r[0])];
        Assert.Equal([new BigInteger(1), new BigInteger(2)], Read(typeof(int), 1, new BigInteger(2)));
        Assert.Equal([1.0, 2.5], Read(typeof(BigInteger), new BigInteger(1), 2.5));
        Assert.Equal([1m, 2.5m], Read(typeof(BigInteger), new BigInteger(1), 2.5m));
    }

    private sealed record Period(int From, int To);

    /// <summary>A database without strict types: announces one, hands over what is there. An exception among the cells is thrown.</summary>
    private sealed class LooseReader(Type announced, object[] cells, params string[] names) : DbDataReader
    {
        private int _row = -1;

        public override int FieldCount => Math.Max(1, names.Length);
        public override bool HasRows => cells.Length > 0;
        public override bool IsClosed => false;
        public override int RecordsAffected => -1;
        public override int Depth => 0;
        public override object this[int ordinal] => GetValue(ordinal);
        public override object this[string name] => GetValue(0);
        public override bool Read() => ++_row < cells.Length;
        public override bool NextResult() => false;
        public override string GetName(int ordinal) => names.Length == 0 ? "v" : names[ordinal];
        public override int GetOrdinal(string name) => 0;
        public override Type GetFieldType(int ordinal) => announced;
        public override string GetDataTypeName(int ordinal) => "loose";
        public override object GetValue(int ordinal) => cells[_row] is Exception e ? throw e : cells[_row];
        public override bool IsDBNull(int ordinal) => cells[_row] is DBNull;
        public override System.Collections.IEnumerator GetEnumerator() => throw new NotSupportedException();
        public override int GetValues(object[] values) => throw new NotSupportedException();
        public override bool GetBoolean(int ordinal) => throw new NotSupportedException();
        public override byte GetByte(int ordinal) => throw new NotSupportedException();
        public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
            throw new NotSupportedException();
        public override char GetChar(int ordinal) => throw new NotSupportedException();
        public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
            throw new NotSupportedException();
        public override DateTime GetDateTime(int ordinal) => throw new NotSupportedException();
        public override decimal GetDecimal(int ordinal) => throw new NotSupportedException();
        public override double GetDouble(int ordinal) => throw new NotSupportedException();
        public override float GetFloat(int ordinal) => throw new NotSupportedException();
        public override Guid GetGuid(int ordinal) => throw new NotSupportedException();
        public override short GetInt16(int ordinal) => throw new NotSupportedException();
        public override int GetInt32(int ordinal) => throw new NotSupportedException();
        public override long GetInt64(int ordinal) => throw new NotSupportedException();
        public override string GetString(int ordinal) => throw new NotSupportedException();
    }
}
