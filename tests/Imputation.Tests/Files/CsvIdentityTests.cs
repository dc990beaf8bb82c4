using System.Text;
using Imputation.Files;
using Imputation.Files.Csv;
using Imputation.Tests.Data;

namespace Imputation.Tests.Files;

public class CsvIdentityTests
{
    public static TheoryData<string> OddFiles => new()
    {
        "a,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4\r",
        "a,b\n1,2\n3,4",
        "a,b\r\n1,2\n3,4\r\n",
        "\uFEFFa,b\n1,2\n",
        "\uFEFF\"a\",b\n1,2\n",
        "a,b\n\"l1\nl2\",2\n\"x \"\"y\"\"\",3\n",
        "a;b\n1,5;2\n",
        "a\tb\n1.50\t+3\n",
        "a|b\n1e3|007\n",
        "sep=;\r\na;b\r\n1;2\r\n",
        " a , b \n 1 , 2 \n, NA\n",
        "a,b\n\n1,2\n\n\n3,4\n\n",
        "a\n1\n\n3\n",
        "a\n1\n\n3\n\n",
        "a\n1\n\n3",
        "\n\na,b\n1,2\n",
        "a,b\n\"\",\"NA\"\n1,2\n",
        "a,b\n5\" pipe,2\nx,3\n",
        "a,b,c\n1,NA,x\n,2,\n3,4,NA\n",
        "größe,b\nä,1\n",
        "a b\n1 2\n",
    };

    [Theory]
    [MemberData(nameof(OddFiles))]
    public void AFile_ComesBackByteForByte(string text)
    {
        var options = new TableReadOptions
        {
            Delimiter = text.StartsWith("a b", StringComparison.Ordinal) ? ' ' : null,
            DecimalComma = text.StartsWith("a;b", StringComparison.Ordinal)
        };
        Assert.Equal(text, Csv.Text(Csv.Read(text, options)));
    }

    [Theory]
    [InlineData("a,b\r\n1.50,NA\r\n+3,1e3\r\n", "a,b\r\n1.50,7.5\r\n+3,1e3\r\n")]
    [InlineData("a,b\nNA,1\n2,NA", "a,b\n7.5,1\n2,7.5")]
    [InlineData("a,b\n,1\n2,\n", "a,b\n7.5,1\n2,7.5\n")]
    [InlineData("a,b\n,\n1,2\n", "a,b\n,\n1,2\n")]
    [InlineData("a,b\nNA,\n1,2\n", "a,b\n7.5,7.5\n1,2\n")]
    [InlineData("a, b\n1, NA\n2, 3\n", "a, b\n1, 7.5\n2, 3\n")]
    [InlineData("a,b\n  ,1\n2,3\n", "a,b\n7.5,1\n2,3\n")]
    [InlineData("a,b\n\"1\",\"NA\"\n\"\",\"2\"\n", "a,b\n\"1\",\"7.5\"\n\"7.5\",\"2\"\n")]
    [InlineData("a\n1\n\n3\n", "a\n1\n7.5\n3\n")]
    [InlineData("a\n1\n\n", "a\n1\n7.5\n")]
    [InlineData("a\r\n1\r\n\r\n3", "a\r\n1\r\n7.5\r\n3")]
    [InlineData("a;b;c\n\"x\ny\";?;1\n\n\"\"\"\";2;.\n", "a;b;c\n\"x\ny\";7.5;1\n\n\"\"\"\";2;7.5\n")]
    [InlineData("\uFEFFt\tb\r\nü\t\r\nü\t1\r\n", "\uFEFFt\tb\r\nü\t7.5\r\nü\t1\r\n")]
    [InlineData("sep=|\na|b\n1|\n", "sep=|\na|b\n1|7.5\n")]
    public void OnlyMissingCells_Change(string text, string expected) => Assert.Equal(expected, Csv.Text(Csv.Fill(Csv.Read(text), 7.5)));

    [Fact]
    public void MissingCellsOfTextColumns_StayAsTheyAre() =>
        Assert.Equal("a,b\n1,NA\n7.5,\n3,x\n", Csv.Text(Csv.Fill(Csv.Read("a,b\n1,NA\nNA,\n3,x\n"), 7.5)));

