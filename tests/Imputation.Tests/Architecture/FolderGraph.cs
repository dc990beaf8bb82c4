using System.Reflection;
using System.Text.RegularExpressions;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Architecture;

/// <summary>Which folder of a project knows which: the types that each type mentions, by the folders of their source files.</summary>
internal sealed partial class FolderGraph
{
    private readonly Dictionary<string, SortedDictionary<string, string>> _arrows = new(StringComparer.Ordinal);

    /// <summary>The graph of the project in src/<paramref name="project"/>; its assembly is beside the tests.</summary>
    public static FolderGraph Of(string project, Assembly assembly)
    {
        Dictionary<string, string> folders = FoldersOfTypes(project);
        var graph = new FolderGraph();
        foreach (Type type in assembly.GetTypes())
        {
            if (FolderOf(type) is not { } from) continue;
            foreach (Type other in AssemblyReader.TypesMentionedBy(type).Where(other => other.Assembly == assembly
                && !other.HasElementType))
                if (FolderOf(other) is { } to) graph.Add(from, to, $"{Outer(type).Name} knows {Outer(other).Name}");
        }
        return graph;

        string? FolderOf(Type type) => folders.GetValueOrDefault(Outer(type).Name.Split('`')[0]);
    }

    /// <summary>Every arrow as "From -> To", with one pair of types as its reason. The project's own folder is ".".</summary>
    public IEnumerable<(string From, string To, string Reason)> Arrows =>
        _arrows.SelectMany(from => from.Value.Select(to => (from.Key, to.Key, to.Value)));

    public void Add(string from, string to, string reason)
    {
        if (!_arrows.ContainsKey(from)) _arrows[from] = new(StringComparer.Ordinal);
        if (from == to) return;
        _arrows[from].TryAdd(to, reason);
        if (!_arrows.ContainsKey(to)) _arrows[to] = new(StringComparer.Ordinal);
    }

    /// <summary>Folders that know each other, directly or by way of others: each set as its names in order, joined by ", ".</summary>
    public IEnumerable<string> Cycles()
    {
        Dictionary<string, HashSet<string>> reach = _arrows.Keys.ToDictionary(from => from, Reached);
        return reach.Keys.Where(a => reach[a].Contains(a))
            .Select(a => string.Join(", ", reach[a].Where(b => reach[b].Contains(a)).Order(StringComparer.Ordinal))).Distinct();
    }

    private HashSet<string> Reached(string from)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out string? at))
            foreach (string next in _arrows[at].Keys)
                if (reached.Add(next)) open.Push(next);
        return reached;
    }

    private static Type Outer(Type type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type;
    }

    /// <summary>The folder that declares each type of a project, by the type's name.</summary>
    private static Dictionary<string, string> FoldersOfTypes(string project)
    {
        string root = Path.Combine(Repository.Root, "src", project);
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Sources(project))
            foreach (string name in TypesDeclaredIn(File.ReadAllText(file)))
            {
                string folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/');
                if (!folders.TryAdd(name, folder) && folders[name] != folder)
                    throw new InvalidOperationException($"{project} has two types '{name}', in {folders[name]} and in {folder}; names "
                        + "must differ.");
            }
        return folders;
    }

    /// <summary>The source files of a project, without what the build makes.</summary>
    public static IEnumerable<string> Sources(string project)
    {
        string root = Path.Combine(Repository.Root, "src", project);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
                .Order(StringComparer.Ordinal);
    }

    public static IEnumerable<string> TypesDeclaredIn(string source) =>
        Declaration().Matches(source).Select(declared => declared.Groups[1].Value);

    // At the left margin: types inside types are in their outer type's folder.
    [GeneratedRegex(@"^(?:(?:public|internal|file|static|abstract|sealed|readonly|ref|partial|unsafe) )*"
        + @"(?:class|interface|enum|record struct|record class|record|struct|delegate [\w<>?\[\], ]+?) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
