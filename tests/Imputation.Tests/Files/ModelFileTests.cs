using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Imputation.Files;

namespace Imputation.Tests.Files;

public class ModelFileTests
{
    [Fact]
    public void AModel_ReadsBackBitForBit()
    {
        var random = new Random(11);
        for (int round = 0; round < 100; round++)
        {
            NormalFit fit = RandomFit(random);
            Same(fit, RoundTrip(fit));
        }
    }

    [Fact]
    public void Priors_ReadBack()
    {
        foreach (CovariancePrior prior in (CovariancePrior[])[CovariancePrior.None, CovariancePrior.Jeffreys, CovariancePrior.Ridge(0.1),
            CovariancePrior.InverseWishart(-1.5, new[,] { { 2, 0.1 }, { 0.1, 3 } })])
        {
            CovariancePrior back = RoundTrip(Fit(prior)).Report.Prior;
            Assert.Equal(prior.ToString(), back.ToString());
            Assert.Equal(prior.CrossProducts, back.CrossProducts);
        }
    }

    [Fact]
    public void TheFile_HasTheMembersThatItsReadersRelyOn()
    {
        using JsonDocument document = JsonDocument.Parse(Text(Fit(CovariancePrior.Ridge(1)), new ModelSource("bfi.csv", "0123")));
        JsonElement root = document.RootElement;
        Assert.Equal("imputation/model", root.GetProperty("format").GetString());
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal("normal", root.GetProperty("model").GetString());
        Assert.Equal("y", root.GetProperty("columns")[1].GetString());
        Assert.Equal(0.1, root.GetProperty("mean")[0].GetDouble());
        Assert.Equal(0.25, root.GetProperty("covariance")[0][1].GetDouble());
        foreach (string name in (string[])["logLikelihood", "objective", "rows", "observedCells", "missingCells", "patterns", "iterations",
            "evaluations", "outcome", "path", "rate", "remaining", "scoreNorm", "prior", "relations", "dispositions", "findings"])
            Assert.True(root.TryGetProperty(name, out _), name);
        Assert.Equal("MaxIterations", root.GetProperty("outcome").GetString());
        Assert.Equal(2, root.GetProperty("restarts").GetProperty("runs")[0].GetProperty("iterations").GetInt32());
        Assert.Equal("accelerated", root.GetProperty("trace")[1].GetProperty("kind").GetString());
        Assert.Equal("bfi.csv", root.GetProperty("source").GetProperty("file").GetString());
        Assert.Equal("0123", root.GetProperty("source").GetProperty("sha256").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("remaining").ValueKind);    // it is NaN
    }

    [Fact]
    public void ARowOfTheCovariance_StandsOnOneLine() => Assert.Contains("    [2,0.25],\n", Text(Fit(CovariancePrior.None)));

    [Fact]
    public void UnknownMembers_AreIgnored() => Same(Fit(CovariancePrior.None),
        Read(Changed(root => root["later"] = new JsonObject { ["a"] = 1 })));