    [Fact]
    public void FilledIntegers_HaveNoDecimalPoint() =>
        Assert.Equal("a,b\n1,1\n3,2\n", Csv.Text(Csv.Fill(Csv.Read("a,b\n1,1\nNA,2\n"), 3, ColumnKind.Integer)));

    [Theory]
    [InlineData("a;b\n1,5;NA\n2;3\n", "a;b\n1,5;7,5\n2;3\n")]
    [InlineData("a,b\n\"1,5\",NA\n2,3\n", "a,b\n\"1,5\",\"7,5\"\n2,3\n")]
    public void FilledNumbers_HaveTheDecimalCommaOfTheFile(string text, string expected) =>
        Assert.Equal(expected, Csv.Text(Csv.Fill(Csv.Read(text, new TableReadOptions { DecimalComma = true }), 7.5)));

    [Fact]
    public void FilledNumbers_ReadBackToTheSameBits()
    {
        foreach (double value in (double[])[0.1, 1 / 3.0, 5e-324, double.MaxValue, -1.2345678901234567e-300, 1e22, 123456789.123456789])
            Assert.Equal(value, ((NumericColumn)Csv.Read(Csv.Bytes(Csv.Fill(Csv.Read("a,b\n1.5,1\nNA,2\n"), value)))["a"]).Values[1]);
    }

    public static TheoryData<Encoding> WideEncodings => new() { new UnicodeEncoding(false, true), new UnicodeEncoding(true, true),
        new UTF32Encoding(false, true) };

