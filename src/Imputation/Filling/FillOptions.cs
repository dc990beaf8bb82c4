namespace Imputation;

/// <summary>How a missing cell is filled.</summary>
public enum FillMethod
{
    /// <summary>The conditional mean, in a form that occurs: in a scale (few values, each of them often) the nearest of its values; in
    /// other columns of whole numbers rounded, and within the ends of what was observed; in amounts that cannot be negative at least 0;
    /// elsewhere as it is. A codebook's measure takes precedence over what the values look like, and bounds and rounding that are asked
    /// for over both.</summary>
    Auto,

    /// <summary>The conditional mean given the observed cells of the row. Single means understate variances and overstate
    /// correlations' strength; use draws, several of them, where standard errors matter.</summary>
    Mean,

    /// <summary>A draw from the conditional distribution given the observed cells of the row.</summary>
    Draw,

    /// <summary>Predictive mean matching: the value that was observed in another row, of those rows whose prediction comes nearest. A value
    /// that occurs.</summary>
    PredictiveMeanMatching,
}

/// <summary>How missing cells are filled from a fitted model.</summary>
public sealed record FillOptions
{
    /// <summary>Conditional means in a form that occurs, no further bounds, no further rounding.</summary>
    public static FillOptions Default { get; } = new();

    /// <summary>The filling method; default <see cref="FillMethod.Auto"/>.</summary>
    public FillMethod Method { get; init; }

    /// <summary>Whether cells of questions that were not asked are filled too, as for planned missingness or data fusion; default no: they
    /// stay empty.</summary>
    public bool FillNotAsked { get; init; }

    /// <summary>Number of donors with the nearest predictions from which a matched value is drawn. At least 1; default 5.</summary>
    public int Donors { get; init; } = 5;

    /// <summary>Columns to fill; the others keep their missing cells, and are used for filling all the same. Default empty: all.</summary>
    public IReadOnlyCollection<string> Fill { get; init; } = [];

    /// <summary>Ranges by column name: means are clamped to them, draws are taken from the conditional distribution truncated to
    /// them.</summary>
    public IReadOnlyDictionary<string, Bounds> Bounds { get; init; } = new Dictionary<string, Bounds>();

    /// <summary>Columns whose filled values are rounded to as many decimals as their observed values have, or, in columns of decimals, to
    /// their scale.</summary>
    public IReadOnlyCollection<string> Round { get; init; } = [];

    /// <summary>Columns whose filled values are rounded to whole numbers; integer columns named here stay integer columns.</summary>
    public IReadOnlyCollection<string> Integer { get; init; } = [];
}
