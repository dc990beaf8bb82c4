namespace Imputation;

/// <summary>The source of a table. A format keeps here what it needs to write observed cells back unchanged, and recognises its
/// own.</summary>
public abstract class TableSource
{
    /// <summary>Findings about how the source was read, such as lines above the header or thousands separators; default none.</summary>
    public virtual IReadOnlyList<Finding> Findings => [];

    /// <summary>Columns that can hold whole numbers only, so that values filled into them are rounded by default.</summary>
    internal virtual IEnumerable<string> IntegerColumns => [];

    /// <summary>What the source says of its columns; null where it says nothing.</summary>
    internal virtual Codebook? Codebook => null;
}
