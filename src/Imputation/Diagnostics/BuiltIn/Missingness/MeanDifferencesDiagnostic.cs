using Imputation.Numerics.Distributions;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>Separate-variance t tests: does the mean of a column differ between rows in which another column is observed and in which it is
/// missing?</summary>
/// <remarks>The table of SPSS MVA's TTEST. Every modelled column is compared by every other column that has missing cells, text too,
/// on the rows in which the first is observed (Welch 1947); of a category the share of each level but the first. There are many such
/// tests, and some come out by chance: p-values are
/// adjusted so that of the differences called so at level α no more than a share α is expected to be none (Benjamini and Hochberg
/// 1995). Not tested are groups of fewer than two values or without variance. In small groups of skewed values t is large too often:
/// comparisons with fewer than ten values in a group are listed but take no part in the adjustment and are never called different,
/// and a difference is only called so where Wilcoxon's rank-sum test, adjusted in the same way, finds it too. A difference is
/// evidence against MCAR; the absence of one proves nothing.</remarks>
internal sealed class MeanDifferencesDiagnostic : IMissingnessDiagnostic
{
    private const int MostRows = 50;

    /// <summary>Sums over patterns from which on a sample of rows is taken.</summary>
    private const double Budget = 2e9;

    /// <inheritdoc/>
    public string Name => "t-tests";

    /// <inheritdoc/>
    public string Title => "Separate-variance t tests by missingness of another column";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Matrix;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReadOnlyList<Contrast> contrasts = context.Contrasts;
        var matrix = IncompleteMatrix.FromColumns([.. contrasts.Select(c => c.Number)]);
        MissingPatterns patterns = context.Patterns!;
        int[] places = [.. contrasts.Select(c => context.Columns.Index().First(k => k.Item.Name == c.Source.Name).Index)];
        double missing = Enumerable.Range(0, patterns.Count).Sum(k => (double)patterns.MissingCountOf(k));
        int[] rows = (missing + patterns.Count) * matrix.ColumnCount > Budget ? context.SampledRows()
            : [.. Enumerable.Range(0, matrix.RowCount)];

        MeanComparison[] all = MeanComparison.All(matrix, places, patterns, rows, ParallelWork.Options(context.RunOptions.Threads,
            context.Cancellation));
        double[] means = FalseDiscovery.Adjust([.. all.Select(c => c.CanTell ? c.Test.LogP : double.NaN)]);
        double[] ranks = FalseDiscovery.Adjust([.. all.Select(c => c.CanTell ? c.RankLogP : double.NaN)]);
        (MeanComparison Comparison, double Adjusted)[] listed = // the larger of the two: below the level only where both are
        [
            .. all.Select((c, i) => (Comparison: c, Adjusted: Math.Max(means[i], ranks[i])))
                .Where(c => !double.IsNaN(c.Comparison.Test.LogP))
                .OrderBy(c => double.IsNaN(c.Adjusted)).ThenBy(c => c.Adjusted).ThenBy(c => c.Comparison.Test.LogP)
                    .ThenBy(c => c.Comparison.Column).ThenBy(c => c.Comparison.By),
        ];
        var tested = Array.FindAll(listed, c => c.Comparison.CanTell);
        double level = Math.Log(context.Options.SignificanceLevel);
        var clear = tested.Where(c => c.Adjusted <= level).ToList();
        string Of(int j) => matrix.ColumnNames[j];
        string By(int j) => context.Columns[j].Name;

        DiagnosticResult result = new()
        {
            Values =
            [
                new("comparisons", all.Length), new("tested", tested.Length), new("different", clear.Count),
                new("smallestAdjustedPValue", tested.Length == 0 ? double.NaN : Math.Exp(tested[0].Adjusted)),
                new("largestStandardisedDifference", clear.Count == 0 ? double.NaN
                    : clear.Max(c => Math.Abs(c.Comparison.StandardisedDifference))),
            ],
            Method = "Welch's separate-variance t tests, observed minus missing, and Wilcoxon's rank-sum tests"
                + (contrasts.Any(c => c.IsIndicator) ? "; of a category the mean is the share of a level" : "") + "; both p adjusted for "
                + "the number of tests after Benjamini and Hochberg (1995). "
                + $"A difference is reported only if both adjusted p are at most {TextFormat.Number(context.Options.SignificanceLevel)}; "
                    + $"comparisons with fewer than {MeanComparison.EnoughValues} values in a group are listed but not judged."
                + TextFormat.Sample(rows.Length, matrix.RowCount, context.RunOptions.Seed),
        };
        if (all.Length == 0)
            return result with
            {
                Findings = [new Finding(FindingSeverity.Note, "t-tests-none",
                "No column has missing cells to compare another by.", [])]
            };
        if (listed.Length == 0)
            return result with
            {
                Findings = [new Finding(FindingSeverity.Note, "t-tests-none",
                $"None of {TextFormat.Count(all.Length, "comparison")} could be tested: groups have fewer than two values, or no variance.",
                [])]
            };

