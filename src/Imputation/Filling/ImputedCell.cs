using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>Notes on a filled cell.</summary>
[Flags]
public enum CellNotes : ushort
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

    /// <summary>A question that is asked of some rows only was answered in this one: the value is one under which it is asked.</summary>
    Implied = 256,
}

/// <summary>A filled cell and its uncertainty.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly record struct ImputedCell
{
    internal ImputedCell(int row, string column, FillMethod method, double value, double standardDeviation, double lower,
        double upper, int observedCount, CellNotes notes)
    {
        Row = row;
        Column = column;
        Method = method;
        Value = value;
        StandardDeviation = standardDeviation;
        Lower = lower;
        Upper = upper;
        ObservedCount = observedCount;
        Notes = notes;
    }

    /// <summary>Row, counted from 1 without the header.</summary>
    public int Row { get; internal init; }

    /// <summary>Column name.</summary>
    public string Column { get; internal init; }

    /// <summary>The filled value.</summary>
    public FillMethod Method { get; internal init; }

    /// <summary>The value filled in.</summary>
    public double Value { get; internal init; }

    /// <summary>Standard deviation of the conditional distribution given the observed cells of the row, before it is cut to any bounds,
    /// in the units of the column; it does not include the uncertainty of the estimates.</summary>
    public double StandardDeviation { get; internal init; }

    /// <summary>Lower end of the central 95 % of the conditional distribution, cut to the bounds where there are any.</summary>
    public double Lower { get; internal init; }

    /// <summary>Upper end of the central 95 % of the conditional distribution, cut to the bounds where there are any.</summary>
    public double Upper { get; internal init; }

    /// <summary>Number of modelled columns observed in the row.</summary>
    public int ObservedCount { get; internal init; }

    /// <summary>Further remarks.</summary>
    public CellNotes Notes { get; internal init; }

    /// <summary>The row that a matched value was taken from, counted from 1 without the header; null of any other.</summary>
    public int? DonorRow { get; init; }

    /// <summary>The level filled in, as text; null for a number, whose <see cref="Value"/> it is. A level has the value NaN.</summary>
    public string? Level { get; init; }

    /// <summary>The probability of the value filled in; null where the model gives none, as for a continuous number.</summary>
    public double? Probability { get; init; }

    /// <summary>The most probable of the other values, as text; null where there is none.</summary>
    public string? SecondLevel { get; init; }

    /// <summary>Its probability.</summary>
    public double? SecondProbability { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Level is { } level
        ? string.Create(CultureInfo.InvariantCulture, $"row {Row}, {Column}: {level}")
        : string.Create(CultureInfo.InvariantCulture,
            $"row {Row}, {Column}: {Value:G6} (sd {StandardDeviation:G3}, 95 % {Lower:G6} to {Upper:G6})")
            + (Notes == CellNotes.None ? "" : ", " + Notes.ToString().ToLowerInvariant());
}
