namespace Imputation.Files.Streams;

/// <summary>Writes to a device or named pipe, which is opened at the first write: the other end of a pipe sees every opening, and an
/// opening waits for the other end.</summary>
internal sealed class DeviceStream(string path) : Stream
{
    private FileStream? _file;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private FileStream Device => _file ??= Open();

    public override void Write(byte[] buffer, int offset, int count) => Device.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => Device.Write(buffer);

    public override void Flush() => _file?.Flush();

    /// <summary>Ends it; one to which nothing was written is opened first, so that who reads a pipe sees its end.</summary>
    public void Complete()
    {
        _ = Device;
        Dispose();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file?.Dispose();
        base.Dispose(disposing);
    }

    private FileStream Open()
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        // /dev/fd/3 may be a file that others have written to: go on at its end. A device has none.
        if (file.CanSeek) file.Seek(0, SeekOrigin.End);
        return file;
    }
}
