namespace Imputation.Diagnostics;

/// <summary>How the cells of a table's column, or the values of a bar chart, are shown.</summary>
public enum CellFormat
{
    /// <summary>Text, or yes and no.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A number, to some significant digits.</summary>
    Number,

    /// <summary>A share between 0 and 1, shown in per cent.</summary>
    Share,

    /// <summary>A probability: small ones as powers of ten.</summary>
    PValue,
}
