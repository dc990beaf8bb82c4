namespace Imputation.Diagnostics;

/// <summary>A chart as data; the renderer chooses size and colours.</summary>
/// <param name="Title">What it shows.</param>
public abstract record Chart(string Title)
{
    /// <summary>Text alternative: describes the chart in words.</summary>
    public string Description { get; init; } = "";
}
