using System.Globalization;
using System.Text;
using Imputation.Files;
using Imputation.Files.Formats;

namespace Imputation.Tests.Files;

/// <summary>A file is read in pieces, by several threads, from memory or again from disk; none of this may show.</summary>
public sealed class CsvPiecesTests : IDisposable
{
    private static readonly CsvStorage InOnePiece = new() { LargestKept = long.MaxValue, Threads = 1 };

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"impute-test-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_path);

    /// <summary>All that a reader can see of a table, and what comes back of it; or the message.</summary>
    private string Account(byte[] file, CsvStorage storage, TableReadOptions? options = null)
    {
        File.WriteAllBytes(_path, file);
        try
        {
            Table table = CsvTable.Read(_path, (options ?? TableReadOptions.Default) with { Storage = storage });
            var account = new StringBuilder(ModelSource.Of(table)!.Sha256);
            foreach (Column column in table.Columns)
            {
                account.Append(CultureInfo.InvariantCulture, $"\n{column.Name} {column.Kind} {string.Join('|', column.Mask.Origins)}");
                for (int row = 0; row < column.Count; row++)
                    account.Append(CultureInfo.InvariantCulture, $"\n{column.Value(row)} {column.Mask.Origin(row)}");
            }
            return $"{account}\n{Convert.ToHexString(Csv.Bytes(table))}\n{Convert.ToHexString(Csv.Bytes(Csv.Fill(table, 0.125)))}";
        }
        catch (ImputationDataException e)
        {
            return $"{e.Row} {e.Column} {e.Message}";
        }
    }

    private void AssertPiecesDoNotShow(byte[] file, IEnumerable<int> lengths, TableReadOptions? options = null)
    {
        string expected = Account(file, InOnePiece, options);
        foreach (int length in lengths)
            foreach (long kept in (long[])[0, long.MaxValue])
                Assert.Equal(expected, Account(file, new CsvStorage
                {
                    PieceLength = length,
                    LeastHeaders = 0,
                    LargestKept = kept,
                    Threads = 1 + length % 3
                }, options));
    }

    public static TheoryData<string> Files => new(((IEnumerable<object[]>)CsvIdentityTests.OddFiles).Select(row => (string)row[0])
        .Concat((string[])
    [
        "a,b\r\n1.50,NA\r\n+3,1e3\r\n,2\r\n",
        "a,b\rNA,1\r\r2,NA\r",
        "a,b\n\"1\r\n2\",NA\n\r\n3,\"\"\n",
        "a;b;c\n\"x\ny\";?;1\n\n\"\"\"\";2;.\n",
        "a\n1\n\n\n3\n \n",
        "a\r\n1\r\n\r\n3",
        "a\tb\n1\t2\n\t3\n\t\n4\t5",
        "a,b\n1,2\n 3,4\n\t5,6\n",
        "a,b\n\uFEFF1,2\n\uFEFF,3\nNA,4\n",
        "\uFEFF\na,b\n1,NA\n2,3\n",
        "\uFEFF\uFEFF\na,b\n1,NA\n2,3\n",
        "sep=;\na;b\n1;NA\n2;3\n",
        "sep=;\r\na;b\r\nNA;1\r\n2;3",
        "a,b\n1,2\n3\n4,5\n6\n",
        "a,b,c\n1\n2\n3\n4\n5\n",
        "a,b\n1,2\n3,\"4\n5,6\n",
        "a,b\n1,2\n\"x\"y,3\n4,5\n",
        "a,b\n1,u\n2,v\n3,1\n4,2\n5,3\n6,w\n7,4\n8,5\n9,x\n1,6\n2,7\n3,y\n4,8\n5,z\n6,9\n",
        "a,b\n1,1\n2,2\n3,inf\n4,4\n5,-inf\n",
        "a,b\n01,1\n02,2\n03,3\n",
        "a,b\n5,1\n05,2\n7,3.5\n8,4\n",
        "t,n\nx,1\ny,NA\nx,2\n\"NA\",3\n,4\nNA,5\n",
        "größe,b\nä,1\nöü,NA\n",
    ]));

    [Theory]
    [MemberData(nameof(Files))]
    public void AFile_IsTheSame_WhereverItIsCut(string text)
    {
        byte[] file = Encoding.UTF8.GetBytes(text);
        AssertPiecesDoNotShow(file, Enumerable.Range(1, file.Length + 1));
    }

