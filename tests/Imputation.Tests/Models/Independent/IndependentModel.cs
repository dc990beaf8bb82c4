using Imputation.Models;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Random;

namespace Imputation.Tests.Models.Independent;

/// <summary>A second model, over the seam alone: every column by itself, numbers normal, text by the shares of its levels.</summary>
internal sealed record IndependentOptions : ModelOptions
{
    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        Column[] columns = [.. table.Columns.Where(c => c.MissingCount < c.Count)];
        IndependentFit fit = IndependentFit.To(columns, Enumerable.Range(0, table.RowCount), table);
        return new PreparedFit(fit, ModelFrame.Of(fit, table).Patterns, draws => new Bootstrap(columns, table, run.Seed));
    }

    private sealed class Bootstrap(Column[] columns, Table table, ulong seed) : IParameterDraws
    {
        public DataAugmentationResult? Chains => null;

        public void Prepare(CancellationToken cancellation) { }

        public ParameterDraw Draw(int index, int threads, CancellationToken cancellation) => new(IndependentFit.To(columns,
            Enumerable.Range(0, table.RowCount).Select(i => (int)(CounterRandom.Uniform(seed, i, index, 0) * table.RowCount)), table));
    }
}

internal sealed class IndependentFit : FittedModel
{
    public const string Name = "independent";

    public required double[] Means { get; init; }

    public required double[] Deviations { get; init; }

    /// <summary>Levels of each column that is not numeric, and their shares; empty for numbers.</summary>
    public required (string[] Names, double[] Shares)[] Levels { get; init; }

    public override string ModelName => Name;

    internal override string Description => "independent columns";

    internal override IConditional Over(ModelFrame frame) => new Conditional(this, frame);

    internal override Column InFrame(int column, Column given) => Levels[column].Names.Length > 0 ? given : base.InFrame(column, given);

    internal override IReadOnlyList<ModelParameter> Parameters =>
    [
        new("means", Means), new("deviations", Deviations),
        .. Levels.SelectMany((l, j) => new ModelParameter[] { new($"levels{j}", string.Join('\n', l.Names)), new($"shares{j}", l.Shares) }),
    ];

    public static IndependentFit Read(IParameterReader file, FitReport report)
    {
        int p = file.Columns.Count;
        return new IndependentFit
        {
            Columns = file.Columns,
            Report = report,
            Means = file.Vector("means", p),
            Deviations = file.Vector("deviations", p),
            Levels = [.. Enumerable.Range(0, p).Select(j => file.Text($"levels{j}") is { Length: > 0 } text && text.Split('\n') is var names
                ? (names, file.Vector($"shares{j}", names.Length)) : ([], Array.Empty<double>()))],
        };
    }

