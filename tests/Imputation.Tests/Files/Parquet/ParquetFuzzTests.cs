using Imputation.Tests.Fuzzing;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Damaged files give a correct read or one exception type.</summary>
public class ParquetFuzzTests
{
    private static readonly int s_cases = DamagedReading.Cases(3000);

    /// <summary>The 16 MiB that any page may unfold to, twice. Of 100,000 cases the worst took 4 MB.</summary>
    private const long MostBytes = 32L << 20;

    /// <summary>A file that Parquet.Net 6.1.0 by itself never finishes: some bytes of a small file's footer are changed.</summary>
    private const string Endless =
        "UEFSMRUAFVQVViwVEhUAFQYVBgAAKiQCAAAAEgEBAAAAAQpsAwAAAAQAAAAFAAAABgAAAAcAAAAIAAAACQAAABUAFc4BFW5SFRIVABUGFQYAAGcgIwAAAAoB" +
        "QQ4AjgEABPg/CSYE+H8JCADwEQgA/wkQCACAAQ0JPP///////yl/NDMzMzMz0z8VAhk8NQAYDWR1Y2tkYl9zY2hlbWEVBAAVAiUCGAFrJSIAFQolAhgBdgAW" +
        "EhkcGSwmABwVeRkVABkYamsVAhYSFnYWeCYIPBgECQAAABgEAQAAABYAKAQJAAAAGAQBAAAAEREAAAAmABwVChkVABkYAXYVAhYSFvIBFpIBJoABPDYCAAAA" +
        "FugCFhImCBaKAgAoKER1Y2tEQiB2ZXJzaW9uIHYxLjUuNiAoYnVpbGQgMDY5Y2M5ZjliNSkZLBwAABwAAADDAAAAUEFSMQ==";

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void AMutatedFile_IsReadOrRefused_AndTakesNoRoomItDoesNotNeed(Engine engine)
    {
        byte[][] files = [.. ParquetFiles.Samples.Concat(ParquetFiles.Shared("conformance")).Select(File.ReadAllBytes)
            .Where(f => f.Length < 100_000)];
        int refused = 0;
        long most = 0;
        for (int i = 0; i < s_cases; i++)
        {
            var random = new Random(i);
            byte[] mutated = Mutate(random, files[random.Next(files.Length)]);
            try
            {
                most = Math.Max(most, DamagedReading.InTime($"case {i}", () =>
                {
                    Table table = engine.Read(mutated);
                    if (i % 10 == 0) engine.Bytes(table);
                }));
            }
            catch (ImputationDataException e)
            {
                // What Parquet.Net cannot write it says without the file's name, which a table need not have.
                bool writing = e.Message.Contains("cannot write", StringComparison.Ordinal)
                    || e.Message.Contains("cannot be written", StringComparison.Ordinal);
                if (!writing)
                    Assert.Contains("test.parquet", e.Message);
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i}: {e}");
            }
            Assert.True(most < MostBytes, $"case {i}: {most:N0} bytes allocated for a file of {mutated.Length}");
        }
        // Most damage is found; what is not lies in pages without checksum, in statistics, in metadata nobody reads.
        Assert.InRange(refused, s_cases / 4, s_cases);
        Console.WriteLine($"{s_cases} mutated files, {engine}: {refused} refused, at most {most:N0} bytes allocated for one.");
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void EveryTruncation_IsRefused(Engine engine)
    {
        byte[] file = File.ReadAllBytes(ParquetFiles.Sample("small_hyparquet_snappy.parquet"));
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<ImputationDataException>(() => DamagedReading.InTime($"{length} bytes", () => engine.Read(file[..length])));
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void AFileThatParquetNetNeverFinishes_IsRefusedAtOnce(Engine engine) =>
        Assert.Contains("unknown physical type", Assert.Throws<ImputationDataException>(
            () => DamagedReading.InTime("endless", () => engine.Read(Convert.FromBase64String(Endless)))).Message);

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