        string verdict, comparisons = TextFormat.Count(tested.Length, "comparison");
        Finding finding;
        if (clear.Count > 0)
        {
            MeanComparison first = clear[0].Comparison;
            string example = $"the mean of '{Of(first.Column)}' is {TextFormat.Number(first.Missing.Mean, 3)} where '{By(first.By)}' is "
                + $"missing and {TextFormat.Number(first.Observed.Mean, 3)} where it is observed";
            string numbers = $"t = {TextFormat.Number(first.Test.T, 3)}, adjusted p = {TextFormat.PValue(clear[0].Adjusted)}, difference "
                + $"of {TextFormat.Number(Math.Abs(first.StandardisedDifference), 2)} standard deviations";
            verdict = $"Means differ by the missingness of another column in {TextFormat.Count(clear.Count)} of {comparisons} (not "
                + $"MCAR): {example} ({numbers}).";
            finding = new Finding(FindingSeverity.Warning, "means-differ",
                $"Means differ by the missingness of another column in {TextFormat.Count(clear.Count)} of {comparisons}; most "
                    + $"clearly, {example}. The data are not MCAR.",
                [.. clear.Take(12).SelectMany(c => new[] { Of(c.Comparison.Column), By(c.Comparison.By) }).Distinct()],
                "Do not use listwise deletion; keep these columns in the model, so that filled values adjust for them.")
            { Evidence = numbers };
        }
        else if (tested.Length == 0)
        {
            verdict = $"Too few values to test: none of {TextFormat.Count(listed.Length, "comparison")} has {MeanComparison.EnoughValues} "
                + "values in both groups.";
            finding = new Finding(FindingSeverity.Note, "t-tests-none",
                $"None of {TextFormat.Count(listed.Length, "comparison")} has {MeanComparison.EnoughValues} values in both groups: "
                    + $"too few to test.", []);
        }
        else
        {
            string numbers = $"smallest adjusted p = {TextFormat.PValue(tested[0].Adjusted)}";
            verdict = $"No evidence that means differ by the missingness of another column, in {comparisons} ({numbers}). This does "
                + $"not prove MCAR.";
            finding = new Finding(FindingSeverity.Note, "means-do-not-differ",
                $"No mean differs significantly by the missingness of another column, in {comparisons}. Small differences may be "
                    + $"undetected.", [])
            { Evidence = numbers };
        }
        int fewer = all.Count(c => c.Observed.Count < 2 || c.Missing.Count < 2), flat = all.Length - listed.Length - fewer,
            few = listed.Length - tested.Length;
        string note = (listed.Length > MostRows ? $"{TextFormat.Count(listed.Length - MostRows, "comparison")} with larger p "
            + "left out. " : "")
            + (few > 0 ? $"Listed without adjusted p: {TextFormat.Count(few)} with fewer than {MeanComparison.EnoughValues} "
                + "values in a group. " : "")
            + (fewer > 0 ? $"Not tested: {TextFormat.Count(fewer)} with fewer than two values in a group. " : "")
            + (flat > 0 ? $"Not tested: {TextFormat.Count(flat)} with zero variance in a group.  " : "")
            + "Difference: observed minus missing, divided by the root mean of the two variances. Adjusted p: the larger of those of "
                + "the t test and the rank-sum test.";
        return result with
        {
            Verdict = verdict,
            Findings = [finding],
            Tables =
            [
                new DiagnosticTable("Means by missingness of another column",
                    [
                        new("Mean of", CellFormat.Text), new("By missingness of", CellFormat.Text),
                            new("Adjusted p", CellFormat.PValue), new("Mean where observed"), new("Mean where missing"),
                        new("Difference in sd"), new("t"), new("df"), new("p", CellFormat.PValue), new("log10 p"),
                            new("Values where observed", CellFormat.Count), new("Values where missing", CellFormat.Count),
                            new("Rank p", CellFormat.PValue),
                    ],
                    [.. listed.Take(MostRows).Select(c => new object?[]
                    {
                        Of(c.Comparison.Column), By(c.Comparison.By), double.IsNaN(c.Adjusted) ? null : Math.Exp(c.Adjusted),
                            c.Comparison.Observed.Mean, c.Comparison.Missing.Mean, c.Comparison.StandardisedDifference,
                        c.Comparison.Test.T, c.Comparison.Test.DegreesOfFreedom, Math.Exp(c.Comparison.Test.LogP),
                            TailProbability.Log10(c.Comparison.Test.LogP), c.Comparison.Observed.Count, c.Comparison.Missing.Count,
                        Math.Exp(c.Comparison.RankLogP),
                    })])
                { Note = note },
            ],
        };
    }
}
