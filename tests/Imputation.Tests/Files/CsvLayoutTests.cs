using System.Text;
using Imputation.Files;
using Imputation.Files.Formats;

namespace Imputation.Tests.Files;

/// <summary>Where the names and rows of a file are: lines above, header lines below, no header, blank rows, empty columns.</summary>
public class CsvLayoutTests
{
    private const string Ids = "id,Q1,Q2\nResponse ID,\"How old are you, in years?\",How tall are you?\n"
        + "\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2\"\"}\"\n";

    /// <summary>The table in each of these is the same: a = 1, missing, 3, 4 and b = 2.5, 3.5, missing, 5.</summary>
    public static TheoryData<string, string> Forms => new()
    {
        { "# exported by tool\na,b\n1,2.5\n,3.5\n3,\n4,5\n", "lines-above-header" },
        { "# a comment, with a comma\n# another\na,b\n1,2.5\n,3.5\n3,\n4,5\n", "lines-above-header" },
        { "#1\n\n# two\r\n\r\na;b\r\n1;2.5\r\n;3.5\r\n3;\r\n4;5\r\n", "lines-above-header" },
        { "Results of 2024\na,b\n1,2.5\n,3.5\n3,\n4,5\n", "lines-above-header" },
        { "Results of 2024,\n,\na,b\n1,2.5\n,3.5\n3,\n4,5\n", "lines-above-header" },
        { "Station: 12\nUnit: mm\n\n\"Made by \"\"me\"\"\"\n\na\tb\n1\t2.5\n\t3.5\n3\t\n4\t5\n", "lines-above-header" },
        { "a,b\n\"How old, in years, are you?\",How many years at school?\n1,2.5\n,3.5\n3,\n4,5\n", "header-lines" },
        { "a,b\n{\"ImportId\":\"QID1\"},{\"ImportId\":\"QID2\"}\n1,2.5\n,3.5\n3,\n4,5\n", "header-lines" },
        { "a,b\n1,2.5\n,3.5\n,\n3,\n4,5\n,\n,\n", "blank-rows" },
        { "a;b\r\n1;2.5\r\n ; \r\n;3.5\r\n3;\r\n\r\n4;5\r\n\"\";\r\n", "blank-rows" },
        { "a,b,,\n1,2.5,,\n,3.5,,\n3,,,\n4,5,,\n", "" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void ATable_IsFoundInEveryForm_AndOnlyMissingCellsChange(string text, string code)
    {
        Table table = Csv.Read(text);
        Assert.Equal(["a", "b"], table.Columns.Select(c => c.Name));
        Assert.Equal([1, double.NaN, 3, 4], ((NumericColumn)table["a"]).Values.ToArray());
        Assert.Equal([2.5, 3.5, double.NaN, 5], ((NumericColumn)table["b"]).Values.ToArray());
        Assert.Equal(code.Length == 0 ? [] : [code], table.Findings.Select(f => f.Code));
        Assert.All(table.Findings, f => Assert.Equal(FindingSeverity.Note, f.Severity));
        Assert.Equal(text, Csv.Text(table));

        // By hand: the cells before the 3.5 and behind the 3.
        int first = text.IndexOf("3.5", StringComparison.Ordinal) - 1, second = text.LastIndexOf('3') + 2;
        Assert.Equal(text.Insert(second, "7.25").Insert(first, "7.25"), Csv.Text(Csv.Fill(table, 7.25)));
    }

    [Fact]
    public void AThreeLineExport_HasItsRowsBelowTheImportIds()
    {
        string text = Ids + "R_1,34,180\nR_2,,170\nR_3,40,\n";
        Table table = Csv.Read(text);
        Assert.Equal(3, table.RowCount);
        Assert.Equal([34, double.NaN, 40], ((NumericColumn)table["Q1"]).Values.ToArray());
        Finding finding = Assert.Single(table.Findings);
        Assert.Contains("2 header lines below the column names (question texts and import ids)", finding.Sentence);
        Assert.Contains("--header-lines 3", finding.Advice);
        Assert.Equal(Ids + "R_1,34,180\nR_2,7.5,170\nR_3,40,7.5\n", Csv.Text(Csv.Fill(table, 7.5)));
        Assert.Empty(Csv.Read(text, new TableReadOptions { HeaderLines = 3 }).Findings);
    }

    /// <summary>Ordinary files: nothing about their layout is said, and no row is lost.</summary>
    [Theory]
    [InlineData("a,b\n1,2\n3,4\n5,6\n", 3)]
    [InlineData("#,a\n1,2\n3,4\n", 2)]
    [InlineData("#id,age\nx,2\ny,4\n", 2)]
    [InlineData("name,city\nAnn,Paris\nBob,Rome\nCy,Oslo\n", 3)]
    [InlineData("country,2019,2020,2021\nAT,1.5,2,3\nDE,4,5,6\nFR,7,8,9\n", 3)]
    [InlineData("2019,2020,2021\n1.5,2,3\n4,5,6\n7,8,9\n", 3)]
    [InlineData("1,2,3\n1.5,2,3\n4,5,6\n7,8,9\n", 3)]
    [InlineData("id,400.5,401.5,402.5,403.5,404.5\na,1,2,3,4,5\nb,1.5,2,3,4,5\n", 2)]
    [InlineData("country,2020-01-22,2020-01-23\nAT,1,2\nDE,4,5\nFR,7,8\n", 3)]
    [InlineData("q1,q2,q3,q4\nNA,NA,NA,NA\n1,2,3,4\n5,4,3,2\n1,1,2,2\n", 4)]
    [InlineData("a,note\n1,The first one of all of them\n2,The second one of them all\n3,x\n", 3)]
    public void AnOrdinaryFile_HasNoSuchFinding(string text, int rows)
    {
        Table table = Csv.Read(text);
        Assert.Equal(rows, table.RowCount);
        Assert.Empty(table.Findings);
    }

    /// <summary>The same refusal in all columns is no header line; a message names the option in case it is one.</summary>
    [Fact]
    public void TextsInTheFirstRow_AreNotTakenForQuestions_WhereTheyMayBeMarks()
    {
        string message = Csv.Refused("q1,q2,q3,q4\nrefused,refused,refused,refused\n1,2,3,4\n5,4,3,2\n1,1,2,2\n").Message;
        Assert.Contains("--missing \"refused\"", message);
        Assert.Contains("--header-lines 2", message);
        Assert.Equal(3, Csv.Read("age,height\nyears,cm\n30,170\n40,180\n50,175\n", new TableReadOptions { HeaderLines = 2 }).RowCount);
    }

    [Theory]
    [InlineData("2021-01-06 14:00:00;19.59;TWO\n2021-01-06 14:01:00;19.99;ONE\n2021-01-06 14:02:00;NULL;ONE\n", "19.59")]
    [InlineData("5.1,3.5,setosa\n4.9,3.0,setosa\n4.7,3.2,virginica\n", "5.1")]
    [InlineData("5,3,4,1\n2,1,4,6\n1,1,2,9\n", "'5', '3', '4'")]
    [InlineData("-1,x\n2,y\n3,z\n", "-1")]
    [InlineData("$1,a\n$2,b\n$3,c\n", "$1")]
    [InlineData("1,,3\n3,4,5\n4,4,4\n", "'1' and '3'")]
    public void AFirstLineLikeTheOthers_IsReported_AndIsARowWhereTheCallerSaysSo(string text, string named)
    {
        Finding finding = Assert.Single(Csv.Read(text).Findings, f => f.Code == "first-line-is-a-row");
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains(named, finding.Sentence);
        Assert.Contains("--no-header", finding.Advice);

        Table table = Csv.Read(text, new TableReadOptions { HeaderLines = 0 });
        Assert.Equal(3, table.RowCount);
        Assert.Equal("column1", table.Columns[0].Name);
        Assert.DoesNotContain(table.Findings, f => f.Code == "first-line-is-a-row");
        Assert.Equal(text, Csv.Text(table));
    }

    [Fact]
    public void WithoutNames_TheFirstRowIsFilledToo() => Assert.Equal("7.5,2\n3,4\n5,7.5", Csv.Text(Csv.Fill(Csv.Read(",2\n3,4\n5,",
        new TableReadOptions { HeaderLines = 0 }), 7.5)));

    [Theory]
    [InlineData("x;y,z\n\na,b\n1,2\n,3\n", 2)]
    [InlineData("\uFEFFone\r\na,b\r\n1,2\r\n,3\r\n", 1)]
    [InlineData("sep=,\nnote,1\na,b\n1,2\n,3\n", 2)]
    public void LinesAreSkipped_WhereTheCallerSaysSo(string text, int lines)
    {
        Table table = Csv.Read(text, new TableReadOptions { SkipLines = lines });
        Assert.Equal(["a", "b"], table.Columns.Select(c => c.Name));
        Assert.Empty(table.Findings);
        int place = text.LastIndexOf(",3", StringComparison.Ordinal);
        Assert.Equal(text.Insert(place, "7.5"), Csv.Text(Csv.Fill(table, 7.5)));
        Assert.Contains("--skip-lines", Csv.Refused("a\n1\n", new TableReadOptions { SkipLines = 9 }).Message);
    }

    [Fact]
    public void BlankRows_AreCounted_AndAreNoRespondents()
    {
        Table table = Csv.Read("a,b,c\n1,2,x\n,,\n3,,\n\n , ,\"\"\n,,,\n,,\n");
        Assert.Equal(2, table.RowCount);
        Finding finding = Assert.Single(table.Findings);
        Assert.Contains("4 rows are blank", finding.Sentence);
        Assert.Equal(1, Csv.Read("a,b\n1,2\n\n\n").RowCount);
        Assert.Empty(Csv.Read("a,b\n1,2\n\n\n").Findings);         // a newline too many
        Assert.Equal(3, Csv.Read("a\n1\n\n2\n").RowCount);           // of one column, a missing cell
    }

    /// <summary>Lines above, header lines, blank rows and long pieces at random: the table is found, and every other byte stays.</summary>
    [Fact]
    public void AllForms_AtRandom_InPiecesOfAnyLength()
    {
        var random = new Random(16);
        for (int round = 0; round < 200; round++)
        {
            string newline = random.Next(2) == 0 ? "\n" : "\r\n";
            char delimiter = ",;\t"[random.Next(3)];
            int width = random.Next(2, 6);
            string Line(Func<int, string> cell) => string.Join(delimiter, Enumerable.Range(0, width).Select(cell)) + newline;
            var before = new StringBuilder();
            for (int k = random.Next(3); k > 0; k--) before.Append("# made by a program").Append(newline);
            before.Append(Line(j => $"c{j}"));
            if (random.Next(2) == 0) before.Append(Line(j => $"{{\"ImportId\":\"QID{j}\"}}"));
            var after = new StringBuilder(before.ToString());
            int rows = random.Next(5, 40);
            for (int row = 0; row < rows; row++)
            {
                if (random.Next(5) == 0)
                {
                    string blank = random.Next(2) == 0 ? newline : Line(_ => random.Next(4) == 0 ? " " : "");
                    before.Append(blank);
                    after.Append(blank);
                }
                bool[] missing = [.. Enumerable.Range(0, width).Select(j => j > 0 && random.Next(3) == 0)];
                before.Append(Line(j => missing[j] ? "" : $"{row}.5"));
                after.Append(Line(j => missing[j] ? "7.25" : $"{row}.5"));
            }
            var storage = new CsvStorage { PieceLength = random.Next(1, 200), LeastHeaders = 1, Threads = random.Next(1, 4) };
            Table table = Csv.Read(before.ToString(), new TableReadOptions { Storage = storage });
            Assert.Equal((rows, width), (table.RowCount, table.Columns.Count));
            Assert.Equal(after.ToString(), Csv.Text(Csv.Fill(table, 7.25)));
        }
    }
}
