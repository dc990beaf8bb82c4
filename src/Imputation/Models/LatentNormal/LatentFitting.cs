using Imputation.Models.Gaussian;
using Imputation.Text;

namespace Imputation.Models.LatentNormal;

/// <summary>From a table to a fit: the margins, the data, EM, and the report.</summary>
internal static class LatentFitting
{
    /// <summary>E-steps of a fit, about, and multiplications of a thread in a second.</summary>
    private const double EStepCount = 60, Rate = 6e9;

    /// <summary>Latent variables from which on the ridge follows their number, where the rows are fewer than three times that.</summary>
    private const int WideCount = 30;

    /// <summary>Fits; the report has no counts of patterns yet.</summary>
    public static LatentNormalFit Fit(Table table, LatentNormalOptions options, RunOptions run, CancellationToken cancellation,
        out LatentData data)
    {
        options.Validate();
        run.Validate();
        TableEncoder.RequireRows(table);
        IReadOnlyList<ColumnUse> uses = TableEncoder.Uses(table, options.Columns, categories: true);
        Column[] columns = [.. uses.Where(u => u.Role == ColumnRole.Modelled).Select(u => table[u.Name])];
        if (columns.Length == 0) throw TableEncoder.NothingToModel(uses, "number or category");

        var builder = new MarginBuilder(options.Numbers == NumberScale.Auto ? MarginBuilder.ScaleOf(columns) : options.Numbers);
        var layout = new LatentLayout([.. columns.Select(builder.Of), .. table.Beside.Select(builder.OfPredictor)]);
        columns = [.. columns, .. table.Beside];
        double[][] cells = [.. columns.Select((c, j) => Cells(c, layout.Margins[j]))];
        data = LatentData.From(layout, cells, table.RowCount, table.RowWeights);

        if (layout.Count > GaussianWork.MostColumns)
            throw new ImputationDataException($"The latent normal model would have {TextFormat.Count(layout.Count, "variable")}, one for "
                + $"each column and each level of a category, and takes {TextFormat.Count(GaussianWork.MostColumns)} at most. Choose fewer "
                + "columns: --columns or --exclude, in the library ModelOptions.Columns.");
        double cost = data.Groups.Sum(g => g.Count * g.UnitCost) / (run.Threads == 0 ? Environment.ProcessorCount
            : run.Threads) + Math.Pow(layout.Count, 3);
        run.Forecast?.Report(new EmForecast(table.RowCount, columns.Length, TimeSpan.FromSeconds(EStepCount * cost / Rate)));
        bool wide = options.Prior.Kind == CovariancePriorKind.Auto && layout.Count >= WideCount && table.RowCount < 3 * layout.Count;
        CovariancePrior prior = options.Prior.Kind != CovariancePriorKind.Auto ? options.Prior
            : CovariancePrior.Ridge(Math.Max(LatentNormalOptions.DefaultRidge, wide ? RidgeLadder.Wide(layout.Count) : 0));
        var observed = new double[layout.Count];
        for (int j = 0; j < columns.Length; j++)
            Array.Fill(observed, columns[j].Count - columns[j].MissingCount, layout.First[j], layout.Margins[j].LatentCount);
        var scaled = new LatentPrior(prior, layout, observed);
        double tolerance = options.ToleranceFor(Math.Max(1, data.Weight));
        EmFit<LatentParameters> em = EmDriver.Fit(new LatentEm(data, scaled, tolerance, run.Threads),
            options with { Tolerance = tolerance }, run, cancellation);
        GaussianParameters parameters = em.Parameters.Gaussian;

        var findings = new List<Finding>(builder.Findings);
        var error = EvidenceError.Of(parameters, data);
        if (Approximation(error) is { } approximation) findings.Insert(0, approximation);
        if (wide)
            findings.Insert(0, new Finding(FindingSeverity.Warning, "prior-wide", $"Because {TextFormat.Count(table.RowCount, "row")} are "
                + $"few for {TextFormat.Count(layout.Count)} latent variables, their covariance was estimated under a ridge prior, "
                + $"{prior}: correlations are shrunk towards 0.", [], "Model fewer columns, or choose the prior yourself."));
        if (Ending(em) is { } ending) findings.Insert(0, ending);
        return new LatentNormalFit(layout, parameters)
        {
            Prior = scaled,
            EvidenceError = error,
            Columns = [.. columns.Select(c => c.Name)],
            Report = FitReport.Of(em, columns, uses, layout.Count * (layout.Count + 3) / 2 - layout.ScaleFree.Count(free => free), prior,
                findings),
        };
    }

    /// <summary>A column's cells as numbers: themselves, or indices of the margin's levels.</summary>
    public static double[] Cells(Column column, Margin margin)
    {
        if (margin is not ILevels levels) return ((NumericColumn)column).Array;
        Dictionary<string, int> index = levels.Levels.Index().ToDictionary(l => l.Item, l => l.Index);
        double[] known = [.. column.Levels.Levels.Select(l => index.TryGetValue(LevelMatching.Text(l), out int k) ? k : double.NaN)];
        return Array.ConvertAll(column.Levels.AsNumbers(column).Array, k => double.IsNaN(k) ? k : known[(int)k]);
    }

    private static Finding? Approximation(EvidenceError? error) => error is null ? null
        : new Finding(FindingSeverity.Note, "approximate-likelihood", "The log-likelihood is that of expectation propagation, an "
            + $"approximation where a row has two or more categories observed. {error.Sentence}", []);

    private static Finding? Ending(EmFit<LatentParameters> em) => em.Outcome switch
    {
        EmOutcome.Unbounded => new Finding(FindingSeverity.Problem, "unbounded",
            "The likelihood of the latent normal model has no maximum: some columns determine others.", [],
            "Fit it with a ridge prior, such as CovariancePrior.Ridge(2)."),
        EmOutcome.MaxIterations => new Finding(FindingSeverity.Problem, "not-converged",
            $"EM did not converge in {em.Trace.Count} iterations.", [], "Allow more iterations, or take a stronger ridge prior."),
        _ => null,
    };
}
