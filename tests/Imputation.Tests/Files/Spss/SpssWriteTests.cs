using Imputation.Files;
using Imputation.Tests.Cli;
using Imputation.Tests.Data;

namespace Imputation.Tests.Files.Spss;

/// <summary>An SPSS file comes back with its filled cells in it, and all else as it was.</summary>
public class SpssWriteTests
{
    public static TheoryData<string, string> All => SpssFiles.All;

    [Theory, MemberData(nameof(All))]
    public void AnUnchangedTable_IsTheFileToTheByte(string file, string _)
    {
        byte[] bytes = SpssFiles.Bytes(file);
        Assert.Equal(bytes, SpssFiles.Written(SpssFiles.Read(bytes)));
    }

    [Theory]
    [InlineData("haven-byte.sav", "household_income", 6, "age", 9)]
    [InlineData("haven-zlib.zsav", "household_income", 6, "age", 9)]
    [InlineData("pspp-byte.sav", "sex", 3, "w", 5)]
    [InlineData("pspp-none.sav", "sex", 3, "w", 5)]
    [InlineData("pspp-zlib.zsav", "sex", 3, "w", 5)]
    [InlineData("pspp-latin.sav", "größe", 1, "code", 2)]
    public void OnlyFilledCells_Change(string file, string first, int firstRow, string second, int secondRow)
    {
        byte[] bytes = SpssFiles.Bytes(file);
        Table before = SpssFiles.Read(bytes);
        Table filled = Filled.With(before, (first, firstRow, 7), (second, secondRow, 0.1 + 0.2));
        byte[] written = SpssFiles.Written(filled);
        int dictionary = SpssFiles.Dictionary(before).DataStart;
        Assert.Equal(bytes[..dictionary], written[..dictionary]);
        Table after = SpssFiles.Read(written);
        int changed = 0;
        foreach (Column column in before.Columns)
            for (int row = 0; row < before.RowCount; row++)
            {
                object expected = (column.Name, row) == (first, firstRow) ? 7.0
                    : (column.Name, row) == (second, secondRow) ? 0.1 + 0.2 : SpssFiles.Cell(column, row);
                Assert.Equal(expected, SpssFiles.Cell(after[column.Name], row));
                if (!expected.Equals(SpssFiles.Cell(column, row))) changed++;
            }
        Assert.Equal(2, changed);
        // What the written file holds comes back again too.
        Assert.Equal(written, SpssFiles.Written(after));
    }

    [Fact]
    public void AFilledCell_TakesTheFewestBytes_AndOthersKeepTheirs()
    {
        SavBuilder Data(byte first, byte second) => new SavBuilder(compression: 1, cases: 3).Header().Variable("x").Variable("y").End()
            .Raw(101, first, 253, second, 0, 255, 253, 252); // y: two missing; x: a small number that is stored all the same
        byte[] file = Data(255, 255).Double(2).Double(0.5).Text("a tail", 6).Build();
        Table table = SpssFiles.Read(file);
        Assert.Equal(Data(251, 255).Double(2).Double(0.5).Text("a tail", 6).Build(), SpssFiles.Written(Filled.With(table, ("y", 0, 151))));
        Assert.Equal(Data(253, 1).Double(152).Double(2).Double(0.5).Text("a tail", 6).Build(),
            SpssFiles.Written(Filled.With(table, ("y", 0, 152), ("y", 1, -99))));
        Assert.Equal(Data(253, 255).Double(1.5).Double(2).Double(0.5).Text("a tail", 6).Build(),
            SpssFiles.Written(Filled.With(table, ("y", 0, 1.5))));
    }

    [Fact]
    public void ManyCasesInSeveralBlocks_ComeBack()
    {
        // 30,000 cases of x, y in blocks of 1,000 bytes, a word of which is in two.
        var data = new SavBuilder();
        for (int i = 0; i < 7500; i++) data.Raw(253, 255, 101, 101, 102, 255, 103, 253).Double(i + 0.5).Double(-i - 0.25);
        byte[] file = new SavBuilder(compression: 2, cases: 30_000).Header("$FL3").Variable("x").Variable("y").End()
            .Blocks(data.Build(), 1001).Build();
        Table table = SpssFiles.Read(file);
        Assert.Equal(15_000, table["y"].MissingCount);
        double[] values = [.. Enumerable.Range(0, 30_000).Select(row => row % 300 - 20.0)];
        Table filled = table.With(new Dictionary<string, Column>
        {
            ["y"] = ((NumericColumn)table["y"]).FilledFrom(values, ColumnKind.Number),
        });
        Table after = SpssFiles.Read(SpssFiles.Written(filled));
        Assert.Equal(((NumericColumn)table["x"]).Values.ToArray(), ((NumericColumn)after["x"]).Values.ToArray());
        Assert.Equal(((NumericColumn)filled["y"]).Values.ToArray(), ((NumericColumn)after["y"]).Values.ToArray());
        Assert.Equal(0, after["y"].MissingCount);
    }