    [Theory]
    [MemberData(nameof(WideEncodings))]
    public void WideText_ComesBackInItsEncoding(Encoding encoding)
    {
        byte[] In(string text) => [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        Table table = Csv.Read(In("größe,Ж\r\nä😀,NA\r\nö,2\r\n"));
        Assert.Equal(["größe", "Ж"], table.Columns.Select(c => c.Name));
        Assert.Equal(In("größe,Ж\r\nä😀,7.5\r\nö,2\r\n"), Csv.Bytes(Csv.Fill(table, 7.5)));
    }

    [Fact]
    public void Latin1Bytes_PassThrough()
    {
        Table table = Csv.Read(Encoding.Latin1.GetBytes("größe,ort\n1,Köln\nNA,Ulm\n"));
        Assert.Equal("größe", table.Columns[0].Name);
        Assert.Equal("Köln", table["ort"].Value(0));
        Assert.Equal(Encoding.Latin1.GetBytes("größe,ort\n1,Köln\n7.5,Ulm\n"), Csv.Bytes(Csv.Fill(table, 7.5)));
    }

    [Theory]
    [InlineData(65)]
    [InlineData(200)]
    public void ManyColumns_ComeBack(int count)
    {
        string header = string.Join(',', Enumerable.Range(0, count).Select(j => $"v{j}"));
        string Row(string missing) => string.Join(',', Enumerable.Range(0, count).Select(j => j % 7 == 3 ? missing : $"{j}.50"));
        string Text(string missing) => $"{header}\n{Row("1")}\n{Row(missing)}\n";
        Assert.Equal(Text("7.5"), Csv.Text(Csv.Fill(Csv.Read(Text("NA")), 7.5)));
    }

    [Fact]
    public void LongFields_ComeBack()
    {
        string longText = new string('x', 300_000) + "\n" + new string('y', 300_000);
        Table table = Csv.Read($"a,b\n\"{longText}\",NA\nz,1\n");
        Assert.Equal(longText, table["a"].Value(0));
        Assert.Equal($"a,b\n\"{longText}\",7.5\nz,1\n", Csv.Text(Csv.Fill(table, 7.5)));
    }

    [Fact]
    public void ATableFilledTwice_ComesBackWithBothFillings()
    {
        Table table = Csv.Read("a,b\nNA,1\n2,3\nNA,4\n");
        var first = (NumericColumn)table["a"];
        NumericColumn second = first.FilledFrom([5, 2, double.NaN], ColumnKind.Number);
        NumericColumn third = second.FilledFrom([5, 2, 6], ColumnKind.Number);
        Assert.Equal("a,b\n5,1\n2,3\n6,4\n", Csv.Text(table.With(new Dictionary<string, Column> { ["a"] = third })));
    }

    [Fact]
    public void ATableWithOtherColumns_IsWrittenFromItsValues_NotFromTheFile()
    {
        Table table = Csv.Read("a,b\n1.50,2\n");
        var other = new Table([NumericColumn.Number("a", [9.5]), table["b"]], table.Source);
        Assert.Equal("a,b\n9.5,2\n", Csv.Text(other));
        Assert.Equal("b,a\n2,1.5\n", Csv.Text(new Table([table["b"], table["a"]], table.Source)));
    }

    [Fact]
    public void EverySharedShapeOfRecord_IsFoundAgain_AtRandom()
    {
        var random = new Random(20);
        string[] cells = ["1", "2.50", "NA", "", " 3 ", "\"4\"", "\"NA\"", "\"\"", "-1e-3", ".5", " NA", "?"];
        for (int round = 0; round < 300; round++)
        {
            int width = random.Next(1, 6);
            string newline = random.Next(2) == 0 ? "\n" : "\r\n";
            char delimiter = ",;\t|"[random.Next(4)];
            var before = new StringBuilder(string.Join(delimiter, Enumerable.Range(0, width).Select(j => $"c{j}")));
            before.Append(newline).AppendJoin(delimiter, Enumerable.Repeat("0.5", width));
            var after = new StringBuilder(before.ToString());
            for (int left = random.Next(1, 8); left > 0; left--)
            {
                before.Append(newline);
                after.Append(newline);
                string[] row = [.. Enumerable.Range(0, width).Select(_ => cells[random.Next(cells.Length)])];
                bool blank = width > 1 && row.All(cell => cell.Trim().Trim('"').Length == 0);    // stays so
                for (int j = 0; j < width; j++)
                {
                    string cell = row[j];
                    string mark = cell.Trim().Trim('"');
                    bool missing = !blank && (mark is "" or "NA" or "?");
                    before.Append(j > 0 ? delimiter : "").Append(cell);
                    after.Append(j > 0 ? delimiter : "").Append(!missing ? cell : cell is "\"\"" ? "\"7.25\"" : mark == "" ? "7.25"
                        : cell.Replace(mark, "7.25"));
                }
            }
            before.Append(newline);
            after.Append(newline);
            Assert.Equal(after.ToString(), Csv.Text(Csv.Fill(Csv.Read(before.ToString(), new TableReadOptions { Delimiter = delimiter }),
                7.25)));
        }
    }

    [Fact]
    public void AnyText_IsRefusedByMessage_OrFilledAndReadBackTheSame()
    {
        var random = new Random(31);
        string[] pieces = [",", ",", ",", "\n", "\n", "\r\n", "\r", "\"", "\"", "\"\"", " ", "\t", ";", "|", "NA", "1", "2.5", "-3e2", "x",
            "y z", "\"NA\"", "\"a\nb\"", "é", "\uFEFF", "sep=;", "0", "\0", "Inf"];
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string header = random.Next(3) switch { 0 => "a,b\n", 1 => "a\n", _ => "" };
            string text = header + string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)]));
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Table table;
            try
            {
                table = Csv.Read(bytes);
            }
            catch (ImputationDataException)
            {
                continue;
            }
            read++;
            Assert.Equal(bytes, Csv.Bytes(table));
            Table filled = Csv.Fill(table, 0.125);
            Table back = Csv.Read(Csv.Bytes(filled), new TableReadOptions
            {
                Delimiter = Delimiter(table),
                SkipLines = Layout(table).LinesAbove,       // filled cells may make the head of such a text look otherwise
                HeaderLines = 1 + Layout(table).RecordsBelow,
                MixedColumns = [.. table.Columns.Select(c => c.Name)]
            });
            Assert.Equal(filled.Columns.Select(c => c.Name), back.Columns.Select(c => c.Name));
            foreach (Column column in filled.Columns)
                if (column is NumericColumn numeric) Assert.Equal(numeric.Values.ToArray(),
                    ((NumericColumn)back[column.Name]).Values.ToArray());
                else Assert.Equal(Enumerable.Range(0, column.Count).Select(column.Value),
                    Enumerable.Range(0, column.Count).Select(back[column.Name].Value));
        }
        Assert.True(read > 1000, $"only {read} texts were tables");

        static char Delimiter(Table table) => ((CsvSource)table.Source!).Dialect.Delimiter;
        static CsvLayout Layout(Table table) => ((CsvSource)table.Source!).Dialect.Layout;
    }
}
