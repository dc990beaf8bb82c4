using Imputation.Patterns;

namespace Imputation.Tests.Data;

public class TableTests
{
    [Fact]
    public void Columns_MustBeOfOneLength()
    {
        var error = Assert.Throws<ArgumentException>(() => new Table([NumericColumn.Number("a", [1, 2]), NumericColumn.Number("b", [1])]));
        Assert.Contains("'b' has 1 rows", error.Message);
    }

    [Fact]
    public void ColumnNames_MustDiffer_CaseCounting()
    {
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new Table([NumericColumn.Number("a", [1]),
            TextColumn.Create("a", ["x"])])).Message);
        Assert.Equal(2, new Table([NumericColumn.Number("a", [1]), NumericColumn.Number("A", [1])]).Columns.Count);
    }

    [Fact]
    public void Table_NeedsAColumn() => Assert.Throws<ArgumentException>(() => new Table([]));

    [Fact]
    public void UnknownColumn_IsRefused_WithThoseThereAre()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => Table.FromArray(["height", "weight"], new double[1, 2])["wieght"]);
        Assert.Contains("'wieght'", error.Message);
        Assert.Contains("'height' and 'weight'", error.Message);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Infinity_IsRefused_WithColumnAndRow(double value, string text)
    {
        var error = Assert.Throws<ImputationDataException>(() => Table.FromArray(["a", "b"], new[,] { { 1, 2 }, { 3, value } }));
        Assert.Equal(("b", 2L), (error.Column, error.Row));
        Assert.Contains($"Column 'b', row 2: {text}", error.Message);
    }

    [Fact]
    public void FromArray_CopiesTheValues()
    {
        var values = new double[,] { { 1 }, { 2 } };
        Table table = Table.FromArray(["a"], values);
        values[0, 0] = 99;
        Assert.Equal(1.0, table["a"].Value(0));
    }

    [Fact]
    public void FromArray_NeedsANameForEachColumn() =>
        Assert.Throws<ArgumentException>(() => Table.FromArray(["a"], new double[2, 2]));

    [Fact]
    public void NumberColumn_TakesNaNAsMissing()
    {
        NumericColumn column = NumericColumn.Number("a", [1, double.NaN, -0.0]);
        Assert.Equal(1, column.MissingCount);
        Assert.Equal(MissingOrigin.NotANumber, column.Mask.Origin(1));
        Assert.Null(column.Value(1));
        Assert.True(double.IsNegative((double)column.Value(2)!)); // −0 comes back as −0
    }

    [Theory]
    [InlineData(1L << 53, true)]
    [InlineData(-(1L << 53), true)]
    [InlineData((1L << 53) + 1, false)]
    [InlineData(long.MinValue, false)]
    public void IntegerColumn_HoldsUpToTwoTo53(long value, bool held)
    {
        if (held)
        {
            Assert.Equal(value, NumericColumn.Integer("a", [value]).Value(0));
            return;
        }
        var error = Assert.Throws<ImputationDataException>(() => NumericColumn.Integer("a", [0, value]));
        Assert.Equal(("a", 2L), (error.Column, error.Row));
        Assert.Contains(value.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message);
    }

    [Fact]
    public void IntegerColumn_RefusesAFraction() =>
        Assert.Contains("1.5", Assert.Throws<ImputationDataException>(() => NumericColumn.Create("a", ColumnKind.Integer, [1, 1.5]))
            .Message);

    [Fact]
    public void Marks_MustAgreeWithTheValues()
    {
        var marks = new MissingMask([0, 1], [MissingOrigin.Empty]);
        Assert.Throws<ArgumentException>(() => NumericColumn.Create("a", ColumnKind.Number, [1, 2], marks));
        Assert.Throws<ArgumentException>(() => NumericColumn.Create("a", ColumnKind.Number, [double.NaN, double.NaN], marks));
        Assert.Throws<ArgumentException>(() => NumericColumn.Create("a", ColumnKind.Number, [1], marks));
        Assert.Equal(1, NumericColumn.Create("a", ColumnKind.Number, [1, double.NaN], marks).MissingCount);
    }

    [Fact]
    public void Marks_RefuseACodeWithoutOrigin() =>
        Assert.Throws<ArgumentException>(() => new MissingMask([0, 2], [MissingOrigin.Empty]));

    [Fact]
    public void Marks_CountByOrigin()
    {
        var code = new MissingOrigin(MissingKind.Code, "-99");
        var marks = new MissingMask([2, 0, 1, 2], [MissingOrigin.Empty, code]);
        Assert.Equal([1, 2], marks.CountByOrigin());
        Assert.Equal(3, marks.MissingCount);
        Assert.Equal(code, marks.Origin(0));
        Assert.Null(marks.Origin(1));
        Assert.Equal("-99", code.ToString());
    }

    [Fact]
    public void FilledColumn_KnowsWhatWasFilled_AndKeepsOriginsOfTheRest()
    {
        var marks = new MissingMask([1, 0, 2], [MissingOrigin.Empty, new(MissingKind.Code, "-99")]);
        NumericColumn column = NumericColumn.Create("a", ColumnKind.Number, [double.NaN, 1, double.NaN], marks);
        NumericColumn filled = column.FilledFrom([7, 1, double.NaN], ColumnKind.Number);

        Assert.Same(column, filled.Original);
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(filled.WasFilled));
        Assert.Equal("-99", filled.Mask.Origin(2)!.Value.Text);
        Assert.Equal(1, filled.MissingCount);
    }

    [Fact]
    public void ObjectColumn_RefusesAValueOfAnotherType()
    {
        var error = Assert.Throws<ArgumentException>(() => ObjectColumn.Create("d", typeof(DateTime), [DateTime.UnixEpoch, "today"]));
        Assert.Contains("Column 'd', row 2", error.Message);
    }

    [Fact]
    public void Matrix_TakesNamedColumns_NaNWhereMissing()
    {
        IncompleteMatrix matrix = IncompleteMatrix.FromArray(new[,] { { 1, double.NaN }, { 3, 4 } });
        Assert.Equal(["x1", "x2"], matrix.ColumnNames);
        Assert.Equal((2, 2), (matrix.RowCount, matrix.ColumnCount));
        Assert.True(double.IsNaN(matrix[0, 1]));
        Assert.Equal([1.0, 3.0], matrix.Column(0).ToArray());
        Assert.Throws<ImputationDataException>(() => IncompleteMatrix.FromArray(new[,] { { double.NegativeInfinity } }));
    }
}
