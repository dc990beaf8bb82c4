namespace Imputation.Files.Streams;

/// <summary>A file being written whose errors name the file: a full disk shows itself at a write.</summary>
/// <remarks>After the first error every write fails with it: a file with a gap must not look complete to a writer that goes on, nor
/// to one that hides the error.</remarks>
/// <param name="inner">The file.</param>
/// <param name="path">Its path as given, or - for standard output.</param>
internal sealed class OutputStream(Stream inner, string path) : Stream
{
    /// <summary>The first error; null where there was none.</summary>
    public OutputException? Failure { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>Lets a writer write. What fails for want of the file is an error of the file, whatever the writer made of it.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Let(Action<Stream> write)
    {
        try
        {
            write(this);
            Flush();
        }
        catch (Exception e) when (Failure is not null && e != Failure)
        {
            throw Failure;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Failure is not null) throw Failure;
        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure = OutputException.From(e, path);
        }
    }

    public override void Flush()
    {
        if (Failure is not null) throw Failure;
        try
        {
            inner.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure = OutputException.From(e, path);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
