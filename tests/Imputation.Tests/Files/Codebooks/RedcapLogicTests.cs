namespace Imputation.Tests.Files.Codebooks;

/// <summary>The logic of REDCap as rules: what is translated, and what is not, with the reason.</summary>
public class RedcapLogicTests
{
    private static readonly string[] s_fields =
    [
        "sex;radio;1, Male | 2, Female;;", "region;dropdown;N, North | S, South;;", "grade;dropdown;01, One | 02, Two;;",
        "consent;yesno;;;", "age;text;;integer;", "score;text;;number_2dp;", "name;text;;;", "born;text;;date_dmy;", "in;slider;;;",
        "race;checkbox;1, A | -3, B | u, C;;", "card;descriptive;;;", "site;sql;select 1;;", "bmi;calc;[age] * 2;;",
        "child;yesno;;;[sex] = '2'", "boys;text;;integer;[child] = '1'", "girls;text;;integer;[child] = '1'",
        "boxes;checkbox;1, A;;[sex] = '2'",
    ];

    [Theory]
    [InlineData("[sex] = '1'", "sex == 1")]
    [InlineData("[sex]=\"2\"", "sex == 2")]
    [InlineData("[sex] = 2", "sex == 2")]
    [InlineData("[sex] == '2'", "sex == 2")]
    [InlineData("'2' = [sex]", "2 == sex")]
    [InlineData("[region] = 'N'", "region == 'N'")]
    [InlineData("[grade] = '01'", "grade == '01'")]
    [InlineData("[grade] >= '2'", "grade >= 2")]
    [InlineData("[consent] <> '1'", "consent != 1")]
    [InlineData("[consent] != \"1\"", "consent != 1")]
    [InlineData("[age] < 45", "age < 45")]
    [InlineData("[age]>='18'", "age >= 18")]
    [InlineData("[age] >= 18 AND [age] <= 64.50", "age >= 18 and age <= 64.5")]
    [InlineData("[age] > -1", "age > -1")]
    [InlineData("round([age] / 10, 1) > 2", "floor(age / 10 * 10 + 0.5) / 10 > 2")]
    [InlineData("round([age]) = 20", "floor(age + 0.5) == 20")]
    [InlineData("sqrt([age] + 1) >= 5", "sqrt(age + 1) >= 5")]
    [InlineData("[in] = 50", "`in` == 50")]
    [InlineData("[name] = 'x'", "name == 'x'")]
    [InlineData("[name] = \"O'Neill\"", "name == \"O'Neill\"")]
    [InlineData("[name] = '5'", "name == '5'")]
    [InlineData("[name] > 5", "name > 5")]
    [InlineData("[sex]='1' and [age]<45 or [consent]='1'", "sex == 1 and age < 45 or consent == 1")]
    [InlineData("[sex]='1' and ([age]<45 or [consent]='1')", "sex == 1 and (age < 45 or consent == 1)")]
    [InlineData("([sex]='1') && (([age])<45) || [consent] = 0", "sex == 1 and age < 45 or consent == 0")]
    [InlineData("not([sex] = '1' and [age] > 5)", "not (sex == 1 and age > 5)")]
    [InlineData("NOT [sex] = '1'", "not sex == 1")]
    [InlineData("[race(1)] = '1'", "race___1 == 1")]
    [InlineData("[race(-3)] = 0 or [race(u)] <> '1'", "race____3 == 0 or race___u != 1")]
    [InlineData("[age] = ''", "missing(age)")]
    [InlineData("[born] <> \"\"", "not missing(born)")]
    [InlineData("not([age] = '')", "not missing(age)")]
    [InlineData("isblankormissingcode([age])", "missing(age)")]
    [InlineData("[age] + [score]*2 > 10", "age + score * 2 > 10")]
    [InlineData("([age] + [score]) * 2 > 10", "(age + score) * 2 > 10")]
    [InlineData("[age] - ([score] - 1) = 0", "age - (score - 1) == 0")]
    [InlineData("sum([age], [score], '3') / 2 > [bmi]", "(age + score + 3) / 2 > bmi")]
    [InlineData("mean([age],[race(1)]) > 1", "(age + race___1) / 2 > 1")]
    [InlineData("[sex] = [consent]", "sex == consent")]
    [InlineData("[demo_complete] = '2'", "demo_complete == 2")]
    [InlineData("1 = '0'", "1 == 0")]
    [InlineData("# who may\n[sex] = '1'\n// and\n and [age] > 3", "sex == 1 and age > 3")]
    // An empty cell of a question that was not asked of everybody is no missing answer.
    [InlineData("[child] <> '1'", "missing(child) or child != 1")]
    [InlineData("[sex] = '1' and [child] <> '1'", "sex == 1 and (missing(child) or child != 1)")]
    [InlineData("not([child] = '1')", "not (not missing(child) and child == 1)")]
    [InlineData("not([child] <> '1')", "not child != 1")]
    [InlineData("[boxes(1)] <> '1'", "missing(boxes___1) or boxes___1 != 1")]
    public void Logic_IsTranslated(string logic, string rule)
    {
        Codebook codebook = With(logic);
        Assert.DoesNotContain(codebook.Findings, f => f.Code == "codebook-universe-untranslated");
        Assert.Equal(rule, codebook["question"]!.Universe?.ToString());
    }

