namespace Imputation;

/// <summary>Which columns to model.</summary>
public sealed record ColumnSelection
{
    /// <summary>Every numeric column that does not look like an identifier.</summary>
    public static ColumnSelection Default { get; } = new();

    /// <summary>If not empty, only these columns are modelled (an identifier too, if it is named here).</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>These columns are not modelled.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether a column of that name may be modelled.</summary>
    internal bool Uses(string name) => !Exclude.Contains(name) && (Include.Count == 0 || Include.Contains(name));
}
