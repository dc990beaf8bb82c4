using System.Data;

namespace Imputation.Properties;

/// <summary>Whatever kind of table goes in comes out as that kind, with only missing cells changed.</summary>
public class AdapterProperties
{
    private static readonly Type[] s_types = [typeof(double), typeof(decimal), typeof(int), typeof(float), typeof(long), typeof(short)];

    private static readonly NormalOptions s_options = new() { Prior = CovariancePrior.Auto, MaxIterations = 100 };

    private static readonly RunOptions s_run = new() { Threads = 1 };

    [Holds(typeof(Wild))]
    public void DataTable_ComesBack(DataCase c) => AssertSame(Rows(c), Rows(c).ToTable().ToDataTable());

    [Holds(typeof(Wild))]
    public void Reader_ComesBack(DataCase c)
    {
        var loaded = new DataTable();
        loaded.Load(Rows(c).CreateDataReader().ToTable().ToDataReader());
        AssertSame(Rows(c), loaded);
    }

    [Holds(typeof(Wild))]
    public void DictionaryOfColumns_ComesBack(DataCase c)
    {
        DataTable rows = Rows(c);
        var columns = rows.Columns.Cast<DataColumn>().ToDictionary(col => col.ColumnName, col => ToArray(rows, col));
        OrderedDictionary<string, Array> back = ArrayTable.ToColumns(ArrayTable.FromColumns(columns));
        Assert.Equal(columns.Keys, back.Keys);
        Assert.All(columns, col => Assert.Equal(col.Value.GetType(), back[col.Key].GetType()));
        Assert.All(columns, col => Assert.Equal(col.Value.Cast<object?>(), back[col.Key].Cast<object?>()));
    }

    [Holds(typeof(Wild))]
    public void Arrays_ComeBack(DataCase c)
    {
        double[,] values = c.Values();
        double[][] rows = [.. Enumerable.Range(0, c.Rows).Select(i => Enumerable.Range(0, c.Columns).Select(j => values[i, j]).ToArray())];
        Assert.Equal(values, ArrayTable.ToArray(ArrayTable.FromArray(values)));
        Assert.Equal(rows, ArrayTable.ToRows(ArrayTable.FromRows(rows)));
        Assert.Equal(values, ArrayTable.ToArray(ArrayTable.FromRows(rows)));
    }

    [Holds(typeof(Gentle))]
    public void Imputed_OnlyMissingCellsChange(DataCase c)
    {
        DataTable rows = Rows(c);
        string[] whole = [.. rows.Columns.Cast<DataColumn>().Where(col => col.DataType == typeof(int)).Select(col => col.ColumnName)];
        Table completed = rows.CreateDataReader().ToTable().Impute(s_options, new FillOptions { Integer = whole }, s_run).Table;
        AssertCompleted(rows, rows.Impute(s_options, new FillOptions { Integer = whole }, s_run), whole);
        AssertCompleted(rows, completed.ToDataTable(), whole);
        var loaded = new DataTable();
        loaded.Load(completed.ToDataReader());
        AssertCompleted(rows, loaded, whole);
    }

    private static void AssertCompleted(DataTable before, DataTable after, string[] whole)
    {
        for (int j = 0; j < before.Columns.Count; j++)
        {
            (DataColumn was, DataColumn now) = (before.Columns[j], after.Columns[j]);
            bool fractions = was.ColumnName.StartsWith('x') && was.DataType != typeof(double) && now.DataType == typeof(double);
            Assert.Equal(was.ColumnName, now.ColumnName);
            Assert.True(was.DataType == now.DataType || (fractions && was.DataType != typeof(decimal) && was.DataType != typeof(float)
                && !whole.Contains(was.ColumnName)));
            for (int row = 0; row < before.Rows.Count; row++)
            {
                object cell = before.Rows[row][j];
                if (!IsMissing(cell)) Assert.Equal(fractions ? Convert.ToDouble(cell, null) : cell, after.Rows[row][j]);
                else if (was.ColumnName.StartsWith('x')) Assert.False(IsMissing(after.Rows[row][j]));
                else Assert.Equal(cell, after.Rows[row][j]);
            }
        }
    }

    private static void AssertSame(DataTable expected, DataTable actual)
    {
        Assert.Equal(expected.Columns.Cast<DataColumn>().Select(c => (c.ColumnName, c.DataType)),
            actual.Columns.Cast<DataColumn>().Select(c => (c.ColumnName, c.DataType)));
        Assert.Equal(expected.Rows.Cast<DataRow>().Select(r => r.ItemArray), actual.Rows.Cast<DataRow>().Select(r => r.ItemArray));
    }

    private static bool IsMissing(object cell) => cell is DBNull or double.NaN or float.NaN;

    /// <summary>The case's numbers in columns of all number types, and beside them columns that are handed through.</summary>
    private static DataTable Rows(DataCase c)
    {
        double[,] values = c.Values();
        var random = new Random(c.Seed);
        var rows = new DataTable();
        for (int j = 0; j < c.Columns; j++) rows.Columns.Add($"x{j + 1}", s_types[(c.Seed + j) % s_types.Length]);
        rows.Columns.Add("name", typeof(string));
        rows.Columns.Add("day", typeof(DateTime));
        rows.Columns.Add("big", typeof(long));
        for (int row = 0; row < c.Rows; row++)
        {
            DataRow cells = rows.NewRow();
            for (int j = 0; j < c.Columns; j++)
                cells[j] = Cell(values[row, j], rows.Columns[j].DataType, random);
            cells["name"] = random.Next(3) switch { 0 => DBNull.Value, 1 => "", _ => $"row {row}, \"ä\"" };
            cells["day"] = random.Next(4) == 0 ? DBNull.Value : new DateTime(random.NextInt64(DateTime.MaxValue.Ticks));
            cells["big"] = row == 0 ? long.MaxValue : random.Next(4) == 0 ? DBNull.Value : random.NextInt64(long.MinValue, long.MaxValue);
            rows.Rows.Add(cells);
        }
        return rows;
    }

    private static object Cell(double value, Type type, Random random)
    {
        if (double.IsNaN(value)) return random.Next(2) == 0 ? DBNull.Value : type == typeof(double) ? double.NaN : type == typeof(float)
            ? float.NaN : DBNull.Value;
        if (type == typeof(double)) return value;
        if (type == typeof(float)) return (float)value;
        if (type == typeof(decimal)) return (decimal)value + 0.0000000000000001m * random.Next(100); // digits that a double lacks
        double whole = Math.Round(100 * value);
        if (type == typeof(long)) return (long)Math.Clamp(whole, -(1L << 53), 1L << 53);
        return type == typeof(int) ? (int)Math.Clamp(whole, int.MinValue, int.MaxValue) : (object)(short)Math.Clamp(whole, short.MinValue,
            short.MaxValue);
    }

    private static Array ToArray(DataTable rows, DataColumn column)
    {
        Type element = column.DataType.IsValueType ? typeof(Nullable<>).MakeGenericType(column.DataType) : column.DataType;
        var array = Array.CreateInstance(element, rows.Rows.Count);
        for (int row = 0; row < array.Length; row++)
            if (rows.Rows[row][column] is not DBNull) array.SetValue(rows.Rows[row][column], row);
        return array;
    }
}
