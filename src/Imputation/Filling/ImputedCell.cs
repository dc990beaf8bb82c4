using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>Notes on a filled cell.</summary>
[Flags]
public enum CellNotes : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The mean lay outside the column's bounds, or the ends of a scale, and was set to the nearer one.</summary>
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

    /// <summary>An observed cell of the row decides on the value: a question that is asked of some rows only was answered in this one; a
    /// column that is derived from this one is observed; or an edit is an equality. What the model predicts is not possible.</summary>
    Implied = 256,

    /// <summary>The value was computed from other cells of the row, by a rule of the codebook or one that holds in the data: see <see
    /// cref="SurveyReading.DerivedColumns"/>.</summary>
    Derived = 512,

    /// <summary>The value lies outside the range of the observed values that the model was fitted to.</summary>
    BeyondObserved = 1024,

    /// <summary>The column has one value within each group of rows, and this is that of the row's group.</summary>
    SameInGroup = 2048,

    /// <summary>The row may belong to either of two components of a mixture, and the conditional mean lies between their values, where
    /// hardly any is. Draws are values of one or the other.</summary>
    Undecided = 4096,
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

    /// <summary>How the cell was filled.</summary>
    public FillMethod Method { get; internal init; }

    /// <summary>The value filled in.</summary>
    public double Value { get; internal init; }

    /// <summary>Standard deviation of the conditional distribution given the observed cells of the row, before it is cut to any bounds,
    /// in the units of the column; it does not include the uncertainty of the estimates. NaN of a value that follows from other cells
    /// by a rule, or from the other rows of its group.</summary>
    public double StandardDeviation { get; internal init; }

    /// <summary>Lower 95 % limit of the value that is missing, cut to the bounds where there are any; NaN where there is none.</summary>
    /// <remarks>Wider than <see cref="StandardDeviation"/> alone would have it, because the estimates are uncertain too: a prediction
    /// interval of Student's t. Its variance is that of the conditional distribution, corrected for the parameters estimated, plus that
    /// of the estimated conditional mean, from the observed information of the fit; where only this column has missing cells it is the
    /// classical prediction interval of a regression. For a model read from a file, and for tables so large that it hardly matters,
    /// counts of observed cells take the information's place. Of one imputation among several, which has parameters drawn for it, the
    /// limits are those of the conditional distribution. There are none where the estimates leave fewer than one degree of freedom, or
    /// the data do not determine the conditional mean.</remarks>
    public double Lower { get; internal init; }

    /// <summary>Upper 95 % limit of the value that is missing; see <see cref="Lower"/>.</summary>
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

    private string Limits => double.IsNaN(Lower) ? "no 95 % limits: the data say too little"
        : string.Create(CultureInfo.InvariantCulture, $"95 % {Lower:G6} to {Upper:G6}");

    /// <inheritdoc/>
    public override string ToString() => Level is { } level
        ? string.Create(CultureInfo.InvariantCulture, $"row {Row}, {Column}: {level}")
        : string.Create(CultureInfo.InvariantCulture, $"row {Row}, {Column}: {Value:G6}")
            + (double.IsNaN(StandardDeviation) ? ""
                : string.Create(CultureInfo.InvariantCulture, $" (sd {StandardDeviation:G3}, {Limits})"))
            + (Notes == CellNotes.None ? "" : ", " + Said(Notes));

    /// <summary>Notes as words: BeyondObserved is beyond observed.</summary>
    private static string Said(CellNotes notes) => string.Concat(notes.ToString().Index().Select(c => char.IsUpper(c.Item)
        ? (c.Index > 0 && notes.ToString()[c.Index - 1] != ' ' ? " " : "") + char.ToLowerInvariant(c.Item) : c.Item.ToString()));
}
