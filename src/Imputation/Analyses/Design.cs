using Imputation.Models;
using Imputation.Text;

namespace Imputation.Analyses;

/// <summary>The columns of a regression: the response and the predictors, of a category a column of 0 and 1 for each level but the
/// first.</summary>
/// <remarks>What counts as a category: text, and numbers whose levels were declared and have no order. The levels are those of one table,
/// so that all completed tables have the same columns.</remarks>
internal sealed class Design
{
    /// <summary>More levels are no category that a regression can take.</summary>
    private const int MostLevels = 50;

    private readonly Part[] _parts;

    private Design(RegressionFormula formula, Part[] parts)
    {
        (Formula, _parts) = (formula, parts);
        Categories = [.. parts.Where(p => p.Levels is not null)
            .Select(p => new CategoryPredictor(p.Column, p.Levels!.Levels[0].ToString(), p.Names))];
        Names = [.. parts.SelectMany(p => p.Names)];
    }

    /// <summary>A column of the formula.</summary>
    /// <param name="Column">Its name.</param>
    /// <param name="Levels">Its levels; null of numbers.</param>
    private sealed record Part(string Column, Categories? Levels)
    {
        /// <summary>Its columns in the regression.</summary>
        public IReadOnlyList<string> Names { get; } = Levels is null ? [Column]
            : [.. Levels.Levels.Skip(1).Select(level => $"{Column}={level}")];
    }

    /// <summary>The formula, its <c>.</c> replaced.</summary>
    public RegressionFormula Formula { get; }

    /// <summary>The predictors that are categories.</summary>
    public IReadOnlyList<CategoryPredictor> Categories { get; }

    /// <summary>Names of the columns: the response, then predictors and terms in the order of the formula.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The columns that a formula means in a table.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="table">The table.</param>
    /// <param name="selection">The columns that <c>.</c> may mean; null for all.</param>
    /// <exception cref="ArgumentException">A column that there is not, a response that is no number, or a name that stands for something
    /// else too.</exception>
    /// <exception cref="ImputationDataException">A category with one level, or too many.</exception>
    public static Design Of(RegressionFormula formula, Table table, ColumnSelection? selection = null)
    {
        if (table.TryGetColumn(formula.Response, out Column? response) && Levels(response) is not null)
            throw new ArgumentException($"Column '{response.Name}' is {What(response)}; the response of a regression has to be a number. "
                + "Code it as numbers first, such as 0 and 1 for two groups.", nameof(formula));
        HashSet<string> named = [.. formula.Predictors, formula.Response];
        if (named.Contains(LinearRegression.Intercept))
            throw new ArgumentException($"The column name '{LinearRegression.Intercept}' is also the name of the intercept; rename the "
                + "column.", nameof(formula));
        HashSet<string> useful = [.. named];
        if (formula.AllOthers)
            useful.UnionWith(TableEncoder.Uses(table, selection, categories: true).Where(IsUseful).Select(use => use.Name));
        formula = formula.Resolve([.. table.Columns.Where(c => useful.Contains(c.Name)).Select(c => c.Name)]);
        var parts = new List<Part>();
        foreach (Column column in formula.Predictors.Prepend(formula.Response).Select(name => table[name]))
        {
            Categories? levels = Levels(column);
            if (levels is { Levels.Count: < 2 })
                throw new ImputationDataException($"Column '{column.Name}' "
                    + (levels.Levels.Count == 0 ? "has no observed value" : $"is '{levels.Levels[0]}' wherever it is observed")
                    + ": nothing can be said about it. Leave it out of the formula.", column.Name);
            if (levels is { Levels.Count: > MostLevels })
                throw new ImputationDataException($"Column '{column.Name}' is {What(column)} with {levels.Levels.Count} different values, "
                    + $"and a regression takes categories of at most {MostLevels}. Leave it out of the formula (with . by --exclude), or "
                    + "give it fewer levels.", column.Name);
            parts.Add(new Part(column.Name, levels));
        }
        var design = new Design(formula, [.. parts]);
        if (design.Names.GroupBy(name => name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"'{twice.Key}' is the name of a column and of a level of another; rename the column.",
                nameof(formula));
        return design;

        // Constants have no coefficient, and it is said; of names and free text nobody would expect one.
        bool IsUseful(ColumnUse use) => use.Role is not (ColumnRole.Identifier or ColumnRole.NothingObserved)
            && selection?.Uses(use.Name) != false
            && (use.Role == ColumnRole.Modelled || Levels(table[use.Name]) is null);
    }

    /// <summary>The same columns of a table: numbers all of them.</summary>
    /// <exception cref="ImputationDataException">A level that the table of the design does not have.</exception>
    public Table Over(Table table)
    {
        var columns = new List<Column>();
        foreach (Part part in _parts)
        {
            Column column = table[part.Column];
            if (part.Levels is not { } levels)
            {
                columns.Add(column);
                continue;
            }
            if (column.Levels.Levels.FirstOrDefault(l => levels.IndexOf(l.Value) < 0) is { } other)
                throw new ImputationDataException($"Column '{column.Name}' has the value '{other}' in some imputations only; expected the "
                    + $"levels {TextFormat.Names(levels.Levels.Select(l => l.ToString()))}.", column.Name);
            double[] indices = levels.AsNumbers(column).Array;
            columns.AddRange(part.Names.Select((name, k) => NumericColumn.Number(name,
                Array.ConvertAll(indices, index => double.IsNaN(index) ? index : index == k + 1 ? 1 : 0))));
        }
        return new Table(columns).Weighted(table.RowWeights);
    }

    private static Categories? Levels(Column column) => column is NumericColumn { Categories: null or { IsOrdered: true } } ? null
        : column.Levels;

    private static string What(Column column) => column is NumericColumn ? "a category" : column.Kind.ToString().ToLowerInvariant();
}
