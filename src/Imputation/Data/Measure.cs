namespace Imputation;

/// <summary>What the cells of a column measure, which decides how it is modelled and filled.</summary>
public enum Measure
{
    /// <summary>A quantity: any number between two others can occur.</summary>
    Continuous,

    /// <summary>A number of things: 0, 1, 2, ...</summary>
    Count,

    /// <summary>A quantity that is often exactly 0, such as an expense.</summary>
    Semicontinuous,

    /// <summary>Levels with an order.</summary>
    Ordinal,

    /// <summary>Two levels.</summary>
    Binary,

    /// <summary>Levels without an order.</summary>
    Nominal,

    /// <summary>Names the row; not modelled.</summary>
    Identifier,

    /// <summary>Names the group that a row belongs to: a household, a school, a person with several rows.</summary>
    Group,

    /// <summary>A survey weight; not modelled, and not a predictor.</summary>
    Weight,

    /// <summary>Handed through; not modelled.</summary>
    PassThrough,
}
