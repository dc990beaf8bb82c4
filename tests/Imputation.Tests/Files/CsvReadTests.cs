using System.Globalization;
using System.Text;
using Imputation.Files;
using Imputation.Files.Csv;

namespace Imputation.Tests.Files;

public class CsvReadTests
{
    private static MissingOrigin?[] Origins(Column column) => [.. Enumerable.Range(0, column.Count).Select(column.Mask.Origin)];

    [Theory]
    [InlineData("a,b\n1,2\n", ',')]
    [InlineData("a;b\n1,5;2,5\n3,5;1\n", ';')]
    [InlineData("a\tb c, d\n1\t2\n", '\t')]
    [InlineData("a|b\n\"x;y;z\"|2\n", '|')]
    [InlineData("sep=|\na,b|c\n1|2\n", '|')]
    [InlineData("height, cm;weight, kg\n1,80;75,5\n", ';')]
    public void TheSeparator_IsDetected(string text, char delimiter)
    {
        Table table = Csv.Read(text, new TableReadOptions { DecimalComma = text.Contains(",5", StringComparison.Ordinal) });
        Assert.Equal(2, table.Columns.Count);
        Assert.Equal(2, Csv.Read(text, new TableReadOptions
        {
            Delimiter = delimiter,
            DecimalComma = text.Contains(",5", StringComparison.Ordinal)
        }).Columns.Count);
    }

    /// <summary>A quote within unquoted text harms nothing, so it does not speak against the separator by which the records are
    /// alike.</summary>
    [Fact]
    public void ALoneQuoteInText_DoesNotChangeTheSeparator()
    {
        Column column = Assert.Single(Csv.Read("x0\na\"b\nx;y\nred\n").Columns);
        Assert.Equal(["a\"b", "x;y", "red"], Enumerable.Range(0, 3).Select(column.Value));
    }

    [Fact]
    public void TheSeparator_CanBeGiven()
    {
        Assert.Equal(["a;b"], Csv.Read("a;b\n1\n", new TableReadOptions { Delimiter = ',' }).Columns.Select(c => c.Name));
        Assert.Equal(["a", "b"], Csv.Read("a^b\n1^2\n", new TableReadOptions { Delimiter = '^' }).Columns.Select(c => c.Name));
        Assert.Contains("'5'", Assert.Throws<ArgumentException>(() => Csv.Read("a\n1\n", new TableReadOptions { Delimiter = '5' }))
            .Message);
    }

    [Theory]
    [InlineData("1\n2\n-3\n+4\nNA", ColumnKind.Integer)]
    [InlineData("1\n2.0\n3", ColumnKind.Number)]
    [InlineData("1\n1e3", ColumnKind.Number)]
    [InlineData("NA\n.", ColumnKind.Number)]
    [InlineData("x\ny\n3", ColumnKind.Text)]
    [InlineData("1\nx", ColumnKind.Text)]
    [InlineData("2020-01-01\n2020-01-02", ColumnKind.Text)]
    [InlineData("20-39\n40-59", ColumnKind.Text)]
    [InlineData("01234\n98765", ColumnKind.Text)]
    [InlineData("007\n012\n1204", ColumnKind.Text)]
    [InlineData("5\n05\n117\n33", ColumnKind.Integer)]
    [InlineData("0\n0\n1", ColumnKind.Integer)]
    [InlineData("00.5\n01.5", ColumnKind.Number)]
    [InlineData("9007199254740991\n1", ColumnKind.Integer)]
    [InlineData("9007199254740993\n1", ColumnKind.Text)]
    [InlineData("9007199254740993\n1.5", ColumnKind.Number)]
    [InlineData("\"1\"\n\"2\"", ColumnKind.Integer)]
    public void TheKindOfAColumn_FollowsFromItsCells(string cells, ColumnKind kind) =>
        Assert.Equal(kind, Csv.Read("c,d\n" + string.Concat(cells.Split('\n').Select(c => $"{c},1\n")))["c"].Kind);

    [Fact]
    public void Identifiers_AreNumbers_WhereTheCallerSaysSo()
    {
        Table table = Csv.Read("zip,n\n01234,1\n98765,2\n", new TableReadOptions { NumericColumns = ["zip", "no such column"] });
        Assert.Equal([1234.0, 98765.0], ((NumericColumn)table["zip"]).Values.ToArray());
        Assert.Equal(ColumnKind.Text, Csv.Read("zip\nx\ny\n", new TableReadOptions { NumericColumns = ["zip"] })["zip"].Kind);
    }

