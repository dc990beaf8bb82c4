using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Missingness;
using Imputation.Numerics;
using Imputation.Numerics.Distributions;
using Imputation.Statistics;
using Imputation.Tests.Shared;
using Xunit.Abstractions;

namespace Imputation.Tests.Diagnostics;

/// <summary>Separate-variance t tests against references (60 digits), and guards.</summary>
public class MeanDifferencesDiagnosticTests(ITestOutputHelper output)
{
    private static readonly MeanDifferencesDiagnostic s_diagnostic = new();

    private static MeanComparison[] Compare(Table table)
    {
        var context = new DiagnosticContext(table);
        int[] places = [.. context.Matrix!.ColumnNames.Select(name => context.Columns.Index().First(c => c.Item.Name == name).Index)];
        return MeanComparison.All(context.Matrix!, places, context.Patterns!, [.. Enumerable.Range(0, table.RowCount)],
            new ParallelOptions());
    }

    [Theory, InlineData("airquality"), InlineData("nhanes"), InlineData("bfi25"), InlineData("chile_num"), InlineData("boys_num"),
        InlineData("missvals"), InlineData("sas_fitness1"), InlineData("mammalsleep")]
    public void EveryTest_MatchesTheReference(string id)
    {
        (string[] columns, double[,] values) = ReferenceCase.ReadCsv(Path.Combine(ReferenceCase.Root, "data", id + ".csv"));
        Table table = Table.FromArray(columns, values);
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "diagnostics", "welch.json")))
            .RootElement.GetProperty(id);
        MeanComparison[] all = Compare(table);
        double[] adjusted = FalseDiscovery.Adjust([.. all.Select(c => c.Test.LogP)]);

        Assert.Equal(expected.GetProperty("tests").GetInt32(), all.Length);
        Assert.Equal(expected.GetProperty("computable").GetInt32(), all.Count(c => !double.IsNaN(c.Test.T)));
        foreach (JsonElement test in expected.GetProperty("results").EnumerateArray())
        {
            int i = Enumerable.Range(0, all.Length).Single(i => columns[all[i].Column] == test.GetProperty("column").GetString()
                && columns[all[i].By] == test.GetProperty("by").GetString());
            MeanComparison found = all[i];
            Assert.Equal(test.GetProperty("n1").GetInt32(), found.Observed.Count);
            Assert.Equal(test.GetProperty("n2").GetInt32(), found.Missing.Count);
            Near(test, "mean1", found.Observed.Mean);
            Near(test, "mean2", found.Missing.Mean);
            if (test.TryGetProperty("not_computable", out _))
            {
                Assert.Equal(double.NaN, found.Test.T);
                continue;
            }
            Near(test, "t", found.Test.T);
            Near(test, "df", found.Test.DegreesOfFreedom);
            Near(test, "log10_p", TailProbability.Log10(found.Test.LogP));
            Near(test, "p_bh", Math.Exp(adjusted[i]));
        }
        DiagnosticResult result = s_diagnostic.Run(new DiagnosticContext(table));
        Assert.Equal(Claimed(values, all), result.Values.Single(v => v.Key == "different").Value);
        Assert.Equal(Math.Min(50, expected.GetProperty("computable").GetInt32()), result.Tables[0].Rows.Count);
    }

    /// <summary>Differences claimed by the book: Benjamini and Hochberg among the comparisons with ten values in each group, for t tests
    /// and for
    /// Mann and Whitney's U, counted pair by pair. All computable tests together, as the reference adjusts, would let groups of three be
    /// called different.</summary>
    private static int Claimed(double[,] values, MeanComparison[] comparisons)
    {
        int n = values.GetLength(0);
        var means = new List<double>();
        var ranks = new List<double>();
        foreach (MeanComparison test in comparisons)
        {
            if (double.IsNaN(test.Test.LogP) || test.Observed.Count < 10 || test.Missing.Count < 10) continue;
            int j = test.Column, k = test.By;
            int[] rows = [.. Enumerable.Range(0, n).Where(i => !double.IsNaN(values[i, j]))];
            double[] there = [.. rows.Where(i => double.IsNaN(values[i, k])).Select(i => values[i, j])],
                here = [.. rows.Where(i => !double.IsNaN(values[i, k])).Select(i => values[i, j])];
            double u = there.Sum(a => here.Sum(b => a > b ? 1 : a == b ? 0.5 : 0)), m = there.Length, h = here.Length, all = m + h;
            double ties = rows.GroupBy(i => values[i, j]).Sum(g => Math.Pow(g.Count(), 3) - g.Count());
            double z = Math.Max(0, Math.Abs(u - m * h / 2) - 0.5) / Math.Sqrt(m * h / 12 * (all + 1 - ties / (all * (all - 1))));
            means.Add(Math.Exp(test.Test.LogP));
            ranks.Add(TailProbability.TwoSidedNormal(z));
        }
        return Called(means).Zip(Called(ranks)).Count(c => c.First && c.Second);

        static bool[] Called(List<double> p)
        {
            double[] sorted = [.. p.Order()];
            int last = Enumerable.Range(0, sorted.Length).LastOrDefault(i => sorted[i] <= 0.05 * (i + 1) / sorted.Length, -1);
            return [.. p.Select(v => last >= 0 && v <= sorted[last])];
        }
    }

    /// <summary>1, 2, 2, 5, 7 against 2, 6, 8, 9, 9, 3, by hand: U = 6 and z = 8.5 / √29.3182.</summary>
    [Fact]
    public void RankSums_AreThoseOfTheBook()
    {
        double[] values = [1, 2, 2, 5, 7, 2, 6, 8, 9, 9, 3];
        CentredRanks ranks = CentredRanks.Of(values, [.. Enumerable.Range(0, 11)]);
        double variance = 30.0 / 12 * (12 - (24.0 + 6) / 110); // three 2s and two 9s
        double u = values[..5].Sum(a => values[5..].Sum(b => a > b ? 1 : a == b ? 0.5 : 0));
        double expected = TailProbability.TwoSidedNormal((Math.Abs(u - 15) - 0.5) / Math.Sqrt(variance));
        Assert.Equal(expected, Math.Exp(ranks.LogP(5, Enumerable.Range(0, 5).Sum(ranks.Of))), 1e-12);
        Assert.Equal(expected, Math.Exp(ranks.LogP(6, Enumerable.Range(5, 6).Sum(ranks.Of))), 1e-12);
        Assert.Equal(double.NaN, CentredRanks.Of([3, 3, 3], [0, 1, 2]).LogP(1, 0));
    }

    /// <summary>Cells missing completely at random: no more than one file in twenty may be said to differ. The bound is three standard
    /// errors above it.</summary>
    [Theory, InlineData(150, 6, true), InlineData(200, 20, false)]
    public void FilesMissingCompletelyAtRandom_AreHardlyEverFlagged(int rows, int columns, bool skewed)
    {
        const int files = 60;
        int flagged = Enumerable.Range(0, files).Count(seed =>
            s_diagnostic.Run(new DiagnosticContext(Simulated.Table(rows, columns, seed: 1000 + seed, missing: 0.05, skewed: skewed)))
                .Findings.Any(f => f.Code == "means-differ"));
        output.WriteLine($"{flagged} of {files} files flagged");
        Assert.InRange(flagged, 0, (int)(files * 0.05 + 3 * Math.Sqrt(files * 0.05 * 0.95)));
    }

    [Fact]
    public void AClearDifference_IsFound_InSkewedDataToo()
    {
        int found = Enumerable.Range(0, 20).Count(seed =>
        {
            double[,] values = Simulated.Values(300, 4, seed: seed, missing: 0.05, skewed: true);
            var random = new Random(seed);
            for (int i = 0; i < 300; i++)
                if (values[i, 1] > 1 && random.NextDouble() < 0.5) values[i, 0] = double.NaN;
            return s_diagnostic.Run(new DiagnosticContext(Simulated.Table(values))).Findings.Any(f => f.Code == "means-differ"
                && f.Columns.Contains("x1"));
        });
        Assert.InRange(found, 19, 20);
    }

    [Fact]
    public void FewValuesInAGroup_AreListed_ButNothingIsClaimed()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i < 9 ? 50.0 + i % 2 : i % 7)];
        var other = NumericColumn.Number("y", [.. Enumerable.Range(0, 100).Select(i => i < 9 ? double.NaN : i)]);
        DiagnosticResult result = s_diagnostic.Run(new DiagnosticContext(new Table([NumericColumn.Number("x", values), other])));
        Assert.Equal(FindingSeverity.Note, Assert.Single(result.Findings).Severity);
        Assert.Null(Assert.Single(result.Tables[0].Rows)[2]);
        Assert.Contains("Too few values to test", result.Verdict, StringComparison.Ordinal);
    }

    /// <summary>1e-9: sums over patterns and tails lose a few digits of sixteen.</summary>
    private static void Near(JsonElement test, string name, double value)
    {
        JsonElement reference = test.GetProperty(name);
        double expected = reference.ValueKind == JsonValueKind.Null ? double.NaN : reference.GetDouble();
        if (double.IsNaN(expected)) Assert.Equal(double.NaN, value);
        else Assert.Equal(expected, value, 1e-9 * Math.Max(1e-3, Math.Abs(expected)));
    }

    [Fact]
    public void TextColumns_DivideTheRowsToo_AndNamesAreLeftAsTheyAre()
    {
        var x = NumericColumn.Number("x <b>", [.. Enumerable.Range(0, 40).Select(i => (i < 20 ? 0.0 : 5.0) + i % 3)]);
        var text = TextColumn.Create("t", [.. Enumerable.Range(0, 40).Select(i => i < 20 ? "a" : null)]);
        DiagnosticResult result = s_diagnostic.Run(new DiagnosticContext(new Table([x, text])));
        Assert.Equal(["x <b>", "t"], result.Tables[0].Rows[0].Take(2));
        Assert.Contains("'x <b>' is 6 where 't' is missing and 0.95", result.Verdict, StringComparison.Ordinal);
        Finding finding = Assert.Single(result.Findings);
        Assert.Equal((FindingSeverity.Warning, "means-differ"), (finding.Severity, finding.Code));
    }

    [Fact]
    public void AGroupOfEqualValues_IsNotTested()
    {
        // Far from 0, so that sums over patterns would leave some rounding for a variance.
        double[] values = [.. Enumerable.Range(0, 30).Select(i => i < 12 ? 1e9 + 0.1 : 1e9 + i * i)];
        var other = NumericColumn.Number("y", [.. Enumerable.Range(0, 30).Select(i => i < 12 ? double.NaN : i)]);
        MeanComparison found = Compare(new Table([NumericColumn.Number("x", values), other]))[0];
        Assert.Equal(0, found.Missing.Variance);
        Assert.Equal(double.NaN, found.Test.T);
    }

    [Fact]
    public void ATinyGroupFarOut_LosesNoDigits()
    {
        double[] values = [.. Enumerable.Range(0, 100_000).Select(i => i < 3 ? 1e7 + i * 1e-6 : Math.Sin(i))];
        var other = NumericColumn.Number("y", [.. Enumerable.Range(0, 100_000).Select(i => i < 3 ? double.NaN : i)]);
        MeanComparison found = Compare(new Table([NumericColumn.Number("x", values), other]))[0];
        Assert.Equal(SampleMoments.Of(values[..3]), found.Missing);
        SampleMoments rest = SampleMoments.Of(values[3..]);
        Assert.Equal(rest.Mean, found.Observed.Mean, 1e-8);
        Assert.Equal(rest.Variance, found.Observed.Variance, 1e-6);
    }

    [Fact]
    public void NothingMissing_NothingCompared()
    {
        DiagnosticResult result = s_diagnostic.Run(new DiagnosticContext(Simulated.Table(20, 3, seed: 1)));
        Assert.Equal("t-tests-none", Assert.Single(result.Findings).Code);
        result = s_diagnostic.Run(new DiagnosticContext(Table.FromArray(["x", "y"], new[,] { { 1, double.NaN }, { 2, 3 }, { 3, 5 } })));
        Assert.Contains("fewer than two values", Assert.Single(result.Findings).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void NeitherUnitsNorOrder_ChangeTheTests()
    {
        double[,] values = Simulated.Values(300, 5, seed: 9, missing: 0.2), moved = new double[300, 5];
        for (int i = 0; i < 300; i++)
            for (int j = 0; j < 5; j++) moved[299 - i, 4 - j] = values[i, j] * 1e-8 + 3e-7;
        var before = Compare(Table.FromArray(["a", "b", "c", "d", "e"], values)).ToDictionary(c => (c.Column, c.By), c => c.Test);
        foreach (MeanComparison after in Compare(Table.FromArray(["e", "d", "c", "b", "a"], moved)))
        {
            Assert.Equal(before[(4 - after.Column, 4 - after.By)].T, after.Test.T, 1e-7);
            Assert.Equal(before[(4 - after.Column, 4 - after.By)].LogP, after.Test.LogP, 1e-6);
        }
    }

    /// <summary>A table of 250 columns with a pattern for each row: sampled, and said so.</summary>
    [Fact]
    public void ManyColumns_AreTested()
    {
        DiagnosticResult result = s_diagnostic.Run(new DiagnosticContext(Simulated.Table(300, 250, seed: 4, missing: 0.1)));
        Assert.Equal(250 * 249, result.Values.Single(v => v.Key == "comparisons").Value);
        Assert.Equal(50, result.Tables[0].Rows.Count);
        Assert.Contains("comparisons with larger p left out", result.Tables[0].Note, StringComparison.Ordinal);
        Assert.InRange(result.Values.Single(v => v.Key == "different").Value, 0, 3); // of MCAR data
    }

    [Fact]
    public void FalseDiscovery_IsThatOfTheBook()
    {
        // Benjamini and Hochberg (1995), §4: fifteen p-values, of which four are called at 0.05.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
            1.0000];
        double[] adjusted = [.. FalseDiscovery.Adjust([.. p.AsEnumerable().Reverse().Select(v => Math.Log(v)), double.NaN])
            .Select(v => Math.Exp(v))];
        Assert.Equal(double.NaN, adjusted[^1]);
        Assert.Equal(4, adjusted.Count(a => a <= 0.05));
        for (int i = 0; i < 15; i++) // by its definition
            Assert.Equal(Enumerable.Range(i, 15 - i).Min(k => 15 * p[k] / (k + 1)), adjusted[14 - i], 1e-12);
    }
}
