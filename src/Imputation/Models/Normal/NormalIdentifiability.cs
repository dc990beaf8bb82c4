using System.Globalization;
using Imputation.Models.Gaussian;
using Imputation.Text;

namespace Imputation.Models.Normal;

/// <summary>Identifiability of the normal model: which parameters the data do and do not identify, by name, before the fit and from
/// it.</summary>
internal sealed class NormalIdentifiability
{
    private readonly GaussianData _data;
    private readonly IReadOnlyList<ColumnUse> _dispositions;
    private readonly List<LinearRelation> _relations;
    private readonly IReadOnlyList<(int First, int Second)> _apart;

    public NormalIdentifiability(GaussianData data, IReadOnlyList<ColumnUse> dispositions)
    {
        _data = data;
        _dispositions = dispositions;
        _relations = [.. RelationFinder.Find(data)];
        _apart = data.Patterns.NeverObservedTogether();
    }

    /// <summary>Why maximum likelihood has no unique answer, as the middle of a sentence; null where nothing says so before the
    /// fit.</summary>
    public string? WhyNoUniqueMaximum
    {
        get
        {
            if (_relations.Count > 0) return _relations[0].Holds;
            if (_data.RowCount <= _data.ColumnCount) return $"there are {_data.RowCount} rows for {_data.ColumnCount} columns";
            if (_apart.Count > 0) return $"{Name(_apart[0].First)} and {Name(_apart[0].Second)} are never observed together";
            return null;
        }
    }

    /// <summary>The relations known so far, exact or too close to it for double precision.</summary>
    public IReadOnlyList<LinearRelation> Relations => _relations;

    /// <summary>Takes in the relations that a fitted covariance points to, where its eigenvalues are below the limit.</summary>
    public void Learn(GaussianParameters fitted, double limit) =>
        _relations.AddRange(RelationFinder.Find(_data, fitted, limit, _relations));

