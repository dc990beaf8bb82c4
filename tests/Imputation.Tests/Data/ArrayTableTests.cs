using Imputation.Tests.Shared;

namespace Imputation.Tests.Data;

public class ArrayTableTests
{
    private const double Hole = double.NaN;

    [Fact]
    public void Columns_FollowTheDictionary_AndElementTypes()
    {
        Table table = ArrayTable.FromColumns(new Dictionary<string, Array>
        {
            ["z"] = new[] { 1.5, Hole },
            ["n"] = new int?[] { 7, null },
            ["price"] = new[] { 0.1234567890123456789012345678m, 1.50m },
            ["name"] = new[] { "a", null },
            ["day"] = new DateTime?[] { null, DateTime.UnixEpoch },
            ["big"] = new ulong[] { ulong.MaxValue, 1 },
        });
        Assert.Equal(["z", "n", "price", "name", "day", "big"], table.Columns.Select(c => c.Name));
        Assert.Equal([ColumnKind.Number, ColumnKind.Integer, ColumnKind.Number, ColumnKind.Text, ColumnKind.Other, ColumnKind.Other],
            table.Columns.Select(c => c.Kind));
        Assert.Equal([1, 1, 0, 1, 1, 0], table.Columns.Select(c => c.MissingCount));

        OrderedDictionary<string, Array> back = ArrayTable.ToColumns(table);
        Assert.Equal(["z", "n", "price", "name", "day", "big"], back.Keys);
        Assert.Equal([1.5, Hole], Assert.IsType<double[]>(back["z"]));
        Assert.Equal([7, null], Assert.IsType<int?[]>(back["n"]));
        Assert.Equal([0.1234567890123456789012345678m, 1.50m], Assert.IsType<decimal[]>(back["price"]));
        Assert.Equal<string?[]>(["a", null], Assert.IsType<string?[]>(back["name"]));
        Assert.Equal([null, DateTime.UnixEpoch], Assert.IsType<DateTime?[]>(back["day"]));
        Assert.Equal([ulong.MaxValue, 1], Assert.IsType<ulong[]>(back["big"]));
    }

    [Fact]
    public void NullAndNaN_OfOneColumn_ComeBackApart()
    {
        Table table = ArrayTable.FromColumns(new Dictionary<string, double?[]> { ["x"] = [1, null, Hole] });
        Assert.Equal([null, MissingOrigin.Empty, MissingOrigin.NotANumber], Enumerable.Range(0, 3).Select(table["x"].Mask.Origin));
        Assert.Equal([1, null, Hole], Assert.IsType<double?[]>(ArrayTable.ToColumns(table)["x"]));
    }

    [Fact]
    public void IntegerArray_WithFractions_BecomesDoubles()
    {
        Table table = Filled.With(ArrayTable.FromColumns(new Dictionary<string, int?[]> { ["n"] = [7, null] }), ("n", 1, 1.5));
        Assert.Equal([7.0, 1.5], Assert.IsType<double?[]>(ArrayTable.ToColumns(table)["n"]));
    }

    [Fact]
    public void OtherTables_GivePlainArrays()
    {
        var table = new Table([NumericColumn.Integer("n", [1, null]), NumericColumn.Integer("m", [1, 2]),
            NumericColumn.Number("x", [Hole, 2])]);
        OrderedDictionary<string, Array> back = ArrayTable.ToColumns(table);
        Assert.Equal([1, null], Assert.IsType<long?[]>(back["n"]));
        Assert.Equal([1, 2], Assert.IsType<long[]>(back["m"]));
        Assert.Equal([Hole, 2.0], Assert.IsType<double[]>(back["x"]));
    }

    [Fact]
    public void Lists_AreColumnsToo() =>
        Assert.Equal([1.0, 2.0], ((NumericColumn)ArrayTable.FromColumns(new Dictionary<string, List<float>> { ["x"] = [1, 2] })["x"])
            .Values.ToArray());

