using Imputation.Numerics;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Threading;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>Predictors of missingness: a logistic regression of the missingness of each column on the other columns, completed.</summary>
/// <remarks>For each column with missing cells, log odds of being missing = β₀ + Σ βⱼ zⱼ with zⱼ the other modelled columns,
/// completed and standardised (divisor n − 1), categories by an indicator of each level but the first, by maximum likelihood without
/// penalty. The likelihood-ratio test compares with β₀
/// alone; over the columns its p-values are adjusted after Benjamini and Hochberg (1995). Where values predict missingness, cells are
/// not missing completely at random (MCAR), and a model that has the predictors may still find them missing at random (MAR). That
/// missingness does not depend on the missing values themselves (MNAR) no data can show.
/// <para>Limits. Where many predictors are missing together with the column, they are themselves filled, with conditional means: in
/// these rows they say nothing of their own, which makes the test cautious where less than half the rows are missing, and would make
/// it call too often where more are. In the latter case predictors that are filled in most of these rows are left out. Predictors
/// that others determine are left out (Cholesky pivot below 1e-8), and named. The likelihood-ratio test finds too much where there
/// are fewer than ten rows of the rarer outcome, missing or observed, for each predictor (Peduzzi et al. 1996): only as many
/// predictors are used, and at most 50, those with the fewest missing cells, chosen without a look at what they predict, so that the
/// test stays one. A column with fewer than ten rows of the rarer outcome is not tested.</para>
/// <para>Where predictors separate the outcomes without error (complete separation), coefficients are infinite but the likelihood
/// ratio is not: with this many rows for each predictor, chance does not do that, and it is taken for evidence; only of a partial one
/// with fewer than 50 rows of the rarer outcome nothing is made but a note, because a rare category may by chance be without a
/// missing cell.</para></remarks>
internal sealed class MissingnessPredictorsDiagnostic : IMissingnessDiagnostic
{
    private const int MostPredictors = 50, MostRows = 50, MostInChart = 40;

    /// <summary>Multiplications that may be spent.</summary>
    private const double Budget = 2e10;

    /// <inheritdoc/>
    public string Name => "predictors";

