using System.Globalization;
using System.Text.Json;
using Imputation.Files;
using Imputation.Parquet;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Cli;

/// <summary><c>impute pool</c>.</summary>
public sealed class PoolTests : IDisposable
{
    private const string Two = "imputation,term,estimate,std.error\n1,a,1,0.5\n1,b,3,0.25\n2,a,2,0.5\n2,b,3.5,0.25\n";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Their squares are 0 or infinite: a standard error of 0 and p = 0 came out.</summary>
    [Theory]
    [InlineData("1e-300", "too small", "smaller units")]
    [InlineData("1e200", "too large", "larger units")]
    public void StandardErrorsWhoseSquareNoDoubleHolds_AreRefused(string error, params string[] texts)
    {
        string path = _scratch.Write("e.csv", $"imputation,term,estimate,std.error\n1,a,{error},{error}\n2,a,{error},{error}\n");
        Impute.Run("pool", path).Expect(3).Says(["Term 'a'", .. texts]);
    }

    [Fact]
    public void InfiniteDegreesOfFreedom_AreALargeSample_InPlaceOfTheColumn()
    {
        string path = _scratch.Write("e.csv", "imputation,term,estimate,std.error,df\n1,a,1,1,10\n2,a,2,1,10\n");
        Assert.Contains("assumed to be a large sample", Impute.Run("pool", path, "--df", "inf").Expect(0).Text);
        Impute.Run("pool", path, "--df", "0").Expect(2).Says("--df 0", "such as 96", "Inf");
    }

    /// <summary>broom's name for degrees of freedom is as good as mice's.</summary>
    [Fact]
    public void ResidualDegreesOfFreedom_AreThoseOfACompleteAnalysis()
    {
        string Pooled(string name) => Impute.Run("pool", _scratch.Write($"{name}.csv",
            $"imputation,term,estimate,std.error,{name}\n1,a,1,1,10\n2,a,2,1,10\n"), "--out", "-", "--quiet").Expect(0).Text;
        Assert.Equal(Pooled("df"), Pooled("df.residual"));
        Assert.NotEqual(Pooled("other"), Pooled("df"));
    }

