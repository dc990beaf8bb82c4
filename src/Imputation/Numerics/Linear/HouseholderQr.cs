using Imputation.Numerics.Kernels;

namespace Imputation.Numerics.Linear;

/// <summary>A = QR by Householder reflections, column after column; a column that is a combination of earlier ones is dropped.</summary>
/// <remarks>Golub and Van Loan (2013, §5.2.1, algorithm 5.2.1). Columns are taken in their order, as in R's <c>lm</c>: of dependent
/// columns the later one is dropped. In a column kept, R is above the diagonal and the vector of the reflection on and below it; the
/// diagonal of R has an array of its own.</remarks>
internal sealed class HouseholderQr
{
    /// <summary>2⁻⁵³.</summary>
    public const double UnitRoundOff = 1.1102230246251565e-16;

    /// <summary>A residual longer than this share of its column is no matter of rounding.</summary>
    private const double Suspect = 1e-4;

    /// <summary>Times the estimated rounding error that a residual must have to count. Sums filled in with 15 digits are combinations
    /// too.</summary>
    private const double Margin = 100;

    private readonly double[][] _columns;
    private readonly double[] _diagonal;
    private readonly double[] _factors;
    private readonly double[] _remainders;
    private readonly int[] _kept;

    /// <summary>Factors n × k columns, which are overwritten.</summary>
    /// <param name="columns">k columns of length n.</param>
    /// <param name="errors">For each column, the length of the rounding error of its values. A column is dropped where such errors, its own
    /// and those of the columns that determine it, explain what is left of it.</param>
    public HouseholderQr(double[][] columns, ReadOnlySpan<double> errors)
    {
        _columns = columns;
        _diagonal = new double[columns.Length];
        _factors = new double[columns.Length];
        _remainders = new double[columns.Length];
        var kept = new List<int>();
        for (int j = 0; j < columns.Length; j++)
        {
            double length = Math.Sqrt(Dot.Product(columns[j], columns[j]));
            // Apply the reflections so far: the head becomes column j of R, the tail has the length of the residual.
            for (int i = 0; i < kept.Count; i++) Reflect(kept[i], i, columns[j]);
            Span<double> tail = columns[j].AsSpan(kept.Count);
            double rest = Math.Sqrt(Dot.Product(tail, tail));
            _remainders[j] = rest / length;
            if (!(rest > Suspect * length) && !(rest > Margin * Rounding(j, kept, errors, length))) continue;

            // v = x ± ‖x‖e₁ with the sign that cancels nothing; H = I − 2vvᵀ / vᵀv takes x to ∓‖x‖e₁.
            _diagonal[j] = tail[0] > 0 ? -rest : rest;
            tail[0] -= _diagonal[j];
            _factors[j] = 1 / (rest * Math.Abs(tail[0])); // vᵀv = 2 ‖x‖ |v₁|
            kept.Add(j);
        }
        _kept = [.. kept];
    }

    /// <summary>Length of the error that rounding can have left in the residual of a column: that of its own values and, times its
    /// coefficients, of the columns before it; the reflections add a few units in the last place of its length each.</summary>
    private double Rounding(int column, List<int> kept, ReadOnlySpan<double> errors, double length)
    {
        double[] coefficients = _columns[column][..kept.Count];
        for (int i = kept.Count - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < kept.Count; k++) coefficients[i] -= _columns[kept[k]][i] * coefficients[k];
            coefficients[i] /= _diagonal[kept[i]];
        }
        double error = errors[column] + UnitRoundOff * kept.Count * length;
        for (int i = 0; i < kept.Count; i++) error += Math.Abs(coefficients[i]) * errors[kept[i]];
        return error;
    }

    /// <summary>Indices of the columns kept, ascending.</summary>
    public IReadOnlyList<int> Kept => _kept;

    /// <summary>Length of what the columns before it leave of a column, relative to its own; NaN of a column of zeros.</summary>
    public double Remainder(int column) => _remainders[column];

    /// <summary>Qᵀ times a vector of length n, in place: the first elements belong to the columns kept, the others are the residual in
    /// rotated coordinates.</summary>
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

    /// <summary>The coefficients of a dropped column as a combination of the columns kept before it.</summary>
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
        // Hx = x − 2v(vᵀx) / vᵀv, from element step on.
        ReadOnlySpan<double> v = _columns[column].AsSpan(step);
        Span<double> tail = vector.AsSpan(step);
        AddScaled.To(tail, -_factors[column] * Dot.Product(v, tail), v);
    }
}
