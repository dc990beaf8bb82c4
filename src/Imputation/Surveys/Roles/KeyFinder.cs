using Imputation.Data;
using Imputation.Numerics.Distributions;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Surveys.Roles;

/// <summary>Finds keys of groups: columns of codes within whose groups others are constant, or whose groups differ in their means far more
/// than chance would have it.</summary>
/// <remarks>A measurement that repeats, such as an age, also has groups of rows, and others depend on it; but they do so in its order.
/// A key is one only where neighbouring values have nothing in common, or where its rows lie together in the file.</remarks>
internal static class KeyFinder
{
    /// <summary>Most rows that are looked at, the first of the table: rows of a group often lie together. What is found in them is checked
    /// in all.</summary>
    private const int MostRows = 20_000, FewestLooked = 2_000;

    /// <summary>Most cells that are looked at for all pairs of a key and another column.</summary>
    private const double MostCells = 4e7;

    /// <summary>Fewest groups of two or more rows.</summary>
    private const int FewestGroups = 8;

    /// <summary>Fewest degrees of freedom within groups.</summary>
    private const int FewestWithin = 20;

    /// <summary>Share of a column's variance that lies between the groups of a key.</summary>
    private const double LeastBetween = 0.5;

    /// <summary>Share of the variance between groups that their neighbours in the order of the key explain, from which it is a
    /// measurement.</summary>
    private const double MostInOrder = 0.45;

    /// <summary>Largest share of missing cells of a number that is a key.</summary>
    private const double MostMissing = 0.02;

    /// <summary>Groups before and behind one that are its neighbours.</summary>
    private const int Neighbours = 2;

    /// <summary>Share of one measurement's variance that another explains where they are one thing.</summary>
    private const double MostExplained = 0.6;

    /// <summary>The groups of the declared keys, and of those that are found among columns of codes.</summary>
    /// <param name="table">The table, with roles and levels.</param>
    /// <param name="isCode">Whether a column may be a key by what is known of it.</param>
    public static IReadOnlyList<RowGroups> Find(Table table, Func<Column, bool> isCode)
    {
        bool IsDeclared(Column column) =>
            table.Roles.TryGetValue(column.Name, out (ColumnRole Role, string Note) role) && role.Role == ColumnRole.Group;
        var found = new List<RowGroups>();
        int looked = (int)Math.Min(Math.Clamp(MostCells / ((double)table.Columns.Count * table.Columns.Count), FewestLooked, MostRows),
            table.RowCount);
        var ranked = new Dictionary<string, CentredRanks>();
        // What a finer key determines, such as the year of birth of a patient, is no key.
        foreach (Column column in table.Columns.Where(c => IsDeclared(c) || (isCode(c) && LooksLikeCodes(c)))
            .OrderByDescending(c => GroupIndex.Of(c, looked).Count))
        {
            if (!IsDeclared(column) && found.Any(g => g.Constant.Contains(column.Name))) continue;
            if (Of(table, column, IsDeclared(column), IsDeclared(column) ? table.RowCount : looked, ranked) is { } groups)
                found.Add(groups.Of.Length == table.RowCount ? groups : InAllRows(table, column, groups));
        }
        return found;
    }

    /// <summary>Whole numbers without categories, or text that repeats but has too many values for levels.</summary>
    private static bool LooksLikeCodes(Column column)
    {
        if (column.Categories is not null || column.MissingCount * 2 > column.Count) return false;
        if (column is NumericColumn numbers)
        {
            // Who keeps a list knows the household of each row; a number that is often missing was measured, and is to be filled.
            if (column.MissingCount > MostMissing * column.Count) return false;
            foreach (double value in numbers.Values)
                if (!double.IsNaN(value) && (value != Math.Floor(value) || value < 0)) return false;
            return true;
        }
        return column is TextColumn;
    }

    /// <summary>The groups of all rows, with those of the constant columns that are so in all of them.</summary>
    private static RowGroups InAllRows(Table table, Column key, RowGroups first)
    {
        (int[] of, int count) = GroupIndex.Of(key, table.RowCount);
        string[] constant = [.. first.Constant.Where(name => Constants(table[name], of, count) is not null)];
        return first with { Of = of, Count = count, Constant = constant };
    }

