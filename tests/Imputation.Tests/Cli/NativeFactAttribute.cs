using System.Runtime.CompilerServices;

namespace Imputation.Tests.Cli;

/// <summary>A fact about the native build of the command; skipped, with the reason in its name, where the tests run another one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeFactAttribute : FactAttribute
{
    public NativeFactAttribute([CallerMemberName] string test = "")
    {
        if (Impute.IsNative) return;
        Skip = "It is about the native command; IMPUTE_COMMAND names one to test.";
        DisplayName = $"{test}. {Skip}";
    }
}

/// <summary>A fact about plug-ins; skipped, with the reason in its name, where the command is the native build.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PluginFactAttribute : FactAttribute
{
    public PluginFactAttribute([CallerMemberName] string test = "")
    {
        if (!Impute.IsNative) return;
        Skip = "The native command has no plug-ins.";
        DisplayName = $"{test}. {Skip}";
    }
}
