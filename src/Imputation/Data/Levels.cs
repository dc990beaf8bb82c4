namespace Imputation.Data;

/// <summary>The distinct observed values of a column that is not numeric, each with an index; a model uses only the indices.</summary>
internal sealed class Levels
{
    private readonly Dictionary<object, int> _indices;

    private Levels(List<object> values, Dictionary<object, int> indices) => (Values, _indices) = (values, indices);

    /// <summary>The levels of a column, in ordinal order where they are text, otherwise in the order of their first row.</summary>
    public static Levels Of(Column column)
    {
        var values = new List<object>();
        var seen = new HashSet<object>();
        for (int row = 0; row < column.Count; row++)
            if (column.Value(row) is { } value && seen.Add(value)) values.Add(value);
        if (values.TrueForAll(v => v is string)) values.Sort((a, b) => string.CompareOrdinal((string)a, (string)b));
        var indices = new Dictionary<object, int>();
        for (int k = 0; k < values.Count; k++) indices[values[k]] = k;
        return new Levels(values, indices);
    }

    /// <summary>The levels.</summary>
    public IReadOnlyList<object> Values { get; }

    /// <summary>A column's cells as indices of levels, NaN where missing.</summary>
    public NumericColumn AsNumbers(Column column)
    {
        var indices = new double[column.Count];
        for (int row = 0; row < indices.Length; row++) indices[row] = column.Value(row) is { } value ? _indices[value] : double.NaN;
        return NumericColumn.Number(column.Name, indices);
    }

    /// <summary>Chooses the level for each missing cell of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="cells">An index for each missing cell, in the order of rows; NaN where it stays missing.</param>
    /// <param name="fill">Given the row and the level.</param>
    public void Fill(Column column, double[] cells, Action<int, object> fill)
    {
        int next = 0;
        for (int row = 0; row < column.Count; row++)
        {
            if (!column.IsMissing(row)) continue;
            double index = cells[next++];
            if (!double.IsNaN(index)) fill(row, Values[(int)Math.Clamp(Math.Round(index), 0, Values.Count - 1)]);
        }
    }
}
