using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Files.Codebooks;

/// <summary>REDCap data dictionaries as codebooks: every type of field, both headers, and the account of what was left out.</summary>
public class RedcapDictionaryTests
{
    [Fact]
    public void EveryColumnOfAnExport_HasAField()
    {
        Codebook codebook = Dictionaries.Read(Dictionaries.Clinic);
        (string, Measure?)[] expected =
        [
            ("record_id", Measure.Identifier), ("dob", Measure.Identifier), ("sex", Measure.Binary), ("age", null),
            ("pregnant", Measure.Binary), ("weeks", null), ("demographics_complete", Measure.PassThrough), ("smoke", Measure.Nominal),
            ("kinds___1", Measure.Binary), ("kinds____2", Measure.Binary), ("kinds___x", Measure.Binary),
            ("pipe_years", Measure.Continuous), ("quit", Measure.Continuous), ("height", Measure.Continuous),
            ("weight", Measure.Continuous), ("bmi", null), ("bmi_round", null), ("pain", Measure.Continuous),
            ("region", Measure.Nominal), ("remarks", Measure.PassThrough), ("site", Measure.PassThrough), ("since", null),
            ("habits_complete", Measure.PassThrough),
        ];
        Assert.Equal(expected, codebook.Fields.Select(f => (f.Name, f.Measure)));
        Assert.Equal("Sex & gender at birth", codebook["sex"]!.Title);
        Assert.Equal([new Category(1.0, "Male"), new Category(2.0, "Female")], codebook["sex"]!.Categories!.Levels);
        Assert.Equal([new Category(0.0, "No"), new Category(1.0, "Yes")], codebook["pregnant"]!.Categories!.Levels);
        Assert.Equal(new Category(0.0, "Never, not once"), codebook["smoke"]!.Categories!.Levels[0]);
        Assert.Equal(["N", "S", "01"], codebook["region"]!.Categories!.Levels.Select(l => l.Value)); // 01 is a text, not 1
        Assert.Equal("What kinds?: Pipe", codebook["kinds____2"]!.Title);
        Assert.Equal([0.0, 1.0], codebook["kinds____2"]!.Categories!.Levels.Select(l => l.Value));
        Assert.Equal([new Bounds(18, 99), new Bounds(0, double.PositiveInfinity), new Bounds(30.5, 250), new Bounds(0, 100), Bounds.None],
            ((string[])["age", "pipe_years", "weight", "pain", "dob"]).Select(name => codebook[name]!.Bounds));
        Assert.Equal(["sex == 2 and age < 50", "pregnant == 1", "smoke == 1 or smoke == 2", "kinds____2 == 1", null],
            ((string[])["pregnant", "weeks", "kinds___x", "pipe_years", "quit"]).Select(name => codebook[name]!.Universe?.ToString()));
        Assert.Equal("weight / ((height / 100) * (height / 100))", codebook["bmi"]!.Derived!.ToString());
        Assert.All(codebook.Fields, f => Assert.Empty(f.Missing)); // nobody confirmed that 9 means missing
    }

    [Fact]
    public void TheAccount_NamesWhatWasLeftOut()
    {
        Codebook codebook = Dictionaries.Read(Dictionaries.Clinic);
        Assert.Equal(["codebook-universe-untranslated"],
            codebook.Findings.Where(f => f.Severity == FindingSeverity.Warning).Select(f => f.Code));
        (string Code, string Sentence)[] expected =
        [
            ("codebook-universe-untranslated", "'quit' was not translated: datediff() has no counterpart in rules. It is: "
                + "datediff([dob], 'today', 'y') > 30. Empty cells of people who were not asked may be filled."),
            ("codebook-calculation-untranslated", "'bmi_round' was not translated: roundup() has no counterpart in rules. It is: "
                + "roundup([bmi], 1)."),
            ("codebook-translated", "20 fields, 23 columns of exports. 4 of 5 branching logics and 1 of 2 calculations were translated."),
            ("codebook-order-unknown", "'smoke' and 'region' have an order: they are read as nominal"),
            ("codebook-possible-missing-codes", "9 (Don't know) of 'smoke'"),
            ("codebook-identifiers", "'dob' is marked as identifier"),
            ("codebook-boxes", "'kinds': REDCap exports 0 for boxes that were not shown"),
            ("codebook-limits-not-used", "'dob' (1900-01-01 to 2010-12-31)"),
            ("codebook-choices-unknown", "The choices of 'site' are not in the dictionary"),
            ("codebook-action-tags", "'since' (@DEFAULT)"),
        ];
        foreach ((string code, string sentence) in expected) Assert.Contains(sentence, codebook.Finding(code).Sentence);
        Assert.Equal(expected.Length, codebook.Findings.Count);
    }

