using Microsoft.Win32.SafeHandles;

namespace Imputation.Files.Streams;

/// <summary>A part of a file, read at any place.</summary>
internal static class FilePart
{
    /// <summary>Fills the bytes from a place on; false where the file ends before.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool TryRead(SafeFileHandle file, long start, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(file, bytes, start);
            if (read == 0) return false;
            bytes = bytes[read..];
            start += read;
        }
        return true;
    }
}
