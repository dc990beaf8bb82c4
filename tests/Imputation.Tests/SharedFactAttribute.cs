using System.Runtime.CompilerServices;
using Imputation.Tests.Shared;

namespace Imputation.Tests;

/// <summary>A fact that needs a part of the folder 'shared'; where there is none, it is reported as skipped, with the reason in its name,
/// the only
/// thing that <c>dotnet test</c> always prints.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string part, [CallerMemberName] string test = "")
    {
        if (SharedFolder.Find(part) is not null) return;
        Skip = SharedTheoryAttribute.Reason(part);
        DisplayName = $"{test}. {Skip}";
    }
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string part, [CallerMemberName] string test = "")
    {
        if (SharedFolder.Find(part) is not null) return;
        Skip = Reason(part);
        DisplayName = $"{test}. {Skip}";
    }

    public static string Reason(string part) =>
        $"There is no folder shared/{part} beside the repository. Put 'shared' there, or name it in the environment variable "
            + "IMPUTATION_SHARED.";
}