    [Fact]
    public void LogicThatSeveralFieldsHave_IsToldOnce()
    {
        Codebook codebook = Dictionaries.Redcap("a;text;;number;[x-y] = 1", "b;text;;number;[x-y]  =  1", "c;notes;;;[x-y] = 1");
        Finding[] told = [.. codebook.Findings.Where(f => f.Code == "codebook-universe-untranslated")];
        Assert.Equal([(FindingSeverity.Warning, "a,b"), (FindingSeverity.Note, "c")], // notes are never filled
            told.Select(f => (f.Severity, string.Join(",", f.Columns))));
    }

    [Fact]
    public void FieldsThatDependInACircle_AreToldAndBroken()
    {
        Codebook codebook = Dictionaries.Redcap("a;text;;number;[b] <> ''", "b;text;;number;[a] <> ''", "c;text;;number;[b] > 1",
            "d;text;;number;[c] > 1");
        Assert.Equal([null, "not missing(a)", "b > 1", "c > 1"], codebook.Fields.Skip(1).Select(f => f.Universe?.ToString()));
        Assert.Contains("'a' was not translated: it depends in a circle", codebook.Finding("codebook-universe-untranslated").Sentence);
        Table table = new(((string[])["a", "b", "c", "d"]).Select(name => NumericColumn.Number(name, [1, 2, 3])));
        Assert.Equal(["b", "c", "d"], SurveyReading.Of(table, codebook).SkipRules.Select(r => r.Column));
    }

