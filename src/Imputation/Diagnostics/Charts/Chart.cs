namespace Imputation.Diagnostics.Charts;

/// <summary>A chart as data; whoever shows it decides on size and colours.</summary>
/// <param name="Title">What it shows.</param>
public abstract record Chart(string Title)
{
    /// <summary>What is to be seen in it, in words, for those who do not see it.</summary>
    public string Description { get; init; } = "";
}
