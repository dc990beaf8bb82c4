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
}
