namespace Imputation.Diagnostics;

/// <summary>Two groups joined into one.</summary>
/// <param name="Left">A leaf, 0 to leaves − 1, or leaves + k for the k-th merge.</param>
/// <param name="Right">The same.</param>
/// <param name="Height">How far apart they were; not below that of either.</param>
public sealed record DendrogramMerge(int Left, int Right, double Height);

/// <summary>A tree of columns by how much alike they are, such as in when they are missing.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="HeightLabel">What the height is.</param>
/// <param name="Leaves">Names of the leaves.</param>
/// <param name="Merges">One less than leaves, lowest first.</param>
public sealed record Dendrogram(string Title, string HeightLabel, IReadOnlyList<string> Leaves, IReadOnlyList<DendrogramMerge> Merges)
    : Chart(Title);
