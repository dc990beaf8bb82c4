using Imputation.Models.Gaussian;
using Imputation.Patterns;

namespace Imputation.Models.Mixture;

/// <summary>The mixture that is asked for.</summary>
/// <param name="Components">k.</param>
/// <param name="Shape">Shape of the covariances.</param>
/// <param name="CategoriesOnly">Whether numbers take no part.</param>
internal sealed record MixturePlan(int Components, MixtureShape Shape, bool CategoriesOnly);

/// <summary>From a table to a fit: the columns, the data, EM, and the report.</summary>
internal static class MixtureFitting
{
    /// <summary>Different whole numbers up to which latent classes take a column of numbers as codes of answers.</summary>
    private const int MostCodes = 20;

    /// <summary>Fits, and keeps what multiple imputation needs.</summary>
    public static PreparedFit Prepare(Table table, ModelOptions options, MixturePlan plan, RunOptions run, CancellationToken cancellation)
    {
        NormalMixtureFit fit = Fit(table, options, plan, run, cancellation, out MixtureData data, out MixtureParameters parameters);
        MissingPatterns patterns = ModelFrame.Of(fit, table).Patterns;
        return new PreparedFit(fit.With(fit.Report.With(patterns)), patterns, draws => draws.Method switch
        {
            MultipleMethod.BootstrapEm => new MixtureBootstrap(data, plan, options.Prior, fit, parameters, run.Seed),
            _ => throw new ImputationDataException("A mixture takes the parameters of each imputation from bootstrap samples of the rows "
                + "(--method emb); it has no data augmentation."),
        });
    }

    /// <summary>The columns that take part, and the use of all of them.</summary>
    public static (Column[] Columns, IReadOnlyList<ColumnUse> Uses, MixtureLayout Layout) Columns(Table table, ModelOptions options,
        MixturePlan plan)
    {
        TableEncoder.RequireRows(table);
        IReadOnlyList<ColumnUse> uses = TableEncoder.Uses(table, options.Columns, categories: true);
        var codes = new Dictionary<string, Column>();
        if (plan.CategoriesOnly)
        {
            foreach (ColumnUse use in uses.Where(u => u.Role == ColumnRole.Modelled))
                if (table[use.Name] is NumericColumn { Categories: null } numbers && AsCodes(numbers) is { } coded) codes[use.Name] = coded;
            uses = [.. uses.Select(u => u.Role != ColumnRole.Modelled || table[u.Name] is not NumericColumn { Categories: null } ? u
                : codes.ContainsKey(u.Name) ? u with { Values = null }
                : u with { Role = ColumnRole.PassThrough, Note = "a number; latent classes are of categories" })];
        }
        Column[] columns = [.. uses.Where(u => u.Role == ColumnRole.Modelled).Select(u => codes.GetValueOrDefault(u.Name, table[u.Name]))];
        if (columns.Length == 0)
            throw TableEncoder.NothingToModel(uses, plan.CategoriesOnly ? "category" : "number or category");
        var layout = new MixtureLayout([.. columns.Select(c => c is NumericColumn { Categories: null } ? null
            : new MixtureLevels([.. c.Levels.Levels.Select(LevelMatching.Text)], c.Categories?.IsOrdered ?? false))]);
        return (columns, uses, layout);
    }

    /// <summary>Few whole numbers are codes of answers; null for other numbers.</summary>
    private static Column? AsCodes(NumericColumn numbers)
    {
        var values = new SortedSet<double>();
        foreach (double value in numbers.Array)
        {
            if (double.IsNaN(value)) continue;
            if (value != Math.Floor(value)) return null;
            values.Add(value);
            if (values.Count > MostCodes) return null;
        }
        return numbers.AsCategorical(new Categories(values.Select(value => new Category(value))));
    }

    /// <summary>Fits.</summary>
    public static NormalMixtureFit Fit(Table table, ModelOptions options, MixturePlan plan, RunOptions run,
        CancellationToken cancellation, out MixtureData data, out MixtureParameters parameters)
    {
        options.Validate();
        run.Validate();
        (Column[] columns, IReadOnlyList<ColumnUse> uses, MixtureLayout layout) = Columns(table, options, plan);
        data = MixtureData.From(layout, columns, plan.Shape == MixtureShape.Spherical, table.RowWeights);
        if (data.Rows.Length == 0) throw new ImputationDataException("No row has anything observed; there is nothing to fit.");

        int k = plan.Components;
        CovariancePrior prior = Prior(options, layout);
        string[] names = [.. columns.Select(c => c.Name)];
        if (k == 1 && layout.CategoryCount == 0 && plan.Shape is MixtureShape.Full or MixtureShape.Tied
            && OneNormal(table, options, prior, data, names, run, cancellation) is var (one, normal))
        {
            parameters = one;
            return NormalMixtureFit.Of(layout, data, one, plan, entropy: 0, normal, names);
        }
        MixtureEm model = Model(data, plan, options, run);
        EmFit<MixtureParameters> em = EmDriver.Fit(model, k == 1 ? options with { Restarts = 1 } : options, run, cancellation);
        MixtureParameters found = em.Parameters;
        parameters = found = found.Ordered([.. Enumerable.Range(0, k).OrderByDescending(c => found.Weights[c]).ThenBy(c => c)]);

        int parameterCount = layout.ParameterCount(k, plan.Shape);
        var report = FitReport.Of(em, columns, uses, parameterCount, prior, MixtureFindings.Of(em, model, data, k, parameterCount));
        return NormalMixtureFit.Of(layout, data, parameters, plan, Entropy(data, model.Shares(parameters), k), report, names);
    }

    /// <summary>One component is the normal model, and is fitted as such, so that both have the same digits; null where that has no
    /// maximum, or leaves out columns.</summary>
    private static (MixtureParameters, FitReport)? OneNormal(Table table, ModelOptions options, CovariancePrior prior, MixtureData data,
        string[] names, RunOptions run, CancellationToken cancellation)
    {
        FittedModel fit = (new NormalOptions().Like(options) with { Prior = prior, Restarts = 1 }).Prepare(table, run, cancellation).Model;
        if (fit.Report.Outcome != EmOutcome.Converged || fit.Moments is not { } moments || !fit.Columns.SequenceEqual(names)
            || GaussianParameters.Standardised(moments.Mean, moments.Covariance, data.Center, data.Scale) is not { } standard) return null;
        return (new MixtureParameters([1], [standard], [[]]),
            fit.Report with
            {
                EndPoints = [.. fit.Report.EndPoints.Select(e => new FitEndPoint(e.Objective, e.LogLikelihood, e.StartCount))],
            });
    }

    /// <summary>EM for a plan.</summary>
    public static MixtureEm Model(MixtureData data, MixturePlan plan, ModelOptions options, RunOptions run) =>
        new(data, plan.Components, plan.Shape, Prior(options, data.Layout), run.Threads);

    /// <summary>Where the prior is to be chosen, there is none: improper ends are vetoed instead.</summary>
    private static CovariancePrior Prior(ModelOptions options, MixtureLayout layout) =>
        options.Prior.Kind == CovariancePriorKind.Auto || layout.NumberCount == 0 ? CovariancePrior.None : options.Prior;

    /// <summary>−Σ r log r, with row weights: how undecided the rows are.</summary>
    private static double Entropy(MixtureData data, double[] shares, int k)
    {
        double sum = 0;
        for (int i = 0; i < shares.Length; i++)
            if (shares[i] > 0) sum -= data.RowCounts[i / k] * shares[i] * Math.Log(shares[i]);
        return sum;
    }
}