    [Theory]
    [InlineData("[baseline_arm_1][sex] = '1'", "[baseline_arm_1][sex] reads another event")]
    [InlineData("datediff([born], 'today', 'y') > 18", "datediff() has no counterpart")]
    [InlineData("if([sex] = '1', 1, 0) = 1", "if() has no counterpart")]
    [InlineData("roundup([age], 0) = 1", "roundup() has no counterpart")]
    [InlineData("round([age], -1) = 20", "round() takes a number, and a number of decimals")]
    [InlineData("[record-name] = '1'", "[record-name] is no field but a smart variable")]
    [InlineData("[sex:label] = 'Male'", "[sex:label] is no field but a smart variable")]
    [InlineData("[sx] = '1'", "'sx' is not a field of this dictionary")]
    [InlineData("[question] = '1'", "it reads 'question' itself")]
    [InlineData("[card] = '1'", "'card' has no column")]
    [InlineData("[sex] = '3'", "'3' is no choice of 'sex'")]
    [InlineData("[sex] = 'Male'", "'Male' is no choice of 'sex'")]
    [InlineData("[region] > 'N'", "it orders 'region', whose codes are not all numbers")]
    [InlineData("[sex] > 'N'", "it compares 'sex', which is a number, with 'N'")]
    [InlineData("[region] > 1", "it orders 'region', whose codes are not all numbers")]
    [InlineData("[age] > 'old'", "it compares 'age', which is a number, with 'old'")]
    [InlineData("[name] > 'm'", "it orders 'name', which is text")]
    [InlineData("[name] > [age]", "it orders 'name', which is text")]
    [InlineData("[born] > '2000-01-01'", "it compares dates ('born')")]
    [InlineData("[race] = '1'", "'race' has several boxes; expected one of them, as in [race(1)]")]
    [InlineData("[race(9)] = '1'", "'9' is no choice of 'race'")]
    [InlineData("[race(1)] = '2'", "a box is 0 or 1, not '2'")]
    [InlineData("[race(1)] = ''", "asks whether a box is empty")]
    [InlineData("[sex(1)] = '1'", "'sex' has no boxes")]
    [InlineData("[age] > ''", "it orders an empty text")]
    [InlineData("[age] + 1 = ''", "compares something that is no field with an empty text")]
    [InlineData("[name] + 1 = 2", "it calculates with 'name', which is not a number")]
    [InlineData("[region] * 2 = 2", "it calculates with 'region', which is not a number")]
    [InlineData("[age] * 'x' = 2", "it calculates with the text 'x'")]
    [InlineData("[age]^[in] = 2", "a power other than 2 or 3")]
    [InlineData("sum([boys], [girls]) > 0", "leaves out 'boys' where that was not asked")]
    [InlineData("[boys] <> [girls]", "it compares two fields, and 'boys' is not always asked")]
    [InlineData("[age]", "it compares nothing")]
    [InlineData("[sex] = '1' and [age]", "'and' joins something that is no comparison")]
    [InlineData("[age] < 3 < 4", "'<' follows another comparison")]
    [InlineData("([sex] = '1') = 1", "it compares a condition with something")]
    [InlineData("[sex] = ", "and here it ends")]
    [InlineData("[sex = '1'", "the field that begins with [ has no end")]
    [InlineData("[name] = 'x", "the text that begins with ' has no end")]
    [InlineData("[sex] = \u20181\u2019", "'\u2018' means nothing here")]
    [InlineData("[sex] = '1')", "expected an operator instead of ')'")]
    [InlineData("([sex] = '1'", "expected ')', and here it ends")]
    [InlineData("[sex] = 1.2.3", "'1.2.3' is not a number")]
    public void OtherLogic_IsAWarning_WithFieldTextAndReason(string logic, string reason)
    {
        Codebook codebook = With(logic);
        Assert.Null(codebook["question"]!.Universe);
        Finding finding = codebook.Finding("codebook-universe-untranslated");
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Equal(["question"], finding.Columns);
        Assert.Contains(reason, finding.Sentence);
        Assert.Contains($"It is: {logic.Trim()}", finding.Sentence);
    }

