using Imputation.Text;

namespace Imputation.Analyses;

/// <summary>The estimates from the completed tables, one after another, until they are pooled. Only numbers are kept, no table.</summary>
/// <param name="design">The columns of the regression.</param>
internal sealed class ImputationAnswers(Design design)
{
    private readonly List<LinearRegression> _regressions = [];
    private readonly List<Moments> _summaries = [];

    /// <summary>Number of imputations analysed.</summary>
    public int Count => _regressions.Count;

    /// <summary>Analyses the next imputation.</summary>
    public void Add(Table completed)
    {
        string which = $"Imputation {Count + 1}";
        foreach (string name in design.Formula.Predictors.Prepend(design.Formula.Response))
        {
            if (!completed.TryGetColumn(name, out Column? column))
                throw new ArgumentException($"{which} has no column '{name}'; it has "
                    + $"{TextFormat.Names(completed.Columns.Select(c => c.Name))}.", nameof(completed));
            if (column is not NumericColumn && design.Names.Contains(name))
                throw new ArgumentException($"{which}: column '{name}' is {column.Kind.ToString().ToLowerInvariant()}; expected numbers.",
                    nameof(completed));
            if (column.MissingCount > 0 && column.MissingCount == column.Count)
                throw new ImputationDataException($"{which}: column '{name}' has no observed value and could not be imputed. Leave "
                    + "it out of the formula.", name);
            if (column.MissingCount > 0)
                throw new ImputationDataException(
                    $"{which}: column '{name}' still has {column.MissingCount} missing cell{(column.MissingCount == 1 ? "" : "s")}"
                        + (column.Mask.Origins.Any(o => o.Reason == MissingReason.NotAsked)
                            ? " of a question that was not asked of all. Analyse the rows that were asked, leave the column out of the "
                            + "formula, or fill these cells too (--fill-not-asked)."
                            : "; it was not imputed. Model it together with the other columns of the formula, or leave it out of the "
                            + "formula."),
                    name);
        }
        if (Count > 0 && completed.RowCount != _regressions[0].RowCount)
            throw new ImputationDataException($"{which} has {completed.RowCount} rows, imputation 1 has {_regressions[0].RowCount}; "
                + "expected the same rows in all.");

        IReadOnlyList<CenteredColumn> columns = CompleteRows.Of(design.Over(completed), design.Names);
        LinearRegression regression = LeastSquares.Fit(design.Formula, columns);
        if (Count > 0 && !regression.Names.SequenceEqual(_regressions[0].Names))
        {
            DroppedPredictor odd = regression.Dropped.Concat(_regressions[0].Dropped).First(d => !regression.Names.Contains(d.Name)
                || !_regressions[0].Names.Contains(d.Name));
            throw new ImputationDataException($"In some but not all imputations {odd.Reason}", odd.Name);
        }
        _regressions.Add(regression);
        _summaries.Add(Moments.Of(columns)!);
    }

    public PooledAnalysis Pooled(double confidence, Table? incomplete)
    {
        LinearRegression first = _regressions[0];
        int n = first.RowCount, like = _summaries[0].EffectiveRowCount;
        IReadOnlyList<string> columns = _summaries[0].Columns;
        PooledVector coefficients = Pool.Vectors(
            [.. _regressions.Select(r => r.CoefficientValues)], [.. _regressions.Select(r => r.Covariance.Values)],
                first.DegreesOfFreedom, confidence,
                first.Names);
        List<Finding> findings = [.. first.Dropped.Select(d => new Finding(FindingSeverity.Warning, d.ExplainedBy.Count == 0
            ? "constant-predictor" : "collinear-predictor", d.Reason, [d.Name, .. d.ExplainedBy]))];
        findings.AddRange(first.NearlyDetermined.Select(d => new Finding(FindingSeverity.Warning, "nearly-collinear-predictor",
            $"'{d.Name}' is all but a linear combination of the predictors before it (R² = 1 − {TextFormat.Compact(d.Unexplained, 2)}): "
                + "the coefficients rest on the last digits of the data.", [d.Name],
                    "Leave one of them out, unless the data have that many digits.")));
        (CompleteCases? completeCases, int? completeRows) = Complete(incomplete, findings);
        var analysis = new PooledAnalysis
        {
            Formula = design.Formula,
            Columns = columns,
            Categories = [.. design.Categories.Select(c => c with { Test = Test(coefficients, c.Terms) })],
            RowCount = n,
            Coefficients = coefficients,
            Dropped = first.Dropped,
            SlopesTest = Test(coefficients, coefficients.Names.Skip(1)),
            RSquared = first.Names.Count > 1 && Correlation([.. _regressions.Select(r => Math.Sqrt(r.RSquared))], like, confidence)
                is { } root
                ? new PooledRSquared(root) : null,
            Means = [.. columns.Select(name => Pool.Scalars([.. _summaries.Select(s => s[name].Mean)],
                [.. _summaries.Select(s => Square(s[name].StandardError))], n - 1, confidence))],
            Correlations = [.. from j in Enumerable.Range(0, columns.Count)
                               from l in Enumerable.Range(j + 1, columns.Count - j - 1)
                               select new AnalyzedCorrelation(columns[j], columns[l],
                                   Correlation([.. _summaries.Select(s => s.Correlation(columns[j], columns[l]))], like, confidence))],
            CompleteCases = completeCases,
            CompleteRowCount = completeRows,
            Findings = findings,
        };
        if (NoInterval.Of([.. coefficients.Names.Zip(coefficients.Coefficients),
            .. columns.Zip(analysis.Means, (name, mean) => ($"mean of {name}", mean)),
            .. analysis.Correlations.Where(c => c.Pooled is not null).Select(c => ($"correlation of {c.First} and {c.Second}",
                c.Pooled!.Fisher))]) is { } without)
            findings.Add(without);
        return analysis;
    }

    /// <summary>D₁ of those that have a coefficient. A fit without residuals has no variance to test by.</summary>
    private static PooledTest? Test(PooledVector coefficients, IEnumerable<string> terms)
    {
        string[] slopes = [.. terms.Where(coefficients.Names.Contains)];
        if (slopes.Length == 0) return null;
        try
        {
            return coefficients.D1(slopes);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Null where Fisher's z does not exist for all of them, or its variance.</summary>
    private static PooledCorrelation? Correlation(double[] correlations, int n, double confidence) =>
        n >= 4 && correlations.All(r => Math.Abs(r) < 1) ? Pool.Correlations(correlations, n, confidence) : null;

    private (CompleteCases? Answer, int? Rows) Complete(Table? incomplete, List<Finding> findings)
    {
        if (incomplete is null)
        {
            findings.Add(new Finding(FindingSeverity.Note, "complete-cases-unknown",
                "The table before imputation is unknown, so there is no complete-case analysis to compare with.", []));
            return (null, null);
        }
        IReadOnlyList<CenteredColumn> columns = CompleteRows.Of(design.Over(incomplete), design.Names);
        int rows = columns.Count == 0 ? 0 : columns[0].Values.Length;
        try
        {
            return (new CompleteCases(LeastSquares.Fit(design.Formula, columns), Moments.Of(columns)!), rows);
        }
        catch (ImputationDataException exception)
        {
            findings.Add(new Finding(FindingSeverity.Note, "complete-cases-too-few",
                $"The complete-case analysis failed: {char.ToLowerInvariant(exception.Message[0])}{exception.Message[1..]}", []));
            return (null, rows);
        }
    }

    private static double Square(double value) => value * value;
}
