using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Imputation.Tests.Architecture.Fabricated.Em;
using Imputation.Tests.Architecture.Fabricated.Models;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Architecture;

/// <summary>Who may know whom: shared/ARCHITECTURE.md. An arrow that is not listed here fails the build.</summary>
public class ArrowTests
{
    private static readonly Assembly s_core = typeof(Table).Assembly;

    /// <summary>For each folder of each project, the other folders it may know; "." is the project's own folder. Folders inside these may
    /// know what their outer folder may, and each other as <see cref="s_inside"/> says.</summary>
    private static readonly Dictionary<string, Dictionary<string, string[]>> s_folders = new()
    {
        ["Imputation"] = new()
        {
            ["Numerics"] = [],
            ["Text"] = ["Numerics"],
            ["Statistics"] = ["Numerics"],
            ["Data"] = ["Numerics", "Text"],
            ["Surveys"] = ["Data", "Numerics", "Statistics", "Text"],
            ["Patterns"] = ["Data", "Numerics"],
            ["Em"] = ["Numerics"],
            ["Models"] = ["Em", "Patterns", "Surveys", "Data", "Numerics", "Statistics", "Text"],
            ["Filling"] = ["Models", "Em", "Patterns", "Surveys", "Data", "Numerics", "Text"],
            ["Pooling"] = ["Numerics"],
            ["Analyses"] = ["Filling", "Models", "Pooling", "Data", "Numerics", "Text"],
            ["Diagnostics"] = ["Filling", "Models", "Em", "Patterns", "Surveys", "Statistics", "Data", "Numerics", "Text"],
        },
        ["Imputation.Files"] = new()
        {
            ["."] = ["Codebooks", "Csv", "Excel", "Formats", "Json", "Resuming", "Spss", "Sql", "Streams"],
            ["Codebooks"] = ["Formats"],
            ["Csv"] = ["Formats", "Streams"],
            ["Excel"] = ["Csv", "Formats"],
            ["Formats"] = ["Streams"],
            ["Json"] = ["Formats"],
            ["Parts"] = [".", "Csv", "Formats"],
            ["Resuming"] = ["Json", "Streams"],
            ["Spss"] = ["Csv", "Formats", "Streams"],
            ["Sql"] = [],
            ["Streams"] = [],
        },
        ["Imputation.Reports"] = new()
        {
            ["."] = ["Charts", "Html", "Json", "Mixtures"],
            ["Charts"] = ["Html"],
            ["Html"] = [],
            ["Json"] = [],
            ["Mixtures"] = ["Html"],
        },
        ["Imputation.Parquet"] = new()
        {
            ["."] = ["Storage", "Tables"],
            ["Tables"] = ["Storage"],
            ["Storage"] = [],
        },
        ["Imputation.Cli"] = new()
        {
            ["."] = ["Commands", "Exits", "Output"],
            ["Commands"] = ["Exits", "Options", "Output"],
            ["Options"] = ["Exits", "Output"],
            ["Output"] = ["Exits"],
            ["Exits"] = [],
        },
        ["Imputation.DataFrames"] = new() { ["."] = [] },
        ["Imputation.ParquetNet"] = new() { ["."] = [] },
        ["Imputation.Sql"] = new() { ["."] = [] },
        ["Imputation.DuckDb"] = new() { ["."] = [] },
    };

