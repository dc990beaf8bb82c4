namespace Imputation;

/// <summary>Kind of the cells of a column.</summary>
public enum ColumnKind
{
    /// <summary>Real numbers.</summary>
    Number,

    /// <summary>Whole numbers of magnitude at most 2⁵³, which a <see cref="double"/> holds exactly.</summary>
    Integer,

    /// <summary>Text; not modelled.</summary>
    Text,

    /// <summary>Any other type (dates, identifiers, Booleans ...); not modelled.</summary>
    Other,
}
