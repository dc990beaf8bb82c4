namespace Imputation.Data;

/// <summary>Rows numbered by the values of a column.</summary>
internal static class GroupIndex
{
    /// <summary>The groups that the values of a column make in the first rows.</summary>
    public static (int[] Of, int Count) Of(Column key, int rows)
    {
        var known = new Dictionary<object, int>();
        int[] of = new int[rows];
        for (int row = 0; row < of.Length; row++)
        {
            if (key.Value(row) is not { } value) of[row] = -1;
            else if (!known.TryGetValue(value, out of[row])) known[value] = of[row] = known.Count;
        }
        return (of, known.Count);
    }
}
