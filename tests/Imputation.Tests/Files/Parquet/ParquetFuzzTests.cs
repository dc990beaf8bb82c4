using System.Globalization;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Damaged files give a correct read or one exception type.</summary>
public class ParquetFuzzTests
{
    private static readonly int s_cases = int.TryParse(Environment.GetEnvironmentVariable("IMPUTATION_FUZZ_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : 3000;

    /// <summary>The 16 MiB that any page may unfold to, twice. Of 100,000 cases the worst took 4 MB.</summary>
    private const long MostBytes = 32L << 20;

    [Fact]
    public void AMutatedFile_IsReadOrRefused_AndTakesNoRoomItDoesNotNeed()
    {
        byte[][] files = [.. ParquetFiles.Samples.Concat(ParquetFiles.Shared("conformance")).Select(File.ReadAllBytes).Where(f => f.Length < 100_000)];
        int refused = 0;
        long most = 0;
        for (int i = 0; i < s_cases; i++)
        {
            var random = new Random(i);
            byte[] mutated = Mutate(random, files[random.Next(files.Length)]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Table table = Parquet.Read(mutated);
                if (i % 10 == 0) Parquet.Bytes(table);
            }
            catch (ImputationDataException e)
            {
                Assert.Contains("test.parquet", e.Message);
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i}: {e}");
            }
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(most < MostBytes, $"case {i}: {most:N0} bytes allocated for a file of {mutated.Length}");
        }
        // Most damage is found; what is not lies in pages without checksum, in statistics, in metadata nobody reads.
        Assert.InRange(refused, s_cases / 4, s_cases);
        Console.WriteLine($"{s_cases} mutated files: {refused} refused, at most {most:N0} bytes allocated for one.");
    }

    [Fact]
    public void EveryTruncation_IsRefused()
    {
        byte[] file = File.ReadAllBytes(ParquetFiles.Sample("small_hyparquet_snappy.parquet"));
        for (int length = 0; length < file.Length; length++) Assert.Throws<ImputationDataException>(() => Parquet.Read(file[..length]));
    }

    /// <summary>A few bytes changed, anywhere or in the footer; bytes taken out or put in; bits turned.</summary>
    private static byte[] Mutate(Random random, byte[] file)
    {
        var bytes = new List<byte>(file);
        int footer = Math.Max(0, bytes.Count - 8 - BitConverter.ToInt32(file, file.Length - 8));
        for (int n = 1 + random.Next(4); n > 0; n--)
        {
            int from = random.Next(2) == 0 ? footer : 0, at = from + random.Next(bytes.Count - from);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = (byte)(random.Next(2) == 0 ? 255 : 127);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at - 8 < 0 ? 0 : bytes.Count - at - 8));
                    break;
                default:
                    bytes[at]++;
                    break;
            }
            footer = Math.Min(footer, bytes.Count - 9);
        }
        return [.. bytes];
    }
}
