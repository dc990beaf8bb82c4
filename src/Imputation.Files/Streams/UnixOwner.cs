using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Imputation.Files.Streams;

/// <summary>The owner of a file on Linux.</summary>
/// <remarks>The only native calls of the project: .NET can neither read a file's owner nor give a file to another user, and a file
/// replaced by the superuser must not become his. Both calls have one layout on every Linux; elsewhere owners are not kept.</remarks>
/// <param name="User">Number of the user.</param>
/// <param name="Group">Number of the group.</param>
internal readonly record struct UnixOwner(uint User, uint Group)
{
    private const uint Unchanged = uint.MaxValue; // (uid_t)-1
    private const int CurrentFolder = -100, NoFollow = 0x100, UserAndGroup = 0x18; // AT_FDCWD, AT_SYMLINK_NOFOLLOW, STATX_UID | STATX_GID
    private const int StatusLength = 256, UserAt = 20, GroupAt = 24; // struct statx

    /// <summary>The owner of a file; null where it cannot be had.</summary>
    public static UnixOwner? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var status = new byte[StatusLength];
        try
        {
            if (Status(CurrentFolder, path, NoFollow, UserAndGroup, status) != 0) return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null; // an old C library
        }
        return new UnixOwner(Number(status.AsSpan(UserAt)), Number(status.AsSpan(GroupAt)));
    }

    /// <summary>Gives a file this owner and group, or at least this group; what the system does not permit, it keeps.</summary>
    public void Take(string path)
    {
        if (ChangeOwner(path, User, Group) != 0) _ = ChangeOwner(path, Unchanged, Group);
    }

    private static uint Number(ReadOnlySpan<byte> bytes) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Status(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask,
        [Out] byte[] status);

    [DllImport("libc", EntryPoint = "chown")]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}
