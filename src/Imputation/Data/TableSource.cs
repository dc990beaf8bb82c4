namespace Imputation;

/// <summary>What a table was read from. A format keeps here what it needs to write observed cells back unchanged, and recognises its
/// own.</summary>
public abstract class TableSource
{
    /// <summary>Columns that can hold whole numbers only, so that what is filled into them is rounded without being asked.</summary>
    internal virtual IEnumerable<string> IntegerColumns => [];
}
