namespace Imputation;

/// <summary>Notes on a filled cell.</summary>
[Flags]
public enum CellNotes : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The mean lay outside the column's bounds and was set to the nearer one.</summary>
    Clamped = 1,

    /// <summary>The first draw for the row fell outside the bounds; this one was taken from the truncated distribution.</summary>
    Truncated = 2,

    /// <summary>The value was rounded.</summary>
    Rounded = 4,

    /// <summary>The column has one distinct value, which was filled in.</summary>
    Constant = 8,

    /// <summary>An exact linear relation with other cells of the row determines the value.</summary>
    Determined = 16,

    /// <summary>The value was set so that an exact linear relation with other filled cells of the row holds.</summary>
    Related = 64,

    /// <summary>Nothing is observed in the row: the value is the column's mean, or a draw from its marginal distribution.</summary>
    NothingObserved = 32,

    /// <summary>The value is that of another row, the donor: see <see cref="ImputedCell.DonorRow"/>.</summary>
    Matched = 128,
}

/// <summary>A filled cell and its uncertainty.</summary>
/// <param name="Row">Row, counted from 1 without the header.</param>
/// <param name="Column">Column name.</param>
/// <param name="Method">What it was filled with.</param>
/// <param name="Value">The value filled in.</param>
/// <param name="StandardDeviation">Standard deviation of the conditional distribution given the observed cells of the row,
/// before it is cut to any bounds, in the units of the column; it does not include the uncertainty of the estimates.</param>
/// <param name="Lower">Lower end of the central 95 % of the conditional distribution, cut to the bounds where there are any.</param>
/// <param name="Upper">Upper end of the central 95 % of the conditional distribution, cut to the bounds where there are any.</param>
/// <param name="ObservedCount">Number of modelled columns observed in the row.</param>
/// <param name="Notes">Notes.</param>
public readonly record struct ImputedCell(
    int Row, string Column, FillMethod Method, double Value, double StandardDeviation, double Lower, double Upper, int ObservedCount,
        CellNotes Notes)
{
    /// <summary>The row that a matched value was taken from, counted from 1 without the header; null of any other.</summary>
    public int? DonorRow { get; init; }

    /// <summary>The level filled in, as text; null for a number, whose <see cref="Value"/> it is. A level has the value NaN.</summary>
    public string? Level { get; init; }
}
