namespace Imputation.Models.Mixture;

/// <summary>Which columns are numbers and which are categories, and where the levels of each category lie in a component's
/// probabilities.</summary>
internal sealed class MixtureLayout
{
    /// <param name="levels">For each column the levels of a category; null for numbers.</param>
    public MixtureLayout(IReadOnlyList<MixtureLevels?> levels)
    {
        Levels = levels;
        Place = new int[levels.Count];
        var starts = new List<int>();
        for (int j = 0; j < levels.Count; j++)
        {
            Place[j] = levels[j] is null ? NumberCount++ : starts.Count;
            if (levels[j] is not { } own) continue;
            starts.Add(SlotCount);
            SlotCount += own.Levels.Count + 1; // the last is "missing"
        }
        Starts = [.. starts, SlotCount];
    }

    /// <summary>The levels of each column that is a category; null for numbers.</summary>
    public IReadOnlyList<MixtureLevels?> Levels { get; }

    /// <summary>The index of each column among the numbers, or among the categories.</summary>
    public int[] Place { get; }

    /// <summary>Number of numeric columns, p.</summary>
    public int NumberCount { get; }

    /// <summary>Number of categories.</summary>
    public int CategoryCount => Starts.Length - 1;

    /// <summary>Where the levels of each category begin, and the end.</summary>
    public int[] Starts { get; }

    /// <summary>Length of a component's probabilities.</summary>
    public int SlotCount { get; }

    /// <summary>Number of levels of a category.</summary>
    public int LevelCount(int category) => Starts[category + 1] - Starts[category] - 1;

    /// <summary>Whether a column is a category.</summary>
    public bool IsCategory(int column) => Levels[column] is not null;

    /// <summary>Free parameters of a mixture.</summary>
    /// <param name="k">Number of components.</param>
    /// <param name="shape">Shape of the covariances.</param>
    public int ParameterCount(int k, MixtureShape shape)
    {
        int p = NumberCount, square = p * (p + 1) / 2;
        int covariances = p == 0 ? 0 : shape switch
        {
            MixtureShape.Full => k * square,
            MixtureShape.Tied => square,
            MixtureShape.Diagonal => k * p,
            _ => k,
        };
        return k - 1 + k * p + covariances + k * (SlotCount - 2 * CategoryCount);
    }
}

/// <summary>The levels of a category.</summary>
/// <param name="Levels">Their texts.</param>
/// <param name="IsOrdered">Whether the column's levels have an order; the model does not use it.</param>
internal sealed record MixtureLevels(IReadOnlyList<string> Levels, bool IsOrdered) : ILevels;
