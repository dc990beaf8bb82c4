using Imputation.Tests.Shared;
using Sampler = Imputation.DataAugmentation;

namespace Imputation.Tests.Models.MarkovChains;

/// <summary>What is promised of a run, and what it does with difficult data.</summary>
public class DataAugmentationTests
{
    private static readonly DataAugmentationOptions s_short = new() { DrawCount = 6, ChainCount = 2, BurnIn = 20, Thinning = 5 };

    [Fact]
    public void Draws_AreTheSameBitsOnAnyNumberOfThreads()
    {
        Table table = Simulated.Table(Simulated.Values(3_000, 8, seed: 2, missing: 0.3));
        NormalFit fit = NormalModel.Fit(table);
        DataAugmentationResult one = Sampler.Run(fit, table, s_short with { ChainCount = 1 }, new RunOptions { Threads = 1 });
        foreach (int threads in (int[])[2, 8])
        {
            DataAugmentationResult more = Sampler.Run(fit, table, s_short with { ChainCount = 1 }, new RunOptions { Threads = threads });
            Same(one.Draws, more.Draws);
            Assert.Equal(one.Traces.Select(t => t.RHat), more.Traces.Select(t => t.RHat));
            Assert.Equal(one.Worst!.Values(0), more.Worst!.Values(0));
        }
        Same(Sampler.Run(fit, table, s_short with { ChainCount = 3 }, new RunOptions { Threads = 1 }).Draws,
            Sampler.Run(fit, table, s_short with { ChainCount = 3 }, new RunOptions { Threads = 8 }).Draws);
    }

    [Fact]
    public void DrawK_StandsWhereItIsSaid_HoweverManyAreMade()
    {
        Table table = ReferenceCase.Mvn("nhanes")!.Table;
        DataAugmentationResult few = Sampler.Run(table, new DataAugmentationOptions { DrawCount = 5 }, run: new RunOptions { Seed = 8 }),
            many = Sampler.Run(table, new DataAugmentationOptions { DrawCount = 23 }, run: new RunOptions { Seed = 8 });
        Same(few.Draws, [.. many.Draws.Take(5)]);
        Assert.Equal(23, many.Draws.Count);
        for (int k = 0; k < 23; k++)
        {
            DataAugmentationDraw draw = many.Draws[k];
            Assert.Equal((k, k % 4, many.BurnIn + k / 4 * many.Thinning), (draw.Index, draw.Chain, draw.Iteration));
            for (int i = 0; i < 4; i++)
            {
                Assert.Equal(many.Traces.Single(t => t.Kind == DataAugmentationTraceKind.Mean && t.First == i)
                    .Values(draw.Chain)[draw.Iteration - 1], draw.Mean[i]);
                for (int j = 0; j <= i; j++)
                {
                    Assert.Equal(draw.Covariance[i, j], draw.Covariance[j, i]);
                    Assert.Equal(many.Traces.Single(t => t.Kind == DataAugmentationTraceKind.Covariance && t.First == j && t.Second == i)
                        .Values(draw.Chain)[draw.Iteration - 1], draw.Covariance[i, j]);
                }
            }
        }
        Assert.False(Sampler.Run(table, new DataAugmentationOptions { DrawCount = 5 }, run: new RunOptions { Seed = 9 }).Draws[0]
            .Mean.SequenceEqual(few.Draws[0].Mean));
    }

    [Fact]
    public void BurnInAndThinning_ComeFromTheRateOfEm()
    {
        Table table = Simulated.Table(Simulated.Values(600, 3, seed: 5, missing: 0.6));
        DataAugmentationResult result = Sampler.Run(table, new DataAugmentationOptions { DrawCount = 8 });
        Assert.InRange(result.ConvergenceRate, 0.6, 0.97);
        Assert.Equal(Math.Max(50, (int)Math.Ceiling(Math.Log(1e-3) / Math.Log(result.ConvergenceRate))), result.BurnIn);
        Assert.Equal(Math.Max(20, (int)Math.Ceiling(Math.Log(1e-2) / Math.Log(result.ConvergenceRate))), result.Thinning);
        Assert.Equal(result.BurnIn + Math.Max(199, result.Thinning), result.IterationCount);
        Assert.Equal(result.IterationCount, result.Traces[0].Values(3).Length);
    }

