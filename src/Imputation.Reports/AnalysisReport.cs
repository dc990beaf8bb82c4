using System.Text.Json;
using Imputation.Files;
using Imputation.Files.Json;
using Imputation.Reports.Json;

namespace Imputation.Reports;

/// <summary>A pooled regression with means and correlations as JSON, the complete cases' answer beside it.</summary>
public static class AnalysisReport
{
    /// <summary>The report's <c>format</c>.</summary>
    public const string Format = "imputation/analysis";

    /// <summary>The report's <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Writes a report and leaves the stream open.</summary>
    /// <remarks>null means that there is no value, or infinity, which JSON cannot represent.</remarks>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="analysis">The analysis.</param>
    /// <param name="set">The imputations; null where they were made elsewhere, or none was needed.</param>
    /// <param name="source">The file that the table was read from; null where it was not a file.</param>
    /// <param name="filling">Findings on the filled cells, the same for every imputation.</param>
    public static void Write(Stream stream, PooledAnalysis analysis, ImputationSet? set = null, ModelSource? source = null,
        IReadOnlyList<Finding>? filling = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(analysis);
        JsonText.Document(stream, Format, Version, json =>
        {
            json.WriteString("formula", analysis.Formula.ToString());
            json.WriteNumber("imputations", analysis.ImputationCount);
            if (set is not null) Imputation(json, set);
            json.WriteNumber("rows", analysis.RowCount);
            if (analysis.CompleteRowCount is { } complete) json.WriteNumber("completeRows", complete);
            Terms(json, "coefficients", analysis.Coefficients.Names.Zip(analysis.Coefficients.Coefficients));
            AdviceWriter.Write(json, analysis.Advise());
            Test(json, "slopesTest", analysis.SlopesTest);
            if (analysis.Categories.Count > 0) Categories(json, analysis.Categories);
            RSquared(json, analysis.RSquared);
            Terms(json, "means", analysis.Columns.Zip(analysis.Means));
            JsonText.Lines(json, "correlations", analysis.Correlations, Correlation);
            CompleteCases(json, analysis.CompleteCases);
            ModelWriter.WriteFindings(json, [.. set?.Fit.Report.Findings ?? [], .. filling ?? [], .. set?.Findings ?? [],
                .. analysis.Findings]);
            ModelWriter.WriteSource(json, source);
        });
    }

    private static void Imputation(Utf8JsonWriter json, ImputationSet set)
    {
        MultipleOptions options = set.Options;
        json.WriteString("method", JsonText.Of(options.Method));
        json.WriteBoolean("matching", options.PredictiveMeanMatching);
        if (options.PredictiveMeanMatching) json.WriteNumber("donors", options.Fill.Donors);
        json.WriteNumber("seed", set.RunOptions.Seed);
        if (options.Method == MultipleMethod.DataAugmentation) ChainsWriter.Write(json, set.Chains);
    }

    private static void Terms(Utf8JsonWriter json, string name, IEnumerable<(string Name, PooledEstimate Pooled)> terms)
    {
        json.WriteStartArray(name);
        foreach ((string term, PooledEstimate pooled) in terms) PooledReport.Write(json, new PooledTerm(term, pooled));
        json.WriteEndArray();
    }

    private static void Categories(Utf8JsonWriter json, IReadOnlyList<CategoryPredictor> categories)
    {
        json.WriteStartArray("categories");
        foreach (CategoryPredictor category in categories)
        {
            json.WriteStartObject();
            json.WriteString("column", category.Name);
            json.WriteString("reference", category.Reference);
            json.WriteStartArray("terms");
            foreach (string term in category.Terms) json.WriteStringValue(term);
            json.WriteEndArray();
            Test(json, "test", category.Test);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Test(Utf8JsonWriter json, string name, PooledTest? test)
    {
        if (test is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteString("method", "D1");
        JsonText.Number(json, "statistic", test.Statistic);
        json.WriteNumber("numeratorDegreesOfFreedom", test.NumeratorDegreesOfFreedom);
        JsonText.Number(json, "denominatorDegreesOfFreedom", test.DenominatorDegreesOfFreedom);
        JsonText.Number(json, "p", test.PValue);
        JsonText.Number(json, "relativeIncrease", test.RelativeIncrease);
        json.WriteEndObject();
    }

    private static void RSquared(Utf8JsonWriter json, PooledRSquared? share)
    {
        if (share is null)
        {
            json.WriteNull("rSquared");
            return;
        }
        json.WriteStartObject("rSquared");
        JsonText.Number(json, "estimate", share.Value);
        JsonText.Number(json, "lower", share.Lower);
        JsonText.Number(json, "upper", share.Upper);
        JsonText.Number(json, "fractionOfMissingInformation", share.Root.Fisher.FractionOfMissingInformation);
        json.WriteEndObject();
    }

    private static void Correlation(Utf8JsonWriter line, AnalyzedCorrelation correlation)
    {
        PooledCorrelation? pooled = correlation.Pooled;
        line.WriteStartObject();
        line.WriteString("first", correlation.First);
        line.WriteString("second", correlation.Second);
        JsonText.Number(line, "correlation", pooled?.Correlation ?? double.NaN);
        JsonText.Number(line, "lower", pooled?.Lower ?? double.NaN);
        JsonText.Number(line, "upper", pooled?.Upper ?? double.NaN);
        JsonText.Number(line, "p", pooled?.PValue() ?? double.NaN);
        JsonText.Number(line, "fractionOfMissingInformation", pooled?.Fisher.FractionOfMissingInformation ?? double.NaN);
        line.WriteEndObject();
    }

    private static void CompleteCases(Utf8JsonWriter json, CompleteCases? cases)
    {
        if (cases is null)
        {
            json.WriteNull("completeCases");
            return;
        }
        LinearRegression regression = cases.Regression;
        Moments summary = cases.Summary;
        json.WriteStartObject("completeCases");
        json.WriteNumber("rows", cases.RowCount);
        JsonText.Lines(json, "coefficients", regression.Names, (line, name) => Estimate(line, name, regression[name]));
        json.WriteNumber("degreesOfFreedom", regression.DegreesOfFreedom);
        JsonText.Number(json, "residualStandardDeviation", regression.ResidualStandardDeviation);
        JsonText.Number(json, "rSquared", regression.RSquared);
        JsonText.Number(json, "logLikelihood", regression.LogLikelihood);
        JsonText.Lines(json, "means", summary.Columns, (line, name) => Estimate(line, name, summary[name]));
        JsonText.Matrix(json, "correlations", summary.Correlations.ToArray());
        json.WriteEndObject();
    }

    private static void Estimate(Utf8JsonWriter line, string name, (double Value, double StandardError) estimate)
    {
        line.WriteStartObject();
        line.WriteString("term", name);
        JsonText.Number(line, "estimate", estimate.Value);
        JsonText.Number(line, "standardError", estimate.StandardError);
        line.WriteEndObject();
    }
}
