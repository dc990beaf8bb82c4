using Imputation.Numerics.Kernels;

namespace Imputation.Numerics.Linear;

/// <summary>A = QR by Householder reflections, column after column; a column that those before it explain is set aside.</summary>
/// <remarks>Golub and Van Loan (2013, §5.2.1, algorithm 5.2.1), columns taken in their order, as R's <c>lm</c> does: what is set aside
/// depends on the order,
/// and always the later column goes. Reflections stand below the diagonal of the columns kept, R on and above it.</remarks>
internal sealed class HouseholderQr
{
    private readonly double[][] _columns;
    private readonly double[] _diagonal;
    private readonly double[] _factors;
    private readonly int[] _kept;

    /// <summary>Factors n × k columns, which are overwritten.</summary>
    /// <param name="columns">k columns of length n.</param>
    /// <param name="tolerances">For each column how long, relative to itself, what the columns before it leave of it may be for it to count
    /// as explained.</param>
    public HouseholderQr(double[][] columns, ReadOnlySpan<double> tolerances)
    {
        _columns = columns;
        _diagonal = new double[columns.Length];
        _factors = new double[columns.Length];
        var kept = new List<int>();
        for (int j = 0; j < columns.Length; j++)
        {
            double length = Math.Sqrt(Dot.Product(columns[j], columns[j]));
            for (int i = 0; i < kept.Count; i++) Reflect(kept[i], i, columns[j]);
            Span<double> tail = columns[j].AsSpan(kept.Count);
            double rest = Math.Sqrt(Dot.Product(tail, tail));
            if (!(rest > tolerances[j] * length)) continue;

            // v = x ± ‖x‖e₁ with the sign that cancels nothing; H = I − 2vvᵀ / vᵀv takes x to ∓‖x‖e₁.
            _diagonal[j] = tail[0] > 0 ? -rest : rest;
            tail[0] -= _diagonal[j];
            _factors[j] = 1 / (rest * Math.Abs(tail[0])); // vᵀv = 2 ‖x‖ |v₁|
            kept.Add(j);
        }
        _kept = [.. kept];
    }

    /// <summary>Indices of the columns kept, ascending.</summary>
    public IReadOnlyList<int> Kept => _kept;

    /// <summary>Qᵀ times a vector of length n, in place: its first elements belong to the columns kept, the others are what they do not
    /// explain.</summary>
    public void Project(double[] vector)
    {
        for (int i = 0; i < _kept.Length; i++) Reflect(_kept[i], i, vector);
    }

    /// <summary>R of the columns kept, upper triangle.</summary>
    public double[,] Triangle()
    {
        var r = new double[_kept.Length, _kept.Length];
        for (int j = 0; j < _kept.Length; j++)
        {
            for (int i = 0; i < j; i++) r[i, j] = _columns[_kept[j]][i];
            r[j, j] = _diagonal[_kept[j]];
        }
        return r;
    }

    /// <summary>The coefficients with which the columns kept before it make up a column that was set aside.</summary>
    public double[] Combination(int column)
    {
        double[] head = _columns[column][.._kept.Count(k => k < column)];
        SolveUpper(Triangle(), head, head.Length);
        return head;
    }

    /// <summary>Solves Rx = b in place, with the first <paramref name="count"/> rows and columns of R.</summary>
    public static void SolveUpper(double[,] r, Span<double> b, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < count; j++) b[i] -= r[i, j] * b[j];
            b[i] /= r[i, i];
        }
    }

    private void Reflect(int column, int step, double[] vector)
    {
        ReadOnlySpan<double> v = _columns[column].AsSpan(step);
        Span<double> tail = vector.AsSpan(step);
        AddScaled.To(tail, -_factors[column] * Dot.Product(v, tail), v);
    }
}
