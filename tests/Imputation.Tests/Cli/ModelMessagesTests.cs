using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Imputation.Tests.Cli;

/// <summary>What the command says of mixtures, factor models and t distributions: the words fit what was done, and the advice helps.
/// </summary>
public sealed partial class ModelMessagesTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Rows of so many numbers, some with a hole.</summary>
    private string Rows(int rows, int columns, Func<Random, int, int, double> cell)
    {
        var random = new Random(5);
        return _scratch.Write("in.csv", string.Join(",", Enumerable.Range(0, columns).Select(j => $"c{j}")) + "\n"
            + string.Concat(Enumerable.Range(0, rows).Select(i => string.Join(",", Enumerable.Range(0, columns).Select(j =>
                (i + 3 * j) % 11 == 10 ? "NA" : cell(random, i, j).ToString("F4", CultureInfo.InvariantCulture))) + "\n")));
    }

    /// <summary>Words with one blank between them: lines of a summary are wrapped.</summary>
    private static string Words(string text) => Blanks().Replace(text, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    /// <summary>It was a count of 0 with a list of nothing, and a prior that is the default and of which there is none for mixtures.
    /// </summary>
    [Fact]
    public void AMixtureWithoutAProperEnd_IsSaidToHaveNone_AndTheAdviceHelps()
    {
        string data = Rows(14, 4, (random, _, _) => random.NextDouble());
        ImputeResult fit = Impute.Run("fit", data, "--model", "mixture:3", "--out", _scratch.Path("m.json")).Expect(4);
        Assert.DoesNotContain("--prior auto", Words(fit.Text + fit.Error));
        Assert.Contains("--prior ridge:1", Words(fit.Error));
        Assert.Contains("starts, none of which came to a proper end", Words(fit.Text));
        ImputeResult fill = Impute.Run("fill", data, "--model", "mixture:3", "--out", _scratch.Path("o.csv")).Expect(3);
        Assert.Contains("No start came to a proper end", Words(fill.Error));
        Assert.Contains("ridge:1", fill.Error);
        Impute.Run("fill", data, "--model", "mixture:3", "--prior", "ridge:1", "--out", _scratch.Path("o.csv")).Expect(0);
    }

    /// <summary>A mean between two humps was marked in the ledger only.</summary>
    [Fact]
    public void CellsBetweenTwoHumps_AreCounted_AndDrawsAreOffered()
    {
        string data = Rows(120, 3, (random, i, j) => (i % 2 == 0 || j == 0 ? 0 : 10) + random.NextDouble() + random.NextDouble());
        File.AppendAllText(data, "1,NA,NA\n");
        string said = Words(Impute.Run("fill", data, "--model", "mixture:2", "--out", _scratch.Path("o.csv")).Expect(0).Text);
        Assert.Contains("2 undecided between components, where hardly any value is: c1 1, c2 1; --method draw fills values of one or "
            + "the other", said);
        Assert.DoesNotContain("undecided", Words(Impute.Run("fill", data, "--model", "mixture:2", "--method", "draw", "--out",
            _scratch.Path("o.csv")).Expect(0).Text));
    }

    /// <summary>The number that was asked for was said to be chosen.</summary>
    [Fact]
    public void FactorsThatWereAskedFor_AreNotSaidToBeChosen()
    {
        string data = Rows(24, 6, (random, i, j) => Math.Sin(i) * (j + 1) + random.NextDouble());
        string said = Words(Impute.Run("fit", data, "--model", "factor:2", "--out", _scratch.Path("m.json")).Expect(0).Text);
        Assert.DoesNotContain("factors were chosen", said);
        Assert.Matches("The prior (none|ridge:[0-9]+) was chosen by hidden cells", said);
        Assert.Contains("chosen by hidden cells", Words(Impute.Run("fit", data, "--model", "factor", "--out", _scratch.Path("m.json"))
            .Expect(0).Text));

        // With rows enough it is maximum likelihood, as asked.
        data = Rows(90, 6, (random, i, j) => Math.Sin(i) * (j + 1) + random.NextDouble());
        Assert.Contains("Prior none: maximum likelihood", Words(Impute.Run("fit", data, "--model", "factor:1", "--out",
            _scratch.Path("m.json")).Expect(0).Text));
    }

    /// <summary>Infinite degrees of freedom were left out of the file.</summary>
    [Fact]
    public void ModelFilesOfTheT_AlwaysHaveDegreesOfFreedom()
    {
        string data = Rows(80, 3, (random, i, j) => random.NextDouble());
        Impute.Run("fit", data, "--model", "t", "--out", _scratch.Path("m.json")).Expect(0);
        using var file = JsonDocument.Parse(File.ReadAllText(_scratch.Path("m.json")));
        Assert.Equal(JsonValueKind.Null, file.RootElement.GetProperty("degreesOfFreedom").ValueKind);
        Impute.Run("apply", _scratch.Path("m.json"), data, "--out", _scratch.Path("o.csv")).Expect(0);
    }

    /// <summary>The rows stood in the report and in JSON only.</summary>
    [Fact]
    public void RowsThatCountForLittle_AreNamed()
    {
        string data = Rows(80, 3, (random, i, j) => i == 40 ? 100 : 1 / (0.05 + random.NextDouble()));
        string said = Words(Impute.Run("fit", data, "--model", "t", "--out", _scratch.Path("m.json")).Expect(0).Text);
        Assert.Matches("far from the others.*: (41|.* 41)[,.]", said);
    }

    /// <summary>Too few rows are no column that follows from others.</summary>
    [Fact]
    public void AtOfFewerRowsThanColumns_SaysSo()
    {
        string data = Rows(6, 8, (random, i, j) => random.NextDouble());
        string said = Words(Impute.Run("fit", data, "--model", "t", "--out", _scratch.Path("m.json")).Expect(4).Text);
        Assert.Contains("6 rows are too few for 8 columns", said);
        Assert.DoesNotContain("follows from others", said);
    }

    /// <summary>A model with a smaller loss may be passed over for its means; the words were that none predicts better.</summary>
    [Fact]
    public void WhyAModelIsTaken_IsPrinted_AndWhatWasPassedOver()
    {
        string data = Rows(200, 2, (random, i, j) => (i / 2 % 2 == 0 ? -5 : 5) * (j == 0 ? 1 : i % 2 == 0 ? 1 : -1) + random.NextDouble());
        string said = Words(Impute.Run("fit", data, "--model", "best", "--out", _scratch.Path("m.json")).Expect(0).Text);
        Assert.Contains("Why ", said);
        Assert.Contains("has a smaller loss", said);
        Assert.Contains("but its means are further off", said);
    }
}
