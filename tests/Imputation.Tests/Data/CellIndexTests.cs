using Imputation.Data;

namespace Imputation.Tests.Data;

public class CellIndexTests
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 131)]; // two words of bits and a little

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Place_IsTheNumberOfMissingCellsBefore(int length)
    {
        foreach (double missing in (double[])[0, 0.05, 0.5, 0.95, 1])
        {
            var random = new Random(length);
            byte[] codes = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() < missing ? (byte)random.Next(1, 256)
                : (byte)0)];
            var index = new CellIndex(codes);
            for (int row = 0; row < length; row++) Assert.Equal(codes[..row].Count(code => code != 0), index.PlaceOf(row));
        }
    }

    [Fact]
    public void Marks_WithoutSomeCells_KeepTheOthersAndTheirOrigins()
    {
        MissingOrigin empty = MissingOrigin.Empty, other = MissingOrigin.NotANumber;
        var marks = new MissingMask([0, 1, 2, 0, 1, 2, 1], [empty, other]);
        MissingMask left = marks.Without([7, double.NaN, double.NaN, 8, double.NaN]);

        Assert.Equal((7, 3), (left.Count, left.MissingCount));
        Assert.Equal([null, null, other, null, empty, null, empty], Enumerable.Range(0, 7).Select(left.Origin));
        Assert.Equal([2, 1], left.CountByOrigin());
        Assert.Equal((0, 1, 2), (left.Index.PlaceOf(2), left.Index.PlaceOf(4), left.Index.PlaceOf(6)));
        Assert.Equal((5, true), (marks.MissingCount, marks.IsMissing(1))); // they are not written to
    }

    [Fact]
    public void Marks_WithoutAllCells_HaveNone_AndWithoutNoneAreTheSame()
    {
        var marks = new MissingMask([0, 1, 1], [MissingOrigin.Empty]);
        MissingMask none = marks.Without([1, 2]), same = marks.Without([double.NaN, double.NaN]), complete = none.Without([]);

        Assert.All([none, complete], m => Assert.Equal((3, 0), (m.Count, m.MissingCount)));
        Assert.All([none, complete], m => Assert.All(Enumerable.Range(0, 3),
            row => Assert.False(m.IsMissing(row) || m.Origin(row) is not null)));
        Assert.Equal([false, true, true], Enumerable.Range(0, 3).Select(same.IsMissing));
        Assert.Equal([2], same.CountByOrigin());
    }
}
