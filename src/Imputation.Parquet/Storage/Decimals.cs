using System.Globalization;
using System.Numerics;

namespace Imputation.Parquet.Storage;

/// <summary>Decimals as stored: a whole number, big-endian in byte arrays, and a scale.</summary>
internal static class Decimals
{
    /// <summary>10^22 and 2^53 are the last that a double holds exactly; a quotient of such numbers is rounded once.</summary>
    private const int LargestExactPower = 22;

    /// <summary>More bytes than this would be digits beyond the largest double, and slow to turn into decimal ones.</summary>
    public const int MostBytes = 128;

    public static BigInteger Unscaled(ReadOnlySpan<byte> bigEndian) => new(bigEndian, isUnsigned: false, isBigEndian: true);

    /// <summary>The double nearest to unscaled / 10^scale.</summary>
    public static double ToDouble(BigInteger unscaled, int scale)
    {
        if (BigInteger.Abs(unscaled) <= 1L << 53 && scale is >= 0 and <= LargestExactPower)
            return (double)(long)unscaled / Math.Pow(10, scale);
        return double.Parse(string.Create(CultureInfo.InvariantCulture, $"{unscaled}E{-scale}"), CultureInfo.InvariantCulture);
    }

    /// <summary>The whole number nearest to value · 10^scale, of the double's decimal digits as they are shown.</summary>
    public static BigInteger FromDouble(double value, int scale)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E', StringComparison.Ordinal), power = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1),
            NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string digits = e < 0 ? text : text[..e];
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            power -= digits.Length - point - 1;
            digits = digits.Remove(point, 1);
        }
        var whole = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int shift = power + scale;
        if (shift >= 0) return whole * BigInteger.Pow(10, shift);
        // Half away from zero, as people round money.
        var divisor = BigInteger.Pow(10, -shift);
        var (quotient, rest) = BigInteger.DivRem(whole, divisor);
        return BigInteger.Abs(rest) * 2 >= divisor ? quotient + whole.Sign : quotient;
    }

    /// <summary>Big-endian bytes of exactly <paramref name="length"/>, or as few as needed; null where they do not suffice.</summary>
    public static byte[]? ToBytes(BigInteger unscaled, int? length)
    {
        byte[] bytes = unscaled.ToByteArray(isUnsigned: false, isBigEndian: true);
        if (length is not { } size) return bytes;
        if (bytes.Length > size) return null;
        var padded = new byte[size];
        padded.AsSpan().Fill(unscaled.Sign < 0 ? (byte)255 : (byte)0);
        bytes.CopyTo(padded, size - bytes.Length);
        return padded;
    }
}
