using Imputation.Surveys.Roles;

namespace Imputation.Filling;

/// <summary>Fills columns that have one value within each group of rows, such as a patient's sex, with that value.</summary>
internal static class GroupConstants
{
    /// <summary>Puts the known values of groups into missing cells.</summary>
    public static void Apply(SurveyReading survey, FilledColumns filled)
    {
        foreach (RowGroups groups in survey.Groups)
            foreach (string name in groups.Constant)
                if (filled.IndexOf(name) is >= 0 and var j && filled.Columns[j].MissingCount > 0) Apply(groups, filled, j);
    }

    private static void Apply(RowGroups groups, FilledColumns filled, int j)
    {
        Column column = filled.Columns[j];
        Categories? levels = column is NumericColumn { Categories: null } ? null : column.Levels;
        double[] values = new double[groups.Count];
        Array.Fill(values, double.NaN);
        for (int row = 0; row < column.Count; row++)
            if (groups.Of[row] is >= 0 and var group && column.Value(row) is { } value)
                values[group] = levels is null ? ((NumericColumn)column)[row] : levels.IndexOf(value);
        for (int row = 0; row < column.Count; row++)
            if (column.IsMissing(row) && groups.Of[row] is >= 0 and var group && values[group] is var known && !double.IsNaN(known))
                filled.Set(j, row, known, CellNotes.SameInGroup);
    }
}
