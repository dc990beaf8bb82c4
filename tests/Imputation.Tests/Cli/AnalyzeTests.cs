using System.Globalization;
using System.Text.Json;
using Imputation.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Cli;

/// <summary><c>impute analyze</c>.</summary>
public sealed class AnalyzeTests : IDisposable
{
    private static readonly string s_air = Path.Combine(ReferenceCase.Root, "data", "airquality.csv");

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Analysis_IsWritten_WithTheCompleteCasesBeside()
    {
        ImputeResult result = Impute.Run("analyze", s_air, "Ozone ~ Solar.R + Wind + Temp", "-m", "5", "--json", _scratch.Path("a.json"),
            "--out", _scratch.Path("c.csv")).Expect(0);
        foreach (string text in (string[])["Ozone ~ Solar.R + Wind + Temp", "153, all used; 111 of them (72.5 %)", "(Intercept)",
            "complete cases", "R-squared", "fmi"]) Assert.Contains(text, Flat(result.Text));
        JsonElement json = Json("a.json");
        Assert.Equal(("imputation/analysis", 5, 153, 111), (json.GetProperty("format").GetString(),
            json.GetProperty("imputations").GetInt32(), json.GetProperty("rows").GetInt32(), json.GetProperty("completeRows").GetInt32()));
        JsonElement[] terms = [.. json.GetProperty("coefficients").EnumerateArray()];
        Assert.Equal(["(Intercept)", "Solar.R", "Wind", "Temp"], terms.Select(t => t.GetProperty("term").GetString()!));
        Assert.All(terms, t => Assert.Equal(149, t.GetProperty("completeDegreesOfFreedom").GetDouble()));
        Assert.Equal(6, json.GetProperty("correlations").GetArrayLength());
        Assert.Equal(4, json.GetProperty("means").GetArrayLength());

        // Of few imputations too few: m = 1 + ½(γ/CV)² at the upper end of what the fraction of the coefficient that lost most may be.
        JsonElement advice = json.GetProperty("advice"), most = terms.MaxBy(t => t.GetProperty("fractionOfMissingInformation").GetDouble());
        Assert.Equal((most.GetProperty("term").GetString(), "coefficient"), (advice.GetProperty("column").GetString(),
            advice.GetProperty("quantity").GetString()));
        double odds = most.GetProperty("fractionOfMissingInformation").GetDouble() / (1 - most.GetProperty("fractionOfMissingInformation")
            .GetDouble()) * Math.Exp(1.96 * Math.Sqrt(2.0 / 5)), upper = odds / (1 + odds);
        Assert.Equal(1 + 0.5 * Math.Pow(upper / 0.05, 2), advice.GetProperty("recommended").GetInt32(), 1.1);
        Assert.Contains($"make {advice.GetProperty("recommended").GetInt32()} imputations", Flat(result.Text));

        LinearRegression complete = LinearRegression.Fit(CsvTable.Read(s_air), RegressionFormula.Parse("Ozone ~ Solar.R + Wind + Temp"));
        JsonElement cases = json.GetProperty("completeCases");
        // The native command may run without this process's instruction set: agreement to rounding, not to the bit.
        Assert.Equal(complete["Wind"].Estimate, cases.GetProperty("coefficients")[2].GetProperty("estimate").GetDouble(), 1e-12);
        Assert.Equal(complete.RSquared, cases.GetProperty("rSquared").GetDouble());

        Table written = CsvTable.Read(_scratch.Path("c.csv"));
        for (int row = 0; row < 4; row++)
            Assert.Equal(terms[row].GetProperty("estimate").GetDouble(), ((NumericColumn)written["estimate"])[row]);
    }

    [Fact]
    public void SameSeed_SameAnswer_OnAnyNumberOfThreads()
    {
        string One(params string[] options) => Impute.Run(["analyze", s_air, "Ozone ~ .", "-m", "4", "--out", "-", "-q", .. options])
            .Expect(0).Text;
        string one = One("--seed", "7", "--threads", "1");
        Assert.Equal(one, One("--seed", "7", "--threads", "3"));
        Assert.NotEqual(one, One("--seed", "8"));
    }

