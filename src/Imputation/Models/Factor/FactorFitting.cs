using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Models.Factor;

/// <summary>From a table to a fit: the data, the number of factors, EM, and the report.</summary>
internal static class FactorFitting
{
    /// <summary>Uniqueness, as a share of the column's variance, below which a column counts as a Heywood case.</summary>
    private const double Heywood = 1e-3;

    /// <summary>Iterations without a prior after which <see cref="CovariancePrior.Auto"/> takes the weakest ridge.</summary>
    private const int MostPlain = 500;

    /// <summary>Fits.</summary>
    public static FactorFit Fit(Table table, FactorOptions options, RunOptions run, CancellationToken cancellation, out FactorData data)
    {
        options.Validate();
        run.Validate();
        TableEncoder.RequireRows(table);
        (IncompleteMatrix? matrix, IReadOnlyList<ColumnUse> uses) = TableEncoder.Encode(table, options.Columns);
        if (matrix is null) throw TableEncoder.NothingToModel(uses, "column of numbers");
        int p = matrix.ColumnCount;
        if (options.Factors >= p)
            throw new ImputationDataException($"{options.Factors} factors are too many for {TextFormat.Count(p, "column")}; expected at "
                + $"most {p - 1}.");

        data = FactorData.From(matrix, table.RowWeights);
        bool chooses = options.Factors is null || (options.Prior.Kind == CovariancePriorKind.Auto
            && matrix.Columns.Any(c => c.Count - c.MissingCount < CovariancePrior.EnoughRows * p));
        IReadOnlyList<FactorCandidate> tried = chooses ? FactorSelection.Try(data, options, run, cancellation) : [];
        FactorCandidate? best = tried.MaxBy(c => c.Score);
        int q = best?.FactorCount ?? options.Factors ?? 0;
        CovariancePrior prior = best?.Prior ?? (options.Prior.Kind == CovariancePriorKind.Auto ? CovariancePrior.None : options.Prior);
        var findings = new List<Finding>();
        EmFit<FactorParameters> em = Solve(data, q, prior, options, run, cancellation);
        if (options.Prior.Kind == CovariancePriorKind.Auto && prior.Kind == CovariancePriorKind.None && q > 0
            && em.Outcome is EmOutcome.Unbounded or EmOutcome.Stalled or EmOutcome.MaxIterations)
        {
            string[] border = HeywoodColumns(em.Parameters, matrix.ColumnNames);
            prior = CovariancePrior.Ridge(1);
            em = Solve(data, q, prior, options, run, cancellation);
            findings.Add(new Finding(FindingSeverity.Note, "prior-chosen", "Without a prior EM does not converge"
                + (border.Length == 0 ? "" : $": the uniqueness of {TextFormat.Names(border)} runs to 0 (a Heywood case)")
                + $". So the model was fitted under a ridge prior, {prior}.", border));
        }
        FactorParameters parameters = em.Parameters.Canonical();
        if (em.Outcome == EmOutcome.Unbounded)
            findings.Add(new Finding(FindingSeverity.Problem, "unbounded", "The likelihood of the factor model could not be computed: "
                + "numbers became too large.", [], "Fit fewer factors."));
        if (tried.Count > 0) findings.Add(Chosen(tried, q, prior, options));
        findings.AddRange(HeywoodCase(parameters, matrix.ColumnNames));
        findings.AddRange(TooMany(p, q, options.Noise));
        return new FactorFit(InUnits(parameters, data))
        {
            Columns = matrix.ColumnNames,
            Candidates = tried,
            Noise = options.Noise,
            Report = FitReport.Of(em, matrix.Columns, uses, ParameterCount(p, q, options.Noise), prior, findings).With(data.AllPatterns),
        };
    }

    private static EmFit<FactorParameters> Solve(FactorData data, int q, CovariancePrior prior, FactorOptions options, RunOptions run,
        CancellationToken cancellation)
    {
        // Where a ridge is at hand anyway, a likelihood that rises for hundreds of iterations towards a border is not followed to its end.
        EmOptions em = options.Prior.Kind == CovariancePriorKind.Auto && prior.Kind == CovariancePriorKind.None
            ? options with { MaxIterations = Math.Min(options.MaxIterations, MostPlain) } : options;
        return EmDriver.Fit(new FactorEm(data, q, options.Noise, prior.DegreesOfFreedom, run.Threads), em, run, cancellation);
    }

