using System.Text.Json;
using Imputation.Data;
using Imputation.Models;

namespace Imputation.Files.Json;

/// <summary>The members of a fitted model as JSON; <see cref="ModelReader"/> reads them.</summary>
internal static class ModelWriter
{
    /// <summary>All members of a fit, the most important first.</summary>
    public static void WriteMembers(Utf8JsonWriter json, FittedModel fit, ModelSource? source)
    {
        json.WriteString("model", fit.ModelName);
        JsonText.Names(json, "columns", fit.Columns);
        WriteParameters(json, fit.Parameters);
        JsonText.Number(json, "logLikelihood", fit.Report.LogLikelihood);
        JsonText.Number(json, "objective", fit.Report.Objective);
        if (fit.Report.ParameterCount > 0)
        {
            json.WriteNumber("parameterCount", fit.Report.ParameterCount);
            JsonText.Number(json, "aic", fit.Report.Aic);
            JsonText.Number(json, "bic", fit.Report.Bic);
        }
        json.WriteNumber("rows", fit.Report.RowCount);
        json.WriteNumber("completeRows", fit.Report.CompleteRowCount);
        if (fit.Report.EmptyRowCount > 0) json.WriteNumber("emptyRows", fit.Report.EmptyRowCount);
        json.WriteNumber("observedCells", fit.Report.ObservedCellCount);
        json.WriteNumber("missingCells", fit.Report.MissingCellCount);
        json.WriteNumber("patterns", fit.Report.PatternCount);
        json.WriteNumber("iterations", fit.Report.IterationCount);
        json.WriteNumber("evaluations", fit.Report.EStepCount);
        json.WriteString("outcome", fit.Report.Outcome.ToString()); // outcomes go by their names in the library
        json.WriteString("path", JsonText.Of(fit.Report.Method));
        JsonText.Number(json, "rate", fit.Report.ConvergenceRate);
        JsonText.Number(json, "remaining", fit.Report.EstimatedDistance);
        JsonText.Number(json, "scoreNorm", fit.Report.ScoreNorm);
        WritePrior(json, fit.Report.Prior);
        WriteRestarts(json, fit);
        JsonText.Lines(json, "relations", fit.Report.Relations, WriteRelation);
        WriteDispositions(json, fit.Report.ColumnUses);
        WriteFindings(json, fit.Report.Findings);
        if (fit.Report.Comparison is { } choice) WriteChoice(json, choice, fit is StackFit);
        WriteSource(json, source);
        if (fit.Codebook is { } codebook)
        {
            json.WriteStartObject("codebook");
            CodebookWriter.WriteMembers(json, codebook);
            json.WriteEndObject();
        }
        JsonText.Lines(json, "trace", fit.Report.Trace, WriteIteration);
    }

    /// <summary>The models that this one was chosen from.</summary>
    private static void WriteChoice(Utf8JsonWriter json, ModelComparison choice, bool combined)
    {
        json.WriteStartObject("choice");
        json.WriteString("criterion", JsonText.Of(choice.Criterion));
        json.WriteNumber("hiddenCells", choice.HiddenCellCount);
        json.WriteString("best", choice.Best.Name);
        json.WriteBoolean("combined", combined);
        JsonText.Lines(json, "candidates", [.. choice.All], (line, c) =>
        {
            line.WriteStartObject();
            line.WriteString("model", c.Name);
            JsonText.Number(line, "score", c.Score);
            JsonText.Number(line, "loss", c.Loss);
            JsonText.Number(line, "lossError", c.LossError);
            JsonText.Number(line, "numberError", c.NumberError);
            JsonText.Number(line, "brierScore", c.BrierScore);
            JsonText.Number(line, "logScore", c.LogScore);
            line.WriteString("failure", c.Failure);
            line.WriteEndObject();
        });
        json.WriteEndObject();
    }

    public static void WriteDispositions(Utf8JsonWriter json, IReadOnlyList<ColumnUse> dispositions) =>
        JsonText.Lines(json, "dispositions", dispositions, (line, d) =>
        {
            line.WriteStartObject();
            line.WriteString("name", d.Name);
            line.WriteString("kind", JsonText.Of(d.Kind));
            line.WriteString("role", JsonText.Of(d.Role));
            line.WriteNumber("observed", d.ObservedCount);
            line.WriteNumber("missing", d.MissingCount);
            if (!double.IsNaN(d.Constant)) JsonText.Number(line, "constant", d.Constant);
            line.WriteString("note", d.Note);
            if (d.Values is { } values) WriteValues(line, values);
            line.WriteEndObject();
        });

