namespace Imputation.Sql;

/// <summary>How the cells of a column are taken from a reader.</summary>
internal enum CellReading
{
    /// <summary>As the reader's type says, boxed: decimals, text, and all that is kept as it is.</summary>
    ByType,

    /// <summary>A whole number of at most 32 bits.</summary>
    Int32,

    /// <summary>A whole number of 64 bits.</summary>
    Int64,

    /// <summary>Single precision.</summary>
    Single,

    /// <summary>Double precision.</summary>
    Double,

    /// <summary>A decimal number that comes as text, so that it keeps all its digits.</summary>
    DecimalText,

    /// <summary>Text, or the text of a value of any other type.</summary>
    Text,
}