    /// <summary>The value of each group; null where some group has two.</summary>
    private static object?[]? Constants(Column column, int[] of, int count)
    {
        var value = new object?[count];
        for (int row = 0; row < of.Length; row++)
        {
            if (of[row] < 0 || column.Value(row) is not { } cell) continue;
            if (!Equals(value[of[row]] ??= cell, cell)) return null;
        }
        return value;
    }

    private static RowGroups? Of(Table table, Column key, bool declared, int rows, Dictionary<string, CentredRanks> ranked)
    {
        (int[] of, int count) = GroupIndex.Of(key, rows);
        var sizes = new int[count];
        foreach (int group in of)
            if (group >= 0) sizes[group]++;
        int several = sizes.Count(size => size > 1);
        if (several < (declared ? 1 : FewestGroups)) return null;

        bool together = LieTogether(of, count);
        int[] rank = Ranks(key, of, count);
        string[] constant = [.. table.Columns.Where(c => !ReferenceEquals(c, key)
            && IsConstantWithin(key, c, of, count, rank, declared, together))
            .Select(c => c.Name)];
        if (declared) return new RowGroups(key.Name, of, count, constant, "");
        if (constant.Length > 0)
            return new RowGroups(key.Name, of, count, constant, $"'{key.Name}' looks like a key of groups: {TextFormat.Names(constant, 4)} "
                + $"{(constant.Length == 1 ? "has" : "have")} one value within each of its {TextFormat.Count(several)} groups.");
        (string Name, double Share)? differs = table.Columns.OfType<NumericColumn>().Where(c => !ReferenceEquals(c, key)
            && c.Categories is null && !table.Roles.ContainsKey(c.Name))
            .Select(c => ((string, double)?)(c.Name, Between(ranked, c, of, count, rank)))
            .Where(c => c!.Value.Item2 > LeastBetween).MaxBy(c => c!.Value.Item2);
        return differs is not { } most ? null : new RowGroups(key.Name, of, count, [], $"'{key.Name}' looks like a key of groups: "
            + $"{TextFormat.Percent(most.Share)} of the variance of '{most.Name}' (in ranks) lies between its "
            + $"{TextFormat.Count(count)} groups.");
    }

    /// <summary>Whether the rows of each group are neighbours in the file.</summary>
    private static bool LieTogether(int[] of, int count)
    {
        int runs = 0;
        for (int row = 0; row < of.Length; row++)
            if (of[row] >= 0 && (row == 0 || of[row] != of[row - 1])) runs++;
        return runs == count;
    }

    /// <summary>The place of each group in the order of the key's values.</summary>
    private static int[] Ranks(Column key, int[] of, int count)
    {
        var values = new object?[count];
        for (int row = 0; row < of.Length; row++)
            if (of[row] >= 0) values[of[row]] = key.Value(row);
        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort(order, (a, b) => values[a] is string s ? string.CompareOrdinal(s, (string)values[b]!)
            : Comparer<object>.Default.Compare(values[a], values[b]));
        var rank = new int[count];
        for (int i = 0; i < count; i++) rank[order[i]] = i;
        return rank;
    }

    private static bool IsConstantWithin(Column key, Column column, int[] of, int count, int[] rank, bool declared, bool together)
    {
        if (Constants(column, of, count) is not { } value) return false;
        var seen = new int[count];
        var frequency = new Dictionary<object, int>();
        int observed = 0;
        for (int row = 0; row < of.Length; row++)
        {
            if (column.Value(row) is not { } cell) continue;
            observed++;
            frequency[cell] = frequency.GetValueOrDefault(cell) + 1;
            if (of[row] >= 0) seen[of[row]]++;
        }
        int repeated = seen.Where(n => n > 1).Sum(n => n - 1);
        if (frequency.Count < 2 || repeated == 0) return false;
        if (declared) return true;
        // By chance the repeated cells of all groups would agree with probability Π share.
        double share = frequency.Values.Max() / (double)observed;
        if (seen.Count(n => n > 1) < FewestGroups || repeated * Math.Log(share) > Chance.MostLikely) return false;
        if (together) return true;
        // What goes with the key's values, or changes as seldom along them as it has values, is a function of a measurement: the year of
        // birth of an age, or its age group.
        if (key is NumericColumn numbers && column is NumericColumn other
            && IdentifierFinder.Explained(numbers.Values[..of.Length], other.Values[..of.Length]) > MostExplained) return false;
        object?[] along = new object?[count];
        for (int group = 0; group < count; group++) along[rank[group]] = value[group];
        object?[] known = [.. along.Where(v => v is not null)];
        int runs = 1 + Enumerable.Range(1, Math.Max(0, known.Length - 1)).Count(i => !Equals(known[i], known[i - 1]));
        return runs > 2 * frequency.Count || frequency.Count * 2 > known.Length;
    }

