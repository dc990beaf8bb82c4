using System.IO.Compression;
using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Files;

public class CsvGzipTests
{
    private static byte[] Zip(string text)
    {
        var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private static string Unzip(byte[] bytes)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    [Fact]
    public void ACompressedFile_IsReadAndWritten_ByteForByte()
    {
        string folder = Directory.CreateTempSubdirectory("impute-gz-").FullName;
        try
        {
            string path = Path.Combine(folder, "in.csv.gz"), to = Path.Combine(folder, "out.CSV.GZ");
            File.WriteAllBytes(path, Zip("a,b\r\n1.50,NA\r\n+3,1e3\r\n"));
            Table table = CsvTable.Read(path);
            CsvTable.Write(to, Csv.Fill(table, 7.5));
            Assert.Equal("a,b\r\n1.50,7.5\r\n+3,1e3\r\n", Unzip(File.ReadAllBytes(to)));
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))),
                ModelSource.Of(table)!.Sha256);
            CsvTable.Write(Path.Combine(folder, "plain.csv"), table);
            Assert.Equal("a,b\r\n1.50,NA\r\n+3,1e3\r\n", File.ReadAllText(Path.Combine(folder, "plain.csv")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Tables_AreAppendedToACompressedFile()
    {
        Table table = Csv.Read("a,b\n1,2\n");
        var stream = new MemoryStream();
        ITableAppender appender = new CsvFormat().Append(stream, table, CsvTable.WriteOptions("x.tsv.gz"));
        appender.Append(table);
        appender.Append(table);
        appender.Finish();
        Assert.Equal("a\tb\n1\t2\n1\t2\n", Unzip(stream.ToArray()));
        Assert.Equal(2, Csv.Read(stream.ToArray()).RowCount);
    }

    [Fact]
    public void ADamagedFile_IsRefused() =>
        Assert.Contains("gzip",
            Assert.Throws<ImputationDataException>(() => Csv.Read([.. Zip("a\n1\n")[..10], 0xFF, 0xFF, 0xFF, 0xFF, 0, 0])).Message);

    [Fact]
    public void Extensions_AreFoundByBothParts()
    {
        var formats = new TableFormats(new CsvFormat(), new ExcelFormat());
        Assert.Equal("csv", formats.ForPath("a.b.csv.gz").Name);
        Assert.Equal("csv", formats.ForPath("A.TSV.GZ").Name);
        Assert.Equal("xlsx", formats.ForPath("a.xlsx").Name);
        Assert.False(formats.ForPath("a.xlsx").CanWrite);
        Assert.Throws<ArgumentException>(() => formats.ForPath("a.gz"));
    }
}
