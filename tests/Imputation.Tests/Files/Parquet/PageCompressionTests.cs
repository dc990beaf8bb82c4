using Imputation.Files;
using Imputation.Parquet.Storage;
using K4os.Compression.LZ4;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Pages come out of their compression as long as their headers say, or not at all.</summary>
public class PageCompressionTests
{
    private static readonly byte[] s_data = [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * i % 251 / 3))];

    public static TheoryData<string> Codecs =>
        [.. Enum.GetNames<PageCodec>().Except([nameof(PageCodec.None), nameof(PageCodec.Lzo), nameof(PageCodec.Lz4Hadoop)])];

    [Theory, MemberData(nameof(Codecs))]
    public void APage_ComesBackAsItWas(string name)
    {
        foreach (int length in (int[])[1, 2, 63, 64, 65, 1000, s_data.Length])
        {
            byte[] data = s_data[..length];
            Assert.Equal(data, Unfold(name, Fold(name, data), length).ToArray());
        }
    }

    [Theory, MemberData(nameof(Codecs))]
    public void AnotherLengthThanTheHeaders_IsRefused(string name)
    {
        byte[] page = Fold(name, s_data);
        foreach (int length in (int[])[0, 1, s_data.Length - 1, s_data.Length + 1, 2 * s_data.Length])
            Assert.Throws<ParquetException>(() => Unfold(name, page, length));
    }

    [Theory, MemberData(nameof(Codecs))]
    public void DamagedPages_AreRefusedOrHaveTheirLength(string name)
    {
        byte[] page = Fold(name, s_data);
        for (int length = 0; length < page.Length; length += Math.Max(1, page.Length / 200)) Refused(page[..length]);
        for (int i = 0; i < 500; i++)
        {
            var random = new Random(i);
            var damaged = (byte[])page.Clone();
            for (int n = random.Next(4); n >= 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Refused(damaged);
        }

        void Refused(byte[] damaged)
        {
            try
            {
                Assert.Equal(s_data.Length, Unfold(name, damaged, s_data.Length).Length);
            }
            catch (Exception e) when (e is ParquetException or InvalidDataException)
            {
                // As it should be; what the framework's decoders throw, the reader of the file turns into the same.
            }
        }
    }

    [Theory, MemberData(nameof(Codecs))]
    public void ALengthBeyondWhatThePageJustifies_IsRefusedBeforeRoomIsMade(string name)
    {
        byte[] page = Fold(name, s_data[..1000]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("cannot decompress to", Assert.Throws<ParquetException>(() => Unfold(name, page, int.MaxValue)).Message);
        var little = new UnfoldingBudget(999);
        var beyond = Assert.Throws<ParquetException>(() => Decompression.Unfold(Enum.Parse<PageCodec>(name), page, 1000, 1, little));
        Assert.Contains("in total", beyond.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void ASnappyPage_WhoseOwnLengthIsAnother_IsRefusedBeforeRoomIsMade()
    {
        byte[] page = [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0, 0]; // 2^31 - 1 bytes
        Assert.Contains("2147483647", Assert.Throws<ParquetException>(() => Unfold(nameof(PageCodec.Snappy), page, 1000)).Message);
    }

    /// <summary>A frame may be followed by others, and by some that are to be skipped.</summary>
    [Fact]
    public void ZstdFrames_AddUp()
    {
        byte[] one = Fold(nameof(PageCodec.Zstd), s_data), skipped = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        Assert.Equal([.. s_data, .. s_data], Unfold(nameof(PageCodec.Zstd), [.. one, .. skipped, .. one], 2 * s_data.Length).ToArray());
    }

    private static ReadOnlyMemory<byte> Unfold(string name, byte[] page, int length) =>
        Decompression.Unfold(Enum.Parse<PageCodec>(name), page, length, 1000, null);

    private static byte[] Fold(string name, byte[] data)
    {
        switch (Enum.Parse<PageCodec>(name))
        {
            case PageCodec.Lz4Raw: // which is read and not written
                var lz4 = new byte[LZ4Codec.MaximumOutputSize(data.Length)];
                return lz4[..LZ4Codec.Encode(data, lz4)];
            case PageCodec.Brotli:
                var stream = new MemoryStream();
                using (var brotli = new System.IO.Compression.BrotliStream(stream, System.IO.Compression.CompressionLevel.Optimal))
                    brotli.Write(data);
                return stream.ToArray();
            case var codec:
                return Compression.Fold(codec, data).ToArray();
        }
    }

    /// <summary>Every compression that can be chosen is another codec, in the file's metadata too.</summary>
    [Fact]
    public void EveryChoice_IsACodecOfItsOwn() =>
        Assert.Equal([PageCodec.Snappy, PageCodec.Gzip, PageCodec.Zstd, PageCodec.None],
            Enum.GetValues<TableCompression>().Select(Compression.Codec));
}
