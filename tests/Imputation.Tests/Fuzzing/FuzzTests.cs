using System.Globalization;
using System.Text;

namespace Imputation.Tests.Fuzzing;

/// <summary>Thousands of damaged files, each read, filled and written by the command's own entry. The same cases every time;
/// IMPUTATION_FUZZ says how many instead of 2,000, IMPUTATION_FUZZ_SEED at which seed to start.</summary>
public class FuzzTests
{
    private const int MostFaults = 10;

    private static readonly int s_cases = Variable("IMPUTATION_FUZZ", 2000), s_start = Variable("IMPUTATION_FUZZ_SEED", 1);

    [Fact]
    public void DamagedCsv_IsFilledOrRefused() => Run(FuzzKind.Csv, 0.4);

    [Fact]
    public void DamagedParquet_IsFilledOrRefused() => Run(FuzzKind.Parquet, 0.25);

    [Fact]
    public void DamagedModels_AreAppliedOrRefused() => Run(FuzzKind.Model, 0.2);

    [Fact]
    public void DamagedCodebooks_AreObeyedOrRefused() => Run(FuzzKind.Codebook, 0.15);

    /// <summary>The guard itself: a table in which an observed cell has changed, a message that is none, a file left behind.</summary>
    [Fact]
    public void TheSameCase_IsTheSameEveryTime()
    {
        foreach (FuzzKind kind in Enum.GetValues<FuzzKind>())
        {
            FuzzCase one = FuzzCase.Create(kind, 5), other = FuzzCase.Create(kind, 5);
            Assert.Equal(one.Arguments, other.Arguments);
            Assert.Equal(one.Files.SelectMany(f => f.Value), other.Files.SelectMany(f => f.Value));
        }
    }

    /// <summary>Cells of every kind that a column can hold, and what the other format makes of them.</summary>
    [Fact]
    public void TheSameCell_IsTheSameInEitherOrder()
    {
        (object?, object?)[] same = [("-18", -18.0), (-18.0, "-18"), (new byte[] { 1, 2 }, new byte[] { 1, 2 }), (3L, 3.0), (null, null),
            ("a", "a")];
        (object?, object?)[] other = [("-18", -19.0), ("007", "7"), (new byte[] { 1, 2 }, new byte[] { 1, 3 }), (null, 3.0), ("a", 1.0),
            (new DateTime(2024, 1, 1), 1.0), (double.NaN, 1.0)];
        Assert.All(same, cells => Assert.True(FuzzRun.Same(cells.Item1, cells.Item2) && FuzzRun.Same(cells.Item2, cells.Item1)));
        Assert.All(other, cells => Assert.False(FuzzRun.Same(cells.Item1, cells.Item2) || FuzzRun.Same(cells.Item2, cells.Item1)));
    }

    private static void Run(FuzzKind kind, double share)
    {
        var faults = new StringBuilder();
        int count = 0, cases = (int)Math.Ceiling(s_cases * share);
        for (int seed = s_start; seed < s_start + cases && count < MostFaults; seed++)
        {
            FuzzCase fuzz = FuzzCase.Create(kind, seed);
            if (FuzzRun.Fault(fuzz) is not { } fault) continue;
            count++;
            string folder = Directory.CreateTempSubdirectory($"impute-fuzz-{kind}-{seed}-").FullName;
            FuzzRun.Write(fuzz, folder);
            faults.Append(CultureInfo.InvariantCulture, $"\n{kind}, seed {seed} (IMPUTATION_FUZZ_SEED={seed} IMPUTATION_FUZZ=1): {fault}")
                .Append(CultureInfo.InvariantCulture,
                    $"\n  cd {folder} && impute {string.Join(' ', fuzz.Arguments.Select(a => $"'{a}'"))}\n");
        }
        Assert.True(count == 0, faults.ToString());
    }

    internal static int Variable(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
