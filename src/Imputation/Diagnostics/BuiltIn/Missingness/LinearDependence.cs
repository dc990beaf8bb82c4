namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>The exact linear relations of a fit, asked of each pattern: which of its observed columns do the others of them
/// determine?</summary>
/// <remarks>A relation counts in a pattern where none of its columns is missing, or where relations combined have that property: the
/// missing columns are eliminated first (Gauss–Jordan with the largest pivot), and what is left are relations among observed columns,
/// each of which costs one.</remarks>
internal sealed class LinearDependence
{
    private const double Negligible = 1e-9;

    private readonly double[][] _rows; // relations, in units of standard deviations, the largest coefficient ±1

    /// <param name="relations">The relations.</param>
    /// <param name="names">The columns.</param>
    /// <param name="scales">Their standard deviations.</param>
    public LinearDependence(IReadOnlyList<LinearRelation> relations, IReadOnlyList<string> names, double[] scales)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int j = 0; j < names.Count; j++) places[names[j]] = j;
        _rows = [.. relations.Where(r => r.Columns.All(places.ContainsKey)).Select(r =>
        {
            var row = new double[names.Count];
            for (int k = 0; k < r.Columns.Count; k++) row[places[r.Columns[k]]] = r.Coefficients[k] * scales[places[r.Columns[k]]];
            double largest = row.Max(Math.Abs);
            return Array.ConvertAll(row, c => c / largest);
        })];
    }

    /// <summary>Number of relations.</summary>
    public int Count => _rows.Length;

    /// <summary>Takes columns that others determine out of a pattern's observed ones.</summary>
    /// <param name="observed">The observed columns, ascending.</param>
    /// <param name="missing">The missing columns.</param>
    /// <param name="kept">Receives those that are kept, ascending.</param>
    /// <returns>How many are kept.</returns>
    public int Keep(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, Span<int> kept)
    {
        observed.CopyTo(kept);
        if (_rows.Length == 0) return observed.Length;
        double[][] rows = Array.ConvertAll(_rows, row => (double[])row.Clone());
        var used = new bool[rows.Length];
        foreach (int j in missing) Eliminate(rows, used, j);
        int count = observed.Length;
        for (int a = observed.Length - 1; a >= 0; a--) // later columns first: it is the last that a relation is solved for
        {
            if (!Eliminate(rows, used, observed[a])) continue;
            kept[(a + 1)..count].CopyTo(kept[a..]);
            count--;
        }
        return count;
    }

    /// <summary>Solves one of the unused relations for a column and takes it out of the others; false where none has it.</summary>
    private static bool Eliminate(double[][] rows, bool[] used, int column)
    {
        int pivot = -1;
        for (int k = 0; k < rows.Length; k++)
            if (!used[k] && Math.Abs(rows[k][column]) > (pivot < 0 ? Negligible : Math.Abs(rows[pivot][column]))) pivot = k;
        if (pivot < 0) return false;
        used[pivot] = true;
        for (int k = 0; k < rows.Length; k++)
        {
            if (used[k] || rows[k][column] == 0) continue;
            double factor = rows[k][column] / rows[pivot][column];
            for (int j = 0; j < rows[k].Length; j++) rows[k][j] -= factor * rows[pivot][j];
            rows[k][column] = 0;
        }
        return true;
    }
}
