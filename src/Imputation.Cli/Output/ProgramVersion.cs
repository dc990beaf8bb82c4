using System.Reflection;

namespace Imputation.Cli.Output;

/// <summary>The version of the command, which is that of its assembly.</summary>
internal static class ProgramVersion
{
    /// <summary>Such as 0.1.0, without the commit.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "";
}
