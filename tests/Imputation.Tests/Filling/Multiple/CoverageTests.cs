using Imputation.Tests.Shared.Coverage;
using Xunit.Abstractions;

namespace Imputation.Tests.Filling.Multiple;

/// <summary>95 % intervals from samples of 200 rows with 30 % of their cells missing at random hold the truth in 95 %, and those of a table
/// filled once do not.
/// <c>tests/Imputation.Benchmarks -- coverage</c> prints the numbers.</summary>
public class CoverageTests(ITestOutputHelper output)
{
    /// <summary>Samples of the short run.</summary>
    private const int Few = 300;

    /// <summary>The mean of c, of which nothing is missing: everyone is right about it.</summary>
    private const string Complete = "mean c";

    /// <summary>A coverage of 95 % over 300 samples has a binomial standard error of 1.26 %: each of the 36 may be four of them off, 90.0
    /// %, which one of them is by chance with
    /// probability 36 · 6e-5. The mean over the quantities of one kind has at most the error of one alone, and may be off by 2.5 of them;
    /// there are nine of these.
    /// A single fill falls far below wherever cells are missing: its intervals are too narrow, and correlations and slopes too large
    /// besides.</summary>
    [Fact]
    public void IntervalsHoldTheTruth_AndThoseOfASingleFillDoNot()
    {
        CoverageStudy study = CoverageStudy.Run(Few, 1, [IntervalMethod.BootstrapEm(5), IntervalMethod.DataAugmentation(5),
            IntervalMethod.Fiml, IntervalMethod.SingleFill]);
        Tell(study);
        double error = CoverageStudy.Error(Few);
        Assert.Empty(study.Outside(0.95 - 4 * error, 1));
        for (int m = 0; m < 3; m++)
            foreach (EstimandKind kind in Enum.GetValues<EstimandKind>())
                Assert.InRange(study.Coverage(m, kind), 0.95 - 2.5 * error, 0.95 + 2.5 * error);
        foreach ((Estimand estimand, CoverageCell cell) in Estimand.All.Zip(study.Cells[3]).Where(pair => pair.First.Name != Complete))
            Assert.True(cell.Coverage < 0.95 - 4 * error, $"{estimand.Name}: a single fill covers {cell.Coverage:P1}");
    }

    /// <summary>What the issue asks for, as the benchmark prints it. The standard error of a coverage is 0.69 %.</summary>
    [LongFact("half a minute")]
    public void OfAThousandSamples_93To96PercentHoldTheTruth()
    {
        CoverageStudy study = CoverageStudy.Run(1_000, 1, [IntervalMethod.BootstrapEm(20), IntervalMethod.DataAugmentation(20),
            IntervalMethod.Fiml, IntervalMethod.SingleFill]);
        Tell(study);
        Assert.Empty(study.Outside());
        foreach ((Estimand estimand, CoverageCell cell) in Estimand.All.Zip(study.Cells[3]).Where(pair => pair.First.Name != Complete))
            Assert.True(cell.Coverage < 0.9, $"{estimand.Name}: a single fill covers {cell.Coverage:P1}");
    }

    [Fact]
    public void Study_IsTheSameOnAnyNumberOfThreads()
    {
        CoverageStudy[] studies = [.. ((int[])[1, 2, 5]).Select(threads => CoverageStudy.Run(7, 3,
            [IntervalMethod.BootstrapEm(3), IntervalMethod.DataAugmentation(3), IntervalMethod.Fiml], threads))];
        foreach (CoverageStudy study in studies) Assert.Equal(studies[0].Cells, study.Cells);
    }

    private void Tell(CoverageStudy study)
    {
        for (int e = 0; e < Estimand.All.Count; e++)
            output.WriteLine($"{Estimand.All[e].Name,-9} " + string.Join("  ", study.Methods.Select((method, m) =>
                FormattableString.Invariant($"{method.Name} {100 * study.Cells[m][e].Coverage:F1}"))));
        foreach (EstimandKind kind in Enum.GetValues<EstimandKind>())
            output.WriteLine($"all {kind}s " + string.Join("  ", study.Methods.Select((method, m) =>
                FormattableString.Invariant($"{method.Name} {100 * study.Coverage(m, kind):F1}"))));
    }
}
