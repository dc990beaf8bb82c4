namespace Imputation.Data;

/// <summary>A number that predicts beside the columns of a table: what the other rows of a group have in a column, as far as it says
/// something of a row.</summary>
/// <param name="Key">The column whose values are the groups.</param>
/// <param name="Column">The column.</param>
/// <param name="Level">The level whose share it is, as text; null for a mean of numbers or of ordered levels.</param>
/// <param name="Mean">The mean of the groups.</param>
/// <param name="Ratio">The variance within groups over the variance between them, above 0: the number of rows of a group that say as much
/// of its mean as all groups together.</param>
internal sealed record GroupMean(string Key, string Column, string? Level, double Mean, double Ratio)
{
    /// <summary>Its name among the columns of a model: <c>income by household</c>.</summary>
    public string Name => $"{Column}{(Level is null ? "" : $" = {Level}")} by {Key}";

    /// <summary>The expected value of a row given <paramref name="count"/> other rows of its group whose values deviate from
    /// <see cref="Mean"/> by <paramref name="deviation"/> in sum: of few rows, nearer to the mean of all (partial pooling).</summary>
    public double Given(int count, double deviation) => Mean + deviation / (count + Ratio);

    /// <summary>The table with the effects beside its columns; those whose key or column it does not have are left out.</summary>
    public static Table Beside(Table table, IReadOnlyList<GroupMean> effects)
    {
        var groups = new Dictionary<string, (int[] Of, int Count)>();
        var beside = new List<NumericColumn>();
        foreach (GroupMean effect in effects)
        {
            if (!table.TryGetColumn(effect.Key, out Column? key) || !table.TryGetColumn(effect.Column, out Column? column)
                || (effect.Level is null && column is not NumericColumn && column.Categories is null)) continue;
            if (!groups.TryGetValue(effect.Key, out (int[] Of, int Count) of))
                groups[effect.Key] = of = GroupIndex.Of(key, table.RowCount);
            beside.Add(effect.Over(column, of.Of, of.Count));
        }
        return beside.Count == 0 ? table : table.With(beside);
    }

    /// <summary>Its values in all rows, each of the other rows of its group.</summary>
    private NumericColumn Over(Column column, int[] of, int count)
    {
        Func<int, double> cells = ColumnNumbers.Of(column, Level);
        var sum = new double[count];
        var n = new int[count];
        for (int row = 0; row < of.Length; row++)
        {
            if (of[row] < 0 || cells(row) is var x && double.IsNaN(x)) continue;
            sum[of[row]] += x - Mean;
            n[of[row]]++;
        }
        var values = new double[of.Length];
        for (int row = 0; row < of.Length; row++)
        {
            double x = cells(row);
            bool isOwn = !double.IsNaN(x);
            values[row] = of[row] < 0 ? Mean
                : Given(n[of[row]] - (isOwn ? 1 : 0), sum[of[row]] - (isOwn ? x - Mean : 0));
        }
        return NumericColumn.Number(Name, values);
    }
}
