using System.Globalization;
using Imputation.Models;

namespace Imputation.Analyses;

/// <summary>A formula and a table: which columns are meant, and whether they can be used.</summary>
internal static class FormulaColumns
{
    /// <summary>The formula with its <c>.</c> replaced: all numeric columns that have a value and do not look like identifiers.</summary>
    /// <exception cref="ArgumentException">A column that there is not, one that is not numeric, or one called as the intercept
    /// is.</exception>
    public static RegressionFormula Resolve(RegressionFormula formula, Table table)
    {
        foreach (string name in formula.Predictors.Prepend(formula.Response))
        {
            if (table.TryGetColumn(name, out Column? column) && column is not NumericColumn)
                throw new ArgumentException($"Column '{name}' is {column.Kind.ToString().ToLowerInvariant()}; a regression needs numbers. "
                    + "Leave it out of the formula, or code it as numbers first (0 and 1 for two groups).", nameof(formula));
            if (name == LinearRegression.Intercept)
                throw new ArgumentException($"The column name '{name}' is also the name of the intercept; rename the "
                    + $"column.", nameof(formula));
        }
        HashSet<string> named = [.. formula.Predictors, formula.Response];
        HashSet<string> useless = !formula.AllOthers ? [] : [.. TableEncoder.Encode(table)
            .ColumnUses.Where(d => d.Role is ColumnRole.Identifier or ColumnRole.NothingObserved).Select(d => d.Name)];
        return formula.Resolve([.. table.Columns.Where(c => c is NumericColumn && (named.Contains(c.Name) || !useless.Contains(c.Name)))
            .Select(c => c.Name)]);
    }

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
