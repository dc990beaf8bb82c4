namespace Imputation.Tests.Data;

/// <summary>A filled column keeps what was filled and its original; by row, as a whole and as objects it must say the same.</summary>
public class FilledColumnTests
{
    public static TheoryData<int> Lengths => [1, 2, 63, 64, 65, 127, 128, 129, 500];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void FilledColumn_HasWhatWasFilled_WhereItWasMissing(int length)
    {
        (NumericColumn column, double[] whole) = Made(length);
        AssertIs([.. whole.Select((x, row) => column.IsMissing(row) ? -x : x)], column.FilledFrom([.. whole.Select(x => -x)],
            ColumnKind.Number));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void PartlyFilledColumn_StaysMissingWhereItWasGivenNaN(int length)
    {
        (NumericColumn column, double[] whole) = Made(length);
        NumericColumn filled = column.FilledFrom([.. whole.Select((x, row) => row % 3 == 0 ? double.NaN : -x)], ColumnKind.Number);

        AssertIs([.. whole.Select((x, row) => !column.IsMissing(row) ? x : row % 3 == 0 ? double.NaN : -x)], filled);
        for (int row = 0; row < length; row++)
        {
            Assert.Equal(column.IsMissing(row) && row % 3 != 0, filled.WasFilled(row));
            Assert.Equal(filled.IsMissing(row) ? column.Mask.Origin(row) : null, filled.Mask.Origin(row));
        }
    }

    /// <summary>Slices that begin and end anywhere, within words of bits and at their edges.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void FilledCells_AreThoseOfTheRows_InTheirOrder(int length)
    {
        (NumericColumn column, double[] whole) = Made(length);
        NumericColumn filled = column.FilledFrom([.. whole.Select((x, row) => row % 3 == 0 ? double.NaN : -x)], ColumnKind.Number);
        foreach (int first in (int[])[0, 1, length / 3, length / 2, length - 1, length])
        {
            foreach (int count in (int[])[0, 1, length / 4, length - first])
            {
                if (first > length || count > length - first) continue;
                double[] expected = [.. Enumerable.Range(first, count).Where(column.IsMissing).Select(row => filled[row])];
                Assert.Equal(expected, filled.FilledCells(first, count).ToArray());
                Assert.Equal(0, column.FilledCells(first, count).Count); // not a filled column
            }
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => filled.FilledCells(0, length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => filled.FilledCells(-1, 1));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void ColumnFilledTwice_HasBothFillings_AndLeadsBackToItsOriginal(int length)
    {
        (NumericColumn column, double[] whole) = Made(length);
        NumericColumn once = column.FilledFrom([.. whole.Select((x, row) => row % 3 == 0 ? double.NaN : -x)], ColumnKind.Number);
        NumericColumn twice = once.FilledFrom([.. whole.Select(x => 1000 + x)], ColumnKind.Number);

        Assert.Equal(0, twice.MissingCount);
        AssertIs([.. whole.Select((x, row) => !column.IsMissing(row) ? x : row % 3 == 0 ? 1000 + x : -x)], twice);
        Assert.Same(once, twice.Original);
        Assert.Same(column, twice.Original!.Original);
        Assert.Null(column.Original);
        AssertIs([.. whole.Select((x, row) => column.IsMissing(row) ? double.NaN : x)], column); // which nothing was written into
    }

    [Fact]
    public void FilledWholeNumbers_AreWholeNumbers()
    {
        NumericColumn column = NumericColumn.Integer("a", [1, null, 3, null]);
        NumericColumn filled = column.Filled([7, double.NaN], ColumnKind.Integer);
        Assert.Equal(ColumnKind.Integer, filled.Kind);
        Assert.Equal([1L, 7L, 3L, null], Enumerable.Range(0, 4).Select(filled.Value));
    }

    /// <summary>Half of it missing, with different origins; and what would have stood there.</summary>
    private static (NumericColumn Column, double[] Whole) Made(int length)
    {
        var random = new Random(length);
        double[] whole = [.. Enumerable.Range(0, length).Select(_ => 1 + random.NextDouble())];
        byte[] codes = [.. Enumerable.Range(0, length).Select(_ => (byte)Math.Max(0, random.Next(-1, 3)))];
        codes[0] = 1;
        var marks = new MissingMask(codes, [MissingOrigin.Empty, MissingOrigin.NotANumber]);
        return (NumericColumn.Create("a", ColumnKind.Number, [.. whole.Select((x, row) => codes[row] != 0 ? double.NaN : x)], marks),
            whole);
    }

    private static void AssertIs(double[] expected, NumericColumn column)
    {
        double[] ByRow() => [.. Enumerable.Range(0, column.Count).Select(row => column[row])];
        Assert.Equal(expected, ByRow()); // before the whole column is made
        Assert.Equal(expected, column.Values.ToArray());
        Assert.Equal(expected, ByRow()); // and after
        Assert.Equal(expected.Select(x => double.IsNaN(x) ? null : (object)x), Enumerable.Range(0, column.Count).Select(column.Value));
        Assert.Equal(expected.Select(double.IsNaN), Enumerable.Range(0, column.Count).Select(column.IsMissing));
        Assert.Equal(expected.Count(double.IsNaN), column.MissingCount);
    }
}
