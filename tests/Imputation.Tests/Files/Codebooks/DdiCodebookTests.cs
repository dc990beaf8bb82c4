using System.Text;

namespace Imputation.Tests.Files.Codebooks;

/// <summary>DDI codebooks: categories, missing codes, ranges, weights; what they say in words is told.</summary>
public class DdiCodebookTests
{
    [Fact]
    public void EveryVariable_IsAField()
    {
        Codebook codebook = Dictionaries.Read(Dictionaries.Survey);
        (string, Measure?, string)[] expected =
        [
            ("caseid", Measure.Continuous, "Case number"), ("health", Measure.Ordinal, "General health"),
            ("employed", Measure.Binary, "Do you have a job?"), ("hours", Measure.Continuous, "Hours a week"), ("income", null, "Income"),
            ("trust", null, "Trust, 0 to 10"), ("region", Measure.Nominal, ""), ("w", Measure.Weight, "Weight"),
        ];
        Assert.Equal(expected, codebook.Fields.Select(f => (f.Name, f.Measure, f.Title)));
        CodebookField health = codebook["health"]!;
        Assert.Equal("Good < Fair < Poor", health.Categories!.ToString()); // by code, as an order has it
        Assert.Equal([1.0, 2.0, 3.0], health.Categories.Levels.Select(l => l.Value));
        Assert.Equal([new MissingCode("9", "Refused"), new MissingCode("-9"), new MissingCode("7"),
            new MissingCode("8", "Don\u2019t know")], health.Missing);
        Assert.Equal([new MissingCode("-1", "Inapplicable", MissingReason.NotAsked), new MissingCode("-2", "Student",
            MissingReason.NotAsked)], codebook["hours"]!.Missing);
        Assert.Equal([new Bounds(1, 99), new Bounds(0, 10), Bounds.None], ((string[])["hours", "trust", "health"])
            .Select(name => codebook[name]!.Bounds));
        Assert.Equal(["N", "S", "X"], codebook["region"]!.Categories!.Levels.Select(l => l.Value));
        Assert.Null(codebook["trust"]!.Categories); // two points of a scale have labels
    }

    [Fact]
    public void TheAccount_NamesWhatIsSaidInWords()
    {
        Codebook codebook = Dictionaries.Read(Dictionaries.Survey);
        (FindingSeverity, string Code, string Sentence)[] expected =
        [
            (FindingSeverity.Warning, "codebook-universe-untranslated", "Who was asked 'income' was not translated: the codebook says it "
                + "in words. It is: Respondents with a job. Empty cells"),
            (FindingSeverity.Warning, "codebook-missing-ranges", "open to -0.5 of 'income'"),
            (FindingSeverity.Warning, "codebook-same-name", "'caseid' of file F2 after that of F1"),
            (FindingSeverity.Note, "codebook-universe-untranslated", "'hours'"), // its codes say who was not asked
            (FindingSeverity.Note, "codebook-translated", "8 variables, 3 with categories and 2 with missing codes"),
            (FindingSeverity.Note, "codebook-not-asked-codes", "stay empty: -1 (Inapplicable) of 'hours'."),
            (FindingSeverity.Note, "codebook-possible-missing-codes", "X (Not stated) of 'region'"),
            (FindingSeverity.Note, "codebook-coding-not-used", "coding 'income' are words, and are not used: 'income': 999999 = N.I.U."),
            (FindingSeverity.Note, "codebook-skips-not-used", "'employed': If no, go to V5."),
            (FindingSeverity.Note, "codebook-derivations-not-used", "'income': Sum of the items in V6."),
        ];
        Assert.Equal(expected.Select(e => (e.Item1, e.Code)), codebook.Findings.Select(f => (f.Severity, f.Code)));
        foreach (((_, _, string sentence), Finding finding) in expected.Zip(codebook.Findings)) Assert.Contains(sentence, finding.Sentence);
    }

    /// <summary>A number whose values are all listed, each with itself as its label, is a number.</summary>
    [Fact]
    public void LabelsThatRepeatTheNumber_AreNoCategories()
    {
        string categories = string.Concat(Enumerable.Range(0, 90).Select(i => $"<catgry><catValu>{i}</catValu><labl>"
            + $"{(i == 0 ? "Less than a year" : i % 2 == 0 ? $"{i}" : $"{i} years")}</labl></catgry>"));
        Codebook codebook = Dictionaries.Read($"<codeBook><dataDscr><var name='age' intrvl='discrete'>{categories}</var>"
            + "</dataDscr></codeBook>");
        Assert.Equal((null, null), (codebook["age"]!.Measure, codebook["age"]!.Categories));
    }

