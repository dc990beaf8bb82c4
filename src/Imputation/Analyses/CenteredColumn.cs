using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Analyses;

/// <summary>Some rows of a column as (x − x̄) / s with s the largest deviation: the input of the linear algebra, independent of
/// units.</summary>
/// <remarks>Centred before anything is squared, a column far from 0, such as a year or a time stamp, keeps its digits. Of weighted rows the
/// mean is weighted and each value is multiplied by the root of its row's weight: products of columns are weighted sums.</remarks>
internal sealed class CenteredColumn
{
    private CenteredColumn(string name, double mean, double scale, double largest, double[] values, double[]? roots)
    {
        Name = name;
        Roots = roots;
        Mean = mean;
        Scale = scale;
        Largest = largest;
        Values = values;
        SumOfSquares = Dot.Product(values, values);
    }

    public string Name { get; }

    public double Mean { get; }

    /// <summary>Largest deviation from the mean; 1 for a column whose values are all the same.</summary>
    public double Scale { get; }

    /// <summary>Largest magnitude of the values as they came.</summary>
    public double Largest { get; }

    /// <summary>Length of the rounding error of <see cref="Values"/>: half a unit in the last place of the largest value, in
    /// each.</summary>
    public double Rounding => HouseholderQr.UnitRoundOff * Largest / Scale * Math.Sqrt(Values.Length);

    /// <summary>Within [−1, 1], of mean 0; times <see cref="Roots"/>.</summary>
    public double[] Values { get; }

    /// <summary>Roots of the rows' weights, whose sum is the number of rows; null where all weigh the same.</summary>
    public double[]? Roots { get; }

    /// <summary>Standard error of the mean, in the units of the data: s / √n, or of weighted rows the linearised one, of
    /// <c>n/(n − 1) Σ wᵢ²(xᵢ − x̄)² / n²</c>.</summary>
    public double StandardError
    {
        get
        {
            int n = Values.Length;
            if (Roots is null) return StandardDeviation / Math.Sqrt(n);
            double sum = 0;
            for (int i = 0; i < n; i++) sum += Values[i] * Values[i] * Roots[i] * Roots[i];
            return Math.Sqrt(sum / ((double)n * (n - 1))) * Scale;
        }
    }

    /// <summary>As many rows of equal weight say as much (Kish 1965): n²/Σ w².</summary>
    public double EffectiveCount => Roots is null ? Values.Length
        : Values.Length * (double)Values.Length / Roots.Sum(root => root * root * root * root);

    /// <summary>Of <see cref="Values"/>; 0 exactly where all are the same.</summary>
    public double SumOfSquares { get; }

    public bool IsConstant => SumOfSquares == 0;

    /// <summary>Standard deviation with divisor n − 1, in the units of the data.</summary>
    public double StandardDeviation => Math.Sqrt(SumOfSquares / (Values.Length - 1)) * Scale;

    /// <param name="name">Name of the column.</param>
    /// <param name="values">At least one, all finite; overwritten.</param>
    /// <param name="roots">Roots of the rows' weights, whose sum is their number; null where all weigh the same.</param>
    public static CenteredColumn Of(string name, double[] values, double[]? roots = null)
    {
        double origin = values[0], scale = 0, largest = 0, mean = origin;
        foreach (double value in values) largest = Math.Max(largest, Math.Abs(value));
        for (int pass = 0; pass < 2; pass++) // the second takes out what rounding left of the mean
        {
            double shift = 0;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] -= pass == 0 ? origin : 0;
                shift += values[i] * (roots is null ? 1 : roots[i] * roots[i]) / values.Length;
            }
            for (int i = 0; i < values.Length; i++) values[i] -= shift;
            mean += shift;
        }
        foreach (double value in values) scale = Math.Max(scale, Math.Abs(value));
        if (scale == 0) return new CenteredColumn(name, mean, 1, largest, values, roots);
        for (int i = 0; i < values.Length; i++) values[i] = values[i] / scale * (roots?[i] ?? 1);
        return new CenteredColumn(name, mean, scale, largest, values, roots);
    }

    /// <summary>Pearson's correlation; NaN where one of the two is constant, and exactly ±1 where they are one column up to
    /// rounding.</summary>
    public static double Correlation(CenteredColumn a, CenteredColumn b)
    {
        double r = Dot.Product(a.Values, b.Values) / Math.Sqrt(a.SumOfSquares) / Math.Sqrt(b.SumOfSquares);
        return Math.Abs(r) > 1 - 1e-14 ? Math.Sign(r) : r;
    }
}
