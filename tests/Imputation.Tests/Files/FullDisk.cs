using Imputation.Files.Streams;

namespace Imputation.Tests.Files;

/// <summary>A disk with room for some bytes, over all files written to it. It takes the part of a write that fits, as disks do.</summary>
internal sealed class FullDisk(long room)
{
    private long _written;

    /// <summary>Whether it takes every write and fails when the file is flushed, as a disk in a network may.</summary>
    public bool FailsLate { get; init; }

    /// <summary>Bytes that were to be written.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>What a system without space throws.</summary>
    public static IOException Error() => new("No space left on device", 28);

    public Medium Medium => file => new Surface(file, this);

    private sealed class Surface(Stream file, FullDisk disk) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            long before = Interlocked.Add(ref disk._written, buffer.Length) - buffer.Length;
            int fits = (int)Math.Clamp(disk.Room - before, 0, buffer.Length);
            file.Write(disk.FailsLate ? buffer : buffer[..fits]);
            if (fits < buffer.Length && !disk.FailsLate) throw Error();
        }

        public override void Flush()
        {
            file.Flush();
            if (disk.FailsLate && disk.Written > disk.Room) throw Error();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private long Room => room;
}