    public static TheoryData<string, string, string> Broken => new()
    {
        { "format", "\"other/thing\"", "other/thing" },
        { "format", "null", "not a model file" },
        { "version", "2", "is 2, expected 1" },
        { "version", "\"1\"", "'version'" },
        { "model", "\"forest\"", "forest" },
        { "columns", "[\"x\",\"x\"]", "'x' twice" },
        { "columns", "[]", "'columns'" },
        { "columns", "[\"x\",\"\"]", "empty name" },
        { "columns", "[\"x\",\"y\",\"z\"]", "expected 3" },
        { "mean", "[0.1]", "'mean' has 1" },
        { "mean", "[0.1,null]", "'mean[1]' is null" },
        { "mean", "[0.1,1e999]", "'mean[1]'" },
        { "mean", "\"0.1\"", "'mean' is the string '0.1'" },
        { "covariance", "[[2,0.25],[0.26,1]]", "not symmetric" },
        { "covariance", "[[2,0],[0,0]]", "variance of 0 for 'y'" },
        { "covariance", "[[-2,0],[0,1]]", "variance of -2 for 'x'" },
        { "covariance", "[[2,0]]", "1 rows" },
        { "covariance", "[[2],[0]]", "'covariance[0]'" },
        { "rows", "-1", "'rows' is -1" },
        { "rows", "1.5", "'rows' is 1.5" },
        { "outcome", "\"fine\"", "expected one of Converged" },
        { "prior", "\"ridge:0\"", "'prior' is 'ridge:0', expected none" },
        { "prior", "\"inverse-wishart:3\"", "'priorCrossProducts' is missing" },
        { "restarts", "{\"runs\":[{}],\"endPoints\":[]}", "'restarts.runs[0].start' is missing" },
        { "trace", "[1]", "'trace[0]' is 1, expected an object" },
        { "relations", "[{\"columns\":[\"x\"]}]", "'relations[0].columns'" },
        { "relations", "[{\"columns\":[\"x\",\"q\"],\"coefficients\":[1,1],\"constant\":0,\"rows\":9}]", "'q', which is not a column" },
        { "relations", "[{\"columns\":[\"x\",\"x\"],\"coefficients\":[1,1],\"constant\":0,\"rows\":9}]", "names 'x' twice" },
        { "relations", "[{\"columns\":[\"x\",\"y\"],\"coefficients\":[1,0],\"constant\":0,\"rows\":9}]", "0 for 'y'" },
        { "relations", "[{\"columns\":[\"x\",\"y\"],\"coefficients\":[0.5,-1],\"constant\":1e300,\"rows\":9}]",
            "'relations[0]' says that y = 0.5*x - 1E+300, which is far from true of the model's means" },
        { "relations", "[{\"columns\":[\"x\",\"y\"],\"coefficients\":[0.5,-1],\"constant\":9,\"rows\":9}]", "far from true" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void ABrokenModel_IsRefused_SayingWhatIsWrong(string member, string value, string said)
    {
        string message = Assert.Throws<ImputationDataException>(() => Read(Changed(root => root[member] = value == "null" ? null
            : JsonNode.Parse(value)))).Message;
        Assert.Contains(said, message);
        Assert.Contains("m.json", message);
    }

    [Fact]
    public void OnlyColumnsMeansAndCovariances_AreNeeded()
    {
        string[] needed = ["format", "version", "model", "columns", "mean", "covariance"];
        foreach (string member in JsonNode.Parse(Text(Fit(CovariancePrior.None)))!.AsObject().Select(m => m.Key).ToArray())
        {
            if (needed.Contains(member))
                Assert.Contains($"'{member}'", Assert.Throws<ImputationDataException>(() => Read(Changed(root => root.Remove(member))))
                    .Message);
            else Assert.Equal(Fit(CovariancePrior.None).Covariance, Read(Changed(root => root.Remove(member))).Covariance);
        }
    }

    [Fact]
    public void AMemberGivenTwice_IsRefused()
    {
        string text = Text(Fit(CovariancePrior.None)).Replace("\"mean\"", "\"mean\": [7, 7], \"mean\"", StringComparison.Ordinal);
        Assert.Contains("given twice", Assert.Throws<ImputationDataException>(() => Read(text)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b\n1,2\n")]
    [InlineData("{\"format\":\"imputation/model\",")]
    [InlineData("[1,2]")]
    [InlineData("{\"some\":\"json\"}")]
    [InlineData("\u0000\u0001")]
    public void AForeignFile_IsRefused(string text) => Assert.Contains("not a model file",
        Assert.Throws<ImputationDataException>(() => Read(text)).Message);

    [Fact]
    public void EveryTruncationOfAModel_IsRefused()
    {
        string text = Text(Fit(CovariancePrior.None));
        for (int length = 0; length < text.Length - 2; length += 7)
            Assert.Throws<ImputationDataException>(() => Read(text[..length]));
    }

    private static string Text(NormalFit fit, ModelSource? source = null)
    {
        var stream = new MemoryStream();
        ModelFile.Write(stream, fit, source);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static NormalFit Read(string text) => (NormalFit)ModelFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "m.json");

    private static NormalFit RoundTrip(NormalFit fit) => Read(Text(fit));

    private static string Changed(Action<JsonObject> change)
    {
        JsonObject root = JsonNode.Parse(Text(Fit(CovariancePrior.None)))!.AsObject();
        change(root);
        return root.ToJsonString();
    }

    private static void Same(NormalFit expected, NormalFit actual)
    {
        Assert.Equal(expected.Columns, actual.Columns);
        Assert.Equal(Bits(expected.Mean), Bits(actual.Mean));
        Assert.Equal(Bits(expected.Covariance.ToArray()), Bits(actual.Covariance.ToArray()));
        Assert.Equal(
            Bits((double[])[expected.Report.LogLikelihood, expected.Report.Objective, expected.Report.ConvergenceRate,
                expected.Report.EstimatedDistance, expected.Report.ScoreNorm]),
            Bits((double[])[actual.Report.LogLikelihood, actual.Report.Objective, actual.Report.ConvergenceRate,
                actual.Report.EstimatedDistance, actual.Report.ScoreNorm]));
        Assert.Equal(
            (expected.Report.RowCount, expected.Report.CompleteRowCount, expected.Report.ObservedCellCount,
                expected.Report.MissingCellCount, expected.Report.PatternCount, expected.Report.Outcome, expected.Report.Method,
                expected.Report.IterationCount, expected.Report.EStepCount),
            (actual.Report.RowCount, actual.Report.CompleteRowCount, actual.Report.ObservedCellCount, actual.Report.MissingCellCount,
                actual.Report.PatternCount, actual.Report.Outcome, actual.Report.Method, actual.Report.IterationCount,
                actual.Report.EStepCount));
        Assert.Equal(expected.Report.Prior.ToString(), actual.Report.Prior.ToString());
        Assert.Equal(expected.Report.Trace, actual.Report.Trace);
        Assert.Equal(expected.Report.Runs, actual.Report.Runs);
        Assert.Equal(expected.Report.ColumnUses, actual.Report.ColumnUses);
        Assert.Equal(expected.EndPoints.Count, actual.EndPoints.Count);
        foreach ((NormalEndPoint e, NormalEndPoint a) in expected.EndPoints.Zip(actual.EndPoints))
        {
            Assert.Equal(Bits(e.Mean), Bits(a.Mean));
            Assert.Equal(Bits(e.Covariance.ToArray()), Bits(a.Covariance.ToArray()));
            Assert.Equal((e.Objective, e.LogLikelihood, e.StartCount), (a.Objective, a.LogLikelihood, a.StartCount));
        }
        Assert.Equal(expected.Report.Relations.Count, actual.Report.Relations.Count);
        foreach ((LinearRelation e, LinearRelation a) in expected.Report.Relations.Zip(actual.Report.Relations))
        {
            Assert.Equal(e.Columns, a.Columns);
            Assert.Equal(Bits(e.Coefficients), Bits(a.Coefficients));
            Assert.Equal((e.Constant, e.RowCount), (a.Constant, a.RowCount));
        }
        Assert.Equal(expected.Report.Findings.Count, actual.Report.Findings.Count);
        foreach ((Finding e, Finding a) in expected.Report.Findings.Zip(actual.Report.Findings))
        {
            Assert.Equal((e.Severity, e.Code, e.Sentence, e.Advice), (a.Severity, a.Code, a.Sentence, a.Advice));
            Assert.Equal(e.Columns, a.Columns);
        }
    }

    private static long[] Bits(IEnumerable<double> values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];

    private static long[] Bits(double[,] values) => Bits(values.Cast<double>());

    private static NormalFit Fit(CovariancePrior prior) => new([0.1, -1 / 3.0], new[,] { { 2, 0.25 }, { 0.25, 1 } })
    {
        Columns = ["x", "y"],
        Report = new FitReport
        {
            LogLikelihood = -12.5,
            Objective = -13,
            RowCount = 10,
            CompleteRowCount = 7,
            ObservedCellCount = 17,
            MissingCellCount = 3,
            PatternCount = 3,
            Outcome = EmOutcome.MaxIterations,
            Method = FitMethod.Iterated,
            IterationCount = 2,
            EStepCount = 5,
            ConvergenceRate = 0.5,
            EstimatedDistance = double.NaN,
            ScoreNorm = 1e-9,
            Prior = prior,
            Trace = [new EmIteration(0, 1, -20, -19, 1, EmStepKind.Start), new EmIteration(0, 2, -13, -12.5, 0.1, EmStepKind.Accelerated)],
            Runs = [new EmRun(0, -13, -12.5, EmOutcome.MaxIterations, 2, 5, 0)],
            EndPoints = [new NormalEndPoint(["x", "y"], [0.1, -1 / 3.0], new[,] { { 2, 0.25 }, { 0.25, 1 } }, -13, -12.5, 1)],
            Relations = [new LinearRelation(["x", "y"], [0.5, -1], 0.1, 7)],
            ColumnUses = [new ColumnUse("x", ColumnKind.Number, ColumnRole.Modelled, 8, 2),
                new ColumnUse("c", ColumnKind.Integer, ColumnRole.Constant, 9, 1, "always 5") { Constant = 5 }],
            Findings = [new Finding(FindingSeverity.Warning, "linear-relation", "x = \"y\"; größe < 2", ["x", "y"], "Drop one.")],
        },
    };

    /// <summary>A fit of numbers with any bits: subnormal, huge, negative zero, many digits.</summary>
    private static NormalFit RandomFit(Random random)
    {
        double Any()
        {
            while (true)
                if (BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)) is var d && double.IsFinite(d))
                    return random.Next(5) switch { 0 => -0.0, 1 => random.NextDouble(), _ => d };
        }
        int p = random.Next(1, 7);
        double[] Vector(int length) => [.. Enumerable.Range(0, length).Select(_ => Any())];
        double[,] Matrix()
        {
            var matrix = new double[p, p];
            for (int j = 0; j < p; j++)
                for (int k = 0; k <= j; k++)
                    matrix[j, k] = matrix[k, j] = j == k ? Math.Max(double.Epsilon, Math.Abs(Any())) : Any();
            return matrix;
        }
        NormalFit basis = Fit(CovariancePrior.None);
        string[] columns = [.. Enumerable.Range(0, p).Select(j => $"ünï \"{j}\" \\ , \t \U0001F600")];
        double[] mean = Vector(p), coefficients = Array.ConvertAll(mean, _ => -random.NextDouble());
        double constant = mean.Zip(coefficients, (m, c) => m * c).Sum(); // a relation holds of the means
        return new NormalFit(mean, Matrix())
        {
            Columns = columns,
            Report = new FitReport
            {
                LogLikelihood = Any(),
                Objective = double.NaN,
                RowCount = int.MaxValue,
                CompleteRowCount = random.Next(),
                ObservedCellCount = long.MaxValue,
                MissingCellCount = 0,
                PatternCount = 1,
                Outcome = (EmOutcome)random.Next(6),
                Method = (FitMethod)random.Next(3),
                IterationCount = 0,
                EStepCount = 1,
                ConvergenceRate = Any(),
                EstimatedDistance = Any(),
                ScoreNorm = Any(),
                Prior = CovariancePrior.Ridge(Math.Max(double.Epsilon, Math.Abs(Any()))),
                Trace = [.. Enumerable.Range(0, random.Next(5)).Select(k => new EmIteration(0, k + 1, Any(), Any(), Any(),
                    (EmStepKind)random.Next(4)))],
                Runs = [.. Enumerable.Range(0, random.Next(4)).Select(k => new EmRun(k, Any(), Any(), (EmOutcome)random.Next(6), k, k, 0))],
                EndPoints = [.. Enumerable.Range(0, random.Next(3)).Select(k => new NormalEndPoint(columns, Vector(p), Matrix(),
                    Any(), Any(), k))],
                Relations = p < 2 || !double.IsFinite(constant) ? [] : [new LinearRelation([.. columns], coefficients, constant, 9)],
                ColumnUses = basis.Report.ColumnUses,
                Findings = basis.Report.Findings,
            },
        };
    }
}
