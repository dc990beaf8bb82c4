namespace Imputation;

/// <summary>How a missing cell was marked in the data.</summary>
public enum MissingKind
{
    /// <summary>The cell was empty: an empty field, or a null of the source's type.</summary>
    Empty,

    /// <summary>A text that means missing, such as NA or a full stop.</summary>
    Marker,

    /// <summary>A number that the user declared a code for missing, such as −99.</summary>
    Code,

    /// <summary>A floating-point NaN.</summary>
    NotANumber,
}

/// <summary>Why a cell has no value.</summary>
public enum MissingReason
{
    /// <summary>There is a value that was not recorded: refused, not known, lost. Such a cell is filled.</summary>
    Nonresponse,

    /// <summary>Structural: the question was not asked, because it does not apply. There is no value, and the cell stays empty.</summary>
    NotAsked,
}

/// <summary>Where a missing cell came from: its kind, and its text in the source.</summary>
/// <param name="Kind">How the cell was marked.</param>
/// <param name="Text">The mark in the source; empty for <see cref="MissingKind.Empty"/>.</param>
public readonly record struct MissingOrigin(MissingKind Kind, string Text)
{
    /// <summary>The cell was empty.</summary>
    public static MissingOrigin Empty { get; } = new(MissingKind.Empty, "");

    /// <summary>The cell was NaN.</summary>
    public static MissingOrigin NotANumber { get; } = new(MissingKind.NotANumber, "NaN");

    /// <summary>Why the cell has no value; from a codebook, or from a skip rule that was found.</summary>
    public MissingReason Reason { get; init; }

    /// <summary>What the mark means, as the codebook says, such as <c>refused</c>; null where nothing does.</summary>
    public string? Label { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Kind == MissingKind.Empty ? "empty" : Label is null ? Text : $"{Text} ({Label})";
}
