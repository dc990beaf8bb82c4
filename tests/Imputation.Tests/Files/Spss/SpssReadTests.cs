using System.Globalization;
using Imputation.Files;
using Imputation.Files.Spss;

namespace Imputation.Tests.Files.Spss;

/// <summary>What is read in SPSS files: the same as by haven, and by PSPP where haven does not tell.</summary>
public class SpssReadTests
{
    public static TheoryData<string, string> All => SpssFiles.All;

    [Theory, MemberData(nameof(All))]
    public void EveryCell_IsThatWhichHavenReads(string file, string expected)
    {
        Table table = SpssTable.Read(SpssFiles.Path(file));
        string[] lines = File.ReadAllLines(SpssFiles.Path(expected + ".cells.csv"));
        Assert.Equal(lines[0].Split(','), table.Columns.Select(c => c.Name));
        Assert.Equal(lines.Length - 1, table.RowCount);
        for (int row = 0; row < table.RowCount; row++)
            Assert.Equal(lines[row + 1].Split(',').Select(SpssFiles.Expected), table.Columns.Select(column => SpssFiles.Cell(column, row)));
    }

    [Theory, MemberData(nameof(All))]
    public void TheDictionary_IsThatWhichHavenReads(string file, string expected)
    {
        SpssDictionary dictionary = SpssFiles.Dictionary(SpssTable.Read(SpssFiles.Path(file)));
        Assert.Equal(File.ReadAllLines(SpssFiles.Path(expected + ".dictionary.txt")), dictionary.Variables.Select(AsHaven));
    }

    [Theory]
    [InlineData("pspp-byte.sav")]
    [InlineData("pspp-none.sav")]
    [InlineData("pspp-zlib.zsav")]
    public void MeasuresRolesWeightAndDocuments_AreThoseGivenToPspp(string file)
    {
        SpssDictionary dictionary = SpssFiles.Dictionary(SpssTable.Read(SpssFiles.Path(file)));
        SpssVariable Variable(string name) => dictionary.Variables.Single(v => v.Name == name);
        Assert.Equal("w", dictionary.Weight);
        Assert.Equal("A small survey", dictionary.Label);
        Assert.Equal(["Made by make-spss.sh.", "A second line."], dictionary.Documents.Where(line => !line.Contains("(Entered")));
        Assert.Equal([SpssMeasure.Nominal, SpssMeasure.Ordinal, SpssMeasure.Scale],
            new[] { "sex", "score", "income_in_euro" }.Select(name => Variable(name).Measure));
        Assert.Equal([SpssRole.Input, SpssRole.Input, SpssRole.Target, SpssRole.None],
            new[] { "sex", "score", "income_in_euro", "Identification" }.Select(name => Variable(name).Role!.Value));
        Assert.Equal("IDENTIFI", Variable("Identification").ShortName);
        Assert.Equal(6, dictionary.CaseCount);
    }

    [Fact]
    public void NumbersWithLabels_StayNumbers_AndUserMissingCellsKeepTheirCodes()
    {
        Table table = SpssTable.Read(SpssFiles.Path("haven-byte.sav"));
        Assert.Equal(ColumnKind.Integer, table["satisfaction"].Kind);
        Assert.Equal(ColumnKind.Number, table["household_income"].Kind);
        Assert.Equal(["8", "9", ""], Enumerable.Range(0, 12).Select(table["satisfaction"].Mask.Origin).OfType<MissingOrigin>()
            .Select(origin => origin.Text));
        Assert.Equal(["-99", "-98", "", "-1"], Enumerable.Range(0, 12).Select(table["household_income"].Mask.Origin)
            .OfType<MissingOrigin>().Select(origin => origin.Text));
    }