    /// <summary>Arrows between folders of one outer folder.</summary>
    private static readonly string[] s_inside =
    [
        "Numerics -> Numerics/Kernels",
        "Numerics/Linear -> Numerics/Kernels",
        "Numerics/Linear -> Numerics/Random",
        "Numerics/Random -> Numerics/Distributions",
        "Data/Adapters -> Data",
        "Surveys -> Surveys/Codes",
        "Surveys -> Surveys/Roles",
        "Surveys -> Surveys/Derived",
        "Em -> Em/Acceleration",
        "Em -> Em/Certificate",
        "Models/Gaussian -> Models",
        "Models/Choosing -> Models",
        "Models/Choosing -> Models/Factor",
        "Models/Choosing -> Models/LatentNormal",
        "Models/Choosing -> Models/Mixture",
        "Models/Choosing -> Models/Normal",
        "Models/Choosing -> Models/Registry",
        "Models/Choosing -> Models/StudentT",
        "Models/Choosing -> Models/Stack",
        "Models/Registry -> Models/Stack",
        "Models/Stack -> Models",
        "Models/Registry -> Models",
        "Models/Registry -> Models/Normal",
        "Models/Registry -> Models/LatentNormal",
        "Models/Registry -> Models/Mixture",
        "Models/Mixture -> Models",
        "Models/Mixture -> Models/Gaussian",
        "Models/Mixture -> Models/Normal",
        "Models/Registry -> Models/Factor",
        "Models/Factor -> Models",
        "Models/Registry -> Models/StudentT",
        "Models/StudentT -> Models",
        "Models/StudentT -> Models/Gaussian",
        "Models/LatentNormal -> Models",
        "Models/LatentNormal -> Models/Gaussian",
        "Models/LatentNormal -> Models/MarkovChains",
        "Models/MarkovChains -> Models",
        "Models/MarkovChains -> Models/Gaussian",
        "Models/Normal -> Models",
        "Models/Normal -> Models/Gaussian",
        "Models/Normal -> Models/MarkovChains",
        "Models/Normal -> Models/Normal/MarkovChains",
        "Models/Normal/MarkovChains -> Models",
        "Models/Normal/MarkovChains -> Models/Gaussian",
        "Models/Normal/MarkovChains -> Models/MarkovChains",
        "Filling/Multiple -> Filling",
        "Diagnostics -> Diagnostics/Charts",
        "Diagnostics/BuiltIn -> Diagnostics",
        "Diagnostics/BuiltIn -> Diagnostics/BuiltIn/Codes",
        "Diagnostics/BuiltIn -> Diagnostics/BuiltIn/Columns",
        "Diagnostics/BuiltIn -> Diagnostics/BuiltIn/Filling",
        "Diagnostics/BuiltIn -> Diagnostics/BuiltIn/Missingness",
        "Diagnostics/BuiltIn -> Diagnostics/BuiltIn/Model",
        "Diagnostics/BuiltIn -> Diagnostics/BuiltIn/Patterns",
        "Diagnostics/BuiltIn/Codes -> Diagnostics",
        "Diagnostics/BuiltIn/Codes -> Diagnostics/Charts",
        "Diagnostics/BuiltIn/Columns -> Diagnostics",
        "Diagnostics/BuiltIn/Columns -> Diagnostics/Charts",
        "Diagnostics/BuiltIn/Filling -> Diagnostics",
        "Diagnostics/BuiltIn/Filling -> Diagnostics/Charts",
        "Diagnostics/BuiltIn/Missingness -> Diagnostics",
        "Diagnostics/BuiltIn/Missingness -> Diagnostics/Charts",
        "Diagnostics/BuiltIn/Model -> Diagnostics",
        "Diagnostics/BuiltIn/Model -> Diagnostics/Charts",
        "Diagnostics/BuiltIn/Patterns -> Diagnostics",
        "Diagnostics/BuiltIn/Patterns -> Diagnostics/Charts",
        "Diagnostics/BuiltIn/Filling -> Diagnostics/BuiltIn/Model",
        "Diagnostics/BuiltIn/Model -> Diagnostics/BuiltIn/Columns",
    ];

    /// <summary>Folders of each project whose public types, which callers write, are in the project's own namespace, those of Diagnostics
    /// in that of diagnostics; their internal types are in that of the folder.</summary>
    private static readonly Dictionary<string, string[]> s_callersFolders = new()
    {
        ["Imputation"] = ["Analyses", "Data", "Diagnostics", "Em", "Filling", "Models", "Numerics",
            "Pooling", "Surveys"],
        ["Imputation.Files"] = ["Formats", "Parts", "Resuming", "Sql", "Streams"],
    };

    /// <summary>Lines outside Models/Normal that name a Normal* type. </summary>
    private const int NormalLines = 12;

    private static readonly Dictionary<string, string[]> s_projects = new()
    {
        ["Imputation"] = [],
        ["Imputation.Files"] = ["Imputation"],
        ["Imputation.DataFrames"] = ["Imputation"],
        ["Imputation.Parquet"] = ["Imputation", "Imputation.Files"],
        ["Imputation.ParquetNet"] = ["Imputation", "Imputation.Files", "Imputation.Parquet"],
        ["Imputation.Reports"] = ["Imputation", "Imputation.Files"],
        ["Imputation.Sql"] = ["Imputation", "Imputation.Files"],
        ["Imputation.DuckDb"] = ["Imputation", "Imputation.Sql"],
        ["Imputation.Cli"] = ["Imputation", "Imputation.Files", "Imputation.DataFrames", "Imputation.Parquet", "Imputation.ParquetNet",
            "Imputation.Reports", "Imputation.Sql"],
    };

    public static TheoryData<string> Projects => [.. s_folders.Keys];

    [Theory, MemberData(nameof(Projects))]
    public void Folders_KnowOnlyThoseTheyMay(string project) =>
        Assert.Empty(Graph(project)?.Arrows.Where(arrow => !Allowed(s_folders[project], arrow.From, arrow.To))
            .Select(arrow => $"{project}: {arrow.From} -> {arrow.To}: {arrow.Reason}") ?? []);

