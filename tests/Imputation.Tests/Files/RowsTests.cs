using System.IO.Compression;
using System.Text;
using Imputation.Files;
using Imputation.Files.Csv;
using Imputation.Files.Formats;
using Imputation.Files.Parts;

namespace Imputation.Tests.Files;

/// <summary>Rows of files in batches, and several files as one table.</summary>
public sealed class RowsTests : IDisposable
{
    private static readonly TableFormats s_formats = new(new CsvFormat());

    private readonly string _folder = Directory.CreateTempSubdirectory("impute-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Files => new(((IEnumerable<object[]>)CsvIdentityTests.OddFiles).Select(row => (string)row[0])
        .Concat((string[])["a,b\r\n1.50,NA\r\n+3,1e3\r\n,2\r\n", "a,b\n\"1\r\n2\",NA\n\r\n3,\"\"\n", "a,b\n1,NA\n2,3\n3,?\n4,.\n5,6",
            .. LateNews]));

    /// <summary>Files whose later rows change what a column is.</summary>
    private static string[] LateNews =>
    [
        "a,zip\n1,10001\n2,20002\n3,01234\n4,30003\n",            // identifiers because of a late zero
        "a,c\n1,007\n2,008\n3,1234\n4,55\n5,66\n6,77\n7,88\n",    // numbers, since few have zeros
        "a,t\n1,x\n2,y\n3,5\n4,6\n5,7\n6,8\n",                    // refused: mostly numbers
        "a,n\n1,5\n2,x\n3,y\n4,z\n",                              // text, since few are numbers
        "a,e\n1,\n2,\n3,abc\n4,d\n",                              // empty at first
        "a,i\n1,1\n2,2\n3,2.5\n4,NA\n",                           // whole at first
        "a,b\n1,9007199254740993\n2,2\n3,3\n",                     // identifiers because of the first
        "a,v\n1,\"1,822\"\n2,\"1,234,567\"\n3,5\n",              // separators of thousands because of the second
        "a,v\n1,5\n2,1822\n3,\"1,234,567\"\n",                   // refused: not all have them
        "a,b,\n1,2,\n3,4,9\n5,6,\n",                              // a column without a name that has a value
    ];

    /// <summary>Whatever the batches, the numbers and what is written are those of the whole file.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Batches_AreTheFile(string text)
    {
        string path = Write("t.csv", text);
        Table whole;
        try
        {
            whole = CsvTable.Read(path);
        }
        catch (ImputationDataException refused)
        {
            Assert.Equal(refused.Message, Assert.Throws<ImputationDataException>(() => Open(path, 1, CsvStorage.Default)).Message);
            return;
        }
        foreach (int rows in (int[])[1, 2, 1000])
        {
            using CsvRows batches = Open(path, rows * whole.Columns.Count, new CsvStorage
            {
                PieceLength = 1,
                LeastHeaders = 0,
                LargestKept = 0
            });
            Assert.Equal(whole.RowCount, batches.RowCount);
            Table[] parts = [.. batches.Batches()];
            if (rows == 1) Assert.True(parts.Length > 1 || whole.RowCount == 1 || text.Contains('"'), $"{parts.Length} batches");
            Table joined = JoinedTable.Of(parts);
            Assert.Equal(whole.Columns.Select(c => (c.Name, c.Kind)), joined.Columns.Select(c => (c.Name, c.Kind)));
            Assert.Equal(whole.Findings.Select(f => f.Sentence), joined.Findings.Select(f => f.Sentence));
            foreach ((Column here, Column there) in joined.Columns.Zip(whole.Columns))
                for (int row = 0; row < whole.RowCount; row++)
                {
                    Assert.Equal(there.Value(row), here.Value(row));
                    Assert.Equal(there.Mask.Origin(row), here.Mask.Origin(row));
                }
            Assert.Equal(Csv.Bytes(whole), Rewritten(parts, part => part));
            Assert.Equal(Csv.Bytes(Csv.Fill(whole, 0.125)), Rewritten(batches.Batches(), part => FillLike(part)));
        }
    }

