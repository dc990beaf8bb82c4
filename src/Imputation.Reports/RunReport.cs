using System.Text.Json;
using Imputation.Files;
using Imputation.Files.Json;

namespace Imputation.Reports;

/// <summary>The report of a filled table as JSON: the contents of a model file, the use of every column, and the number of filled
/// cells.</summary>
public static class RunReport
{
    /// <summary>The report's <c>format</c>.</summary>
    public const string Format = "imputation/report";

    /// <summary>The report's <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Writes a report and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="completion">The completed table with its model.</param>
    /// <param name="imputation">How the cells were filled.</param>
    /// <param name="run">The seed.</param>
    /// <param name="source">The file that the table was read from; null where it was not a file.</param>
    /// <param name="memory">The memory of the run; left out where null.</param>
    public static void Write(Stream stream, ImputationResult completion, FillOptions imputation, RunOptions run, ModelSource? source = null,
        RunMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(completion);
        ArgumentNullException.ThrowIfNull(imputation);
        Write(stream, completion.Fit, ImputationTotals.Of(completion), imputation, run, source, memory);
    }

    /// <summary>Writes the report of a table that came in batches, and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="fit">The model.</param>
    /// <param name="totals">What was filled.</param>
    /// <param name="imputation">How the cells were filled.</param>
    /// <param name="run">The seed.</param>
    /// <param name="source">The file that the table was read from; null where it was not one file.</param>
    /// <param name="memory">The memory of the run; left out where null.</param>
    public static void Write(Stream stream, FittedModel fit, ImputationTotals totals, FillOptions imputation, RunOptions run,
        ModelSource? source = null, RunMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(totals);
        ArgumentNullException.ThrowIfNull(imputation);
        ArgumentNullException.ThrowIfNull(run);
        JsonText.Document(stream, Format, Version, json =>
        {
            WriteImputation(json, totals, imputation, run);
            MemoryWriter.Write(json, memory, NumberBytes(totals));
            ModelWriter.WriteMembers(json, fit, source);
        });
    }

    private static void WriteImputation(Utf8JsonWriter json, ImputationTotals completion, FillOptions options, RunOptions run)
    {
        json.WriteStartObject("imputation");
        json.WriteString("method", JsonText.Of(options.Method));
        if (options.Method is FillMethod.Draw or FillMethod.PredictiveMeanMatching) json.WriteNumber("seed", run.Seed);
        json.WriteNumber("rows", completion.RowCount);
        json.WriteNumber("filledCells", completion.FilledCount);
        json.WriteNumber("stillMissingCells", completion.StillMissing.Sum());
        Dictionary<string, ColumnFill> fills = completion.Fills.ToDictionary(f => f.Column);
        JsonText.Lines(json, "columns", completion.ColumnUses, (line, d) => WriteColumn(line, d, fills.GetValueOrDefault(d.Name),
            completion, options));
        ModelWriter.WriteFindings(json, completion.Findings);
        json.WriteEndObject();
    }

    /// <summary>What the numbers take by themselves: 8 bytes for each cell of a numeric column, filled or not.</summary>
    private static long NumberBytes(ImputationTotals totals) =>
        totals.RowCount * totals.ColumnUses.Count(c => c.Kind is ColumnKind.Number or ColumnKind.Integer) * sizeof(double);

    /// <summary>Kind and use of a column; <c>missing</c> is before filling.</summary>
    private static void WriteColumn(Utf8JsonWriter line, ColumnUse disposition, ColumnFill? fill, ImputationTotals totals,
        FillOptions options)
    {
        line.WriteStartObject();
        line.WriteString("name", disposition.Name);
        line.WriteString("kind", JsonText.Of(disposition.Kind));
        line.WriteString("role", JsonText.Of(disposition.Role));
        line.WriteString("note", disposition.Note);
        line.WriteNumber("observed", disposition.ObservedCount);
        line.WriteNumber("missing", disposition.MissingCount);
        WriteOrigins(line, totals.MarksOf(disposition.Name));
        line.WriteNumber("filled", fill?.FilledCount ?? 0);
        if (fill is not null)
        {
            line.WriteNumber("clamped", fill.ClampedCount);
            line.WriteNumber("truncated", fill.TruncatedCount);
            line.WriteNumber("rounded", fill.RoundedCount);
            line.WriteNumber("determined", fill.DeterminedCount);
            line.WriteNumber("beyondObserved", fill.BeyondObservedCount);
            if (fill.DerivedCount > 0) line.WriteNumber("derived", fill.DerivedCount);
            if (fill.UndecidedCount > 0) line.WriteNumber("undecided", fill.UndecidedCount);
        }
        if (options.Bounds.TryGetValue(disposition.Name, out Bounds bounds))
        {
            JsonText.Number(line, "lower", bounds.Lower);
            JsonText.Number(line, "upper", bounds.Upper);
        }
        line.WriteEndObject();
    }

    /// <summary>How missing cells were marked: the mark and its frequency.</summary>
    private static void WriteOrigins(Utf8JsonWriter line, IReadOnlyList<(MissingOrigin Origin, long Count)> marks)
    {
        if (marks.Count == 0) return;
        line.WriteStartArray("marks");
        foreach ((MissingOrigin origin, long count) in marks)
        {
            line.WriteStartObject();
            line.WriteString("kind", JsonText.Of(origin.Kind));
            line.WriteString("text", origin.Text);
            line.WriteNumber("count", count);
            line.WriteEndObject();
        }
        line.WriteEndArray();
    }
}
