namespace Imputation.Models;

/// <summary>A margin of a category.</summary>
internal interface ILevels
{
    /// <summary>The levels' texts, in the order of their indices.</summary>
    IReadOnlyList<string> Levels { get; }

    /// <summary>Whether their order means something.</summary>
    bool IsOrdered { get; }
}
