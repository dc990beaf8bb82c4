namespace Imputation.Data;

/// <summary>An order of rules for columns in which each comes after those of the columns that it reads.</summary>
internal static class RuleOrder
{
    /// <summary>The rules in that order.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="column">The column that a rule is for.</param>
    /// <param name="reads">The columns that it reads.</param>
    /// <param name="circle">The error for rules that depend on each other in a circle.</param>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> rules, Func<T, string> column, Func<T, IEnumerable<string>> reads,
        Func<IReadOnlyList<T>, ImputationDataException> circle)
    {
        var left = new List<T>(rules);
        var ordered = new List<T>(left.Count);
        while (left.Count > 0)
        {
            int next = left.FindIndex(rule => reads(rule).All(c => left.TrueForAll(other => column(other) != c)));
            if (next < 0) throw circle(left);
            ordered.Add(left[next]);
            left.RemoveAt(next);
        }
        return ordered;
    }
}
