using System.Globalization;
using Imputation.Models.LatentNormal;

namespace Imputation.Models.Choosing;

/// <summary>The models that are compared where none is named.</summary>
internal static class ModelCandidates
{
    /// <summary>Rows for each parameter of a component's covariance from which on a mixture of so many is tried.</summary>
    private const double RowsPerParameter = 2;

    /// <summary>Most components of a mixture that is tried, and its starts: a fit that is only compared needs no search for the best
    /// end.</summary>
    private const int MostComponents = 4, Starts = 10;

    /// <summary>Columns from which on a factor model differs from the normal one, and the most factors that are tried.</summary>
    private const int FewestForFactors = 5, MostFactors = 6;

    /// <summary>Candidates, the simplest first.</summary>
    public static IReadOnlyList<ModelOptions> Of(Table table, ModelOptions common)
    {
        IReadOnlyList<ColumnUse> uses = TableEncoder.Uses(table, common.Columns, categories: true);
        ColumnUse[] modelled = [.. uses.Where(u => u.Role == ColumnRole.Modelled)];
        int categories = modelled.Count(u => table[u.Name].Categories is not null), numbers = modelled.Length - categories;
        var candidates = new List<ModelOptions>();
        if (categories == 0)
        {
            candidates.Add(new NormalOptions { Prior = CovariancePrior.Auto });
            candidates.Add(new LatentNormalOptions { Numbers = NumberScale.Scores, Prior = CovariancePrior.Auto });
            if (numbers >= FewestForFactors)
                candidates.Add(FactorOptions.Default with { Prior = CovariancePrior.Auto, MostFactors = MostFactors });
            if (numbers > 1) candidates.Add(StudentTOptions.Default);
        }
        else
        {
            candidates.Add(LatentNormalOptions.Default with { Prior = CovariancePrior.Auto });
            NumberScale other = MarginBuilder.ScaleOf(modelled.Select(u => table[u.Name])) == NumberScale.Scores ? NumberScale.Identity
                : NumberScale.Scores;
            if (numbers > 0) candidates.Add(new LatentNormalOptions { Numbers = other, Prior = CovariancePrior.Auto });
        }
        double parameters = numbers * (numbers + 3) / 2.0 + categories;
        for (int k = 2; k <= MostComponents && table.RowCount >= RowsPerParameter * k * parameters; k++)
        {
            candidates.Add(numbers == 0 ? new LatentClassOptions { Classes = k, Restarts = Starts }
                : new NormalMixtureOptions { Components = k, Restarts = Starts, Prior = CovariancePrior.Ridge(1) });
        }
        return [.. candidates.Select(c => c.For(common))];
    }

    /// <summary>A model's name, as on the command line, with what else sets it apart.</summary>
    public static string NameOf(ModelOptions options) => options switch
    {
        NormalOptions => "normal" + PriorOf(options),
        LatentNormalOptions latent => "latent" + latent.Numbers switch
        {
            NumberScale.Scores => ", normal scores",
            NumberScale.Identity => ", own scales",
            _ => "",
        },
        NormalMixtureOptions mixture => Counted("mixture", mixture.Components) + (mixture.Shape == MixtureShape.Full ? ""
            : $", {mixture.Shape.ToString().ToLowerInvariant()}"),
        LatentClassOptions classes => Counted("classes", classes.Classes),
        FactorOptions { Factors: { } q } => Counted("factor", q),
        FactorOptions => "factor",
        StudentTOptions => "t",
        AutomaticOptions => "by the columns",
        _ => options.GetType().Name,
    };

    /// <summary>Why a fit is not to be taken; null where it may be.</summary>
    public static string? WhyUnsound(FitReport report) => report.Outcome is EmOutcome.Unbounded ? "the likelihood has no maximum"
        : report.Outcome is EmOutcome.Converged or EmOutcome.MaxIterations or EmOutcome.Stalled
            ? report.ImproperEnd is not null ? "no proper end was found" : null
            : $"the fit ended as {report.Outcome}";

    private static string PriorOf(ModelOptions options) =>
        options.Prior.Kind is CovariancePriorKind.Auto ? "" : $", prior {options.Prior}";

    private static string Counted(string name, int count) => string.Create(CultureInfo.InvariantCulture, $"{name}:{count}");
}
