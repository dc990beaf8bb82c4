using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Missingness;
using Xunit.Abstractions;

namespace Imputation.Tests.Diagnostics;

/// <summary>How often Little's test rejects data that are MCAR, and data that are not. IMPUTATION_LONG=1 takes 2,000 sets for
/// everything.</summary>
public class LittleSimulationTests(ITestOutputHelper output)
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("IMPUTATION_LONG") == "1";

    /// <summary>Shapes of columns, each a function of a normal number.</summary>
    private static readonly Dictionary<string, Func<double, double>> s_shapes = new()
    {
        ["normal"] = z => z,
        ["lognormal"] = Math.Exp,
        ["heavy"] = z => z * z * z, // kurtosis 46
        ["two-valued"] = z => z > 1 ? 1 : 0,
    };

    /// <summary>p-values by χ² and by permutation of seeded sets.</summary>
    private (double ChiSquared, double Permutation)[] Simulate(int sets, int rows, int columns, double missing, string shape,
        int permutations, Action<double[,], Random>? mask = null)
    {
        var results = new (double, double)[sets];
        Parallel.For(0, sets, set =>
        {
            double[,] values = Simulated.Values(rows, columns, seed: 1000 + set);
            var random = new Random(set);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++) values[i, j] = s_shapes[shape](values[i, j]);
            if (mask is not null) mask(values, random);
            else
            {
                for (int i = 0; i < rows; i++)
                    for (int j = 0; j < columns; j++)
                        if (random.NextDouble() < missing) values[i, j] = double.NaN;
            }
            var context = new DiagnosticContext(Table.FromArray([.. Enumerable.Range(1, columns).Select(j => $"x{j}")], values),
                new DiagnosticOptions { Model = new NormalOptions { Prior = CovariancePrior.Auto } },
                new RunOptions { Seed = (ulong)set, Threads = 1 });
            var found = new Dictionary<string, double>(new LittleDiagnostic { Permutations = permutations }.Run(context).Values);
            results[set] = (found["pValue"], found["permutationPValue"]);
        });
        output.WriteLine($"{shape}, {rows} × {columns}, {missing}: " + string.Join(", ", new[] { 0.01, 0.05, 0.1, 0.5 }.Select(level =>
            $"{level}: χ² {Rate(results, r => r.Item1, level):F3} permutation {Rate(results, r => r.Item2, level):F3}")));
        return results;
    }

    private static double Rate((double, double)[] results, Func<(double, double), double> which, double level) =>
        results.Count(r => which(r) <= level + 1e-12) / (double)results.Length;

    /// <summary>3.3 standard errors either side: one in a thousand, and the sets are fixed by their seeds.</summary>
    private static void AssertNominal((double, double)[] results, Func<(double, double), double> which, double level)
    {
        double error = 3.3 * Math.Sqrt(level * (1 - level) / results.Length);
        Assert.InRange(Rate(results, which, level), level - error, level + error);
    }

    /// <summary>The property: 2,000 seeded sets of 200 rows, always.</summary>
    [Fact]
    public void McarNormalData_AreRejectedAtTheNominalRate()
    {
        (double, double)[] results = Simulate(2000, 200, 4, 0.1, "normal", permutations: 0);
        foreach (double level in (double[])[0.01, 0.05, 0.1, 0.5]) AssertNominal(results, r => r.Item1, level);
    }

    /// <summary>Whatever the shape, and however many columns for few rows: no more often than nominal. The gamma tail may be off by a
    /// hundredth.</summary>
    [Theory]
    [InlineData("normal", 200, 4, 0.1), InlineData("lognormal", 200, 4, 0.1), InlineData("heavy", 200, 4, 0.2),
        InlineData("two-valued", 200, 4, 0.2), InlineData("lognormal", 200, 8, 0.3)]
    [InlineData("normal", 200, 20, 0.05), InlineData("lognormal", 150, 6, 0.05), InlineData("normal", 100, 25, 0.05),
        InlineData("normal", 300, 60, 0.05), InlineData("heavy", 300, 30, 0.03)]
    public void McarData_AreNotRejectedTooOften_ByPermutation_WhateverTheirShape(string shape, int rows, int columns, double missing)
    {
        (double, double)[] results = Simulate(s_long ? 2000 : columns > 8 ? 60 : 300, rows, columns, missing, shape, permutations: 99);
        foreach (double level in (double[])[0.05, 0.1]) Assert.InRange(Rate(results, r => r.Item2, level), 0,
            level + 3.3 * Math.Sqrt(level * (1 - level) / results.Length) + 0.01);
    }

    /// <summary>x1, x2 more often missing where x3 is large.</summary>
    [Theory, InlineData("normal"), InlineData("lognormal")]
    public void MarData_AreRejected_ByPermutation(string shape)
    {
        (double, double)[] results = Simulate(s_long ? 2000 : 100, 200, 4, 0.2, shape, permutations: 99, (values, random) =>
        {
            double[] third = [.. Enumerable.Range(0, 200).Select(i => values[i, 2])], sorted = [.. third.Order()];
            for (int i = 0; i < 200; i++)
                for (int j = 0; j < 2; j++)
                    if (random.NextDouble() < (third[i] > sorted[120] ? 0.4 : 0.1)) values[i, j] = double.NaN;
        });
        Assert.InRange(Rate(results, r => r.Item2, 0.05), 0.85, 1);
    }
}
