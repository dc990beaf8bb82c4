namespace Imputation.Diagnostics.BuiltIn.Patterns;

/// <summary>The six numbers of <c>flux</c> in the R package mice.</summary>
/// <param name="Observed">Share of the rows in which the column is observed: pobs.</param>
/// <param name="Influx">Share of the observed cells of the table that are in rows where the column is missing.</param>
/// <param name="Outflux">Share of the missing cells of the table that are in rows where the column is observed; NaN where there are
/// none.</param>
/// <param name="Inbound">Mean proportion of usable cases to fill it: ainb.</param>
/// <param name="Outbound">Mean share of its rows in which another is missing: aout.</param>
/// <param name="IncompleteCases">Of the rows in which it is observed, the share with anything missing: fico.</param>
/// <param name="OthersReached">Of the missing cells of the other columns, the share that is in rows where the column is observed; not
/// of mice. Outflux counts the column's own missing cells too, and is low for the column with the most of them even where it is there
/// whenever another is missing.</param>
internal readonly record struct ColumnFlux(double Observed, double Influx, double Outflux, double Inbound, double Outbound,
    double IncompleteCases, double OthersReached)
{
    /// <summary>Of every column.</summary>
    /// <param name="pairs">Counts of pairs.</param>
    /// <param name="incompleteWith">Rows with each column in which anything is missing.</param>
    public static ColumnFlux[] Of(MissingPairs pairs, long[] incompleteWith)
    {
        int p = pairs.ColumnCount;
        double n = pairs.RowCount;
        var missing = Enumerable.Range(0, p).Sum(j => (long)pairs.Missing(j));
        double observed = n * p - missing;
        var flux = new ColumnFlux[p];
        for (int j = 0; j < p; j++)
        {
            double present = n - pairs.Missing(j);
            long inward = 0, outward = 0;
            for (int k = 0; k < p; k++)
            {
                if (k == j) continue;
                inward += pairs.OnlyMissing(j, k);
                outward += pairs.OnlyMissing(k, j);
            }
            flux[j] = new ColumnFlux(present / n, inward / observed, outward / (double)missing, pairs.Missing(j) == 0 ? 0
                : inward / (double)pairs.Missing(j) / (p - 1), present == 0 ? 0 : outward / present / (p - 1), incompleteWith[j] / present,
                outward / (double)(missing - pairs.Missing(j)));
        }
        return flux;
    }
}
