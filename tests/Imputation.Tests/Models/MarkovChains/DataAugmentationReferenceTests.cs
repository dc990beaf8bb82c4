using System.Text.Json;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models.MarkovChains;

/// <summary>Posterior means and standard deviations against norm2's mcmcNorm, 200,000 iterations of it:
/// tests/References/augmentation/make-references.R.</summary>
public class DataAugmentationReferenceTests
{
    private static readonly JsonElement s_references = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "augmentation",
        "norm2.json"))).RootElement;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_references.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void PosteriorMoments_MatchNorm2(int index)
    {
        JsonElement json = s_references[index];
        ReferenceCase reference = ReferenceCase.Mvn(json.GetProperty("data").GetString()!)!;
        Assert.Equal(json.GetProperty("columns").EnumerateArray().Select(e => e.GetString()), reference.Columns);
        int p = reference.Columns.Length;
        CovariancePrior prior = json.GetProperty("prior").GetString() switch
        {
            "jeffreys" => CovariancePrior.Jeffreys,
            "ridge" => CovariancePrior.Ridge(json.GetProperty("df").GetDouble()),
            _ => CovariancePrior.InverseWishart(-(p + 1), new double[p, p]), // a flat density
        };
        DataAugmentationResult result = DataAugmentation.Run(reference.Table, new DataAugmentationOptions
        {
            ChainCount = 4,
            DrawCount = 4_000,
            BurnIn = 200,
            Thinning = 10
        }, new NormalOptions { Prior = prior }, new RunOptions { Seed = 3 });

        int[] rows = Ints("row"), columns = Ints("column");
        double[] means = Doubles("mean"), meanErrors = Doubles("mean_error"), deviations = Doubles("sd"),
            deviationErrors = Doubles("sd_error");
        Assert.Equal(p * (p + 3) / 2, rows.Length);
        for (int q = 0; q < rows.Length; q++)
        {
            DataAugmentationTrace trace = result.Traces.Single(t => rows[q] < 0
                ? t.Kind == DataAugmentationTraceKind.Mean && t.First == columns[q]
                : t.Kind == DataAugmentationTraceKind.Covariance && t.First == columns[q] && t.Second == rows[q]);

            // Five standard errors of the difference: chance gives one such in a million. Ours of the mean from the effective number of
            // draws; of the
            // deviation as if that were the same and the kurtosis 9, since variances have long tails.
            double ours = trace.StandardDeviation / Math.Sqrt(trace.EffectiveDrawCount);
            Assert.InRange(trace.Mean - means[q], -5 * Together(ours, meanErrors[q]), 5 * Together(ours, meanErrors[q]));
            double oursOfDeviation = trace.StandardDeviation * Math.Sqrt(2 / trace.EffectiveDrawCount);
            Assert.InRange(trace.StandardDeviation - deviations[q], -5 * Together(oursOfDeviation, deviationErrors[q]),
                5 * Together(oursOfDeviation, deviationErrors[q]));
            Assert.True(ours < 0.03 * trace.StandardDeviation, trace.Name); // or the comparison would mean little
        }
        Assert.InRange(result.LargestRHat, 0.999, 1.02);

        double[] Doubles(string name) => ReferenceCase.Doubles(json.GetProperty(name));
        int[] Ints(string name) => [.. json.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
    }

    private static double Together(double a, double b) => Math.Sqrt(a * a + b * b);
}
