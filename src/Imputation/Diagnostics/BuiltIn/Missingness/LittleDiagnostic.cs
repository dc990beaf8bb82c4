using Imputation.Models;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>Little's test of MCAR (missing completely at random): do means differ between missing-data patterns?</summary>
/// <remarks>Little (1988), "A test of missing completely at random for multivariate data with missing values", JASA 83, 1198–1202, eq. (5):
/// <code>
/// d² = Σ_k n_k (ȳ_k − μ_k)ᵀ Σ_kk⁻¹ (ȳ_k − μ_k)      χ² with Σ_k p_k − p degrees of freedom under MCAR
/// </code>
/// over the patterns k with something observed (n_k rows, p_k observed columns); μ and Σ are the EM estimates. Programs differ in Σ:
/// the ML estimate with divisor n (here the default; R's BaylorEdPsych, naniar and missr), or n/(n − 1) times it (Python's qolmat),
/// which makes d² smaller by 1/n of it. Both are reported; <see cref="UnbiasedCovariance"/> chooses the one that the findings report.
/// <para>Columns that are exact combinations of others are not counted where the others are observed.</para>
/// <para>Effect size: √(max(0, d² − degrees of freedom) / observed cells). d² less its expectation estimates Σ n_k δ_kᵀ Σ_kk⁻¹ δ_k,
/// δ_k being how far the mean of pattern k's population lies from the overall one; divided by the number of cells it is the mean
/// square of that distance per cell, in standard deviations (Cohen 1988 has √(χ²/n) for tables). It does not grow with the number of
/// rows. It averages over all rows: a shift by one standard deviation in a twentieth of the rows makes 0.2.</para>
/// <para>The χ² approximation is poor in two cases. With few rows to a pattern each row's own distance is part of d², which then
/// depends on the normality of single rows; and with as many patterns as rows d² is by the likelihood equations the number of cells,
/// whatever the data. The p-value by permutation (<see cref="PermutationTest"/> describes it; its statistic is not d², but like it
/// grows with differences in means) supposes neither, and speaks where more than half of the degrees of freedom come from patterns of
/// fewer than 5 rows, where these are more than a tenth of the cells, and where a prior took part in the fit. Elsewhere the two must
/// agree before anything is claimed.</para>
/// <para>The test has no power against differences other than in means, or dependence on the missing values themselves (MNAR).
/// Non-rejection proves nothing.</para></remarks>
internal sealed class LittleDiagnostic : IMissingnessDiagnostic
{
    private const int FewRows = 5, MostTableRows = 20, MostPatternsLookedAt = 200;

    private const double MostShareOfCells = 0.1;

    private static readonly string[] s_names =
    [
        "statistic", "degreesOfFreedom", "pValue", "log10PValue", "effectSize",
        "permutationPValue", "permutations", "unbiasedStatistic", "unbiasedPValue", "unbiasedLog10PValue", "permutationPValueExtrapolated",
    ];

    private readonly int _permutations = 199;

    /// <inheritdoc/>
    public string Name => "little";

    /// <inheritdoc/>
    public string Title => "Little's test of MCAR (missing completely at random)";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Fit;

    /// <summary>Whether findings report the variant with the covariance times n/(n − 1). Default false: of that with the ML
    /// covariance.</summary>
    public bool UnbiasedCovariance { get; init; }

