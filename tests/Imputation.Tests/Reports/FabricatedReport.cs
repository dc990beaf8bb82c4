using Imputation.Diagnostics;
using Imputation.Reports;

namespace Imputation.Tests.Reports;

/// <summary>Reports with every kind of chart and table, computed simply from a table: what a page is tried with, whatever the built-in
/// diagnostics do.</summary>
internal static class FabricatedReport
{
    public static DiagnosticReport Of(Table table)
    {
        (string Name, string Title, Func<Table, DiagnosticResult> Run)[] parts =
        [
            ("columns", "Columns", Columns), ("patterns", "Patterns of missing cells", Patterns), ("pairs", "Pairs of columns", Pairs),
                ("flux", "Influx and outflux", Flux),
            ("little", "Little's test of missing completely at random", _ => Little()), ("adequacy", "Does the normal model fit?",
                Adequacy),
            ("convergence", "Convergence", _ => Convergence()), ("filled", "Filled against observed", Filled),
                ("overimputation", "Overimputation", Overimputation),
        ];
        List<DiagnosticEntry> entries = [.. parts.Select(p => new DiagnosticEntry(p.Name, p.Title, p.Run(table)))];
        entries.Add(new DiagnosticEntry("own", "A user's own diagnostic", new DiagnosticResult
        {
            Findings = [new Finding(FindingSeverity.Warning, "diagnostic-failed",
                "The diagnostic 'own' failed: InvalidOperationException: no", [],
                "The others are not affected. Report it to whoever wrote the diagnostic.")],
        }, WasRun: false));
        return Of(table, entries);
    }

    public static DiagnosticReport Of(Table table, IReadOnlyList<DiagnosticEntry> entries) => new(new DiagnosticContext(table), entries);

    /// <summary>A report of one chart.</summary>
    public static DiagnosticReport Of(params Chart[] charts) =>
        Of(Table.FromArray(["x"], new double[,] { { 1 } }), [new DiagnosticEntry("one", "One", new DiagnosticResult { Charts = charts })]);

    public static ReportHeading Heading(string file, Table table) => new(file)
    {
        Generator = "impute 0.1.0",
        Lines = [new("Rows", table.RowCount.ToString()), new("Columns", table.Columns.Count.ToString()), new("Prior", "none"),
            new("Seed", "1")],
    };

