using System.Globalization;
using System.Text.Json;
using Imputation.Data;
using Imputation.Models;
using Imputation.Models.Registry;
using Imputation.Text;

namespace Imputation.Files.Json;

/// <summary>Reads model files written by <see cref="ModelWriter"/>, and validates every member.</summary>
internal static class ModelReader
{
    /// <summary>Standard deviations, and a share of the numbers themselves, by which a relation may miss the means.</summary>
    private const double FarAway = 8, Rounding = 1e-9;

    public static FittedModel Read(JsonElement element, string file, ModelRegistry models)
    {
        var root = new JsonNode(element, "", file);
        if (!root.IsObject || !root.Has("format"))
            throw root.Wrong($"is not a model file: it has no 'format': \"{ModelFile.Format}\"; models are written by impute fit, or by "
                + "impute fill --model-out");
        if (root["format"].Text() is var format && format != ModelFile.Format)
            throw root["format"].Wrong($"is '{format}', expected '{ModelFile.Format}'");
        if (root["version"].Count() is var version && version != ModelFile.Version)
            throw root["version"].Wrong($"is {version}, expected {ModelFile.Version}; read the file with the program version that wrote "
                + "it, or a newer one");
        Func<IParameterReader, FitReport, FittedModel> read = Reader(root, models);

        string[] columns = Columns(root["columns"]);

        // Columns and parameters define a model; the fit report may be missing in files from other programs.
        double Number(string name) => root.Has(name) ? root[name].Number() : double.NaN;
        int Count(string name) => root.Has(name) ? root[name].Count() : 0;
        long Long(string name) => root.Has(name) ? root[name].LongCount() : 0;
        IReadOnlyList<JsonNode> Items(string name) => root.Has(name) ? root[name].Items() : [];
        IReadOnlyList<JsonNode> ends = root.Has("restarts") ? root["restarts"]["endPoints"].Items() : [];
        var report = new FitReport
        {
            LogLikelihood = Number("logLikelihood"),
            Objective = Number("objective"),
            ParameterCount = Count("parameterCount"),
            RowCount = Count("rows"),
            CompleteRowCount = Count("completeRows"),
            EmptyRowCount = Count("emptyRows"),
            ObservedCellCount = Long("observedCells"),
            MissingCellCount = Long("missingCells"),
            PatternCount = Count("patterns"),
            IterationCount = Count("iterations"),
            EStepCount = Count("evaluations"),
            Outcome = root.Has("outcome") ? Outcome(root["outcome"]) : EmOutcome.Converged,
            Method = root.Has("path") ? root["path"].Enum<FitMethod>() : FitMethod.Iterated,
            ConvergenceRate = Number("rate"),
            EstimatedDistance = Number("remaining"),
            ScoreNorm = Number("scoreNorm"),
            Prior = root.Has("prior") ? Prior(root, columns.Length) : CovariancePrior.None,
            Runs = root.Has("restarts") ? [.. root["restarts"]["runs"].Items().Select(Run)] : [],
            EndPoints = [.. ends.Select(e => new FitEndPoint(e["objective"].NumberOrNaN(), e["logLikelihood"].NumberOrNaN(),
                e["startCount"].Count()))],
            Relations = [.. Items("relations").Select(node => Relation(node, columns))],
            ColumnUses = [.. Items("dispositions").Select(Disposition)],
            Findings = [.. Items("findings").Select(Finding)],
            Trace = [.. Items("trace").Select(Iteration)],
        };
        FittedModel fit = read(new ParameterReader(root, columns, ends, models), report);
        for (int k = 0; k < report.Relations.Count; k++)
            if (!Holds(report.Relations[k], columns, fit.Moments))
                throw root["relations"].Items()[k].Wrong($"says that {report.Relations[k]}, which is far from true of the model's means");
        if (root.Has("codebook")) fit.Keep(CodebookReader.Read(root["codebook"]), []);
        return fit;
    }

    /// <summary>The parameters as members of the file.</summary>
    private sealed class ParameterReader(JsonNode node, string[] columns, IReadOnlyList<JsonNode> endPoints, ModelRegistry models)
        : IParameterReader
    {
        public IReadOnlyList<string> Columns => columns;

        public IReadOnlyList<IParameterReader> EndPoints => [.. endPoints.Select(e => new ParameterReader(e, columns, [], models))];

        public bool Has(string name) => node.Has(name);

        public double Number(string name) => node[name].Number();

        public string Text(string name) => node[name].Text();

        public double[] Vector(string name, int length) => node[name].Vector(length);

        public double[] Vector(string name) => node[name].Vector(node[name].Items().Count);

        public string[] Texts(string name) => node[name].Texts();

        public double[,] Matrix(string name, int rows, int width)
        {
            IReadOnlyList<JsonNode> lines = node[name].Items();
            if (lines.Count != rows) throw node[name].Wrong($"has {lines.Count} rows, expected {rows}");
            var matrix = new double[rows, width];
            for (int i = 0; i < rows; i++)
            {
                double[] line = lines[i].Vector(width);
                for (int j = 0; j < width; j++) matrix[i, j] = line[j];
            }
            return matrix;
        }

        public double[,] Covariance(string name)
        {
            double[,] covariance = Symmetric(name);
            for (int j = 0; j < columns.Length; j++)
                if (!(covariance[j, j] > 0))
                    throw node[name]
                        .Wrong(FormattableString.Invariant(
                        $"has a variance of {covariance[j, j]:R} for '{columns[j]}', expected one greater than 0"));
            return covariance;
        }

        public double[,] Symmetric(string name) => node[name].Symmetric(columns.Length);

        public double[][,] Symmetric(string name, int count, int order)
        {
            IReadOnlyList<JsonNode> matrices = node[name].Items();
            if (matrices.Count != count) throw node[name].Wrong($"has {matrices.Count} matrices, expected {count}");
            return [.. matrices.Select(matrix => matrix.Symmetric(order))];
        }

        public IParameterReader Part(string name) => new ParameterReader(node[name],
            node[name].Has("columns") ? ModelReader.Columns(node[name]["columns"]) : columns, [], models);

        public FittedModel Model(FitReport report) => Reader(node, models)(this, report);
    }

