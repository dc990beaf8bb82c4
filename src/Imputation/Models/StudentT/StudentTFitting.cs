using Imputation.Models.Gaussian;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Models.StudentT;

/// <summary>From a table to a fit: the data, EM, and the report.</summary>
internal static class StudentTFitting
{
    /// <summary>Weight below which a row is named as suspicious, and how many are named.</summary>
    private const double Suspicious = 0.25;

    private const int MostNamed = 10, MostInSentence = 5;

    /// <summary>Fits.</summary>
    public static StudentTFit Fit(Table table, StudentTOptions options, RunOptions run, CancellationToken cancellation,
        out GaussianData data)
    {
        options.Validate();
        run.Validate();
        TableEncoder.RequireRows(table);
        (IncompleteMatrix? matrix, IReadOnlyList<ColumnUse> uses) = TableEncoder.Encode(table, options.Columns);
        if (matrix is null) throw TableEncoder.NothingToModel(uses, "column of numbers");
        GaussianWork.ThrowIfTooWide(matrix);
        data = GaussianData.From(matrix, run.Threads);
        if (table.RowWeights is { } weights) data = data.Weighted(weights, run.Threads);

        var model = new StudentTEm(data, options.DegreesOfFreedom, run.Threads);
        EmFit<StudentTParameters> em = EmDriver.Fit(model, options, run, cancellation);
        // At the border the maximum is the normal distribution, unless the border was asked for.
        bool normal = options.DegreesOfFreedom is null && em.Parameters.DegreesOfFreedom > 0.999 * StudentTEm.MostDegrees
            && em.Outcome != EmOutcome.Unbounded;
        if (normal)
        {
            var start = new StudentTParameters(em.Parameters.Normal, double.PositiveInfinity);
            model = new StudentTEm(data, double.PositiveInfinity, run.Threads, start);
            em = EmDriver.Fit(model, options with { Restarts = 1 }, run, cancellation);
        }
        bool unbounded = em.Outcome == EmOutcome.Unbounded;
        double[] rowWeights = unbounded ? [] : model.Weights(em.Parameters);
        var findings = new List<Finding>();
        if (unbounded) findings.Add(TooFewRows(matrix) ?? Collapse(matrix, em.Parameters.Normal));
        else if (normal)
            findings.Add(new Finding(FindingSeverity.Note, "normal-tails", "The data have no heavier tails than a normal distribution has: "
                + "the degrees of freedom are infinite, and the model is the normal one.", []));
        else findings.AddRange(SuspiciousRows(rowWeights));
        int p = data.ColumnCount;
        return new StudentTFit(data.MeanOf(em.Parameters.Normal), data.CovarianceOf(em.Parameters.Normal), em.Parameters.DegreesOfFreedom)
        {
            Columns = matrix.ColumnNames,
            Weights = rowWeights,
            Report = FitReport.Of(em, matrix.Columns, uses, p * (p + 3) / 2 + (options.DegreesOfFreedom is null ? 1 : 0),
                CovariancePrior.None, findings).With(data.Patterns),
        };
    }

    /// <summary>No more rows than columns: they lie in a plane, whatever they are.</summary>
    private static Finding? TooFewRows(IncompleteMatrix matrix) => matrix.RowCount > matrix.ColumnCount ? null
        : new Finding(FindingSeverity.Problem, "unbounded", "The likelihood of the t distribution has no maximum: "
            + $"{TextFormat.Count(matrix.RowCount, "row")} {(matrix.RowCount == 1 ? "is" : "are")} too few for "
            + $"{TextFormat.Count(matrix.ColumnCount, "column")}.", [], "Leave out columns, or take the normal or the factor model, which "
            + "have a prior.");

    /// <summary>A t distribution collapses on a value that many rows share, or on a relation that they satisfy.</summary>
    private static Finding Collapse(IncompleteMatrix matrix, GaussianParameters end)
    {
        double[] variances = [.. Enumerable.Range(0, end.Count).Select(j => end.Covariance[j * end.Count + j])];
        string[] spikes = [.. matrix.Columns.Where((_, j) => variances[j] < Math.Sqrt(StudentTEm.Collapsed)).Select(c => c.Name)];
        return new Finding(FindingSeverity.Problem, "unbounded", "The likelihood of the t distribution has no maximum: "
            + (spikes.Length > 0 ? $"it collapses on {(spikes.Length == 1 ? "the value" : "values")} that many rows share in "
                + $"{TextFormat.Names(spikes)}." : "it collapses on rows that satisfy an exact relation."), spikes,
            spikes.Length > 0 ? "Leave out columns of few different values, or take the normal model."
                : "Leave out a column that follows from others.");
    }

    private static IEnumerable<Finding> SuspiciousRows(double[] weights)
    {
        (double Weight, int Row)[] far = [.. weights.Select((w, i) => (w, i)).Where(w => w.w < Suspicious).OrderBy(w => w.w)];
        if (far.Length == 0) yield break;
        string rows = string.Join(", ", far.Take(MostNamed).Select(w => FormattableString.Invariant($"{w.Row + 1} ({w.Weight:G2})")));
        string named = TextFormat.List([.. far.Select(w => TextFormat.Count(w.Row + 1))], most: MostInSentence);
        yield return new Finding(FindingSeverity.Note, "suspicious-rows", $"{TextFormat.Count(far.Length, "row")} "
            + $"{(far.Length == 1 ? "lies" : "lie")} far from the others, and count{(far.Length == 1 ? "s" : "")} for less than a quarter "
            + $"of a row: {named}.", [], "Look at them: they may be errors.")
        {
            Evidence = $"row (weight): {rows}{(far.Length > MostNamed ? ", ..." : "")}",
        };
    }
}
