using Imputation.Analyses;
using Imputation.Files;
using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>Summary of pooled estimates.</summary>
internal static class PoolSummary
{
    /// <summary>A line for each term, an explanation of the columns, and the term most affected by missing cells.</summary>
    public static void Write(Summary account, IReadOnlyList<PooledTerm> terms)
    {
        PooledEstimate first = terms[0].Pooled;
        account.Line("Pooled", $"{TextFormat.Count(terms.Count, "term")} over {TextFormat.Count(first.ImputationCount, "imputation")}");
        account.Line("Complete data", DegreesOfFreedom([.. terms.Select(t => t.Pooled.CompleteDegreesOfFreedom).Distinct()]));
        account.Blank();
        string percent = TextFormat.Compact(100 * first.Confidence);
        account.Table(["term", ">estimate", ">std error", $">{percent} % from", ">to", ">df", ">p", ">fmi", ">r", ">lambda"],
            terms.Select(Row));
        account.Blank();
        if (NoInterval.Of(terms.Select(t => (t.Name, t.Pooled))) is { } without)
            account.Line(without.Severity.ToString(), without.ToString());
        account.Line("fmi", "fraction of missing information: the share of the information lost through missing cells");
        account.Line("r, lambda", "r: relative increase of the variance due to missing cells; lambda: their share of the variance");
        if (terms.MaxBy(t => t.Pooled.FractionOfMissingInformation) is { Pooled.FractionOfMissingInformation: > 0 } most)
            account.Line("Most is lost", $"about {TextFormat.Name(most.FullName)}: "
                + $"{TextFormat.Fixed(100 * most.Pooled.FractionOfMissingInformation, 1)} %");
    }

    private static string DegreesOfFreedom(double[] complete) => complete switch
    {
        [double.PositiveInfinity] => "assumed to be a large sample; for a small one set its degrees of freedom with --df",
        [double one] => $"{TextFormat.Compact(one)} degrees of freedom",
        _ => $"{Number(complete.Min())} to {Number(complete.Max())} degrees of freedom",
    };

    private static string[] Row(PooledTerm term)
    {
        PooledEstimate p = term.Pooled;
        return
        [
            TextFormat.Cut(term.FullName), Number(p.Estimate, 6), Number(p.StandardError, 5), Limit(p.Lower), Limit(p.Upper),
                Number(p.DegreesOfFreedom, 4),
            p.HasInterval ? Number(p.PValue(), 3) : "", Share(p.FractionOfMissingInformation), Number(p.RelativeIncrease, 3),
                Share(p.Lambda),
        ];
    }

    private static string Number(double value, int digits = 6) => double.IsInfinity(value) ? value > 0 ? "inf" : "-inf"
        : TextFormat.Aligned(value, digits);

    /// <summary>A confidence limit; nothing where there is none, as a finding explains.</summary>
    private static string Limit(double value) => double.IsNaN(value) ? "" : Number(value, 5);

    private static string Share(double value) => TextFormat.Fixed(value, 3);
}