    /// <summary>Everything found, most important first.</summary>
    public IReadOnlyList<Finding> Report(EmFit<GaussianParameters> fit, CovariancePrior prior)
    {
        var findings = new List<Finding>();
        bool maximumLikelihood = prior.Kind == CovariancePriorKind.None;
        // Complete data need no prior, and auto takes none.
        string ridgeAdvice = !maximumLikelihood ? "." : _data.MissingCellWeight == 0 ? ", or use a ridge prior (such as ridge:1)."
            : ", or use a ridge prior (ridge:1, or auto for the weakest that helps).";

        if (fit.Outcome == EmOutcome.Unbounded) findings.Add(Unbounded(fit));
        else if (fit.Outcome != EmOutcome.Converged) findings.Add(NotConverged(fit));

        foreach (LinearRelation relation in _relations) findings.Add(Related(relation, ridgeAdvice));
        if (_data.RowCount <= _data.ColumnCount && _data.MissingCellWeight == 0 && maximumLikelihood)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "fewer-rows-than-columns",
                $"{_data.RowCount} rows for {_data.ColumnCount} columns (n < p): the sample's covariance is singular, and the likelihood "
                    + "has no bound.",
                [], "Leave out columns, or use a ridge prior (such as ridge:1)."));
        }
        else if (_data.RowCount <= _data.ColumnCount)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "fewer-rows-than-columns",
                $"{_data.RowCount} rows with something observed for {_data.ColumnCount} columns: the covariance cannot be estimated "
                    + $"without a prior (n < p).",
                [], maximumLikelihood ? "Leave out columns, or use a ridge prior (ridge:1, or auto for the weakest that helps)." : ""));
        }
        AddApart(findings, maximumLikelihood);
        AddFlat(findings, fit);
        AddSaddlesAndMaxima(findings, fit);
        if (maximumLikelihood && fit.Outcome == EmOutcome.Converged) AddUnbounded(findings);
        AddColumns(findings);
        AddStatistics(findings, fit.Parameters);
        return findings;
    }

    private Finding Unbounded(EmFit<GaussianParameters> fit)
    {
        Sinking sinking = Sinks(fit);
        string related = _relations.Count > 0 ? $"; {_relations[0].Holds}" : "";
        return new Finding(FindingSeverity.Problem, sinking.IsUnbounded ? "unbounded" : "near-singular",
            $"{(sinking.IsUnbounded ? "The likelihood has no maximum" : "EM cannot go on")}: {Why(sinking, "it")} (iteration "
                + $"{fit.Trace.Count}){related}.",
            [.. sinking.Columns.Select(j => _data.ColumnNames[j])],
            "Leave out one of these columns, or use a ridge prior (ridge:1, or auto for the weakest that helps).");
    }

    /// <summary>Why EM came to a singular covariance, as the middle of a sentence: the columns by name, and the number of rows that have
    /// them all.</summary>
    public string WhyUnbounded(EmFit<GaussianParameters> fit) => Why(Sinks(fit), "the likelihood");

    private string Why(Sinking sinking, string likelihood)
    {
        string names = TextFormat.Names(sinking.Columns.Select(j => _data.ColumnNames[j])),
            few = _relations.Count > 0 ? ""
                : $", all of which only {sinking.RowCount} {(sinking.RowCount == 1 ? "row has" : "rows have")},";
        return sinking.IsUnbounded ? $"{likelihood} is unbounded as the covariance of {names}{few} becomes singular"
            : $"the covariance of {names} cannot be distinguished from a singular one in double precision";
    }

    /// <summary>The columns whose covariance becomes singular.</summary>
    /// <param name="Columns">Indices.</param>
    /// <param name="RowCount">Number of rows that have them all.</param>
    /// <param name="IsUnbounded">Whether it is certain that the likelihood has no bound: there is an exact relation, or no more of these
    /// rows than columns, so that they lie on a hyperplane.</param>
    private sealed record Sinking(int[] Columns, long RowCount, bool IsUnbounded);

    private Sinking Sinks(EmFit<GaussianParameters> fit)
    {
        int[] columns = NearSingularColumns(fit.Parameters);
        long rows = _data.Patterns.HavingAll(columns).Sum(k => (long)_data.Patterns.RowCountOf(k));
        return new Sinking(columns, rows, _relations.Any(r => r.Unexplained == 0) || (_relations.Count == 0 && rows <= columns.Length));
    }

    private Finding NotConverged(EmFit<GaussianParameters> fit)
    {
        if (fit.Outcome is EmOutcome.Stalled or EmOutcome.MaxIterations && fit.Parameters.Condition > 1e5)
        {
            // Also without an exact relation the maximum can lie at a singular covariance: where pairs are observed, but not all together.
            string[] columns = [.. NearSingularColumns(fit.Parameters).Select(j => _data.ColumnNames[j])];
            return new Finding(FindingSeverity.Problem, "not-converged",
                $"EM did not converge in {fit.Trace.Count} iterations: the covariance of {TextFormat.Names(columns)} is nearly singular, "
                    + "and double precision does not tell whether the likelihood has a maximum near it or rises towards a singular one.",
                columns,
                "Leave out one of these columns, or use a ridge prior (ridge:1, or auto for the weakest that helps).");
        }
        string step = fit.Trace.Count == 0 ? "" : $" The last step was "
            + $"{fit.Trace[^1].Distance.ToString("G2", CultureInfo.InvariantCulture)} standard deviations.";
        (string what, string advice) = fit.Outcome switch
        {
            EmOutcome.MaxIterations => ($"EM did not converge in {fit.Trace.Count} iterations.",
                "Allow more iterations, or check which parameters are weakly identified."),
            EmOutcome.Stalled => ("EM stopped before the tolerance was reached: floating-point precision allows no further progress.",
                "Use a larger tolerance, or a ridge prior."),
            EmOutcome.Cancelled => ($"EM was cancelled after {fit.Trace.Count} iterations.", ""),
            _ => ("An EM step lowered the objective, which it never should.", "Please report this with the data."),
        };
        return new Finding(FindingSeverity.Problem, "not-converged", what + step, [], advice);
    }

    private Finding Related(LinearRelation relation, string ridgeAdvice)
    {
        string filled = _data.MissingCellWeight == 0 ? "" : " Missing cells that it determines are filled from it.";
        string advice = _data.MissingCellWeight == 0 ? $"Leave out one of them where the model is to predict other tables{ridgeAdvice}"
            : $"Without a prior {(relation.Unexplained == 0 ? "the likelihood is unbounded" : "EM cannot go on")}: leave out one of "
                + $"them{ridgeAdvice}";
        string where = $"in all {relation.RowCount} rows where {TextFormat.Names(relation.Columns)} are observed";
        if (relation.Unexplained > 0)
            return new Finding(FindingSeverity.Warning, "near-linear-relation", $"{relation.Holds}, {where}.{filled}", relation.Columns,
                advice);
        bool duplicate = relation.Columns.Count == 2 && relation.Coefficients[0] == 1 && relation.Constant == 0;
        string sentence = duplicate
            ? $"'{relation.Columns[1]}' equals '{relation.Columns[0]}' in all {relation.RowCount} rows where both are observed."
            : $"{relation.Holds} {where}.";
        return new Finding(FindingSeverity.Warning, duplicate ? "duplicate-columns" : "linear-relation", sentence + filled,
            relation.Columns, advice);
    }

    private void AddApart(List<Finding> findings, bool maximumLikelihood)
    {
        if (_apart.Count == 0) return;
        string[] pairs = [.. _apart.Take(6).Select(d => $"{Name(d.First)} and {Name(d.Second)}")];
        string more = _apart.Count > pairs.Length ? $" and {_apart.Count - pairs.Length} more pairs" : "";
        findings.Add(new Finding(FindingSeverity.Warning, "never-observed-together",
            $"No row has both of {string.Join("; ", pairs)}{more}: the data do not identify their covariance"
            + (maximumLikelihood ? "; its value is that of the starting point. All other parameters are identified." : "; its value "
                + "comes from the prior."),
            [.. _apart.SelectMany(d => new[] { d.First, d.Second }).Distinct().Select(j => _data.ColumnNames[j])],
            maximumLikelihood ? "Leave out one of each pair, or use a ridge prior (ridge:1, or auto for the weakest that helps)."
                : "Do not interpret the correlation of such a pair."));
    }

    /// <summary>Names the parameters along a direction in which the objective is flat, unless pairs never observed together explain
    /// it.</summary>
    private void AddFlat(List<Finding> findings, EmFit<GaussianParameters> fit)
    {
        foreach (IReadOnlyList<double> direction in fit.FlatDirections)
        {
            IReadOnlyList<(string Text, int First, int Second)> open = Parameters(fit.Parameters, direction);
            if (open.All(d => _apart.Contains((Math.Min(d.First, d.Second), Math.Max(d.First, d.Second))))) continue;
            findings.Add(new Finding(FindingSeverity.Warning, "not-determined",
                $"The data do not identify {Listed(open)}: the likelihood is flat along a combination of these, and its value is "
                    + $"that of the starting point.",
                [.. open.SelectMany(d => new[] { d.First, d.Second }).Distinct().Select(j => _data.ColumnNames[j])],
                "Leave out a column, or use a ridge prior (ridge:1, or auto for the weakest that helps)."));
        }
    }

    private void AddSaddlesAndMaxima(List<Finding> findings, EmFit<GaussianParameters> fit)
    {
        foreach (EmSaddle<GaussianParameters> saddle in fit.Saddles.Take(3))
        {
            IReadOnlyList<(string Text, int First, int Second)> upward = Parameters(saddle.Parameters, saddle.Direction);
            findings.Add(new Finding(FindingSeverity.Warning, "saddle",
                $"{(saddle.Start == 0 ? "The first start" : $"Random start {saddle.Start}")} reached a saddle point (log-likelihood "
                    + $"{Number(saddle.LogLikelihood)}), where the likelihood curves upward along {Listed(upward)}; it was continued "
                        + $"uphill in both directions.",
                [.. upward.SelectMany(d => new[] { d.First, d.Second }).Distinct().Select(j => _data.ColumnNames[j])],
                "Compare the distinct maxima that were reached."));
        }
        if (fit.EndPoints.Count > 1 && fit.FlatDirections.Count == 0)
        {
            bool equal = Math.Abs(fit.EndPoints[0].Objective - fit.EndPoints[1].Objective) <= 1e-8 * (1 + Math.Abs(fit.Objective));
            string heights = string.Join(", ", fit.EndPoints.Take(5).Select(e => Number(e.Objective)));
            findings.Add(new Finding(FindingSeverity.Warning, "several-maxima",
                $"{fit.EndPoints.Count} distinct maxima were reached, with objectives {heights}{(fit.EndPoints.Count > 5 ? ", ..." : "")}"
                + (equal ? "; the highest are equal, so the data do not distinguish them, and the first one found was used."
                    : "; the highest was used."),
                [], "Use more restarts to search for others, and report all maxima, not just one."));
        }
        if (fit.Outcome == EmOutcome.Converged && fit.Runs.Any(r => r.Outcome == EmOutcome.Unbounded))
        {
            findings.Add(new Finding(FindingSeverity.Warning, "unbounded-elsewhere",
                $"{fit.Runs.Count(r => r.Outcome == EmOutcome.Unbounded)} of {fit.Runs.Count} runs diverged towards a singular "
                    + $"covariance; the estimate is a local maximum.",
                [], "A ridge prior makes the maximum unique."));
        }
    }

    /// <summary>Notes that a maximum is a local one because the likelihood is unbounded elsewhere.</summary>
    /// <remarks>q rows of q columns, or fewer, lie on a hyperplane. As the variance across it goes to 0, the likelihood of these rows grows
    /// without limit, and that of the incomplete rows stays as it is.</remarks>
    private void AddUnbounded(List<Finding> findings)
    {
        const int mostPatterns = 2000; // each is compared with all others
        if (_data.MissingCellWeight == 0) return;
        int complete = _data.Patterns.CompleteRowCount, p = _data.ColumnCount;
        if (complete > p) return;
        string? where = complete > 0 ? $"{complete} complete {(complete == 1 ? "row" : "rows")} for {p} columns" : null;
        for (int k = 0; where is null && k < _data.Patterns.Count && _data.Patterns.Count <= mostPatterns; k++)
        {
            int[] observed = _data.Patterns[k].Observed;
            long having = _data.Patterns.HavingAll(observed).Sum(j => (long)_data.Patterns.RowCountOf(j));
            if (observed.Length > 1 && having <= observed.Length)
                where = $"{having} {(having == 1 ? "row" : "rows")} in which all of the {observed.Length} columns "
                    + $"{TextFormat.Names(observed.Select(j => _data.ColumnNames[j]), 6)} are observed";
        }
        if (where is null) return;
        findings.Add(new Finding(FindingSeverity.Note, "likelihood-unbounded",
            $"{where} leave the likelihood without a bound: it rises without limit towards singular covariances, and the estimate is a "
                + "local maximum, as is usual with so few rows.",
            [], "A ridge prior (ridge:1) bounds it."));
    }

    private void AddColumns(List<Finding> findings)
    {
        int empty = _data.Patterns.RowCount - _data.RowCount;
        if (empty > 0)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "empty-rows",
                $"{empty} {(empty == 1 ? "row has" : "rows have")} no observed value in the modelled columns: they carry no "
                    + $"information and are filled with the means, or draws around them.", []));
        }
        foreach (ColumnUse d in _dispositions)
        {
            if (d.Role == ColumnRole.Constant)
            {
                findings.Add(new Finding(d.MissingCount == 0 ? FindingSeverity.Note : FindingSeverity.Warning, "constant-column",
                    $"'{d.Name}' is {d.Note}; it is not modelled.", [d.Name]));
            }
            else if (d.Role == ColumnRole.NothingObserved)
            {
                findings.Add(new Finding(FindingSeverity.Warning, "nothing-observed",
                    $"'{d.Name}' has no observed value: it is not modelled, and its cells stay missing.", [d.Name]));
            }
            else if (d.Role == ColumnRole.Identifier)
            {
                findings.Add(new Finding(FindingSeverity.Note, "identifier", $"'{d.Name}' is {d.Note}.", [d.Name]));
            }
        }
    }

    /// <summary>What cannot be said of data that are statistics of rows.</summary>
    private void AddStatistics(List<Finding> findings, GaussianParameters fitted)
    {
        const double halfTheDigits = 1e8; // a condition number of 1/√ε
        if (_data.HasRows || _data.IsStreamed) return;
        if (fitted.Condition > halfTheDigits)
            findings.Add(new Finding(FindingSeverity.Warning, "statistics-lack-digits",
                $"The covariance is nearly singular (condition number {fitted.Condition.ToString("G2", CultureInfo.InvariantCulture)}), "
                    + "and co-moments have half the digits of rows there.", [], "Fit the rows, or leave out one of the related columns."));
        findings.Add(new Finding(FindingSeverity.Note, "fitted-to-statistics",
            $"The model was fitted to statistics of {_data.TotalRowCount.ToString("N0", CultureInfo.InvariantCulture)} rows in "
                + $"{_data.Patterns.Count.ToString("N0", CultureInfo.InvariantCulture)} patterns, not to rows. Exact relations among "
                + "columns, predictions far from the observed values, and standard errors need rows: they were not looked for.", [],
            "To look for them, fit a sample of the rows too."));
        if (_data.TotalRowCount > int.MaxValue)
            findings.Add(new Finding(FindingSeverity.Note, "rows-beyond-count",
                $"{_data.TotalRowCount.ToString("N0", CultureInfo.InvariantCulture)} rows are more than a report counts, which says "
                    + $"{int.MaxValue.ToString("N0", CultureInfo.InvariantCulture)}; the estimates are from all of them.", []));
    }

    /// <summary>The columns along which a covariance sinks: those that weigh in the eigenvector of the smallest eigenvalue of its
    /// correlations.</summary>
    private static int[] NearSingularColumns(GaussianParameters parameters)
    {
        double[] weights = [.. RelationFinder.NullSpace(parameters, 0)[0].Select(Math.Abs)];
        double largest = weights.Max();
        return [.. Enumerable.Range(0, parameters.Count).Where(j => weights[j] > 1e-3 * largest)];
    }

    /// <summary>The parameters that move along a direction in coordinates: by a hundredth at least of the one that moves most, in standard
    /// deviations.</summary>
    private IReadOnlyList<(string Text, int First, int Second)> Parameters(GaussianParameters at, IReadOnlyList<double> direction)
    {
        const double step = 1e-4;
        var model = new NormalEm(_data, ScaledPrior.From(CovariancePrior.None, _data), threads: 1);
        GaussianParameters? ahead = model.Read(at, [.. direction.Select(x => step * x)]);
        GaussianParameters? behind = model.Read(at, [.. direction.Select(x => -step * x)]);
        if (ahead is null || behind is null) return [];
        int p = at.Count;
        var moves = new List<(double Size, string Text, int First, int Second)>();
        for (int i = 0; i < p; i++)
        {
            double deviation = Math.Sqrt(at.Covariance[i * p + i]);
            moves.Add((Math.Abs(ahead.Mean[i] - behind.Mean[i]) / deviation, $"mean({_data.ColumnNames[i]})", i, i));
            for (int j = 0; j <= i; j++)
            {
                double size = Math.Abs(ahead.Covariance[i * p + j] - behind.Covariance[i * p + j])
                    / (deviation * Math.Sqrt(at.Covariance[j * p + j]));
                moves.Add((size, i == j ? $"var({_data.ColumnNames[i]})"
                    : $"cov({_data.ColumnNames[j]}, {_data.ColumnNames[i]})", j, i));
            }
        }
        double largest = moves.Max(m => m.Size);
        return [.. moves.Where(m => m.Size > 0.01 * largest).OrderByDescending(m => m.Size).Select(m => (m.Text, m.First, m.Second))];
    }

    private static string Listed(IReadOnlyList<(string Text, int First, int Second)> parameters) =>
        parameters.Count <= 6 ? string.Join(", ", parameters.Select(d => d.Text))
            : string.Join(", ", parameters.Take(6).Select(d => d.Text)) + $" and {parameters.Count - 6} more";

    private string Name(int column) => $"'{_data.ColumnNames[column]}'";

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