    [Fact]
    public void ATextThatIsFilled_IsStoredInItsSegments()
    {
        Table table = SpssTable.Read(SpssFiles.Path("haven-byte.sav"));
        Column comment = table["comment"];
        double level = comment.Levels.IndexOf(comment.Value(0)!);
        double[] cells = [.. Enumerable.Range(0, 12).Where(comment.IsMissing).Select((_, k) => k == 0 ? level : double.NaN)];
        Table filled = table.With(new Dictionary<string, Column> { ["comment"] = comment.Filled(cells, ColumnKind.Text) });
        Column after = SpssFiles.Read(SpssFiles.Written(filled))["comment"];
        Assert.Equal(comment.Value(0), after.Value(2));
        Assert.Equal(comment.MissingCount - 1, after.MissingCount);
    }

    [Fact]
    public void ADateThatIsFilled_IsStoredAsSeconds()
    {
        Table table = SpssTable.Read(SpssFiles.Path("pspp-byte.sav"));
        Table filled = table.With(new[] { "day", "moment", "span" }.ToDictionary(name => name, name =>
            table[name].Filled([.. Enumerable.Repeat(1.0, table[name].MissingCount)], ColumnKind.Other)));
        Table after = SpssFiles.Read(SpssFiles.Written(filled));
        Assert.Equal(new DateOnly(2024, 2, 29), after["day"].Value(1));
        Assert.Equal(new DateTime(1999, 12, 31, 23, 59, 59), after["moment"].Value(1));
        Assert.Equal(TimeSpan.FromHours(25), after["span"].Value(1));
    }

    [Theory]
    [InlineData("haven-byte.sav", "household_income", 6, -1.5, "the lowest to -1")]
    [InlineData("haven-byte.sav", "age", 9, 97.5, "97 to 98")]
    [InlineData("haven-byte.sav", "age", 9, 99, "99 is declared")]
    [InlineData("pspp-zlib.zsav", "score", 1, 1234, "500 to the highest")]
    public void AFilledValueThatTheDictionaryDeclaresMissing_IsRefused(string file, string column, int row, double value, string says)
    {
        Table filled = Filled.With(SpssTable.Read(SpssFiles.Path(file)), (column, row, value));
        ImputationDataException refused = Assert.Throws<ImputationDataException>(() => SpssFiles.Written(filled));
        Assert.Contains(says, refused.Message);
        Assert.Equal((column, row + 1L), (refused.Column, refused.Row));
    }

    [Fact]
    public void ATableOfOtherColumns_IsNotWritten()
    {
        Table table = SpssTable.Read(SpssFiles.Path("pspp-byte.sav"));
        foreach (Table other in (Table[])[new Table(table.Columns.Skip(1), table.Source), new Table(table.Columns),
            new Table(table.Columns.Reverse(), table.Source), CsvTable.Read(Repository.Example("airquality.csv"))])
            Assert.Contains("CSV or Parquet", Assert.Throws<ArgumentException>(() => SpssFiles.Written(other)).Message);
    }

    [Fact]
    public void TheFormat_IsFoundByItsEndings()
    {
        var formats = new TableFormats(new CsvFormat(), new SpssFormat());
        Assert.IsType<SpssFormat>(formats.ForPath("a/Survey.SAV"));
        Assert.IsType<SpssFormat>(formats.ForPath("survey.zsav"));
        Assert.IsType<SpssFormat>(formats.ByName("spss"));
        Table table = formats.ForPath("x.sav").Read(SpssFiles.Path("pspp-byte.sav"), TableReadOptions.Default);
        Assert.Equal(64, ModelSource.Of(table)!.Sha256.Length);
        Assert.Equal("pspp-byte.sav", ModelSource.Of(table)!.File);
        Assert.Throws<ArgumentException>(() => new SpssFormat().Append(Stream.Null, table, TableWriteOptions.Default));
    }
}
