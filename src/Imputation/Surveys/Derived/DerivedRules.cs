using Imputation.Data;
using Imputation.Text;

namespace Imputation.Surveys.Derived;

/// <summary>Derived columns over a table: those that a codebook declares, their order, and the observed cells that contradict
/// them.</summary>
internal static class DerivedRules
{
    /// <summary>Most decimals that count as a rounding.</summary>
    public const int MostDecimals = 11;

    /// <summary>The derived columns of a codebook that the table has.</summary>
    /// <exception cref="ImputationDataException">They depend on each other in a circle.</exception>
    public static IReadOnlyList<DerivedColumn> Declared(Table table, Codebook? codebook, List<Finding> findings)
    {
        var derived = new List<DerivedColumn>();
        foreach (CodebookField field in codebook?.Fields ?? [])
        {
            if (field.Derived is not { } rule || !table.TryGetColumn(field.Name, out _)) continue;
            string[] absent = rule.AbsentFrom(table);
            if (absent.Length == 0)
                derived.Add(new DerivedColumn(field.Name, rule, field.DerivedEvidence.Length == 0, field.DerivedEvidence));
            else
                findings.Add(new Finding(FindingSeverity.Warning, "derived-not-computed",
                    $"'{field.Name}' = {rule} cannot be recomputed: the table has no column {TextFormat.Names(absent)}.",
                    [field.Name, .. absent], "Check the names in the codebook."));
        }
        return Ordered(derived);
    }

    /// <summary>Derived columns in an order in which each comes after those that it is computed from.</summary>
    /// <exception cref="ImputationDataException">They depend on each other in a circle.</exception>
    public static IReadOnlyList<DerivedColumn> Ordered(IEnumerable<DerivedColumn> derived) => RuleOrder.Of(derived, d => d.Column,
        d => d.Rule.Columns, left => new ImputationDataException($"The derived columns {TextFormat.Names(left.Select(d => d.Column))} "
            + $"depend on each other in a circle: {TextFormat.List([.. left.Select(d => d.ToString())], 4)}.", left[0].Column));

    /// <summary>Derived columns of the codebook with the rounding that their observed cells follow; reports cells that contradict
    /// them.</summary>
    /// <exception cref="ImputationDataException">A rule cannot be evaluated.</exception>
    public static IReadOnlyList<DerivedColumn> Checked(Table table, IReadOnlyList<DerivedColumn> declared, List<Finding> findings) =>
        [.. declared.Select(d => Checked(table, d, findings))];

    private static DerivedColumn Checked(Table table, DerivedColumn derived, List<Finding> findings)
    {
        Column column = table[derived.Column];
        DerivedColumn rounded = derived;
        if (derived.Decimals is null && column is NumericColumn { Categories: null, WrittenDecimals: <= MostDecimals and var decimals })
            rounded = derived with { Decimals = decimals };
        Func<int, object?> cell = RuleValues.Cells(column);
        int rows = 0, wrong = 0, firstWrong = -1, off = 0, firstOff = -1;
        try
        {
            var values = new RuleEvaluator(name => RuleValues.Cells(table[name]));
            for (int row = 0; row < table.RowCount; row++)
            {
                if (cell(row) is not { } observed || values.Value(derived.Exact, row) is not { } value) continue;
                rows++;
                if (!derived.Agrees(observed, value) && wrong++ == 0) firstWrong = row;
                if (!rounded.Agrees(observed, value) && off++ == 0) firstOff = row;
            }
        }
        catch (ArgumentException exception)
        {
            throw new ImputationDataException($"'{derived.Column}' = {derived.Rule} in the codebook: {exception.Message}", derived.Column);
        }
        // Values that are right but for their rounding were rounded: those that are filled in are too.
        if (off < wrong && 2 * off < rows) (derived, wrong, firstWrong) = (rounded, off, firstOff);
        if (wrong > 0)
            findings.Add(new Finding(FindingSeverity.Warning, "derived-contradicted", $"{TextFormat.Count(wrong, "observed value")} of "
                + $"'{derived.Column}' {(wrong == 1 ? "is" : "are")} not {derived.Rule}, of {TextFormat.Count(rows, "row")} in which all "
                + $"are observed; the first is in row {table.NumberOf(firstWrong)}: {RuleValues.Text(cell(firstWrong)!)}. "
                + $"{(wrong == 1 ? "It was" : "They were")} kept.", [derived.Column, .. derived.Rule.Columns],
                "Check these rows, or the rule."));
        return derived;
    }
}
