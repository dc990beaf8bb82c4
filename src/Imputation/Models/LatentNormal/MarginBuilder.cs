using Imputation.Numerics.Distributions;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Models.LatentNormal;

/// <summary>Chooses the margin of each column from its observed cells.</summary>
/// <param name="scale">Whether numbers keep their own scale or take normal scores.</param>
internal sealed class MarginBuilder(NumberScale scale)
{
    /// <summary>Most distinct values of a number that is modelled as a scale: each is an interval.</summary>
    private const int MostDiscrete = 12;

    /// <summary>A value that more than this share of the cells has is an interval.</summary>
    private const double MassShare = 0.02;

    /// <summary>A number whose skewness and excess kurtosis are within these, and that has no value this frequent, keeps its own
    /// scale.</summary>
    private const double NormalSkewness = 0.5, NormalKurtosis = 1, NormalShare = 0.1;

    /// <summary>Most knots of normal scores: more would only repeat the sample.</summary>
    private const int MostKnots = 1000;

    /// <summary>Levels of a nominal category from which on the rare ones are merged, and the most that are then modelled by
    /// themselves.</summary>
    private const int ManyLevels = 12, MostLevels = 19;

    private readonly List<Finding> _findings = [];

    /// <summary>What was chosen that the user should know.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The scale that suits the numbers of a table: their own where all that are continuous look normal, otherwise normal scores.
    /// It is one for all, as a relation between a number and the score of another is bent where that of two numbers or two scores is
    /// straight.</summary>
    public static NumberScale ScaleOf(IEnumerable<Column> columns)
    {
        foreach (Column column in columns)
        {
            if (column is not NumericColumn { Categories: null } numeric) continue;
            double[] observed = SortedValues.Of(numeric.Values);
            var runs = ValueRuns.Of(observed);
            if (runs.Values.Length > MostDiscrete && !IsNearNormal(observed, runs)) return NumberScale.Scores;
        }
        return NumberScale.Auto;
    }

    /// <summary>The margin of a column with at least two distinct observed values.</summary>
    public Margin Of(Column column) => column is NumericColumn { Categories: null } numeric ? OfNumber(numeric) : OfCategory(column);

    /// <summary>The margin of a complete number that only predicts: frequent values of it are points like all others.</summary>
    public Margin OfPredictor(NumericColumn column) => OfNumber(column, predicts: true);

    private Margin OfNumber(NumericColumn column, bool predicts = false)
    {
        double[] observed = SortedValues.Of(column.Values);
        var runs = ValueRuns.Of(observed);
        int n = observed.Length;
        // Where the scale was left open, all continuous numbers look normal.
        if (scale == NumberScale.Identity || (scale == NumberScale.Auto && runs.Values.Length > MostDiscrete))
        {
            double mean = observed.Average(), square = observed.Sum(x => (x - mean) * (x - mean)) / n;
            return new IdentityMargin(mean, Math.Sqrt(square));
        }
        return Scores(runs.Values, runs.Counts, n, predicts);
    }

    private static NumberMargin Scores(double[] values, int[] counts, int n, bool predicts)
    {
        bool discrete = !predicts && values.Length <= MostDiscrete;
        double mass = predicts ? double.PositiveInfinity : MassShare * n;
        var knots = new List<(double Value, double Lower, double Upper)>();
        int before = 0, pointCount = values.Length - counts.Count(c => c > mass), every = 0;
        for (int k = 0; k < values.Length; before += counts[k++])
        {
            if (discrete || counts[k] > mass)
            {
                knots.Add((values[k], before == 0 ? double.NegativeInfinity : TruncatedNormal.Quantile((double)before / n),
                    before + counts[k] == n ? double.PositiveInfinity : TruncatedNormal.Quantile((double)(before + counts[k]) / n)));
                continue;
            }
            // Of very many points evenly spread ones, and always the ends.
            bool kept = pointCount <= MostKnots || k == 0 || k == values.Length - 1
                || (long)every * MostKnots / pointCount != (long)(every + 1) * MostKnots / pointCount;
            every++;
            double score = TruncatedNormal.Quantile((before + 0.5 * counts[k]) / n);
            if (kept) knots.Add((values[k], score, score));
        }
        return new NumberMargin([.. knots.Select(k => k.Value)], [.. knots.Select(k => k.Lower)], [.. knots.Select(k => k.Upper)]);
    }