    [Fact]
    public void Numbers_AreRoundedExactly()
    {
        string[] texts = ["0.1", "1e23", "9007199254740993.0", "2.2250738585072011e-308", "5e-324", "1.7976931348623157e308",
            "0.30000000000000004", "123456789012345678901234567890.5", "-0.0", "1e-400"];
        ReadOnlySpan<double> values = ((NumericColumn)Csv.Read("a\n" + string.Join('\n', texts))["a"]).Values;
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(texts[i], CultureInfo.InvariantCulture)),
                BitConverter.DoubleToInt64Bits(values[i]));
    }

    [Fact]
    public void PlainNumbers_AreReadAsTheParserForAllNumbersReadsThem()
    {
        var random = new Random(8);
        for (int k = 0; k < 20_000; k++)
        {
            string digits = string.Concat(Enumerable.Range(0, random.Next(1, 21)).Select(_ => (char)('0' + random.Next(10))));
            string text = random.Next(3) switch { 0 => "-", 1 => "+", _ => "" } + digits.Insert(random.Next(digits.Length + 1),
                random.Next(4) == 0 ? "" : ".");
            double expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (CsvNumber.TryParsePlain(Encoding.ASCII.GetBytes(text), (byte)'.', out double value, out CsvShape shape))
            {
                Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
                Assert.Equal(text.Contains('.') ? CsvShape.Real : CsvShape.Whole, shape);
            }
            else Assert.True(digits.Length > 15, text);
        }
        foreach (string text in (string[])["", "-", "+", ".", "-.", "1-", "--1", "1.2.3", "1e5", " 1", "1 ", "0x1", "1,5", "NaN"])
            Assert.False(CsvNumber.TryParsePlain(Encoding.ASCII.GetBytes(text), (byte)'.', out _, out _), text);
    }

    [Theory]
    [InlineData("\" 5 \"", 5)]
    [InlineData(" \"5\" ", 5)]
    [InlineData("\t5.25 ", 5.25)]
    [InlineData("\" 1e3\"", 1000)]
    [InlineData("\" NA \"", double.NaN)]
    public void BlanksAroundANumber_DoNotMatter_InsideQuotesOrOutside(string cell, double value) =>
        Assert.Equal(value, ((NumericColumn)Csv.Read($"a,b\n{cell},1\n2,1\n")["a"]).Values[0]);

    [Fact]
    public void AFileWithoutHeader_IsToldToSaySo() => Assert.Contains("--no-header", Csv.Refused("1,2,1\n3,4,5\n").Message);

    [Fact]
    public void ADecimalComma_IsRead_AndAThousandsSeparatorIsNot()
    {
        var options = new TableReadOptions { DecimalComma = true };
        Assert.Equal([1.5, -2000, 3], ((NumericColumn)Csv.Read("a;b\n1,5;1\n-2e3;1\n3;1\n", options)["a"]).Values.ToArray());
        ImputationDataException point = Csv.Refused("a;b\n1,5;1\n2,5;1\n3.5;1\n", options);
        Assert.Equal(("a", 3L), (point.Column, point.Row));
        Assert.Contains("3.5", point.Message);
    }

    [Fact]
    public void DecimalCommas_AreRecognised_AndTheMessageSaysWhatToDo()
    {
        ImputationDataException e = Csv.Refused("a;b\n1,5;1\n2;1\n3,25;1\n");
        Assert.Equal(("a", 1L), (e.Column, e.Row));
        Assert.Contains("1,5", e.Message);
        Assert.Contains("--decimal-comma", e.Message);
        Assert.Contains("--decimal-comma", Csv.Refused("a\n1,5\n2,5\n").Message);
    }

    [Fact]
    public void MissingCells_KeepTheirOrigin()
    {
        Column column = Csv.Read("a,b\n1,1\n,1\nNA,1\n na ,1\nNaN,1\n.,1\nN/A,1\nnull,1\n\"NA\",1\n-99,1\n-99.0,1\n",
            new TableReadOptions { MissingMarkers = ["-99"] })["a"];
        Assert.Equal(
        [
            null, MissingOrigin.Empty, new(MissingKind.Marker, "NA"), new(MissingKind.Marker, "na"), MissingOrigin.NotANumber,
                new(MissingKind.Marker, "."),
            new(MissingKind.Marker, "N/A"), new(MissingKind.Marker, "null"), new(MissingKind.Marker, "NA"), new(MissingKind.Code, "-99"),
                new(MissingKind.Code, "-99.0"),
        ], Origins(column));
        Assert.Equal(10, column.MissingCount);
    }

    [Fact]
    public void CodesOfOneColumn_AreNumbersInAnother()
    {
        Table table = Csv.Read("age,score\n-98,-98\n40,x9\n-99,1\n", new TableReadOptions
        {
            MissingByColumn = new Dictionary<string, IReadOnlyList<string>> { ["age"] = ["-99", "-98"], ["score"] = ["x9"] },
        });
        Assert.Equal([MissingKind.Code, null, MissingKind.Code], Origins(table["age"]).Select(o => o?.Kind));
        Assert.Equal([-98.0, double.NaN, 1.0], ((NumericColumn)table["score"]).Values.ToArray());
        ArgumentException e = Assert.Throws<ArgumentException>(() => Csv.Read("a\n1\n",
            new TableReadOptions { MissingByColumn = new Dictionary<string, IReadOnlyList<string>> { ["agee"] = ["1"] } }));
        Assert.Contains("'agee'", e.Message);
        Assert.Contains("'a'", e.Message);
    }

    [Fact]
    public void AQuotedMark_IsTextInATextColumn_UnlessTheCallerDeclaredIt()
    {
        Table table = Csv.Read("t,u\nx,x\n\"NA\",\"refused\"\nNA,refused\n\"\",?\n", new TableReadOptions { MissingMarkers = ["refused"] });
        Assert.Equal(["x", "NA", null, null], Enumerable.Range(0, 4).Select(r => table["t"].Value(r)));
        Assert.Equal(["x", null, null, null], Enumerable.Range(0, 4).Select(r => table["u"].Value(r)));
    }

    [Fact]
    public void OneTextAmongNumbers_IsAnError_ThatNamesIt()
    {
        ImputationDataException e = Csv.Refused("a,b\n1,1\n2,2\n3,l.5\nNA,4\n");
        Assert.Equal(("b", 3L), (e.Column, e.Row));
        Assert.Contains("'l.5'", e.Message);
        Assert.Contains("3 of the column's 4", e.Message);
        Assert.Contains("--missing-in \"b=l.5\"", e.Message);
    }

    [Fact]
    public void OneTextAmongNumbers_IsFine_WhereItIsDeclaredMissing_OrTheColumnMayMix()
    {
        const string text = "a,b\n1,1\n2,2\n3,12a\n4,4\n";
        Assert.Equal(1, Csv.Read(text, new TableReadOptions { MissingMarkers = ["12A"] })["b"].MissingCount);
        Table mixed = Csv.Read(text, new TableReadOptions { MixedColumns = ["b", "no such column"] });
        Assert.Equal(["1", "2", "12a", "4"], Enumerable.Range(0, 4).Select(r => mixed["b"].Value(r)));
    }

    [Theory]
    [InlineData("Inf")]
    [InlineData("-inf")]
    [InlineData("+Infinity")]
    [InlineData("∞")]
    [InlineData("1e400")]
    [InlineData("-1E999")]
    public void AnInfinity_IsRefused_UnlessItIsDeclaredMissing(string cell)
    {
        string text = $"a,b\n1,1\n2,{cell}\n3,3\n";
        ImputationDataException e = Csv.Refused(text);
        Assert.Equal(("b", 2L), (e.Column, e.Row));
        Assert.Contains($"'{cell}'", e.Message);
        Assert.Contains($"--missing \"{cell}\"", e.Message);
        Assert.Equal(MissingKind.Marker, Csv.Read(text, new TableReadOptions { MissingMarkers = [cell] })["b"].Mask.Origin(1)!.Value.Kind);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", 2, 1, 3)]
    [InlineData("a,b\n1,2,3\n", 1, 3, 2)]
    [InlineData("a,b\n\"x\ny\",2\n\n1,2\n3,4,5,6\n", 3, 4, 6)]
    public void ARaggedRow_IsRefused_WithRowAndLineAndCounts(string text, int row, int found, int line)
    {
        ImputationDataException e = Csv.Refused(text);
        Assert.Equal(row, e.Row);
        Assert.Contains($"row {row} (line {line}): {found} field", e.Message);
        Assert.Contains("expected 2", e.Message);
    }

    [Theory]
    [InlineData("a,b\n1,\"2\n3,4\n5,6\n", "line 2")]
    [InlineData("a,b\n1,\"abc\n2,def\n3,\"ghi\"\n", "line 2")]
    public void AnUnbalancedQuote_IsRefused_InsteadOfSwallowingRows(string text, string where) =>
        Assert.Contains(where, Csv.Refused(text).Message);

    [Theory]
    [InlineData("a,,c\n1,2,3\n", "a,column2,c", "Column 2 has no name")]
    [InlineData("\"\",a\n1,2\n", "row,a", "Column 1 has no name")]
    [InlineData(",row\n1,2\n", "row.2,row", "it is called 'row.2'")]
    [InlineData("a, \n1,2\n", "a,column2", "Column 2 has no name")]
    public void AColumnWithoutName_GetsOne_AndThisIsSaid(string text, string names, string said)
    {
        Table table = Csv.Read(text);
        Assert.Equal(names.Split(','), table.Columns.Select(c => c.Name));
        Assert.Contains(said, Assert.Single(table.Findings, f => f.Code == "unnamed-column").Sentence);
        Assert.Equal(text, Csv.Text(table));
    }

    [Fact]
    public void TwoColumnsOfOneName_AreRefused_WithTheirPositions()
    {
        Assert.Contains("columns 1 and 3 are both named 'a'", Csv.Refused("a,b,a \n1,2,3\n").Message);
        Table table = Csv.Read("a,b,a \n1,2,3\n", new TableReadOptions { Lenient = true });
        Assert.Equal(["a", "b", "a (column 3)"], table.Columns.Select(c => c.Name));
        Assert.Equal(FindingSeverity.Problem, Assert.Single(table.Findings).Severity);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n\n\r\n", "empty lines")]
    [InlineData("\uFEFF", "empty lines")]
    [InlineData("a,b\n", "2 columns, but no rows")]
    [InlineData("a", "1 column, but no rows")]
    [InlineData("PK\u0003\u0004etc", "Excel")]
    [InlineData("a\0,\0b\0\n\0", "UTF-16")]
    public void AFileWithoutATable_IsRefused(string text, string said)
    {
        string message = Csv.Refused(text).Message;
        Assert.Contains(said, message);
        Assert.Contains("test.csv", message);
    }

    /// <summary>The reader would take such a mark for the encoding of the rest; that of UTF-8 is part of the first name.</summary>
    [Theory]
    [InlineData(0xFF, 0xFE)]
    [InlineData(0xFE, 0xFF)]
    public void AMarkOfAnotherEncoding_WithinTheFile_IsRefused(byte first, byte second)
    {
        byte[] file = [.. "sep=;\n"u8, first, second, .. "a;b\n1;2\n3;\n5;6\n"u8];
        string message = Assert.Throws<ImputationDataException>(() => Csv.Read(file)).Message;
        Assert.Contains("line 2 begins with the byte order mark of another encoding", message);
        Assert.Equal(3, Csv.Read([.. "sep=;\n\uFEFFa;b\n1;2\n3;\n5;6\n"u8]).RowCount);
    }

    [Fact]
    public void AWideFileCutInTheMiddleOfACharacter_IsRefused() =>
        Assert.Contains("utf-16", Assert.Throws<ImputationDataException>(() => Csv.Read([0xFF, 0xFE, (byte)'a', 0, (byte)'\n'])).Message);

    [Fact]
    public void InOneColumn_AnEmptyLineIsAMissingCell_AndTheLastNewlineIsNotARow()
    {
        Assert.Equal([1, double.NaN, 3], ((NumericColumn)Csv.Read("a\n1\n\n3\n")["a"]).Values.ToArray());
        Assert.Equal([1, double.NaN], ((NumericColumn)Csv.Read("a\r\n1\r\n\r\n")["a"]).Values.ToArray());
        Assert.Equal(1, Csv.Read("a,b\n\n1,2\n\n\n").RowCount);
    }

    [Fact]
    public void Rows_AreCountedInOrder_WhateverNewlinesStandInQuotes()
    {
        var text = new StringBuilder("id,note\n");
        for (int row = 0; row < 5000; row++) text.Append(CultureInfo.InvariantCulture, $"{row},\"{new string('\n', row % 4)}\"\n");
        ReadOnlySpan<double> ids = ((NumericColumn)Csv.Read(text.ToString())["id"]).Values;
        Assert.Equal(Enumerable.Range(0, 5000).Select(r => (double)r), ids.ToArray());
    }

    [Fact]
    public void TheCultureOfTheThread_DoesNotMatter()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = german;
        try
        {
            Table table = Csv.Read("a,b\n-1.5,NA\n2.5,1\n");
            Assert.Equal([-1.5, 2.5], ((NumericColumn)table["a"]).Values.ToArray());
            Assert.Equal("a,b\n-1.5,-7.5\n2.5,1\n", Csv.Text(Csv.Fill(table, -7.5)));
            Assert.Equal("x\n-0.5\n", Csv.Text(Table.FromArray(["x"], new double[,] { { -0.5 } })));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Reading_CanBeCancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => CsvTable.Read(new MemoryStream("a\n1\n"u8.ToArray()), "x", null, source.Token));
    }

    [Fact]
    public void AFileThatIsNotThere_IsNamed()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".csv");
        Assert.Contains(path, Assert.Throws<InputException>(() => CsvTable.Read(path)).Message);
        Assert.Contains("folder", Assert.Throws<InputException>(() => CsvTable.Read(Path.GetTempPath())).Message);
    }

    [Fact]
    public void AStreamThatCannotSeek_IsReadToItsEnd()
    {
        var text = new StringBuilder("a\n");
        for (int row = 0; row < 100_000; row++) text.Append("1.25\n");
        using var stream = new System.IO.Compression.DeflateStream(Deflated(text.ToString()),
            System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(100_000, CsvTable.Read(stream).RowCount);

        static MemoryStream Deflated(string text)
        {
            var memory = new MemoryStream();
            using (var deflate = new System.IO.Compression.DeflateStream(memory, System.IO.Compression.CompressionMode.Compress,
                leaveOpen: true)) deflate.Write(Encoding.UTF8.GetBytes(text));
            memory.Position = 0;
            return memory;
        }
    }

    [Fact]
    public void MoreThan255SpellingsOfMissing_AreStillMissing()
    {
        string[] codes = [.. Enumerable.Range(1000, 400).Select(k => k.ToString(CultureInfo.InvariantCulture))];
        Column column = Csv.Read("a,b\n5,1\n" + string.Concat(codes.Select(c => $"{c},1\n")),
            new TableReadOptions { MissingMarkers = codes })["a"];
        Assert.Equal(400, column.MissingCount);
        Assert.Equal(255, column.Mask.Origins.Count);
    }

    [Fact]
    public void TheSource_GivesNameAndHashOfTheFile()
    {
        // sha256sum of "a\n1\n"
        Assert.Equal(new ModelSource("test.csv", "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc"),
            ModelSource.Of(Csv.Read("a\n1\n")));
        Assert.Null(ModelSource.Of(Table.FromArray(["x"], new double[,] { { 1 } })));
    }

    [Fact]
    public void Formats_AreFoundByExtensionAndName()
    {
        var formats = new TableFormats(new CsvFormat());
        Assert.Equal("csv", formats.ForPath("x/y.CSV").Name);
        Assert.Equal("csv", formats.ForPath("y.tsv").Name);
        Assert.Equal("csv", formats.ByName("Csv").Name);
        Assert.Contains(".xlsx", Assert.Throws<ArgumentException>(() => formats.ForPath("y.xlsx")).Message);
        Assert.Contains("csv", Assert.Throws<ArgumentException>(() => formats.ByName("xml")).Message);
        // what is not given is not known
        Assert.DoesNotContain(".parquet", Assert.Throws<ArgumentException>(() => formats.ForPath("y.parquet")).Message.Split(';')[1]);
    }
}
