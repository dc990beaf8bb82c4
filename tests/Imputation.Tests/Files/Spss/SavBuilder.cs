using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Imputation.Tests.Files.Spss;

/// <summary>Builds a system file record by record, in either byte order, right or wrong.</summary>
internal sealed class SavBuilder(bool bigEndian = false, int compression = 0, int cases = -1, double bias = 100, int weight = 0)
{
    private readonly MemoryStream _bytes = new();

    /// <summary>The header.</summary>
    public SavBuilder Header(string magic = "$FL2")
    {
        Text(magic, 4).Text("@(#) test", 60).Int(2).Int(-1).Int(compression).Int(weight).Int(cases).Double(bias);
        return Text("01 Jan 26", 9).Text("00:00:00", 8).Text("A label", 64).Text("", 3);
    }

    public SavBuilder Variable(string name, int width = 0, int format = 0x050802, params double[] missing)
    {
        Int(2).Int(width).Int(0).Int(missing.Length).Int(format).Int(format).Text(name, 8);
        foreach (double code in missing) Double(code);
        for (int element = 1; element < (width + 7) / 8; element++) Int(2).Int(-1).Int(0).Int(0).Int(0).Int(0).Text("", 8);
        return this;
    }

    public SavBuilder Extension(int subtype, string text) => Int(7).Int(subtype).Int(1).Int(text.Length).Text(text, text.Length);

    public SavBuilder End() => Int(999).Int(0);

    public SavBuilder Int(int value)
    {
        Span<byte> four = stackalloc byte[4];
        if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(four, value);
        else BinaryPrimitives.WriteInt32LittleEndian(four, value);
        _bytes.Write(four);
        return this;
    }

    public SavBuilder Long(long value)
    {
        Span<byte> eight = stackalloc byte[8];
        if (bigEndian) BinaryPrimitives.WriteInt64BigEndian(eight, value);
        else BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        _bytes.Write(eight);
        return this;
    }

    public SavBuilder Double(double value) => Long(BitConverter.DoubleToInt64Bits(value));

    public SavBuilder Text(string text, int length) => Raw(Encoding.Latin1.GetBytes(text.PadRight(length)));

    public SavBuilder Raw(params byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>The data in blocks of that size, compressed with zlib.</summary>
    public SavBuilder Blocks(byte[] data, int size)
    {
        long start = _bytes.Length;
        var packed = new MemoryStream();
        var entries = new List<(int Length, long At, int Packed)>();
        foreach (byte[] block in data.Chunk(size))
        {
            long at = packed.Length;
            using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(block);
            entries.Add((block.Length, start + 24 + at, (int)(packed.Length - at)));
        }
        Long(start).Long(start + 24 + packed.Length).Long(24 + 24L * entries.Count).Raw(packed.ToArray());
        Long(-100).Long(0).Int(size).Int(entries.Count);
        long unpacked = start;
        foreach ((int length, long at, int bytes) in entries)
        {
            Long(unpacked).Long(at).Int(length).Int(bytes);
            unpacked += length;
        }
        return this;
    }

    public byte[] Build() => _bytes.ToArray();
}