    private static Func<IParameterReader, FitReport, FittedModel> Reader(JsonNode node, ModelRegistry models) =>
        models.Reader(node["model"].Text()) ?? throw node["model"].Wrong($"is '{node["model"].Text()}', expected {models}");

    private static string[] Columns(JsonNode node)
    {
        string[] columns = node.Texts();
        if (columns.Length == 0) throw node.Wrong("is empty; expected the names of the modelled columns");
        if (columns.Contains("")) throw node.Wrong("has an empty name");
        if (columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            throw node.Wrong($"has '{twice.Key}' twice");
        return columns;
    }

    private static CovariancePrior Prior(JsonNode root, int p)
    {
        const string wishart = "inverse-wishart:";
        string text = root["prior"].Text();
        if (text.StartsWith(wishart, StringComparison.Ordinal) && double.TryParse(text.AsSpan(wishart.Length), NumberStyles.Float,
            CultureInfo.InvariantCulture, out double df) && double.IsFinite(df))
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

    private static LinearRelation Relation(JsonNode node, string[] modelled)
    {
        string[] columns = node["columns"].Texts();
        if (columns.Length < 2) throw node["columns"].Wrong($"has {columns.Length} names, expected two or more columns in a relation");
        if (columns.Except(modelled).FirstOrDefault() is { } unknown)
            throw node["columns"].Wrong($"names '{unknown}', which is not a column of the model; expected some of "
                + $"{TextFormat.Names(modelled)}");
        if (columns.Distinct().Count() < columns.Length)
            throw node["columns"].Wrong($"names '{columns.GroupBy(c => c).First(g => g.Count() > 1).Key}' twice; a relation has each "
                + "column once");
        double[] coefficients = node["coefficients"].Vector(columns.Length);
        if (Array.IndexOf(coefficients, 0) is >= 0 and int zero)
            throw node["coefficients"].Wrong($"has a coefficient of 0 for '{columns[zero]}', which then has no part in the relation; "
                + "expected numbers other than 0");
        return new LinearRelation(columns, coefficients, node["constant"].Number(), node["rows"].Count(),
            node.Has("unexplained") ? node["unexplained"].Number() : 0);
    }

    /// <summary>Whether a relation, which holds of the observed values, is nearly true of the means too: a prior and missing cells move
    /// them by fractions of a standard deviation. Cells would be filled with any number otherwise.</summary>
    private static bool Holds(LinearRelation relation, string[] columns, ModelMoments? moments)
    {
        if (moments is null) return true;
        double gap = -relation.Constant, size = 0, spread = 0;
        for (int k = 0; k < relation.Columns.Count; k++)
        {
            int j = Array.IndexOf(columns, relation.Columns[k]);
            double term = relation.Coefficients[k] * moments.Mean[j];
            gap += term;
            size += Math.Abs(term);
            spread = Math.Max(spread, Math.Abs(relation.Coefficients[k]) * Math.Sqrt(moments.Covariance[j, j]));
        }
        return Math.Abs(gap) <= FarAway * spread + Rounding * size;
    }

    private static ColumnUse Disposition(JsonNode node) => new(
        node["name"].Text(), node["kind"].Enum<ColumnKind>(), node["role"].Enum<ColumnRole>(), node["observed"].Count(),
            node["missing"].Count(), node["note"].Text())
    {
        Constant = node.Has("constant") ? node["constant"].Number() : double.NaN,
        Values = node.Has("values") ? Values(node["values"]) : null,
    };

    private static ObservedValues Values(JsonNode node)
    {
        double lowest = node["lowest"].Number(), highest = node["highest"].Number();
        double[] scale = [.. node["scale"].Items().Select(value => value.Number())];
        if (!(lowest <= highest)) throw node.Wrong("has a highest value below the lowest");
        for (int k = 1; k < scale.Length; k++)
            if (!(scale[k - 1] < scale[k])) throw node["scale"].Wrong("is not ascending");
        return new ObservedValues(lowest, highest, node["whole"].Truth(), node["amounts"].Truth(), scale);
    }

    private static Finding Finding(JsonNode node) => new(
        node["severity"].Enum<FindingSeverity>(), node["code"].Text(), node["sentence"].Text(), node["columns"].Texts(),
            node["advice"].Text());

    private static EmIteration Iteration(JsonNode node) => new(
        node["start"].Count(), node["iteration"].Count(), node["objective"].NumberOrNaN(), node["logLikelihood"].NumberOrNaN(),
        node["distance"].NumberOrNaN(), node["kind"].Enum<EmStepKind>());
}
