using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>A fit laid over the rows of a table: its columns, standardised by the fitted means and standard deviations, and their
/// patterns.</summary>
internal sealed class GaussianRows
{
    private GaussianRows(IncompleteMatrix matrix, int[] rows, double[] center, double[] scale, GaussianParameters parameters)
    {
        Matrix = matrix;
        Rows = rows;
        Center = center;
        Scale = scale;
        Parameters = parameters;
        Patterns = MissingPatterns.Of(matrix);
    }

    /// <summary>The fit over some rows of a table; null where it has no usable covariance, or the table none of its columns as
    /// numbers.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="table">The table; need not be the one that was fitted.</param>
    /// <param name="rows">The rows (from 0), ascending.</param>
    /// <param name="determined">Whether columns stay that an exact relation makes a combination of others: their covariance with these is
    /// all but singular.</param>
    public static GaussianRows? Of(FittedModel fit, Table table, int[] rows, bool determined = true)
    {
        if (fit.Report.Outcome == EmOutcome.Unbounded || rows.Length == 0 || fit.Moments is not { } moments) return null;
        string[] left = determined ? [] : Determined(fit);
        NumericColumn?[] columns = [.. fit.Columns.Select(name => table.TryGetModelled(name, out Column? column)
            && !left.Contains(name) ? column as NumericColumn : null)];
        int[] keys = [.. Enumerable.Range(0, columns.Length).Where(j => columns[j] is not null)];
        if (keys.Length == 0) return null;

        GaussianMoments.Standard standard = GaussianMoments.Of(moments).Marginal(keys);
        if (standard.Parameters is not { } parameters) return null;
        var matrix = IncompleteMatrix.FromColumns([.. columns.OfType<NumericColumn>()]);
        return new GaussianRows(rows.Length == table.RowCount ? matrix : matrix.Rows(rows), rows, standard.Center, standard.Scale,
            parameters);
    }

    /// <summary>The columns that are left out so that no exact relation is left: the last of each.</summary>
    public static string[] Determined(FittedModel fit) => [.. fit.Report.Relations.Select(r => r.Columns[^1]).Distinct()];

    /// <summary>The given rows, in the units of the data.</summary>
    public IncompleteMatrix Matrix { get; }

    /// <summary>Indices of the rows in the table (from 0).</summary>
    public int[] Rows { get; }

    /// <summary>Their patterns.</summary>
    public MissingPatterns Patterns { get; }

    /// <summary>Fitted means, in the units of the data.</summary>
    public double[] Center { get; }

    /// <summary>Fitted standard deviations, in the units of the data.</summary>
    public double[] Scale { get; }

    /// <summary>Means 0 and the fitted correlations.</summary>
    public GaussianParameters Parameters { get; }

    /// <summary>A cell in standard deviations from its mean; NaN where missing.</summary>
    public double Deviation(int row, int column) => (Matrix[row, column] - Center[column]) / Scale[column];

    /// <summary>A row in standard deviations from the means, 0 where missing.</summary>
    public void Deviations(int row, Span<double> target)
    {
        for (int j = 0; j < target.Length; j++) target[j] = Deviation(row, j) is var z && double.IsNaN(z) ? 0 : z;
    }
}