    /// <summary>The file of the API, with semicolons, a mark at its beginning, columns in another order, and cells that a spreadsheet left
    /// away.</summary>
    [Fact]
    public void OtherHeadersAndSeparators_AreTheSame()
    {
        string[] lines = Dictionaries.Clinic[Dictionaries.Header.Length..].Split('\n');
        string api = Dictionaries.ApiHeader + string.Join('\n', lines);
        Assert.Equal(Written(Dictionaries.Read(Dictionaries.Clinic)), Written(Dictionaries.Read("\uFEFF" + api)));
        Assert.Equal(Written(Dictionaries.Read(Dictionaries.Clinic)), Written(Dictionaries.Read(api.Replace("\n", "\r\n"))));
        Assert.Equal(Written(Dictionaries.Read(api)), Written(Dictionaries.Read(
            Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(api)).ToArray())));
        Codebook few = Dictionaries.Read("field_type;branching_logic;field_name\n\ntext;;id\nyesno;;a\nradio\n".Replace("radio", ";;")
            + "text;[a] = '1';b");
        Assert.Equal(["id", "a", "b"], few.Fields.Select(f => f.Name));
        Assert.Equal("a == 1", few["b"]!.Universe!.ToString());
        Codebook ragged = Dictionaries.Read("field_name,field_type,field_label,branching_logic\nid,text\na,yesno,Größe\n");
        Assert.Equal("Größe", ragged["a"]!.Title);
        Codebook fromR = Dictionaries.Read("field_name,field_type,field_label,branching_logic\nid,text,NA,NA\na,yesno,A,NA\n");
        Assert.Equal(("", null, 1), (fromR["id"]!.Title, fromR["a"]!.Universe, fromR.Findings.Count));
        Codebook latin = Dictionaries.Read(Encoding.Latin1.GetBytes("field_name,field_type,field_label\nid,text,Größe\n"));
        Assert.Equal("Größe", latin["id"]!.Title);
    }

    /// <summary>A data dictionary and its export: what was not asked stays empty, everything else is filled, with codes in the cells and
    /// with labels.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CellsThatWereNotAsked_StayEmpty(bool labels)
    {
        Codebook codebook = Dictionaries.Redcap("sex;radio;1, Male | 2, Female;;", "age;text;;integer;",
            "pregnant;yesno;;;[sex] = '2' and [age] < 50", "weeks;text;;integer;[pregnant] = '1'",
            "none;radio;1, Low | 2, Middle | 3, High;;[pregnant] <> '1'", "level;radio;1, Low | 2, Middle | 3, High;;",
            "high;text;;number;[level] >= 2");
        var random = new Random(7);
        var csv = new StringBuilder("id,sex,age,pregnant,weeks,none,level,high\n");
        bool[][] asked = [.. Enumerable.Range(0, 300).Select(_ => new bool[4])];
        string[] levels = ["Low", "Middle", "High"];
        for (int i = 0; i < asked.Length; i++)
        {
            int sex = 1 + random.Next(2), age = random.Next(18, 80), level = random.Next(3);
            bool woman = sex == 2 && age < 50, pregnant = woman && random.Next(2) == 0;
            asked[i] = [woman, pregnant, !pregnant, level >= 1];
            string Cell(bool was, string value) => was && random.Next(8) > 0 ? value : "";
            string Code(int code, string label) => labels ? label : $"{code}";
            // The gates are observed, so that it is known who was asked.
            csv.Append($"{i + 1},{Code(sex, sex == 1 ? "Male" : "Female")},{age},{(woman ? Code(pregnant ? 1 : 0, pregnant ? "Yes"
                : "No") : "")},{Cell(pregnant, $"{random.Next(1, 40)}")},{Cell(!pregnant, Code(level + 1, levels[level]))},"
                + $"{Code(level + 1, levels[level])},{Cell(level >= 1, $"{level}.{random.Next(10)}")}\n");
        }
        Table table = Csv.Read(csv.ToString(), new TableReadOptions { Codebook = codebook });
        ImputationResult done = table.Impute(new AutomaticOptions { Codebook = codebook });
        Assert.DoesNotContain(done.Fit.Report.Findings, f => f.Code is "values-not-in-codebook" or "answered-though-not-asked");
        Assert.True(done.FilledCount > 20);
        string[] columns = ["pregnant", "weeks", "none", "high"];
        for (int j = 0; j < columns.Length; j++)
            for (int i = 0; i < asked.Length; i++)
                Assert.True(asked[i][j] != done.Table[columns[j]].IsMissing(i), $"{columns[j]}, row {i + 1}: asked {asked[i][j]}");
        // The account comes with the fit, once, and not again where the model fills another table.
        Assert.Single(done.Fit.Report.Findings, f => f.Code == "codebook-translated");
        Assert.DoesNotContain(done.Findings, f => f.Code == "codebook-translated");
        Assert.DoesNotContain(done.Fit.Impute(table).Findings, f => f.Code == "codebook-translated");
    }

    /// <summary>Codes that are numbers and letters, and texts that are digits now and then, are no columns that mix by mistake.</summary>
    [Fact]
    public void AnExportWithMixedCodes_IsRead()
    {
        Codebook codebook = Dictionaries.Redcap("site;radio;1, A | 2, B | UNK, Unknown;;", "remarks;notes;;;");
        const string csv = "id,site,remarks\n1,1,12\n2,UNK,none\n3,2,\n";
        Csv.Refused(csv);
        Table table = Csv.Read(csv, new TableReadOptions { Codebook = codebook });
        var survey = SurveyReading.Of(table, codebook);
        Assert.DoesNotContain(survey.Findings, f => f.Code == "values-not-in-codebook");
        Assert.Equal(["1", "2", "UNK"], survey.Table["site"].Categories!.Levels.Select(l => l.Value));
    }

    [Theory]
    [InlineData("id,text,\n,radio,\"1, A\"", "line 3: the name of the field is empty")]
    [InlineData("id,text,\nsex,,", "line 3: field 'sex' has no field type; expected text, radio")]
    [InlineData("id,text,\nid,text,", "line 3, field 'id': 'id' is the name of an earlier field")]
    [InlineData("id,text,\nsex,radio,\"1, A | 1, B\"", "line 3, field 'sex': the code 1 occurs twice")]
    [InlineData("id,text,\nsex,radio,\"1, A | , B\"", "line 3, field 'sex': the choice ', B' has no code")]
    [InlineData("id,text,\nbox,checkbox,", "field 'box': a checkbox without choices")]
    [InlineData("id,text,\nbox,checkbox,\"a, 1 | A, 2\"", "two fields have the column 'box___a'")]
    [InlineData("id,text,\nx,slider,,5,1", "the smallest value, 5, is above the largest, 1")]
    [InlineData("id,text,\nx,text,\"1, A", "line 3: a quoted cell is not closed")]
    [InlineData("id,text,\nx,text,\"1\" A", "line 3: text follows a closing quote")]
    [InlineData("id,text,\nx,text,,,,a,b", "line 3: 7 cells, expected 5 as in the header")]
    [InlineData("", "a REDCap data dictionary without a field")]
    public void ADamagedDictionary_IsAnErrorWithItsLine(string rows, string message)
    {
        string error = Assert.Throws<ImputationDataException>(() => Dictionaries.Read(
            "field_name,field_type,select_choices_or_calculations,text_validation_min,text_validation_max\n" + rows)).Message;
        Assert.Contains(message, error);
        Assert.StartsWith("the file", error, StringComparison.Ordinal);
    }

    private static string Written(Codebook codebook)
    {
        var stream = new MemoryStream();
        CodebookFile.Write(stream, codebook);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
