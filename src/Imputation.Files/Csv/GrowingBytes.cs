namespace Imputation.Files.Csv;

/// <summary>Bytes put one behind the other, in an array that grows and is used again.</summary>
internal sealed class GrowingBytes
{
    private byte[] _bytes = [];
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    /// <summary>Forgets what was written and makes room for as much as is likely.</summary>
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

    /// <summary>At least so many bytes to write to; <see cref="Advance"/> says how many were written.</summary>
    public Span<byte> Room(int length)
    {
        if (_bytes.Length - _count < length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_count + (long)length, _bytes.Length * 3L / 2)));
        return _bytes.AsSpan(_count);
    }

    public void Advance(int count) => _count += count;
}
