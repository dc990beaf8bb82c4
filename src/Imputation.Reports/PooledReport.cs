using System.Text.Json;
using Imputation.Analyses;
using Imputation.Files;
using Imputation.Files.Json;

namespace Imputation.Reports;

/// <summary>Pooled quantities as JSON.</summary>
public static class PooledReport
{
    /// <summary>The report's <c>format</c>.</summary>
    public const string Format = "imputation/pooled";

    /// <summary>The report's <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Writes a report and leaves the stream open.</summary>
    /// <remarks>null means infinity, which JSON cannot represent: degrees of freedom of a large sample. Limits and p of a quantity
    /// with fewer than one degree of freedom are null too, and <c>noInterval</c> says why.</remarks>
    public static void Write(Stream stream, IEnumerable<PooledTerm> terms)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(terms);
        JsonText.Document(stream, Format, Version, json =>
        {
            json.WriteStartArray("terms");
            foreach (PooledTerm term in terms) Write(json, term);
            json.WriteEndArray();
        });
    }

    /// <summary>A pooled quantity as an object.</summary>
    internal static void Write(Utf8JsonWriter json, PooledTerm term)
    {
        PooledEstimate p = term.Pooled;
        json.WriteStartObject();
        if (term.Level is not null) json.WriteString("level", term.Level);
        json.WriteString("term", term.Name);
        json.WriteNumber("imputations", p.ImputationCount);
        JsonText.Number(json, "estimate", p.Estimate);
        JsonText.Number(json, "standardError", p.StandardError);
        JsonText.Number(json, "confidence", p.Confidence);
        JsonText.Number(json, "lower", p.Lower);
        JsonText.Number(json, "upper", p.Upper);
        if (!p.HasInterval) json.WriteString("noInterval", NoInterval.Reason(p));
        JsonText.Number(json, "degreesOfFreedom", p.DegreesOfFreedom);
        JsonText.Number(json, "oldDegreesOfFreedom", p.OldDegreesOfFreedom);
        JsonText.Number(json, "completeDegreesOfFreedom", p.CompleteDegreesOfFreedom);
        JsonText.Number(json, "statistic", p.Statistic());
        JsonText.Number(json, "p", p.PValue());
        JsonText.Number(json, "fractionOfMissingInformation", p.FractionOfMissingInformation);
        JsonText.Number(json, "relativeIncrease", p.RelativeIncrease);
        JsonText.Number(json, "lambda", p.Lambda);
        JsonText.Number(json, "within", p.Within);
        JsonText.Number(json, "between", p.Between);
        JsonText.Number(json, "total", p.Total);
        json.WriteEndObject();
    }
}
