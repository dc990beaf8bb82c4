using Imputation.Models.Gaussian;
using Imputation.Models.MarkovChains;
using Imputation.Models.Normal.MarkovChains;
using Imputation.Patterns;
using Imputation.Tests.Diagnostics;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Filling.Multiple;

/// <summary>Multiple imputation by data augmentation.</summary>
public class DataAugmentationDrawsTests
{
    private static readonly MultipleOptions s_options = new() { Method = MultipleMethod.DataAugmentation, Count = 5 };

    private static readonly RunOptions s_run = new() { Seed = 42 };

    private static Table Data(int rows = 200, int columns = 4, double missing = 0.25, int seed = 1) =>
        Simulated.Table(Simulated.Rows(seed, rows, columns, 0.5, missing));

    private static double[] Cells(ImputationResult done) =>
        [.. done.Table.Columns.Cast<NumericColumn>().SelectMany(c => c.Values.ToArray())];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SeedAndIndexAlone_SayWhatAnImputationIs(bool matching)
    {
        Table table = Data();
        MultipleOptions options = s_options with { PredictiveMeanMatching = matching };
        double[][] all = [.. table.ImputeMultiple(options, s_run).Select((_, done) => Cells(done))];
        double[][] more = [.. table.ImputeMultiple(options with { Count = 20 }, s_run).Select((_, done) => Cells(done))];
        Assert.Equal(all, more[..5]);
        Assert.Equal(all[4], Cells(table.ImputeMultiple(options, s_run)[4])); // alone
        Assert.Equal(more[17], Cells(table.ImputeMultiple(options with { Count = 18 }, s_run with { Threads = 1 })[17]));
        Assert.Equal(all, [.. table.ImputeMultiple(options, s_run with { Threads = 1 }).Select(Cells)]);
        Assert.Equal(all, [.. table.ImputeMultiple(options, s_run with { Threads = 3 }).Select(Cells)]);
        Assert.Equal(20, more.Select(cells => cells.Sum()).Distinct().Count());
        Assert.NotEqual(all[4], Cells(table.ImputeMultiple(options, s_run with { Seed = 43 })[4]));
    }

    /// <summary>The parameters of imputation k are draw k of a run that anyone can make with the same seed.</summary>
    [Fact]
    public void Parameters_AreTheDrawsOfTheChains()
    {
        Table table = Data();
        // the last does not count
        var chains = new DataAugmentationOptions { ChainCount = 3, BurnIn = 17, Thinning = 6, DrawCount = 1 };
        ImputationSet set = table.ImputeMultiple(s_options with { Count = 8, DataAugmentation = chains }, s_run);
        DataAugmentationResult run = DataAugmentation.Run(table, chains with { DrawCount = 8 }, run: s_run);
        Assert.Null(set.Chains);
        for (int k = 7; k >= 0; k--)
        {
            Assert.Equal(run.Draws[k].Mean, set[k].Fit.AsNormal().Mean);
            Assert.Equal(run.Draws[k].Covariance.ToArray().Cast<double>(), set[k].Fit.AsNormal().Covariance.ToArray().Cast<double>());
        }
        DataAugmentationResult made = set.Chains!;
        Assert.Equal((3, 17, 6, 8), (made.ChainCount, made.BurnIn, made.Thinning, made.Draws.Count));
        Assert.Equal(run.Worst!.Values(1), made.Worst!.Values(1));
        Assert.Equal("jeffreys", made.Prior.ToString());
        Assert.Contains(set.Findings, f => f.Code == "prior-for-draws");
        Assert.Null(table.ImputeMultiple().Chains);
    }

