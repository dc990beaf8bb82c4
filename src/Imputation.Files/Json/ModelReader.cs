using System.Globalization;
using System.Text.Json;
using Imputation.Em;

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

        // Columns, means and covariances make a model; the account of how it was fitted may be missing, in files that others write.
        double Number(string name) => root.Has(name) ? root[name].Number() : double.NaN;
        long Long(string name) => root.Has(name) ? root[name].LongCount() : 0;
        IReadOnlyList<JsonNode> Items(string name) => root.Has(name) ? root[name].Items() : [];
        return new NormalFit
        {
            Columns = columns,
            Mean = root["mean"].Vector(p),
            Covariance = covariance,
            LogLikelihood = Number("logLikelihood"),
            Objective = Number("objective"),
            RowCount = root.Has("rows") ? root["rows"].Count() : 0,
            CompleteRowCount = root.Has("completeRows") ? root["completeRows"].Count() : 0,
            ObservedCellCount = Long("observedCells"),
            MissingCellCount = Long("missingCells"),
            PatternCount = root.Has("patterns") ? root["patterns"].Count() : 0,
            IterationCount = root.Has("iterations") ? root["iterations"].Count() : 0,
            EStepCount = root.Has("evaluations") ? root["evaluations"].Count() : 0,
            Outcome = root.Has("outcome") ? Outcome(root["outcome"]) : EmOutcome.Converged,
            Method = root.Has("path") ? root["path"].Enum<FitMethod>() : FitMethod.Iterated,
            ConvergenceRate = Number("rate"),
            EstimatedDistance = Number("remaining"),
            ScoreNorm = Number("scoreNorm"),
            Prior = root.Has("prior") ? Prior(root, p) : CovariancePrior.None,
            Runs = root.Has("restarts") ? [.. root["restarts"]["runs"].Items().Select(Run)] : [],
            EndPoints = root.Has("restarts") ? [.. root["restarts"]["endPoints"].Items().Select(e => EndPoint(e, p))] : [],
            Relations = [.. Items("relations").Select(Relation)],
            ColumnUses = [.. Items("dispositions").Select(Disposition)],
            Findings = [.. Items("findings").Select(Finding)],
            Trace = [.. Items("trace").Select(Iteration)],
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

    private static CovariancePrior Prior(JsonNode root, int p)
    {
        const string wishart = "inverse-wishart:";
        string text = root["prior"].Text();
        if (text.StartsWith(wishart, StringComparison.Ordinal) && double.TryParse(text.AsSpan(wishart.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double df) && double.IsFinite(df))
            return CovariancePrior.InverseWishart(df, root["priorCrossProducts"].Symmetric(p));
        try
        {
            return CovariancePrior.Parse(text);
        }
        catch (FormatException)
        {
            throw root["prior"].Wrong($"is '{text}', expected none, jeffreys, ridge:DF with DF greater than 0, or inverse-wishart:DF");
        }
    }

    private static EmOutcome Outcome(JsonNode node) =>
        Enum.TryParse(node.Text(), ignoreCase: false, out EmOutcome outcome) && Enum.IsDefined(outcome)
            ? outcome
            : throw node.Wrong($"is '{node.Text()}', expected one of {string.Join(", ", Enum.GetNames<EmOutcome>())}");

    private static EmRun Run(JsonNode node) => new(
        node["start"].Count(), node["objective"].NumberOrNaN(), node["logLikelihood"].NumberOrNaN(), Outcome(node["outcome"]),
        node["iterations"].Count(), node["evaluations"].Count(), node.Has("endPoint") ? node["endPoint"].Count() : null);

    private static NormalEndPoint EndPoint(JsonNode node, int p) => new(
        node["mean"].Vector(p), node["covariance"].Symmetric(p), node["objective"].NumberOrNaN(), node["logLikelihood"].NumberOrNaN(), node["startCount"].Count());

    private static LinearRelation Relation(JsonNode node)
    {
        string[] columns = node["columns"].Texts();
        if (columns.Length < 2) throw node["columns"].Wrong($"has {columns.Length} names; a relation is one of two or more");
        return new LinearRelation(columns, node["coefficients"].Vector(columns.Length), node["constant"].Number(), node["rows"].Count());
    }

    private static ColumnUse Disposition(JsonNode node) => new(
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
