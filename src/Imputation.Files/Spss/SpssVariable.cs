namespace Imputation.Files.Spss;

/// <summary>A variable of a system file.</summary>
internal sealed record SpssVariable
{
    /// <summary>Its long name, or the short one where it has no other.</summary>
    public required string Name { get; init; }

    /// <summary>Its name of at most 8 bytes, unique in the file.</summary>
    public required string ShortName { get; init; }

    /// <summary>Its label, often the text of the question; empty where there is none.</summary>
    public string Label { get; init; } = "";

    /// <summary>0 for a number; bytes of a string, 1 to 32,767.</summary>
    public int Width { get; init; }

    /// <summary>Whether the variable is a string.</summary>
    public bool IsText => Width > 0;

    /// <summary>How values are displayed.</summary>
    public SpssDisplay Display { get; init; }

    /// <summary>Level of measurement.</summary>
    public SpssMeasure Measure { get; init; }

    /// <summary>Role in an analysis; null where the file gives none.</summary>
    public SpssRole? Role { get; init; }

    /// <summary>Labels of values, in the order of the file.</summary>
    public IReadOnlyList<SpssValueLabel> ValueLabels { get; init; } = [];

    /// <summary>User-missing numbers and ranges.</summary>
    public IReadOnlyList<SpssRange> MissingRanges { get; init; } = [];

    /// <summary>User-missing strings, without trailing blanks.</summary>
    public IReadOnlyList<string> MissingTexts { get; init; } = [];

    /// <summary>Index of its first 8-byte element in a case.</summary>
    public required int FirstElement { get; init; }

    /// <summary>Number of its elements.</summary>
    public int ElementCount => SpssWidths.ElementCount(Width);

    /// <summary>Whether a number is user-missing.</summary>
    public bool IsMissing(double value)
    {
        foreach (SpssRange range in MissingRanges)
            if (range.Contains(value)) return true;
        return false;
    }

    /// <summary>Whether a string, without trailing blanks, is user-missing.</summary>
    public bool IsMissing(string text) => MissingTexts.Count > 0 && MissingTexts.Contains(text);
}

/// <summary>Label of a value.</summary>
/// <param name="Value">A double, or a string without trailing blanks.</param>
/// <param name="Label">Its label.</param>
internal sealed record SpssValueLabel(object Value, string Label);

/// <summary>User-missing numbers from one to another, both included.</summary>
/// <param name="Low">The smallest; −∞ where SPSS has LOWEST.</param>
/// <param name="High">The largest; +∞ where SPSS has HIGHEST. Equal to <paramref name="Low"/> for a single code.</param>
internal readonly record struct SpssRange(double Low, double High)
{
    public bool IsSingle => Low == High;

    public bool Contains(double value) => value >= Low && value <= High;
}

/// <summary>Level of measurement of a variable.</summary>
internal enum SpssMeasure
{
    /// <summary>Not set.</summary>
    Unknown,

    /// <summary>Categories without order.</summary>
    Nominal,

    /// <summary>Categories in an order.</summary>
    Ordinal,

    /// <summary>A quantity.</summary>
    Scale,
}

/// <summary>Role of a variable, in the order of the codes of the attribute $@Role.</summary>
internal enum SpssRole
{
    /// <summary>A predictor.</summary>
    Input,

    /// <summary>An outcome.</summary>
    Target,

    /// <summary>Both.</summary>
    Both,

    /// <summary>Neither.</summary>
    None,

    /// <summary>Divides cases into training and test.</summary>
    Partition,

    /// <summary>Splits the file.</summary>
    Split,
}