    [Fact]
    public void ScalingAColumn_ScalesItsDraws()
    {
        double[,] values = Simulated.Values(200, 3, seed: 6, missing: 0.2), scaled = (double[,])values.Clone();
        for (int i = 0; i < 200; i++) scaled[i, 1] = 1e6 * values[i, 1] - 5e7;
        DataAugmentationResult one = Sampler.Run(Simulated.Table(values), s_short), other = Sampler.Run(Simulated.Table(scaled), s_short);
        for (int k = 0; k < 6; k++)
        {
            Assert.Equal(1e6 * one.Draws[k].Mean[1] - 5e7, other.Draws[k].Mean[1], 1.0); // of 1e7
            Assert.Equal(1, 1e12 * one.Draws[k].Covariance[1, 1] / other.Draws[k].Covariance[1, 1], 1e-5);
            Assert.Equal(1, 1e6 * one.Draws[k].Covariance[1, 2] / other.Draws[k].Covariance[1, 2], 1e-5);
            Assert.Equal(1, one.Draws[k].Covariance[0, 2] / other.Draws[k].Covariance[0, 2], 1e-5);
        }
    }

    [Fact]
    public void TooShortABurnIn_IsToldInWords()
    {
        Table table = Simulated.Table(Simulated.Values(400, 3, seed: 7, missing: 0.7));
        DataAugmentationResult result = Sampler.Run(table, new DataAugmentationOptions { DrawCount = 8, BurnIn = 3, Thinning = 1 });
        Finding burnIn = result.Findings.Single(f => f.Code == "burn-in-short");
        Assert.Contains("burn-in of 3 iterations is too short", burnIn.Sentence, StringComparison.Ordinal);
        Assert.Contains(((int)Math.Ceiling(Math.Log(1e-3) / Math.Log(result.ConvergenceRate)))
            .ToString(System.Globalization.CultureInfo.InvariantCulture), burnIn.Advice, StringComparison.Ordinal);
        Assert.Contains(result.Findings, f => f.Code == "draws-alike");
        Assert.Contains(result.Findings, f => f.Code == "prior-for-draws");

        DataAugmentationResult better = Sampler.Run(table, new DataAugmentationOptions { DrawCount = 8 },
            new NormalOptions { Prior = CovariancePrior.Jeffreys });
        Assert.DoesNotContain(better.Findings, f => f.Code is "burn-in-short" or "draws-alike" or "prior-for-draws");
    }

    [Fact]
    public void ChainsThatHaveNotSettled_AreTold()
    {
        // Two columns almost never together: what little is known of their correlation chains find slowly.
        double[,] values = Simulated.Values(400, 2, seed: 17);
        for (int i = 5; i < 400; i++) values[i, i % 2] = double.NaN;
        DataAugmentationResult result = Sampler.Run(Simulated.Table(values), new DataAugmentationOptions
        {
            DrawCount = 4,
            BurnIn = 1,
            Thinning = 1
        });
        Finding finding = result.Findings.First(f => f.Code == "chains-not-settled");
        Assert.Contains("cov(x1, x2)", finding.Sentence, StringComparison.Ordinal);
        Assert.Contains("R-hat", finding.Evidence, StringComparison.Ordinal);
        Assert.True(result.LargestRHat > 1.05);
    }

