using Imputation.Diagnostics;

namespace Imputation.Tests.Diagnostics.Missingness;

/// <summary>Little's test, t tests and predictors of missingness take categories in, as shares of their levels.</summary>
public class CategoriesTests
{
    /// <summary>People with sex, region, age and income; income is missing by <paramref name="share"/> of the sex.</summary>
    private static Table People(int seed, Func<string, double> share)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        int n = 400;
        string[] sex = [.. Enumerable.Range(0, n).Select(_ => random.Next(2) == 0 ? "f" : "m")];
        string[] regions = ["north", "south", "west"];
        return new Table([TextColumn.Create("sex", sex),
            TextColumn.Create("region", [.. sex.Select(_ => random.Next(9) == 0 ? null : regions[random.Next(3)])]),
            NumericColumn.Number("age", [.. sex.Select(_ => 50 + 12 * Normal())]),
            NumericColumn.Number("income", [.. sex.Select(s => random.NextDouble() < share(s) ? double.NaN : 40 + 8 * Normal())])]);
    }

    private static DiagnosticReport Run(Table table) => DiagnosticSuite.Default.Run(new DiagnosticContext(table));

    private static double Value(DiagnosticReport report, string diagnostic, string name) =>
        report[diagnostic]!.Result.Values.First(v => v.Key == name).Value;

    [Fact]
    public void WhatDependsOnACategory_IsFound()
    {
        DiagnosticReport report = Run(People(1, sex => sex == "f" ? 0.45 : 0.15));
        Assert.True(Value(report, "little", "pValue") < 1e-4);
        Assert.Contains("indicators", report["little"]!.Result.Method, StringComparison.Ordinal);
        Assert.True(Value(report, "t-tests", "smallestAdjustedPValue") < 1e-4);
        Assert.Contains("'sex = m'", report["t-tests"]!.Result.Verdict, StringComparison.Ordinal);
        Assert.True(Value(report, "predictors", "smallestAdjustedPValue") < 1e-4);
        Assert.Contains("less often missing where sex = m", report["predictors"]!.Result.Verdict, StringComparison.Ordinal);
    }

    /// <summary>Missing completely at random: each rejects in about one table of twenty.</summary>
    [Fact]
    public void WhatDependsOnNothing_IsNot()
    {
        int little = 0, differences = 0, predictors = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            DiagnosticReport report = Run(People(100 + seed, _ => 0.3));
            little += Value(report, "little", "pValue") < 0.05 ? 1 : 0;
            differences += Value(report, "t-tests", "smallestAdjustedPValue") < 0.05 ? 1 : 0;
            predictors += Value(report, "predictors", "smallestAdjustedPValue") < 0.05 ? 1 : 0;
        }
        // More than 6 of 40 at one twentieth: 1.4 % by chance.
        Assert.InRange(little, 0, 6);
        Assert.InRange(differences, 0, 6);
        Assert.InRange(predictors, 0, 6);
    }

    /// <summary>A category that is modelled is filled, and a model on normal scores takes on the shape of a column.</summary>
    [Fact]
    public void WhatTheModelTakesIn_IsNoFault()
    {
        Table people = People(1, _ => 0.2);
        Table table = people.With(new Dictionary<string, Column>
        {
            ["income"] = NumericColumn.Number("income", [.. ((NumericColumn)people["income"]).Values.ToArray()
                .Select(x => Math.Exp(x / 8))]),
        });
        string[] Codes(ModelOptions model) => [.. DiagnosticSuite.Default
            .Run(new DiagnosticContext(table, new DiagnosticOptions { Model = model })).Findings.Select(f => f.Code)];
        string[] normal = Codes(new NormalOptions()), scores = Codes(new LatentNormalOptions { Numbers = NumberScale.Scores }),
            combined = Codes(new BestModelOptions());
        Assert.Contains("text-not-filled", normal);
        Assert.DoesNotContain("text-not-filled", scores.Concat(combined));
        Assert.Contains("skewed-columns", normal);
        Assert.DoesNotContain("skewed-columns", scores);
        // Missing information is that of a likelihood, and a combination has none.
        Assert.DoesNotContain("much-information-missing", combined);
    }

    /// <summary>A table of nothing but categories.</summary>
    [Fact]
    public void CategoriesAlone_AreTested()
    {
        var random = new Random(4);
        string?[] a = [.. Enumerable.Range(0, 300).Select(_ => random.Next(2) == 0 ? "x" : "y")],
            b = [.. a.Select(v => random.NextDouble() < (v == "x" ? 0.5 : 0.1) ? null : random.Next(2) == 0 ? "p" : "q")];
        DiagnosticReport report = Run(new Table([TextColumn.Create("a", a), TextColumn.Create("b", b)]));
        Assert.True(report["t-tests"]!.WasRun);
        Assert.True(Value(report, "little", "pValue") < 1e-6);
    }
}
