namespace Imputation;

/// <summary>What was done with a column.</summary>
public enum ColumnRole
{
    /// <summary>Part of the model; its missing cells are filled from it.</summary>
    Modelled,

    /// <summary>Part of the model, and an exact linear combination of other columns wherever all of them are observed.</summary>
    Collinear,

    /// <summary>One distinct value: left out of the model, its missing cells filled with that value.</summary>
    Constant,

    /// <summary>Nothing observed: nothing can be estimated, its cells stay missing.</summary>
    NothingObserved,

    /// <summary>A number that only identifies the row; not modelled.</summary>
    Identifier,

    /// <summary>Not numeric; not modelled.</summary>
    PassThrough,

    /// <summary>Excluded by the caller; not modelled.</summary>
    Excluded,
}

/// <summary>What a column is, and what was done with it and why.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">What its cells are.</param>
/// <param name="Role">What was done with it.</param>
/// <param name="ObservedCount">Number of observed cells.</param>
/// <param name="MissingCount">Number of missing cells.</param>
/// <param name="Note">Why, in words; empty where the role says it all.</param>
public sealed record ColumnUse(string Name, ColumnKind Kind, ColumnRole Role, int ObservedCount, int MissingCount, string Note = "")
{
    /// <summary>The value of a <see cref="ColumnRole.Constant"/> column; NaN for any other.</summary>
    public double Constant { get; init; } = double.NaN;
}
