namespace Imputation.Tests.Data;

public class RegressionFormulaTests
{
    [Theory]
    [InlineData("income ~ age + education", "income", "age|education")]
    [InlineData("income~age+education", "income", "age|education")]
    [InlineData("  y\t~ x\n", "y", "x")]
    [InlineData("Solar.R ~ Temp_2 + 'Ozone level' + \"x + y\"", "Solar.R", "Temp_2|Ozone level|x + y")]
    [InlineData("`life exp` ~ `gdp (US$)` + `a``b`", "life exp", "gdp (US$)|a`b")]
    [InlineData("'it''s' ~ \"say \"\"hi\"\"\"", "it's", "say \"hi\"")]
    [InlineData("<script> ~ x", null, null)]
    [InlineData("`<script>` ~ größe + `2020`", "<script>", "größe|2020")]
    [InlineData("y ~ 1", "y", "")]
    [InlineData("y ~ 1 + x", "y", "x")]
    [InlineData("y ~ `1` + `.`", "y", "1|.")]
    public void Formulas_AreReadAsWritten(string text, string? response, string? predictors)
    {
        if (response is null)
        {
            Assert.Throws<FormatException>(() => RegressionFormula.Parse(text));
            return;
        }
        RegressionFormula formula = RegressionFormula.Parse(text);
        Assert.Equal(response, formula.Response);
        Assert.Equal(predictors!.Split('|', StringSplitOptions.RemoveEmptyEntries), formula.Predictors);
        Assert.False(formula.AllOthers);
        Assert.Equal(formula, RegressionFormula.Parse(formula.ToString()));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("income", "no ~ after 'income'")]
    [InlineData("~ age", "missing before ~")]
    [InlineData("income ~", "missing at the end")]
    [InlineData("income ~ age +", "missing at the end")]
    [InlineData("income ~ + age", "missing before +")]
    [InlineData("income ~ age ~ x", "more than one ~")]
    [InlineData("income = age", "is ~, not =")]
    [InlineData("a + b ~ c", "one response is allowed before ~")]
    [InlineData("y ~ a * b", "interactions (*) are not supported")]
    [InlineData("y ~ a:b", "interactions (:) are not supported")]
    [InlineData("y ~ log(x)", "functions and powers")]
    [InlineData("y ~ x^2", "functions and powers")]
    [InlineData("y ~ a - b", "cannot be removed")]
    [InlineData("y ~ x - 1", "cannot be removed")]
    [InlineData("y ~ 0 + x", "without intercept")]
    [InlineData("y ~ 2020", "`2020`")]
    [InlineData("y ~ life exp", "`life exp`")]
    [InlineData("life exp ~ y", "a ~ is missing")]
    [InlineData("y ~ `age", "at character 5 is not closed")]
    [InlineData("y ~ ``", "no name between")]
    [InlineData("y ~ x + y", "'y' is on both sides")]
    [InlineData("y ~ x + x", "'x' is named twice")]
    [InlineData(". ~ x", "right of ~")]
    public void WhatIsNoFormula_IsRefused_AndToldWhy(string text, string because)
    {
        FormatException error = Assert.Throws<FormatException>(() => RegressionFormula.Parse(text));
        Assert.Contains(because, error.Message);
        Assert.Contains($"'{text}'", error.Message);
    }

    [Fact]
    public void Dot_StandsForAllOthers_InTheirOrder()
    {
        RegressionFormula formula = RegressionFormula.Parse("b ~ d + .");
        Assert.True(formula.AllOthers);
        Assert.Equal("b ~ d + .", formula.ToString());
        Assert.Equal(new RegressionFormula("b", ["d", "a", "c"]), formula.Resolve(["a", "b", "c", "d"]));
    }

    [Theory]
    [InlineData("income ~ agee", "'agee'", "Did you mean age?")]
    [InlineData("Income ~ age", "'Income'", "Did you mean income?")]
    [InlineData("income ~ lifeexp", "'lifeexp'", "Did you mean `life exp`?")]
    public void AnUnknownColumn_IsNamed_WithWhatWasPerhapsMeant(string text, string named, string hint)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => RegressionFormula.Parse(text)
            .Resolve(["income", "age", "life exp"]));
        Assert.Contains(named, error.Message);
        Assert.Contains(hint, error.Message);
        Assert.Contains("'life exp'", error.Message);
    }

    [Fact]
    public void AnUnknownColumn_NearNone_GetsNoHint() =>
        Assert.DoesNotContain("Did you mean", Assert.Throws<ArgumentException>(() => RegressionFormula.Parse("income ~ zzz")
            .Resolve(["income", "age"])).Message);

    [Fact]
    public void KnownColumns_AreLeftAsTheyAre()
    {
        RegressionFormula formula = RegressionFormula.Parse("y ~ b + a");
        Assert.Equal(formula, formula.Resolve(["a", "b", "y"]));
    }
}
