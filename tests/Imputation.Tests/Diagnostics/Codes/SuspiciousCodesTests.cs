using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Codes;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Diagnostics;

public class SuspiciousCodesTests
{
    private static DiagnosticResult Run(params (string, double[])[] columns) => Diagnosed.Run(new SuspiciousCodesDiagnostic(),
        Diagnosed.Table(columns));

    private static DiagnosticResult Run(Column column) => Diagnosed.Run(new SuspiciousCodesDiagnostic(), new Table([column]));

    private static string[] Codes(DiagnosticResult result) => result.Tables.Count == 0 ? []
        : [.. result.Tables[0].Rows.Select(r => (string)r[1]!)];

    /// <summary>Whole numbers from <paramref name="low"/> to <paramref name="high"/> with a code planted in some of them.</summary>
    private static double[] Planted(int n, int low, int high, double code, int times, int seed = 1)
    {
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(low, high + 1))];
        for (int i = 0; i < times; i++) values[(i * 7 + 3) % n] = code;
        return values;
    }

    /// <summary>All but the survey that has codes: <see cref="RefusedAndNotKnown_AreFoundInARealSurvey"/>.</summary>
    public static TheoryData<string> OnlyShared => [.. ReferenceCase.OnlyShared.Where(id => id != "riskfactors_num")];

    [SharedFact("cases/data")]
    public void RefusedAndNotKnown_AreFoundInARealSurvey()
    {
        DiagnosticResult result = Diagnosed.Run(new SuspiciousCodesDiagnostic(), Diagnosed.Data("riskfactors_num")!);
        Finding finding = Assert.Single(result.Findings);
        Assert.StartsWith("-7 and -9 are separated from all other values in 11 columns", finding.Sentence, StringComparison.Ordinal);
        Assert.Contains("--missing-in \"drink_days=-7,-9\"", finding.Advice.Replace("-9,-7", "-7,-9"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bfi")]
    [InlineData("bfi25")]
    [InlineData("airquality")]
    [InlineData("nhanes")]
    [InlineData("nhanes2_mixed")]
    [InlineData("chile_num")]
    [InlineData("chile_mixed")]
    [InlineData("boys_num")]
    [MemberData(nameof(OnlyShared))]
    [InlineData("mammalsleep")]
    [InlineData("sas_fitness1")]
    [InlineData("missvals")]
    [InlineData("apple")]
    [InlineData("cholesterol")]
    [InlineData("marijuana")]
    [InlineData("murray_bimodal")]
    public void RealData_RaiseNoAlarm(string id)
    {
        Table table = Diagnosed.Data(id)!;
        DiagnosticResult result = Diagnosed.Run(new SuspiciousCodesDiagnostic(), table);
        Assert.Empty(result.Findings.Select(f => f.Sentence));
        Assert.Equal(0, result.Value("suspiciousCells"));
    }

    [Theory]
    [InlineData(18, 90, 99, 12)]    // ages
    [InlineData(18, 90, 999, 1)]
    [InlineData(18, 90, 0, 12)]
    [InlineData(18, 90, -1, 12)]
    [InlineData(18, 90, -9, 3)]
    [InlineData(1, 5, 9, 20)]       // items
    [InlineData(1, 6, 9, 20)]
    [InlineData(1, 7, 9, 20)]
    [InlineData(1, 2, 9, 8)]
    [InlineData(0, 1, 9, 8)]
    [InlineData(1, 6, 99, 5)]
    [InlineData(1, 6, -1, 5)]
    [InlineData(0, 10, -1, 9)]
    [InlineData(0, 10, -8, 9)]
    [InlineData(0, 10, 99, 9)]
    [InlineData(80, 200, 0, 20)]    // blood pressure
    [InlineData(80, 200, 999, 4)]
    [InlineData(-20, 40, -999, 4)]  // degrees
    [InlineData(-20, 40, -99, 4)]
    [InlineData(-20, 40, 9999, 4)]
    [InlineData(1990, 2020, 0, 4)]  // years
    [InlineData(1990, 2020, 9999, 4)]
    [InlineData(0, 900, 9999, 2)]
    public void PlantedCodes_AreFound(int low, int high, double code, int times)
    {
        DiagnosticResult result = Run(("age", Planted(300, low, high, code, times)));
        Assert.Equal([NumericText(code)], Codes(result));
        Assert.Equal(times, Diagnosed.Number(result.Tables[0].Rows[0][2]));
        Finding finding = Assert.Single(result.Findings);
        Assert.Equal((FindingSeverity.Warning, "suspicious-code"), (finding.Severity, finding.Code));
        Assert.Contains($"--missing-in \"age={NumericText(code)}\"", finding.Advice, StringComparison.Ordinal);
        Assert.Contains($"{times} row", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralCodes_AreFoundTogether()
    {
        double[] values = Planted(300, 1, 5, 9, 10);
        (values[0], values[1], values[2], values[4], values[5], values[6], values[7]) = (-9, -9, -8, -8, -7, -7, 99);
        values[8] = 99;
        Assert.Equal(["-7", "-8", "-9", "9", "99"], Codes(Run(("q", values))).Order(StringComparer.Ordinal));

        double[] age = Planted(300, 18, 80, 99, 6);
        (age[0], age[1], age[2], age[4]) = (98, 98, 97, 97); // do not know, refused
        Assert.Equal(["97", "98", "99"], Codes(Run(("age", age))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CodesOfMeasurements_AreFound()
    {
        var random = new Random(3);
        double[] weight = [.. Enumerable.Range(0, 500).Select(i => i % 50 == 0 ? 999.9 : 70 + 12 * Gauss(random))];
        Assert.Equal(["999.9"], Codes(Run(("weight", weight))));
        double[] bmi = [.. Enumerable.Range(0, 768).Select(i => i % 70 == 0 ? 0 : Math.Round(24 * Math.Exp(0.2 * Gauss(random)), 1))];
        Assert.Equal(["0"], Codes(Run(("bmi", bmi))));
        double[] income = [.. Enumerable.Range(0, 500).Select(i => i % 60 == 0 ? -1 : Math.Round(30_000 * Math.Exp(0.6 * Gauss(random))))];
        Assert.Equal(["-1"], Codes(Run(("income", income))));
    }

    [Fact]
    public void ManyColumnsWithTheSameCode_AreOneFinding()
    {
        DiagnosticResult result = Run([.. Enumerable.Range(1, 12).Select(j => ($"q{j}", Planted(200, 1, 5, -9, 6, seed: j)))]);
        Finding finding = Assert.Single(result.Findings);
        Assert.Equal(12, finding.Columns.Count);
        Assert.Equal(72, result.Value("suspiciousCells"));
    }

    [Fact]
    public void Scales_RaiseNoAlarm()
    {
        foreach ((int low, int high) in new[] { (1, 9), (0, 9), (1, 10), (0, 10), (0, 1), (1, 2), (-1, 1), (-9, 9), (0, 99), (1, 99),
            (0, 999), (-99, 99), (5, 9), (0, 100) })
            Assert.Empty(Codes(Run(("scale", Planted(400, low, high, low, 0)))));
        Assert.Empty(Codes(Run(("years of school", [.. Enumerable.Range(0, 100).Select(i => (double)(i % 4 * 3))])))); // 0, 3, 6, 9
        Assert.Empty(Codes(Run(("contrast", [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? -1.0 : 1.0)]))));
        Assert.Empty(Codes(Run(("constant", [.. Enumerable.Repeat(99.0, 100)]))));
        Assert.Empty(Codes(Run(("few", [1, 2, 3, 99]))));
    }

    /// <summary>Columns without any code: at most 1 in 100 may raise an alarm, over distributions that have 0, 9, −1 or 99 at an end or in
    /// a tail.</summary>
    [Theory]
    [InlineData("normal")]
    [InlineData("whole normal")]
    [InlineData("wide whole normal")]
    [InlineData("counts")]
    [InlineData("geometric")]
    [InlineData("whole lognormal")]
    [InlineData("rain")]
    [InlineData("two-part")]
    [InlineData("heavy")]
    [InlineData("differences")]
    public void OrdinaryColumns_HardlyEverRaiseAnAlarm(string kind)
    {
        var alarms = new List<string>();
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            int n = seed % 4 == 0 ? 25 : seed % 4 == 1 ? 100 : seed % 4 == 2 ? 400 : 2000;
            double Draw() => kind switch
            {
                "normal" => Gauss(random),
                "whole normal" => Math.Round((3 + seed % 9) * Gauss(random)),
                "wide whole normal" => Math.Round(50 + (10 + seed % 30) * Gauss(random)),
                "counts" => Poisson(random, 0.3 + seed % 10),
                "geometric" => Math.Floor(Math.Log(1 - random.NextDouble()) / Math.Log(1 - 1 / (1.5 + seed % 30))),
                "whole lognormal" => Math.Round(Math.Exp(2 + seed % 3 + Gauss(random))),
                "rain" => random.NextDouble() < 0.6 ? 0 : Math.Round(-50 * Math.Log(1 - random.NextDouble())) / 10,
                "two-part" => random.NextDouble() < 0.3 ? 0 : Math.Exp(Gauss(random)),
                "heavy" => Gauss(random) / Math.Abs(Gauss(random)),
                _ => random.Next(0, 1 + seed % 12) - random.Next(0, 1 + seed % 7),
            };
            string[] codes = Codes(Run(("x", [.. Enumerable.Range(0, n).Select(_ => Draw())])));
            if (codes.Length > 0) alarms.Add($"{seed}: {string.Join(", ", codes)}");
        }
        Assert.True(alarms.Count <= 4, string.Join("; ", alarms));
    }

    [Fact]
    public void DateSentinels_AreFound_WhereverDatesAreKept()
    {
        DateTime Birth(int i) => new DateTime(1940, 3, 1).AddDays(i * 37 % 20_000);
        object?[] dates = [.. Enumerable.Range(0, 200).Select(i => i % 40 == 1 ? new DateTime(1900, 1, 1) : i == 7 ? null
            : (object)Birth(i))];
        Assert.Equal(["1900-01-01"], Codes(Run(ObjectColumn.Create("born", typeof(DateTime), dates))));
        object?[] ends = [.. Enumerable.Range(0, 200).Select(i => (object)(i % 40 == 1 ? new DateOnly(9999, 12, 31)
            : DateOnly.FromDateTime(Birth(i))))];
        Assert.Equal(["9999-12-31"], Codes(Run(ObjectColumn.Create("end", typeof(DateOnly), ends))));

        DiagnosticResult text = Run(TextColumn.Create("seen",
            [.. Enumerable.Range(0, 200).Select(i => i % 20 == 3 ? "01.01.1970" : Birth(i).AddYears(30).ToString("dd.MM.yyyy",
            System.Globalization.CultureInfo.InvariantCulture))]));
        Assert.Equal(["01.01.1970"], Codes(text));
        Assert.Contains("--missing-in \"seen=01.01.1970\"", text.Findings[0].Advice, StringComparison.Ordinal);

        double[] numbers = [.. Enumerable.Range(0, 200).Select(i => Birth(i)).Select((d, i) => i % 50 == 4 ? 99991231.0 : i % 50 == 5
            ? 18991230 : d.Year * 10000 + d.Month * 100 + d.Day)];
        Assert.Equal(["18991230", "99991231"], Codes(Run(("date", numbers))).Order(StringComparer.Ordinal));

        Assert.Empty(Codes(Run(ObjectColumn.Create("born", typeof(DateTime),
            [.. Enumerable.Range(0, 200).Select(i => (object)new DateTime(1900, 1, 1).AddDays(i * 131))]))));
        Assert.Empty(Codes(Run(ObjectColumn.Create("seen", typeof(DateTime),
            [.. Enumerable.Range(0, 200).Select(i => (object)new DateTime(1970, 1, 1).AddHours(i * 5))]))));
    }

    [Fact]
    public void NumbersAmongWords_AreFound()
    {
        Assert.Equal(["99"],
            Codes(Run(TextColumn.Create("vote", [.. Enumerable.Range(0, 60).Select(i => i % 20 == 0 ? "99" : i % 2 == 0 ? "yes"
            : "no")]))));
        Assert.Empty(Codes(Run(TextColumn.Create("house", [.. Enumerable.Range(0, 60).Select(i => i % 20 == 0 ? "12b"
            : $"{90 + i % 15}")]))));
    }

    [Fact]
    public void Verdict_DependsNeitherOnTheOrderOfRowsNorOnMissingCells()
    {
        double[] values = Planted(300, 1, 6, 9, 20), holed = [.. values.Reverse(), .. Enumerable.Repeat(double.NaN, 50)];
        Assert.Equal(Run(("q", values)).Findings[0].Sentence, Run(("q", holed)).Findings[0].Sentence);
    }

    private static string NumericText(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
        * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Poisson(Random random, double mean)
    {
        int count = 0;
        for (double product = random.NextDouble(); product > Math.Exp(-mean); product *= random.NextDouble()) count++;
        return count;
    }
}
