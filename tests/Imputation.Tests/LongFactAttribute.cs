using System.Runtime.CompilerServices;

namespace Imputation.Tests;

/// <summary>A fact that takes long and is looked at only with IMPUTATION_LONG=1; otherwise it is reported as skipped, with the reason in
/// its name, the only thing
/// that <c>dotnet test</c> always prints.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute(string duration, [CallerMemberName] string test = "")
    {
        if (Environment.GetEnvironmentVariable("IMPUTATION_LONG") == "1") return;
        Skip = $"It takes {duration}; set the environment variable IMPUTATION_LONG=1 to have it run.";
        DisplayName = $"{test}. {Skip}";
    }
}
