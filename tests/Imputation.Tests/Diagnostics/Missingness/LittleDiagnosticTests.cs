using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Missingness;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Diagnostics;

/// <summary>Little's test against references (200-bit arithmetic), a textbook version, and what must hold for any data.</summary>
public class LittleDiagnosticTests
{
    public static TheoryData<string> All =>
        ["airquality", "apple", "bfi", "bfi25", "boys_num", "chile_num", "cholesterol", "missvals", "nhanes", "pattern1", "sas_fitness1",
            .. ReferenceCase.OnlyShared];

    private static readonly LittleDiagnostic s_quick = new() { Permutations = 0 };

    private static DiagnosticContext Context(Table table, CovariancePrior? prior = null, double tolerance = 1e-9) =>
        new(table, new DiagnosticOptions { Model = new NormalOptions { Prior = prior ?? CovariancePrior.None, Tolerance = tolerance } });

    private static Dictionary<string, double> Values(DiagnosticResult result) => new(result.Values);

    /// <summary>At a tolerance of 1e-10 the estimates are good to 1e-8 of a standard deviation, and the statistic to 1e-6 of
    /// itself.</summary>
    [Theory, MemberData(nameof(All))]
    public void StatisticAndTails_MatchTheReference(string id)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        (int degrees, double statistic, double unbiased, double log10, double unbiasedLog10) = Expected(reference);
        Dictionary<string, double> values = Values(s_quick.Run(Context(reference.Table, tolerance: 1e-10)));
        Assert.Equal(degrees, values["degreesOfFreedom"]);
        Assert.Equal(statistic, values["statistic"], 1e-6 * statistic);
        Assert.Equal(unbiased, values["unbiasedStatistic"], 1e-6 * statistic);
        Assert.Equal(log10, values["log10PValue"], 1e-6 * Math.Max(1, statistic));
        Assert.Equal(unbiasedLog10, values["unbiasedLog10PValue"], 1e-6 * Math.Max(1, statistic));
        Assert.Equal(values["pValue"], Math.Pow(10, values["log10PValue"]), 1e-9 * values["pValue"]);
    }

    /// <summary>Those of shared/cases/mvn that diagnostics/little.json does not have.</summary>
    private static readonly Dictionary<string, (int, double, double, double, double)> s_others = new()
    {
        ["apple"] = (1, 7.357854458961012, 6.949084766796512, -2.1754158903032077, -2.0764341293097406),
        ["bfi"] = (2553, 3177.601808317252, 3176.4669505285674, -15.648454292610777, -15.599282009595914),
        ["cholesterol"] = (2, 1.44188235506486, 1.3903865566696865, -0.31310077517916696, -0.3019186046370539),
        ["pattern1"] = (2, 2.288783167067275, 2.0026852711838656, -0.49700294986518306, -0.43487758113203523),
    };

    /// <summary>From diagnostics/little.json or, of data that may not be copied, from the case itself.</summary>
    private static (int Degrees, double Statistic, double Unbiased, double Log10, double UnbiasedLog10) Expected(ReferenceCase reference)
    {
        if (s_others.TryGetValue(reference.Id, out var other)) return other;
        if (reference.Json.TryGetProperty("little_mcar", out JsonElement own))
            return (own.GetProperty("df").GetInt32(), own.GetProperty("d2_ml_sigma").GetDouble(),
                own.GetProperty("d2_sigma_n_over_n_minus_1").GetDouble(),
                own.GetProperty("log10_p_value_ml_sigma").GetDouble(),
                    Math.Log10(own.GetProperty("p_value_sigma_n_over_n_minus_1").GetDouble()));
        JsonElement all = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "diagnostics", "little.json")))
            .RootElement.GetProperty(reference.Id);
        JsonElement ml = all.GetProperty("ml"), unbiased = all.GetProperty("n_minus_1");
        return (all.GetProperty("df").GetInt32(), ml.GetProperty("statistic").GetDouble(), unbiased.GetProperty("statistic").GetDouble(),
            ml.GetProperty("log10_p").GetDouble(), unbiased.GetProperty("log10_p").GetDouble());
    }

    /// <summary>The documented outputs of naniar 1.0: 35.1 on 14, and 747 on 31, of which it prints p = 0.</summary>
    [Theory, InlineData("airquality", 35.1, 14, -2.85)]
    public void Defaults_AreThoseOfNaniar_ButForTheTail(string id, double statistic, double degreesOfFreedom, double log10)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        Dictionary<string, double> values = Values(new LittleDiagnostic().Run(new DiagnosticContext(reference.Table)));
        Assert.Equal(statistic, values["statistic"], 0.005 * statistic / 3);
        Assert.Equal(degreesOfFreedom, values["degreesOfFreedom"]);
        Assert.Equal(log10, values["log10PValue"], 0.05);
        Assert.Equal(199, values["permutations"]);
        Assert.InRange(values["permutationPValue"], 0, 0.03); // no longer bounded below by the number of permutations
    }

    [SharedFact("cases/mvn")]
    public void Defaults_AreThoseOfNaniar_OnOceanbuoysToo() => Defaults_AreThoseOfNaniar_ButForTheTail("oceanbuoys", 747, 31, -136.5);

    /// <summary>Two columns are never observed together: the estimates are not unique, the statistic is.</summary>
    [Fact]
    public void WhereEstimatesAreNotUnique_TheStatisticIs()
    {
        (string[] columns, double[,] values) = ReferenceCase.ReadCsv(Path.Combine(ReferenceCase.Root, "data", "pattern3.csv"));
        DiagnosticResult result = s_quick.Run(Context(Table.FromArray(columns, values), tolerance: 1e-10));
        Assert.Equal(0.0061068702290076335, Values(result)["statistic"], 1e-6);
        Assert.Equal(0.9377115452459412, Values(result)["pValue"], 1e-5);
    }

    /// <summary>A p-value below what the permutations can count comes from the fitted gamma tail, and says so; one that is counted does
    /// not.</summary>
    [Theory, InlineData(199, true), InlineData(19_999, false)]
    public void PermutationPValue_FromTheGammaTail_IsLabelled(int permutations, bool extrapolated)
    {
        DiagnosticResult result = new LittleDiagnostic { Permutations = permutations }
            .Run(new DiagnosticContext(ReferenceCase.Mvn("airquality")!.Table));
        Assert.Equal(extrapolated ? 1 : 0, Values(result)["permutationPValueExtrapolated"]);
        Assert.Equal(extrapolated, result.Method.Contains("extrapolated", StringComparison.Ordinal));
        Assert.Equal(extrapolated, result.Findings.Any(f => f.Evidence.Contains("gamma tail", StringComparison.Ordinal)));
    }

    [Fact]
    public void Values_HaveTheirNamesAndOrder()
    {
        string[] names = ["statistic", "degreesOfFreedom", "pValue", "log10PValue", "effectSize", "permutationPValue", "permutations",
            "unbiasedStatistic", "unbiasedPValue", "unbiasedLog10PValue", "permutationPValueExtrapolated"];
        Assert.Equal(names, s_quick.Run(Context(ReferenceCase.Mvn("nhanes")!.Table)).Values.Select(v => v.Key));
        DiagnosticResult none = s_quick.Run(Context(Simulated.Table(20, 3, seed: 1)));
        Assert.Equal(names, none.Values.Select(v => v.Key));
        Assert.All(none.Values, v => Assert.Equal(double.NaN, v.Value));
        Assert.Contains("nothing is missing", Assert.Single(none.Findings).Sentence, StringComparison.Ordinal);
        Assert.Equal("", none.Verdict);
    }

    [Fact]
    public void UnbiasedCovariance_ChangesTheSentence_NotTheValues()
    {
        DiagnosticContext context = Context(ReferenceCase.Mvn("nhanes")!.Table);
        DiagnosticResult ml = s_quick.Run(context), unbiased = new LittleDiagnostic
        {
            Permutations = 0,
            UnbiasedCovariance = true
        }.Run(context);
        Assert.Equal(ml.Values, unbiased.Values);
        Assert.Contains("χ² = 8", ml.Verdict, StringComparison.Ordinal);
        Assert.Contains("χ² = 7.68", unbiased.Verdict, StringComparison.Ordinal);
    }

    [Theory, InlineData(5, 1), InlineData(40, 2), InlineData(70, 3)]
    public void Statistic_IsThatOfTheTextbook(int columns, int seed)
    {
        Table table = Simulated.Table(400, columns, seed, missing: 0.02, offset: 1000);
        DiagnosticContext context = Context(table);
        double[] mean = context.Fit.AsNormal().Mean.ToArray();
        double[,] covariance = context.Fit.AsNormal().Covariance.ToArray();
        IncompleteMatrix matrix = context.Matrix!;
        double statistic = 0;
        int degrees = -columns;
        foreach (MissingPattern pattern in context.MatrixPatterns!)
        {
            int[] observed = [.. pattern.ObservedIndices];
            if (observed.Length == 0) continue;
            double[] d = [.. observed.Select(j => pattern.Rows.ToArray().Average(row => matrix[row, j]) - mean[j])];
            double[,] solved = NaiveMatrix.Solve(NaiveMatrix.Part(covariance, observed, observed), NaiveMatrix.Column(d));
            for (int a = 0; a < d.Length; a++) statistic += pattern.RowCount * d[a] * solved[a, 0];
            degrees += observed.Length;
        }
        Dictionary<string, double> values = Values(s_quick.Run(context));
        Assert.Equal(statistic, values["statistic"], 1e-8 * statistic);
        Assert.Equal(degrees, values["degreesOfFreedom"]);
        Assert.Equal(Math.Sqrt(Math.Max(0, statistic - degrees) / context.Fit.Report.ObservedCellCount), values["effectSize"], 1e-6);
    }

    [Fact]
    public void NeitherOrderNorUnits_ChangeAnything()
    {
        ReferenceCase reference = ReferenceCase.Mvn("boys_num")!;
        Dictionary<string, double> before = Values(s_quick.Run(Context(reference.Table, tolerance: 1e-10)));
        int n = reference.Values.GetLength(0), p = reference.Columns.Length;
        int[] rows = [.. Enumerable.Range(0, n).OrderBy(i => i * 7919L % n).ThenBy(i => i)],
            columns = [.. Enumerable.Range(0, p).Reverse()];
        double[,] mixed = NaiveMatrix.Part(reference.Values, rows, columns);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < p; j++) mixed[i, j] = (j % 2 == 0 ? 1e6 : -1e-7) * (mixed[i, j] + 500 * j);
        Dictionary<string, double> after = Values(s_quick.Run(Context(Table.FromArray([.. columns.Select(j => reference.Columns[j])],
            mixed), tolerance: 1e-10)));
        foreach (string name in (string[])["statistic", "degreesOfFreedom", "log10PValue", "effectSize"])
            Assert.Equal(before[name], after[name], 1e-5 * Math.Abs(before[name]));
    }

    [Fact]
    public void PermutationPValue_DoesNotChange_WithShiftAndScale_AndRepeats()
    {
        Table table = Simulated.Table(150, 4, seed: 5, missing: 0.2, skewed: true);
        double p = Values(new LittleDiagnostic().Run(Context(table)))["permutationPValue"];
        var moved = new Table(table.Columns.Cast<NumericColumn>().Select((c, j) => NumericColumn.Number(c.Name,
            [.. c.Values.ToArray().Select(v => 1024 * v + j)])));
        Assert.Equal(p, Values(new LittleDiagnostic().Run(Context(table)))["permutationPValue"]);
        Assert.Equal(p, Values(new LittleDiagnostic().Run(Context(moved)))["permutationPValue"], 0.011);
        var other = new DiagnosticContext(table, new DiagnosticOptions { Model = new NormalOptions() }, new RunOptions { Seed = 2 });
        Assert.Equal(p, Values(new LittleDiagnostic().Run(other))["permutationPValue"], 0.2);
    }

    [Fact]
    public void DuplicateColumns_CountOnce()
    {
        Table table = Simulated.Table(300, 4, seed: 11, missing: 0.1);
        var twin = NumericColumn.Number("twin", [.. ((NumericColumn)table.Columns[1]).Values.ToArray().Select(v => 3 * v - 1)]);
        Dictionary<string, double> plain = Values(new LittleDiagnostic().Run(Context(table, CovariancePrior.Auto)));
        DiagnosticContext context = Context(new Table([.. table.Columns, twin]), CovariancePrior.Auto);
        Dictionary<string, double> doubled = Values(new LittleDiagnostic().Run(context));
        Assert.Single(context.Fit.Report.Relations);
        Assert.Equal(plain["degreesOfFreedom"], doubled["degreesOfFreedom"]);
        // a ridge prior of 0.01 degrees of freedom took part
        Assert.Equal(plain["statistic"], doubled["statistic"], 0.002 * plain["statistic"]);
        Assert.Equal(plain["permutationPValue"], doubled["permutationPValue"], 0.12);
    }

    [Fact]
    public void RelationsThatMeetInAMissingColumn_AreFound()
    {
        // c = a + b and d = c − b: where c is missing, d = a is left.
        string[] names = ["a", "b", "c", "d"];
        var dependence = new LinearDependence([new LinearRelation(["a", "b", "c"], [1, 1, -1], 0, 9),
            new LinearRelation(["b", "c", "d"], [-1, 1, -1], 0, 9)], names, [1, 2, 3, 4]);
        int[] kept = new int[4];
        Assert.Equal(1, dependence.Keep([0, 3], [1, 2], kept));
        Assert.Equal(0, kept[0]);
        Assert.Equal(2, dependence.Keep([0, 1, 3], [2], kept));
        Assert.Equal([0, 1], kept[..2]);
        Assert.Equal(2, dependence.Keep([0, 1, 2, 3], [], kept));
        Assert.Equal(2, dependence.Keep([0, 1], [2, 3], kept));
        Assert.Equal(2, dependence.Keep([2, 3], [0, 1], kept));
    }

    [Fact]
    public void TwoHundredColumns_WithEmptyRows_AreTested()
    {
        Table table = Simulated.Table(900, 200, seed: 3, missing: 0.002);
        double[,] values = new double[950, 200];
        for (int i = 0; i < 950; i++)
            for (int j = 0; j < 200; j++) values[i, j] = i < 900 ? ((NumericColumn)table.Columns[j])[i] : double.NaN;
        DiagnosticContext context = Context(Table.FromArray([.. table.Columns.Select(c => c.Name)], values), tolerance: 1e-6);
        Dictionary<string, double> with = Values(new LittleDiagnostic { Permutations = 19 }.Run(context)),
            without = Values(s_quick.Run(Context(table, tolerance: 1e-6)));
        Assert.Equal(without["statistic"], with["statistic"], 1e-4 * with["statistic"]);
        Assert.Equal(without["degreesOfFreedom"], with["degreesOfFreedom"]);
        Assert.InRange(with["permutationPValue"], 0.01, 1);
    }

    [Fact]
    public void AsManyPatternsAsRows_LetThePermutationTestSpeak()
    {
        DiagnosticResult result = new LittleDiagnostic().Run(Context(Simulated.Table(120, 10, seed: 8, missing: 0.4),
            CovariancePrior.Auto));
        Assert.Contains(result.Findings, f => f.Code == "little-approximate" && f.Severity == FindingSeverity.Note
            && f.Sentence.Contains("patterns for 120 rows", StringComparison.Ordinal));
        Assert.InRange(Values(result)["permutationPValue"], 0.01, 1);
    }

    [Fact]
    public void FewerRowsThanColumns_AreTestedUnderThePrior_AndItIsSaid()
    {
        DiagnosticResult result = new LittleDiagnostic().Run(Context(Simulated.Table(9, 12, seed: 2, missing: 0.1), CovariancePrior.Auto));
        Assert.Contains(result.Findings, f => f.Code == "little-approximate" && f.Sentence.Contains("ridge", StringComparison.Ordinal));
        Assert.All(result.Values, v => Assert.True(double.IsFinite(v.Value), v.Key));
    }

    [Fact]
    public void WhereTheLikelihoodHasNoMaximum_TheTestDoesNotApply()
    {
        DiagnosticResult result = s_quick.Run(Context(Simulated.Table(9, 12, seed: 2, missing: 0.1)));
        Assert.Contains("ridge", Assert.Single(result.Findings).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsThatNoTwoGroupsShare_LeaveNothingToCompare()
    {
        var values = new double[20, 2];
        for (int i = 0; i < 20; i++) (values[i, 0], values[i, 1]) = i < 10 ? ((double)(i * i), double.NaN) : (double.NaN, (double)(i % 7));
        DiagnosticResult result = s_quick.Run(Context(Table.FromArray(["x", "y"], values), CovariancePrior.Auto));
        Assert.Contains("0 degrees of freedom", Assert.Single(result.Findings).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingnessThatDependsOnAValue_IsSeen_AndMarkupInNamesIsLeftAlone()
    {
        double[,] values = Simulated.Values(400, 3, seed: 4);
        for (int i = 0; i < 400; i++)
            if (values[i, 0] > 0.5 && i % 2 == 0) values[i, 1] = double.NaN;
        DiagnosticResult result = new LittleDiagnostic().Run(Context(Table.FromArray(["<script>", "b c", "d"], values)));
        Assert.InRange(Values(result)["permutationPValue"], 0, 1e-6);
        Assert.InRange(Values(result)["log10PValue"], -100, -5);
        Assert.Contains(result.Findings, f => f.Code == "not-mcar" && f.Severity == FindingSeverity.Warning);
        Assert.Equal("<script>", result.Tables[1].Rows[0][0]);
        Assert.Contains("not MCAR", result.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void FitToOtherRows_IsNotTested()
    {
        Table table = Simulated.Table(100, 3, seed: 6, missing: 0.1), other = Simulated.Table(90, 3, seed: 7, missing: 0.1);
        NormalFit fit = NormalModel.Fit(other);
        var context = new DiagnosticContext(table, fit.Impute(table));
        Assert.Contains("other rows", Assert.Single(s_quick.Run(context).Findings).Sentence, StringComparison.Ordinal);
    }
}
