using Imputation.Tests.Fuzzing;

namespace Imputation.Tests.Files.Spss;

/// <summary>Damaged files give a correct read or one exception type, in little memory and time.</summary>
public class SpssDamageTests
{
    private static readonly int s_cases = DamagedReading.Cases(1000);

    /// <summary>The samples take at most a seventh of it.</summary>
    private const long MostBytes = 1L << 20;

    [Fact]
    public void AMutatedFile_IsReadOrRefused_AndTakesNoRoomItDoesNotNeed()
    {
        byte[][] files = [.. SpssFiles.All.Select(row => SpssFiles.Bytes((string)row[0]))];
        int refused = 0;
        long most = 0;
        for (int i = 0; i < s_cases; i++)
        {
            var random = new Random(i);
            byte[] file = files[random.Next(files.Length)], mutated = Mutate(random, file);
            try
            {
                most = Math.Max(most, DamagedReading.InTime($"case {i}", () =>
                {
                    Table table = SpssFiles.Read(mutated);
                    if (i % 4 != 0) return;
                    byte[] written = SpssFiles.Written(table);
                    if (!written.AsSpan().SequenceEqual(mutated)) throw new InvalidDataException("written back otherwise than read");
                }));
            }
            catch (ImputationDataException e)
            {
                Assert.Contains("test.sav", e.Message);
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i}: {e}");
            }
            Assert.True(most < MostBytes, $"case {i}: {most:N0} bytes allocated for a file of {mutated.Length}");
        }
        // Damage of names, labels, values and widths of columns on a screen cannot be seen.
        Assert.InRange(refused, s_cases / 5, s_cases);
        Console.WriteLine($"{s_cases} mutated SPSS files: {refused} refused, at most {most:N0} bytes allocated for one.");
    }

    [Theory]
    [InlineData("haven-byte.sav")]
    [InlineData("haven-zlib.zsav")]
    [InlineData("pspp-none.sav")]
    public void EveryTruncation_IsRefused(string name)
    {
        byte[] file = SpssFiles.Bytes(name);
        // The last bytes of bytecode are the mark of its end, which need not be there, and the eight commands it is in.
        int end = name == "haven-byte.sav" ? file.Length - 8 : file.Length;
        for (int length = 0; length < end; length++)
        {
            byte[] part = file[..length];
            var refused = Assert.Throws<ImputationDataException>(
                () => DamagedReading.InTime($"{length} bytes", () => SpssFiles.Read(part)));
            Assert.Contains("test.sav", refused.Message);
        }
    }

    public static TheoryData<string, byte[], string> Impossible
    {
        get
        {
            SavBuilder Header(int compression = 0, int cases = -1, int weight = 0) => new SavBuilder(compression: compression, cases: cases,
                weight: weight).Header();
            SavBuilder One(int compression = 0, int cases = -1) => Header(compression, cases).Variable("x").End();
            return new()
            {
                { "nothing", [], "empty" },
                { "another format", "id,x\n1,2\n"u8.ToArray(), "$FL2" },
                { "three bytes", "$FL"u8.ToArray(), "truncated" },
                { "no byte order", [.. Header().Build()[..64], 9, 9, 9, 9, .. new byte[200]], "09090909" },
                { "compression 7", Header(compression: 7).Variable("x").End().Build(), "compression is 7" },
                { "no variables", Header().End().Build(), "no variables" },
                { "a record of type 77", Header().Variable("x").Int(77).Build(), "type 77" },
                { "a variable of type 300", Header().Int(2).Int(300).Int(0).Int(0).Int(0).Int(0).Text("x", 8).End().Build(), "type 300" },
                { "a label of 2 GB", Header().Int(2).Int(0).Int(1).Int(0).Int(0).Int(0).Text("x", 8).Int(int.MaxValue).Build(), "label" },
                { "a label of -1", Header().Int(2).Int(0).Int(1).Int(0).Int(0).Int(0).Text("x", 8).Int(-1).Build(), "length of -1" },
                { "50 missing values", Header().Int(2).Int(0).Int(0).Int(50).Int(0).Int(0).Text("x", 8).Build(), "50 missing values" },
                { "half a string", Header().Int(2).Int(20).Int(0).Int(0).Int(0).Int(0).Text("s", 8).End().Build(),
                    "20 bytes has 1 elements" },
                { "a string too long", Header().Variable("s", 8).Int(2).Int(-1).Int(0).Int(0).Int(0).Int(0).Text("", 8).End().Build(),
                    "continues" },
                { "weights nowhere", Header(weight: 5).Variable("x").End().Build(), "element 5" },
                { "labels nowhere", Header().Variable("x").Int(3).Int(0).Int(4).Int(1).Int(9).End().Build(), "element 9" },
                { "two billion labels", Header().Variable("x").Int(3).Int(int.MaxValue).Text("", 64).Build(), "truncated" },
                { "two billion documents", Header().Variable("x").Int(6).Int(int.MaxValue).Text("", 64).Build(), "document" },
                { "an extension of 2^62 bytes", Header().Variable("x").Int(7).Int(99).Int(int.MaxValue).Int(int.MaxValue).Build(),
                    "subtype 99" },
                { "one name twice", Header().Variable("x").Variable("x").End().Build(), "two variables" },
                { "no name", Header().Variable("").End().Build(), "no name" },
                { "segments that are not there", Header().Variable("s", 255).Extension(14, "S=600\0\t").Extension(13, "s=S").End().Build(),
                    "segment" },
                { "two billion cases", One(cases: int.MaxValue).Double(1).Build(), "2147483647 cases" },
                { "fewer cases than stated", One(1, 3).Raw(101, 102, 252, 0, 0, 0, 0, 0).Build(), "case 3 of 3" },
                { "more cases than stated", One(0, 1).Double(1).Double(2).Build(), "the data have more" },
                { "a number that is cut off", One(1).Raw(101, 253, 0, 0, 0, 0, 0, 0).Raw(1, 2, 3).Build(), "case 2" },
                { "a string that is system-missing", Header(1).Variable("s", 4).End().Raw(255, 0, 0, 0, 0, 0, 0, 0).Build(), "row 1" },
                { "blocks outside the file", One(2).Long(0).Long(1L << 60).Long(48).Build(), "compressed blocks" },
                { "a block of nothing but claims", One(2).Long(0).Long(240).Long(48).Long(0).Long(0).Int(1 << 20).Int(1).Long(0).Long(240)
                    .Int(1 << 20).Int(0).Build(), "block" },
            };
        }
    }

    [Theory, MemberData(nameof(Impossible))]
    public void WhatCannotBe_IsRefusedByName(string what, byte[] file, string says)
    {
        long allocated = 0;
        string message = Assert.Throws<ImputationDataException>(
            () => allocated = DamagedReading.InTime(what, () => SpssFiles.Read(file))).Message;
        Assert.StartsWith("test.sav: ", message);
        Assert.Contains(says, message);
    }

    [Fact]
    public void BlocksThatShareTheirBytes_AreRefused()
    {
        byte[] data = new byte[8000];
        byte[] file = new SavBuilder(compression: 2).Header("$FL3").Variable("x").End().Blocks(data, 4000).Build();
        Assert.Equal(0, SpssFiles.Read(file).RowCount);
        // The second block where the first is: any number of blocks from a few bytes.
        file.AsSpan(file.Length - 48 + 8, 8).CopyTo(file.AsSpan(file.Length - 24 + 8));
        Assert.Contains("block 2 of 2", Assert.Throws<ImputationDataException>(() => SpssFiles.Read(file)).Message);
    }

    /// <summary>A few bytes changed, most of them in the dictionary; bytes taken out or put in; bits turned; integers made large.</summary>
    private static byte[] Mutate(Random random, byte[] file)
    {
        var bytes = new List<byte>(file);
        for (int n = 1 + random.Next(4); n > 0; n--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
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
                    bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at));
                    break;
                case 5 when at >= 4:
                    byte[] large = BitConverter.GetBytes(random.Next(2) == 0 ? int.MaxValue - random.Next(9) : -random.Next(9));
                    for (int k = 0; k < 4; k++) bytes[at / 4 * 4 - 4 + k] = large[k];
                    break;
                default:
                    bytes[at]++;
                    break;
            }
        }
        return [.. bytes];
    }
}
