using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;

namespace Imputation.Tests.Shared.Coverage;

/// <summary>How often 95 % intervals hold the truth, over many samples. The same on any number of threads.</summary>
/// <param name="Methods">The methods.</param>
/// <param name="Sets">Number of samples.</param>
/// <param name="Cells">For each method what it did for each of <see cref="Estimand.All"/>.</param>
internal sealed record CoverageStudy(IReadOnlyList<IntervalMethod> Methods, int Sets, CoverageCell[][] Cells)
{
    /// <summary>What is asked of valid intervals over 1,000 samples.</summary>
    public const double Least = 0.935, Most = 0.965;

    /// <summary>Standard error of a coverage that is 0.95.</summary>
    public static double Error(int sets) => Math.Sqrt(0.95 * 0.05 / sets);

    /// <summary>Draws samples and asks every method for its intervals.</summary>
    /// <param name="sets">Number of samples.</param>
    /// <param name="seed">Seed of the samples and, with their number, of every method.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="rows">Rows of a sample.</param>
    public static CoverageStudy Run(int sets, ulong seed, IReadOnlyList<IntervalMethod> methods, int threads = 0, int rows = 200)
    {
        var intervals = new Interval[sets][][];
        ParallelWork.For(sets, ParallelWork.Options(threads), k =>
        {
            Table table = MarSample.Draw(seed, k, rows);
            intervals[k] = [.. methods.Select(method => method.Intervals(table, CounterRandom.Derive(seed, k, 1)))];
        });
        return new CoverageStudy(methods, sets,
            [.. methods.Select((_, method) => Estimand.All.Select((estimand, e) => Cell([.. intervals.Select(set => set[method][e])],
                estimand.Truth)).ToArray())]);
    }

    /// <summary>Mean coverage of a method for the quantities of a kind.</summary>
    public double Coverage(int method, EstimandKind kind) => Estimand.All.Zip(Cells[method]).Where(pair => pair.First.Kind == kind)
        .Average(pair => pair.Second.Coverage);

    /// <summary>What of the valid methods lies outside the limits.</summary>
    /// <param name="least">Least coverage.</param>
    /// <param name="most">Greatest coverage.</param>
    public IReadOnlyList<(string Method, string Estimand, double Coverage)> Outside(double least = Least, double most = Most) =>
    [
        .. from m in Enumerable.Range(0, Methods.Count)
           where Methods[m].IsValid
           from e in Enumerable.Range(0, Estimand.All.Count)
           where Cells[m][e].Coverage < least || Cells[m][e].Coverage > most
           select (Methods[m].Name, Estimand.All[e].Name, Cells[m][e].Coverage),
    ];

    private static CoverageCell Cell(Interval[] intervals, double truth)
    {
        double mean = intervals.Average(i => i.Estimate);
        return new CoverageCell(intervals.Count(i => i.Covers(truth)), intervals.Length, intervals.Average(i => i.Width), mean - truth,
            Math.Sqrt(intervals.Sum(i => (i.Estimate - mean) * (i.Estimate - mean)) / Math.Max(1, intervals.Length - 1)));
    }
}