    /// <summary>Means, loadings and uniquenesses, those that rotate into one another counted once.</summary>
    public static int ParameterCount(int p, int q, FactorNoise noise) =>
        p + p * q - q * (q - 1) / 2 + (noise == FactorNoise.PerColumn ? p : 1);

    /// <summary>Parameters on the scale of the data.</summary>
    public static FactorParameters InUnits(FactorParameters standardised, FactorData data)
    {
        int p = standardised.ColumnCount, q = standardised.FactorCount;
        double[] mean = new double[p], loadings = new double[p * q], uniquenesses = new double[p];
        for (int j = 0; j < p; j++)
        {
            double scale = data.Scale[j];
            mean[j] = data.Center[j] + scale * standardised.Mean[j];
            for (int a = 0; a < q; a++) loadings[j * q + a] = scale * standardised.Loading(j)[a];
            uniquenesses[j] = scale * scale * standardised.Uniquenesses[j];
        }
        return new FactorParameters(mean, loadings, uniquenesses);
    }

    /// <summary>Parameters on the standardised scale.</summary>
    public static FactorParameters Standardised(FactorParameters inUnits, FactorData data)
    {
        int p = inUnits.ColumnCount, q = inUnits.FactorCount;
        double[] mean = new double[p], loadings = new double[p * q], uniquenesses = new double[p];
        for (int j = 0; j < p; j++)
        {
            double scale = data.Scale[j];
            mean[j] = (inUnits.Mean[j] - data.Center[j]) / scale;
            for (int a = 0; a < q; a++) loadings[j * q + a] = inUnits.Loading(j)[a] / scale;
            uniquenesses[j] = inUnits.Uniquenesses[j] / scale / scale;
        }
        return new FactorParameters(mean, loadings, uniquenesses);
    }

    private static Finding Chosen(IReadOnlyList<FactorCandidate> tried, int q, CovariancePrior prior, FactorOptions options)
    {
        bool bic = options.Criterion == FactorCriterion.Bic;
        string by = bic ? "BIC" : "hidden cells", factors = TextFormat.Count(q, "factor");
        string sentence = options.Factors is not null ? $"The prior {prior} was chosen by {by}, for {factors} as asked."
            : $"{factors} {(q == 1 ? "was" : "were")} chosen by {by}{(prior.Kind == CovariancePriorKind.None ? ""
                : $", with the prior {prior}")}.";
        return new Finding(FindingSeverity.Note, "factors-chosen", sentence, [])
        {
            Evidence = (bic ? "−BIC / 2: " : "mean log density of a hidden cell: ")
                + string.Join(", ", tried.Select(c => FormattableString.Invariant($"{c.FactorCount}: {c.Score:F4} ({c.Prior})"))),
        };
    }

    private static string[] HeywoodColumns(FactorParameters parameters, IReadOnlyList<string> names) =>
        [.. names.Where((_, j) => parameters.Uniquenesses[j] < Heywood * parameters.Variance(j))];

    private static IEnumerable<Finding> HeywoodCase(FactorParameters parameters, IReadOnlyList<string> names)
    {
        string[] columns = HeywoodColumns(parameters, names);
        if (columns.Length == 0) yield break;
        yield return new Finding(FindingSeverity.Warning, "heywood", $"The uniqueness of {TextFormat.Names(columns)} runs to 0 (a Heywood "
            + $"case): the factors reproduce {(columns.Length == 1 ? "the column" : "each of these columns")} exactly, the likelihood "
            + "rises up to this border, and the limits of its cells are too narrow.", columns, "Fit fewer factors.")
        {
            Evidence = string.Join(", ", names.Select((name, j) => (name, Share: parameters.Uniquenesses[j] / parameters.Variance(j)))
                .Where(c => columns.Contains(c.name)).Select(c => FormattableString.Invariant($"{c.name}: {c.Share:G2} of its variance"))),
        };
    }

    /// <summary>Ledermann's bound: beyond it the covariance has fewer elements than the model parameters.</summary>
    private static IEnumerable<Finding> TooMany(int p, int q, FactorNoise noise)
    {
        if (q == 0 || ParameterCount(p, q, noise) - p <= p * (p + 1) / 2) yield break;
        yield return new Finding(FindingSeverity.Warning, "too-many-factors", $"{TextFormat.Count(q, "factor")} of "
            + $"{TextFormat.Count(p, "column")} are more than a covariance determines (Ledermann 1937): loadings and uniquenesses are one "
            + "choice of many.", [], "Fit fewer factors.");
    }
}