    /// <summary>Columns that depend on each other, with cells missing; the same each time.</summary>
    public static Table Wide(int rows, int columns, double missing = 0.1)
    {
        var random = new Random(7);
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            double common = Normal(random);
            for (int j = 0; j < columns; j++) values[i, j] = random.NextDouble() < missing * (j % 5) / 2 ? double.NaN
                : common + Normal(random);
        }
        return Table.FromArray([.. Enumerable.Range(1, columns).Select(j => $"question_{j:000}")], values);
    }

    public static double[] Observed(Table table, int column) => table.Columns[column] is NumericColumn c
        ? [.. c.Values.ToArray().Where(v => !double.IsNaN(v))] : [];

    private static DiagnosticResult Columns(Table table)
    {
        double[] shares = [.. table.Columns.Select(c => (double)c.MissingCount / Math.Max(1, c.Count))];
        int[] order = [.. Enumerable.Range(0, shares.Length).OrderByDescending(j => shares[j])];
        return new DiagnosticResult
        {
            Verdict = $"{shares.Count(s => s > 0)} of {shares.Length} columns have missing cells; {table.Columns[order[0]].Name} "
                + "has the most.",
            Findings =
            [
                new Finding(FindingSeverity.Note, "integers", "All columns hold whole numbers only.", []),
                new Finding(FindingSeverity.Warning, "suspicious-code",
                    $"'{table.Columns[0].Name}' has 12 cells with 99, far from all others.", [table.Columns[0].Name],
                    "If 99 means missing, give it as a missing code: --missing 99.")
                {
                    Evidence = "The next value below is 6; 12 of 2,800 cells.",
                },
            ],
            Tables =
            [
                new DiagnosticTable("The columns", [new("Column", CellFormat.Text), new("Type", CellFormat.Text),
                    new("Observed", CellFormat.Count), new("Missing", CellFormat.Share), new("Mean"), new("SD"), new("Minimum"),
                    new("Maximum"), new("Constant", CellFormat.Text)],
                    [.. table.Columns.Select((c, j) => Observed(table, j) is { Length: > 1 } x ? (IReadOnlyList<object?>)[c.Name, "number",
                        x.Length, shares[j], x.Average(), Sd(x), x.Min(), x.Max(), x.Min() == x.Max()]
                        : [c.Name, "text", c.Count - c.MissingCount, shares[j], null, null, null, null, null])])
                {
                    Note = "SD: standard deviation with divisor n − 1.",
                },
            ],
            Charts =
            [
                new BarChart("Missing share of each column", "share of rows", [.. order.Select(j => table.Columns[j].Name)],
                    [.. order.Select(j => shares[j])]) { Format = CellFormat.Share,
                    Description = "Columns with the most missing cells stand first." },
            ],
            Method = "Quantiles by linear interpolation (Hyndman and Fan 1996, type 7).",
        };
    }

    private static DiagnosticResult Patterns(Table table)
    {
        var groups = Enumerable.Range(0, table.RowCount).GroupBy(i => string.Concat(table.Columns.Select(c => c.IsMissing(i) ? '0' : '1')))
            .OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key, StringComparer.Ordinal).ToArray();
        return new DiagnosticResult
        {
            Verdict = $"The rows have {groups.Length} patterns of missing cells; the most frequent has {groups[0].Count()} rows.",
            Values = [new("patterns", groups.Length), new("monotone", double.NaN)],
            Charts =
            [
                new PatternMap("Which cells are missing together", [.. table.Columns.Select(c => c.Name)],
                    [.. groups.Take(40).Select(g => new PatternRow(g.Key, g.Count()))], Math.Max(0, groups.Length - 40),
                    groups.Skip(40).Sum(g => g.Count()))
                {
                    Description = "Each line is a pattern: the rows in which exactly the marked cells are missing.",
                },
            ],
            Tables = [new DiagnosticTable("Patterns", [new("Pattern", CellFormat.Text), new("Rows", CellFormat.Count),
                new("Share", CellFormat.Share), new("Missing", CellFormat.Count)],
                [.. groups.Select((g, k) => (IReadOnlyList<object?>)[$"{k + 1}", g.Count(), (double)g.Count() / table.RowCount,
                    g.Key.Count(c => c == '0')])])],
        };
    }

    private static DiagnosticResult Pairs(Table table)
    {
        Column[] some = [.. table.Columns.Where(c => c.MissingCount > 0)];
        if (some.Length == 0) return new DiagnosticResult { Verdict = "Nothing is missing, so nothing can be missing together." };
        int p = some.Length;
        double[][] indicators = [.. some.Select(c => Enumerable.Range(0, c.Count).Select(i => c.IsMissing(i) ? 1.0 : 0).ToArray())];
        var correlations = new double[p, p];
        for (int j = 0; j < p; j++)
            for (int k = 0; k < p; k++) correlations[j, k] = Correlation(indicators[j], indicators[k]);
        string[] names = [.. some.Select(c => c.Name)];
        return new DiagnosticResult
        {
            Verdict = "Cells are missing together more often than chance would have it.",
            Charts =
            [
                new HeatMap("Which columns are missing together", "correlation of missingness", names, names, correlations, -1,
                    1) { Description = "1: always missing together; 0: independently; −1: never both." },
                Tree(names, correlations),
            ],
        };
    }

    private static Dendrogram Tree(string[] names, double[,] correlations)
    {
        var groups = names.Select((_, j) => (Node: j, Members: new List<int> { j })).ToList();
        var merges = new List<DendrogramMerge>();
        while (groups.Count > 1)
        {
            (double least, int a, int b) = (double.PositiveInfinity, 0, 1);
            for (int i = 0; i < groups.Count; i++)
            {
                for (int k = i + 1; k < groups.Count; k++)
                {
                    double distance = groups[i].Members.Max(x => groups[k].Members.Max(y => 1 - correlations[x, y]));
                    if (distance < least) (least, a, b) = (distance, i, k);
                }
            }
            merges.Add(new DendrogramMerge(groups[a].Node, groups[b].Node, least));
            groups[a] = (names.Length + merges.Count - 1, [.. groups[a].Members, .. groups[b].Members]);
            groups.RemoveAt(b);
        }
        return new Dendrogram("Columns by how they are missing", "1 − correlation of missingness", names,
            merges)
        { Description = "Columns that are joined early are missing in the same rows." };
    }

    private static DiagnosticResult Flux(Table table)
    {
        int n = table.RowCount, p = table.Columns.Count;
        double observed = table.Columns.Sum(c => c.Count - c.MissingCount), missing = table.Columns.Sum(c => c.MissingCount);
        int[] byRow = [.. Enumerable.Range(0, n).Select(i => table.Columns.Count(c => c.IsMissing(i)))];
        double[] influx = [.. table.Columns.Select(c => Enumerable.Range(0, n).Where(c.IsMissing)
            .Sum(i => (double)(p - byRow[i])) / Math.Max(1, observed))];
        double[] outflux = [.. table.Columns.Select(c => missing == 0 ? 1 : Enumerable.Range(0, n).Where(i => !c.IsMissing(i))
            .Sum(i => (double)byRow[i]) / missing)];
        return new DiagnosticResult
        {
            Verdict = "Every column can lend strength to others.",
            Charts =
            [
                new XyChart("Influx against outflux", "influx", "outflux",
                [
                    new ChartSeries("sum is 1", SeriesKind.Reference, [0, 1], [1, 0]),
                    new ChartSeries("columns", SeriesKind.Points, influx, outflux) { Labels = [.. table.Columns.Select(c => c.Name)] },
                ]) { Description = "High up: useful to fill others. Far right: well connected to others for being filled." },
            ],
            Method = "van Buuren (2018), §4.1.",
        };
    }

    private static DiagnosticResult Little() => new()
    {
        Verdict = "The data are not missing completely at random (p = 1.4 × 10⁻³).",
        Findings =
        [
            new Finding(FindingSeverity.Problem, "not-mcar",
                "Rows with different missing cells have different means: deleting incomplete rows would bias the results.", [],
                "Use a method that keeps the incomplete rows, and put what predicts missingness into the model.")
            {
                Evidence = "χ² = 35.1, 14 degrees of freedom, p = 0.0014",
            },
        ],
        Values = [new("statistic", 35.1058), new("degreesOfFreedom", 14), new("pValue", 0.0014), new("log10PValue", -2.85)],
        Tables = [new DiagnosticTable("Three versions of the test", [new("Version", CellFormat.Text), new("Statistic"),
            new("df", CellFormat.Count), new("p", CellFormat.PValue)],
            [["divisor n", 35.1058, 14, 0.00142], ["divisor n − 1", 34.88, 14, 1.5e-301], ["by permutation", null, null, 0.0]])],
        Method = "Little (1988). 999 permutations, seed 1.",
    };

    private static DiagnosticResult Adequacy(Table table)
    {
        double[] x = Standardised(table, 0);
        double[] squares = [.. x.Take(1000).Select(v => v * v).Order()];
        double[] expected = [.. squares.Select((_, i) => Math.Pow(Quantile((i + 0.5) / squares.Length / 2 + 0.5), 2))];
        double end = expected.DefaultIfEmpty(1).Max();
        return new DiagnosticResult
        {
            Verdict = "Most rows lie where a normal model expects them; five lie far out.",
            Charts =
            [
                new XyChart("Distances of rows against what a normal model expects", "expected squared distance", "squared distance",
                [
                    new ChartSeries("as expected", SeriesKind.Reference, [0, end], [0, end]),
                    new ChartSeries("rows", SeriesKind.Points, expected,
                        squares) { Labels = [.. squares.Select((_, i) => i >= squares.Length - 5 ? $"row {i}" : "")] },
                ]),
            ],
        };
    }

    private static DiagnosticResult Convergence() => new()
    {
        Verdict = "All ten starts end at the same point.",
        Charts =
        [
            new XyChart("Log-likelihood by iteration", "iteration", "log-likelihood",
                [.. Enumerable.Range(0, 10).Select(s => new ChartSeries($"start {s}", SeriesKind.Line,
                    [.. Enumerable.Range(1, 25).Select(i => (double)i)],
                    [.. Enumerable.Range(1, 25).Select(i => -2345.6 - (60 + 12 * s) * Math.Exp(-i / (3.0 + s % 4)))]))]),
        ],
    };

    private static DiagnosticResult Filled(Table table)
    {
        int[] with = [.. Enumerable.Range(0, table.Columns.Count).Where(j => table.Columns[j].MissingCount > 0
            && Observed(table, j).Length > 2).Take(4)];
        return new DiagnosticResult
        {
            Verdict = with.Length == 0 ? "Nothing was filled." : "Filled cells vary less than observed ones, as conditional means do.",
            Findings = with.Length == 0 ? [] : [new Finding(FindingSeverity.Warning, "narrow",
                $"Filled cells of '{table.Columns[with[0]].Name}' vary less than the observed.", [],
                "For variances, correlations and tests use draws (--method draw) rather than means.")],
            Charts = [.. with.Select(j =>
            {
                double[] x = Observed(table, j);
                double low = x.Min() - Sd(x), high = x.Max() + Sd(x), mean = x.Average(), sd = Sd(x);
                double[] grid = [.. Enumerable.Range(0, 101).Select(i => low + (high - low) * i / 100)];
                return new XyChart($"{table.Columns[j].Name}: observed and filled", table.Columns[j].Name, "density",
                [
                    new ChartSeries("observed", SeriesKind.Area, grid,
                        [.. grid.Select(g => x.Take(300).Average(v => Math.Exp(-0.5 * Math.Pow((g - v) / (0.4 * sd),
                        2)) / (sd * 0.4 * 2.5066)))]),
                    new ChartSeries("filled", SeriesKind.Area, grid,
                        [.. grid.Select(g => Math.Exp(-0.5 * Math.Pow((g - mean) / (0.5 * sd), 2)) / (sd * 0.5 * 2.5066))]),
                ]);
            })],
        };
    }

    private static DiagnosticResult Overimputation(Table table)
    {
        double[] x = [.. Standardised(table, 0).Take(300)];
        var random = new Random(3);
        double[] predicted = [.. x.Select(v => 0.8 * v + 0.5 * Normal(random))];
        return new DiagnosticResult
        {
            Verdict = "95 % intervals hold 94.3 % of hidden cells.",
            Charts =
            [
                new XyChart("Hidden cells: predicted against true", "true value", "predicted value, with 95 % interval",
                [
                    new ChartSeries("equal", SeriesKind.Reference, [-3, 3], [-3, 3]),
                    new ChartSeries("hidden cells", SeriesKind.Points, x, predicted) { Lower = [.. predicted.Select(v => v - 0.98)],
                        Upper = [.. predicted.Select(v => v + 0.98)] },
                ]),
            ],
            Tables = [new DiagnosticTable("Coverage", [new("Column", CellFormat.Text), new("Hidden", CellFormat.Count), new("RMSE"),
                new("RMSE of the mean"), new("50 %", CellFormat.Share), new("80 %", CellFormat.Share), new("95 %", CellFormat.Share),
                new("CRPS")],
                [.. table.Columns.Take(30).Select((c, j) => (IReadOnlyList<object?>)[c.Name, 40 + j, 0.81 + 0.01 * j, 1.03, 0.52, 0.79,
                    0.943, 0.44])])],
            Method = "Honaker, King and Blackwell (2011). 300 observed cells hidden, with the file's own patterns; seed 1.",
        };
    }

    private static double[] Standardised(Table table, int column)
    {
        double[] x = Observed(table, column);
        if (x.Length < 3) return [];
        double mean = x.Average(), sd = Sd(x);
        return [.. x.Select((v, i) => (v - mean) / (sd > 0 ? sd : 1) + 0.2 * Math.Sin(i * 12.9898))];
    }

    private static double Sd(double[] x)
    {
        double mean = x.DefaultIfEmpty(0).Average();
        return x.Length < 2 ? 0 : Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / (x.Length - 1));
    }

    private static double Correlation(double[] a, double[] b)
    {
        double ma = a.Average(), mb = b.Average(), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++) (ab, aa, bb) = (ab + (a[i] - ma) * (b[i] - mb), aa + (a[i] - ma) * (a[i] - ma),
            bb + (b[i] - mb) * (b[i] - mb));
        return ab / Math.Sqrt(aa * bb);
    }

    private static double Quantile(double p) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, p);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
        * Math.Cos(2 * Math.PI * random.NextDouble());
}