    [Fact]
    public void Matching_IsTaken()
    {
        string said = Flat(Impute.Run("analyze", s_air, "Ozone ~ Solar.R", "-m", "3", "--pmm", "--donors", "4", "--json",
            _scratch.Path("p.json")).Expect(0).Text);
        Assert.Contains("predictive mean matching (4 donors)", said);
        Assert.Equal((true, 4), (Json("p.json").GetProperty("matching").GetBoolean(), Json("p.json").GetProperty("donors").GetInt32()));
    }

    /// <summary>What is to be said of what was filled in is said here too, and what is to be said of a table with no holes.</summary>
    [Fact]
    public void Strict_RefusesForBounds_AndWhereNothingIsMissing()
    {
        string[] bounds = ["analyze", s_air, "Ozone ~ Wind", "-m", "2", "--bounds", "Ozone=150..200"];
        Impute.Run([.. bounds, "--strict"]).Expect(5).Says("observed values of 'Ozone' lie outside the bounds 150 to 200");
        Assert.Contains("lie outside the bounds", Flat(Impute.Run([.. bounds, "--json", _scratch.Path("a.json")]).Expect(0).Text));
        Assert.Contains(Json("a.json").GetProperty("findings").EnumerateArray(),
            f => f.GetProperty("code").GetString() == "observed-outside-bounds");
        Impute.Run("multiple", s_air, "-m", "2", "--bounds", "Ozone=150..200", "--out", _scratch.Path("out"), "--json",
            _scratch.Path("m.json")).Expect(0);
        Assert.Contains(Json("m.json").GetProperty("multiple").GetProperty("findings").EnumerateArray(),
            f => f.GetProperty("code").GetString() == "observed-outside-bounds");
        string whole = _scratch.Write("whole.csv", "y,a,k\n1,2,5\n2,1,5\n4,7,5\n3,3,5\n9,8,5\n");
        Impute.Run("analyze", whole, "y ~ a + k", "--strict").Expect(5).Says("'k' has no coefficient");
    }

    [Fact]
    public void NotConverged_SpeaksOfTheAnswer_AsNoFileIsWritten() =>
        Assert.DoesNotContain("files are written", Impute.Run("analyze", s_air, "Ozone ~ Wind", "-m", "2", "--max-iterations", "1")
            .Expect(4).Says("NOT CONVERGED", "The results are printed").Error);

