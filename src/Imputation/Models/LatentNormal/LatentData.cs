namespace Imputation.Models.LatentNormal;

/// <summary>Rows as the E-step sees them: what each cell says of each latent variable, rows that say the same taken together, and rows with
/// the same kinds of cells next to each other.</summary>
internal sealed class LatentData
{
    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly int[] _unitOfRow;

    private LatentData(LatentData data, double[] weights)
    {
        (Layout, _lower, _upper, _unitOfRow, Groups, UnitCount) = (data.Layout, data._lower, data._upper, data._unitOfRow, data.Groups,
            data.UnitCount);
        Weights = weights;
        Weight = weights.Sum();
        LogJacobian = 0;
    }

    private LatentData(LatentLayout layout, double[] lower, double[] upper, int[] unitOfRow, double[] weights, LatentGroup[] groups)
    {
        (Layout, _lower, _upper, _unitOfRow, Groups) = (layout, lower, upper, unitOfRow, groups);
        UnitCount = weights.Length;
        Weights = weights;
        Weight = weights.Sum();
    }

    /// <summary>The latent variables.</summary>
    public LatentLayout Layout { get; }

    /// <summary>Their number, q.</summary>
    public int LatentCount => Layout.Count;

    /// <summary>Number of distinct rows.</summary>
    public int UnitCount { get; }

    /// <summary>Number of rows that each stands for.</summary>
    public double[] Weights { get; }

    /// <summary>Number of rows with something observed.</summary>
    public double Weight { get; }

    /// <summary>Runs of units that have the same cells as points and the same as intervals.</summary>
    public LatentGroup[] Groups { get; }

    /// <summary>What the log density on the scale of the data has beside that of the latent values: −Σ log scale.</summary>
    public double LogJacobian { get; private init; }

    /// <summary>Lower ends of a unit's cells.</summary>
    public ReadOnlySpan<double> Lower(int unit) => _lower.AsSpan(unit * LatentCount, LatentCount);

    /// <summary>Upper ends; equal to the lower of a point.</summary>
    public ReadOnlySpan<double> Upper(int unit) => _upper.AsSpan(unit * LatentCount, LatentCount);

    /// <summary>The unit of a row; −1 for a row with nothing observed.</summary>
    public int UnitOf(int row) => _unitOfRow[row];

    /// <summary>What each row counts; null where each counts 1.</summary>
    public double[]? RowWeights { get; private init; }

    /// <summary>The same data with other counts of the rows, as for a resample; each counts by its weight besides.</summary>
    public LatentData Weighted(double[] rows)
    {
        var weights = new double[UnitCount];
        for (int row = 0; row < rows.Length; row++)
            if (_unitOfRow[row] is >= 0 and var unit) weights[unit] += rows[row] * (RowWeights?[row] ?? 1);
        return new LatentData(this, weights);
    }

