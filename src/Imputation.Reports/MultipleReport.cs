using Imputation.Files;
using Imputation.Files.Json;
using Imputation.Reports.Json;

namespace Imputation.Reports;

/// <summary>The report of a table imputed several times as JSON: the method, the recommended number of imputations, the findings, and
/// the contents of a model file.</summary>
public static class MultipleReport
{
    /// <summary>The report's <c>format</c>.</summary>
    public const string Format = "imputation/multiple";

    /// <summary>The report's <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Writes a report and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="set">The imputations.</param>
    /// <param name="filledCount">Cells filled in each.</param>
    /// <param name="keptCount">Imputations that were there from a run before.</param>
    /// <param name="advice">The recommended number of imputations; null where it is unknown.</param>
    /// <param name="source">The file that the table was read from; null where it was not a file.</param>
    /// <param name="filling">Findings on the filled cells, the same for every imputation.</param>
    /// <param name="memory">The memory of the run; left out where null.</param>
    public static void Write(Stream stream, ImputationSet set, long filledCount, int keptCount, ImputationCountAdvice? advice,
        ModelSource? source, IReadOnlyList<Finding>? filling = null, RunMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(set);
        JsonText.Document(stream, Format, Version, json =>
        {
            json.WriteStartObject("multiple");
            json.WriteNumber("imputations", set.Count);
            json.WriteNumber("kept", keptCount);
            json.WriteString("method", JsonText.Of(set.Options.Method));
            json.WriteBoolean("matching", set.Options.PredictiveMeanMatching);
            if (set.Options.PredictiveMeanMatching) json.WriteNumber("donors", set.Options.Fill.Donors);
            json.WriteNumber("seed", set.RunOptions.Seed);
            json.WriteNumber("filledCells", filledCount);
            AdviceWriter.Write(json, advice);
            if (set.Options.Method == MultipleMethod.DataAugmentation) ChainsWriter.Write(json, set.Chains);
            ModelWriter.WriteFindings(json, [.. filling ?? [], .. set.Findings]);
            json.WriteEndObject();
            MemoryWriter.Write(json, memory);
            ModelWriter.WriteMembers(json, set.Fit, source);
        });
    }
}
