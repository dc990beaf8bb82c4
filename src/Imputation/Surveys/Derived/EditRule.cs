using Imputation.Data;
using Imputation.Text;

namespace Imputation.Surveys.Derived;

/// <summary>An edit of a codebook over a table.</summary>
internal sealed class EditRule
{
    private EditRule(CodebookEdit edit, Table table)
    {
        Edit = edit;
        Comparisons = [.. Conjuncts(edit.Rule.Root).OfType<RuleBinary>().Where(b => b.Operator is "==" or "<" or "<=" or ">" or ">=")
            .Select(b => new Comparison(b, table))];
    }

    /// <summary>The edit.</summary>
    public CodebookEdit Edit { get; }

    /// <summary>The comparisons all of which have to hold; none of an edit that is of another form, which can only be checked.</summary>
    public IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>The edits of a codebook whose columns the table has.</summary>
    /// <exception cref="ImputationDataException">An edit cannot be evaluated.</exception>
    public static EditRule[] Of(Table table, Codebook? codebook, List<Finding> findings)
    {
        var edits = new List<EditRule>();
        foreach (CodebookEdit edit in codebook?.Edits ?? [])
        {
            string[] absent = edit.Rule.AbsentFrom(table);
            if (absent.Length > 0)
            {
                findings.Add(new Finding(FindingSeverity.Warning, "edit-not-checked", $"The edit '{edit.Name}', {edit.Rule}, was not "
                    + $"checked: the table has no column {TextFormat.Names(absent)}.", absent, "Check the names in the codebook."));
                continue;
            }
            try
            {
                var rule = new EditRule(edit, table);
                var values = new RuleEvaluator(name => RuleValues.Cells(table[name]));
                for (int row = 0; row < table.RowCount; row++) rule.Holds(values, row);
                edits.Add(rule);
            }
            catch (ArgumentException exception)
            {
                throw new ImputationDataException($"The edit '{edit.Name}', {edit.Rule}, in the codebook: {exception.Message}");
            }
        }
        return [.. edits];
    }

    /// <summary>Rows in which edits do not hold.</summary>
    /// <param name="edits">The edits.</param>
    /// <param name="table">The table before it was filled.</param>
    /// <param name="values">Its cells, filled.</param>
    public static IEnumerable<Finding> Failures(EditRule[] edits, Table table, RuleEvaluator values)
    {
        foreach (EditRule edit in edits)
        {
            int failures = 0, filled = 0, first = -1;
            Column[] columns = [.. edit.Edit.Rule.Columns.Select(c => table[c])];
            for (int row = 0; row < table.RowCount; row++)
            {
                if (edit.Holds(values, row) != false) continue;
                if (failures++ == 0) first = row;
                if (Array.Exists(columns, c => c.IsMissing(row))) filled++;
            }
            if (failures == 0) continue;
            string cells = filled == 0 ? ", in each of observed cells" : filled == failures ? ", each with a filled cell"
                : $", in {TextFormat.Count(filled)} of them with a filled cell";
            yield return new Finding(FindingSeverity.Warning, "edit-fails", $"The edit '{edit.Edit.Name}', {edit.Edit.Rule}, fails in "
                + $"{TextFormat.Count(failures, "row")}{cells}; the first is row {table.NumberOf(first)}. Observed cells were kept.",
                [.. edit.Edit.Rule.Columns], "Check these rows, or the edit.");
        }
    }

    /// <summary>Whether the edit holds in a row, up to rounding; null where a missing cell leaves it open.</summary>
    public bool? Holds(RuleEvaluator values, int row) => Holds(Edit.Rule.Root, values, row);

    private bool? Holds(RuleNode part, RuleEvaluator values, int row)
    {
        if (part is RuleLogic { All: true } both)
        {
            bool? left = Holds(both.Left, values, row), right = Holds(both.Right, values, row);
            return left == false || right == false ? false : left is null || right is null ? null : true;
        }
        foreach (Comparison comparison in Comparisons)
            if (ReferenceEquals(comparison.Rule, part) && comparison.IsNumeric) return comparison.Holds(values, row);
        return values.Value(part, row) is { } value ? RuleValues.Truth(value) : null;
    }

    private static IEnumerable<RuleNode> Conjuncts(RuleNode part) => part is RuleLogic { All: true } both
        ? Conjuncts(both.Left).Concat(Conjuncts(both.Right)) : [part];
}

/// <summary>A comparison of two values of a row.</summary>
internal sealed class Comparison
{
    private readonly double _tolerance;

    /// <param name="rule">The comparison.</param>
    /// <param name="table">The table: an equality has to hold up to what its columns are rounded to.</param>
    public Comparison(RuleBinary rule, Table table)
    {
        Rule = rule;
        Difference = new RuleBinary("-", rule.Left, rule.Right);
        Columns = [.. rule.Columns().Distinct()];
        IsNumeric = Columns.Count > 0 && Columns.All(c => table[c] is NumericColumn { Categories: null });
        int decimals = IsNumeric ? Columns.Min(c => ((NumericColumn)table[c]).WrittenDecimals) : int.MaxValue;
        _tolerance = decimals <= DerivedRules.MostDecimals ? 0.5000001 * Math.Pow(10, -decimals) : 0;
    }

    /// <summary>The comparison.</summary>
    public RuleBinary Rule { get; }

    /// <summary>Its operator.</summary>
    public string Operator => Rule.Operator;

    /// <summary>Left side minus right side.</summary>
    public RuleBinary Difference { get; }

    /// <summary>The columns that it reads.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether it compares numbers.</summary>
    public bool IsNumeric { get; }

    /// <summary>The differences with which it holds.</summary>
    public Interval Allowed => Operator switch
    {
        "<" or "<=" => new Interval(double.NegativeInfinity, 0, IsUpperOpen: Operator == "<"),
        ">" or ">=" => new Interval(0, double.PositiveInfinity, IsLowerOpen: Operator == ">"),
        _ => new Interval(0, 0),
    };

    /// <summary>Whether it holds, up to rounding; null where a cell is missing.</summary>
    public bool? Holds(RuleEvaluator values, int row)
    {
        if (values.Number(Rule.Left, row) is not { } left || values.Number(Rule.Right, row) is not { } right) return null;
        double error = 1e-9 * Math.Max(Math.Abs(left), Math.Abs(right)), difference = left - right;
        return Operator switch
        {
            "==" => Math.Abs(difference) <= error + _tolerance,
            "<" => difference < 0,
            ">" => difference > 0,
            "<=" => difference <= error,
            _ => difference >= -error,
        };
    }
}