    /// <summary>Makes the data ready.</summary>
    /// <param name="layout">The columns' margins.</param>
    /// <param name="cells">Cells by column: numbers, or indices of the model's levels; NaN where missing.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="rowWeights">What each row counts; null where each counts 1.</param>
    public static LatentData From(LatentLayout layout, IReadOnlyList<double[]> cells, int rowCount, double[]? rowWeights = null)
    {
        int q = layout.Count;
        var units = new List<(string Kinds, int Row)>();
        var unitOfRow = new int[rowCount];
        var weights = new List<double>();
        var same = new Dictionary<string, int>(StringComparer.Ordinal);
        var latents = new LatentCell[q];
        var all = new List<LatentCell[]>();
        var intervals = new Dictionary<(int, double), char>();
        double logJacobian = 0;
        char[] kinds = new char[q], content = new char[q];
        for (int row = 0; row < rowCount; row++)
        {
            bool points = false, any = false;
            double weight = rowWeights?[row] ?? 1;
            for (int j = 0; j < cells.Count; j++)
            {
                Span<LatentCell> own = latents.AsSpan(layout.First[j], layout.Margins[j].LatentCount);
                double cell = cells[j][row];
                if (double.IsNaN(cell)) own.Fill(LatentCell.Missing);
                else layout.Margins[j].Read(cell, own);
                if (own[0].IsPoint) logJacobian += weight * layout.Margins[j].LogJacobian;
            }
            for (int k = 0; k < q; k++)
            {
                bool missing = latents[k].IsMissing, point = latents[k].IsPoint;
                kinds[k] = missing ? '-' : point ? 'x' : 'i';
                if (missing || point) content[k] = kinds[k];
                else if (intervals.TryGetValue((k, latents[k].Lower), out char known)) content[k] = known;
                else intervals[(k, latents[k].Lower)] = content[k] = (char)(256 + intervals.Count);
                any |= !missing;
                points |= point;
            }
            unitOfRow[row] = -1;
            if (!any) continue;
            string key = new(content);
            if (!points && same.TryGetValue(key, out int unit))
            {
                weights[unit] += weight;
                unitOfRow[row] = unit;
                continue;
            }
            unitOfRow[row] = units.Count;
            if (!points) same[key] = units.Count;
            units.Add((new string(kinds), row));
            weights.Add(weight);
            all.Add([.. latents]);
        }

        // Units with as many points and as many intervals together, and of these those with the same kinds of cells, kinds in the order
        // of their first row: an order that only the data decide.
        var firstOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string kind, int row) in units) firstOf.TryAdd(kind, row);
        int[] order = [.. Enumerable.Range(0, units.Count).OrderBy(u => units[u].Kinds.Count(kind => kind == 'x'))
            .ThenBy(u => units[u].Kinds.Count(kind => kind == 'i')).ThenBy(u => firstOf[units[u].Kinds]).ThenBy(u => u)];
        var place = new int[units.Count];
        double[] lower = new double[units.Count * q], upper = new double[units.Count * q];
        var groups = new List<LatentGroup>();
        for (int to = 0; to < order.Length; to++)
        {
            int from = order[to];
            place[from] = to;
            for (int k = 0; k < q; k++) (lower[to * q + k], upper[to * q + k]) = all[from][k];
            if (to == 0 || units[from].Kinds != units[order[to - 1]].Kinds) groups.Add(LatentGroup.Of(units[from].Kinds, to));
            groups[^1] = groups[^1] with { Count = to + 1 - groups[^1].First };
        }
        for (int row = 0; row < rowCount; row++)
            if (unitOfRow[row] >= 0) unitOfRow[row] = place[unitOfRow[row]];
        return new LatentData(layout, lower, upper, unitOfRow, [.. order.Select(u => weights[u])], [.. groups])
        { LogJacobian = logJacobian, RowWeights = rowWeights };
    }

    /// <summary>Some of the units, for a run over a sample; their weights as they are.</summary>
    public LatentData Sample(int count)
    {
        int q = LatentCount;
        int[] kept = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * UnitCount / count))];
        double[] lower = new double[count * q], upper = new double[count * q];
        var groups = new List<LatentGroup>();
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            Lower(kept[i]).CopyTo(lower.AsSpan(i * q));
            Upper(kept[i]).CopyTo(upper.AsSpan(i * q));
            bool moved = false;
            for (; kept[i] >= Groups[at].First + Groups[at].Count; moved = true) at++;
            if (i == 0 || moved) groups.Add(Groups[at] with { First = i, Count = 0 });
            groups[^1] = groups[^1] with { Count = groups[^1].Count + 1 };
        }
        return new LatentData(Layout, lower, upper, [], [.. kept.Select(u => Weights[u])], [.. groups]);
    }
}

/// <summary>Units that have the same cells as points, the same as intervals, and the same missing.</summary>
/// <param name="First">The first unit.</param>
/// <param name="Count">Number of units.</param>
/// <param name="Points">Latent variables whose values are known.</param>
/// <param name="Intervals">Those that lie in an interval.</param>
/// <param name="Missing">Those of which nothing is known.</param>
internal sealed record LatentGroup(int First, int Count, int[] Points, int[] Intervals, int[] Missing)
{
    /// <summary>All latent variables: points, intervals, missing.</summary>
    public int[] Order { get; } = [.. Points, .. Intervals, .. Missing];

    /// <summary>Whether another group has as many points and as many intervals.</summary>
    public bool IsLike(LatentGroup other) =>
        Points.Length == other.Points.Length && Intervals.Length == other.Intervals.Length;

    /// <summary>A group from the kinds of its cells.</summary>
    public static LatentGroup Of(string kinds, int first)
    {
        int[] Having(char kind) => [.. Enumerable.Range(0, kinds.Length).Where(k => kinds[k] == kind)];
        return new LatentGroup(first, 0, Having('x'), Having('i'), Having('-'));
    }

    /// <summary>About the multiplications that an E-step takes for each unit.</summary>
    public double UnitCost
    {
        get
        {
            double c = Points.Length, k = Intervals.Length, m = Missing.Length, q = c + k + m;
            // conditioning on the points, three moves of every site and their moments, the regression of the missing, the sums
            return c * q * q / 2 + 1.5 * k * k * k + 500 * k + m * k * (k + m / 2) + 3 * q * q + 100;
        }
    }
}
