using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>Means, standard deviations and correlations by listwise deletion, available cases and EM, with the number of rows that each
/// uses: the table of SPSS MVA.</summary>
/// <remarks>Listwise: rows in which every modelled column is observed. Available cases (pairwise): each mean and standard deviation
/// over the column's observed cells, each correlation over the rows in which both are observed, with the means and standard
/// deviations of those rows (Little and Rubin 2019, §3.4). Both have the divisor n − 1. EM: the fitted model, all rows; its standard
/// deviations have the divisor n.</remarks>
internal sealed class ComparisonDiagnostic : IMissingnessDiagnostic
{
    private const double LargeMean = 0.25, LargeCorrelation = 0.1, Hardly = 0.005;
    private const int MostPairs = 50, MostChecked = 300, FewestCompared = 10;

    /// <inheritdoc/>
    public string Name => "comparison";

    /// <inheritdoc/>
    public string Title => "Listwise deletion, available cases and EM compared";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Fit;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Matrix is not { } matrix || context.MatrixPatterns is not { } patterns || patterns.RowCount == 0)
            return new DiagnosticResult { Verdict = "No column can be modelled." };
        FittedModel fit = context.Fit;
        if (fit.Moments is not { } moments)
            return new DiagnosticResult { Verdict = $"The model ({fit.Description}) has no means and covariances to compare." };
        int n = matrix.RowCount, p = matrix.ColumnCount;
        ParallelOptions parallel = ParallelWork.Options(context.RunOptions.Threads, context.Cancellation);

        var statistics = new ColumnStatistics[p];
        ParallelWork.For(p, parallel, j => statistics[j] = ColumnStatistics.Of(matrix.Columns[j]));
        double[] center = [.. statistics.Select(s => s.Mean)], scale = [.. statistics.Select(s => s.StandardDeviation)];
        int[] complete = patterns.MissingCountOf(0) == 0 ? patterns.RowsOf(0).ToArray() : [];
        var available = JointMoments.Of(matrix, center, scale, rows: null, parallel);
        JointMoments listwise = complete.Length == n ? available : JointMoments.Of(matrix, center, scale, complete, parallel);

        var place = new Dictionary<string, int>();
        for (int j = 0; j < fit.Columns.Count; j++) place[fit.Columns[j]] = j;
        int[] inFit = [.. matrix.ColumnNames.Select(name => place.GetValueOrDefault(name, -1))];
        double[] mean = moments.Mean;
        double[,] covariance = moments.Covariance;
        ColumnComparison[] columns = [.. Enumerable.Range(0, p).Select(j => new ColumnComparison(matrix.ColumnNames[j],
            available.Count(j, j),
            new(complete.Length, listwise.Mean(j), listwise.StandardDeviation(j)), new(available.Count(j, j), statistics[j].Mean,
                statistics[j].StandardDeviation),
            inFit[j] < 0 ? new(0, double.NaN, double.NaN) : new(n, mean[inFit[j]], Math.Sqrt(covariance[inFit[j], inFit[j]]))))];

        var pairs = new List<PairComparison>();
        for (int j = 0; j < p; j++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            for (int k = j + 1; k < p; k++)
            {
                double em = inFit[j] < 0 || inFit[k] < 0 ? double.NaN
                    : covariance[inFit[j], inFit[k]] / Math.Sqrt(covariance[inFit[j], inFit[j]]) / Math.Sqrt(covariance[inFit[k],
                    inFit[k]]);
                pairs.Add(new PairComparison(j, k, available.Count(j, k), listwise.Correlation(j, k), available.Correlation(j, k), em));
            }
        }
        PairComparison[] shown = [.. pairs.OrderByDescending(pair => pair.Difference).Take(MostPairs)]; // NaN last
        if (pairs.Count <= MostPairs) shown = [.. pairs];
        bool? proper = IsProper(pairs, p);
        string prior = fit.Report.Prior.Kind == CovariancePriorKind.None ? "maximum likelihood" : $"under the prior {fit.Report.Prior}, "
            + $"which shrinks correlations {(fit.Report.Prior.Kind == CovariancePriorKind.Ridge ? "towards 0" : "towards its own")}";

        return new DiagnosticResult
        {
            Verdict = Verdict(columns, pairs, complete.Length, n),
            Findings = [.. Findings(columns, pairs, complete.Length, n, matrix.ColumnNames, proper)],
            Values =
            [
                new("listwiseRows", complete.Length), new("rows", n), new("listwiseShare", (double)complete.Length / n),
                new("fewestAvailableRows", pairs.Count == 0 ? available.Count(0, 0) : pairs.Min(pair => pair.Rows)),
                new("largestMeanDifference", Largest(columns.Select(c => Math.Abs(c.Difference)))),
                new("largestCorrelationDifference", Largest(pairs.Select(pair => Math.Abs(pair.Em - pair.Listwise)))),
                new("largestCorrelationDifferenceAvailable", Largest(pairs.Select(pair => Math.Abs(pair.Em - pair.Available)))),
                new("availableCorrelationsProper", proper is null ? double.NaN : proper.Value ? 1 : 0),
            ],
            Tables = [.. Tables(columns, pairs, shown, complete.Length, n, matrix.ColumnNames, prior)],
            Method = $"Listwise: the {TextFormat.Count(complete.Length, "row")} in which every modelled column is observed; available "
                + "cases: every row with the column, or with both; standard deviations of both have the divisor n − 1. "
                + $"EM: all {TextFormat.Count(n, "row")}, {prior}; its standard deviations have the divisor n, not n − 1. Difference: EM "
                    + "minus listwise, for means in standard deviations of the observed cells.",
        };
    }

    private static double Largest(IEnumerable<double> differences) => differences.Where(d => !double.IsNaN(d)).DefaultIfEmpty(double.NaN)
        .Max();

    private static string Verdict(ColumnComparison[] columns, List<PairComparison> pairs, int complete, int n)
    {
        if (complete == n) return "Every row is complete: the three methods use the same rows.";
        string rows = $"Listwise deletion keeps {TextFormat.Count(complete)} of {TextFormat.Count(n, "row")} "
            + $"({TextFormat.Percent(complete, n)})";
        if (complete < Fewest(columns.Length)) return $"{rows}: too few to compare with EM.";
        double mean = Largest(columns.Select(c => Math.Abs(c.Difference))),
            correlation = Largest(pairs.Select(pair => Math.Abs(pair.Em - pair.Listwise)));
        if (double.IsNaN(mean)) return rows + "; there is nothing to compare.";
        ColumnComparison most = columns.Where(c => !double.IsNaN(c.Difference)).MaxBy(c => Math.Abs(c.Difference))!;
        if (mean < Hardly && !(correlation >= Hardly))
            return $"{rows}; means{(double.IsNaN(correlation) ? "" : " and correlations")} hardly differ from EM's.";
        string means = mean < Hardly ? "the means hardly differ from EM's"
            : $"the means differ from EM's by at most {TextFormat.Fixed(mean)} standard deviations ('{most.Name}')";
        return $"{rows}; {means}" + (double.IsNaN(correlation) ? "." : correlation < Hardly ? ", the correlations hardly."
            : $", the correlations by at most {TextFormat.Fixed(correlation)}.");
    }

    /// <summary>Minimum number of complete rows for a comparison.</summary>
    private static int Fewest(int columns) => Math.Max(FewestCompared, columns + 2);

    private static IEnumerable<Finding> Findings(ColumnComparison[] columns, List<PairComparison> pairs, int complete, int n,
        IReadOnlyList<string> names, bool? proper)
    {
        int p = columns.Length;
        if (complete < n && (complete < 0.1 * n || complete < p + 1))
        {
            string why = complete < p + 1 ? $", fewer than the {TextFormat.Count(p + 1)} rows that a covariance matrix of "
                + $"{TextFormat.Count(p, "column")} needs" : "";
            yield return new Finding(FindingSeverity.Warning, "listwise-rows",
                $"Listwise deletion leaves {TextFormat.Count(complete)} of "
                + $"{TextFormat.Count(n, "row")} ({TextFormat.Percent(complete, n)}){why}.", [],
                "Do not use listwise deletion; estimate from all rows (EM), and use multiple imputation for standard errors.");
        }
        bool compared = complete >= Fewest(p);
        ColumnComparison[] far = !compared ? [] : [.. columns.Where(c => Math.Abs(c.Difference) > LargeMean)
            .OrderByDescending(c => Math.Abs(c.Difference))];
        if (far.Length > 0)
        {
            yield return new Finding(FindingSeverity.Note, "listwise-means", "Listwise deletion shifts "
                + $"{(far.Length == 1 ? "the mean of one column" : $"the means of {TextFormat.Count(far.Length, "column")}")} by more "
                    + "than a quarter of a standard deviation: "
                + TextFormat.List(far, 4, c => $"'{c.Name}' is {TextFormat.Number(c.Listwise.Mean)} from complete rows and "
                    + $"{TextFormat.Number(c.Em.Mean)} by EM")
                + ".", [.. far.Select(c => c.Name)],
                "Complete and incomplete rows differ, so the data are probably not MCAR. Prefer EM or multiple imputation, and ask "
                    + "why these rows are complete.");
        }
        PairComparison[] other = !compared ? [] : [.. pairs.Where(pair => Math.Abs(pair.Em - pair.Listwise) > LargeCorrelation)
            .OrderByDescending(pair => Math.Abs(pair.Em - pair.Listwise))];
        if (other.Length > 0)
        {
            yield return new Finding(FindingSeverity.Note, "listwise-correlations",
                $"{TextFormat.Count(other.Length, "correlation differs", "correlations differ")} by "
                + $"more than {TextFormat.Number(LargeCorrelation)} between complete rows and EM: "
                + TextFormat.List(other, 4, pair => $"'{names[pair.First]}' with '{names[pair.Second]}' {TextFormat.Fixed(pair.Listwise)} "
                    + $"and {TextFormat.Fixed(pair.Em)}") + ".",
                [.. other.Take(20).SelectMany(pair => new[] { pair.First, pair.Second }).Distinct().Order().Select(j => names[j])],
                complete < 100 ? $"With {TextFormat.Count(complete, "complete row")} this may be sampling error; the estimates from "
                    + $"all rows are more precise." : "Complete and incomplete rows differ. Prefer EM or multiple imputation.");
        }
        if (proper == false)
        {
            yield return new Finding(FindingSeverity.Note, "available-improper",
                "The available-case (pairwise) correlation matrix is not positive semidefinite: it has a negative eigenvalue, so no "
                    + "complete table could have these correlations.", [],
                "Each correlation uses different rows. Do not use this matrix for regression or factor analysis; use the EM estimates.");
        }
    }

    private static IEnumerable<DiagnosticTable> Tables(ColumnComparison[] columns, List<PairComparison> pairs, PairComparison[] shown,
        int complete, int n, IReadOnlyList<string> names, string prior)
    {
        yield return new DiagnosticTable("Means and standard deviations",
            [new("Column", CellFormat.Text), new("Rows, available", CellFormat.Count), new("Mean, listwise"), new("Mean, available"),
                new("Mean, EM"), new("Sd, listwise"),
                new("Sd, available"), new("Sd, EM"), new("Difference in sd")],
            [.. columns.Select(c => (IReadOnlyList<object?>)[c.Name, c.Rows, c.Listwise.Mean, c.Available.Mean, c.Em.Mean, c.Listwise.Sd,
                c.Available.Sd, c.Em.Sd, c.Difference])])
        {
            Note = $"Listwise: {TextFormat.Count(complete, "row")}; EM: {TextFormat.Count(n, "row")}, {prior}. Divisor n − 1; for EM n. "
                + "Difference: "
            + "EM mean minus listwise mean, in standard deviations of the observed cells."
        };
        if (pairs.Count == 0) yield break;
        yield return new DiagnosticTable("Correlations",
            [new("First", CellFormat.Text), new("Second", CellFormat.Text), new("Rows, available", CellFormat.Count), new("Listwise"),
                new("Available"), new("EM"),
                new("EM minus listwise")],
            [.. shown.Select(pair => (IReadOnlyList<object?>)[names[pair.First], names[pair.Second], pair.Rows, pair.Listwise,
                pair.Available, pair.Em, pair.Em - pair.Listwise])])
        {
            Note = $"Listwise: {TextFormat.Count(complete, "row")}; EM: {TextFormat.Count(n, "row")}, {prior}."
                + (shown.Length < pairs.Count ? $" The {TextFormat.Count(shown.Length)} of {TextFormat.Count(pairs.Count, "pair")} that "
                    + "differ most between EM and the others." : " Empty where a correlation cannot be computed."),
        };
    }

    /// <summary>Whether the correlations from available cases form a matrix without negative eigenvalues; null where one is lacking, or
    /// there are very many.</summary>
    private static bool? IsProper(List<PairComparison> pairs, int p)
    {
        if (p < 2 || p > MostChecked || pairs.Any(pair => double.IsNaN(pair.Available))) return null;
        var matrix = new double[p * p];
        for (int j = 0; j < p; j++) matrix[j * p + j] = 1 + 1e-9; // an exact linear relation is no fault
        foreach (PairComparison pair in pairs) matrix[pair.Second * p + pair.First] = matrix[pair.First * p + pair.Second] = pair.Available;
        return Cholesky.Factor(matrix, p, p, 0);
    }

    private readonly record struct Moments(int Rows, double Mean, double Sd);

    private sealed record ColumnComparison(string Name, int Rows, Moments Listwise, Moments Available, Moments Em)
    {
        public double Difference => (Em.Mean - Listwise.Mean) / Available.Sd;
    }

    private readonly record struct PairComparison(int First, int Second, int Rows, double Listwise, double Available, double Em)
    {
        public double Difference => double.IsNaN(Listwise) ? Math.Abs(Em - Available) : Math.Abs(Em - Listwise);
    }
}
