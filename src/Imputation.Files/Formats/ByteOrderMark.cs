using System.Text;

namespace Imputation.Files.Formats;

/// <summary>The mark of an encoding at the beginning of a text.</summary>
internal static class ByteOrderMark
{
    /// <summary>The encoding that a mark states; null where there is none that is read.</summary>
    public static Encoding? Of(ReadOnlySpan<byte> bytes) =>
        IsUtf8(bytes) ? Encoding.UTF8
        : bytes.StartsWith<byte>([0xFF, 0xFE, 0, 0]) ? Encoding.UTF32
        : bytes.StartsWith<byte>([0xFF, 0xFE]) ? Encoding.Unicode
        : bytes.StartsWith<byte>([0xFE, 0xFF]) ? Encoding.BigEndianUnicode
        : null;

    /// <summary>Whether there is a mark, be it of an encoding that is read or not.</summary>
    public static bool IsAny(ReadOnlySpan<byte> bytes) => Of(bytes) is not null || bytes.StartsWith<byte>([0, 0, 0xFE, 0xFF]);

    /// <summary>Whether it is that of UTF-8.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF]);
}