    [Fact]
    public void LateRow_ThatIsNoNumber_IsNamed_ByItsNumberInTheFile()
    {
        string path = Write("t.csv", "a,b\n" + string.Concat(Enumerable.Range(1, 50).Select(i => i == 40 ? "x,1\n" : $"{i},2\n")));
        var storage = new CsvStorage { PieceLength = 1, LeastHeaders = 0 };
        var exception = Assert.Throws<ImputationDataException>(() => Open(path, 20, storage));
        Assert.Equal(("a", 40), (exception.Column, exception.Row));
        Assert.Contains("row 40: 'x'", exception.Message, StringComparison.Ordinal);

        path = Write("t.csv", "a,b\n" + string.Concat(Enumerable.Range(1, 50).Select(i => i == 45 ? "1,2,3\n" : $"{i},2\n")));
        exception = Assert.Throws<ImputationDataException>(() => Open(path, 20, storage));
        Assert.Equal(45, exception.Row);
        Assert.Contains("row 45 (line 46)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CompressedFile_IsUnpackedAside_AndNothingIsLeft()
    {
        var text = new StringBuilder("a,b\n");
        for (int i = 0; i < 5000; i++) text.Append(i % 7 == 0 ? $"{i},NA\n" : $"{i},{i % 50}\n");
        string path = Path.Combine(_folder, "t.csv.gz"), temporary = Directory.CreateDirectory(Path.Combine(_folder, "temp")).FullName;
        using (var zip = new GZipStream(File.Create(path), CompressionMode.Compress)) zip.Write(Encoding.UTF8.GetBytes(text.ToString()));
        using (IFileRows rows = CsvRows.Open(path, TableReadOptions.Default with { Storage = new CsvStorage { LargestKept = 0 } }, 2000,
            temporary, default))
        {
            string scratch = Assert.Single(Directory.GetFiles(temporary));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch));
            Assert.Equal(5000, rows.Batches().Sum(batch => batch.RowCount));
            Assert.Equal(5000, rows.Batches().Sum(batch => batch.RowCount));
        }
        Assert.Empty(Directory.GetFiles(temporary));
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path)[..200]]);
        Assert.Throws<ImputationDataException>(() => CsvRows.Open(path, TableReadOptions.Default, 2000, temporary, default));
        Assert.Empty(Directory.GetFiles(temporary));
    }

    [Fact]
    public void Scratch_KeepsNumbers_ForItsOwnerOnly_AndIsGone()
    {
        string path;
        using (ScratchFile scratch = ScratchFile.Create(_folder, 1 << 20))
        {
            path = Assert.Single(Directory.GetFiles(_folder));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(0, scratch.Write([1, 2, 3]));
            Assert.Equal(3, scratch.Write([double.NaN, 5]));
            var read = new double[3];
            scratch.Read(2, read);
            Assert.Equal([3, double.NaN, 5], read);
            Assert.Throws<InputException>(() => scratch.Read(4, read));
        }
        Assert.False(File.Exists(path));
        var exception = Assert.Throws<OutputException>(() => ScratchFile.Create(_folder, long.MaxValue));
        Assert.Contains("--memory", exception.Message, StringComparison.Ordinal);
        Assert.Throws<OutputException>(() => ScratchFile.Create(Path.Combine(_folder, "none"), 1));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Folders_NameColumns_InTheOrderOfPaths()
    {
        Write("d/year=2025/region=N/b.csv", "x\n1\n");
        Write("d/year=2026/region=S%C3%BCd/a.csv", "x\nNA\n3\n");
        Write("d/year=2026/region=__HIVE_DEFAULT_PARTITION__/a.csv", "x\n4\n");
        Write("d/_SUCCESS", "");
        Write("d/.hidden.csv", "y\n1\n");
        IReadOnlyList<TablePart> parts = TableParts.Of([Path.Combine(_folder, "d")], s_formats);
        Table table = JoinedTable.Of(Parted(parts).Batches());
        Assert.Equal(["x", "year", "region"], table.Columns.Select(c => c.Name));
        Assert.Equal([2025.0, 2026, 2026, 2026], ((NumericColumn)table["year"]).Values.ToArray());
        Assert.Equal(["N", "Süd", "Süd", null], Enumerable.Range(0, 4).Select(i => table["region"].Value(i)));
        Assert.Equal([1, double.NaN, 3, 4], ((NumericColumn)table["x"]).Values.ToArray());
        string pattern = Path.Combine(_folder, "d", "year=*", "*", "?.csv");
        Assert.Equal(parts.Select(p => p.Path), TableParts.Of([pattern], s_formats).Select(p => p.Path));
        Assert.Equal(["year", "region"], TableParts.Of([pattern], s_formats)[0].Keys.Select(k => k.Key));

        Write("d/other/c.csv", "x\n1\n");
        Assert.Contains("other", Assert.Throws<InputException>(() => TableParts.Of([Path.Combine(_folder, "d")], s_formats)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NamesThatFitNothing_AndFilesTwice_AreRefused()
    {
        string one = Write("part-1.csv", "x\n1\n");
        Assert.False(TableParts.AreSeveral([one]));
        Assert.False(TableParts.AreSeveral(["-"]));
        Assert.True(TableParts.AreSeveral([Path.Combine(_folder, "part-*.csv")]));
        Assert.Throws<InputException>(() => TableParts.Of([Path.Combine(_folder, "q-*.csv")], s_formats));
        Assert.Throws<InputException>(() => TableParts.Of([Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName], s_formats));
        Assert.Throws<InputException>(() => TableParts.Of([one, Path.Combine(_folder, "part-*.csv")], s_formats));
        string odd = Write("odd[1]*.csv", "x\n1\n"); // a file of that very name
        Assert.Equal(odd, Assert.Single(TableParts.Of([odd], s_formats)).Path);
    }

    [Theory]
    [InlineData("x,z\n1,2\n", "lacks 'y' and has 'z'")]
    [InlineData("x,y,z\n1,2,3\n", "has 'z' besides")]
    [InlineData("y,x\n1,2\n", "another order")]
    [InlineData("x\n1\n", "lacks 'y'")]
    public void FileOfOtherColumns_IsNamed(string second, string how)
    {
        string a = Write("a.csv", "x,y\n1,2\n"), b = Write("b.csv", second);
        var exception = Assert.Throws<ImputationDataException>(() => Parted([new TablePart(a, []), new TablePart(b,
            [])]).Batches().Count());
        Assert.Contains("b.csv", exception.Message, StringComparison.Ordinal);
        Assert.Contains(how, exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Codes of a column are text in all files where they are in the first, and a text among numbers is an error of its
    /// file.</summary>
    [Fact]
    public void KindsOfColumns_AreThoseOfTheFirstFile()
    {
        string a = Write("a.csv", "x,s\n1,A1\n2,A2\n"), b = Write("b.csv", "x,s\n3,17\n4,18\n"), c = Write("c.csv", "x,s\nfive,19\n6,20\n");
        Table table = JoinedTable.Of(Parted([new TablePart(a, []), new TablePart(b, [])]).Batches());
        Assert.Equal(["A1", "A2", "17", "18"], Enumerable.Range(0, 4).Select(i => table["s"].Value(i)));
        var exception = Assert.Throws<ImputationDataException>(() => Parted([new TablePart(a, []), new TablePart(c,
            [])]).Batches().Count());
        Assert.Contains("'five'", exception.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{c}: Column 'x', row 1", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A column that may mix numbers and texts, since it is left out, is what it is in each file.</summary>
    [Fact]
    public void ColumnThatMayMix_IsWhatItIsInEachFile()
    {
        string a = Write("a.csv", "x,s\n1,\n2,\n"), b = Write("b.csv", "x,s\n3,late\n4,18\n");
        TablePart[] parts = [new(a, []), new(b, [])];
        var refused = Assert.Throws<ImputationDataException>(() => Parted(parts).Batches().Count());
        Assert.Contains("'late'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--exclude \"s\"", refused.Message, StringComparison.Ordinal);
        Table table = JoinedTable.Of(Parted(parts, TableReadOptions.Default with { MixedColumns = ["s"] }).Batches());
        Assert.Equal([null, null, "late", "18"], Enumerable.Range(0, 4).Select(i => table["s"].Value(i)));
    }

    /// <summary>One header, every observed cell as it was; a file without a line end at its end gets one before the next.</summary>
    [Fact]
    public void SeveralFiles_AreRewrittenAsOne()
    {
        string a = Write("a.csv", "x,y\n1.50,NA\n2,3"), b = Write("b.csv", "x,y\n\"7\",08.0\n,1e3\n");
        PartedRows rows = Parted([new TablePart(a, []), new TablePart(b, [])]);
        Assert.Equal("x,y\n1.50,0.125\n2,3\n\"7\",08.0\n0.125,1e3\n",
            Encoding.UTF8.GetString(Rewritten(rows.Batches(), part => Csv.Fill(part, 0.125))));
    }

    /// <summary>What was found in the files is not lost where they become one table, and said once.</summary>
    [Fact]
    public void FindingsOfAllFiles_AreThoseOfTheTable()
    {
        string a = Write("a.csv", "x,y\n1,2\n\n2,3\n"), b = Write("b.csv", "x,y\n5,6\n\n\n7,8\n"), c = Write("c.csv", "x,y\n9,1\n");
        Table table = JoinedTable.Of(Parted([.. ((string[])[a, b, c]).Select(path => new TablePart(path, []))]).Batches());
        Assert.Equal(["1 row is blank", "2 rows are blank"],
            table.Findings.Where(f => f.Code == "blank-rows").Select(f => f.Sentence.Split(',')[0]));
    }

    /// <summary>How many rows there can be at most is known before they are read, unless a file is compressed.</summary>
    [Fact]
    public void MostRowCount_IsThatOfAllFiles()
    {
        string a = Write("a.csv", "x,y\n1,2\n3,\"4\n\"\n"), b = Write("b.csv", "x,y\r\n5,6\r\n7,8"), c = Write("c.csv", "x,y\r1,2\r");
        TablePart[] parts = [new(a, []), new(b, []), new(c, [])];
        Assert.Equal([5L, 3, 3], parts.Select(part => new CsvFormat().MostRowCount(part.Path)!.Value));
        PartedRows rows = Parted(parts);
        Assert.Null(((IRowSource)rows).RowCount);
        Assert.Equal(11, rows.MostRowCount);
        Assert.InRange(rows.Batches().Sum(batch => batch.RowCount), 1, 11);
        string zipped = Path.Combine(_folder, "d.csv.gz");
        using (var zip = new GZipStream(File.Create(zipped), CompressionMode.Compress)) zip.Write("x,y\n1,2\n"u8);
        Assert.Null(Parted([.. parts, new(zipped, [])]).MostRowCount);
        string large = Write("large.csv", string.Concat(Enumerable.Repeat("x\r\n", 50_001))); // \r and \n in two readings
        Assert.Equal(50_002, new CsvFormat().MostRowCount(large));
    }

    private PartedRows Parted(IReadOnlyList<TablePart> parts, TableReadOptions? options = null)
    {
        TableReadOptions how = options ?? TableReadOptions.Default;
        return new(parts, (part, like, stop) => new CsvFormat().Rows(part.Path, how with { Like = like }, 1000, _folder, stop), how.MayMix,
            part => new CsvFormat().MostRowCount(part.Path), default);
    }

    private CsvRows Open(string path, int cells, CsvStorage storage) =>
        CsvRows.Open(path, TableReadOptions.Default with { Storage = storage }, cells, _folder, default);

    private static byte[] Rewritten(IEnumerable<Table> parts, Func<Table, Table> fill)
    {
        var stream = new MemoryStream();
        ITableAppender? appender = null;
        foreach (Table part in parts)
        {
            Table filled = fill(part);
            appender ??= new CsvFormat().Rewrite(stream, filled, TableWriteOptions.Default);
            appender.Append(filled);
        }
        appender!.Finish();
        return stream.ToArray();
    }

    private static Table FillLike(Table part)
    {
        var filled = new Dictionary<string, Column>();
        foreach (NumericColumn column in part.Columns.OfType<NumericColumn>().Where(c => c.MissingCount > 0))
            filled.Add(column.Name, column.Filled([.. Enumerable.Repeat(0.125, column.MissingCount)], ColumnKind.Number));
        return part.With(filled);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
