using System.Globalization;
using System.Text.Json;
using Imputation.Files;
using Imputation.Tests.Cli;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Analyses;

/// <summary>Correct digits on NIST's statistical reference datasets. The table in tests/References/nist/README.md holds how many are
/// reached at least; here it is compared with what is computed, in both directions.</summary>
public class NistTests
{
    /// <summary>A certified value has 15 digits, which is all that can be counted.</summary>
    private const double MostDigits = 15;

    /// <summary>So much more than the table says, on every processor, is an understatement: raise the table.</summary>
    private const double Understated = 2.5;

    private static readonly string s_table = Path.Combine(Repository.Root, "tests", "References", "nist", "README.md");

    private static readonly JsonElement s_certified = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "nist",
        "certified.json"))).RootElement;

    public static TheoryData<string> UnivariateSets => [.. Names("univariate")];

    public static TheoryData<string> RegressionSets => [.. Names("regression").Except(["NoInt1", "NoInt2"])];

    [Theory, MemberData(nameof(UnivariateSets))]
    public void UnivariateMoments_HaveTheDigitsOfTheTable(string name)
    {
        JsonElement set = Set("univariate", name);
        Table table = Read(name);
        Assert.Equal(set.GetProperty("rows").GetInt32(), table.RowCount);
        Moments moments = Moments.Of(table);
        NormalFit fit = NormalModel.Fit(table);
        double n = table.RowCount;
        Compare(name, [Digits(moments.Means[0], Certified(set, "mean")),
            Digits(moments.StandardDeviations[0], Certified(set, "standardDeviation")),
            Digits(fit.Mean[0], Certified(set, "mean")),
            Digits(Math.Sqrt(fit.Covariance[0, 0] * n / (n - 1)), Certified(set, "standardDeviation"))]);
    }

    [Theory, MemberData(nameof(RegressionSets))]
    public void Regressions_HaveTheDigitsOfTheTable(string name)
    {
        JsonElement set = Set("regression", name);
        Table table = WithPowers(Read(name), set.GetProperty("degree").GetInt32());
        LinearRegression fit = LinearRegression.Fit(table, RegressionFormula.Parse("y ~ ."));
        Assert.Equal(set.GetProperty("rows").GetInt32(), fit.RowCount);
        double[] coefficients = Numbers(set, "coefficients"), errors = Numbers(set, "standardErrors");
        // A term that was left out has no digit right.
        double Least(IReadOnlyList<double> values, double[] certified) =>
            values.Count < certified.Length ? 0 : values.Zip(certified, Digits).Min();
        Compare(name, [Least(fit.Coefficients, coefficients), Least(fit.StandardErrors, errors),
            Digits(fit.ResidualStandardDeviation, Certified(set, "residualStandardDeviation")),
            Digits(fit.RSquared, Certified(set, "rSquared"))]);
    }

    /// <summary>NoInt1 and NoInt2 have no intercept, which a formula here always has; the table says so.</summary>
    [Theory]
    [InlineData("NoInt1"), InlineData("NoInt2")]
    public void RegressionsWithoutIntercept_AreRefused_AndTheTableSaysSo(string name)
    {
        Assert.Throws<FormatException>(() => RegressionFormula.Parse("y ~ 0 + x"));
        Assert.Throws<FormatException>(() => RegressionFormula.Parse("y ~ x - 1"));
        Assert.All(Row(name), cell => Assert.Equal("no intercept", cell));
    }

    /// <summary>Every set is in the table, and what the exact solution reaches where columns are doubles is as the script found
    /// it.</summary>
    [Fact]
    public void TheTable_HasEverySet() =>
        Assert.Equal(Names("univariate").Concat(Names("regression")), Rows().Select(row => row.Name));

    [Fact]
    public void Digits_AreCounted()
    {
        Assert.Equal(MostDigits, Digits(1.5, 1.5));
        Assert.Equal(3, Digits(1.001, 1), 1e-9);
        Assert.Equal(4, Digits(1e-4, 0), 1e-9);
        Assert.Equal(0, Digits(double.NaN, 1));
        Assert.Equal(0, Digits(-1, 1));
    }

    /// <summary>Every power of x up to a degree, as columns.</summary>
    private static Table WithPowers(Table table, int degree) => new([.. table.Columns, .. Enumerable.Range(2, degree - 1)
        .Select(power => NumericColumn.Create($"x{power}", ColumnKind.Number,
            [.. ((NumericColumn)table["x"]).Values.ToArray().Select(x => Math.Pow(x, power))]))]);

    /// <summary>The log relative error; the log absolute error where the certified value is 0.</summary>
    private static double Digits(double value, double certified)
    {
        double error = Math.Abs(value - certified) / (certified == 0 ? 1 : Math.Abs(certified));
        return error == 0 ? MostDigits : double.IsNaN(error) ? 0 : Math.Clamp(-Math.Log10(error), 0, MostDigits);
    }

    private static void Compare(string name, double[] digits)
    {
        double[] table = [.. Row(name).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
        string row = $"| {name} | {string.Join(" | ", digits.Select(d => d.ToString("F1", CultureInfo.InvariantCulture)))} |";
        Assert.Equal(digits.Length, table.Length);
        for (int i = 0; i < digits.Length; i++)
        {
            Assert.True(digits[i] >= table[i], $"{name}: {digits[i]:F2} digits, {table[i]:F1} in {s_table}. Reached: {row}");
            // Filip's columns are so close to dependent that the order of additions decides on three digits more or fewer.
            Assert.True(name == "Filip" || digits[i] <= table[i] + Understated,
                $"{name}: {digits[i]:F2} digits, only {table[i]:F1} in {s_table}: raise it to what is reached less 0.5. Reached: {row}");
        }
    }

    /// <summary>The cells of a set's row behind its name, those that say what is reached.</summary>
    private static string[] Row(string name) => Rows().Single(row => row.Name == name).Cells;

    private static IEnumerable<(string Name, string[] Cells)> Rows() =>
        from line in File.ReadLines(s_table)
        where line.StartsWith("| ", StringComparison.Ordinal)
        let cells = line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)
        where cells[0] is not ("data set" or "---")
        select (cells[0], cells[1..5]);

    private static Table Read(string name) => CsvTable.Read(Path.Combine(ReferenceCase.Root, "nist", $"{name.ToLowerInvariant()}.csv"));

    private static IEnumerable<string> Names(string kind) =>
        s_certified.GetProperty(kind).EnumerateArray().Select(set => set.GetProperty("name").GetString()!);

    private static JsonElement Set(string kind, string name) =>
        s_certified.GetProperty(kind).EnumerateArray().Single(set => set.GetProperty("name").GetString() == name);

    private static double Certified(JsonElement set, string member) => Number(set.GetProperty(member));

    private static double[] Numbers(JsonElement set, string member) => [.. set.GetProperty(member).EnumerateArray().Select(Number)];

    private static double Number(JsonElement text) => double.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
