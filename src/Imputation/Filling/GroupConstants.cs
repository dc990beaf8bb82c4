using Imputation.Surveys.Roles;

namespace Imputation.Filling;

/// <summary>Fills columns that have one value within each group of rows, such as a patient's sex, with that value.</summary>
internal static class GroupConstants
{
    /// <summary>Puts the known values of groups into filled cells, in place.</summary>
    /// <param name="survey">The table, read.</param>
    /// <param name="columns">Its modelled columns.</param>
    /// <param name="cells">Values of their missing cells, in the order of rows; of a category, indices of levels.</param>
    /// <param name="notes">The notes of these cells.</param>
    public static void Apply(SurveyReading survey, Column[] columns, double[][] cells, CellNotes[][] notes)
    {
        foreach (RowGroups groups in survey.Groups)
            foreach (string name in groups.Constant)
            {
                int j = Array.FindIndex(columns, c => c.Name == name);
                if (j < 0) continue;
                double[] known = Known(columns[j], groups);
                for (int i = 0; i < known.Length; i++)
                    if (!double.IsNaN(known[i])) (cells[j][i], notes[j][i]) = (known[i], CellNotes.SameInGroup);
            }
    }

    /// <summary>The same of columns that are not modelled: their missing cells, NaN where the group does not know.</summary>
    public static IEnumerable<(Column Column, double[] Cells)> OfOthers(SurveyReading survey, Column[] columns)
    {
        foreach (RowGroups groups in survey.Groups)
            foreach (string name in groups.Constant)
            {
                Column column = survey.Table[name];
                if (column is not (TextColumn or NumericColumn) || column.MissingCount == 0 || columns.Any(c => c.Name == name)) continue;
                double[] known = Known(column, groups);
                if (known.Any(x => !double.IsNaN(x))) yield return (column, known);
            }
    }

    /// <summary>The value of the group for each missing cell of a column, in the order of rows; NaN where it has none.</summary>
    private static double[] Known(Column column, RowGroups groups)
    {
        var values = new double[groups.Count];
        Array.Fill(values, double.NaN);
        Categories? levels = column is NumericColumn { Categories: null } ? null : column.Levels;
        for (int row = 0; row < column.Count; row++)
            if (groups.Of[row] is >= 0 and var group && column.Value(row) is { } value)
                values[group] = levels is null ? ((NumericColumn)column)[row] : levels.IndexOf(value);
        var known = new double[column.MissingCount];
        for (int row = 0, i = 0; row < column.Count; row++)
            if (column.IsMissing(row)) known[i++] = groups.Of[row] is >= 0 and var group ? values[group] : double.NaN;
        return known;
    }
}
