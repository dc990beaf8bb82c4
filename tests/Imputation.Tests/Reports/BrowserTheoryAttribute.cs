using System.Runtime.CompilerServices;

namespace Imputation.Tests.Reports;

/// <summary>A theory that needs a browser; where there is none, it is reported as skipped, with the reason in its name, the only thing that
/// <c>dotnet test</c> always prints.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute([CallerMemberName] string test = "")
    {
        if (Browser.Find() is not null) return;
        Skip = "This machine has no Chromium. Install the package chromium, or name a browser in the environment variable CHROMIUM.";
        DisplayName = $"{test}. {Skip}";
    }
}
