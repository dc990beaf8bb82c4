namespace Imputation.Files.Csv;

/// <summary>An append-only byte buffer that grows and is reused.</summary>
internal sealed class GrowingBytes
{
    private byte[] _bytes = [];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    /// <summary>Clears the buffer and reserves the expected capacity.</summary>
    public void Start(long likely)
    {
        _count = 0;
        if (_bytes.Length < likely) _bytes = GC.AllocateUninitializedArray<byte>((int)Math.Min(likely, Array.MaxLength));
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _count += bytes.Length;
    }

    /// <summary>A span of at least the given length; <see cref="Advance"/> says how many were written.</summary>
    public Span<byte> Room(int length)
    {
        if (_bytes.Length - _count < length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_count + (long)length, _bytes.Length * 3L / 2)));
        return _bytes.AsSpan(_count);
    }

    public void Advance(int count) => _count += count;
}