    /// <summary>Whether groups next to each other in the order of the key differ more than chance would have it by what differs within
    /// groups: most groups of a measurement with many values have one row, and the few others may agree by chance.</summary>
    private static bool IsBeyondChance(int[] inOrder, double[] sum, int[] n, double within, int degreesOfFreedom)
    {
        double apart = 0;
        int pairs = 0, before = -1;
        foreach (int group in inOrder)
        {
            if (n[group] == 0) continue;
            if (before >= 0)
            {
                double difference = sum[group] / n[group] - sum[before] / n[before];
                apart += difference * difference / (1.0 / n[group] + 1.0 / n[before]);
                pairs++;
            }
            before = group;
        }
        // Differences of neighbours overlap: their mean varies as that of two thirds as many would.
        return within == 0 || FTail.Log(apart / pairs / (within / degreesOfFreedom), pairs / 1.5, degreesOfFreedom) < Chance.MostLikely;
    }

    /// <summary>The share of the variance of a column's ranks between groups, corrected for their number (the adjusted R² of one-way
    /// analysis of variance); 0 where groups with neighbouring keys have similar means.</summary>
    private static double Between(Dictionary<string, CentredRanks> ranked, NumericColumn column, int[] of, int count, int[] rank)
    {
        var sum = new double[count];
        var n = new int[count];
        double mean = 0, total = 0, within = 0;
        int observed = 0, groups = 0;
        if (!ranked.TryGetValue(column.Name, out CentredRanks? ranks))
            ranked[column.Name] = ranks = CentredRanks.Of(column.Values[..of.Length], [.. Enumerable.Range(0, of.Length)]);
        for (int row = 0; row < of.Length; row++)
        {
            if (of[row] < 0 || column.IsMissing(row)) continue;
            sum[of[row]] += ranks.Of(row);
            n[of[row]]++;
            mean += ranks.Of(row);
            observed++;
        }
        if (observed < 2) return 0;
        mean /= observed;
        for (int row = 0; row < of.Length; row++)
        {
            if (of[row] < 0 || column.IsMissing(row)) continue;
            double own = ranks.Of(row) - sum[of[row]] / n[of[row]], all = ranks.Of(row) - mean;
            (within, total) = (within + own * own, total + all * all);
        }
        foreach (int size in n) groups += size > 0 ? 1 : 0;
        if (n.Count(size => size > 1) < FewestGroups || observed - groups < FewestWithin || total == 0) return 0;
        double between = 1 - within / (observed - groups) / (total / (observed - 1));

        int[] inOrder = new int[count];
        for (int group = 0; group < count; group++) inOrder[rank[group]] = group;
        if (!IsBeyondChance(inOrder, sum, n, within, observed - groups)) return 0;

        // What neighbouring groups say of a row.
        double[] near = new double[of.Length], self = new double[of.Length];
        Array.Fill(near, double.NaN);
        for (int row = 0; row < of.Length; row++)
        {
            if (of[row] < 0 || column.IsMissing(row)) continue;
            double others = 0, size = 0;
            for (int i = Math.Max(0, rank[of[row]] - Neighbours); i <= Math.Min(count - 1, rank[of[row]] + Neighbours); i++)
            {
                if (inOrder[i] == of[row]) continue;
                others += sum[inOrder[i]];
                size += n[inOrder[i]];
            }
            if (size > 0) (near[row], self[row]) = (others / size, ranks.Of(row));
        }
        double order = IdentifierFinder.Correlation(near, self);
        return order > 0 && order * order > MostInOrder * between ? 0 : between;
    }
}