    [Theory, MemberData(nameof(Projects))]
    public void Folders_DoNotKnowEachOtherInCircles(string project) => Assert.Empty(Graph(project)?.Cycles() ?? []);

    [Fact]
    public void EveryProjectAndFolder_IsInTheTable()
    {
        Assert.Equal(s_folders.Keys.Order(StringComparer.Ordinal), SourceProjects());
        foreach ((string project, Dictionary<string, string[]> folders) in s_folders)
            Assert.Equal(folders.Keys.Order(StringComparer.Ordinal),
                FolderGraph.Sources(project).Select(file => Top(FolderOf(project, file))).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Namespaces_AreFolders_ButForWhatCallersWrite()
    {
        var different = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string project in SourceProjects())
            foreach (string file in FolderGraph.Sources(project))
            {
                string text = File.ReadAllText(file), folder = FolderOf(project, file), expected = folder == "." ? project : project + "."
                    + folder.Replace('/', '.');
                if (s_callersFolders.GetValueOrDefault(project, []).Contains(Top(folder))
                    && Regex.IsMatch(text, @"^public ", RegexOptions.Multiline))
                    expected = Top(folder) == "Diagnostics" ? project + ".Diagnostics" : project;
                string actual = Regex.Match(text, @"^namespace ([\w.]+)", RegexOptions.Multiline).Groups[1].Value;
                if (actual != "" && actual != expected)
                    different.Add($"{Path.GetRelativePath(Repository.Root, file)}: {actual}, expected {expected}");
            }
        Assert.Empty(different);
    }

    /// <summary>A second model must be able to do all that the first one does without anyone else naming either.</summary>
    [Fact]
    public void LinesThatNameTheNormalModel_OutsideItsFolder_GetFewer()
    {
        string models = Path.Combine(Repository.Root, "src", "Imputation", "Models", "Normal") + Path.DirectorySeparatorChar;
        string[] files = [.. SourceProjects().SelectMany(FolderGraph.Sources)];
        string names = string.Join('|', files.Where(file => file.StartsWith(models, StringComparison.Ordinal))
            .SelectMany(file => FolderGraph.TypesDeclaredIn(File.ReadAllText(file)))
            .Where(name => name.StartsWith("Normal", StringComparison.Ordinal)).Distinct());
        Assert.Contains("NormalFit", names);
        var naming = new Regex($@"\b({names})\b");
        int lines = files.Where(file => !file.StartsWith(models, StringComparison.Ordinal)).SelectMany(File.ReadLines)
            .Count(line => naming.IsMatch(line));
        Assert.True(lines <= NormalLines, $"{lines} lines outside Models/Normal name a Normal* type, more than {NormalLines}.");
    }

    [Fact]
    public void ForbiddenArrows_AreSeen_InFieldsSignaturesAndBodies()
    {
        const string root = "Imputation.Tests.Architecture.Fabricated";
        Assert.Equal(["Em -> Models: FieldArrow knows AModel"], ForbiddenArrows(typeof(FieldArrow), root));
        Assert.Equal(["Em -> Models: SignatureArrow knows AModel"], ForbiddenArrows(typeof(SignatureArrow), root));
        Assert.Equal(["Em -> Models: BodyArrow knows AModel"], ForbiddenArrows(typeof(BodyArrow), root));
        Assert.Empty(ForbiddenArrows(typeof(AModel), root)); // Models -> Em is allowed
    }

    [Fact]
    public void Core_ReferencesOnlyMathNetAndTheFramework() =>
        Assert.All(s_core.GetReferencedAssemblies(), a => Assert.Matches(@"^(MathNet\.Numerics|netstandard|System\..+)$", a.Name));

    [Fact]
    public void Circles_AreSeen()
    {
        var graph = new FolderGraph();
        graph.Add("A", "B", "");
        graph.Add("B", "C", "");
        graph.Add("C", "B", "");
        graph.Add("C", "D", "");
        graph.Add("D", "D", "");
        Assert.Equal(["B, C"], graph.Cycles());
        Assert.Equal(["A -> B", "B -> C", "C -> B", "C -> D"], graph.Arrows.Select(arrow => $"{arrow.From} -> {arrow.To}"));
    }

    [Fact]
    public void Projects_ReferenceOnlyThoseTheyMay()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string project = Path.GetFileNameWithoutExtension(path);
            IEnumerable<string> references = XDocument.Load(path).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
            Assert.True(s_projects.ContainsKey(project), $"{project} is not in the architecture.");
            Assert.Empty(references.Except(s_projects[project]).Select(to => $"{project} -> {to}"));
        }
    }

    [Fact]
    public void Core_KnowsNoFileConsoleClockCultureOrSystemCall() =>
        Assert.Empty(s_core.GetTypes().SelectMany(ForbiddenUses).Distinct());

    [Fact]
    public void ForbiddenUses_AreSeen()
    {
        string[] seen = [.. ForbiddenUses(typeof(Careless)).Select(use => use.Split(' ')[^1]).Order(StringComparer.Ordinal)];
        Assert.Equal(["Console.WriteLine", "CultureInfo.get_CurrentCulture", "DateTime.get_Now",
            "DefaultInterpolatedStringHandler.AppendFormatted", "Double.ToString", "Environment.get_TickCount64", "File.Exists",
            "GC.Collect", "P/Invoke.getpid"], seen);
    }

    private static IEnumerable<string> ForbiddenArrows(Type type, string root)
    {
        if (Part(type, root) is not { } from || !s_folders["Imputation"].TryGetValue(from, out string[]? allowed)) return [];
        return AssemblyReader.TypesMentionedBy(type)
            .Where(other => !other.HasElementType)
            .Select(other => (other, To: Part(other, root)))
            .Where(arrow => arrow.To is not null && arrow.To != from && !allowed.Contains(arrow.To))
            .Select(arrow => $"{from} -> {arrow.To}: {type.Name} knows {arrow.other.Name}");
    }

    /// <summary>Models for Imputation.Models.Normal; null for a namespace elsewhere.</summary>
    private static string? Part(Type type, string root) =>
        type.Namespace is { } name && name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0]
            : null;

    private static IEnumerable<string> ForbiddenUses(Type type) =>
        (from method in AssemblyReader.Methods(type)
         from member in AssemblyReader.MembersUsedIn(method)
         let owner = member as Type ?? member.DeclaringType
         where owner is not null && (IsForbidden(owner, member) || (InterpolatesNumber(member) && !GivesProvider(method)))
         select $"{type.Name}.{method.Name} uses {owner.Name}.{member.Name}")
        .Concat(AssemblyReader.Methods(type).Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
            .Select(method => $"{type.Name}.{method.Name} uses P/Invoke.{method.Name}"));

    /// <summary>$"{x}" of a fractional number takes the current culture, unless the handler was made with a format provider.</summary>
    private static bool InterpolatesNumber(MemberInfo member) => member is MethodInfo
    {
        Name: "AppendFormatted",
        IsGenericMethod: true
    } append
        && append.DeclaringType == typeof(DefaultInterpolatedStringHandler) && append.GetGenericArguments()[0] is var t
        && (t == typeof(double) || t == typeof(float) || t == typeof(decimal));

    private static bool GivesProvider(MethodBase method) => AssemblyReader.MembersUsedIn(method).Any(m =>
        m is ConstructorInfo made && made.DeclaringType == typeof(DefaultInterpolatedStringHandler)
            && made.GetParameters().Any(p => p.ParameterType == typeof(IFormatProvider)));

    private static bool IsForbidden(Type owner, MemberInfo member)
    {
        if (owner.Namespace == "System.IO" || owner == typeof(Console) || owner == typeof(System.Diagnostics.Stopwatch)
            || owner == typeof(TimeProvider)) return true;
        bool formatsByCulture = (owner == typeof(double) || owner == typeof(float) || owner == typeof(decimal))
            && member is MethodInfo { Name: "ToString" } text
            && text.GetParameters().All(p => p.ParameterType != typeof(IFormatProvider));
        return formatsByCulture || (owner.Name, member.Name) is
            ("DateTime", "get_Now" or "get_UtcNow" or "get_Today") or ("DateTimeOffset", "get_Now" or "get_UtcNow")
            or ("Environment", "get_TickCount" or "get_TickCount64")
            or ("CultureInfo", "get_CurrentCulture" or "get_CurrentUICulture")
            or ("GC", "Collect") or ("Thread", "BeginThreadAffinity") or ("Process" or "ProcessThread", "set_ProcessorAffinity"
                or "set_IdealProcessor");
    }

    private static bool Allowed(Dictionary<string, string[]> folders, string from, string to) =>
        Top(from) == Top(to) ? s_inside.Contains($"{from} -> {to}") : folders[Top(from)].Contains(Top(to));

    private static string Top(string folder) => folder.Split('/')[0];

    private static string FolderOf(string project, string file) =>
        Path.GetRelativePath(Path.Combine(Repository.Root, "src", project), Path.GetDirectoryName(file)!).Replace('\\', '/');

    private static IEnumerable<string> SourceProjects() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>Null for a project of one folder, which has no arrows to look at; its assembly need not be beside the tests.</summary>
    private static FolderGraph? Graph(string project) => FolderGraph.Sources(project).Select(file => FolderOf(project, file)).Distinct()
        .Count() == 1
        ? null : FolderGraph.Of(project, Assembly.Load(project == "Imputation.Cli" ? "impute" : project));
}