    [Fact]
    public void ColumnsNeverObservedTogether_NeedAPrior()
    {
        double[,] values = Simulated.Values(200, 3, seed: 8);
        for (int i = 0; i < 200; i++) values[i, 1 + i % 2] = double.NaN;
        Table table = Simulated.Table(values);
        var refused = Assert.Throws<ImputationDataException>(() => Sampler.Run(table, s_short));
        Assert.Contains("'x2' and 'x3' are never observed together", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ridge", refused.Message, StringComparison.Ordinal);
        DataAugmentationResult result = Sampler.Run(table, s_short, new NormalOptions { Prior = CovariancePrior.Ridge(5) });
        Assert.All(result.Draws, d => Assert.All(d.Covariance.ToArray().Cast<double>(), x => Assert.True(double.IsFinite(x))));
    }

    [Fact]
    public void FewerRowsThanColumns_NeedAPrior()
    {
        Table table = Simulated.Table(Simulated.Values(8, 12, seed: 10, missing: 0.1));
        Assert.Throws<ImputationDataException>(() => Sampler.Run(table, s_short));
        var refused = Assert.Throws<ImputationDataException>(() => Sampler.Run(table, s_short,
            new NormalOptions { Prior = CovariancePrior.Ridge(2) }));
        Assert.Contains("8 rows", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ridge:7", refused.Message, StringComparison.Ordinal);
        DataAugmentationResult result = Sampler.Run(table, s_short, new NormalOptions { Prior = CovariancePrior.Ridge(6) });
        Assert.Equal(6, result.Draws.Count);
        Assert.All(result.Draws, d => Assert.All(d.Mean, x => Assert.True(double.IsFinite(x))));
    }

    [Fact]
    public void ColumnsThatDetermineEachOther_AreNamed()
    {
        double[,] values = Simulated.Values(100, 3, seed: 11, missing: 0.1);
        for (int i = 0; i < 100; i++) values[i, 2] = values[i, 0] + 2 * values[i, 1];
        Table table = Simulated.Table(values);
        var refused = Assert.Throws<ImputationDataException>(() => Sampler.Run(table, s_short));
        Assert.Contains("'x3'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ridge", refused.Message, StringComparison.Ordinal);
        Assert.Equal(6, Sampler.Run(table, s_short, new NormalOptions { Prior = CovariancePrior.Auto }).Draws.Count);
    }

    [Fact]
    public void ColumnsWithNothingToModel_AreLeftOut()
    {
        double[,] values = Simulated.Values(60, 4, seed: 13, missing: 0.2);
        for (int i = 0; i < 60; i++) (values[i, 1], values[i, 3]) = (double.NaN, 7);
        DataAugmentationResult result = Sampler.Run(Simulated.Table(values), s_short);
        Assert.Equal(["x1", "x3"], result.Columns);
        Assert.Equal(2, result.Draws[0].Mean.Count);
    }

    [Theory]
    [InlineData(1e-8)]
    [InlineData(1e12)]
    public void ExtremeUnits_AreFine(double unit)
    {
        double[,] values = Simulated.Values(80, 3, seed: 14, missing: 0.2);
        for (int i = 0; i < 80; i++)
            for (int j = 0; j < 3; j++) values[i, j] *= unit;
        DataAugmentationResult result = Sampler.Run(Simulated.Table(values), s_short);
        Assert.All(result.Traces, t => Assert.InRange(t.RHat, 0.98, 1.2));
        Assert.InRange(result.Draws[5].Covariance[0, 0] / unit / unit, 0.5, 2);
    }

    [Fact]
    public void OneColumn_AndNoMissingCell_AreFine()
    {
        Assert.Equal(6, Sampler.Run(Simulated.Table(Simulated.Values(20, 1, seed: 15, missing: 0.3)), s_short).Draws.Count);
        DataAugmentationResult complete = Sampler.Run(Simulated.Table(Simulated.Values(20, 2, seed: 16)), s_short);
        Assert.Equal(0, complete.ConvergenceRate);
        Assert.Null(complete.Worst);
        Assert.Throws<ImputationDataException>(() => Sampler.Run(Simulated.Table(new double[0, 2]), s_short));
        Assert.Throws<ImputationDataException>(() => Sampler.Run(Simulated.Table(new double[1, 2]), s_short));
    }

    [Fact]
    public void ManyColumns_KeepFewerTraces()
    {
        Table table = Simulated.Table(Simulated.Values(300, 205, seed: 18, missing: 0.01));
        DataAugmentationResult result = Sampler.Run(table, new DataAugmentationOptions { ChainCount = 2, DrawCount = 2, BurnIn = 10 },
            new NormalOptions { Prior = CovariancePrior.Ridge(20) });
        Assert.Equal(2, result.Draws.Count);
        Assert.Contains(result.Findings, f => f.Code == "traces-left-out");
        Assert.Equal(205 * 2 + 1, result.Traces.Count);
        Assert.Contains(result.Traces, t => t.Name == "var(x205)");
    }

    [Fact]
    public void OptionsOutOfRange_AreRefusedWithTheirValue()
    {
        Table table = Simulated.Table(Simulated.Values(20, 2, seed: 1));
        foreach (DataAugmentationOptions options in (DataAugmentationOptions[])[new() { DrawCount = 0 }, new() { ChainCount = 0 },
            new() { ChainCount = 1_001 }, new() { BurnIn = 0 }, new() { Thinning = 0 }])
            Assert.NotNull(Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.Run(table, options)).ActualValue);
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.Run(table, run: new RunOptions { Threads = -1 }))
            .ActualValue);
        NormalFit fit = NormalModel.Fit(table);
        Assert.Contains("'x2'", Assert.Throws<ArgumentException>(() => Sampler.Run(fit, Table.FromArray(["x1"], new double[3, 1]), s_short))
            .Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => Sampler.Run(fit, table, s_short,
            cancellation: new CancellationToken(canceled: true)));
    }

    private static void Same(IReadOnlyList<DataAugmentationDraw> expected, IReadOnlyList<DataAugmentationDraw> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int k = 0; k < expected.Count; k++)
        {
            Assert.Equal(expected[k].Mean, actual[k].Mean);
            Assert.Equal(expected[k].Covariance.ToArray().Cast<double>(), actual[k].Covariance.ToArray().Cast<double>());
        }
    }
}
