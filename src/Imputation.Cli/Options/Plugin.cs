using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Imputation.Cli.Exits;
using Imputation.Diagnostics;

namespace Imputation.Cli.Options;

/// <summary>An assembly with diagnostics of somebody else's.</summary>
/// <param name="Path">Its file, as given by the user.</param>
/// <param name="Diagnostics">Its diagnostics.</param>
/// <param name="Trouble">Its errors, for the report; empty where there are none.</param>
internal sealed record Plugin(string Path, IReadOnlyList<IMissingnessDiagnostic> Diagnostics, IReadOnlyList<Finding> Trouble)
{
    /// <summary>Whether this build can load an assembly. The native one cannot: its project sets the switch, and the compiler leaves out
    /// what this guards.</summary>
#pragma warning disable IL4000 // the analyzer does not see that the project sets the switch wherever code is trimmed
    [FeatureSwitchDefinition("Imputation.Plugins")]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    private static bool AreSupported => AppContext.TryGetSwitch("Imputation.Plugins", out bool supported) ? supported
        : RuntimeFeature.IsDynamicCodeSupported;
#pragma warning restore IL4000

    /// <summary>Loads an assembly and creates an instance of each of its public diagnostics. An error inside it becomes a
    /// finding.</summary>
    /// <exception cref="UsageException">There is no such file, or this build has no plug-ins.</exception>
    public static Plugin Load(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full)) throw new UsageException($"--plugin '{path}': there is no such file.");
        if (AreSupported) return LoadFile(path, full);
        throw new UsageException($"--plugin '{path}': this build of impute has no plug-ins. The portable package has them and needs .NET "
            + "10; install it in place of "
            + "Imputation.Tool: 'dotnet tool install --global Imputation.Tool.any'.");
    }

    [RequiresUnreferencedCode("The assembly may use anything of the toolkit and of the framework.")]
    private static Plugin LoadFile(string path, string full)
    {
        var diagnostics = new List<IMissingnessDiagnostic>();
        var trouble = new List<Finding>();
        try
        {
            Type[] types = [.. new Context(full).LoadFromAssemblyPath(full).GetExportedTypes().Where(t => !t.IsAbstract
                && !t.ContainsGenericParameters && typeof(IMissingnessDiagnostic).IsAssignableFrom(t))];
            if (types.Length == 0)
                trouble.Add(Failed(path, "it has no public class that implements Imputation.Diagnostics.IMissingnessDiagnostic."));
            foreach (Type type in types)
            {
                try
                {
                    var diagnostic = (IMissingnessDiagnostic)Activator.CreateInstance(type)!;
                    if (string.IsNullOrWhiteSpace(diagnostic.Name) || string.IsNullOrWhiteSpace(diagnostic.Title))
                        trouble.Add(Failed(path, $"{type.FullName} has no name or no title."));
                    else if (diagnostics.Any(d => d.Name == diagnostic.Name))
                        trouble.Add(Failed(path, $"{type.FullName} has the name of another diagnostic, '{diagnostic.Name}'."));
                    else diagnostics.Add(diagnostic);
                }
                catch (Exception exception)
                {
                    trouble.Add(Failed(path, $"{type.FullName} could not be created: {Reason(exception)}"));
                }
            }
        }
        catch (Exception exception)
        {
            trouble.Add(Failed(path, $"it could not be loaded: {Reason(exception)}"));
        }
        return new Plugin(path, diagnostics, trouble);
    }

    /// <summary>The trouble as an entry of a report; null where there was none.</summary>
    public DiagnosticEntry? Entry => Trouble.Count == 0 ? null
        : new DiagnosticEntry($"plugin:{System.IO.Path.GetFileName(Path)}", $"Plugin {Path}", new DiagnosticResult { Findings = Trouble },
            WasRun: false);

    private static Finding Failed(string path, string sentence) =>
        new(FindingSeverity.Warning, "plugin-failed", $"Plugin '{path}': {sentence}", [],
            "The other diagnostics are not affected. A plugin is a class library for .NET 10 that references Imputation.");

    private static string Reason(Exception exception)
    {
        Exception cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        return cause.Message.ReplaceLineEndings(" ");
    }

    /// <summary>A plug-in's own dependencies are loaded from its folder; assemblies that the command has loaded are shared.</summary>
    [RequiresUnreferencedCode("The assembly may use anything of the toolkit and of the framework.")]
    private sealed class Context(string path) : AssemblyLoadContext(path)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
        {
            if (Default.Assemblies.Any(a => a.GetName().Name == name.Name) || _resolver.ResolveAssemblyToPath(name) is not { } beside)
                return null;
            try
            {
                return Default.LoadFromAssemblyName(name);
            }
            catch (Exception exception) when (exception is FileNotFoundException or FileLoadException)
            {
                return LoadFromAssemblyPath(beside);
            }
        }
    }
}