    /// <summary>Cells missing completely at random: that answers differ by a standard error does not show that the rows left out
    /// differ.</summary>
    [Fact]
    public void WhatChanged_ClaimsNoMoreThanItKnows()
    {
        string text = Flat(Impute.Run("analyze", s_air, "Ozone ~ Solar.R + Wind + Temp", "-m", "2", "--bounds", "Ozone=150..").Expect(0)
            .Text);
        Assert.Contains("by chance, or because incomplete rows differ", text);
        string exact = _scratch.Write("exact.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 50)
            .Select(i => $"{i % 7},{(i % 4 == 0 ? "" : i % 7)}\n")));
        Assert.DoesNotContain("incomplete rows differ", Flat(Impute.Run("analyze", exact, "y ~ x", "-m", "2", "--pmm").Expect(0).Text));
    }

    [Fact]
    public void DataAugmentation_IsTaken_AndTellsOfItsChains()
    {
        string said = Flat(Impute.Run("analyze", s_air, "Ozone ~ Solar.R", "-m", "4", "--method", "da", "--chains", "2", "--json",
            _scratch.Path("d.json"), "--traces", _scratch.Path("t.csv")).Expect(0).Text);
        foreach (string text in (string[])["by data augmentation (each with a posterior draw of the parameters)",
            "Chains 2, burn-in 50 iterations, thinning 20; largest R-hat", "posterior draws need a prior"]) Assert.Contains(text, said);
        JsonElement json = Json("d.json");
        Assert.Equal(("dataAugmentation", 2), (json.GetProperty("method").GetString(), json.GetProperty("chains").GetProperty("count")
            .GetInt32()));
        Assert.Contains("prior-for-draws", json.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()));
        Assert.StartsWith("iteration,chain,parameter,value\n1,1,mean(Ozone),", File.ReadAllText(_scratch.Path("t.csv")));
        Impute.Run("analyze", s_air, "Ozone ~ Wind", "--thinning", "5").Expect(2).Says("--thinning needs --method da");
        Impute.Run("analyze", Path.Combine(ReferenceCase.Root, "degenerate", "never_jointly_observed.csv"), "b ~ a", "--method", "da",
            "--prior", "none").Expect(3).Says("'b' and 'c' are never observed together", "ridge:1");
    }

    /// <summary>A long file as mice writes it, with row names that are no numbers: the pooled coefficients are mice's.</summary>
    [Theory]
    [InlineData(true), InlineData(false)]
    public void LongFile_GivesMicesAnswer(bool withIncomplete)
    {
        string[][] Lines(string path) => [.. File.ReadLines(path).Where(l => l.Length > 0).Select(l => l.Split(','))];
        string[][] original = Lines(Path.Combine(ReferenceCase.Root, "data", "nhanes.csv")),
            first = Lines(Path.Combine(ReferenceCase.Root, "pool", "nhanes_imputed_1.csv"));
        int[] order = [.. first[0].Select(name => Array.IndexOf(original[0], name))];
        var lines = new List<string> { $"\"\",{string.Join(',', first[0])},.imp,.id" };
        if (withIncomplete)
            lines.AddRange(original.Skip(1).Select((cells, i) => $"r0.{i},{string.Join(',', order.Select(j => cells[j]))},0,p{i}"));
        for (int k = 1; k <= 5; k++)
            lines.AddRange(Lines(Path.Combine(ReferenceCase.Root, "pool", $"nhanes_imputed_{k}.csv")).Skip(1)
                .Select((cells, i) => $"r{k}.{i},{string.Join(',', cells)},{k},p{i}"));
        string path = _scratch.Write("long.csv", string.Join('\n', lines).Replace("\"\",", "row,") + "\n");

        ImputeResult result = Impute.Run("analyze", path, "chl ~ age + bmi + hyp", "--long", "--json", _scratch.Path("l.json")).Expect(0);
        JsonElement json = Json("l.json");
        JsonElement reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "pool",
            "multiparameter_D1_D2_D3.json"))).RootElement;
        foreach ((JsonElement expected, JsonElement actual) in reference.GetProperty("mice_pool_summary").EnumerateArray()
            .Zip(json.GetProperty("coefficients").EnumerateArray()))
        {
            Assert.Equal(expected.GetProperty("term").GetString(), actual.GetProperty("term").GetString());
            Assert.Equal(1, actual.GetProperty("estimate").GetDouble() / expected.GetProperty("estimate").GetDouble(), 1e-10);
            Assert.Equal(1, actual.GetProperty("standardError").GetDouble() / expected.GetProperty("std.error").GetDouble(), 1e-10);
            Assert.Equal(1, actual.GetProperty("p").GetDouble() / expected.GetProperty("p.value").GetDouble(), 1e-10);
        }
        if (withIncomplete) Assert.Equal(13, json.GetProperty("completeCases").GetProperty("rows").GetInt32());
        else Assert.Equal(JsonValueKind.Null, json.GetProperty("completeCases").ValueKind);
        Assert.Contains(withIncomplete ? "13 of them (52.0 %)" : "is unknown", Flat(result.Text));
        Impute.Run("analyze", path, "chl ~ age", "--long", "-m", "5").Expect(2).Says("--imputations is for imputing", "--long");
    }

    [Theory]
    [InlineData("analyze", "a ~ b")]
    [InlineData("fill", "--out", "OUT")]
    [InlineData("fit", "--out", "OUT")]
    [InlineData("describe")]
    [InlineData("multiple", "--out", "OUT")]
    public void LongFile_IsNotTakenForOneTable(string command, params string[] rest)
    {
        string input = _scratch.Write("long.csv",
            ".imp,.id,a,b\n0,1,1,2\n0,2,NA,3\n0,3,4,NA\n1,1,1,2\n1,2,3,3\n1,3,4,4\n2,1,1,2\n2,2,2,3\n2,3,4,5\n");
        Impute.Run([command, input, .. rest.Select(a => a == "OUT" ? _scratch.Path("out") : a)]).Expect(2).Says(".imp and .id", "--long",
            "--exclude .imp,.id");
        Assert.Equal(["long.csv"], _scratch.Names);
        Impute.Run("fill", input, "--exclude", ".imp,.id", "--out", _scratch.Path("out.csv")).Expect(0);
    }

    [Fact]
    public void LongFile_OfOneImputation_IsRefused_WithTheReason()
    {
        string path = _scratch.Write("one.csv", ".imp,.id,y,x\n0,1,NA,1\n0,2,2,2\n1,1,1,1\n1,2,2,2\n");
        Impute.Run("analyze", path, "y ~ x", "--long").Expect(3).Says("only one imputation", "variation between imputations");
        Impute.Run("analyze", s_air, "Ozone ~ Wind", "--long").Expect(3).Says("no column '.imp'", "mice");
    }

    [Theory]
    [InlineData("there is no column 'Wnd'. Did you mean 'Wind'?", "Ozone ~ Wnd")]
    [InlineData("-m 1: one imputation does not show the uncertainty", "Ozone ~ Wind", "-m", "1")]
    [InlineData("-m 0: expected a number of imputations of at least 2", "Ozone ~ Wind", "-m", "0")]
    [InlineData("-m many", "Ozone ~ Wind", "-m", "many")]
    [InlineData("~", "Ozone + Wind")]
    [InlineData("--method mean: expected emb or da", "Ozone ~ Wind", "--method", "mean")]
    [InlineData("--donors needs --pmm", "Ozone ~ Wind", "--donors", "3")]
    [InlineData("--donors 0", "Ozone ~ Wind", "--pmm", "--donors", "0")]
    [InlineData("'FORMULA'", null)]
    [InlineData("as CSV", "Ozone ~ Wind", "--out", "c.parquet")]
    [InlineData("--confidence 95", "Ozone ~ Wind", "--confidence", "95")]
    public void WrongUsage_IsExplained(string message, string? formula, params string[] options)
    {
        ImputeResult result = Impute.Run(["analyze", s_air, .. formula is null ? (string[])[] : [formula], .. options]).Expect(2);
        if (formula is not null) result.Says(message);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void TextAsResponse_IsRefused_BeforeTheWork()
    {
        string path = _scratch.Write("t.csv", "y,sex\n1,f\n2,m\n,f\n4,m\n5,m\n");
        Impute.Run("analyze", path, "sex ~ y").Expect(2).Says("column 'sex' is text", "0 and 1");
    }

    [Fact]
    public void Dot_LeavesOutWhatIsExcluded()
    {
        string text = Impute.Run("analyze", s_air, "Ozone ~ .", "--exclude", "Month,Day", "-m", "2").Expect(0).Text;
        Assert.Contains("Ozone ~ Solar.R + Wind + Temp", text);
        Assert.DoesNotContain("Month +", text);
        Assert.Contains("Month", Impute.Run("analyze", s_air, "Ozone ~ Month + .", "--exclude", "Month,Day", "-m", "2").Expect(0).Text);
    }

    /// <summary>With holes in the category too: it is filled by the latent model, each level but the first is compared with it, and all of
    /// its coefficients are tested together.</summary>
    [Fact]
    public void Categories_ArePredictors()
    {
        var random = new Random(5);
        string[] groups = ["a", "b", "c"];
        IEnumerable<string> rows = Enumerable.Range(0, 300).Select(i => (Group: random.Next(3), X: random.NextDouble(), Row: i))
            .Select(r => FormattableString.Invariant($"{r.X + 2 * r.Group + 0.2 * random.NextDouble():F4},{r.X:F4},")
                + (r.Row % 9 == 0 ? "NA" : groups[r.Group]));
        string path = _scratch.Write("g.csv", "y,x,group\n" + string.Join('\n', rows) + "\n"), json = _scratch.Path("g.json");
        string text = Impute.Run("analyze", path, "y ~ .", "-m", "5", "--json", json).Expect(0).Text;
        Assert.All(["group=b", "group=c", "difference from group=a", "all its levels together: F ="], said => Assert.Contains(said, text));
        JsonElement analysis = JsonDocument.Parse(File.ReadAllText(json)).RootElement;
        JsonElement category = Assert.Single(analysis.GetProperty("categories").EnumerateArray());
        Assert.Equal("a", category.GetProperty("reference").GetString());
        Assert.Equal(2, category.GetProperty("test").GetProperty("numeratorDegreesOfFreedom").GetInt32());
        double Estimate(string list, string term) => analysis.GetProperty(list).EnumerateArray()
            .Single(c => c.GetProperty("term").GetString() == term).GetProperty("estimate").GetDouble();
        Assert.Equal(2, Estimate("coefficients", "group=b"), 0.2);
        Assert.Equal(4, Estimate("coefficients", "group=c"), 0.2);
        Assert.InRange(Estimate("means", "group=b"), 0.25, 0.42);
    }

    [Fact]
    public void TooFewRows_AreRefused_WithTheirNumber() =>
        Impute.Run("analyze", _scratch.Write("f.csv", "y,a,b\n1,1,5\n2,3,4\n4,2,1\n"), "y ~ a + b", "--out", _scratch.Path("o.csv"))
            .Expect(3).Says("Only 3 rows have values in all columns of y ~ a + b", "needs at least 4 rows");

    [Fact]
    public void ColumnThatWasNotImputed_IsRefused()
    {
        ImputeResult result = Impute.Run("analyze", s_air, "Ozone ~ Solar.R", "--exclude", "Solar.R", "--out", _scratch.Path("o.csv"))
            .Expect(3).Says("'Solar.R' still has 7 missing cells", "Model it together");
        Assert.Empty(_scratch.Names);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void CollinearPredictor_IsNamed_AndRefusedUnderStrict()
    {
        var text = new System.Text.StringBuilder("y,x,twice\n");
        for (int i = 0; i < 30; i++) text.Append(CultureInfo.InvariantCulture,
            $"{(i % 7 == 3 ? "" : (i * 37 % 11).ToString(CultureInfo.InvariantCulture))},{i * 13 % 17},{2 * (i * 13 % 17)}\n");
        string path = _scratch.Write("c.csv", text.ToString());
        string said = Flat(Impute.Run("analyze", path, "y ~ x + twice", "-m", "3").Expect(0).Text);
        Assert.Contains("'twice' has no coefficient: it is an exact linear combination of 'x'", said);
        Impute.Run("analyze", path, "y ~ x + twice", "-m", "3", "--strict").Expect(5).Says("'twice'");
    }

    [Fact]
    public void NothingMissing_IsSaid_AndNeedsNoModel()
    {
        string said = Flat(Impute.Run("analyze", s_air, "Temp ~ Wind", "-m", "2").Expect(0).Text);
        Assert.Contains("nothing is imputed", said);
        Assert.DoesNotContain("Log-likelihood", said);
    }

    /// <summary>With many columns a line for every pair would drown the answer: only those with the response, the others in the
    /// JSON.</summary>
    [Fact]
    public void ManyColumns_ShowOnlyTheResponsesCorrelations()
    {
        string said = Flat(Impute.Run("analyze", Path.Combine(ReferenceCase.Root, "data", "bfi25.csv"),
            "A1 ~ A2 + A3 + A4 + A5 + C1 + C2 + C3 + C4 + C5", "-m", "2", "--json", _scratch.Path("m.json")).Expect(0).Text);
        Assert.Contains("and 36 correlations of the predictors with each other; --json has all", said);
        Assert.Equal(45, Json("m.json").GetProperty("correlations").GetArrayLength());
    }

    [Fact]
    public void NamesMayBeAnything()
    {
        string path = _scratch.Write("n.csv", "<script>,life exp,[red]\n1,2,3\n2,,4\n4,5,1\n3,3,\n7,8,2\n6,5,3\n9,9,4\n");
        string said = Impute.Run("analyze", path, "`<script>` ~ `life exp` + `[red]`", "-m", "3").Expect(0).Text;
        foreach (string name in (string[])[" <script> ", " life exp ", " [red] "]) Assert.Contains(name, said);
    }

    private JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllText(_scratch.Path(name))).RootElement;

    /// <summary>As one line: where a sentence is wrapped depends on what stands before it.</summary>
    private static string Flat(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
