using System.Globalization;
using System.Text.Json;
using Imputation.Tests.Shared;
using MathNet.Numerics.LinearAlgebra;

namespace Imputation.Tests.Pooling;

/// <summary>Pooling against tests/References/pool: Rubin's rules and D1 to D3 by their definitions, computed in R, and what mitml
/// gives.</summary>
/// <remarks>Relative 1e-10: the references have 15 digits, of which differences of estimates cost a few.
/// Where packages depart from the definition (mice floors λ at 1e-4, mitools' df.complete is not Barnard and Rubin's) the definition is
/// what counts.</remarks>
public class PoolReferenceTests
{
    private const double Tolerance = 1e-10;

    private static readonly JsonElement s_scalars = Read("rubin_scalar.json");
    private static readonly JsonElement s_several = Read("multiparameter_D1_D2_D3.json");

    private static readonly string[] s_tested = ["bmi", "hyp"];

    public static TheoryData<string> ScalarCases => [.. s_scalars.EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Fact]
    public void References_AreAllThere() => Assert.Equal(11, ScalarCases.Count);

    [Theory, MemberData(nameof(ScalarCases))]
    public void Scalars_MatchTheDefinition(string name)
    {
        JsonElement reference = s_scalars.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name),
            expected = reference.GetProperty("definition");
        double[] estimates = ReferenceCase.Doubles(reference.GetProperty("estimates")),
            variances = ReferenceCase.Doubles(reference.GetProperty("variances"));
        PooledEstimate large = Pool.Scalars(estimates, variances), small = Pool.Scalars(estimates, variances,
            Number(reference.GetProperty("df_complete")));

