using System.IO.Compression;
using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Files;

public class ExcelTests
{
    private const string Number = "<c r=\"{0}\"><v>{1}</v></c>", Day = "<c r=\"{0}\" s=\"1\"><v>{1}</v></c>",
        Error = "<c r=\"{0}\" t=\"e\"><v>{1}</v></c>", Text = "<c r=\"{0}\" t=\"inlineStr\"><is><t>{1}</t></is></c>",
        Truth = "<c r=\"{0}\" t=\"b\"><v>{1}</v></c>", Formula = "<c r=\"{0}\"><f>1+1</f><v>{1}</v></c>";

    /// <summary>A workbook as its parts; each cell a format of those above and its value, null for none.</summary>
    private static byte[] Workbook(params (string Name, (string Format, object Value)?[][] Rows)[] sheets)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Part(string name, string xml)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml);
            }
            const string main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"",
                r = "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"",
                type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
            Part("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                + "<Default Extension=\"rels\" "
                + "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" "
                + "ContentType=\"application/xml\"/></Types>");
            Part("_rels/.rels",
                $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
                + $"Type=\"{type}officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Part("xl/workbook.xml", $"<workbook {main} {r}><sheets>" + string.Concat(sheets.Select((s, k) =>
                $"<sheet name=\"{s.Name}\" sheetId=\"{k + 1}\" {(s.Name == "hidden" ? "state=\"hidden\" " : "")}r:id=\"rId{k + 1}\"/>"))
                + "</sheets></workbook>");
            Part("xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + string.Concat(sheets.Select((_, k) => $"<Relationship Id=\"rId{k + 1}\" Type=\"{type}worksheet\" "
                    + $"Target=\"worksheets/sheet{k + 1}.xml\"/>"))
                + $"<Relationship Id=\"rId99\" Type=\"{type}styles\" Target=\"styles.xml\"/></Relationships>");
            Part("xl/styles.xml",
                $"<styleSheet {main}><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>");
            for (int k = 0; k < sheets.Length; k++)
                Part($"xl/worksheets/sheet{k + 1}.xml", $"<worksheet {main}><sheetData>" + string.Concat(sheets[k].Rows.Select((row, i) =>
                    $"<row r=\"{i + 1}\">" + string.Concat(row.Select((cell, j) => cell is not { } c ? ""
                        : string.Format(System.Globalization.CultureInfo.InvariantCulture, c.Format,
                        $"{(char)('A' + j)}{i + 1}", c.Value))) + "</row>"))
                    + "</sheetData></worksheet>");
        }
        return bytes.ToArray();
    }

    private static (string, object)?[] Row(params (string, object)?[] cells) => cells;

    private static readonly byte[] s_survey = Workbook(("hidden", [Row((Text, "x"))]), ("Data",
    [
        Row((Text, "Survey 2024")),
        [],
        Row((Text, "id"), (Text, "day"), (Text, "age"), (Text, "ok"), (Text, "note, long")),
        Row((Text, "007"), (Day, 45296), (Number, 34), (Truth, 1), (Text, "a \"b\", c")),
        Row((Text, "008"), (Day, 45297.5), null, (Truth, 0), null),
        [],
        Row((Text, "009"), null, (Error, "#N/A"), (Truth, 1), (Text, "x")),
        Row((Text, "010"), (Day, 45299), (Error, "#DIV/0!"), (Truth, 0), null),
        Row((Text, "011"), (Day, 45300), (Formula, "41.5"), (Truth, 1), null),
    ]));

    [Fact]
    public void ASheet_IsReadWithItsDatesErrorsAndBlankRows()
    {
        Table table = ExcelTable.Read(new MemoryStream(s_survey), "survey.xlsx");
        Assert.Equal(["id", "day", "age", "ok", "note, long"], table.Columns.Select(c => c.Name));
        Assert.Equal(5, table.RowCount);
        Assert.Equal([34, double.NaN, double.NaN, double.NaN, 41.5], ((NumericColumn)table["age"]).Values.ToArray());
        Assert.Equal(["", "#N/A", "#DIV/0!"], table["age"].Mask.Origins.Select(o => o.Text));
        Assert.Equal(["2024-01-05", "2024-01-06 12:00:00", null], Enumerable.Range(0, 3).Select(table["day"].Value));
        Assert.Equal("007", table["id"].Value(0));
        Assert.Equal("TRUE", table["ok"].Value(0));
        Assert.Equal("a \"b\", c", table["note, long"].Value(0));
        Assert.Equal(["lines-above-header", "blank-rows", "other-sheets", "cells-with-errors"], table.Findings.Select(f => f.Code));
        Assert.Contains("#DIV/0! in 1 cell, #N/A in 1 cell", table.Findings[^1].Sentence);
        Assert.Equal(64, ModelSource.Of(table)!.Sha256.Length);
    }

    [Fact]
    public void ACompletedSheet_IsWrittenAsCsv()
    {
        string text = Csv.Text(Csv.Fill(ExcelTable.Read(new MemoryStream(s_survey), "survey.xlsx"), 7.5));
        Assert.Contains("008,2024-01-06 12:00:00,7.5,FALSE,\n", text);
        Assert.Contains("010,2024-01-08,7.5,FALSE,\n", text);
        Assert.Contains("011,2024-01-09,41.5,TRUE,\n", text);
    }

    [Fact]
    public void ASheet_IsChosenByName()
    {
        byte[] two = Workbook(("A", [Row((Text, "a")), Row((Number, 1))]), ("B", [Row((Text, "b")), Row((Number, 2))]));
        Assert.Equal("a", ExcelTable.Read(new MemoryStream(two)).Columns[0].Name);
        Table second = ExcelTable.Read(new MemoryStream(two), options: new TableReadOptions { Sheet = "b" });
        Assert.Equal("b", second.Columns[0].Name);
        Assert.Empty(second.Findings);
        string message = Assert.Throws<ArgumentException>(() =>
            ExcelTable.Read(new MemoryStream(two), options: new TableReadOptions { Sheet = "C" }))
            .Message;
        Assert.Contains("'A' and 'B'", message);
    }

    [Fact]
    public void NumbersKeepTheirLastDigit()
    {
        byte[] bytes = Workbook(("A", [Row((Text, "a")), Row((Number, "0.30000000000000004")),
            Row((Number, "1E-7")), Row((Number, "123456789012"))]));
        Assert.Equal([0.30000000000000004, 1e-7, 123456789012],
            ((NumericColumn)ExcelTable.Read(new MemoryStream(bytes))["a"]).Values.ToArray());
    }

    [Fact]
    public void WhatIsNoWorkbook_IsRefusedByMessage()
    {
        foreach (byte[] bytes in new[] { Encoding.UTF8.GetBytes("a,b\n1,2\n"), s_survey[..200], [], [0x50, 0x4B, 3, 4, 0, 0],
            Workbook(("A", [])) })
            Assert.Throws<ImputationDataException>(() => ExcelTable.Read(new MemoryStream(bytes), "x.xlsx"));
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = [.. s_survey];
            for (int k = 0; k < 5; k++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                ExcelTable.Read(new MemoryStream(damaged), "x.xlsx");
            }
            catch (ImputationDataException)
            {
                // Refused by message; any other exception fails the test.
            }
        }
    }
}
