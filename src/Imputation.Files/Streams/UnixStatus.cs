using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace Imputation.Files.Streams;

/// <summary>What Unix knows of a file beside its permissions: its type and its owner.</summary>
/// <param name="IsRegular">Whether it is a file proper: no named pipe, device, folder or link.</param>
/// <param name="User">Number of the user who owns it.</param>
/// <param name="Group">Number of its group.</param>
internal readonly record struct UnixStatus(bool IsRegular, uint User, uint Group)
{
    // The header of an archive is the one place where .NET gives a file's type and owner; stat(2) differs from platform to platform.
    private const int HeaderLength = 512, UserAt = 108, GroupAt = 116, NumberLength = 8, TypeAt = 156;

    private const uint Unchanged = uint.MaxValue; // (uid_t)-1

    /// <summary>The status of a file itself, not of what a link leads to; null where there is none, or it cannot be had.</summary>
    /// <remarks>It opens only regular files, and reads none.</remarks>
    public static UnixStatus? Of(string path)
    {
        using var header = new Header();
        try
        {
            using var archive = new TarWriter(header, TarEntryFormat.Gnu, leaveOpen: true);
            archive.WriteEntry(path, "f");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The header is complete, or there is none.
        }
        if (header.Bytes.Length < HeaderLength) return null;
        byte[] bytes = header.Bytes.ToArray();
        return new UnixStatus(bytes[TypeAt] is (byte)'0' or 0, Number(bytes.AsSpan(UserAt, NumberLength)),
            Number(bytes.AsSpan(GroupAt, NumberLength)));
    }

    /// <summary>Gives a file this owner and group, or this group, as far as the system permits; else it keeps its own.</summary>
    public void GiveOwnerTo(string path)
    {
        try
        {
            if (ChangeOwner(path, User, Group) != 0) _ = ChangeOwner(path, Unchanged, Group);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A Unix whose C library has another name: the file is the user's who writes it.
        }
    }

    /// <summary>Octal digits, or, with the first bit set, a binary number with its highest byte first.</summary>
    private static uint Number(ReadOnlySpan<byte> field)
    {
        uint value = 0;
        bool isBinary = (field[0] & 0x80) != 0;
        foreach (byte b in isBinary ? field[1..] : field)
        {
            if (isBinary) value = unchecked((value << 8) | b);
            else if (b is >= (byte)'0' and <= (byte)'7') value = (value << 3) | (uint)(b - '0');
        }
        return value;
    }

    // The only native call of the project: .NET cannot give a file to another user, and a file replaced by the superuser must not
    // become his. Its signature is the same on every Unix.
    [DllImport("libc", EntryPoint = "chown")]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    /// <summary>Takes the header of an archive and refuses the rest, so that no file is read.</summary>
    private sealed class Header : Stream
    {
        public MemoryStream Bytes { get; } = new(HeaderLength);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Bytes.Length;

        public override long Position
        {
            get => Bytes.Length;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Bytes.Length >= HeaderLength) throw new IOException("The header is complete.");
            Bytes.Write(buffer);
        }

        public override void Flush()
        {
            // In memory.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
