using FsCheck;
using FsCheck.Fluent;

namespace Imputation.Properties;

/// <summary>Runs properties; a failure prints the case, the smallest case found from it, and a replay seed.</summary>
internal static class Holds
{
    /// <summary>Cases of the main property: 500, or as many as IMPUTATION_PROPERTY_CASES says.</summary>
    public static int MainCases { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("IMPUTATION_PROPERTY_CASES"), out int cases) && cases > 0 ? cases : 500;

    /// <summary>Cases of every other property.</summary>
    public static int Cases => Math.Max(60, MainCases / 5);

    /// <summary>The ordinary run looks at the same cases every time, so that it fails for what was changed and not by chance;
    /// with IMPUTATION_PROPERTY_CASES set, at other ones every time.</summary>
    public static void ForAll<T>(Arbitrary<T> cases, Action<T> claim, int? count = null)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(count ?? Cases).WithQuietOnSuccess(true);
        if (Environment.GetEnvironmentVariable("IMPUTATION_PROPERTY_CASES") is null) config = config.WithReplay(20261120, 7);
        Prop.ForAll(cases, claim).Check(config);
    }
}
