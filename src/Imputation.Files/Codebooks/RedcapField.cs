namespace Imputation.Files.Codebooks;

/// <summary>What the cells of a field of a REDCap project are, as far as its logic has to know.</summary>
internal enum RedcapKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>One of several codes: radio buttons, a drop-down list, yes or no.</summary>
    Choice,

    /// <summary>Several boxes, each a column of 0 and 1.</summary>
    Checkbox,

    /// <summary>A date, or a date and time.</summary>
    Date,

    /// <summary>Any text, digits among them.</summary>
    Text,

    /// <summary>A text on the form, without a cell.</summary>
    NoColumn,
}

/// <summary>A field of a REDCap data dictionary.</summary>
/// <param name="Name">Its variable name.</param>
/// <param name="Kind">What its cells are.</param>
internal sealed record RedcapField(string Name, RedcapKind Kind)
{
    /// <summary>The codes and labels of a choice or of a checkbox.</summary>
    public IReadOnlyList<(string Code, string? Label)> Choices { get; init; } = [];

    /// <summary>Whether it is shown under a condition, so that a cell can be empty without being unanswered.</summary>
    public bool IsConditional { get; init; }

    /// <summary>Whether every code is a number.</summary>
    public bool HasNumericCodes => Choices.All(c => CodeNumber.Of(c.Code) is not null);

    /// <summary>The column of a box, as REDCap names it in exports: 3 of race is race___3, and −1 is race____1.</summary>
    public static string BoxColumn(string field, string code) =>
        $"{field}___{string.Concat(code.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'))}";
}