    private Margin OfCategory(Column column)
    {
        Categories categories = column.Categories!;
        int count = categories.Levels.Count;
        var counts = new double[count];
        for (int row = 0; row < column.Count; row++)
            if (column.Value(row) is { } value && categories.IndexOf(value) is >= 0 and var k) counts[k]++;
        string[] texts = [.. categories.Levels.Select(LevelMatching.Text)];
        int[] unseen = [.. Enumerable.Range(0, count).Where(k => counts[k] == 0)];
        int seen = count - unseen.Length;
        if (unseen.Length > 0) SayUnseen(column.Name, [.. unseen.Select(k => texts[k])], dropped: !categories.IsOrdered && seen == 2);
        if (categories.IsOrdered && count > 2) return Ordered(texts, counts, ordered: true);
        if (seen > 2) return Nominal(column.Name, texts, counts, seen);
        int[] two = [.. Enumerable.Range(0, count).Where(k => counts[k] > 0)];
        return Ordered([.. two.Select(k => texts[k])], [.. two.Select(k => counts[k])], categories.IsOrdered);
    }

    /// <summary>Thresholds between levels, from the observed shares; a level that never occurred counts half an answer.</summary>
    private static OrderedMargin Ordered(string[] levels, double[] counts, bool ordered)
    {
        double[] floored = Array.ConvertAll(counts, c => Math.Max(c, 0.5));
        double total = floored.Sum(), before = 0;
        var thresholds = new double[levels.Length - 1];
        for (int k = 0; k < thresholds.Length; k++) thresholds[k] = TruncatedNormal.Quantile((before += floored[k]) / total);
        return new OrderedMargin(levels, thresholds, ordered);
    }

    private NominalMargin Nominal(string name, string[] levels, double[] counts, int seen)
    {
        double total = counts.Sum(), floor = 0.5 * (levels.Length - seen);
        int own = seen <= ManyLevels ? seen : Math.Min(MostLevels, Math.Max(ManyLevels - 1,
            counts.Count(c => c >= Math.Max(5, 0.01 * total))));
        int[] byCount = [.. Enumerable.Range(0, levels.Length).Where(k => counts[k] > 0).OrderByDescending(k => counts[k]).ThenBy(k => k)];
        int[] alone = [.. byCount.Take(own).Order()], merged = [.. byCount.Skip(own).Order()];
        var latentOf = new int[levels.Length];
        var shares = new double[levels.Length];
        Array.Fill(latentOf, -1);
        Array.Fill(shares, 0.5 / (total + floor));
        var thresholds = new List<double>();
        foreach (int k in alone) Add([k]);
        if (merged.Length > 0) Add(merged);
        if (merged.Length > 1)
        {
            _findings.Add(new Finding(FindingSeverity.Note, "levels-merged",
                $"'{name}' has {TextFormat.Count(seen, "level")}; the {TextFormat.Count(merged.Length)} rarest share one probability in "
                    + "the model, which is divided among them by how often each occurs.",
                [name], "Merge rare levels by meaning before the fit."));
        }
        return new NominalMargin(levels, latentOf, shares, [.. thresholds]);

        void Add(int[] together)
        {
            double sum = together.Sum(k => counts[k]);
            foreach (int k in together) (latentOf[k], shares[k]) = (thresholds.Count, counts[k] / sum);
            thresholds.Add(-TruncatedNormal.Quantile(sum / total));
        }
    }

    private void SayUnseen(string name, string[] levels, bool dropped) => _findings.Add(new Finding(FindingSeverity.Note, "levels-unseen",
        $"No row has {(levels.Length == 1 ? "the level" : "the levels")} {TextFormat.Names(levels)} of '{name}': "
        + (dropped ? "missing cells are not filled with it." : "it has the probability of half a row."), [name]));

    private static bool IsNearNormal(double[] sorted, ValueRuns runs)
    {
        if (runs.Counts.Max() > NormalShare * sorted.Length) return false;
        (double _, double _, double skewness, double kurtosis) = SortedValues.Moments(sorted);
        return Math.Abs(skewness) <= NormalSkewness && Math.Abs(kurtosis) <= NormalKurtosis;
    }
}
