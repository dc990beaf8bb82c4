namespace Imputation.Tests.Surveys;

/// <summary>The language of rules: its values, its precedence, missing cells, and errors with their position.</summary>
public class SurveyRuleTests
{
    private static readonly Table s_table = new([
        NumericColumn.Number("age", [30, 50, double.NaN]),
        TextColumn.Create("sex", ["Female", "Male", null]),
        NumericColumn.Number("smokes", [1, 2, 2]).AsCategorical(new Categories([new Category(1.0, "Yes"), new Category(2.0, "No")])),
        NumericColumn.Number("net income", [10, 20, 30]),
        ObjectColumn.Create("member", typeof(bool), [true, false, null]),
    ]);

    [Theory]
    [InlineData("age < 45", true, false, null)]
    [InlineData("age<45 and sex=='Female'", true, false, null)]
    [InlineData("age < 45 or smokes == 2", true, true, true)]
    [InlineData("sex != \"Male\"", true, false, null)]
    [InlineData("sex in ('Female', 'Other')", true, false, null)]
    [InlineData("sex not in ('Female', 'Other')", false, true, null)]
    [InlineData("not sex == 'Female'", false, true, null)]
    [InlineData("smokes == 'Yes'", true, false, false)]
    [InlineData("smokes == 1", true, false, false)]
    [InlineData("`net income` >= 20", false, true, true)]
    [InlineData("missing(age)", false, false, true)]
    [InlineData("missing(age) or age > 40", false, true, true)]
    [InlineData("missing(sex) and age > 40", false, false, null)]
    [InlineData("member", true, false, null)]
    [InlineData("member == true", true, false, null)]
    [InlineData("age + 2 * 10 == 50", true, false, null)]
    [InlineData("(age + 2) * 10 == 320", true, false, null)]
    [InlineData("age - 10 - 10 == 10", true, false, null)]
    [InlineData("age / 0 == 1", null, null, null)]
    [InlineData("round(age / 7, 1) == 4.3", true, false, null)]
    [InlineData("floor(age / 7) == 7", false, true, null)]
    [InlineData("log(exp(age)) == 30 and sqrt(age * age) == 30", true, false, null)]
    [InlineData("log(age - 40) > 2", null, true, null)]
    [InlineData("cut(age, 'young', 40, 'old') == 'old'", false, true, null)]
    [InlineData("cut(age, 1, 30, 2, 50, 3) == 2", true, false, null)]      // a point belongs to the level above it
    [InlineData("recode(sex, 'Female', 'F', 'Male', 'M') == 'F'", true, false, null)]
    [InlineData("recode(sex, 'Male', 1) == 1", null, true, null)]
    [InlineData("-age == -30", true, false, null)]
    [InlineData("age == 3e1", true, false, null)]
    [InlineData("AGE_ == 1 OR true", null, null, null)]
    [InlineData("true or false and false", true, true, true)] // 'and' binds more strongly
    [InlineData("not true or true", true, true, true)]        // 'not' binds most strongly
    public void Holds_ByRow(string text, bool? first, bool? second, bool? third)
    {
        var rule = SurveyRule.Parse(text);
        if (text.StartsWith("AGE_", StringComparison.Ordinal))
        {
            Assert.Contains("'AGE_'", Assert.Throws<ArgumentException>(() => rule.Holds(s_table, 0)).Message);
            return;
        }
        Assert.Equal([first, second, third], Enumerable.Range(0, 3).Select(row => rule.Holds(s_table, row)));
    }

    [Theory]
    [InlineData("age <", "character 6", "here it ends")]
    [InlineData("age = 3", "character 5", "use '=='")]
    [InlineData("age < 45 sex", "character 10", "'and'")]
    [InlineData("(age < 45", "character 10", "')'")]
    [InlineData("sex == 'Female", "character 8", "has no end")]
    [InlineData("sex in 'Female'", "character 8", "'('")]
    [InlineData("sex in (Female)", "character 9", "a number or a 'text'")]
    [InlineData("missing(3)", "character 9", "name of a column")]
    [InlineData("round(age, 1.5)", "character 1", "round(x, decimals)")]
    [InlineData("1 + cut(age, 1, 50, 2, 40, 3)", "character 5", "points ascending")]
    [InlineData("recode(sex, 'a')", "character 1", "its value")]
    [InlineData("age < 1.2.3", "character 7", "not a number")]
    [InlineData("age ? 3", "character 5", "means nothing")]
    [InlineData("and", "character 1", "a column")]
    [InlineData("", "character 1", "a column")]
    public void AMalformedRule_IsAnErrorWithItsPosition(string text, string position, string what)
    {
        string message = Assert.Throws<FormatException>(() => SurveyRule.Parse(text)).Message;
        Assert.Contains(position, message);
        Assert.Contains(what, message);
        Assert.Contains($"'{text}'", message);
    }

    [Fact]
    public void ArithmeticOnText_IsAnError_WithTheText() =>
        Assert.Contains("'Female' is not a number",
            Assert.Throws<ArgumentException>(() => SurveyRule.Parse("sex + 1 == 2").Holds(s_table, 0)).Message);

    [Fact]
    public void Columns_AreNamedOnce() =>
        Assert.Equal(["a", "b c", "d"], SurveyRule.Parse("a == 1 and (`b c` < a or missing(d))").Columns);
}
