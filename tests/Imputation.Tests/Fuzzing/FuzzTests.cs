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
    public void DamagedCsv_IsFilledOrRefused() => Run(FuzzKind.Csv, 0.5);

    [Fact]
    public void DamagedParquet_IsFilledOrRefused() => Run(FuzzKind.Parquet, 0.3);

    [Fact]
    public void DamagedModels_AreAppliedOrRefused() => Run(FuzzKind.Model, 0.2);

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
