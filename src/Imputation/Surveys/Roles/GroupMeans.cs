using Imputation.Data;
using Imputation.Numerics.Distributions;
using Imputation.Text;

namespace Imputation.Surveys.Roles;

/// <summary>Effects of groups: what the other rows of a row's group have in a column predicts the row, drawn towards the mean of all rows
/// where the group is small.</summary>
/// <remarks><para>Under y = μ + group + row, with variances ψ between and σ² within groups, the best prediction of a row from m others of
/// its group with mean ȳ is μ + (ȳ − μ) m / (m + σ²/ψ) (Robinson 1991). It leaves the row itself out, so that it is known whether or not
/// the row's cell is missing, and needs no other coefficient in small groups than in large ones. The model takes it as one more complete
/// column, by which columns depend on each other between groups otherwise than within (Grund, Lüdtke and Robitzsch 2018).</para>
/// <para>ψ and σ² are those of one-way analysis of variance with unequal groups.</para></remarks>
internal static class GroupMeans
{
    /// <summary>Largest p value of the variance between groups.</summary>
    private const double Significance = 1e-3;

    /// <summary>Smallest share of the variance that lies between groups.</summary>
    private const double LeastBetween = 0.02;

    /// <summary>Fewest rows for each column that is modelled or added.</summary>
    private const int RowsPerColumn = 10;

    /// <summary>Most levels of a nominal column whose shares are looked at.</summary>
    private const int MostLevels = 12;

    /// <summary>The effects that the data show, those with the largest share of variance between groups first.</summary>
    /// <param name="table">The table, with roles and levels.</param>
    /// <param name="groups">Its groups.</param>
    /// <param name="uses">Whether a column is modelled.</param>
    public static IReadOnlyList<GroupMean> Find(Table table, IReadOnlyList<RowGroups> groups, Func<Column, bool> uses)
    {
        Column[] modelled = [.. table.Columns.Where(c => uses(c) && !table.Roles.ContainsKey(c.Name)
            && (c.Categories is not null || c is NumericColumn))];
        return [.. groups.SelectMany(g => modelled.Where(c => c.Name != g.Key && !g.Constant.Contains(c.Name))
            .SelectMany(column => Levels(column).Select(level => Of(g, column, level))))
            .OfType<GroupMean>().Where(e => !table.TryGetColumn(e.Name, out _))
            .OrderBy(e => e.Ratio).Take(Math.Max(0, table.RowCount / RowsPerColumn - modelled.Length))];
    }

    /// <summary>What is said of them; null of none.</summary>
    public static Finding? Finding(IReadOnlyList<GroupMean> effects) => effects.Count == 0 ? null
        : new Finding(FindingSeverity.Note, "group-effects", string.Join(" ", effects.GroupBy(e => e.Key).Select(key =>
            $"What other rows of the same '{key.Key}' have in {TextFormat.Names(key.Select(e => e.Column).Distinct(), 6)} predicts missing "
                + "cells, the less the fewer they are.")),
            [.. effects.Select(e => e.Column).Distinct()], "To leave the effects of groups out of the model: --no-group-effects.");

    /// <summary>The levels whose shares may differ between groups: all but the most frequent; one null where the column has a
    /// mean.</summary>
    private static IReadOnlyList<string?> Levels(Column column)
    {
        if (column.Categories is not { } levels || (levels.IsOrdered && levels.Levels.Count > 2)) return [null];
        if (levels.Levels.Count > MostLevels) return [];
        var counts = new int[levels.Levels.Count];
        for (int row = 0; row < column.Count; row++)
            if (column.Value(row) is { } value && levels.IndexOf(value) is >= 0 and var k) counts[k]++;
        int most = Array.IndexOf(counts, counts.Max());
        return [.. Enumerable.Range(0, counts.Length).Where(k => k != most && counts[k] > 0)
            .Select(k => RuleValues.Text(levels.Levels[k].Value))];
    }

    /// <summary>The effect of a column's groups; null where they do not differ, or nothing differs within them.</summary>
    private static GroupMean? Of(RowGroups groups, Column column, string? level)
    {
        Func<int, double> cells = ColumnNumbers.Of(column, level);
        var mean = new double[groups.Count];
        var n = new int[groups.Count];
        double within = 0, all = 0;
        int count = 0;
        for (int row = 0; row < groups.Of.Length; row++)
        {
            if (groups.Of[row] is var group && group < 0 || cells(row) is var x && double.IsNaN(x)) continue;
            double deviation = x - mean[group];
            mean[group] += deviation / ++n[group];
            within += deviation * (x - mean[group]);
            all += (x - all) / ++count;
        }
        int known = n.Count(size => size > 0);
        if (known < 2 || count - known < 1 || within <= 0) return null;
        double squares = 0, between = 0;
        for (int group = 0; group < n.Length; group++)
        {
            squares += (double)n[group] * n[group];
            if (n[group] > 0) between += n[group] * (mean[group] - all) * (mean[group] - all);
        }
        double ms = within / (count - known), msBetween = between / (known - 1), size0 = (count - squares / count) / (known - 1),
            variance = (msBetween - ms) / size0;
        if (!(variance > LeastBetween * (variance + ms))
            || FTail.Log(msBetween / ms, known - 1, count - known) > Math.Log(Significance)) return null;

        double ratio = ms / variance, weights = 0, weighted = 0;
        for (int group = 0; group < n.Length; group++)
        {
            double weight = n[group] / (n[group] + ratio);
            weights += weight;
            weighted += weight * mean[group];
        }
        return new GroupMean(groups.Key, column.Name, level, weighted / weights, ratio);
    }
}