    /// <summary>Permutations for the p-value that does not suppose normality; 0 leaves it out. Default 199.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0 or above 100,000.</exception>
    public int Permutations
    {
        get => _permutations;
        init => _permutations = value is >= 0 and <= 100_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value,
            "Permutations are between 0 and 100,000.");
    }

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        FittedModel fit = context.Fit;
        IncompleteMatrix? matrix = context.Matrix;
        bool indicators = fit.Moments is null;
        if (indicators)
        {
            // A model of other kinds of columns has no means and covariances: those of the normal model, categories as indicators.
            if (fit.Report.RowCount != context.Table.RowCount) return NotApplicable("the model was fitted to other rows than these.");
            matrix = IncompleteMatrix.FromColumns([.. context.Contrasts.Select(c => c.Number)]);
            fit = new AutomaticOptions().Prepare(new Table(matrix.Columns), context.RunOptions, context.Cancellation).Model;
        }
        // What the model takes beside the table's columns comes last, and has no part in the test.
        if (matrix is null || !fit.TableColumns.SequenceEqual(matrix.ColumnNames) || fit.Report.RowCount != matrix.RowCount
            || fit.Report.MissingCellCount != matrix.Columns.Sum(c => (long)c.MissingCount))
            return NotApplicable("the model was fitted to other rows or columns than these.");
        if (fit.Report.MissingCellCount == 0) return NotApplicable("nothing is missing in the modelled columns.");
        if (fit.Report.Outcome == EmOutcome.Unbounded)
            return NotApplicable("the likelihood of the model has no maximum, so there are no estimates to compare with. Fit it with "
                + "a ridge prior.");

        if (fit.Moments is not { } moments) return NotApplicable($"the model ({fit.Description}) has no means and covariances.");

        MissingPatterns patterns = indicators ? MissingPatterns.Of(matrix) : context.MatrixPatterns!;
        ParallelOptions parallel = ParallelWork.Options(context.RunOptions.Threads, context.Cancellation);
        double[] mean = moments.Mean[..matrix.ColumnCount];
        double[,] covariance = Covariance(fit, moments, patterns);
        double[] deviations = [.. Enumerable.Range(0, mean.Length).Select(j => Math.Sqrt(covariance[j, j]))];
        var dependence = new LinearDependence([.. fit.Report.Relations.Where(r => r.Columns.All(matrix.ColumnNames.Contains))],
            matrix.ColumnNames, deviations);
        if (LittleTest.Compute(matrix, patterns, mean, covariance, dependence, parallel) is not { } test)
            return NotApplicable("the covariance of the model is singular. Leave out a column that is a combination of others, or "
                + "fit the model with a ridge prior.");
        if (test.DegreesOfFreedom <= 0)
            return NotApplicable("no two patterns have an observed column in common (0 degrees of freedom).");

        PermutationTest.Outcome? permuted = Permutations == 0 ? null : PermutationTest.Run(matrix, context.SampledRows(), Permutations,
            context.RunOptions.Seed, parallel);
        return new Summary(this, context, fit, matrix, patterns, test, permuted).Result();
    }

    private static IReadOnlyList<KeyValuePair<string, double>> Values(params double[] values) =>
        [.. s_names.Select((name, k) => KeyValuePair.Create(name, k < values.Length ? values[k] : double.NaN))];

    /// <summary>The covariance of the fit; of a posterior mode, whose divisor is n + ξ + p + 1, as if its divisor were n + ξ: without
    /// this the statistic would be too large by that, even under next to no prior. Of the table's columns, which come first.</summary>
    private static double[,] Covariance(FittedModel fit, ModelMoments moments, MissingPatterns patterns)
    {
        int p = patterns.ColumnCount, last = patterns.Count - 1;
        double n = fit.Report.RowCount - (patterns.MissingCountOf(last) == p ? patterns.RowCountOf(last) : 0)
            + fit.Report.Prior.DegreesOfFreedom;
        double factor = fit.Report.Prior.Kind == CovariancePriorKind.None ? 1 : (n + fit.Columns.Count + 1) / n;
        var covariance = new double[p, p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) covariance[i, j] = moments.Covariance[i, j] * factor;
        return covariance;
    }

    private DiagnosticResult NotApplicable(string reason) => new()
    {
        Findings = [new Finding(FindingSeverity.Note, "little-not-applicable", $"{Title}: not applicable, because {reason}", [])],
        Values = Values(),
    };

    /// <summary>The test put into words and tables.</summary>
    private sealed class Summary
    {
        private readonly LittleDiagnostic _diagnostic;
        private readonly DiagnosticContext _context;
        private readonly FittedModel _fit;
        private readonly IncompleteMatrix _matrix;
        private readonly MissingPatterns _patterns;
        private readonly LittleTest _test;
        private readonly PermutationTest.Outcome? _permuted;
        private readonly double _cells, _effect, _unbiased, _log, _unbiasedLog;
        private readonly int _rows, _few, _single, _tested;

        public Summary(LittleDiagnostic diagnostic, DiagnosticContext context, FittedModel fit, IncompleteMatrix matrix,
            MissingPatterns patterns, LittleTest test, PermutationTest.Outcome? permuted)
        {
            (_diagnostic, _context, _fit, _matrix, _patterns, _test, _permuted) = (diagnostic, context, fit, matrix, patterns, test,
                permuted);
            for (int k = 0; k < patterns.Count; k++)
            {
                if (test.Ranks[k] == 0) continue;
                int count = patterns.RowCountOf(k);
                _tested++;
                _rows += count;
                _cells += (double)count * test.Ranks[k];
                if (count == 1) _single++;
                if (count < FewRows) _few += test.Ranks[k];
            }
            _effect = Math.Sqrt(Math.Max(0, test.Statistic - test.DegreesOfFreedom) / _cells);
            _unbiased = test.Statistic * (_rows - 1.0) / _rows;
            _log = TailProbability.LogChiSquared(test.Statistic, test.DegreesOfFreedom);
            _unbiasedLog = TailProbability.LogChiSquared(_unbiased, test.DegreesOfFreedom);
        }

        private double Level => _context.Options.SignificanceLevel;

        private double SpokenLog => _diagnostic.UnbiasedCovariance ? _unbiasedLog : _log;

        private bool ChiSquareRejects => SpokenLog < Math.Log(Level);

        private bool PermutationRejects => _permuted!.LogPValue < Math.Log(Level);

        /// <summary>Why the χ² approximation is not to be relied on; null where it may be.</summary>
        private string? Doubt =>
            _fit.Report.Prior.Kind != CovariancePriorKind.None && _fit.Report.Relations.Count == 0
                ? $"the model was fitted under a prior ({_fit.Report.Prior}), under which the test is not exact"
            : _test.DegreesOfFreedom > MostShareOfCells * _cells || 2.0 * _few > _test.DegreesOfFreedom
                ? $"there are {TextFormat.Count(_tested, "pattern")} for {TextFormat.Count(_rows, "row")}, "
                    + $"{TextFormat.Count(_single)} of them with a single row"
            : null;

        private string Evidence =>
            $"χ² = {TextFormat.Number(_diagnostic.UnbiasedCovariance ? _unbiased : _test.Statistic)} with "
                + $"{TextFormat.Count(_test.DegreesOfFreedom, "degree of freedom", "degrees of freedom")}, p = "
                + $"{TextFormat.PValue(SpokenLog)}"
            + (_permuted is null ? "" : $"; permutation p = "
                + $"{TextFormat.PValue(_permuted.LogPValue)}{(_permuted.IsExtrapolated ? " from a fitted gamma tail" : "")}")
            + (_effect < 0.005 ? "" : $"; effect size {TextFormat.Fixed(_effect)} standard deviations");

        public DiagnosticResult Result()
        {
            // Where χ² may be relied on, the permutation test must not speak against it; elsewhere it speaks alone.
            bool byPermutation = Doubt is not null && _permuted is not null, disagree = _permuted is not null
                && ChiSquareRejects != PermutationRejects;
            bool rejects = byPermutation ? PermutationRejects : ChiSquareRejects, open = disagree && !byPermutation;
            string sizes = $"The effect size is {TextFormat.Fixed(_effect)}: the root mean square difference of pattern means from "
                + $"the overall means, in standard deviations, beyond chance.";
            var findings = new List<Finding>();
            string verdict;
            if (open)
            {
                verdict = $"Inconclusive: the χ² test and the permutation test of MCAR disagree ({Evidence}).";
                findings.Add(new Finding(FindingSeverity.Note, "little-disagree",
                    $"The χ² test and the permutation test disagree at the {TextFormat.Number(100 * Level)} % level. The χ² test "
                        + $"assumes normal values or many rows per pattern; the permutation test does not.", [],
                    "If columns are skewed or have outliers, use the permutation p-value.")
                { Evidence = Evidence });
            }
            else if (rejects)
            {
                verdict = $"Means differ between missing-data patterns (not MCAR; {Evidence}).";
                findings.Add(new Finding(FindingSeverity.Warning, "not-mcar",
                    "Means differ between missing-data patterns: the data are not missing completely at random (MCAR). "
                        + "" + sizes + (_effect < 0.1 ? " This is a small effect; with many rows even small effects are "
                        + "significant." : ""), [],
                    "Do not use listwise deletion: complete rows are not a random sample of all rows. Methods that use all rows, "
                        + "such as this model, need only MAR (missingness depends on observed values). Keep the columns that predict "
                        + "missingness in the model.")
                { Evidence = Evidence });
            }
            else
            {
                verdict = $"No evidence against MCAR: means do not differ significantly between missing-data patterns ({Evidence}). "
                    + $"This does not prove MCAR.";
                findings.Add(new Finding(FindingSeverity.Note, "mcar-not-rejected",
                    "Means do not differ significantly between missing-data patterns. This does not prove MCAR: the test has no "
                        + "power against small differences, differences other than in means, or dependence on the missing values "
                        + "themselves (MNAR).", [])
                { Evidence = Evidence });
            }
            if (Doubt is { } doubt)
            {
                findings.Add(new Finding(FindingSeverity.Note, "little-approximate",
                    $"The p-value of Little's test from the χ² distribution is unreliable, because {doubt}."
                        + (byPermutation ? " The verdict uses the permutation test." : ""), [],
                    byPermutation ? "" : "Treat the result as a hint, or set permutations.")
                { Evidence = Evidence });
            }
            if (_fit.Report.Outcome is not EmOutcome.Converged)
            {
                findings.Add(new Finding(FindingSeverity.Note, "little-not-converged",
                    "The fit did not converge; the statistic uses the current estimates and is somewhat too large.", [], "Allow more "
                        + "iterations."));
            }
            return new DiagnosticResult
            {
                Verdict = verdict,
                Findings = findings,
                Values = Values(_test.Statistic, _test.DegreesOfFreedom, Math.Exp(_log), TailProbability.Log10(_log), _effect,
                    _permuted is null ? double.NaN : Math.Exp(_permuted.LogPValue), _permuted is null ? 0 : _diagnostic.Permutations,
                        _unbiased, Math.Exp(_unbiasedLog), TailProbability.Log10(_unbiasedLog),
                        _permuted is null ? double.NaN : _permuted.IsExtrapolated ? 1 : 0),
                Tables = [Contributions(), .. Departures()],
                Method = Method(),
            };
        }

        private string Method()
        {
            string text = "Little (1988), eq. 5, from the estimates of the model; statistic and pValue with the covariance of divisor n "
                + "(as BaylorEdPsych, naniar and missr do), "
                + "unbiasedStatistic and its p-values with n/(n − 1) times it (as qolmat does). Effect size: √((d² − degrees of freedom) "
                    + "/ observed cells), in standard deviations.";
            if (!ReferenceEquals(_fit, _context.Fit))
                text += " Categories are indicators of each level but the first, and the estimates those of the normal model of these.";
            if (_fit.Report.Prior.Kind != CovariancePriorKind.None)
                text += " The covariance under the prior has the divisor n + ξ here, ξ being the prior's degrees of freedom, not the "
                    + "n + ξ + p + 1 of the posterior mode.";
            if (_fit.Report.Relations.Count > 0) text += " Columns that are exact combinations of others are not counted.";
            if (_permuted is null) return text;
            return text + $" Permutation test: the observed values of each column are permuted "
                + $"{TextFormat.Count(_diagnostic.Permutations)} times and compared with the missingness of the other columns; "
                + $"permutationPValue is the smallest p-value of a column times the number of columns (Bonferroni); seed "
                + $"{_context.RunOptions.Seed}." + (_permuted.IsExtrapolated ? " It is extrapolated: fewer than 10 permutations reached "
                + "the observed statistic, so it comes from the tail of a gamma distribution fitted to the permuted statistics." : "")
                + TextFormat.Sample(_permuted.RowCount, _rows, _context.RunOptions.Seed, "Permutations were made");
        }

        private int[] Largest(int most) => [.. Enumerable.Range(0, _patterns.Count).Where(k => _test.Ranks[k] > 0)
            .OrderByDescending(k => _test.Contributions[k]).ThenBy(k => k).Take(most)];

        private string Missing(int pattern) => _patterns.MissingCountOf(pattern) == 0 ? "(nothing)"
            : TextFormat.Names(_patterns[pattern].MissingIndices.Select(j => _matrix.ColumnNames[j]), 6);

        private DiagnosticTable Contributions() => new("Patterns with the largest contributions to the statistic",
            [new("Missing in these rows", CellFormat.Text), new("Rows", CellFormat.Count), new("Means compared", CellFormat.Count),
                new("d²"),
                new("Share of d²", CellFormat.Share)],
            [.. Largest(MostTableRows).Select(k => new object?[] { Missing(k), _patterns.RowCountOf(k), _test.Ranks[k],
                _test.Contributions[k], _test.Contributions[k] / _test.Statistic })])
        {
            Note = _tested > MostTableRows ? $"{TextFormat.Count(_tested - MostTableRows, "other pattern")} left out." : "",
        };

        private IEnumerable<DiagnosticTable> Departures()
        {
            var rows = new List<(double Size, object?[] Row)>();
            double[] mean = _fit.Moments!.Mean;
            double[,] covariance = _fit.Moments!.Covariance;
            foreach (int k in Largest(MostPatternsLookedAt))
            {
                ReadOnlySpan<int> members = _patterns.RowsOf(k);
                foreach (int j in _patterns[k].ObservedIndices)
                {
                    double sum = 0, deviation = Math.Sqrt(covariance[j, j]);
                    ReadOnlySpan<double> column = _matrix.Column(j);
                    foreach (int row in members) sum += column[row] - mean[j];
                    double departure = sum / members.Length / deviation, size = Math.Abs(departure) * Math.Sqrt(members.Length);
                    if (size > 2)
                        rows.Add((size, [_matrix.ColumnNames[j], Missing(k), members.Length, mean[j] + sum / members.Length, mean[j],
                            departure]));
                }
            }
            if (rows.Count == 0) yield break;
            yield return new DiagnosticTable("Largest differences from the overall means",
                [new("Column", CellFormat.Text), new("Missing in these rows", CellFormat.Text), new("Rows", CellFormat.Count),
                    new("Mean in these rows"),
                    new("Overall mean (EM)"), new("Difference in sd")],
                [.. rows.OrderByDescending(r => r.Size).Take(MostTableRows).Select(r => r.Row)])
            {
                Note = "Ordered by difference in sd times √rows; only values of at least 2, among the patterns with the largest "
                    + "contributions. Overall means are EM estimates, not means of the observed cells.",
            };
        }
    }
}