    [Fact]
    public void WrongShapes_AreRefused_WithTheirPlace()
    {
        Assert.Contains("Row 2 has 1 values, the first row 2", Assert.Throws<ArgumentException>(() => ArrayTable.FromRows([[1, 2], [3]]))
            .Message);
        Assert.Contains("Row 2 is null", Assert.Throws<ArgumentException>(() => ArrayTable.FromRows([[1, 2], null!])).Message);
        Assert.Contains("Row 1 has 2 values, the names 1", Assert.Throws<ArgumentException>(() => ArrayTable.FromRows([[1, 2]], ["a"]))
            .Message);
        Assert.Contains("No rows", Assert.Throws<ArgumentException>(() => ArrayTable.FromRows([])).Message);
        Assert.Contains("3 names for 2", Assert.Throws<ArgumentException>(() => ArrayTable.FromArray(new double[1, 2], ["a", "b", "c"]))
            .Message);
        Assert.Contains("'b' has 1 rows", Assert.Throws<ArgumentException>(() =>
            ArrayTable.FromColumns(new Dictionary<string, double[]> { ["a"] = [1, 2], ["b"] = [1] })).Message);
        Assert.Contains("'a' is a single text", Assert.Throws<ArgumentException>(() =>
            ArrayTable.FromColumns(new Dictionary<string, string> { ["a"] = "xy" })).Message);
        Assert.Contains("'t' is not numeric", Assert.Throws<ArgumentException>(() =>
            ArrayTable.ToRows(new Table([TextColumn.Create("t", ["a"])]))).Message);
        Assert.Equal(0, ArrayTable.FromRows([], ["a"]).RowCount);
    }

    [Fact]
    public void Infinity_IsRefused_WithColumnAndRow()
    {
        var error = Assert.Throws<ImputationDataException>(() => ArrayTable.FromRows([[1, 2], [3, double.PositiveInfinity]]));
        Assert.Equal(("x2", 2L), (error.Column, error.Row));
    }

    [Fact]
    public void Impute_GivesTheSameKindBack_AndTheSameValues()
    {
        double[,] air = ReferenceCase.Mvn("airquality")!.Values;
        double[][] rows = [.. Enumerable.Range(0, air.GetLength(0)).Select(i => Enumerable.Range(0, air.GetLength(1)).Select(j => air[i, j])
            .ToArray())];
        var columns = Enumerable.Range(0, air.GetLength(1)).ToDictionary(j => $"x{j + 1}", j => rows.Select(r => r[j]).ToArray());

        double[,] expected = ArrayTable.ToArray(ArrayTable.FromArray(air).Impute().Table);
        double[][] filledRows = ArrayTable.ToRows(ArrayTable.FromRows(rows).Impute().Table);
        OrderedDictionary<string, double[]> filledColumns = ArrayTable.ToColumns<double>(ArrayTable.FromColumns(columns).Impute().Table);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < columns.Count; j++)
            {
                Assert.Equal(expected[i, j], filledRows[i][j]);
                Assert.Equal(expected[i, j], filledColumns.GetAt(j).Value[i]);
                if (!double.IsNaN(air[i, j])) Assert.Equal(air[i, j], expected[i, j]);
            }
        }
        Assert.DoesNotContain(expected.Cast<double>(), double.IsNaN);
        Assert.Contains(air.Cast<double>(), double.IsNaN); // the originals are as they were
    }

    [Fact]
    public void Impute_OfIntegerColumns_GivesIntegers()
    {
        Table table = ArrayTable.FromColumns(new Dictionary<string, int?[]>
        {
            ["a"] = [.. Enumerable.Range(0, 40).Select(i => i % 5 == 0 ? (int?)null : i)],
            ["b"] = [.. Enumerable.Range(0, 40).Select(i => (int?)(3 * i + i % 4))],
        });
        OrderedDictionary<string, int?[]> filled = ArrayTable.ToColumns<int?>(table.Impute(fill: new FillOptions { Integer = ["a"] })
            .Table);
        Assert.DoesNotContain(filled["a"], a => a is null);
        Assert.Equal([39, 38, 37, 36], filled["a"].Reverse().Take(4).Select(a => a!.Value));
        Assert.Contains("'a' has cells of Double, not of Int32?", Assert.Throws<ArgumentException>(() =>
            ArrayTable.ToColumns<int?>(table.Impute(fill: new FillOptions { Method = FillMethod.Mean }).Table)).Message);
        Assert.Contains("'a' has missing cells, which Int32 cannot hold", Assert.Throws<ArgumentException>(() =>
            ArrayTable.ToColumns<int>(table)).Message);
    }
}
