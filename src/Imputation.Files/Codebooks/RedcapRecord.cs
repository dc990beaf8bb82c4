namespace Imputation.Files.Codebooks;

/// <summary>A row of a REDCap data dictionary, each cell without surrounding blanks.</summary>
/// <param name="Line">Line of the file in which it begins.</param>
/// <param name="Name">Variable name.</param>
/// <param name="Type">Field type, in lower case.</param>
internal sealed record RedcapRecord(long Line, string Name, string Type)
{
    /// <summary>The instrument.</summary>
    public string Form { get; init; } = "";

    /// <summary>The question, without markup.</summary>
    public string Label { get; init; } = "";

    /// <summary>Choices, calculation or labels of a slider.</summary>
    public string Choices { get; init; } = "";

    /// <summary>How a text is checked, in lower case.</summary>
    public string Validation { get; init; } = "";

    /// <summary>Smallest value.</summary>
    public string Minimum { get; init; } = "";

    /// <summary>Largest value.</summary>
    public string Maximum { get; init; } = "";

    /// <summary>Whether it identifies a person.</summary>
    public bool IsIdentifier { get; init; }

    /// <summary>The condition under which it is shown.</summary>
    public string Logic { get; init; } = "";

    /// <summary>Action tags and comments.</summary>
    public string Annotation { get; init; } = "";
}