        foreach (PooledEstimate pooled in (PooledEstimate[])[large, small])
        {
            Close(expected, "qbar", pooled.Estimate);
            Close(expected, "within_W", pooled.Within);
            Close(expected, "between_B", pooled.Between);
            Close(expected, "total_T", pooled.Total);
            Close(expected, "se", pooled.StandardError);
            Close(expected, "riv_r", pooled.RelativeIncrease);
            Close(expected, "lambda", pooled.Lambda);
            Close(expected, "df_rubin_1987", pooled.OldDegreesOfFreedom);
            Close(expected, "t_stat_vs_0", pooled.Statistic());
        }
        Close(expected, "df_rubin_1987", large.DegreesOfFreedom);
        Close(expected, "df_barnard_rubin_1999", small.DegreesOfFreedom);
        Close(expected, "fmi_with_df_rubin", large.FractionOfMissingInformation);
        Close(expected, "fmi_with_df_barnard_rubin", small.FractionOfMissingInformation);
        Close(expected, "p_two_sided_df_rubin", large.PValue());
        Close(expected, "p_two_sided_df_barnard_rubin", small.PValue());
        foreach ((PooledEstimate pooled, string key) in (ReadOnlySpan<(PooledEstimate, string)>)[(large, "ci95_df_rubin"),
            (small, "ci95_df_barnard_rubin")])
        {
            double[] limits = ReferenceCase.Doubles(expected.GetProperty(key));
            Close(limits[0], pooled.Lower, key);
            Close(limits[1], pooled.Upper, key);
        }
    }

    [Fact]
    public void Vectors_MatchMiceAndMitools()
    {
        PooledVector pooled = Coefficients(21);
        JsonElement[] summary = [.. s_several.GetProperty("mice_pool_summary").EnumerateArray()];
        for (int j = 0; j < summary.Length; j++)
        {
            PooledEstimate c = pooled[summary[j].GetProperty("term").GetString()!];
            Assert.Same(pooled.Coefficients[j], c);
            foreach ((string key, double value) in (ReadOnlySpan<(string, double)>)[
                ("estimate", c.Estimate), ("std.error", c.StandardError), ("statistic", c.Statistic()), ("df", c.DegreesOfFreedom),
                    ("p.value", c.PValue()), ("2.5 %", c.Lower),
                ("97.5 %", c.Upper), ("riv", c.RelativeIncrease), ("lambda", c.Lambda), ("fmi", c.FractionOfMissingInformation),
                    ("ubar", c.Within), ("b", c.Between), ("t", c.Total)])
                Close(summary[j], key, value);
        }
        double[,] total = ReferenceCase.Square(s_several.GetProperty("mitools").GetProperty("vcov")), actual = pooled.Total.ToArray();
        for (int j = 0; j < 4; j++)
            for (int l = 0; l < 4; l++) Close(total[j, l], actual[j, l], $"total {j}, {l}");
    }

    [Fact]
    public void D1_MatchesMitml_InLargeAndSmallSamples()
    {
        Matches(s_several.GetProperty("D1").GetProperty("test"), Coefficients(double.PositiveInfinity).D1(s_tested));
        Matches(s_several.GetProperty("D1_df.com_21").GetProperty("test"), Coefficients(21).D1(s_tested));
    }

    [Fact]
    public void D2_MatchesMitml_FromWaldAndFromLikelihoodStatistics()
    {
        (double[][] estimates, double[][,] covariances, _) = Inputs();
        double[] wald = [.. Enumerable.Range(0, estimates.Length).Select(i =>
        {
            double a = covariances[i][2, 2], b = covariances[i][2, 3], c = covariances[i][3, 3], x = estimates[i][2], y = estimates[i][3];
            return (x * x * c - 2 * x * y * b + y * y * a) / (a * c - b * b);
        })];
        Matches(s_several.GetProperty("D2_wald").GetProperty("test"), Pool.D2(wald, 2));

        double[] one = ReferenceCase.Doubles(s_several.GetProperty("loglik1")),
            zero = ReferenceCase.Doubles(s_several.GetProperty("loglik0"));
        Matches(s_several.GetProperty("D2_likelihood").GetProperty("test"), Pool.D2([.. one.Zip(zero, (a, b) => 2 * (a - b))], 2));

        JsonElement list = s_several.GetProperty("D2_from_chisq_list");
        PooledTest test = Pool.D2(ReferenceCase.Doubles(list.GetProperty("chisq")), 3);
        Close(list, "D2", test.Statistic);
        Close(list, "r", test.RelativeIncrease);
        Close(list, "df2", test.DenominatorDegreesOfFreedom);
        Close(list, "p", test.PValue);
    }

    /// <summary>From the five tables themselves: least squares, and the normal likelihood at each table's own and at the averaged
    /// parameters.</summary>
    [Theory]
    [InlineData("variance_ml"), InlineData("sd_ml"), InlineData("log_variance_ml")]
    public void D3_MatchesTheDefinition_HoweverTheResidualVarianceIsAveraged(string scale)
    {
        (Func<double, double> to, Func<double, double> back) = scale switch
        {
            "variance_ml" => ((Func<double, double>)(v => v), (Func<double, double>)(v => v)),
            "sd_ml" => (Math.Sqrt, s => s * s),
            _ => (Math.Log, Math.Exp),
        };
        double[][,] tables = [.. Enumerable.Range(1, 5).Select(i => ReferenceCase.ReadCsv(Path.Combine(ReferenceCase.Root, "pool",
            $"nhanes_imputed_{i}.csv")).Values)];
        int[] large = [0, 1, 2], small = [0]; // age, bmi, hyp; age
        double[] own = new double[5], averaged = new double[5];
        foreach ((int[] columns, int sign) in (ReadOnlySpan<(int[], int)>)[(large, 2), (small, -2)])
        {
            (Vector<double> Coefficients, double Variance)[] fits = [.. tables.Select(t => LeastSquares(t, columns))];
            Vector<double> mean = fits.Select(f => f.Coefficients).Aggregate((a, b) => a + b) / 5;
            double variance = back(fits.Average(f => to(f.Variance)));
            for (int i = 0; i < 5; i++)
            {
                own[i] += sign * LogLikelihood(tables[i], columns, fits[i].Coefficients, fits[i].Variance);
                averaged[i] += sign * LogLikelihood(tables[i], columns, mean, variance);
            }
        }
        JsonElement expected = Read("D3_disagreement.json").GetProperty("by_definition").GetProperty(scale);
        Close(expected, "dbar", own.Average());
        Close(expected, "dtilde", averaged.Average());
        PooledTest test = Pool.D3(own, averaged, 2);
        Close(expected, "r3", test.RelativeIncrease);
        Close(expected, "D3", test.Statistic);
        Close(expected, "df2", test.DenominatorDegreesOfFreedom);
        Close(expected, "p", test.PValue);
        if (scale == "variance_ml") Matches(s_several.GetProperty("D3").GetProperty("test"), test);
    }

    private static (Vector<double> Coefficients, double Variance) LeastSquares(double[,] table, int[] columns)
    {
        (Matrix<double> x, Vector<double> y) = Design(table, columns);
        Vector<double> coefficients = x.QR().Solve(y), residual = y - x * coefficients;
        return (coefficients, residual * residual / y.Count);
    }

    private static double LogLikelihood(double[,] table, int[] columns, Vector<double> coefficients, double variance)
    {
        (Matrix<double> x, Vector<double> y) = Design(table, columns);
        Vector<double> residual = y - x * coefficients;
        return -0.5 * (y.Count * Math.Log(2 * Math.PI * variance) + residual * residual / variance);
    }

    private static (Matrix<double> X, Vector<double> Y) Design(double[,] table, int[] columns)
    {
        Matrix<double> all = Matrix<double>.Build.DenseOfArray(table);
        return (Matrix<double>.Build.Dense(table.GetLength(0), columns.Length + 1, (row, j) => j == 0 ? 1 : all[row, columns[j - 1]]),
            all.Column(3));
    }

    private static PooledVector Coefficients(double completeDegreesOfFreedom)
    {
        (double[][] estimates, double[][,] covariances, string[] names) = Inputs();
        return Pool.Vectors(estimates, covariances, completeDegreesOfFreedom, names: names);
    }

    private static (double[][] Estimates, double[][,] Covariances, string[] Names) Inputs()
    {
        JsonElement[] coefficients = [.. s_several.GetProperty("coefficients").EnumerateArray()];
        return ([.. coefficients.Select(c => c.EnumerateObject().Select(p => p.Value.GetDouble()).ToArray())],
            [.. s_several.GetProperty("vcov").EnumerateArray().Select(ReferenceCase.Square)],
            [.. coefficients[0].EnumerateObject().Select(p => p.Name)]);
    }

    private static void Matches(JsonElement expected, PooledTest test)
    {
        Close(expected, "F.value", test.Statistic);
        Close(expected, "df1", test.NumeratorDegreesOfFreedom);
        Close(expected, "df2", test.DenominatorDegreesOfFreedom);
        Close(expected, "P(>F)", test.PValue);
        Close(expected, "RIV", test.RelativeIncrease);
    }

    private static void Close(JsonElement expected, string key, double actual) => Close(Number(expected.GetProperty(key)), actual, key);

    private static void Close(double expected, double actual, string what)
    {
        if (expected == actual || (expected == 0 && actual < 1e-307)) return; // R's tail ends before a double's does
        Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), string.Create(CultureInfo.InvariantCulture,
            $"{what}: {actual:R}, expected {expected:R}"));
    }

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() == "Inf"
        ? double.PositiveInfinity : value.GetDouble();

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "pool", file)))
        .RootElement;
}