    [Fact]
    public void Chains_RunOnce_WhoeverAsksFirst()
    {
        ImputationSet set = Data(600, 5).ImputeMultiple(s_options with { Count = 16 }, s_run);
        var chains = new DataAugmentationResult?[16];
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, k =>
        {
            _ = set[k];
            chains[k] = set.Chains;
        });
        Assert.NotNull(chains[0]);
        Assert.All(chains, c => Assert.Same(chains[0], c));
        _ = set.ToList();
        Assert.Same(chains[0], set.Chains);
    }

    /// <summary>Rows or sums of them: the same draws up to rounding. Among the patterns are some with fewer rows than columns, which stay
    /// as they are, and some with many.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public void DataLaidOutForTheFit_GiveTheDrawsOfRows(bool? sums)
    {
        double[,] values = Simulated.Rows(6, 300, 4, 0.6, 0.2);
        GaussianData rows = GaussianData.From(IncompleteMatrix.FromArray(values), sums: false),
            other = GaussianData.From(IncompleteMatrix.FromArray(values), sums: sums);
        Assert.Contains(other.Blocks, b => b.AreSums);
        int[] counts = [.. Enumerable.Range(0, rows.Patterns.Count).Select(rows.Patterns.RowCountOf)];
        Assert.True(counts.Min() <= 5 && counts.Max() > 50);
        var at = GaussianParameters.Create(new double[4], [1, 0.5, 0.3, 0.2, 0.5, 1, 0.4, 0.1, 0.3, 0.4, 1, 0.3, 0.2, 0.1, 0.3, 1])!;
        GaussianParameters[] next = [.. new[] { rows, other }.Select(data => new DataAugmentationChain(DataAugmentationData.From(data,
            CovariancePrior.None, 1), 1).Step(at, new DrawKey(3, 0, 1))!)];
        for (int i = 0; i < 4; i++) Assert.Equal(next[0].Mean[i], next[1].Mean[i], 1e-12);
        for (int i = 0; i < 16; i++) Assert.Equal(next[0].Covariance[i], next[1].Covariance[i], 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void ObservedCells_AreUntouched_AndNoneStaysMissing(int count)
    {
        Table table = Data();
        ImputationSet set = table.ImputeMultiple(s_options with { Count = count }, s_run);
        foreach (ImputationResult done in set)
        {
            Assert.Equal(0, done.StillMissingCount);
            foreach (NumericColumn column in table.Columns.Cast<NumericColumn>())
                for (int row = 0; row < column.Count; row++)
                    if (!column.IsMissing(row)) Assert.Equal(column[row], ((NumericColumn)done.Table[column.Name])[row]);
        }
        Assert.Equal(count == 1, set.Findings.Any(f => f.Code == "one-imputation"));
    }

    /// <summary>With m large the pooled means and their standard errors are those of the likelihood. Q̄ is off by √(B/m) from simulation,
    /// of which 4.5 are allowed,
    /// and by what a skewed posterior with 300 rows is, less than 0.05 standard errors. B is off by √(2/m) relatively, of which 4.5 again,
    /// and T as B's share
    /// of it; the prior widens T by about (p + 1)/n.</summary>
    [Fact]
    public void PooledMeans_ApproachTheLikelihoods()
    {
        const int n = 300, m = 400;
        Table table = Data(n, 3, 0.35, seed: 4);
        ImputationSet set = table.ImputeMultiple(s_options with { Count = m }, new RunOptions { Seed = 3 });
        double[] errors = set.Fit.AsNormal().Information().MeanStandardErrors.ToArray(), means = set.Fit.AsNormal().Mean.ToArray();
        for (int j = 1; j < 3; j++)
        {
            (double Mean, double Variance)[] estimates = [.. set.Select((_, done) =>
            {
                double[] x = ((NumericColumn)done.Table.Columns[j]).Values.ToArray();
                double mean = x.Average();
                return (mean, x.Sum(v => (v - mean) * (v - mean)) / (n - 1) / n);
            })];
            PooledEstimate pooled = Pool.Scalars([.. estimates.Select(e => e.Mean)], [.. estimates.Select(e => e.Variance)]);
            Assert.InRange(Math.Abs(pooled.Estimate - means[j]), 0, 4.5 * Math.Sqrt(pooled.Between / m) + 0.05 * errors[j]);
            double share = pooled.Between / pooled.Total, slack = 4.5 * Math.Sqrt(2.0 / m) * share + 2.0 * 4 / n;
            Assert.InRange(pooled.Total / (errors[j] * errors[j]), 1 - slack, 1 + slack);
            Assert.InRange(share, 0.15, 0.5);
        }
    }

    /// <summary>A run that was cancelled, at its start, in its midst, or while another thread's was waited for, leaves nothing
    /// behind.</summary>
    [Fact]
    public async Task CancelledRun_DoesNotSpoilTheNext()
    {
        Table table = Data(400);
        MultipleOptions options = s_options with { DataAugmentation = new DataAugmentationOptions { BurnIn = 10_000 } };
        ImputationSet set = table.ImputeMultiple(options, s_run);
        using (var cancelled = new CancellationTokenSource())
        {
            cancelled.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => set.Make(0, cancelled.Token));
        }
        Assert.ThrowsAny<OperationCanceledException>(() => set.Select((_, done) => done, Soon())); // it takes many times as long
        Assert.Null(set.Chains);

        Task<ImputationResult> other = Task.Run(() => set[2]);
        Assert.ThrowsAny<OperationCanceledException>(() => set.Make(2, Soon())); // be it the one that runs or the one that waits
        Assert.Equal(Cells(table.ImputeMultiple(options, s_run)[2]), Cells(await other));
        Assert.NotNull(set.Chains);
    }

    /// <summary>Cancelled after 5 ms, by a thread of its own: those of the pool may be busy.</summary>
    private static CancellationToken Soon()
    {
        var source = new CancellationTokenSource();
        new Thread(() =>
        {
            Thread.Sleep(5); // the run takes 10,000 iterations, many times as long; whether it has begun by then makes no difference
            source.Cancel();
        }).Start();
        return source.Token;
    }

    [Fact]
    public void NothingMissing_NeedsNoChains()
    {
        Table table = Simulated.Table(Simulated.Rows(1, 60, 3, 0.5, 0));
        ImputationSet set = table.ImputeMultiple(s_options, s_run);
        Assert.All(set, done => Assert.Same(table, done.Table));
        Assert.Null(set.Chains);
        Assert.Empty(set.Findings);
        // no posterior either, and none is wanted
        Assert.Equal(3, Simulated.Table(new double[,] { { 1, 2, 0 }, { 5, 1, 7 }, { 2, 2, 1 } })
            .ImputeMultiple(s_options with { Model = new NormalOptions { Prior = CovariancePrior.Auto } }, s_run)[0].Table.RowCount);
    }

    /// <summary>It is said at once, not with the first imputation.</summary>
    [Fact]
    public void ImproperPosterior_IsRefusedAtOnce_AndHasTheFitsPrior()
    {
        double[,] values = Simulated.Rows(8, 200, 3, 0.5, 0);
        for (int i = 0; i < 200; i++) values[i, 1 + i % 2] = double.NaN;
        Table table = Simulated.Table(values);
        ImputationDataException refused = Assert.Throws<ImputationDataException>(() =>
            table.ImputeMultiple(s_options with { Model = NormalOptions.Default }, s_run));
        Assert.Contains("'x2' and 'x3' are never observed together", refused.Message);
        ImputationSet ridge = table.ImputeMultiple(s_options with { Model = new NormalOptions { Prior = CovariancePrior.Ridge(5) } },
            s_run);
        Assert.Equal(0, ridge[4].StillMissingCount);
        Assert.Equal("ridge:5", ridge.Chains!.Prior.ToString());
        ImputationSet auto = table.ImputeMultiple(s_options with { Model = new NormalOptions { Prior = CovariancePrior.Auto } }, s_run);
        Assert.Equal(0, auto[4].StillMissingCount);
        Assert.Equal(CovariancePriorKind.Ridge, auto.Chains!.Prior.Kind);
        Assert.Equal(auto.Fit.Report.Prior, auto.Chains.Prior);
    }

    /// <summary>Six rows for five columns: a posterior distribution with one degree of freedom to spare, whose draws come to what no
    /// computer can factor.</summary>
    [Fact]
    public void HardlyEnoughRows_AreSaidToBeFew()
    {
        ImputationSet set = AwkwardTables.Get("names").ImputeMultiple(s_options with
        {
            Model = new NormalOptions { Prior = CovariancePrior.Ridge(0.01) }
        }, new RunOptions { Seed = 1 });
        ImputationDataException refused = Assert.Throws<ImputationDataException>(() => set[0]);
        Assert.Contains("6 rows with something observed are too few for 5 columns", refused.Message);
        Assert.Contains("ridge:2", refused.Message);
        Assert.Equal(refused.Message, Assert.Throws<ImputationDataException>(() => set[0]).Message); // again
        Assert.Equal(0, AwkwardTables.Get("names").ImputeMultiple(
            s_options with { Model = new NormalOptions { Prior = CovariancePrior.Ridge(2) } }, s_run)[0].StillMissingCount);
    }

    /// <summary>Where nobody named a prior, a ridge that is strong enough is taken, and that is reported.</summary>
    [Fact]
    public void HardlyEnoughRows_GetAStrongerPrior_WhereNoneWasNamed()
    {
        ImputationSet set = AwkwardTables.Get("names").ImputeMultiple(s_options with
        {
            Model = new NormalOptions { Prior = CovariancePrior.Auto }
        }, new RunOptions { Seed = 1 });
        Assert.All(set, done => Assert.Equal(0, done.StillMissingCount));
        Finding ridged = Assert.Single(set.Findings, finding => finding.Code == "resamples-ridged");
        Assert.Contains("a drawn covariance was singular", ridged.Sentence);
    }

    /// <summary>Slow chains of which little is seen: R-hat is large, though they began well enough; what is said is no more than
    /// that.</summary>
    [Fact]
    public void ShortChains_AreNotSaidToDependOnTheirStart()
    {
        ImputationSet set = ReferenceCase.Mvn("mammalsleep")!.Table.ImputeMultiple(s_options with
        {
            Count = 2,
            Model = new NormalOptions { Prior = CovariancePrior.Ridge(0.1) }
        }, s_run);
        _ = set[0];
        Assert.True(set.Chains!.LargestRHat > DataAugmentationResult.SettledRHat);
        Finding finding = Assert.Single(set.Findings, f => f.Code is "chains-short" or "chains-not-settled");
        Assert.Equal("chains-short", finding.Code);
        Assert.Contains($"{set.Chains.IterationCount - set.Chains.BurnIn + 1} iterations after the burn-in", finding.Sentence);
        Assert.DoesNotContain("depend on the starting points", finding.Sentence);
    }

    [Fact]
    public void OptionsOutOfRange_AreRefusedWithTheirValue()
    {
        foreach (DataAugmentationOptions chains in (DataAugmentationOptions[])[new() { ChainCount = 0 }, new() { BurnIn = -4 },
            new() { Thinning = 0 }])
            Assert.NotNull(Assert.Throws<ArgumentOutOfRangeException>(() =>
                Data().ImputeMultiple(s_options with { DataAugmentation = chains }, s_run))
                .ActualValue);
        // this does not count
        _ = Data().ImputeMultiple(s_options with { DataAugmentation = new DataAugmentationOptions { DrawCount = 0 } }, s_run);
        ImputationSet many = Data().ImputeMultiple(s_options with
        {
            Count = 1_000_000,
            DataAugmentation = new DataAugmentationOptions { ChainCount = 1, Thinning = 1_000_000 }
        }, s_run);
        Assert.Contains("iterations", Assert.Throws<ArgumentOutOfRangeException>(() => many[0]).Message);
    }
}
