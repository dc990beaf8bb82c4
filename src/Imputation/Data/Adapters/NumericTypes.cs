using System.Globalization;
using System.Numerics;

namespace Imputation.Data.Adapters;

/// <summary>The types of .NET that count as numbers, and the way from them to a double and back.</summary>
internal static class NumericTypes
{
    /// <summary>The eight integer types and <see cref="BigInteger"/>, which sums of integers are in some databases; no enumerations, no
    /// characters.</summary>
    public static bool IsInteger(Type type) => type == typeof(BigInteger)
        || (!type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64);

    /// <summary>The integer types, float, double and decimal.</summary>
    public static bool IsNumber(Type type) => IsInteger(type) || IsFloating(type) || type == typeof(decimal);

    /// <summary>Types that have a NaN.</summary>
    public static bool IsFloating(Type type) => type == typeof(double) || type == typeof(float);

    /// <summary>The type that holds the values of both, or null where none does. 64-bit integers go beyond 2⁵³ only as objects, so that a
    /// double holds the rest.</summary>
    public static Type? Wider(Type a, Type b)
    {
        if (a == b) return a;
        if (!IsNumber(a) || !IsNumber(b)) return null;
        if (a == typeof(decimal) || b == typeof(decimal)) return IsFloating(a) || IsFloating(b) ? null : typeof(decimal);
        if (IsFloating(a) || IsFloating(b)) return typeof(double);
        return a == typeof(BigInteger) || b == typeof(BigInteger) ? typeof(BigInteger) : typeof(long);
    }

    /// <summary>False for whole numbers of an integer type beyond ±2⁵³, which a double no longer distinguishes.</summary>
    public static bool IsExactAsDouble(object number) => number switch
    {
        long value => value is >= -NumericColumn.LargestInteger and <= NumericColumn.LargestInteger,
        ulong value => value <= NumericColumn.LargestInteger,
        BigInteger value => BigInteger.Abs(value) <= NumericColumn.LargestInteger,
        _ => true,
    };

    public static double ToDouble(object number) => number switch
    {
        double value => value,
        BigInteger value => (double)value,
        _ => Convert.ToDouble(number, CultureInfo.InvariantCulture),
    };

    public static decimal ToDecimal(object number) => number is BigInteger whole ? (decimal)whole
        : Convert.ToDecimal(number, CultureInfo.InvariantCulture);

    /// <summary>The nearest float. A negative number too small for one is 0, not −0; −0 itself, which may have been observed, is
    /// kept.</summary>
    public static float ToSingle(double number) => number == 0 ? (float)number : (float)number + 0f;

    /// <summary>A number in the given type, boxed; null where the type cannot hold it. Fractions do not fit an integer type.</summary>
    public static object? FromDouble(double number, Type type)
    {
        if (type == typeof(double)) return number;
        if (type == typeof(float)) return double.IsNaN(number) || float.IsFinite((float)number) ? ToSingle(number) : null;
        if (IsInteger(type) && number != Math.Floor(number)) return null;
        if (type == typeof(BigInteger)) return double.IsFinite(number) ? new BigInteger(number) : null;
        try
        {
            return Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
