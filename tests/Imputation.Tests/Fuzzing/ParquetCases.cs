using Imputation.Files;
using Imputation.Tests.Files.Parquet;

namespace Imputation.Tests.Fuzzing;

/// <summary>Damaged Parquet files: samples of several writers, and what the toolkit's engines write.</summary>
internal static class ParquetCases
{
    /// <summary>Larger ones would take the time of many small ones.</summary>
    private const int LargestFile = 40_000;

    private static readonly TableCompression[] s_compressions = Enum.GetValues<TableCompression>();

    private static readonly byte[][] s_samples = [.. ParquetFiles.Samples.Concat(ParquetFiles.Shared("conformance"))
        .Select(File.ReadAllBytes).Where(file => file.Length < LargestFile)];

    public static FuzzCase Create(int seed)
    {
        var random = new Random(seed);
        byte[] file = random.Next(3) > 0 ? s_samples[random.Next(s_samples.Length)]
            : ((Engine)random.Next(2)).Bytes(RandomTables.Numbers(random), s_compressions[random.Next(s_compressions.Length)]);
        var bytes = new List<byte>(file);
        for (int n = random.Next(1, 5); n > 0; n--) Mutate(random, bytes);
        string completed = random.Next(3) == 0 ? "done.csv" : "done.parquet";
        string[] engine = random.Next(3) == 0 ? ["--parquet-engine", "parquet.net"] : [];
        string[] arguments = random.Next(10) == 0
            ? ["fit", "in/table.parquet", "--out", "out/model.json", "--threads", "1", .. engine]
            : ["fill", "in/table.parquet", "--out", $"out/{completed}", "--threads", "1", .. engine, .. FuzzOptions.Fill(random),
                .. FuzzOptions.Files(random)];
        return new FuzzCase(FuzzKind.Parquet, seed, new Dictionary<string, byte[]> { ["table.parquet"] = [.. bytes] }, arguments)
        {
            Table = "table.parquet",
            Completed = arguments[0] == "fill" ? completed : null,
        };
    }

    /// <summary>In the pages, in the footer's metadata, or in the footer's length.</summary>
    private static void Mutate(Random random, List<byte> bytes)
    {
        if (bytes.Count < 12) return;
        int footer = Math.Clamp(bytes.Count - 8 - BitConverter.ToInt32([.. bytes.GetRange(bytes.Count - 8, 4)]), 0, bytes.Count - 9);
        switch (random.Next(12))
        {
            case 0:
                bytes[bytes.Count - 8 + random.Next(8)] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(random.Next(bytes.Count), 1);
                break;
            case < 7:
                Keep(bytes, inner => ByteMutator.Mutate(random, inner, Math.Min(footer, inner.Count - 1)));
                break;
            default:
                ByteMutator.Mutate(random, bytes);
                break;
        }
    }

    /// <summary>A change of the footer with its length put right, so that the change itself is read.</summary>
    private static void Keep(List<byte> bytes, Action<List<byte>> change)
    {
        int before = bytes.Count, length = BitConverter.ToInt32([.. bytes.GetRange(before - 8, 4)]);
        List<byte> inner = bytes.GetRange(0, before - 8);
        change(inner);
        bytes.RemoveRange(0, before - 8);
        bytes.InsertRange(0, inner);
        byte[] right = BitConverter.GetBytes(length + bytes.Count - before);
        for (int i = 0; i < 4; i++) bytes[bytes.Count - 8 + i] = right[i];
    }
}