    /// <summary>Estimates in any order of rows and columns, with any names for the imputations, from CSV or Parquet: what mice gives for
    /// them.</summary>
    [Theory]
    [InlineData("est.csv"), InlineData("est.parquet"), InlineData("semicolons.csv")]
    public void Estimates_ArePooled_AsByMice(string file)
    {
        JsonElement reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "pool",
            "multiparameter_D1_D2_D3.json"))).RootElement;
        var lines = new List<string>();
        JsonElement[] coefficients = [.. reference.GetProperty("coefficients").EnumerateArray()];
        for (int i = 0; i < coefficients.Length; i++)
        {
            double[,] covariance = ReferenceCase.Square(reference.GetProperty("vcov")[i]);
            lines.AddRange(coefficients[i].EnumerateObject().Select((c, j) =>
                string.Create(CultureInfo.InvariantCulture,
                    $"{c.Name},{Math.Sqrt(covariance[j, j]):R},x,{c.Value.GetDouble():R},{i + 1}")));
        }
        lines.Reverse();
        string text = "Term,Std.Error,note,ESTIMATE,Imputation\n" + string.Join('\n', lines) + "\n", path = _scratch.Path(file);
        string[] options = ["--df", "21"];
        if (file == "semicolons.csv")
        {
            File.WriteAllText(path, text.Replace(',', ';').Replace('.', ',').Replace("Std,Error", "std.error"));
            options = [.. options, "--decimal-comma"];
        }
        else if (file == "est.csv") File.WriteAllText(path, text);
        else ParquetTable.Write(path, CsvTable.Read(_scratch.Write("first.csv", text)));

        ImputeResult result = Impute.Run(["pool", path, .. options, "--json", _scratch.Path("p.json"), "--out", _scratch.Path("p.csv")])
            .Expect(0);
        JsonElement[] terms = [.. JsonDocument.Parse(File.ReadAllText(_scratch.Path("p.json"))).RootElement.GetProperty("terms")
            .EnumerateArray()];
        Table written = CsvTable.Read(_scratch.Path("p.csv"));
        Assert.Equal(["hyp", "bmi", "age", "(Intercept)"], terms.Select(t => t.GetProperty("term").GetString()!));
        foreach (JsonElement expected in reference.GetProperty("mice_pool_summary").EnumerateArray())
        {
            string name = expected.GetProperty("term").GetString()!;
            int row = Array.FindIndex(terms, t => t.GetProperty("term").GetString() == name);
            foreach ((string key, string json, string csv) in (ReadOnlySpan<(string, string, string)>)[
                ("estimate", "estimate", "estimate"), ("std.error", "standardError", "std.error"), ("2.5 %", "lower", "conf.low"),
                    ("97.5 %", "upper", "conf.high"),
                ("df", "degreesOfFreedom", "df"), ("p.value", "p", "p.value"), ("fmi", "fractionOfMissingInformation", "fmi"),
                    ("riv", "relativeIncrease", "riv"), ("lambda", "lambda", "lambda")])
            {
                double value = expected.GetProperty(key).GetDouble();
                Assert.Equal(1, terms[row].GetProperty(json).GetDouble() / value, 1e-10);
                Assert.Equal(1, ((NumericColumn)written[csv])[row] / value, 1e-10);
            }
            Assert.Contains($" {name} ", result.Text);
        }
        Assert.Contains("4 terms over 5 imputations", result.Text);
        Assert.Contains("21 degrees of freedom", result.Text);
        Assert.Matches(@"age +34\.0932 +15\.005 +-3\.5144 +71\.701 +5\.464 +0\.0678 +0\.645 +1\.15 +0\.535\n", result.Text);
    }

    [Fact]
    public void LargeSample_IsSaid_AndInfinityIsInf()
    {
        string input = _scratch.Write("in.csv", "imputation,term,estimate,std.error\n1,a,2,0.5\n2,a,2,0.5\n");
        ImputeResult result = Impute.Run("pool", input, "--out", "-").Expect(0).Says("--df", "inf");
        Assert.StartsWith("term,estimate,std.error,conf.low,conf.high,df,", result.Text);
        Assert.Contains("\na,2,0.5,1.02001800772997", result.Text);
        Assert.Contains(",Inf,4,", result.Text);
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(Impute.Run("pool", input, "--json", "-", "-q").Expect(0).Text)
            .RootElement.GetProperty("terms")[0].GetProperty("degreesOfFreedom").ValueKind);
    }

    [Fact]
    public void ColumnDf_IsTheCompleteData_UnlessTheOptionSaysOtherwise()
    {
        string input = _scratch.Write("in.csv",
            "imputation,term,estimate,std.error,DF\nx,a,1,0.5,20\nx,b,1,0.5,Inf\ny,a,2,0.5,20\ny,b,2,0.5,\n");
        double[] Df(params string[] options) => [.. JsonDocument.Parse(Impute.Run(["pool", input, "--json", "-", "-q", .. options])
            .Expect(0).Text).RootElement.GetProperty("terms").EnumerateArray()
            .Select(t => t.GetProperty("completeDegreesOfFreedom") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble()
                : double.PositiveInfinity)];
        Assert.Equal([20, double.PositiveInfinity], Df());
        Assert.Equal([7.5, 7.5], Df("--df", "7.5"));
    }

    [Fact]
    public void Confidence_IsTaken()
    {
        string input = _scratch.Write("in.csv", Two);
        Assert.Contains("90 % from", Impute.Run("pool", input, "--confidence", "0.9").Expect(0).Text);
        Impute.Run("pool", input, "--confidence", "90").Expect(2).Says("--confidence 90", "between 0 and 1");
        Impute.Run("pool", input, "--df", "0").Expect(2).Says("--df 0");
        Impute.Run("pool", input, "--out", _scratch.Path("out.parquet")).Expect(2).Says("as CSV");
        Impute.Run("pool", input, "--columns", "a").Expect(2).Says("no option --columns");
        Assert.Equal(["in.csv"], _scratch.Names);
    }

    [Theory]
    [InlineData("Term 'b' has no row for imputation 2, only for 1", "1,a,1,0.5\n1,b,3,0.25\n2,a,2,0.5\n")]
    [InlineData("Row 3: term 'a' of imputation 1 is already in row 1", "1,a,1,0.5\n2,a,3,0.25\n1,a,2,0.5\n")]
    [InlineData("all 2 rows belong to imputation 7; the between-imputation variance cannot be estimated",
        "7,a,1,0.5\n7,b,3,0.25\n")]
    [InlineData("Column 'std.error', row 2: -0.25 for term 'a' of imputation 2 is negative", "1,a,1,0.5\n2,a,3,-0.25\n")]
    [InlineData("Column 'estimate', row 2: 'high'", "1,a,1,0.5\n2,a,high,0.25\n3,a,2,1\n")]
    [InlineData("Column 'estimate', row 1: 'low'", "1,a,low,0.5\n2,a,high,0.25\n")]
    [InlineData("Column 'estimate', row 2: the cell is missing", "1,a,1,0.5\n2,a,NA,0.25\n")]
    [InlineData("Column 'std.error', row 1: the cell is missing", "1,a,1,\n2,a,1,0.25\n")]
    [InlineData("Column 'term', row 2: the cell is missing", "1,a,1,1\n2,,1,0.25\n")]
    [InlineData("Column 'estimate', row 2: 'Inf'", "1,a,1,1\n2,a,Inf,0.25\n")]
    [InlineData("no rows follow it", "")]
    public void WrongTables_NameRowAndValue_AndExit3(string message, string rows)
    {
        string input = _scratch.Write("in.csv", "imputation,term,estimate,std.error\n" + rows);
        ImputeResult result = Impute.Run("pool", input, "--out", _scratch.Path("out.csv")).Expect(3).Says(message);
        Assert.Empty(result.Output);
        Assert.Equal(["in.csv"], _scratch.Names);
    }

    [Theory]
    [InlineData("There is no column 'std.error'", "Did you mean 'std_error'?", "imputation,term,estimate,std_error\n1,a,1,1\n2,a,1,1\n")]
    [InlineData("Columns 'Term' and 'term' are both", "expected one", "imputation,Term,term,estimate,std.error\n1,a,b,1,1\n2,a,b,1,1\n")]
    [InlineData("Column 'df', row 2: 21 for term 'a', but 20 in row 1", "--df",
        "imputation,term,estimate,std.error,df\n1,a,1,1,20\n2,a,1,1,21\n")]
    [InlineData("Column 'df', row 1: 0 for term 'a' of imputation 1", "greater than 0",
        "imputation,term,estimate,std.error,df\n1,a,1,1,0\n2,a,1,1,0\n")]
    [InlineData("Column 'df', row 1: 'many' is not a number", "", "imputation,term,estimate,std.error,df\n1,a,1,1,many\n2,a,1,1,9\n")]
    public void WrongColumns_AreNamed(string message, string hint, string text) => Impute.Run("pool", _scratch.Write("in.csv", text))
        .Expect(3).Says(message, hint);

    /// <summary>Terms that look like numbers or like markup, imputations that are names, quoted cells.</summary>
    [Fact]
    public void NamesMayBeAnything()
    {
        string input = _scratch.Write("in.csv", "imputation,term,estimate,std.error\nfirst,1,1,1\nfirst,[red],2,1\nfirst,\"x, "
            + "<script>\",3,1\nsecond,1,1,1\nsecond,[red],2,1\nsecond,\"x, <script>\",3,1\n");
        string text = Impute.Run("pool", input).Expect(0).Text;
        foreach (string name in (string[])[" 1 ", " [red] ", " x, <script> "]) Assert.Contains(name, text);
        Assert.Contains("\"x, <script>\",3,", Impute.Run("pool", input, "--out", "-", "-q").Expect(0).Text);
    }

    [Fact]
    public void OtherColumns_MayHoldWhatTheyLike()
    {
        const string text =
            "imputation,term,estimate,std.error,p.value,upper\n1,a,1,1,0.3,2\n2,a,1,1,0.25,3\n3,a,2,1,0.02,Inf\n4,a,9,1,<0.001,7\n";
        string one = Impute.Run("pool", _scratch.Write("in.csv", text), "--out", "-", "-q").Expect(0).Text;
        Assert.Contains("\na,3.25,", one);
        Assert.Equal(one, Impute.Run(["pool", "-", "--out", "-", "-q"], System.Text.Encoding.UTF8.GetBytes(text)).Expect(0).Text);
        Impute.Run("pool", _scratch.Path("in.csv"), "--out", _scratch.Path("out.tsv")).Expect(0);
        Assert.Equal(one.Replace(',', '\t'), File.ReadAllText(_scratch.Path("out.tsv")));
    }

    [Fact]
    public void ImputationZero_IsNoted()
    {
        string input = _scratch.Write("in.csv", "imputation,term,estimate,std.error\n0,a,1,1\n1,a,1,1\n2,a,2,1\n");
        Impute.Run("pool", input).Expect(0).Says("imputation 0", "incomplete data");
        Assert.Empty(Impute.Run("pool", _scratch.Write("two.csv", Two)).Expect(0).Error);
    }
}
