using System.Text.Json;
using Imputation.Data;
using Imputation.Em;
using Imputation.Models.Normal;

namespace Imputation.Files.Json;

/// <summary>Reads what <see cref="ModelWriter"/> writes, and trusts none of it.</summary>
internal static class ModelReader
{
    public static NormalFit Read(JsonElement element, string file)
    {
        var root = new JsonNode(element, "", file);
        if (!root.IsObject || !root.Has("format")) throw root.Wrong($"is not a model file: it has no 'format': \"{ModelFile.Format}\"; models are written by impute fit, or by impute fill --model-out");
        if (root["format"].Text() is var format && format != ModelFile.Format) throw root["format"].Wrong($"is '{format}', expected '{ModelFile.Format}'");
        if (root["version"].Count() is var version && version != ModelFile.Version) throw root["version"].Wrong($"is {version}, and this program reads version {ModelFile.Version}; use the program that wrote the file, or a newer one");
        if (root["model"].Text() is var model && model != "normal") throw root["model"].Wrong($"is '{model}', expected 'normal'");

        string[] columns = Columns(root["columns"]);
        int p = columns.Length;
        double[,] covariance = root["covariance"].Symmetric(p);
        for (int j = 0; j < p; j++)
            if (!(covariance[j, j] > 0))
                throw root["covariance"].Wrong(FormattableString.Invariant($"has a variance of {covariance[j, j]:R} for '{columns[j]}', expected one greater than 0"));
        return new NormalFit
        {
            Columns = columns,
            Mean = root["mean"].Vector(p),
            Covariance = covariance,
            LogLikelihood = root["logLikelihood"].NumberOrNaN(),
            Objective = root["objective"].NumberOrNaN(),
            RowCount = root["rows"].Count(),
            ObservedCellCount = root["observedCells"].LongCount(),
            MissingCellCount = root["missingCells"].LongCount(),
            PatternCount = root["patterns"].Count(),
            Iterations = root["iterations"].Count(),
            Evaluations = root["evaluations"].Count(),
            Outcome = root["outcome"].Enum<EmOutcome>(),
            Path = root["path"].Enum<NormalPath>(),
            Rate = root["rate"].NumberOrNaN(),
            Remaining = root["remaining"].NumberOrNaN(),
            ScoreNorm = root["scoreNorm"].NumberOrNaN(),
            Prior = Prior(root["prior"], p),
            Runs = [.. root["restarts"]["runs"].Items().Select(Run)],
            EndPoints = [.. root["restarts"]["endPoints"].Items().Select(e => EndPoint(e, p))],
            Relations = [.. root["relations"].Items().Select(Relation)],
            Dispositions = [.. root["dispositions"].Items().Select(Disposition)],
            Findings = [.. root["findings"].Items().Select(Finding)],
            Trace = [.. root["trace"].Items().Select(Iteration)],
        };
    }

    private static string[] Columns(JsonNode node)
    {
        string[] columns = node.Texts();
        if (columns.Length == 0) throw node.Wrong("is empty; expected the names of the modelled columns");
        if (columns.Contains("")) throw node.Wrong("has an empty name");
        if (columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice) throw node.Wrong($"has '{twice.Key}' twice");
        return columns;
    }

    private static NormalPrior Prior(JsonNode node, int p)
    {
        try
        {
            return node["kind"].Enum<NormalPriorKind>() switch
            {
                NormalPriorKind.None => NormalPrior.None,
                NormalPriorKind.Auto => NormalPrior.Auto,
                NormalPriorKind.Jeffreys => NormalPrior.Jeffreys,
                NormalPriorKind.Ridge => NormalPrior.Ridge(node["degreesOfFreedom"].Number()),
                _ => NormalPrior.InverseWishart(node["degreesOfFreedom"].Number(), node["crossProducts"].Symmetric(p)),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            throw node["degreesOfFreedom"].Wrong("is not a number greater than 0, which a ridge prior needs");
        }
    }

    private static EmRun Run(JsonNode node) => new(
        node["start"].Count(), node["objective"].NumberOrNaN(), node["logLikelihood"].NumberOrNaN(), node["outcome"].Enum<EmOutcome>(),
        node["iterations"].Count(), node["evaluations"].Count(), node["endPoint"].Count());

    private static NormalEndPoint EndPoint(JsonNode node, int p) => new(
        node["mean"].Vector(p), node["covariance"].Symmetric(p), node["objective"].NumberOrNaN(), node["logLikelihood"].NumberOrNaN(), node["startCount"].Count());

    private static LinearRelation Relation(JsonNode node)
    {
        string[] columns = node["columns"].Texts();
        if (columns.Length < 2) throw node["columns"].Wrong($"has {columns.Length} names; a relation is one of two or more");
        return new LinearRelation(columns, node["coefficients"].Vector(columns.Length), node["constant"].Number(), node["rows"].Count());
    }

    private static ColumnDisposition Disposition(JsonNode node) => new(
        node["name"].Text(), node["kind"].Enum<ColumnKind>(), node["role"].Enum<ColumnRole>(), node["observed"].Count(), node["missing"].Count(), node["note"].Text())
    {
        Constant = node.Has("constant") ? node["constant"].Number() : double.NaN,
    };

    private static Finding Finding(JsonNode node) => new(
        node["severity"].Enum<FindingSeverity>(), node["code"].Text(), node["sentence"].Text(), node["columns"].Texts(), node["advice"].Text());

    private static EmIteration Iteration(JsonNode node) => new(
        node["start"].Count(), node["iteration"].Count(), node["objective"].NumberOrNaN(), node["logLikelihood"].NumberOrNaN(),
        node["distance"].NumberOrNaN(), node["kind"].Enum<EmStepKind>());
}