    [Fact]
    public void DatesAndTimes_AreShownAsSuch_AndAreNumbersWhereAsked()
    {
        Table table = SpssTable.Read(SpssFiles.Path("haven-byte.sav"));
        Assert.Equal(new DateOnly(1997, 5, 19), table["born"].Value(3));
        Assert.Equal(new DateTime(2024, 2, 29, 12, 34, 57).AddSeconds(0.5), table["seen"].Value(1));
        Assert.Equal(new TimeSpan(25, 0, 0), table["walk"].Value(3));
        Assert.Null(table["born"].Value(4));
        Assert.All(["born", "seen", "walk"], name => Assert.Equal(ColumnKind.Other, table[name].Kind));
        Table numbers = SpssTable.Read(SpssFiles.Path("haven-byte.sav"), new TableReadOptions { NumericColumns = ["born"] });
        Assert.Equal(12_219_379_200 + 864_000_000, Assert.IsType<NumericColumn>(numbers["born"])[3]);
    }

    [Theory]
    [InlineData(1e5, typeof(DateTime))] // no whole day
    [InlineData(1e300, typeof(double))]
    public void ADateThatIsNone_IsShownInFull(double seconds, Type type)
    {
        byte[] file = new SavBuilder().Header().Variable("day", 0, 0x140B00).End().Double(86400).Double(seconds).Build();
        Assert.Equal(type, ((ObjectColumn)SpssFiles.Read(file)["day"]).Type);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public void BothByteOrders_AndCasesThatAreNotCounted_AreRead(bool bigEndian, int compression)
    {
        SavBuilder file = new SavBuilder(bigEndian, compression).Header(compression == 2 ? "$FL3" : "$FL2").Variable("x", 0, 0x050802, 7, 9)
            .Variable("s", 12).End();
        var data = new SavBuilder(bigEndian);
        if (compression == 0)
            data.Double(1).Text("Paris", 16).Double(2.5).Text("Zanzibar Town", 16).Double(7).Text("", 16);
        else
        {
            data.Raw(101, 253, 254, 253, 253, 253, 107, 254).Text("Paris", 8).Double(2.5).Text("Zanzibar", 8).Text(" Town", 8);
            data.Raw(254, 252, 0, 0, 0, 0, 0, 0);
        }
        if (compression == 2) file.Blocks(data.Build(), 20); // words in two blocks
        else file.Raw(data.Build());
        Table table = SpssFiles.Read(file.Build());
        Assert.Equal<object>([1.0, 2.5, 7.0], Enumerable.Range(0, 3).Select(row => SpssFiles.Cell(table["x"], row)));
        Assert.Equal(["Paris", "Zanzibar Tow", null], Enumerable.Range(0, 3).Select(row => ((TextColumn)table["s"])[row]).Select(text =>
            text?[..Math.Min(12, text.Length)]));
        Assert.Equal(file.Build(), SpssFiles.Written(table));
    }

    [Fact]
    public void MarksOfTheOptions_CountToo()
    {
        Table table = SpssTable.Read(SpssFiles.Path("pspp-byte.sav"), new TableReadOptions
        {
            MissingMarkers = ["Basel"],
            MissingByColumn = new Dictionary<string, IReadOnlyList<string>> { ["income_in_euro"] = ["151"] },
        });
        Assert.Equal(new MissingOrigin(MissingKind.Code, "151"), table["income_in_euro"].Mask.Origin(5));
        Table pattern = SpssTable.Read(SpssFiles.Path("pspp-byte.sav"), new TableReadOptions
        {
            MissingByColumn = new Dictionary<string, IReadOnlyList<string>> { ["income*"] = ["151"] },
        });
        Assert.Equal(table["income_in_euro"].MissingCount, pattern["income_in_euro"].MissingCount);
        Assert.Equal(new MissingOrigin(MissingKind.Marker, "Basel"), table["town"].Mask.Origin(1));
        Assert.Contains("'sexx'", Assert.Throws<ArgumentException>(() => SpssTable.Read(SpssFiles.Path("pspp-byte.sav"),
            new TableReadOptions
            {
                MissingByColumn = new Dictionary<string, IReadOnlyList<string>> { ["sexx"] = ["1"] },
            })).Message);
    }

    [Fact]
    public void ManyCodesOfARange_ShareTheLastOrigin()
    {
        SavBuilder file = new SavBuilder().Header().Int(2).Int(0).Int(0).Int(-2).Int(0x050802).Int(0x050802).Text("x", 8).Double(1000)
            .Double(double.MaxValue).End();
        for (int i = 0; i < 600; i++) file.Double(900 + i);
        Column column = SpssFiles.Read(file.Build())["x"];
        Assert.Equal(500, column.MissingCount);
        Assert.Equal(255, column.Mask.Origins.Count);
        Assert.Equal("1252", column.Mask.Origin(599)!.Value.Text);
    }

    [Fact]
    public void AnInfinity_IsRefused_UnlessTheColumnIsNotUsed()
    {
        byte[] file = new SavBuilder().Header().Variable("x").End().Double(1).Double(double.PositiveInfinity).Build();
        Assert.Equal(2, Assert.Throws<ImputationDataException>(() => SpssFiles.Read(file)).Row);
        Assert.Equal(double.PositiveInfinity, SpssFiles.Read(file, new TableReadOptions { MixedColumns = ["x"] })["x"].Value(1));
    }

    [Theory]
    [InlineData("windows-1252", "ä")]
    [InlineData("WINDOWS-1251", "д")]
    [InlineData("ISO-8859-15", "ä")]
    [InlineData("cp850", "õ")]
    [InlineData(null, "ä")]
    public void Encodings_AreKnownByName(string? name, string expected)
    {
        SavBuilder file = new SavBuilder().Header().Variable("s", 8, 0x010800);
        if (name is not null) file.Extension(20, name);
        Table table = SpssFiles.Read(file.End().Raw(0xE4, 32, 32, 32, 32, 32, 32, 32).Build());
        Assert.Equal(expected, table["s"].Value(0));
    }

    [Theory]
    [InlineData("KLINGON")]
    [InlineData("UTF-16")]
    [InlineData("UTF-7")]
    public void AnEncodingThatIsNotKnown_IsNamed(string name)
    {
        byte[] file = new SavBuilder().Header().Variable("x").Extension(20, name).End().Double(1).Build();
        Assert.Contains($"'{name}'", Assert.Throws<ImputationDataException>(() => SpssFiles.Read(file)).Message);
    }

    [Theory]
    [InlineData(256, 33)]
    [InlineData(504, 64)]
    [InlineData(505, 65)]
    [InlineData(32767, 4161)]
    public void VeryLongStrings_TakeSegmentsOf256Bytes(int width, int elements) => Assert.Equal(elements, SpssWidths.ElementCount(width));

    /// <summary>A line as read-spss.R writes it.</summary>
    private static string AsHaven(SpssVariable variable)
    {
        string Number(double value) => double.IsInfinity(value) ? value < 0 ? "-Inf" : "Inf" : value.ToString(CultureInfo.InvariantCulture);
        string Value(object value) => value as string ?? Number((double)value);
        var parts = new List<string>
        {
            variable.Name,
            variable.Display is { Name: "F", Decimals: 0 } ? $"{variable.Display}.0"
                : variable.IsText ? $"A{variable.Width}" : $"{variable.Display}",
        };
        if (variable.Label.Length > 0) parts.Add($"label '{variable.Label}'");
        string[] codes = [.. variable.MissingRanges.Where(r => r.IsSingle).Select(r => Number(r.Low)), .. variable.MissingTexts];
        if (codes.Length > 0) parts.Add($"missing {string.Join(" ", codes)}");
        foreach (SpssRange range in variable.MissingRanges.Where(r => !r.IsSingle))
            parts.Add($"range {Number(range.Low)} {Number(range.High)}");
        if (variable.ValueLabels.Count > 0)
            parts.Add($"values {string.Join(" ", variable.ValueLabels.Select(l => $"{Value(l.Value)}='{l.Label}'"))}");
        return string.Join("; ", parts);
    }
}
