using Imputation.Tests.Diagnostics;

namespace Imputation.Tests.Filling.Multiple;

public class ImputationSetTests
{
    private static Table Data(int rows = 200, int columns = 4, double missing = 0.25, int seed = 1) =>
        Simulated.Table(Simulated.Rows(seed, rows, columns, 0.5, missing));

    private static double[] Cells(ImputationResult done) =>
        [.. done.Table.Columns.Cast<NumericColumn>().SelectMany(c => c.Values.ToArray())];

    [Fact]
    public void ObservedCells_AreUntouched_AndNoneStaysMissing()
    {
        Table table = Data();
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 7 });
        Assert.Equal(7, set.Count);
        int seen = 0;
        foreach (ImputationResult done in set)
        {
            seen++;
            Assert.Equal(0, done.StillMissingCount);
            foreach (NumericColumn column in table.Columns.Cast<NumericColumn>())
                for (int row = 0; row < column.Count; row++)
                    if (!column.IsMissing(row)) Assert.Equal(column[row], ((NumericColumn)done.Table[column.Name])[row]);
        }
        Assert.Equal(7, seen);
        Assert.Empty(set.Findings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SeedAndIndexAlone_SayWhatAnImputationIs(bool matching)
    {
        Table table = Data();
        var options = new MultipleOptions { Count = 6, PredictiveMeanMatching = matching };
        var run = new RunOptions { Seed = 42 };
        double[][] all = [.. table.ImputeMultiple(options, run).Select((_, done) => Cells(done))];
        Assert.Equal(all[4], Cells(table.ImputeMultiple(options, run)[4]));
        Assert.Equal(all[4], Cells(table.ImputeMultiple(options with { Count = 100 }, run)[4]));
        Assert.Equal(all[4], Cells(table.ImputeMultiple(options, run with { Threads = 1 })[4]));
        Assert.Equal(all, [.. table.ImputeMultiple(options, run with { Threads = 3 }).Select(Cells)]);
        Assert.Equal(all, [.. table.ImputeMultiple(options, run with { Threads = 1 }).Select(Cells)]);
        Assert.Equal(6, all.Select(cells => cells.Sum()).Distinct().Count());
        Assert.NotEqual(all[4], Cells(table.ImputeMultiple(options, run with { Seed = 43 })[4]));
    }

    /// <summary>What is drawn for one imputation says nothing of another: correlations of standardised residuals of 2,000 filled cells,
    /// within 5/√2000.</summary>
    [Fact]
    public void Imputations_AreIndependentGivenTheirParameters()
    {
        Table table = Data(4000, 2, 0.5);
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 3 });
        NumericColumn column = (NumericColumn)table["x2"];
        double[][] residuals = [.. set.Select(done => (from row in Enumerable.Range(0, column.Count)
                                                       where column.IsMissing(row)
                                                       let mean = done.Fit.AsNormal().Mean
                                                       let covariance = done.Fit.AsNormal().Covariance
                                                       let predicted = mean[1] + covariance[0, 1] / covariance[0,
                                                           0] * (((NumericColumn)table["x1"])[row] - mean[0])
                                                       select (((NumericColumn)done.Table["x2"])[row] - predicted) / Math.Sqrt(covariance[1,
                                                           1] - covariance[0, 1] * covariance[0, 1] / covariance[0, 0])).ToArray())];
        foreach ((int a, int b) in ((int, int)[])[(0, 1), (0, 2), (1, 2)])
            Assert.InRange(residuals[a].Zip(residuals[b], (x, y) => x * y).Average(), -0.12, 0.12);
        Assert.All(residuals, r => Assert.InRange(r.Average(x => x * x), 0.84, 1.16));
    }

    [Theory]
    [MemberData(nameof(AwkwardTables.Names), MemberType = typeof(AwkwardTables))]
    public void AwkwardTables_AreImputedOrRefusedInWords(string name)
    {
        Table table = AwkwardTables.Get(name);
        foreach ((MultipleMethod method, bool matching) in ((MultipleMethod, bool)[])[(MultipleMethod.BootstrapEm, false),
            (MultipleMethod.BootstrapEm, true), (MultipleMethod.DataAugmentation, false), (MultipleMethod.DataAugmentation, true)])
        {
            // The weakest ridge under which a fit settles may be worth too few rows for a posterior distribution.
            var options = new MultipleOptions
            {
                Count = 3,
                Method = method,
                PredictiveMeanMatching = matching,
                Model = new NormalOptions
                {
                    Prior = method == MultipleMethod.DataAugmentation && name is "fewer rows than columns"
                or "names" ? CovariancePrior.Ridge(40) : CovariancePrior.Auto
                }
            };
            ImputationSet set;
            try
            {
                set = table.ImputeMultiple(options);
            }
            catch (ImputationDataException e)
            {
                Assert.Contains(name, (string[])["no rows", "one row", "no numbers", "nothing observed", "two rows"]);
                Assert.EndsWith(".", e.Message);
                continue;
            }
            foreach (ImputationResult done in set)
            {
                foreach (Column column in table.Columns.Where(c => c is NumericColumn && c.MissingCount < c.Count))
                {
                    Assert.Equal(0, done.Table[column.Name].MissingCount);
                    for (int row = 0; row < column.Count; row++)
                    {
                        // whole numbers may have become real ones
                        if (!column.IsMissing(row)) Assert.Equal(((NumericColumn)column)[row],
                            ((NumericColumn)done.Table[column.Name])[row]);
                        Assert.True(double.IsFinite(((NumericColumn)done.Table[column.Name])[row]));
                    }
                }
                Assert.Equal(done.Cells.Count(), done.Cells.Count(c => double.IsFinite(c.Value)));
            }
            Assert.All(set.Findings, f => Assert.EndsWith(".", f.Sentence));
        }
    }

    [Fact]
    public void NothingMissing_GivesTheSameTableEachTime()
    {
        Table table = Simulated.Table(Simulated.Rows(1, 60, 3, 0.5, 0));
        Assert.All(table.ImputeMultiple(new MultipleOptions { Count = 3 }), done => Assert.Same(table, done.Table));
    }

    [Fact]
    public void OneImputation_IsMadeAndSaidToBeTooFew()
    {
        ImputationSet set = Data().ImputeMultiple(new MultipleOptions { Count = 1 });
        Assert.Equal(0, set[0].StillMissingCount);
        Assert.Equal("one-imputation", Assert.Single(set.Findings).Code);
    }

    /// <summary>x and y are both there in two rows of 40: a resample has neither of them with probability (1 − 2/40)^40 = 0.13.</summary>
    [Fact]
    public void ResampleThatLosesAPair_IsDrawnAgain_AndToldOnce()
    {
        var random = new Random(3);
        var values = new double[40, 3];
        for (int row = 0; row < 40; row++)
        {
            double z = Simulated.Normal(random);
            (values[row, 0], values[row, 1], values[row, 2]) = (z + Simulated.Normal(random), z + Simulated.Normal(random), z);
            if (row >= 3) values[row, row % 2] = double.NaN;
        }
        ImputationSet set = Simulated.Table(values).ImputeMultiple(new MultipleOptions
        {
            Count = 60,
            Model = new NormalOptions { Prior = CovariancePrior.None, MaxIterations = 100_000 }
        });
        Assert.All(set, done => Assert.Equal(0, done.StillMissingCount));
        Finding finding = set.Findings.First(f => f.Code == "resamples-redrawn");
        Assert.Contains("'x1' and 'x2'", finding.Sentence);
        Assert.Contains("of 60 imputations", finding.Sentence);
    }

    /// <summary>With so many pairs that rest on a single row hardly any resample has them all: the ridge prior comes to help, and is
    /// told.</summary>
    [Fact]
    public void WhereNoResampleWillDo_ARidgeHelpsAndIsTold()
    {
        double[,] values = Simulated.Rows(9, 300, 8, 0.4, 0);
        for (int row = 28; row < 300; row++)
            for (int j = 0; j < 8; j++)
                if (j != row % 8) values[row, j] = double.NaN;
        int pair = 0; // each of the 28 pairs in one row only
        for (int a = 0; a < 8; a++)
            for (int b = 0; b < a; b++, pair++)
                for (int j = 0; j < 8; j++)
                    if (j != a && j != b) values[pair, j] = double.NaN;
        ImputationSet set = Simulated.Table(values).ImputeMultiple(new MultipleOptions
        {
            Count = 4,
            Model = new NormalOptions { Prior = CovariancePrior.None, MaxIterations = 300 }
        });
        Assert.All(set, done => Assert.Equal(0, done.StillMissingCount));
        Assert.Contains(set.Findings, f => f.Code == "resamples-ridged" && f.Severity == FindingSeverity.Warning);
    }

    [Fact]
    public void BoundsAndWholeNumbers_AreKept()
    {
        double[,] values = Simulated.Rows(2, 150, 3, 0.5, 0.3);
        for (int row = 0; row < 150; row++) values[row, 1] = Math.Round(10 * values[row, 1]);
        var filling = new FillOptions { Bounds = new Dictionary<string, Bounds> { ["x3"] = new(-1, 1.5) }, Integer = ["x2"] };
        foreach ((MultipleMethod method, bool matching) in ((MultipleMethod, bool)[])[(MultipleMethod.BootstrapEm, false),
            (MultipleMethod.BootstrapEm, true), (MultipleMethod.DataAugmentation, false), (MultipleMethod.DataAugmentation, true)])
        {
            foreach (ImputationResult done in Simulated.Table(values).ImputeMultiple(new MultipleOptions
            {
                Count = 4,
                Method = method,
                Fill = filling,
                PredictiveMeanMatching = matching
            }))
            {
                Assert.All(done.Cells.Where(c => c.Column == "x3"), c => Assert.InRange(c.Value, -1, 1.5));
                Assert.All(done.Cells.Where(c => c.Column == "x2"), c => Assert.Equal(Math.Round(c.Value), c.Value));
            }
        }
    }

    [Fact]
    public void OptionsOutOfRange_AreRefusedWithTheirValue()
    {
        Table table = Data();
        Assert.Contains("0", Assert.Throws<ArgumentOutOfRangeException>(() => table.ImputeMultiple(new MultipleOptions { Count = 0 }))
            .Message);
        Assert.Contains("-3", Assert.Throws<ArgumentOutOfRangeException>(() => table.ImputeMultiple(new MultipleOptions
        {
            Fill = new FillOptions { Donors = -3 }
        })).Message);
        Assert.Contains("-2", Assert.Throws<ArgumentOutOfRangeException>(() => table.ImputeMultiple(run: new RunOptions { Threads = -2 }))
            .Message);
        Assert.Contains("20", Assert.Throws<ArgumentOutOfRangeException>(() => table.ImputeMultiple()[20]).Message);
        Assert.Contains("'nope'", Assert.Throws<ArgumentException>(() =>
            table.ImputeMultiple(new MultipleOptions { Fill = new FillOptions { Integer = ["nope"] } })).Message);
    }

    [Fact]
    public void Cancellation_IsHeard()
    {
        using var source = new CancellationTokenSource();
        ImputationSet set = Data().ImputeMultiple(new MultipleOptions { Count = 50 });
        int made = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (ImputationResult _ in set.InOrder(source.Token))
                if (++made == 3) source.Cancel();
        });
        Assert.InRange(made, 3, 6);
        Assert.ThrowsAny<OperationCanceledException>(() => set.Make(9, source.Token));
    }
}
