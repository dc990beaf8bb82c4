using System.Globalization;
using System.Text;
using Imputation.Files.Csv;

namespace Imputation.Tests.Files;

/// <summary>The framework's shortest format is the twin.</summary>
public class ShortestDecimalTests
{
    private static void AssertAsTheFramework(double value)
    {
        var text = new byte[CsvNumber.MaxLength];
        double magnitude = Math.Abs(value);
        Assert.Equal(magnitude is >= 1e-4 and < 1e15, ShortestDecimal.TryFormat(value, text, out int length));
        Assert.Equal(value.ToString("R", CultureInfo.InvariantCulture),
            Encoding.ASCII.GetString(CsvNumber.Format(value, whole: false, decimalComma: false, text)));
        if (length > 0) Assert.Equal(length, value.ToString("R", CultureInfo.InvariantCulture).Length);
    }

    [Fact]
    public void NumbersOfEverySize_AreWrittenAsTheFrameworkWritesThem()
    {
        var random = new Random(11);
        for (int k = 0; k < 200_000; k++)
        {
            AssertAsTheFramework((random.NextDouble() * 2 - 1) * Math.Pow(10, random.Next(-6, 18)));
            AssertAsTheFramework(BitConverter.UInt64BitsToDouble(((ulong)random.Next(1023 - 16, 1023 + 52) << 52) | (ulong)random.NextInt64(
                1L << 52)));
            AssertAsTheFramework(Math.Round(random.NextDouble() * 1000, random.Next(0, 10)));
        }
    }

    [Fact]
    public void NeighboursOfPowersOfTwoAndTen_AreWrittenAsTheFrameworkWritesThem()
    {
        AssertAsTheFramework(-0.0);
        IEnumerable<double> powers = Enumerable.Range(-16, 70).Select(e => Math.ScaleB(1, e))
            .Concat(Enumerable.Range(-6, 24).Select(e => double.Parse($"1e{e}", CultureInfo.InvariantCulture)));
        foreach (double power in powers)
            for (long step = -200; step <= 200; step++)
                AssertAsTheFramework(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(power) + step));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(5e-324)]
    [InlineData(double.MaxValue)]
    [InlineData(0.1)]
    [InlineData(-3.0)]
    [InlineData(100.0)]
    [InlineData(0.0001)]
    [InlineData(999999999999999.9)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void NumbersOfEveryKind_AreWrittenAsTheFrameworkWritesThem(double value) => AssertAsTheFramework(value);
}