    /// <summary>What later tables' filled values should be like.</summary>
    private static void WriteValues(Utf8JsonWriter line, ObservedValues values)
    {
        line.WriteStartObject("values");
        JsonText.Number(line, "lowest", values.Lowest);
        JsonText.Number(line, "highest", values.Highest);
        line.WriteBoolean("whole", values.AreWhole);
        line.WriteBoolean("amounts", values.AreAmounts);
        line.WriteStartArray("scale");
        foreach (double value in values.Scale) line.WriteNumberValue(value);
        line.WriteEndArray();
        line.WriteEndObject();
    }

    public static void WriteFindings(Utf8JsonWriter json, IEnumerable<Finding> findings) =>
        JsonText.Lines(json, "findings", findings, (line, f) =>
        {
            line.WriteStartObject();
            line.WriteString("severity", JsonText.Of(f.Severity));
            line.WriteString("code", f.Code);
            line.WriteString("sentence", f.Sentence);
            if (f.Evidence.Length > 0) line.WriteString("evidence", f.Evidence);
            JsonText.Names(line, "columns", f.Columns);
            line.WriteString("advice", f.Advice);
            line.WriteEndObject();
        });

    public static void WriteSource(Utf8JsonWriter json, ModelSource? source)
    {
        if (source is null)
        {
            json.WriteNull("source");
            return;
        }
        json.WriteStartObject("source");
        json.WriteString("file", source.File);
        json.WriteString("sha256", source.Sha256);
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, IReadOnlyList<ModelParameter> parameters)
    {
        foreach (ModelParameter parameter in parameters)
        {
            switch (parameter.Value)
            {
                case double number: JsonText.Number(json, parameter.Name, number); break;
                case double[] vector: JsonText.Vector(json, parameter.Name, vector); break;
                case double[,] matrix: JsonText.Matrix(json, parameter.Name, matrix); break;
                case double[][,] matrices: JsonText.Matrices(json, parameter.Name, matrices); break;
                case IReadOnlyList<ModelParameter> own:
                    json.WriteStartObject(parameter.Name);
                    WriteParameters(json, own);
                    json.WriteEndObject();
                    break;
                case string text: json.WriteString(parameter.Name, text); break;
                case string[] texts: JsonText.Names(json, parameter.Name, texts); break;
                default:
                    throw new InvalidOperationException($"Parameter '{parameter.Name}' has type {parameter.Value.GetType().Name}, "
                    + "which model files cannot store.");
            }
        }
    }

    private static void WritePrior(Utf8JsonWriter json, CovariancePrior prior)
    {
        json.WriteString("prior", prior.ToString());
        if (prior.CrossProducts is { } crossProducts) JsonText.Matrix(json, "priorCrossProducts", crossProducts.ToArray());
    }

    private static void WriteRestarts(Utf8JsonWriter json, FittedModel fit)
    {
        json.WriteStartObject("restarts");
        JsonText.Lines(json, "runs", fit.Report.Runs, WriteRun);
        json.WriteStartArray("endPoints");
        foreach (FitEndPoint point in fit.Report.EndPoints)
        {
            json.WriteStartObject();
            JsonText.Number(json, "objective", point.Objective);
            JsonText.Number(json, "logLikelihood", point.LogLikelihood);
            json.WriteNumber("startCount", point.StartCount);
            WriteParameters(json, point.Parameters);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter line, EmRun run)
    {
        line.WriteStartObject();
        line.WriteNumber("start", run.Start);
        JsonText.Number(line, "objective", run.Objective);
        JsonText.Number(line, "logLikelihood", run.LogLikelihood);
        line.WriteString("outcome", run.Outcome.ToString());
        line.WriteNumber("iterations", run.IterationCount);
        line.WriteNumber("evaluations", run.EStepCount);
        if (run.EndPoint is { } endPoint) line.WriteNumber("endPoint", endPoint);
        else line.WriteNull("endPoint");
        line.WriteEndObject();
    }

    private static void WriteRelation(Utf8JsonWriter line, LinearRelation relation)
    {
        line.WriteStartObject();
        line.WriteString("text", relation.ToString());
        JsonText.Names(line, "columns", relation.Columns);
        JsonText.Vector(line, "coefficients", relation.Coefficients);
        JsonText.Number(line, "constant", relation.Constant);
        line.WriteNumber("rows", relation.RowCount);
        if (relation.Unexplained > 0) JsonText.Number(line, "unexplained", relation.Unexplained);
        line.WriteEndObject();
    }

    private static void WriteIteration(Utf8JsonWriter line, EmIteration iteration)
    {
        line.WriteStartObject();
        line.WriteNumber("start", iteration.Start);
        line.WriteNumber("iteration", iteration.Iteration);
        JsonText.Number(line, "objective", iteration.Objective);
        JsonText.Number(line, "logLikelihood", iteration.LogLikelihood);
        JsonText.Number(line, "distance", iteration.Distance);
        line.WriteString("kind", JsonText.Of(iteration.Kind));
        line.WriteEndObject();
    }
}