    public static IndependentFit To(Column[] columns, IEnumerable<int> rows, Table table)
    {
        int[] taken = [.. rows];
        double[] means = new double[columns.Length], deviations = new double[columns.Length];
        var levels = new (string[], double[])[columns.Length];
        double logLikelihood = 0;
        for (int j = 0; j < columns.Length; j++)
        {
            Column column = columns[j];
            if (column is NumericColumn numeric)
            {
                double[] x = [.. taken.Where(row => !column.IsMissing(row)).Select(row => numeric[row])];
                means[j] = x.Average();
                deviations[j] = Math.Sqrt(x.Average(v => (v - means[j]) * (v - means[j])));
                levels[j] = ([], []);
                logLikelihood += x.Sum(v => -0.5 * Math.Log(2 * Math.PI) - Math.Log(deviations[j])
                    - 0.5 * Math.Pow((v - means[j]) / deviations[j], 2));
                continue;
            }
            string[] names = [.. column.Levels.Levels.Select(l => l.Value.ToString()!)];
            double[] counts = [.. names.Select(name => (double)taken.Count(row => column.Value(row)?.ToString() == name))];
            levels[j] = (names, [.. counts.Select(c => c / counts.Sum())]);
            logLikelihood += counts.Where(c => c > 0).Sum(c => c * Math.Log(c / counts.Sum()));
        }
        long missing = columns.Sum(c => (long)c.MissingCount);
        return new IndependentFit
        {
            Columns = [.. columns.Select(c => c.Name)],
            Means = means,
            Deviations = deviations,
            Levels = levels,
            Report = new FitReport
            {
                LogLikelihood = logLikelihood,
                Objective = logLikelihood,
                ParameterCount = columns.Length * 2,
                RowCount = table.RowCount,
                CompleteRowCount = Enumerable.Range(0, table.RowCount).Count(row => columns.All(c => !c.IsMissing(row))),
                ObservedCellCount = columns.Sum(c => (long)c.Count) - missing,
                MissingCellCount = missing,
                PatternCount = 0,
                Outcome = EmOutcome.Converged,
                Method = FitMethod.Complete,
                IterationCount = 1,
                EStepCount = 1,
                ConvergenceRate = 0,
                EstimatedDistance = 0,
                ScoreNorm = 0,
                Prior = CovariancePrior.None,
                Trace = [],
                Runs = [],
                EndPoints = [],
                Relations = [],
                ColumnUses = [.. table.Columns.Select(c => new ColumnUse(c.Name, c.Kind, columns.Contains(c) ? ColumnRole.Modelled
                    : ColumnRole.NothingObserved, c.Count - c.MissingCount, c.MissingCount))],
                Findings = [],
            },
        };
    }

    private sealed class Conditional(IndependentFit fit, ModelFrame frame) : IConditional
    {
        public bool IsNormalByPattern => false;

        public IRowConditional Workspace() => new Row(fit, frame);

        public ICellPredictor? Predictor() => null;

        public bool TryMeans(MeansReceiver receive, ParallelOptions parallel) => false;
    }

    private sealed class Row(IndependentFit fit, ModelFrame frame) : IRowConditional
    {
        private int[] _missing = [];

        public double LogDensity => double.NaN;

        public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws)
        {
            _missing = missing.ToArray();
            return true;
        }

        public void Given(ReadOnlySpan<double> cells) { }

        public double Mean(int a) => IsLevel(a, out var levels) ? Index(a, levels.Names[Array.IndexOf(levels.Shares, levels.Shares.Max())])
            : fit.Means[Key(a)];

        public double Deviation(int a) => IsLevel(a, out _) ? double.NaN : fit.Deviations[Key(a)];

        public double Quantile(int a, double probability) => IsLevel(a, out _) ? 0
            : fit.Means[Key(a)] + fit.Deviations[Key(a)] * TruncatedNormal.Quantile(probability, double.NegativeInfinity,
                double.PositiveInfinity);

        public double Crps(int a, double value) => Statistics.Crps.Normal(fit.Means[Key(a)], fit.Deviations[Key(a)], value);

        public bool Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values)
        {
            for (int a = 0; a < _missing.Length; a++)
            {
                double u = CounterRandom.Uniform(seed, row, Key(a), 0);
                if (!IsLevel(a, out var levels))
                {
                    double mean = fit.Means[Key(a)], deviation = fit.Deviations[Key(a)];
                    values[a] = mean + deviation * TruncatedNormal.Quantile(u, (bounds[a].Lower - mean) / deviation,
                        (bounds[a].Upper - mean) / deviation);
                    continue;
                }
                int k = 0;
                for (double sum = levels.Shares[0]; sum < u && k < levels.Shares.Length - 1; sum += levels.Shares[k]) k++;
                values[a] = Index(a, levels.Names[k]);
            }
            return false;
        }

        public double Next(int a) => Mean(a);

        public void Fix(int a, double value) { }

        private int Key(int a) => frame.Keys[_missing[a]];

        private bool IsLevel(int a, out (string[] Names, double[] Shares) levels) => (levels = fit.Levels[Key(a)]).Names.Length > 0;

        private double Index(int a, string level) => frame.Columns[_missing[a]].Levels.Levels.ToList()
            .FindIndex(l => l.Value.ToString() == level) is >= 0 and var k ? k : double.NaN;
    }
}
