using Imputation.Data;
using Imputation.Text;

namespace Imputation.Surveys;

/// <summary>Skip rules over a table: their order, and the cells that were not asked by them.</summary>
internal static class Universes
{
    /// <summary>The rules that a codebook declares, of columns that the table has; those that read a column that it lacks are
    /// reported.</summary>
    /// <exception cref="ImputationDataException">They depend on each other in a circle.</exception>
    public static IReadOnlyList<SkipRule> Declared(Table table, Codebook? codebook, List<Finding> findings)
    {
        var rules = new List<SkipRule>();
        foreach (CodebookField field in codebook?.Fields ?? [])
        {
            if (field.Universe is not { } universe || !table.TryGetColumn(field.Name, out _)) continue;
            string[] absent = universe.AbsentFrom(table);
            if (absent.Length == 0) rules.Add(new SkipRule(field.Name, universe, isDeclared: field.Evidence.Length == 0, field.Evidence));
            else findings.Add(Unknown(field, absent, table));
        }
        return Ordered(rules);
    }

    private static Finding Unknown(CodebookField field, string[] absent, Table table) => new(FindingSeverity.Warning,
        "universe-column-absent", $"The universe of '{field.Name}' in the codebook, {field.Universe}, reads {TextFormat.Names(absent)}, "
            + $"which the table does not have: the rule cannot be evaluated, and the cells of '{field.Name}' are treated as asked.",
        [field.Name], $"Add {TextFormat.Names(absent)} to the table, or mend the rule.{(absent is [var one]
            ? TextFormat.Hint(one, table.Columns.Select(c => c.Name)) : "")}");

    /// <summary>Rules in an order in which each comes after those of the columns that it reads.</summary>
    /// <exception cref="ImputationDataException">They depend on each other in a circle.</exception>
    public static IReadOnlyList<SkipRule> Ordered(IEnumerable<SkipRule> rules) => RuleOrder.Of(rules, r => r.Column,
        r => r.Universe.Columns.Where(c => c != r.Column), left => new ImputationDataException(
            $"The universes of {TextFormat.Names(left.Select(r => r.Column))} depend on each other in a circle.", left[0].Column));

    /// <summary>Marks the missing cells that were not asked, and reports what was not asked and what contradicts it.</summary>
    public static Table Mark(Table table, IReadOnlyList<SkipRule> rules, List<Finding> findings)
    {
        foreach (SkipRule rule in rules)
        {
            Column column = table[rule.Column];
            var notAsked = new HashSet<int>();
            int outside = 0, first = -1;
            try
            {
                Func<int, bool?> universe = rule.Universe.Over(table);
                for (int row = 0; row < table.RowCount; row++)
                {
                    // A rule over a cell that was itself not asked does not hold.
                    bool? holds = universe(row);
                    if (holds is null && rule.Universe.Columns.Any(c => table[c].Mask.Origin(row)?.Reason == MissingReason.NotAsked))
                        holds = false;
                    if (holds != false) continue;
                    if (column.IsMissing(row)) notAsked.Add(row);
                    else if (++outside == 1) first = row;
                }
            }
            catch (ArgumentException exception)
            {
                throw new ImputationDataException($"The universe of '{rule.Column}', {rule.Universe}: {exception.Message}", rule.Column);
            }
            if (notAsked.Count > 0)
            {
                MissingMask mask = column.Mask.WithReasons(row => notAsked.Contains(row) ? MissingReason.NotAsked : null);
                table = table.With(new Dictionary<string, Column> { [column.Name] = column.With(mask, column.Categories) });
                string evidence = rule.IsDeclared ? $"'{rule.Column}' is asked if {rule.Universe}, as the codebook says: "
                    + $"{TextFormat.Count(notAsked.Count, "cell was", "cells were")} not asked and "
                    + $"{(notAsked.Count == 1 ? "stays" : "stay")} empty."
                    : $"{rule.Evidence} {TextFormat.Count(notAsked.Count, "cell stays", "cells stay")} empty.";
                findings.Add(new Finding(rule.IsDeclared ? FindingSeverity.Note : FindingSeverity.Warning, "not-asked", evidence,
                    [rule.Column, .. rule.Universe.Columns],
                    rule.IsDeclared ? "" : "Declare the rule in a codebook (universe), or fill these cells too (--fill-not-asked)."));
            }
            if (outside > 0)
                findings.Add(new Finding(FindingSeverity.Warning, "answered-though-not-asked",
                    $"'{rule.Column}' is asked if {rule.Universe}, and {TextFormat.Count(outside, "row has", "rows have")} an answer "
                        + $"though the rule does not hold; the first is row {table.NumberOf(first)}. "
                            + $"{(outside == 1 ? "It was" : "They were")} kept.",
                    [rule.Column, .. rule.Universe.Columns], "Check the rule, or these rows."));
        }
        return table;
    }
}
