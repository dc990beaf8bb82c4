using Imputation.Text;

namespace Imputation.Surveys.Roles;

/// <summary>Columns that are no measurements, by their values: they are named, and not used to predict others.</summary>
internal static class RoleFinder
{
    /// <summary>Most columns that one is compared with.</summary>
    private const int MostCompared = 50;

    /// <summary>The table with the roles that were found beside those that are declared, and the groups of its rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="codebook">What is declared; columns with a declared measure keep it.</param>
    /// <param name="used">The columns asked for; those named keep their role.</param>
    /// <param name="findings">Receives what was found.</param>
    public static (Table Table, IReadOnlyList<RowGroups> Groups) Apply(Table table, Codebook? codebook, ColumnSelection used,
        List<Finding> findings)
    {
        bool IsOpen(Column column) => used.Uses(column.Name) && !used.Include.Contains(column.Name)
            && !table.Roles.ContainsKey(column.Name) && codebook?[column.Name]?.Measure is null;
        NumericColumn[] numbers = [.. table.Columns.OfType<NumericColumn>().Where(c => c.Categories is null)],
            compared = [.. numbers.Where(c => used.Uses(c.Name) && !table.Roles.ContainsKey(c.Name)).Take(MostCompared)];
        var roles = new Dictionary<string, (ColumnRole, string)>(table.Roles);
        foreach (NumericColumn column in numbers.Where(IsOpen))
        {
            if (IdentifierFinder.Is(column, compared))
                roles[column.Name] = (ColumnRole.Identifier, "ascending whole numbers, all different: they number the rows; name it among "
                    + "the columns to model it");
            else if (WeightFinder.Is(column, compared))
            {
                roles[column.Name] = (ColumnRole.Weight, "looks like a survey weight: no predictor");
                findings.Add(new Finding(FindingSeverity.Warning, "looks-like-weight", $"'{column.Name}' looks like a survey weight: it "
                    + "is not used as a predictor, and rows are not weighted by it.", [column.Name],
                    $"To weight rows by it: --weights {TextFormat.Shell(TextFormat.OptionItem(column.Name))}. If it is a measurement, "
                        + "declare its measure in a codebook."));
            }
        }
        table = roles.Count > table.Roles.Count ? table.With(roles) : table;

        IReadOnlyList<RowGroups> groups = KeyFinder.Find(table, IsOpen);
        foreach (RowGroups found in groups.Where(g => g.Evidence.Length > 0))
        {
            roles[found.Key] = (ColumnRole.Group, "a key of groups, not a number");
            findings.Add(new Finding(FindingSeverity.Warning, "group", found.Evidence + " It is not modelled as a number"
                + (found.Constant.Count == 0 ? "." : $"; cells of {TextFormat.Names(found.Constant, 4)} are filled with the value of their "
                + "group where it is known."), [found.Key, .. found.Constant],
                "If it is a measurement, declare that in a codebook; if it is a key, declare the measure group, and --strict takes it."));
        }
        return (roles.Count > table.Roles.Count ? table.With(roles) : table, groups);
    }
}
