using FsCheck;
using FsCheck.Fluent;

namespace Imputation.Properties;

/// <summary>How many cases properties are run on, and which.</summary>
internal static class Holds
{
    private static readonly string? s_cases = Environment.GetEnvironmentVariable("IMPUTATION_PROPERTY_CASES");

    /// <summary>Cases of the main property: 500, or as many as IMPUTATION_PROPERTY_CASES says.</summary>
    public static int MainCases { get; } = int.TryParse(s_cases, out int cases) && cases > 0 ? cases : 500;

    /// <summary>Cases of every other property.</summary>
    public static int Cases => Math.Max(60, MainCases / 5);

    /// <summary>The ordinary run looks at the same cases every time, so that it fails for what was changed and not by chance;
    /// with IMPUTATION_PROPERTY_CASES set, at other ones every time, and this is null.</summary>
    public static string? Replay => s_cases is null ? "20261120,7" : null;

    /// <summary>Runs a property inside a test, for the tests of the tests.</summary>
    public static void ForAll<T>(Arbitrary<T> cases, Action<T> claim, int count)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true);
        if (Replay is not null) config = config.WithReplay(20261120, 7);
        Prop.ForAll(cases, claim).Check(config);
    }
}
