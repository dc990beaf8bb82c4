using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Imputation.Data;

namespace Imputation.Tests.Architecture;

/// <summary>Who may know whom: shared/ARCHITECTURE.md. An arrow that is not listed here fails the build.</summary>
public class ArrowTests
{
    private static readonly Assembly s_core = typeof(Table).Assembly;

    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Numerics"] = [],
        ["Em"] = ["Numerics"],
        ["Data"] = ["Numerics"],
        ["Models"] = ["Em", "Data", "Numerics"],
        ["Imputers"] = ["Models", "Em", "Data", "Numerics"],
        ["Pooling"] = ["Numerics"],
        ["Analyses"] = ["Imputers", "Pooling", "Data", "Numerics"],
        ["Diagnostics"] = ["Imputers", "Models", "Em", "Data", "Numerics"],
    };

    private static readonly Dictionary<string, string[]> s_projects = new()
    {
        ["Imputation"] = [],
        ["Imputation.Files"] = ["Imputation"],
        ["Imputation.DataFrames"] = ["Imputation"],
        ["Imputation.Parquet"] = ["Imputation", "Imputation.Files"],
        ["Imputation.ParquetNet"] = ["Imputation", "Imputation.Files", "Imputation.Parquet"],
        ["Imputation.Cli"] = ["Imputation", "Imputation.Files", "Imputation.DataFrames", "Imputation.Parquet", "Imputation.ParquetNet"],
    };

    [Fact]
    public void Namespaces_KnowOnlyThoseTheyMay() =>
        Assert.Empty(s_core.GetTypes().SelectMany(type => ForbiddenArrows(type, "Imputation")));

    [Fact]
    public void EveryNamespaceOfTheCore_IsInTheArchitecture() =>
        Assert.Empty(s_core.GetTypes().Select(t => Part(t, "Imputation")).Where(p => p is not null && !s_arrows.ContainsKey(p)).Distinct());

    [Fact]
    public void ForbiddenArrows_AreSeen_InFieldsSignaturesAndBodies()
    {
        const string root = "Imputation.Tests.Architecture.Fabricated";
        Assert.Equal(["Em -> Models: FieldArrow knows AModel"], ForbiddenArrows(typeof(Fabricated.Em.FieldArrow), root));
        Assert.Equal(["Em -> Models: SignatureArrow knows AModel"], ForbiddenArrows(typeof(Fabricated.Em.SignatureArrow), root));
        Assert.Equal(["Em -> Models: BodyArrow knows AModel"], ForbiddenArrows(typeof(Fabricated.Em.BodyArrow), root));
        Assert.Empty(ForbiddenArrows(typeof(Fabricated.Models.AModel), root)); // Models -> Em is allowed
    }

    [Fact]
    public void Core_ReferencesOnlyMathNetAndTheFramework() =>
        Assert.All(s_core.GetReferencedAssemblies(), a => Assert.Matches(@"^(MathNet\.Numerics|netstandard|System\..+)$", a.Name));

    [Fact]
    public void Projects_ReferenceOnlyThoseTheyMay()
    {
        string? root = RepositoryRoot();
        Assert.NotNull(root);
        foreach (string path in Directory.EnumerateFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string project = Path.GetFileNameWithoutExtension(path);
            IEnumerable<string> references = XDocument.Load(path).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
            Assert.True(s_projects.ContainsKey(project), $"{project} is not in the architecture.");
            Assert.Empty(references.Except(s_projects[project]).Select(to => $"{project} -> {to}"));
        }
    }

    [Fact]
    public void Core_KnowsNoFileConsoleClockOrCulture() =>
        Assert.Empty(s_core.GetTypes().SelectMany(ForbiddenUses));

    [Fact]
    public void ForbiddenUses_AreSeen()
    {
        string[] seen = [.. ForbiddenUses(typeof(Fabricated.Models.Careless)).Select(use => use.Split(' ')[^1]).Order(StringComparer.Ordinal)];
        Assert.Equal(["Console.WriteLine", "CultureInfo.get_CurrentCulture", "DateTime.get_Now", "DefaultInterpolatedStringHandler.AppendFormatted", "Double.ToString", "Environment.get_TickCount64", "File.Exists"], seen);
    }

    private static IEnumerable<string> ForbiddenArrows(Type type, string root)
    {
        if (Part(type, root) is not { } from || !s_arrows.TryGetValue(from, out string[]? allowed)) return [];
        return AssemblyReader.TypesMentionedBy(type)
            .Where(other => !other.HasElementType)
            .Select(other => (other, To: Part(other, root)))
            .Where(arrow => arrow.To is not null && arrow.To != from && !allowed.Contains(arrow.To))
            .Select(arrow => $"{from} -> {arrow.To}: {type.Name} knows {arrow.other.Name}");
    }

    /// <summary>Models for Imputation.Models.Normal; null for a namespace elsewhere.</summary>
    private static string? Part(Type type, string root) =>
        type.Namespace is { } name && name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0] : null;

    private static IEnumerable<string> ForbiddenUses(Type type) =>
        from method in AssemblyReader.Methods(type)
        from member in AssemblyReader.MembersUsedIn(method)
        let owner = member as Type ?? member.DeclaringType
        where owner is not null && (IsForbidden(owner, member) || (InterpolatesNumber(member) && !GivesProvider(method)))
        select $"{type.Name}.{method.Name} uses {owner.Name}.{member.Name}";

    /// <summary>$"{x}" of a fractional number takes the current culture, unless the handler was made with a format provider.</summary>
    private static bool InterpolatesNumber(MemberInfo member) => member is MethodInfo { Name: "AppendFormatted", IsGenericMethod: true } append
        && append.DeclaringType == typeof(DefaultInterpolatedStringHandler) && append.GetGenericArguments()[0] is var t
        && (t == typeof(double) || t == typeof(float) || t == typeof(decimal));

    private static bool GivesProvider(MethodBase method) => AssemblyReader.MembersUsedIn(method).Any(m =>
        m is ConstructorInfo made && made.DeclaringType == typeof(DefaultInterpolatedStringHandler) && made.GetParameters().Any(p => p.ParameterType == typeof(IFormatProvider)));

    private static bool IsForbidden(Type owner, MemberInfo member)
    {
        if (owner.Namespace == "System.IO" || owner == typeof(Console) || owner == typeof(System.Diagnostics.Stopwatch) || owner == typeof(TimeProvider)) return true;
        bool formatsByCulture = (owner == typeof(double) || owner == typeof(float) || owner == typeof(decimal)) && member is MethodInfo { Name: "ToString" } text
            && text.GetParameters().All(p => p.ParameterType != typeof(IFormatProvider));
        return formatsByCulture || (owner.Name, member.Name) is
            ("DateTime", "get_Now" or "get_UtcNow" or "get_Today") or ("DateTimeOffset", "get_Now" or "get_UtcNow")
            or ("Environment", "get_TickCount" or "get_TickCount64")
            or ("CultureInfo", "get_CurrentCulture" or "get_CurrentUICulture");
    }

    private static string? RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Imputation.sln"))) folder = folder.Parent;
        return folder?.FullName;
    }
}