    [Fact]
    public void AFileIsReadByIt()
    {
        Codebook codebook = Dictionaries.Read(Dictionaries.Survey);
        Table table = new([NumericColumn.Number("health", [1, 9, 3, 8, 2, double.NaN]), NumericColumn.Number("hours", [40, -1, -2, 30, 99,
            12]), TextColumn.Create("region", ["N", "S", "X", null, "N", "S"])]);
        Table read = SurveyReading.Of(table, codebook).Table;
        Assert.Equal([1, 3, 5], Enumerable.Range(0, 6).Where(read["health"].IsMissing));
        Assert.Equal([1, 2], Enumerable.Range(0, 6).Where(row => read["hours"].Mask.Origin(row)?.Reason == MissingReason.NotAsked));
        Assert.True(read["health"].Categories!.IsOrdered);
    }

    /// <summary>Version 1 has no namespace, and names its document type, which is not fetched.</summary>
    [Theory]
    [InlineData("<?xml version='1.0'?><!DOCTYPE codeBook SYSTEM 'http://localhost:1/Version1-2-2.dtd'><codeBook>", "utf-8")]
    [InlineData("\n<!-- by hand -->\n<codeBook xmlns=\"http://www.icpsr.umich.edu/DDI\">", "utf-8")]
    [InlineData("<?xml version='1.0' encoding='utf-16'?>\n<d:codeBook xmlns:d='ddi:codebook:2_5'>", "utf-16")]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?><codeBook>", "iso-8859-1")]
    public void OtherVersionsAndEncodings_AreRead(string start, string encoding)
    {
        string p = start.Contains("d:codeBook", StringComparison.Ordinal) ? "d:" : "";
        string text = start + $"<{p}dataDscr><{p}var name='size'><{p}labl>Größe</{p}labl></{p}var></{p}dataDscr></{p}codeBook>";
        var bytes = Encoding.GetEncoding(encoding);
        Codebook codebook = Dictionaries.Read([.. encoding == "utf-16" ? bytes.GetPreamble() : [], .. bytes.GetBytes(text)]);
        Assert.Equal("Größe", codebook["size"]!.Title);
    }

    [Theory]
    [InlineData("<codeBook>\n<dataDscr>\n<var name='a'>\n</dataDscr></codeBook>", "line 4: not valid XML")]
    [InlineData("<codeBook>\n<dataDscr><var name='a'><labl>&bomb;</labl></var></dataDscr></codeBook>", "line 2: not valid XML")]
    [InlineData("<codeBook>\n\n<dataDscr>\n<var ID='V1'/></dataDscr></codeBook>", "line 4: a variable (var) without the attribute 'name'")]
    [InlineData("<codeBook><dataDscr><var name='a'>\n<catgry><catValu>1</catValu></catgry>\n<catgry><catValu>1</catValu></catgry></var>"
        + "</dataDscr></codeBook>", "line 3: variable 'a' has the category 1 twice")]
    [InlineData("<codeBook><stdyDscr/></codeBook>", "describes no variables")]
    [InlineData("<DDIInstance xmlns='ddi:instance:3_3'/>", "is DDIInstance, expected codeBook. This is DDI Lifecycle")]
    [InlineData("<ODM/>", "is ODM, expected codeBook")]
    [InlineData("<", "line 1: not valid XML")]
    public void ADamagedCodebook_IsAnErrorWithItsLine(string xml, string message)
    {
        string error = Assert.Throws<ImputationDataException>(() => Dictionaries.Read(xml)).Message;
        Assert.Contains(message, error);
        Assert.StartsWith("the file", error, StringComparison.Ordinal);
    }

    /// <summary>Entities that grow without end, and elements that nest without end, are refused in no time.</summary>
    [Fact]
    public void HostileFiles_AreRefused()
    {
        string bomb = "<!DOCTYPE codeBook [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><codeBook><dataDscr>"
            + "<var name='a'><labl>&b;</labl></var></dataDscr></codeBook>";
        Assert.Contains("not valid XML", Assert.Throws<ImputationDataException>(() => Dictionaries.Read(bomb)).Message);
        string deep = "<codeBook><dataDscr><var name='a'>" + string.Concat(Enumerable.Repeat("<x>", 200_000));
        Assert.Contains("within each other", Assert.Throws<ImputationDataException>(() => Dictionaries.Read(deep)).Message);
    }
}