    [Theory]
    [InlineData("([age] + [score]) / 2", "(age + score) / 2")]
    [InlineData("[score] / ([age]/100)^2", "score / ((age / 100) * (age / 100))")]
    [InlineData("([age])^(3)", "age * age * age")]
    [InlineData("-[age] * 2", "-age * 2")]
    [InlineData("[sex]", "sex")]
    public void ACalculation_IsTranslated(string logic, string rule) =>
        Assert.Equal(rule, Dictionaries.Redcap([.. s_fields, $"total;calc;{logic};;"])["total"]!.Derived?.ToString());

    /// <summary>Parentheses and chains of any length are read or refused, in time and without an overflow of the stack.</summary>
    [Theory]
    [InlineData("parentheses are within each other")]
    [InlineData("more than 20,000 characters")]
    public void EndlessLogic_IsNotTranslated(string reason)
    {
        string logic = reason[0] == 'p' ? new string('(', 9_000) + "[sex] = '1'" + new string(')', 9_000)
            : string.Join(" or ", Enumerable.Repeat("[sex] = '1'", 40_000));
        Assert.Contains(reason, With(logic).Finding("codebook-universe-untranslated").Sentence);
        string most = string.Join(" or ", Enumerable.Repeat("[sex] = '1'", 1_300));
        Table table = new([NumericColumn.Number("sex", [1, 2])]);
        Assert.True(With(most)["question"]!.Universe!.Holds(table, 0));
    }

    /// <summary>REDCap asks where the gate is empty because it was not asked itself; so does the rule.</summary>
    [Fact]
    public void AGateThatWasNotAsked_IsNotEqualToAnything()
    {
        Codebook codebook = With("[child] <> '1'");
        Table table = new([NumericColumn.Number("sex", [1, 2, 2, 2]), NumericColumn.Number("child", [double.NaN, 1, 0, double.NaN]),
            NumericColumn.Number("question", [double.NaN, double.NaN, double.NaN, double.NaN])]);
        MissingMask mask = SurveyReading.Of(table, codebook).Table["question"].Mask;
        Assert.Equal([MissingReason.Nonresponse, MissingReason.NotAsked, MissingReason.Nonresponse, MissingReason.Nonresponse],
            Enumerable.Range(0, 4).Select(row => mask.Origin(row)!.Value.Reason));
    }

    private static Codebook With(string logic) => Dictionaries.Redcap([.. s_fields,
        $"question;text;;number;\"{logic.Replace("\"", "\"\"", StringComparison.Ordinal)}\""]) is var read
            && read["demo_complete"] is null && logic.Contains("demo_complete", StringComparison.Ordinal)
            ? Dictionaries.Read("field_name,form_name,field_type,branching_logic\nid,demo,text,\n"
                + $"question,demo,text,\"{logic}\"\n") : read;
}
