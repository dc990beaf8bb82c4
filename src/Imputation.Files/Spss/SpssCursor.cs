using System.Buffers.Binary;

namespace Imputation.Files.Spss;

/// <summary>Reads a file's records one after the other; every length is checked before it is used.</summary>
internal sealed class SpssCursor(ReadOnlyMemory<byte> bytes, string file)
{
    public string File => file;

    public bool IsBigEndian { get; set; }

    public int Position { get; private set; }

    public int Remaining => bytes.Length - Position;

    /// <param name="count">Number of bytes; from the file, so any number.</param>
    /// <param name="what">What they are, for the message where there are not as many.</param>
    /// <exception cref="ImputationDataException">The file ends before that.</exception>
    public ReadOnlyMemory<byte> Bytes(long count, string what)
    {
        if (count < 0) throw Damaged($"{what} has a length of {count}");
        if (count > Remaining)
            throw new ImputationDataException($"{file}: the file ends at byte {bytes.Length} within {what}, which needs {count} bytes from "
                + $"byte {Position}: it is truncated or damaged. Copy it again from its source.");
        ReadOnlyMemory<byte> piece = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return piece;
    }

    public int Int32(string what) => Int32(Bytes(4, what).Span);

    /// <summary>The next integer, which is not taken; null where there is none.</summary>
    public int? PeekInt32() => Remaining >= 4 ? Int32(bytes.Span[Position..]) : null;

    public int Int32(ReadOnlySpan<byte> four) =>
        IsBigEndian ? BinaryPrimitives.ReadInt32BigEndian(four) : BinaryPrimitives.ReadInt32LittleEndian(four);

    public long Int64(string what) => Int64(Bytes(8, what).Span);

    public long Int64(ReadOnlySpan<byte> eight) =>
        IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(eight) : BinaryPrimitives.ReadInt64LittleEndian(eight);

    public double Double(string what) => Double(Bytes(8, what).Span);

    public double Double(ReadOnlySpan<byte> eight) => BitConverter.Int64BitsToDouble(Int64(eight));

    /// <summary>The exception for content that cannot be.</summary>
    /// <param name="what">A clause, with the numbers.</param>
    public ImputationDataException Damaged(string what) =>
        new($"{file}: {what}, before byte {Position}: the file is damaged. Copy it again from its source.");

    /// <summary>A reader of a part, such as the data of a record, with messages about the same file.</summary>
    public SpssCursor Over(ReadOnlyMemory<byte> part) => new(part, file) { IsBigEndian = IsBigEndian };
}