    [Fact]
    public void BytesThatAreNotUtf8_AreFound_InWhicheverPieceTheyAre() =>
        AssertPiecesDoNotShow(Encoding.Latin1.GetBytes("größe,ort\n1,Ulm\nNA,Bonn\n2,Ulm\n3,Köln\n"), Enumerable.Range(1, 40));

    [Fact]
    public void WhatLooksLikeAByteOrderMark_IsText_WhereverItIsCut()
    {
        foreach (byte[] mark in (byte[][])[[0xFF, 0xFE], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF], [0xFF, 0xFE, 0, 0]])
            AssertPiecesDoNotShow([.. "a,b\n1,2\n"u8, .. mark, .. ",3\nNA,4\n"u8], Enumerable.Range(1, 24));
    }

    [Fact]
    public void SpellingsOfMissing_KeepTheirOrder_AndMoreThan255ShareTheLast()
    {
        var random = new Random(3);
        foreach (int count in (int[])[3, 200, 400])
        {
            string[] codes = [.. Enumerable.Range(1000, count).Select(k => k.ToString(CultureInfo.InvariantCulture))];
            var text = new StringBuilder("a,b\n5,1\n");
            for (int row = 0; row < 2000; row++) text.Append(CultureInfo.InvariantCulture, $"{codes[random.Next(count)]},1\n");
            AssertPiecesDoNotShow(Encoding.UTF8.GetBytes(text.ToString()), [50, 3000, 5000],
                new TableReadOptions { MissingMarkers = codes });
        }
    }

    [Fact]
    public void AnyText_IsReadOrRefused_AsInOnePiece()
    {
        var random = new Random(32);
        string[] parts = [",", ",", ",", "\n", "\n", "\n", "\r\n", "\r", "\"", "\"\"", " ", "\t", "NA", "1", "2.5", "-3e2", "x", "\"NA\"",
            "\"a\nb\"", "é", "\uFEFF", "0", "Inf"];
        for (int round = 0; round < 1500; round++)
        {
            string header = random.Next(4) switch { 0 => "a\n", 1 => "", _ => "a,b\n" };
            string[] row = ["1,2\n", "NA,3\n", "4,\n", "x,5\n"];
            string text = header + string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => random.Next(3) == 0
                ? parts[random.Next(parts.Length)] : row[random.Next(row.Length)]));
            AssertPiecesDoNotShow(Encoding.UTF8.GetBytes(text), [random.Next(1, 12)]);
        }
    }

    [Theory]
    [InlineData("a,b\n1,NA\n2,3\n", "a,b\n1,NA\n2,4\n")]
    [InlineData("a,b\n1,NA\n2,3\n", "a,b\n1,NA\n2,3\n5,6\n")]
    [InlineData("a,b\n1,NA\n2,3\n", "a,b\n1,NA\n")]
    [InlineData("a,b\n1,NA\n2,3\n", "A,b\n1,NA\n2,3\n")]
    [InlineData("a,b\n1,NA\n2,3\n", "")]
    [InlineData("a,b\n1,NA\n2,3\n", null)]
    public void AFileThatChangedAfterItWasRead_IsToldByName_AndNothingIsWritten(string before, string? after)
    {
        string output = _path + ".out";
        File.WriteAllText(_path, before);
        Table table = CsvTable.Read(_path, new TableReadOptions { Storage = new CsvStorage { LargestKept = 0 } });
        if (after is null) File.Delete(_path);
        else File.WriteAllText(_path, after);
        Assert.Contains(_path, Assert.Throws<InputException>(() => CsvTable.Write(output, Csv.Fill(table, 7.5))).Message);
        Assert.Contains(_path, Assert.Throws<InputException>(() => ModelSource.Of(table)).Message);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void AFileThatWasOnlyWrittenAgain_IsTheSame()
    {
        File.WriteAllText(_path, "a,b\n1,NA\n2,3\n");
        Table table = CsvTable.Read(_path, new TableReadOptions { Storage = new CsvStorage { LargestKept = 0 } });
        File.WriteAllText(_path, "a,b\n1,NA\n2,3\n");
        Assert.Equal("a,b\n1,7.5\n2,3\n", Csv.Text(Csv.Fill(table, 7.5)));
    }

    [Fact]
    public void ASmallFile_IsKept_WhateverBecomesOfIt()
    {
        File.WriteAllText(_path, "a,b\n1,NA\n2,3\n");
        Table table = CsvTable.Read(_path);
        File.Delete(_path);
        Assert.Equal("a,b\n1,7.5\n2,3\n", Csv.Text(Csv.Fill(table, 7.5)));
    }
}
