using System.Text.Json;
using Imputation.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Analyses;

/// <summary>Least squares against R's lm, tests/References/analyses, and what must hold for any data.</summary>
public class LinearRegressionTests
{
    private static readonly JsonElement s_reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "analyses",
        "analyses.json"))).RootElement;

    public static TheoryData<int> References => [.. Enumerable.Range(0, s_reference.GetProperty("regressions").GetArrayLength())];

    /// <summary>Relative 1e-10 of a coefficient or its standard error: the references have 15 digits, and lm does not centre.</summary>
    [Theory, MemberData(nameof(References))]
    public void Everything_MatchesLm(int index)
    {
        JsonElement expected = s_reference.GetProperty("regressions")[index];
        Table table = CsvTable.Read(Path.Combine(ReferenceCase.Root, expected.GetProperty("data").GetString()!));
        LinearRegression fit = LinearRegression.Fit(table, RegressionFormula.Parse(expected.GetProperty("formula").GetString()!));

        JsonProperty[] coefficients = [.. expected.GetProperty("coefficients").EnumerateObject()];
        Assert.Equal(coefficients.Select(c => c.Name), fit.Names);
        JsonElement vcov = expected.GetProperty("vcov");
        double[,] covariance = vcov[0].ValueKind == JsonValueKind.Array ? ReferenceCase.Square(vcov) : new[,] { { vcov[0].GetDouble() } },
            actual = fit.Covariance.ToArray();
        for (int j = 0; j < coefficients.Length; j++)
        {
            double error = Math.Sqrt(covariance[j, j]);
            Assert.Equal(0, (coefficients[j].Value.GetDouble() - fit.Coefficients[j]) / error, 1e-10);
            Assert.Equal(fit.Coefficients[j], fit[coefficients[j].Name].Estimate);
            Assert.Equal(1, fit.StandardErrors[j] / error, 1e-10);
            for (int l = 0; l < coefficients.Length; l++)
                Assert.Equal(0, (actual[j, l] - covariance[j, l]) / error / Math.Sqrt(covariance[l, l]), 1e-10);
        }
        Assert.Equal(expected.GetProperty("n").GetInt32(), fit.RowCount);
        Assert.Equal(expected.GetProperty("df").GetInt32(), fit.DegreesOfFreedom);
        Assert.Equal(1, fit.ResidualStandardDeviation / expected.GetProperty("sigma").GetDouble(), 1e-12);
        Assert.Equal(expected.GetProperty("r_squared").GetDouble(), fit.RSquared, 1e-12);
        Assert.Equal(1, fit.LogLikelihood / expected.GetProperty("loglik").GetDouble(), 1e-12);
        Assert.Equal(1, fit.LogLikelihoodAt(fit.Coefficients, fit.MaximumLikelihoodVariance) / fit.LogLikelihood, 1e-12);
        Assert.Empty(fit.Dropped);
    }

    [Fact]
    public void LogLikelihoodAt_IsThatOfTheResiduals()
    {
        Table table = Random(30, 3, 4);
        LinearRegression fit = LinearRegression.Fit(table, new RegressionFormula("y", ["x1", "x2", "x3"]));
        double[] b = [.. fit.Coefficients.Select((c, j) => c + 0.1 * (j + 1))];
        double expected = 0;
        for (int row = 0; row < 30; row++)
        {
            double residual = Number(table, "y", row) - b[0] - b[1] * Number(table, "x1", row) - b[2] * Number(table, "x2", row)
                - b[3] * Number(table, "x3", row);
            expected -= 0.5 * (Math.Log(2 * Math.PI * 1.7) + residual * residual / 1.7);
        }
        Assert.Equal(1, fit.LogLikelihoodAt(b, 1.7) / expected, 1e-12);
        Assert.Contains("3 coefficients; expected 4", Assert.Throws<ArgumentException>(() => fit.LogLikelihoodAt([1, 2, 3], 1)).Message);
        Assert.Contains("variance is 0", Assert.Throws<ArgumentException>(() => fit.LogLikelihoodAt(b, 0)).Message);
    }

    /// <summary>1e-8, 1e12, and years far from 0 beside their spread: the same regression in other units.</summary>
    [Theory]
    [InlineData(1e-8, 0), InlineData(1e12, 0), InlineData(1, 1e6), InlineData(-3e-150, 1e-150), InlineData(1e150, -1e150)]
    public void Units_DoNotMatter(double scale, double shift)
    {
        Table table = Random(40, 3, 1);
        LinearRegression plain = LinearRegression.Fit(table, new RegressionFormula("y", ["x1", "x2", "x3"]));
        LinearRegression scaled = LinearRegression.Fit(Changed(table, "x2", x => scale * x + shift),
            new RegressionFormula("y", ["x1", "x2", "x3"]));
        double tolerance = 1e-13 * (1 + Math.Abs(shift / scale));
        Assert.Equal(1, scaled["x2"].Estimate * scale / plain["x2"].Estimate, 10 * tolerance);
        Assert.Equal(1, scaled["x2"].StandardError * Math.Abs(scale) / plain["x2"].StandardError, 10 * tolerance);
        Assert.Equal(1, scaled["x3"].Estimate / plain["x3"].Estimate, 10 * tolerance);
        Assert.Equal(plain["(Intercept)"].Estimate, scaled["(Intercept)"].Estimate + scaled["x2"].Estimate * shift, 20 * tolerance);
        Assert.Equal(plain.RSquared, scaled.RSquared, tolerance);
        Assert.Equal(plain.LogLikelihood, scaled.LogLikelihood, 100 * tolerance);

        LinearRegression response = LinearRegression.Fit(Changed(table, "y", y => scale * y + shift),
            new RegressionFormula("y", ["x1", "x2", "x3"]));
        Assert.Equal(1, response["x2"].Estimate / scale / plain["x2"].Estimate, 10 * tolerance);
        Assert.Equal(1, response.ResidualStandardDeviation / Math.Abs(scale) / plain.ResidualStandardDeviation, 10 * tolerance);
        Assert.Equal(plain.LogLikelihood - 40 * Math.Log(Math.Abs(scale)), response.LogLikelihood, 1e-9 + 100 * tolerance);
    }

    [Fact]
    public void OrderOfRowsAndPredictors_DoesNotMatter()
    {
        Table table = Random(40, 3, 2);
        LinearRegression plain = LinearRegression.Fit(table, new RegressionFormula("y", ["x1", "x2", "x3"]));
        LinearRegression turned = LinearRegression.Fit(Rows(table, [.. Enumerable.Range(0, 40).Reverse()]),
            new RegressionFormula("y", ["x3", "x1", "x2"]));
        foreach (string name in plain.Names)
        {
            Assert.Equal(plain[name].Estimate, turned[name].Estimate, 1e-13);
            Assert.Equal(plain[name].StandardError, turned[name].StandardError, 1e-13);
        }
    }

    [Fact]
    public void IncompleteRows_AreLeftOut()
    {
        Table table = Random(40, 2, 3);
        Table holes = Changed(Changed(table, "x1", (x, row) => row == 3 ? double.NaN : x), "y", (y, row) => row is 7 or 8 ? double.NaN : y);
        LinearRegression left = LinearRegression.Fit(holes, new RegressionFormula("y", ["x1", "x2"]));
        LinearRegression without = LinearRegression.Fit(Rows(table, [.. Enumerable.Range(0, 40).Where(row => row is not (3 or 7 or 8))]),
            new RegressionFormula("y", ["x1", "x2"]));
        Assert.Equal(37, left.RowCount);
        Assert.Equal(without.Coefficients, left.Coefficients);
        Assert.Equal(38, LinearRegression.Fit(holes, new RegressionFormula("y", ["x2"])).RowCount);
    }

    /// <summary>As lm: the later column goes, and the others are as without it.</summary>
    [Fact]
    public void CollinearPredictors_AreNamed_AndTheOthersAsWithoutThem()
    {
        Table table = Random(30, 3, 5);
        table = Added(table, "twice", row => 2 * Number(table, "x1", row) + 1e6);
        table = Added(table, "mix", row => Number(table, "x1", row) - 3 * Number(table, "x3", row));
        table = Added(table, "five", _ => 5);
        LinearRegression fit = LinearRegression.Fit(table, new RegressionFormula("y", ["x1", "five", "twice", "x2", "x3", "mix"])),
            plain = LinearRegression.Fit(table, new RegressionFormula("y", ["x1", "x2", "x3"]));
        Assert.Equal(plain.Names, fit.Names);
        Assert.Equal(plain.Coefficients, fit.Coefficients);
        Assert.Equal(26, fit.DegreesOfFreedom);
        Assert.Equal(["five", "twice", "mix"], fit.Dropped.Select(d => d.Name));
        Assert.Contains("constant (5)", fit.Dropped[0].Reason);
        Assert.Equal(["x1"], fit.Dropped[1].ExplainedBy);
        Assert.Equal(["x1", "x3"], fit.Dropped[2].ExplainedBy);
        Assert.Contains("'mix' has no coefficient: it is an exact linear combination of 'x1' and 'x3'", fit.Dropped[2].Reason);
    }

    /// <summary>A time stamp in milliseconds: lm takes it for a constant, since 1e12 hides a day's spread; centred it has all its
    /// digits.</summary>
    [Fact]
    public void ColumnFarFromZero_IsNotTakenForConstant()
    {
        Table table = Random(50, 2, 6);
        LinearRegression plain = LinearRegression.Fit(table, new RegressionFormula("y", ["x1", "x2"])),
            far = LinearRegression.Fit(Changed(table, "x1", x => Math.Round(x * 1e5) + 1e12), new RegressionFormula("y", ["x1", "x2"]));
        Assert.Empty(far.Dropped);
        Assert.Equal(1, far["x1"].Estimate * 1e5 / plain["x1"].Estimate, 1e-3);
    }

    [Fact]
    public void DuplicateColumn_OfOneFarFromZero_IsStillFound()
    {
        Table table = Random(50, 1, 6);
        table = Changed(table, "x1", x => x / 3 + 1e7);
        table = Added(table, "copy", row => Number(table, "x1", row) * 1.1);
        Assert.Equal("copy", Assert.Single(LinearRegression.Fit(table, new RegressionFormula("y", ["x1", "copy"])).Dropped).Name);
    }

    [Theory]
    [InlineData(0, "No row has"), InlineData(1, "Only 1 row has"), InlineData(3, "Only 3 rows have")]
    public void TooFewRows_AreRefused_WithTheirNumber(int n, string message)
    {
        string error = Assert.Throws<ImputationDataException>(() => LinearRegression.Fit(Random(n, 2, 7),
            new RegressionFormula("y", ["x1", "x2"]))).Message;
        Assert.StartsWith(message, error);
        Assert.Contains("with 3 coefficients to estimate, a regression needs at least 4 rows", error);
        Assert.Contains("y ~ x1 + x2", error);
    }

    [Fact]
    public void OneRowMoreThanCoefficients_IsEnough()
    {
        LinearRegression fit = LinearRegression.Fit(Random(4, 2, 8), new RegressionFormula("y", ["x1", "x2"]));
        Assert.Equal(1, fit.DegreesOfFreedom);
        Assert.All(fit.StandardErrors, error => Assert.True(double.IsFinite(error) && error > 0));
    }

    [Fact]
    public void MorePredictorsThanRows_AreRefused()
    {
        Table table = Random(10, 200, 9);
        Assert.Contains("201 coefficients", Assert.Throws<ImputationDataException>(() => LinearRegression.Fit(table,
            RegressionFormula.Parse("y ~ ."))).Message);
    }

    [Fact]
    public void ManyPredictors_AreFitted()
    {
        LinearRegression fit = LinearRegression.Fit(Random(600, 220, 10), RegressionFormula.Parse("y ~ ."));
        Assert.Equal(221, fit.Names.Count);
        Assert.InRange(fit["x1"].Estimate, 0.8, 1.2);
    }

    [Fact]
    public void ConstantResponse_IsRefused_WithItsValue() =>
        Assert.Contains("Column 'y' is constant (-2.5) in the 20 rows",
            Assert.Throws<ImputationDataException>(() => LinearRegression.Fit(Changed(Random(20, 1, 1), "y", _ => -2.5),
            new RegressionFormula("y", ["x1"]))).Message);

    [Fact]
    public void PerfectFit_HasNoUncertainty()
    {
        LinearRegression fit = LinearRegression.Fit(Table.FromArray(["y", "x"], new double[,] { { 1, 1 }, { 3, 2 }, { 5, 3 }, { 7, 4 } }),
            new RegressionFormula("y", ["x"]));
        Assert.Equal(2, fit["x"].Estimate, 1e-14);
        Assert.Equal(-1, fit["(Intercept)"].Estimate, 1e-14);
        Assert.Equal(1, fit.RSquared, 1e-14);
        Assert.InRange(fit.ResidualStandardDeviation, 0, 1e-14);
        Assert.False(double.IsNaN(fit.LogLikelihood));
    }

    [Fact]
    public void InterceptOnly_IsTheMean()
    {
        Table table = Random(20, 1, 11);
        LinearRegression fit = LinearRegression.Fit(table, RegressionFormula.Parse("y ~ 1"));
        Moments summary = Moments.Of(table, ["y"]);
        Assert.Equal(summary["y"].Mean, fit["(Intercept)"].Estimate);
        Assert.Equal(summary["y"].StandardError, fit["(Intercept)"].StandardError, 1e-15);
        Assert.Equal(0, fit.RSquared);
    }

    [Fact]
    public void WrongColumns_AreNamed()
    {
        Table table = new([.. Random(20, 1, 1).Columns, TextColumn.Create("sex", [.. Enumerable.Repeat("f", 20)]),
            NumericColumn.Create("(Intercept)", ColumnKind.Number, new double[20])]);
        Assert.Contains("Column 'sex' is text", Assert.Throws<ArgumentException>(() => LinearRegression.Fit(table,
            RegressionFormula.Parse("sex ~ y"))).Message);
        Assert.Contains("'sex' is 'f' wherever it is observed", Assert.Throws<ImputationDataException>(() => LinearRegression.Fit(table,
            RegressionFormula.Parse("y ~ sex"))).Message);
        Assert.Contains("No column 'X1'", Assert.Throws<ArgumentException>(() => LinearRegression.Fit(table,
            RegressionFormula.Parse("y ~ X1"))).Message);
        Assert.Contains("rename the column", Assert.Throws<ArgumentException>(() => LinearRegression.Fit(table,
            RegressionFormula.Parse("y ~ `(Intercept)`"))).Message);
        Assert.Contains("'x9'", Assert.Throws<ArgumentException>(() => LinearRegression.Fit(table, RegressionFormula.Parse("y ~ x1"))["x9"])
            .Message);
    }

    /// <summary>The weights of plants in R's documentation of <c>lm</c> (Dobson 1983), with R 4.2's answer.</summary>
    [Fact]
    public void Category_HasACoefficientForEachLevelButTheFirst()
    {
        double[] weights = [4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14, 4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32,
            4.69, 6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26];
        string[] groups = ["ctrl", "trt1", "trt2"];
        Table table = new([NumericColumn.Number("weight", weights),
            TextColumn.Create("group", [.. weights.Select((_, i) => groups[i / 10])])]);
        LinearRegression fit = LinearRegression.Fit(table, RegressionFormula.Parse("weight ~ group"));
        Assert.Equal(["(Intercept)", "group=trt1", "group=trt2"], fit.Names);
        (double, double)[] expected = [(5.032, 0.197128365774), (-0.371, 0.278781608406), (0.494, 0.278781608406)];
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(expected[j].Item1, fit.Coefficients[j], 1e-12);
            Assert.Equal(expected[j].Item2, fit.StandardErrors[j], 1e-12);
        }
        Assert.Equal(0.264148296832, fit.RSquared, 1e-12);
        Assert.Equal("weight ~ group", fit.Formula.ToString());

        // Another order of the levels is another reference; numbers with an order are numbers, those without are levels.
        Column turned = table["group"].AsCategorical(new Categories([new("trt2", "second"), new("ctrl"), new("trt1")]));
        fit = LinearRegression.Fit(new Table([table["weight"], turned]), RegressionFormula.Parse("weight ~ ."));
        Assert.Equal(["(Intercept)", "group=ctrl", "group=trt1"], fit.Names);
        Assert.Equal(5.526, fit.Coefficients[0], 1e-12);
        var codes = NumericColumn.Number("group", [.. weights.Select((_, i) => i / 10 + 1.0)]);
        Category[] levels = [new(1.0, "a"), new(2.0, "b"), new(3.0, "c")];
        string[] Names(Column column) =>
            [.. LinearRegression.Fit(new Table([table["weight"], column]), RegressionFormula.Parse("weight ~ group")).Names.Skip(1)];
        Assert.Equal(["group"], Names(codes.AsCategorical(new Categories(levels, isOrdered: true))));
        Assert.Equal(["group=b", "group=c"], Names(codes.AsCategorical(new Categories(levels))));
    }

    [Fact]
    public void CategoryWithManyLevels_IsRefused()
    {
        Table table = new([.. Random(120, 1, 3).Columns,
            TextColumn.Create("town", [.. Enumerable.Range(0, 120).Select(i => $"t{i % 51}")])]);
        Assert.Contains("'town' is text with 51 different values", Assert.Throws<ImputationDataException>(() => LinearRegression.Fit(table,
            RegressionFormula.Parse("y ~ town"))).Message);
    }

    /// <summary>y ~ . takes neither what names a row nor what has no value.</summary>
    [Fact]
    public void Dot_LeavesOutIdentifiersAndEmptyColumns()
    {
        Table table = Added(Added(Random(20, 2, 1), "nothing", _ => double.NaN), "other", row => row % 3);
        table = new Table([NumericColumn.Integer("id", [.. Enumerable.Range(1, 20).Select(k => (long?)k)]), .. table.Columns]);
        Assert.Equal(["(Intercept)", "x1", "x2", "other"], LinearRegression.Fit(table, RegressionFormula.Parse("y ~ .")).Names);
    }

    /// <summary>y = x1 + 0.5 x2 + noise, x1 to xp.</summary>
    internal static Table Random(int n, int p, int seed)
    {
        var random = new Random(seed);
        var values = new double[n, p + 1];
        for (int row = 0; row < n; row++)
        {
            for (int j = 1; j <= p; j++) values[row, j] = random.NextDouble() * 4 - 2;
            values[row, 0] = values[row, 1] + (p > 1 ? 0.5 * values[row, 2] : 0) + random.NextDouble() * 2 - 1;
        }
        return Table.FromArray(["y", .. Enumerable.Range(1, p).Select(j => $"x{j}")], values);
    }

    internal static double Number(Table table, string name, int row) => ((NumericColumn)table[name])[row];

    internal static Table Changed(Table table, string name, Func<double, double> change) => Changed(table, name, (x, _) => change(x));

    internal static Table Changed(Table table, string name, Func<double, int, double> change) =>
        new(table.Columns.Select(c => c.Name == name ? NumericColumn.Create(name, ColumnKind.Number,
            [.. ((NumericColumn)c).Values.ToArray().Select(change)]) : c));

    internal static Table Added(Table table, string name, Func<int, double> value) =>
        new([.. table.Columns, NumericColumn.Create(name, ColumnKind.Number, [.. Enumerable.Range(0, table.RowCount).Select(value)])]);

    internal static Table Rows(Table table, int[] rows) =>
        new(table.Columns.Select(c => NumericColumn.Create(c.Name, c.Kind, Array.ConvertAll(rows, row => ((NumericColumn)c)[row]))));
}