    /// <inheritdoc/>
    public string Title => "Predictors of missingness";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.ImputationResult;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Column[] targets = [.. context.Columns.Where(c => c.MissingCount > 0 && c.MissingCount < c.Count)];
        ImputationResult completion = context.ImputationResult;
        Contrast[] predictors = [.. Contrast.Of(completion.Fit.Columns.Select(name => completion.Table.TryGetColumn(name, out Column? c)
            && c.MissingCount == 0 ? c : null).OfType<Column>())];
        if (targets.Length == 0)
        {
            return new DiagnosticResult
            {
                Findings = [new Finding(FindingSeverity.Note, "predictors-none",
                    "No column has both missing and observed cells: missingness cannot be modelled.", [])],
                Values = Values(0, 0, double.NaN),
            };
        }
        Analysis analysis = Analyse(context, targets, predictors);
        double[] adjusted = FalseDiscovery.Adjust([.. analysis.Regressions.Select(r => r.ClaimedLogP)]);
        return new Summary(context, targets, predictors, analysis, adjusted).Result();
    }

    private static IReadOnlyList<KeyValuePair<string, double>> Values(int tested, int predicted, double smallest) =>
        [new("columnsTested", tested), new("columnsPredicted", predicted), new("smallestAdjustedPValue", smallest)];

    /// <summary>What was fitted.</summary>
    /// <param name="Regressions">One for each target.</param>
    /// <param name="Rows">The rows looked at.</param>
    /// <param name="IsRestricted">Whether some target had more predictors than may be used.</param>
    private sealed record Analysis(MissingnessRegression[] Regressions, int[] Rows, bool IsRestricted);

    private static Analysis Analyse(DiagnosticContext context, Column[] targets, Contrast[] predictors)
    {
        int[] rows = context.SampledRows();
        int count = Math.Min(predictors.Length, MostPredictors);
        double cost = 7.0 * targets.Length * rows.Length * (count + 1.0) * (count + 1);
        if (cost > Budget) rows = EvenSubsample.Take(rows, Math.Max(2000, (int)(rows.Length * Budget / cost)));
        int[] preferred = [.. Enumerable.Range(0, predictors.Length).OrderBy(j => predictors[j].Source.Original?.MissingCount ?? 0)
            .ThenBy(j => j)];
        var columns = new double[predictors.Length][];
        ParallelOptions parallel = ParallelWork.Options(context.RunOptions.Threads, context.Cancellation);
        ParallelWork.For(predictors.Length, parallel, j =>
        {
            NumericColumn column = predictors[j].Number;
            double[] values = Array.ConvertAll(rows, row => column[row]);
            SampleMoments moments = SampleMoments.Of(values);
            // a column without variance becomes 0, and is left out as collinear
            double scale = moments.Variance > 0 ? Math.Sqrt(moments.Variance) : double.PositiveInfinity;
            columns[j] = Array.ConvertAll(values, x => (x - moments.Mean) / scale);
        });
        bool Filled(int j, int i) => predictors[j].Source.WasFilled(rows[i]);
        var regressions = new MissingnessRegression[targets.Length];
        var restricted = new bool[targets.Length];
        ParallelWork.For(targets.Length, parallel, t =>
        {
            int[] candidates = [.. preferred.Where(j => predictors[j].Source.Name != targets[t].Name)];
            bool[] missing = Array.ConvertAll(rows, targets[t].IsMissing);
            int ones = missing.Count(m => m), most = Math.Min(MostPredictors,
                Math.Min(ones, rows.Length - ones) / MissingnessRegression.EventsPerPredictor);
            restricted[t] = most > 0 && most < candidates.Length;
            regressions[t] = MissingnessRegression.Of(columns, Filled, candidates, missing, most, context.Cancellation);
        });
        return new Analysis(regressions, rows, restricted.Contains(true));
    }

    /// <summary>The regressions put into words, tables and a chart.</summary>
    private sealed class Summary(DiagnosticContext context, Column[] targets, Contrast[] predictors, Analysis analysis,
        double[] adjusted)
    {
        private readonly double _level = Math.Log(context.Options.SignificanceLevel);

        private MissingnessRegression Of(int target) => analysis.Regressions[target];

        private string Predictor(int j) => predictors[j].Number.Name;

        /// <summary>A target's effects, strongest first: predictor, coefficient, standard error.</summary>
        private IEnumerable<(int Predictor, double Effect, double Error)> Effects(int target)
        {
            MissingnessRegression regression = Of(target);
            if (regression.Fit is not { Separation: Separation.None, Converged: true } fit) return [];
            return regression.Predictors.Select((j, a) => (j, fit.Coefficients[a + 1], fit.StandardErrors[a + 1]))
                .OrderByDescending(e => Math.Abs(e.Item2 / e.Item3)).ThenBy(e => e.j);
        }

        public DiagnosticResult Result()
        {
            int[] order = [.. Enumerable.Range(0, targets.Length).Where(t => Of(t).Fit is not null).OrderBy(t => adjusted[t])
                .ThenBy(t => Of(t).LogP).ThenBy(t => t)];
            int[] predicted = Array.FindAll(order, t => adjusted[t] <= _level);
            var findings = new List<Finding>();
            string verdict = order.Length == 0 ? "" :
                $"No evidence that the other columns predict missingness, in {TextFormat.Count(order.Length, "column")} (smallest "
                    + $"adjusted p = {TextFormat.PValue(adjusted[order[0]])}). This does not prove MCAR.";
            if (predicted.Length > 0)
            {
                int example = predicted[0];
                string numbers = Numbers(example);
                string which = $"{TextFormat.Names(predicted.Select(t => targets[t].Name), 6)} "
                    + $"{(predicted.Length == 1 ? "is" : "are")} missing";
                verdict = $"The other columns predict whether {which} (not MCAR): {Says(example)}; {numbers}.";
                findings.Add(new Finding(FindingSeverity.Warning, "missingness-predicted",
                    $"The other columns predict whether {which}: {Says(example)}. The data are not MCAR; they may be MAR given these "
                        + $"columns.",
                    [.. predicted.Take(12).Select(t => targets[t].Name)],
                        "Keep the predictors of missingness in the model, and do not use listwise deletion.")
                { Evidence = numbers });
            }
            else if (order.Length > 0)
            {
                findings.Add(new Finding(FindingSeverity.Note, "missingness-not-predicted",
                    $"The other columns do not significantly predict missingness, in {TextFormat.Count(order.Length, "column")}. "
                        + $"Small or nonlinear effects may be undetected.", [])
                { Evidence = $"smallest adjusted p = {TextFormat.PValue(adjusted[order[0]])}" });
            }
            findings.Add(new Finding(FindingSeverity.Note, "mnar-cannot-be-excluded",
                "MNAR cannot be excluded: the data cannot show whether missingness depends on the missing values themselves.", [],
                "Consider why cells are missing. If the value itself may be the reason, do a sensitivity analysis: shift the filled "
                    + "values and see whether the conclusions change."));
            Add(findings, "missingness-separated", t => Of(t) is { Fit.Separation: not Separation.None, MayBeChance: false }
                && adjusted[t] <= _level,
                "complete or quasi-complete separation: the other columns predict the missingness without error",
                    "Check for a skip rule of the questionnaire or the file. If a rule says that there is no value, do not fill one in.");
            Add(findings, "missingness-partly-separated", t => Of(t).MayBeChance,
                "quasi-complete separation: the other columns predict some of the missingness without error, but with so few cells "
                    + "this may be chance", "Check for a skip rule of the questionnaire.");
            int[] untested = Untested();
            if (untested.Length > 0)
            {
                findings.Add(new Finding(FindingSeverity.Note, "missingness-not-tested",
                    $"{TextFormat.Count(untested.Length, "column")} with missing cells {(untested.Length == 1 ? "was" : "were")} not "
                        + $"tested: fewer than {MissingnessRegression.EventsPerPredictor} missing or observed cells, or no predictors.",
                    [.. untested.Take(12).Select(t => targets[t].Name)]));
            }
            Add(findings, "missingness-not-converged", t => Of(t).Fit is { Converged: false }, "the logistic regression did not "
                + "converge", "");
            return new DiagnosticResult
            {
                Verdict = verdict,
                Findings = findings,
                Values = Values(order.Length, predicted.Length, order.Length == 0 ? double.NaN : Math.Exp(adjusted[order[0]])),
                Tables = [Tests([.. order, .. untested]), .. EffectTable(order)],
                Charts = [.. Chart(order)],
                Method = Method(),
            };
        }

        /// <summary>Targets without a regression.</summary>
        private int[] Untested() => [.. Enumerable.Range(0, targets.Length).Where(t => Of(t).Fit is null)];

        private void Add(List<Finding> findings, string code, Func<int, bool> applies, string sentence, string advice)
        {
            string[] names = [.. Enumerable.Range(0, targets.Length).Where(applies).Select(t => targets[t].Name)];
            if (names.Length > 0) findings.Add(new Finding(FindingSeverity.Note, code, $"For {TextFormat.Names(names)}: {sentence}.", names,
                advice));
        }

        private string Numbers(int target) =>
            $"likelihood ratio {TextFormat.Number(Of(target).Statistic, 3)} for "
                + $"{TextFormat.Count(Of(target).Predictors.Length, "predictor")}, adjusted p = {TextFormat.PValue(adjusted[target])}";

        private string Says(int target)
        {
            if (!Effects(target).Any())
            {
                SeparatingBorder? rule = SeparatingBorder.Find(Of(target).Predictors, (j, i) => predictors[j].Number[analysis.Rows[i]],
                    Array.ConvertAll(analysis.Rows, targets[target].IsMissing));
                return rule?.Says(targets[target].Name, predictors[rule.Predictor])
                    ?? $"together they predict the missingness of '{targets[target].Name}' without error";
            }
            (int j, double effect, _) = Effects(target).First();
            return $"'{targets[target].Name}' is {(effect > 0 ? "more" : "less")} often missing where "
                + $"{(predictors[j].IsIndicator ? Predictor(j) : $"'{Predictor(j)}' is high")} (odds "
                + $"ratio {TextFormat.Number(Math.Exp(effect), 2)} per standard deviation, other columns held fixed)";
        }

        private DiagnosticTable Tests(int[] order) => new("Likelihood-ratio tests of missingness",
            [
                new("Column", CellFormat.Text), new("Adjusted p", CellFormat.PValue), new("Missing", CellFormat.Count),
                    new("Observed", CellFormat.Count), new("Likelihood ratio"), new("df", CellFormat.Count),
                new("p", CellFormat.PValue), new("log10 p"), new("Share of deviance", CellFormat.Share),
                    new("Strongest predictor", CellFormat.Text), new("Remark", CellFormat.Text),
            ],
            [.. order.Take(MostRows).Select(t => Of(t).Fit is null
                ? new object?[] { targets[t].Name, null, Of(t).Missing, Of(t).Observed, null, null, null, null, null, null,
                    TooFew(t) ? "too few cells to test" : "no predictors" }
                : new object?[]
                {
                    targets[t].Name, Math.Exp(adjusted[t]), Of(t).Missing, Of(t).Observed, Of(t).Statistic, Of(t).Predictors.Length,
                        Math.Exp(Of(t).LogP), TailProbability.Log10(Of(t).LogP),
                    Of(t).Statistic / Of(t).NullDeviance, Effects(t).Select(e => Predictor(e.Predictor)).FirstOrDefault(),
                    Of(t) switch { { MayBeChance: true } => "quasi-complete separation, too few cells",
                        { Fit.Separation: Separation.Complete } => "complete separation", { Fit.Separation: Separation.Quasi } =>
                        "quasi-complete separation", _ => "" },
                })])
        {
            Note = (order.Length > MostRows ? $"{TextFormat.Count(order.Length - MostRows, "column")} left out, with larger p or "
                + "not tested. " : "") + LeftOut()
                + "Share of deviance: likelihood ratio over the deviance of the intercept alone (McFadden 1974).",
        };

        private bool TooFew(int target) => Math.Min(Of(target).Missing, Of(target).Observed) < MissingnessRegression.EventsPerPredictor;

        /// <summary>Which predictors were left out, and why.</summary>
        private string LeftOut()
        {
            string collinear = TextFormat.Names(analysis.Regressions.SelectMany(r => r.Collinear).Distinct().Order().Select(Predictor));
            string[] unseen = [.. Enumerable.Range(0, targets.Length).Where(t => Of(t).Unseen.Length > 0).Take(6)
                .Select(t => $"for '{targets[t].Name}': {TextFormat.Names(Of(t).Unseen.Select(Predictor), 6)}")];
            return (collinear == "none" ? "" : $"Left out as predictors in some regressions (collinear or constant): "
                + $"{collinear}. ")
                + (unseen.Length == 0 ? "" : $"Left out because they are missing in most rows in which the column is missing: "
                    + $"{string.Join("; ", unseen)}. ");
        }

        private IEnumerable<DiagnosticTable> EffectTable(int[] order)
        {
            var effects = order.SelectMany((t, rank) => Effects(t).Take(3).Select(e => (Target: t, rank, e.Predictor, e.Effect, e.Error)))
                .ToList();
            if (effects.Count == 0) yield break;
            yield return new DiagnosticTable("Strongest effects",
                [new("Missing column", CellFormat.Text), new("Predictor", CellFormat.Text), new("Effect per sd"), new("Standard error"),
                    new("Odds ratio per sd"), new("z")],
                [.. effects.OrderBy(e => e.rank).ThenByDescending(e => Math.Abs(e.Effect / e.Error)).Take(MostRows)
                    .Select(e => new object?[] { targets[e.Target].Name, Predictor(e.Predictor), e.Effect, e.Error, Math.Exp(e.Effect),
                    e.Effect / e.Error })])
            {
                Note = "The three predictors with the largest |z| of each column. Effect: change of the log odds of being missing "
                    + "per standard deviation of the predictor, the others held fixed; positive: missing more often where the "
                    + "predictor is high.",
            };
        }

        private IEnumerable<Chart> Chart(int[] order)
        {
            int[] rows = [.. order.Where(t => Effects(t).Any()).Take(MostInChart)];
            int[] columns = [.. rows.SelectMany(t => Effects(t).Select(e => (e.Predictor, Size: Math.Abs(e.Effect))))
                .GroupBy(e => e.Predictor).OrderByDescending(g => g.Max(e => e.Size)).ThenBy(g => g.Key).Take(MostInChart)
                .Select(g => g.Key).Order()];
            if (rows.Length == 0) yield break;
            var values = new double[rows.Length, columns.Length];
            for (int a = 0; a < rows.Length; a++)
            {
                Dictionary<int, double> effects = Effects(rows[a]).ToDictionary(e => e.Predictor, e => e.Effect);
                for (int b = 0; b < columns.Length; b++) values[a, b] = effects.GetValueOrDefault(columns[b], double.NaN);
            }
            double size = Math.Clamp(values.Cast<double>().Where(v => !double.IsNaN(v)).DefaultIfEmpty(1).Max(Math.Abs), 0.5, 3);
            yield return new HeatMap("Predictors of missingness", "Change of log odds per standard deviation",
                [.. rows.Select(t => targets[t].Name)], [.. columns.Select(Predictor)], values, -size, size)
            {
                Description = "Rows: the column that is missing. Columns: predictors. Positive: missing more often where the "
                    + "predictor is high. " + Says(rows[0]) + ".",
            };
        }

        private string Method()
        {
            string text = "Logistic regressions of missingness on the other modelled columns, filled by the model and standardised; "
                + "likelihood-ratio tests against the intercept-only model, p adjusted over columns after Benjamini and "
                + "Hochberg (1995).";
            if (analysis.IsRestricted)
                text += $" Predictors are the columns with the fewest missing cells: one for every "
                    + $"{MissingnessRegression.EventsPerPredictor} rows of the rarer outcome (missing or observed), and at most "
                    + $"{MostPredictors}.";
            return text + TextFormat.Sample(analysis.Rows.Length, context.Table.RowCount, context.RunOptions.Seed);
        }
    }
}
