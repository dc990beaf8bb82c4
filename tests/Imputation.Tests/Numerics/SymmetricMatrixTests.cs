using System.Globalization;

namespace Imputation.Tests.Numerics;

public class SymmetricMatrixTests
{
    private static readonly string[] s_names = ["age", "income"];

    private static readonly SymmetricMatrix s_two = new(s_names, new[,] { { 4, -1234.5678 }, { -1234.5678, 2.5e6 } });

    [Fact]
    public void Elements_AreFoundByPlaceAndByName()
    {
        Assert.Equal(2, s_two.Size);
        Assert.Equal(s_names, s_two.Names);
        Assert.Equal((4, -1234.5678, 2.5e6), (s_two[0, 0], s_two["age", "income"], s_two["income", "income"]));
        Assert.Contains("'age', 'income'", Assert.Throws<KeyNotFoundException>(() => s_two["Age", "age"]).Message,
            StringComparison.Ordinal);
        Assert.Equal(2, Assert.Throws<ArgumentOutOfRangeException>(() => s_two[0, 2]).ActualValue);
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>(() => s_two[-1, 0]).ActualValue);
    }

    [Fact]
    public void Copies_AreCopies()
    {
        double[,] array = s_two.ToArray();
        Assert.Equal(s_two.ToMathNet().ToArray(), array);
        array[0, 0] = 99;
        Assert.Equal(4, s_two[0, 0]);
    }

    [Fact]
    public void ComputedElements_AreAskedForBelowTheDiagonal()
    {
        var computed = new SymmetricMatrix(["a", "b", "c"], (i, j) => i < j ? throw new InvalidOperationException() : 10 * i + j);
        Assert.Equal((21, 21), (computed[2, 1], computed["b", "c"]));
        Assert.Equal(new double[,] { { 0, 10, 20 }, { 10, 11, 21 }, { 20, 21, 22 } }, computed.ToArray());
        Assert.Equal(new SymmetricMatrix(["a", "b", "c"], computed.ToArray()), computed);
        Assert.NotEqual(new SymmetricMatrix(["a", "b", "d"], computed.ToArray()), computed);
        Assert.NotEqual(s_two, new SymmetricMatrix(s_names, new[,] { { 4, -1234.5678 }, { -1234.5678, 2.4e6 } }));
    }

    [Fact]
    public void Text_IsAnAlignedTable_InAnyCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        try
        {
            Assert.Equal("            age   income\nage           4  -1234.6\nincome  -1234.6  2.5E+06", s_two.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        string many = new SymmetricMatrix(null, new double[30, 30]).ToString();
        Assert.Equal(14, many.Split('\n').Length);
        Assert.EndsWith("… 18 more rows and columns", many, StringComparison.Ordinal);
        Assert.Contains(" x12", many, StringComparison.Ordinal);
    }
}
