using Imputation.Data;

namespace Imputation.Diagnostics;

/// <summary>A correlation before and after filling.</summary>
/// <param name="First">Name of the one column.</param>
/// <param name="Second">Name of the other.</param>
/// <param name="Before">Over the rows in which both were observed; NaN where it has no value.</param>
/// <param name="After">Over the rows in which both have a value now.</param>
/// <param name="RowsBefore">Rows in which both were observed.</param>
internal sealed record FilledCorrelation(string First, string Second, double Before, double After, int RowsBefore);

/// <summary>Correlations before and after filling.</summary>
internal static class FilledCorrelations
{
    /// <summary>Of each pair of which a column has filled cells.</summary>
    /// <param name="columns">Completed columns; one without an original has no filled cells.</param>
    /// <param name="rows">The rows to take (from 0).</param>
    /// <param name="cancellation">Cancels.</param>
    public static IReadOnlyList<FilledCorrelation> Of(IReadOnlyList<NumericColumn> columns, int[] rows, CancellationToken cancellation)
    {
        // Standardised, so that products neither overflow nor lose digits; before filling NaN stands where a cell was missing.
        var after = new double[columns.Count][];
        var before = new double[columns.Count][];
        for (int j = 0; j < columns.Count; j++)
        {
            NumericColumn column = columns[j];
            double[] values = after[j] = [.. rows.Select(row => column[row])];
            Standardise(values);
            before[j] = column.Original is null ? values : [.. rows.Select((row, i) => column.WasFilled(row) ? double.NaN : values[i])];
        }
        var pairs = new List<FilledCorrelation>();
        for (int j = 0; j < columns.Count; j++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int k = 0; k < j; k++)
            {
                if (columns[j].Original is null && columns[k].Original is null) continue;
                (double old, int count) = Correlation(before[k], before[j]);
                pairs.Add(new FilledCorrelation(columns[k].Name, columns[j].Name, old, Correlation(after[k], after[j]).Value, count));
            }
        }
        return pairs;
    }

    private static void Standardise(double[] values)
    {
        double origin = values.FirstOrDefault(x => !double.IsNaN(x)), scale = values.Where(x => !double.IsNaN(x)).Select(x => Math.Abs(x - origin)).DefaultIfEmpty(0).Max();
        if (!(scale > 0)) scale = 1;
        double mean = values.Where(x => !double.IsNaN(x)).Select(x => (x - origin) / scale).DefaultIfEmpty(0).Average();
        for (int i = 0; i < values.Length; i++) values[i] = (values[i] - origin) / scale - mean;
    }

    /// <summary>Pearson's correlation over the places where neither is NaN.</summary>
    private static (double Value, int Count) Correlation(double[] x, double[] y)
    {
        int n = 0;
        double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double a = x[i], b = y[i];
            if (double.IsNaN(a) || double.IsNaN(b)) continue;
            n++;
            sx += a;
            sy += b;
            sxx += a * a;
            syy += b * b;
            sxy += a * b;
        }
        double vx = sxx - sx * sx / n, vy = syy - sy * sy / n;
        bool known = n > 1 && vx > 1e-12 * sxx && vy > 1e-12 * syy;
        return (known ? Math.Clamp((sxy - sx * sy / n) / Math.Sqrt(vx * vy), -1, 1) : double.NaN, n);
    }
}
